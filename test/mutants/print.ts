/** `npm run mutants`: plants every mistake of the table, and prints what catches it. */
import { prod, quiet, raw } from "./designs";
import { tableText } from "./report";
import { everyMutant } from "./run";

async function main(): Promise<void> {
  process.stdout.write(tableText(everyMutant([await prod(), raw(), quiet()])));
}

void main();
