// Proves what makes a plan cheap, by counts and not by a clock: the command's own process loads of the SDK its messages alone, no provider's SDK and no
// compiler; a resource costs one call; and a call tells the program's own lines and no others. How long it takes is `npm run bench`'s to say.
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { Server, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { beforeAll, expect, it, vi } from "vitest";
import { planOf } from "../support/planned";

/** A call of the program. */
interface Call {
  method: string;
  request: unknown;
}

let few: Call[];
let many: Call[];
beforeAll(async () => {
  const calls: Call[] = [];
  const addService = Reflect.get(Server.prototype, "addService");
  vi.spyOn(Server.prototype, "addService").mockImplementation(function (this: Server, service, implementation) {
    const noted = Object.entries(implementation).map(([method, handle]) => [method, noting(calls, method, handle)]);
    addService.call(this, service, Object.fromEntries(noted) as UntypedServiceImplementation);
  });
  await planOf("weight", { stack: "few" });
  few = calls.splice(0);
  await planOf("weight", { stack: "many" });
  many = calls.splice(0);
  vi.restoreAllMocks();
}, 120_000);

function noting(calls: Call[], method: string, handle: unknown): unknown {
  if (typeof handle !== "function") return handle;
  return (call: { request: unknown }, ...rest: unknown[]): unknown => {
    calls.push({ method, request: call.request });
    return Reflect.apply(handle, undefined, [call, ...rest]) as unknown;
  };
}

/** How often each call was made. */
function counts(calls: readonly Call[]): Record<string, number> {
  const methods = calls.map(({ method }) => method).sort();
  return Object.fromEntries(
    methods.map((method) => [method, methods.filter((other) => other === method).length] as const),
  );
}

it("asks once for each resource, and for everything else as often however many there are", () => {
  const { registerResource, ...others } = counts(few);
  expect(registerResource).toBe(1 + 3);
  expect(others).toEqual({ registerResourceOutputs: 1, signalAndWaitForShutdown: 1, supportsFeature: 11 });
  expect(counts(many)).toEqual({ registerResource: 1 + 23, ...others });
});

it("tells with each resource the lines of the program and none of installed packages", () => {
  const requests = few.filter(({ method }) => method === "registerResource");
  const lines = requests.map(({ request }) => linesOf(request as RegisterResourceRequest));
  expect(lines).toEqual([[], ["index.js:9"], ["index.js:9"], ["index.js:9"]]);
});

function linesOf(request: RegisterResourceRequest): string[] {
  const frames = request.getStacktrace()?.getFramesList() ?? [];
  return frames.flatMap((frame) => {
    const at = frame.getPc();
    return at === undefined ? [] : [`${basename(at.getUri())}:${String(at.getLine())}`];
  });
}

it("loads neither a provider's SDK nor a compiler nor the SDK itself into its own process", () => {
  const { cache, resolve } = createRequire(__filename);
  const messages = join(dirname(resolve("@pulumi/pulumi/package.json")), "proto");
  const loaded = Object.keys(cache);
  const ofPulumi = loaded.filter((file) => file.includes("@pulumi"));
  expect(ofPulumi).toContain(join(messages, "resource_pb.js"));
  expect(ofPulumi.filter((file) => dirname(file) !== messages)).toEqual([]);
  expect(loaded.filter((file) => basename(file) === "typescript.js")).toEqual([]);
});
