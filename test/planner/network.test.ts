/**
 * Proves that a program, its threads and the Node.js processes that it starts get no connection that leaves this machine, by any of Node.js's
 * own ways, at once and with an error that names the host; that what stays on the machine works; and that each host and its line is told.
 * Does not prove it for programs that are not Node.js, or that open sockets past Node.js's modules: those are not held back.
 */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closedEnvironment } from "../../planner/program/child";
import { runContained } from "../../planner/program/contained";
import type { Ending } from "../../planner/program/ending";
import { framesInText } from "../../planner/location";
import { preloadFlag } from "../../planner/program/preload";

const directory = realpathSync(mkdtempSync(join(tmpdir(), "twodoor-network-")));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

async function run(file: string, source: string): Promise<Ending> {
  const path = join(directory, file);
  writeFileSync(path, source);
  return runContained({
    args: [preloadFlag, path],
    directory,
    environment: closedEnvironment(),
    timeoutSeconds: 60,
    signal: undefined,
  });
}

/** Every way out, by a name: what it ends with. An address of TEST-NET-1 (RFC 5737), which nobody has. */
const ways = `
import dgram from "node:dgram";
import dns, { lookup } from "node:dns";
import dnsPromises from "node:dns/promises";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net, { connect } from "node:net";
import tls from "node:tls";

const failure = (emitter) => new Promise((resolve) => emitter.once("error", resolve));
const called = (ask) => new Promise((resolve) => ask((error) => resolve(error)));
const rejected = (promise) => promise.then(() => new Error("no error"), (error) => error.cause ?? error);
const udp = () => dgram.createSocket("udp4");
export const ways = {
  port: () => failure(connect(80, "192.0.2.1")),
  options: () => failure(net.connect({ port: 81, host: "192.0.2.1" })),
  name: () => failure(new net.Socket().connect(82, "name.example")),
  six: () => failure(net.connect(83, "2001:db8::1")),
  mapped: () => failure(net.connect(84, "::ffff:192.0.2.1")),
  local: () => failure(net.connect("/var/run/docker.sock")),
  climbing: () => failure(net.connect(${JSON.stringify(tmpdir())} + "/../var/run/docker.sock")),
  nowhere: () => failure(net.connect(${JSON.stringify(tmpdir())} + "/../no-such-folder/x.sock")),
  tls: () => failure(tls.connect(443, "tls.example")),
  http: () => failure(http.get("http://http.example/")),
  https: () => failure(https.request({ host: "https.example", method: "POST" }).end()),
  http2: () => failure(http2.connect("https://http2.example")),
  fetch: () => rejected(fetch("https://fetch.example/path")),
  request: () => rejected(fetch(new Request(new URL("http://request.example:8080/"), { method: "POST", body: "x" }))),
  lookup: () => called((done) => lookup("lookup.example", done)),
  resolve: () => called((done) => dns.resolve4("resolve.example", done)),
  resolver: () => called((done) => new dns.Resolver().resolveTxt("resolver.example", done)),
  promise: () => rejected(dnsPromises.lookup("promise.example")),
  promises: () => rejected(new dns.promises.Resolver().resolve("promises.example")),
  send: () => called((done) => udp().send("text", 53, "192.0.2.2", done)),
  sendPart: () => called((done) => udp().send(Buffer.from("text"), 0, 2, 53, "192.0.2.3", done)),
  join: () => called((done) => udp().connect(53, "udp.example", done)),
};
`;

describe("a program", () => {
  let ending: Ending;
  let ends: Record<string, string>;
  beforeAll(async () => {
    writeFileSync(join(directory, "ways.mjs"), ways);
    ending = await run(
      "all.mjs",
      `import { ways } from "./ways.mjs";
const ends = {};
for (const [name, go] of Object.entries(ways)) {
  const error = await go();
  ends[name] = error.code + " " + error.message;
}
console.log(JSON.stringify(ends));
process.exit();`,
    );
    ends = JSON.parse(ending.printed);
  });

  it("gets no connection by any way, and an error that names the host", () => {
    const no = (end: string): string => `${end} (refused by twodoor: a plan has no network)`;
    const unreachable = (host: string, call = "connect"): string => no(`ENETUNREACH ${call} ENETUNREACH ${host}`);
    const unknown = (host: string, call = "query"): string => no(`ENOTFOUND ${call} ENOTFOUND ${host}`);
    expect(ends).toEqual({
      port: unreachable("192.0.2.1:80"),
      options: unreachable("192.0.2.1:81"),
      name: unreachable("name.example:82"),
      six: unreachable("2001:db8::1:83"),
      mapped: unreachable("::ffff:192.0.2.1:84"),
      local: unreachable("/var/run/docker.sock"),
      climbing: unreachable(`${tmpdir()}/../var/run/docker.sock`),
      nowhere: unreachable(`${tmpdir()}/../no-such-folder/x.sock`),
      tls: unreachable("tls.example:443"),
      http: unreachable("http.example:80"),
      https: unreachable("https.example:443"),
      http2: unreachable("http2.example:443"),
      fetch: unreachable("fetch.example:443"),
      request: unreachable("request.example:8080"),
      lookup: unknown("lookup.example", "getaddrinfo"),
      resolve: unknown("resolve.example"),
      resolver: unknown("resolver.example"),
      promise: unknown("promise.example", "getaddrinfo"),
      promises: unknown("promises.example"),
      send: unreachable("192.0.2.2", "send"),
      sendPart: unreachable("192.0.2.3", "send"),
      join: unreachable("udp.example", "connect"),
    });
  });

  it("is told about with each host and the line that wanted it", () => {
    const told = ending.connections.map(({ what, stack }) => {
      const line = framesInText(stack).find(({ file }) => file.endsWith("ways.mjs"))?.line;
      return `${what} ${String(line)}`;
    });
    expect(told).toHaveLength(22);
    expect(told).toContain("192.0.2.1:80 16");
    expect(told).toContain("fetch.example:443 28");
    // With a body, `fetch` connects later.
    expect(told).toContain("request.example:8080 29");
    expect(told).toContain("promises.example 34");
  });

  it("that catches the error ends well", () => {
    expect(ending).toMatchObject({ status: 0, signal: null, stopped: undefined, stacks: [] });
  });
});

describe("what stays on this machine", () => {
  it("works: loopback by address and name, any address of this machine, a socket among temporary files", async () => {
    const { printed, connections } = await run(
      "local.mjs",
      `import dgram from "node:dgram";
import { lookup } from "node:dns/promises";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
const server = http.createServer((_, response) => response.end("here")).listen(0);
await new Promise((done) => server.once("listening", done));
const { port } = server.address();
const got = [];
for (const host of ["127.0.0.1", "127.8.8.8", "localhost", "0.0.0.0"]) got.push(await (await fetch("http://" + host + ":" + port)).text());
const socket = join(${JSON.stringify(directory)}, "own.sock");
const own = net.createServer((client) => client.end("own")).listen(socket);
await new Promise((done) => own.once("listening", done));
got.push(await new Promise((done) => net.connect(socket).once("data", (data) => done(String(data)))));
got.push(await new Promise((done) => net.connect("own.sock").once("data", (data) => done(String(data)))));
got.push((await lookup("localhost", { family: 4 })).address);
const udp = dgram.createSocket("udp4").bind(0, "127.0.0.1");
await new Promise((done) => udp.once("listening", done));
dgram.createSocket("udp4").send("datagram", udp.address().port, "127.0.0.1");
got.push(await new Promise((done) => udp.once("message", (data) => done(String(data)))));
console.log(JSON.stringify(got));
process.exit();`,
    );
    expect(JSON.parse(printed)).toEqual(["here", "here", "here", "here", "own", "own", "127.0.0.1", "datagram"]);
    expect(connections).toEqual([]);
  });
});

describe("threads and processes of a program", () => {
  const asks = `import { connect } from "node:net";
import { lookup } from "node:dns";
const say = (error) => console.log(process.argv[2], error.message.includes("refused by twodoor"));
connect(80, "192.0.2.9").on("error", say);
lookup("name.example", say);`;

  it("are held back too, whatever environment they are given", async () => {
    writeFileSync(join(directory, "asks.mjs"), asks);
    const { printed, connections } = await run(
      "starts.cjs",
      `const { execFileSync, fork, spawn } = require("node:child_process");
const { Worker } = require("node:worker_threads");
const file = require("node:path").join(__dirname, "asks.mjs");
const ended = (one) => new Promise((done) => one.on("exit", done));
(async () => {
  await ended(new Worker(file, { argv: ["thread"] }));
  await ended(fork(file, ["fork"]));
  await ended(spawn(process.execPath, [file, "empty"], { env: {}, stdio: "inherit" }));
  await ended(spawn("sh", ["-c", process.execPath + " " + file + " shell"], { env: { PATH: process.env.PATH }, stdio: "inherit" }));
  process.stdout.write(execFileSync(process.execPath, [file, "sync"]));
})();`,
    );
    expect(printed.trim().split("\n").sort()).toEqual(
      ["thread", "fork", "empty", "shell", "sync"].flatMap((name) => [`${name} true`, `${name} true`]).sort(),
    );
    // A thread shares the channel on which the program tells; a process may have something else there and says nothing.
    expect(connections.map(({ what }) => what)).toEqual(["192.0.2.9:80", "name.example"]);
  });

  it("leave the channel of `fork` alone", async () => {
    writeFileSync(join(directory, "says.cjs"), `process.send("hello", () => process.exit());`);
    const { printed } = await run(
      "channel.cjs",
      `const child = require("node:child_process").fork(require("node:path").join(__dirname, "says.cjs"));
child.on("message", (text) => console.log("heard", text));`,
    );
    expect(printed).toBe("heard hello\n");
  });
});

describe("a program that is not waited for", () => {
  it("gets its refusal at once and not after a time", async () => {
    const { printed } = await run(
      "fast.cjs",
      `let turns = 0;
const turn = () => { turns += 1; setImmediate(turn); };
turn();
require("net").connect(80, "192.0.2.1").on("error", () => { console.log(turns); process.exit(); });`,
    );
    expect(Number(printed)).toBeLessThan(3);
  });
});
