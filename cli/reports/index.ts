import type { Format } from "./formats";
import { gitlabReport } from "./gitlab";
import { htmlReport } from "./html";
import { jsonReport } from "./json";
import { junitReport } from "./junit";
import { markdownReport } from "./markdown";
import { sarifReport } from "./sarif";
import { textReport } from "./text";
import type { Report } from "./report";

/** The reports by the name that `--format` and `--output` know them by. */
export const reports: Readonly<Record<Format, Report>> = {
  text: textReport,
  json: jsonReport,
  html: htmlReport,
  sarif: sarifReport,
  junit: junitReport,
  gitlab: gitlabReport,
  markdown: markdownReport,
};
