/** Proves that `--config` and `--env` take pairs, and that what is no pair is refused without being shown. Does not prove what is done with them. */
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addAnswersFlags } from "../../cli/answers-flags";

function parsed(...args: string[]): unknown {
  const command = addAnswersFlags(new Command().exitOverride().configureOutput({ writeErr: () => undefined }));
  return command.parse(args, { from: "user" }).opts();
}

describe("settings and variables on the command line", () => {
  it("are pairs, of which a value may hold =", () => {
    expect(parsed("--config", "a=b=c", "--config", "p:d=", "--env", "N=v")).toEqual({
      config: { a: "b=c", "p:d": "" },
      env: { N: "v" },
    });
  });

  it.each([
    ["--config", "open-sesame", "no =; write --config KEY=VALUE"],
    ["--config", "=open-sesame", "nothing before =; write --config KEY=VALUE"],
    ["--env", "open-sesame", "no =; write --env NAME=VALUE"],
  ])("are refused when they are no pairs, and not shown: %s %s", (flag, value, words) => {
    const parse = (): unknown => parsed(flag, value);
    expect(parse).toThrow(words);
    expect(parse).not.toThrow("sesame");
  });
});
