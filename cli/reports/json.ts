import { jsonText } from "./printable";
import type { Checked } from "./report";

/** The whole value, as `docs/check.schema.json` describes it. */
export function jsonReport({ result, comparison, packs }: Checked): string {
  const value = {
    ...result,
    ...(comparison === undefined ? {} : { comparison }),
    ...(packs.length === 0 ? {} : { packs }),
  };
  return jsonText(value);
}
