import { jsonReport } from "./json";
import type { Report } from "./report";
import { textReport } from "./text";

/** The reports by the name that `--format` and `--output` know them by. */
export const reports: Readonly<Record<string, Report>> = {
  text: textReport,
  json: jsonReport,
};
