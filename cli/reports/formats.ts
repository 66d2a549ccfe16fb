/** The names that `--format` and `--output` know reports by. Apart from the reports, so that `--help` loads none of them. */
export const formats = ["text", "json", "html", "sarif", "junit", "gitlab", "markdown"] as const;

/** One of {@link formats}. */
export type Format = (typeof formats)[number];

/** Whether a text names a report. */
export function isFormat(text: string): text is Format {
  return formats.some((format) => format === text);
}
