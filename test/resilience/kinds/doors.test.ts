/**
 * Proves which entries hand out files and nothing else, and so are no serving path. Does not prove where addresses lead (origins.test.ts), nor
 * which doors a whole design has (design-of.test.ts).
 */
import { describe, expect, it } from "vitest";
import { known, unknown } from "../../../resilience/fact";
import { isFilesAlone } from "../../../resilience/kinds/doors";
import { GLOBAL, type Data, type Entry, type Need, type Part, type Place } from "../../../resilience/model";

const place: Place = { cloud: "aws", region: known(GLOBAL), account: known(""), zones: known([]) };

function data(kind: string): Data {
  return {
    role: "data",
    kind,
    id: kind,
    urn: kind,
    label: kind,
    place,
    needs: [],
    regions: known([]),
    isSystemOfRecord: known(false),
    isMultiZone: known(true),
    pointInTimeDays: known(undefined),
    backups: known([]),
    isDeletionProtected: known(true),
    isEncrypted: known(true),
    isPublic: known(false),
  };
}

function entry(...needs: Need[]): Entry {
  return { role: "entry", id: "e", urn: "e", label: "e", place, needs, isPublic: known(true), checks: [] };
}

const parts = new Map<string, Part>(["s3", "gcs", "rds"].map((kind) => [kind, data(kind)]));
parts.set("other", entry());

const to = (...of: string[]): Need => ({ what: "what it hands out", atLeast: 1, of });
const perhaps = (...of: string[]): Need => ({ ...to(...of), unknown: unknown("e", "origins", "is known later") });

describe("files alone", () => {
  it.each([
    ["a bucket", [to("s3")], true],
    ["buckets of two clouds", [to("s3"), to("gcs")], true],
    ["nothing", [], false],
    ["a need that leads nowhere", [to()], false],
    ["a bucket, and a need that leads nowhere", [to("s3"), to()], false],
    ["a bucket, and perhaps something else", [perhaps("s3")], false],
    ["a bucket, and beside it what is not known", [to("s3"), perhaps("gcs")], false],
    ["a bucket and a database", [to("s3", "rds")], false],
    ["a bucket and a machine", [to("s3"), to("other")], false],
    ["a bucket and what is not in the design", [to("s3", "gone")], false],
  ] as [string, Need[], boolean][])("%s", (_, needs, expected) => {
    expect(isFilesAlone(entry(...needs), parts)).toBe(expected);
  });
});
