import { join } from "node:path";

/** The file descriptor on which the preloaded code tells what happens in the program: one JSON text a line. */
export const errorDescriptor = 3;

/** The input under which a registration tells what parts of its other inputs depend on. Nobody but the planner sees it. */
export const referencesKey = "twodoor:references";

/** The argument under which a data source's call tells which others were secrets in the program, as places in them. */
export const secretsKey = "twodoor:secrets";

/** Where the code is that runs in the program's process. */
export const preloadDirectory = join(__dirname, "preload");

/** The flag of `node` that preloads it. As one word, since the SDK takes a separate `--require` for a TypeScript loader. */
export const preloadFlag = `--require=${join(preloadDirectory, "index.cjs")}`;

/** What the program's process finds in its environment so that it may tell; its own children do not. */
export const tellVariable = "TWODOOR_TELL";
