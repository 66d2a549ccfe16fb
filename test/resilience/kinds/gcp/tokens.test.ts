/**
 * Proves: every type token that the Google kinds name exists in the installed SDK, none is in two lists, and what may carry requests or data is
 * not called quiet. Leaves out: property names, which the tests of the kinds hold.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gcpKinds, neutralGcpTypes } from "../../../../resilience/kinds/gcp";

const SDK = join(__dirname, "../../../../node_modules/@pulumi/gcp");
const KINDS = join(__dirname, "../../../../resilience/kinds/gcp");

function filesUnder(folder: string, end: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name));
}

const installed = new Set(
  readdirSync(SDK, { withFileTypes: true })
    .filter((each) => each.isDirectory() && each.name !== "node_modules" && each.name !== "types")
    .flatMap((module) =>
      readdirSync(join(SDK, module.name))
        .filter((name) => name.endsWith(".js"))
        .map((name) => join(SDK, module.name, name)),
    )
    .flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/__pulumiType = '([^']+)'/g)].flatMap(([, token]) => token ?? []),
    ),
);

const isNeutral = (type: string): boolean => neutralGcpTypes.some((pattern) => pattern.test(type));

describe("type tokens of Google", () => {
  it("exist in the installed SDK", () => {
    const named = filesUnder(KINDS, ".ts").flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/"(gcp:\w+\/\w+:\w+)"/g)].flatMap(([, token]) => token ?? []),
    );
    expect(installed.size).toBeGreaterThan(1000);
    expect([...new Set(named)].filter((token) => !installed.has(token))).toEqual([]);
  });

  it("are read by one kind each, and by none that is called neutral", () => {
    const types = gcpKinds.flatMap((kind) => kind.types);
    expect(types.length).toBe(new Set(types).size);
    expect(types.filter(isNeutral)).toEqual([]);
  });

  it("are neutral where they only grant rights", () => {
    const grants = [...installed].filter((token) => /(?:Iam|IAM)(?:Member|Binding|Policy)$/.test(token));
    expect(grants.filter((token) => !isNeutral(token))).toEqual([]);
  });

  it.each([
    "gcp:compute/disk:Disk",
    "gcp:bigquery/dataset:Dataset",
    "gcp:networkservices/gateway:Gateway",
    "gcp:networkservices/edgeCacheService:EdgeCacheService",
    "gcp:container/awsCluster:AwsCluster",
    "gcp:managedkafka/cluster:Cluster",
    "gcp:compute/serviceAttachmentX:ServiceAttachmentX",
    "gcp:dns/recordSet:RecordSet",
  ])("leave %s to be named in the report, or to another kind", (type) => {
    expect(isNeutral(type)).toBe(false);
  });
});
