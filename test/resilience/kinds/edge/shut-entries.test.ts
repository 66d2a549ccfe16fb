/**
 * Proves that what the edge cannot reach gets no request from it: internal balancers of both clouds, and a service of Cloud Run that refuses
 * external balancers; that a notification which nobody reads, or which is not about failure, tells nobody; and that plain HTTP at the edge is told.
 * Found by planted mistakes (test/mutants).
 */
import { describe, expect, it } from "vitest";
import { edg13 } from "../../../../policies/rules/edg-13-tls";
import { obs01 } from "../../../../policies/rules/obs-01-alerts";
import { designOf } from "../../../../resilience/design-of";
import { survivalTableOf } from "../../../../resilience/survival-table";
import { goodDeclared, goodDesign, later, withChange, type DraftGraph } from "../../../support/designs";
import { toldBy } from "../../../support/judged";

const good = goodDesign();

function servedWithout(graph: DraftGraph, domain: string): string[] | undefined {
  const { rows } = survivalTableOf(designOf(graph, goodDeclared()));
  return rows.find((row) => row.domain === domain)?.servedBy;
}

describe("an entry that the edge cannot reach", () => {
  it.each([
    ["us-east-2-lb", "internal", true, "gcp", ["aws:us-west-2"]],
    ["us-east4-https", "loadBalancingScheme", "INTERNAL_MANAGED", "aws", ["gcp:us-central1"]],
    ["us-east4-service", "ingress", "INGRESS_TRAFFIC_INTERNAL_ONLY", "aws", ["gcp:us-central1"]],
  ])("serves nobody: %s with %s", (name, path, value, domain, left) => {
    expect(servedWithout(good, domain)).toHaveLength(2);
    expect(servedWithout(withChange(good, name, path, value), domain)).toEqual(left);
  });

  it("may serve nobody where that is not known", () => {
    const { rows } = survivalTableOf(designOf(withChange(good, "us-east-2-lb", "internal", later), goodDeclared()));
    expect(rows.find((row) => row.domain === "gcp")?.unknowns.map(({ of, property }) => `${of} ${property}`)).toEqual([
      "capacity internal",
    ]);
  });

  it("is reached through the virtual network of a tunnel", () => {
    const internal = withChange(good, "us-east-2-lb", "internal", true);
    const tunnelled = withChange(internal, "us-east-2-pool", "origins[0].virtualNetworkId", "vnet");
    expect(servedWithout(tunnelled, "gcp")).toEqual(["aws:us-east-2", "aws:us-west-2"]);
  });
});

describe("OBS-01", () => {
  const silent = (path: string, value: Parameters<typeof withChange>[3]) =>
    toldBy(obs01, withChange(good, "pool-alerts", path, value))?.map((line) => line.split(":")[0] ?? "");

  it("takes a notification for one only where it is about failure and reaches somebody", () => {
    expect(silent("filters.newHealths", ["Healthy"])).toEqual(["violation us-central1-pool"]);
    expect(silent("filters.newHealths", ["Unhealthy"])).toEqual([]);
    expect(silent("filters.newHealths", undefined)).toEqual([]);
    expect(silent("mechanisms", {})).toEqual(["violation us-central1-pool"]);
    expect(silent("mechanisms", { webhooks: [{ id: "duty" }] })).toEqual([]);
    for (const path of ["filters.newHealths", "mechanisms", "enabled"]) {
      expect(silent(path, later)?.map((line) => line.split(" ")[0])).toEqual(Array(4).fill("undecided"));
    }
  });
});

describe("EDG-13", () => {
  it("tells where the edge answers over plain HTTP, and stops nobody", () => {
    const off = withChange(good, "zone-always_use_https", "value", "off");
    expect(toldBy(edg13, off)).toEqual([
      "advice zone-always_use_https: the edge answers api.example.com over plain HTTP as well: what a client sends there by mistake can be read and changed on the way; fix: set always_use_https to on",
    ]);
    expect(toldBy(edg13, withChange(good, "zone-always_use_https", "value", "on"))).toEqual([]);
  });
});
