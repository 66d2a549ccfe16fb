/** JSON schemas of `docs/`, as tests hold what we write against them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The schema in a file of the repository. */
export function schemaAt(path: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, "..", "..", path), "utf8"));
}

/** The schema with every described object closed: readers must let new fields pass, and we must describe what we write. */
export function closed(schema: unknown): Record<string, unknown> {
  const close = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(close);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, close(item)]);
    const isShape = "type" in value && value.type === "object" && "properties" in value;
    return { ...Object.fromEntries(entries), ...(isShape ? { additionalProperties: false } : {}) };
  };
  return close(schema) as Record<string, unknown>;
}
