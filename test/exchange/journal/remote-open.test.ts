/** Which journal a URL opens, and which settings are refused with what to do. NATS is opened in `nats/`; here only that its URL goes there. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { endpointOf, isLoopback, openJournal, type JournalSettings } from "../../../exchange/journal/open";
import { readTo } from "./contract";
import { afterTest, cleanAfterEach, entry, newDirectory } from "./embedded/place";

cleanAfterEach();

const NONE = { credentials: undefined, listen: undefined, tlsCa: undefined, tlsCert: undefined, tlsKey: undefined };

function settings(url: string, more: Partial<JournalSettings> = {}): JournalSettings {
  return { url, stream: "EXCHANGE", node: "test", ...NONE, ...more };
}

test.each([
  ["127.0.0.1:4700", { host: "127.0.0.1", port: 4700 }],
  ["owner.internal:0", { host: "owner.internal", port: 0 }],
  ["[::1]:65535", { host: "::1", port: 65_535 }],
  ["127.0.0.1:65536", undefined],
  ["127.0.0.1", undefined],
  [":4700", undefined],
  ["::1:4700", undefined],
  ["[localhost]:1", undefined],
  ["user@host:1", undefined],
  ["host:1/path", undefined],
  ["", undefined],
])("the address %j is %j", (text, endpoint) => {
  expect(endpointOf(text)).toEqual(endpoint);
});

test.each([
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["::1", true],
  ["localhost", true],
  ["0.0.0.0", false],
  ["::", false],
  ["10.0.0.1", false],
  ["127.0.0.1.example.com", false],
  ["owner.internal", false],
])("%s is reached by this machine alone: %s", (host, isOnly) => {
  expect(isLoopback(host)).toBe(isOnly);
});

describe("refused with path, expected, got and fix", () => {
  test.each([
    [
      settings("embedded:"),
      {
        path: "JOURNAL_URL",
        expected: "embedded:DIR",
        got: "embedded:",
        fix: "name a directory on a disk of this machine",
      },
    ],
    [
      settings("journal://nowhere"),
      {
        path: "JOURNAL_URL",
        expected: "HOST:PORT",
        got: "nowhere",
        fix: "give a host and a port, such as 127.0.0.1:4700",
      },
    ],
    [
      settings("journal://10.0.0.1:4700"),
      {
        path: "JOURNAL_CREDENTIALS",
        expected: "a token that all nodes share",
        got: "nothing",
        fix: "set it to the same random text on every node, or use a loopback address instead of 10.0.0.1",
      },
    ],
    [
      settings("embedded:/tmp/never-made", { listen: "0.0.0.0:0", credentials: "" }),
      {
        path: "JOURNAL_CREDENTIALS",
        expected: "a token that all nodes share",
        got: "nothing",
        fix: "set it to the same random text on every node, or use a loopback address instead of 0.0.0.0",
      },
    ],
    [
      settings("embedded:/tmp/never-made", { listen: "4700" }),
      {
        path: "JOURNAL_LISTEN",
        expected: "HOST:PORT",
        got: "4700",
        fix: "give a host and a port, such as 127.0.0.1:4700",
      },
    ],
    [
      settings("journal://127.0.0.1:1", { listen: "127.0.0.1:0" }),
      {
        path: "JOURNAL_LISTEN",
        expected: "to be unset: only the owner of an embedded journal serves it",
        got: "127.0.0.1:0",
        fix: "unset it, or set JOURNAL_URL=embedded:DIR",
      },
    ],
  ])("%j", async (wrong, problem) => {
    await expect(openJournal(wrong)).rejects.toMatchObject({ name: "JournalMisconfigured", problems: [problem] });
  });

  test("and no secret is in the message", async () => {
    const wrong = settings("journal://nowhere", { credentials: "the secret token" });
    await expect(openJournal(wrong)).rejects.toThrow(/^(?!.*the secret token)/);
  });
});

test("an embedded journal that listens, and a node of it", async () => {
  const directory = join(await newDirectory(), "made", "by", "itself");
  const owner = await openJournal(settings(`embedded:${directory}`, { listen: "127.0.0.1:0", credentials: "t" }));
  afterTest(() => owner.close());
  const { port } = owner.status().detail;
  const node = await openJournal(settings(`journal://127.0.0.1:${String(port)}`, { credentials: "t" }));
  afterTest(() => node.close());
  expect(owner.status().detail["nodes"]).toBe(1);
  expect(node.payloadBytesMax).toBe(owner.payloadBytesMax);
  expect(await node.append(entry("from the node"), 5_000)).toEqual({ sequence: 1, duplicate: false });
  expect((await readTo(owner, 1, 1)).map(({ payload }) => new TextDecoder().decode(payload))).toEqual([
    "from the node",
  ]);
  await owner.close();
  await expect(node.append(entry("x"), 200)).rejects.toMatchObject({ name: "OutcomeUnknown" });
});

test("an owner whose address is taken gives its directory back", async () => {
  const first = await openJournal(settings(`embedded:${await newDirectory()}`, { listen: "127.0.0.1:0" }));
  afterTest(() => first.close());
  const listen = `127.0.0.1:${String(first.status().detail["port"])}`;
  const directory = await newDirectory();
  await expect(openJournal(settings(`embedded:${directory}`, { listen }))).rejects.toThrow("EADDRINUSE");
  const second = await openJournal(settings(`embedded:${directory}`));
  await second.close();
});
