// Writes the pages of the rules anew (`npm run rules`), laid out as Prettier lays them out.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { rulePages } from "./rule-pages";

async function main(): Promise<void> {
  for (const [path, text] of rulePages()) {
    const file = join(__dirname, "..", path);
    writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
  }
}

void main();
