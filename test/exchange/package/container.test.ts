/**
 * Proves that the image which the Dockerfile describes would work: the linter is content, the context sends what is copied and no more,
 * the build's own commands make it from the lock file, and the files of its last stage, alone in an empty read-only root, start as
 * user 1000 and process 1, answer the health check, take an order and end at SIGTERM. Does not prove that Docker builds it, nor that
 * the base images are what their names say: the Node and the C library of this machine stand for theirs.
 */
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../support/free-port";
import { RegistryUnreachable } from "../../support/consumer";
import { skipped } from "../../support/skip";
import { ROOT, textOf } from "../../support/sources";
import { createClient, sandboxKey } from "../support/client";
import { pythonTool } from "../support/python";
import { boxMissing, startContained, type Contained } from "./contained";
import { environmentOf, isSent, only, stagesOf, type Stage } from "./dockerfile";
import { addLibraries, contextFiles, fillTree, listed, readBelow, runBuild } from "./image";

/** What a development stack gives the container (`components/exchange-plan.ts` and the region components). */
const STACK = { CLOUD: "aws", REGION: "us-east-2", EXCHANGE_SANDBOX: "1", JOURNAL_URL: "embedded:/tmp/journal" };
/** Cloud Run leaves ten seconds between SIGTERM and SIGKILL (https://cloud.google.com/run/docs/container-contract); AWS is given 60. */
const STOP_MS_MAX = 10_000;

/** The start period of the image's health check. */
const HEALTHY_MS_MAX = 60_000;

const stages = stagesOf(textOf("exchange/Dockerfile"));
const [build, image] = stages as [Stage, Stage];

describe("the Dockerfile", () => {
  const hadolint = pythonTool("hadolint");
  it.skipIf(skipped(hadolint.reason))("has nothing that its linter objects to", () => {
    const { status, stdout } = spawnSync(hadolint.path ?? "", ["exchange/Dockerfile"], { cwd: ROOT, encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });

  it("names a version of each base", () => {
    expect(stages.map(({ base }) => base)).toEqual([
      "node:24.18.0-bookworm-slim",
      "gcr.io/distroless/cc-debian12:nonroot",
    ]);
  });

  it("copies into the image Node, the bundle with its licences and an empty /tmp, all from the build", () => {
    const copies = image.instructions.filter(({ name }) => name === "COPY");
    expect(copies.map(({ flags, text }) => [flags["from"], text])).toEqual([
      ["build", "/usr/local/bin/node /usr/local/bin/node"],
      ["build", "/build/LICENSE /build/exchange/dist/ /exchange/"],
      ["build", "/image/tmp /tmp"],
    ]);
    expect(image.instructions.filter(({ name }) => name === "RUN")).toEqual([]);
  });

  it("runs the program itself as user 1000, with a volume that the region components mount", () => {
    const [entry, command, health] = ["ENTRYPOINT", "CMD", "HEALTHCHECK"].map((name) => only(image, name).words);
    expect([...(entry ?? []), ...(command ?? [])]).toEqual(["/usr/local/bin/node", "server.js"]);
    expect(health?.slice(0, 3)).toEqual(["CMD", '["/usr/local/bin/node",', '"-e",']);
    expect(only(image, "USER").text).toBe("1000:1000");
    expect(only(image, "VOLUME").words).toEqual(["/tmp"]);
    expect(only(image, "STOPSIGNAL").text).toBe("SIGTERM");
    expect(environmentOf(image)).toEqual({ PORT: "8080" });
  });
});

describe("the build's context", () => {
  it("sends what is copied: sources of the exchange, the manifests, the bundler", () => {
    const sent = contextFiles();
    expect(sent.filter((path) => !path.startsWith("exchange/"))).toEqual([
      ".npmrc",
      "LICENSE",
      "package-lock.json",
      "package.json",
      "scripts/bundle-exchange.mjs",
    ]);
    const ours = sent.filter((path) => path.startsWith("exchange/"));
    expect(ours.filter((path) => !/^exchange\/(?:[a-z-]+\/)*[a-z0-9-]+\.ts$/.test(path))).toEqual([
      "exchange/package.json",
    ]);
    expect(ours).toContain("exchange/main.ts");
  });

  it.each([
    ["exchange/main.ts", true],
    ["exchange/journal/nats/operate/main.ts", true],
    ["exchange/bench/bench.ts", false],
    ["exchange/dist/server.js", false],
    ["exchange/node_modules/ws/index.js", false],
    ["exchange/README.md", false],
    ["exchange/Dockerfile", false],
    ["test/exchange/package/container.test.ts", false],
    ["components/index.ts", false],
    [".git/config", false],
    ["stacks/Pulumi.prod.yaml", false],
  ])("is judged by the ignore file: %s", (path, sent) => {
    expect(isSent(textOf("exchange/Dockerfile.dockerignore"), path)).toBe(sent);
  });
});

const root = mkdtempSync(join(tmpdir(), "exchange-image-"));
const tree = join(root, "tree");
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Builds once for the tests below; a registry that does not answer is a reason to skip them. */
function built(): string | undefined {
  try {
    runBuild(build, root);
    fillTree(image, root, tree);
    return undefined;
  } catch (error) {
    if (error instanceof RegistryUnreachable) return "the image's build needs a package registry, and none answers";
    throw error;
  }
}

const unbuilt = built();

describe.skipIf(skipped(unbuilt))("the image's files", () => {
  it("are Node, three programs and the licences", () => {
    expect(listed(tree)).toEqual([
      "exchange/LICENSE",
      "exchange/THIRD-PARTY-NOTICES.txt",
      "exchange/journal.js",
      "exchange/operator.js",
      "exchange/server.js",
      "usr/local/bin/node",
    ]);
  });

  it("are the same each time they are made from the same lock file", () => {
    const digests = (): string[] =>
      listed(join(root, "build", "exchange", "dist")).map((path) =>
        createHash("sha256")
          .update(readBelow(join(root, "build", "exchange", "dist"), path))
          .digest("hex"),
      );
    const first = digests();
    const bundler = spawnSync(process.execPath, ["scripts/bundle-exchange.mjs"], { cwd: join(root, "build") });
    expect([bundler.status, digests()]).toEqual([0, first]);
  });

  it("name no folder of the machine that made them", () => {
    const texts = listed(join(tree, "exchange")).map((path) => readBelow(join(tree, "exchange"), path));
    expect(texts.filter((text) => text.includes(root))).toEqual([]);
  });

  it("hold the licence of each package that is bundled", () => {
    const notices = readBelow(tree, "exchange/THIRD-PARTY-NOTICES.txt");
    const named = [...notices.matchAll(/^(\S+ \d+\.\d+\.\d+\S*) \((.*)\)$/gm)].map(([, name, licence]) => [
      name,
      licence,
    ]);
    const server = readBelow(tree, "exchange/server.js") + readBelow(tree, "exchange/journal.js");
    const bundled = new Set(
      [...server.matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(([, name]) => name),
    );
    expect(new Set(named.map(([name]) => name?.split(" ")[0]))).toEqual(bundled);
    expect([...new Set(named.map(([, licence]) => licence))].sort()).toEqual([
      "Apache-2.0",
      "BSD-3-Clause",
      "ISC",
      "MIT",
      "Unlicense",
    ]);
    expect(notices).toContain("Copyright (c) 2016-present The Fastify team");
  });
});

describe.skipIf(skipped(unbuilt ?? boxMissing()))("the container", () => {
  const { words: entry } = only(image, "ENTRYPOINT");
  const { words: command } = only(image, "CMD");
  const options = { workdir: only(image, "WORKDIR").text, user: only(image, "USER").text };
  const boxes: Contained[] = [];
  const client = createClient();
  let port: number;
  let box: Contained;

  const start = (environment: Record<string, string>): Contained => {
    const started = startContained(tree, [...entry, ...command], { environment, ...options });
    boxes.push(started);
    return started;
  };

  /** The image's own health check, which is given nothing but the port. */
  const checked = (port: number): number | null => {
    const [, ...words] = JSON.parse(`["CMD", ${only(image, "HEALTHCHECK").text.replace(/^.*?CMD \[/, "")}`) as string[];
    return spawnSync(process.execPath, words.slice(1), { env: { PORT: String(port) } }).status;
  };

  beforeAll(async () => {
    addLibraries(tree);
    port = await freePort();
    box = start({ ...environmentOf(image), ...STACK, PORT: String(port) });
    let hasEnded = false as boolean;
    const since = performance.now();
    void box.ended.then(() => (hasEnded = true));
    while (checked(port) !== 0) {
      // The check blocks this thread; the end of the box is heard between two of them.
      await new Promise((resolve) => setImmediate(resolve));
      if (hasEnded) throw new Error(`the container ended: ${box.output()}`);
      if (performance.now() - since > HEALTHY_MS_MAX) throw new Error(`it is not healthy: ${box.output()}`);
    }
  });
  afterAll(() => {
    client.close();
    for (const one of boxes) one.kill();
  });

  it("is healthy by its own check, which is not content with a port where nothing answers", async () => {
    expect([checked(port), checked(await freePort())]).toEqual([0, 1]);
    const region = await client.call(`http://127.0.0.1:${String(port)}`, "GET", "/healthz/region");
    expect(region).toMatchObject({ status: 200, text: "twodoor-ok" });
  });

  it("takes an order", async () => {
    const order = { type: "limit", side: "buy", product_id: "BTC-USD", price: "100.00", size: "0.1" };
    const answer = await client.call(
      `http://127.0.0.1:${String(port)}`,
      "POST",
      "/orders",
      order,
      sandboxKey("sandbox-1"),
    );
    expect(answer).toMatchObject({ status: 200, body: { price: "100.00", size: "0.10000000", side: "buy" } });
  });

  it("ends with 0 at SIGTERM, as process 1, within the shortest window of a platform", async () => {
    const since = performance.now();
    box.signal("SIGTERM");
    expect(await box.ended).toBe(0);
    expect(performance.now() - since).toBeLessThan(STOP_MS_MAX);
  });

  it("wrote nothing outside /tmp", () => {
    expect(listed(join(tree, "exchange")).length).toBe(5);
    expect(listed(join(tree, "tmp"))).toEqual([]);
    expect(box.output()).not.toContain("EROFS");
  });

  it("ends with 2 and says what is missing, without a stack, where it is told nothing", async () => {
    const told = start(environmentOf(image));
    expect(await told.ended).toBe(2);
    expect(told.output()).toContain("JOURNAL_URL");
    expect(told.output()).not.toMatch(/^\s+at /m);
  });

  it("has its other programs, which start without anything else", async () => {
    for (const program of ["operator", "journal"]) {
      const helped = startContained(tree, [...entry, `${program}.js`, "--help"], { environment: {}, ...options });
      boxes.push(helped);
      expect([program, await helped.ended]).toEqual([program, 0]);
      expect(helped.output()).toContain(`exchange-${program} `);
    }
  });
});
