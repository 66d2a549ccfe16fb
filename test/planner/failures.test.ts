/**
 * Proves that a program which uses our components or a provider's SDK and cannot be planned ends with its own message and the line of it, and what
 * makes an ending a good one. The whole text of each kind of failure is in `failure-reports.test.ts`, the advice in `failure-fixes.test.ts`.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { plan, ProgramError, UnansweredError } from "../../planner";
import { newDeployment } from "../../planner/deployment";
import { failureOf } from "../../planner/program/failure";
import { toldIn, type Ending } from "../../planner/program/ending";
import { planOf, programDirectory, rejection } from "../support/planned";

const file = "test/planner/programs/failures/index.ts";

async function failure(stack: string, timeoutSeconds = 60): Promise<{ message: string; line: number | undefined }> {
  const error = await rejection(planOf("failures", { stack, timeoutSeconds }));
  if (!(error instanceof ProgramError)) throw error;
  const { message, location } = error;
  if (location !== null) expect(location.file).toBe(file);
  // The stack below the first line names absolute paths, which are the machine's own.
  return { message: message.split(/\n\s+at /, 1)[0] ?? "", line: location?.line };
}

describe("a program that", () => {
  it("throws is reported with its message and line", async () => {
    expect(await failure("throws")).toEqual({ message: "Error: the shelf is empty", line: 12 });
  });

  it("rejects a promise is reported with its message and line", async () => {
    expect(await failure("rejects")).toEqual({ message: "Error: the promise was not kept", line: 14 });
  });

  it("gives arguments that a component refuses is reported with the component's text and its own line", async () => {
    expect(await failure("refuses")).toEqual({
      message: 'Shelf "shelf" cannot be built: 1 problem\n  height   expected at least 1, got 0; raise it',
      line: 17,
    });
  });

  it("makes two resources of one name is stopped with the engine's message and the line", async () => {
    expect(await failure("repeats")).toEqual({
      message:
        "Duplicate resource URN 'urn:pulumi:repeats::failures::aws:ec2/vpc:Vpc::twice'; try giving it a unique name",
      line: 8,
    });
  });

  it("uses a default provider where they are disabled is stopped with the engine's message and the line", async () => {
    expect(await failure("ambient")).toEqual({
      message: "Default provider for 'aws' disabled. 'aws:ec2/vpc:Vpc' must use an explicit provider.",
      line: 8,
    });
  });

  it("logs an error and goes on has failed, as with the real engine", async () => {
    expect(await failure("logs-error")).toEqual({ message: "the door is locked", line: undefined });
  });
});

const configuration = { values: {}, secretKeys: [], placeholders: [], madeUp: [], environments: [] };
const ended: Ending = {
  status: 0,
  signal: null,
  stopped: undefined,
  printed: "",
  stderr: "",
  ...toldIn([]),
  standing: undefined,
};
const messageOf = (ending: Partial<Ending>, complete: boolean): string | undefined => {
  const deployment = newDeployment({ project: "p", stack: "s" }, configuration, {}, __dirname);
  if (complete) deployment.outputs = {};
  return failureOf(deployment, { ...ended, ...ending }, 120)?.message;
};

describe("an ending", () => {
  it("is well only with status 0 and the stack's outputs", () => {
    expect(messageOf({}, true)).toBeUndefined();
    expect(messageOf({}, false)).toBe("The program ended by itself with status 0, before it was complete.");
    expect(messageOf({ status: 3 }, true)).toBe("The program ended by itself with status 3.");
    expect(messageOf({ status: null, signal: "SIGSEGV" }, true)).toBe("The program was ended by SIGSEGV.");
  });

  it("is told once for each error, without the SDK's marks, and with warnings left out", () => {
    const stderr =
      "before\nerror: [runtime] Running program '/p' failed with an unhandled exception:\nfirst\nwarning: [runtime] w\nerror: [runtime] first\nerror: [runtime] second\n";
    expect(messageOf({ status: 32, stderr }, false)).toBe("first\nfirst\nsecond");
  });
});

describe("an error's further fields", () => {
  it("are left out, but for its causes", () => {
    const stderr = `error: [runtime] ResourceError: no
    at f (/x/index.js:1:2) {
  __pulumiResourceError: true,
  hideStack: false,
  [cause]: TypeError: because
      at g (/x/index.js:3:4)
}
`;
    expect(messageOf({ status: 32, stderr }, false)).toBe(
      "ResourceError: no\n    at f (/x/index.js:1:2)\n  because of TypeError: because",
    );
  });
});

describe("a known secret", () => {
  it("is hidden in everything that is said of a failure: what was thrown, a host, an argument of a process", () => {
    const secret = "swordfish-4711";
    const configuration = {
      values: { "p:s": secret },
      secretKeys: ["p:s"],
      placeholders: [],
      madeUp: [],
      environments: [],
    };
    const deployment = newDeployment({ project: "p", stack: "s" }, configuration, {}, __dirname);
    const told = { ...toldIn([]), thrown: `'${secret}'`, connections: [{ what: `${secret}.example:443`, stack: "" }] };
    const standing = { stack: "", open: [{ what: `process ${secret}`, stack: `at f (${__filename}:1:1)` }] };
    const ending: Ending = { status: 1, signal: null, stopped: undefined, printed: "", stderr: "", ...told, standing };
    for (const stopped of [undefined, "timeout"] as const) {
      const error = failureOf(deployment, { ...ending, stopped }, 9);
      expect(error?.message).toContain("[secret]");
      expect(JSON.stringify([error?.message, error?.fix])).not.toContain(secret);
    }
    const words = failureOf(deployment, { ...ending, thrown: undefined, stderr: "error: [runtime] no" }, 9);
    expect(words?.fix).toContain("so [secret].example:443 cannot be asked");
  });
});

describe("a plan", () => {
  it("that the caller aborts is rejected, and its program ends", async () => {
    const stop = new AbortController();
    const stopped = rejection(planOf("failures", { stack: "hangs", signal: stop.signal }));
    stop.abort();
    expect(await stopped).toEqual(new ProgramError("The program was stopped.", null, "run it again"));
  });

  it("that is strict is rejected with the data sources that had no answer", async () => {
    const error = await rejection(planOf("graph", { strict: true }));
    expect(error).toBeInstanceOf(UnansweredError);
    expect(String(error)).toMatchInlineSnapshot(`
      "UnansweredError: 2 data sources have no answer:
        aws:ec2/getVpc:getVpc {"state":"available","tags":{"shared":"yes"}}
        cloudflare:index/zone:Zone {"id":"zone-id-1"}
      Write what to fill in with --save-questions FILE, and hand it back with --answers FILE"
    `);
  });
});

describe("a program without the SDK", () => {
  const directory = mkdtempSync(join(tmpdir(), "twodoor-bare-"));
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it("is reported with what to do", async () => {
    writeFileSync(join(directory, "Pulumi.yaml"), "name: bare\nruntime: nodejs\nmain: index.js\n");
    writeFileSync(join(directory, "index.js"), "");
    expect(await rejection(plan({ directory }))).toEqual(
      new ProgramError(
        `Cannot find @pulumi/pulumi from ${directory}.`,
        null,
        "add it to the program: npm install @pulumi/pulumi",
      ),
    );
  });
});

describe("the program's directory", () => {
  it("is that of Pulumi.yaml, also from below it", async () => {
    const error = await rejection(plan({ directory: join(programDirectory("failures"), "below"), stack: "throws" }));
    expect(error).toMatchObject({ location: { file, line: 12 } });
  });
});
