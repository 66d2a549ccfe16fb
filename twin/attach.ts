import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Faults } from "./faults";
import { LocalProvider, type Shared } from "./providers/local-provider";
import { serve, type RunningServer } from "./providers/server";
import { cloudModels } from "./providers/clouds";
import { faultSettings, worldSettings, type FaultSettings, type WorldSettings } from "./settings";
import { World } from "./world";

/** How the local providers are to be. */
export interface AttachOptions {
  /** Directory in which the local clouds are kept between commands. Left out, they live as long as the providers. */
  world?: string;
  /** What the clouds are like. Defaults to an account without anything in it. */
  settings?: Partial<WorldSettings>;
  /** What is broken. Defaults to nothing. */
  faults?: Partial<FaultSettings>;
  /** Told about each type that no table knows, once. Defaults to a line on stderr. */
  reportUnknown?: (type: string) => void;
}

/** Local providers that run. */
export interface Attached {
  /** What a command needs in its environment to use them, and nothing else. */
  environment: { PULUMI_DEBUG_PROVIDERS: string };
  /** Switches faults while they run. */
  faults: Faults;
}

/** Starts the local providers, runs `run`, and stops them, whatever comes of it. */
export async function withProviders<T>(options: AttachOptions, run: (attached: Attached) => Promise<T>): Promise<T> {
  const faults = new Faults(faultSettings(options.faults));
  const shared: Shared = {
    world: new World(options.world),
    settings: worldSettings(options.settings),
    faults,
    reportUnknown: options.reportUnknown ?? reportOnStderr,
  };
  const running: (RunningServer & { name: string })[] = [];
  try {
    for (const model of cloudModels) {
      const server = await serve(new LocalProvider(model, shared), sdkVersion(model.name));
      running.push({ ...server, name: model.name });
    }
    const addresses = running.map(({ name, port }) => `${name}:${String(port)}`);
    return await run({ environment: { PULUMI_DEBUG_PROVIDERS: addresses.join(",") }, faults });
  } finally {
    for (const server of running) server.stop();
  }
}

function reportOnStderr(type: string): void {
  process.stderr.write(
    `twin: ${type} is not in the twin's tables; it is made as written and nothing about it is judged\n`,
  );
}

/** The installed SDK's version: the provider of a lower one would make the engine warn. */
function sdkVersion(name: string): string {
  try {
    const path = createRequire(__filename).resolve(`@pulumi/${name}/package.json`);
    return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
  } catch {
    return "999.0.0"; // the SDK is installed beside the program alone; a high version keeps the engine quiet
  }
}
