/**
 * Proves that every type token which the kinds of the edge read is one of the installed SDKs, so that none is a slip of the pen; and that
 * no type which could carry traffic is waved through. The SDKs are searched as text: loading them takes seconds.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { edgeKinds, neutralEdgeTypes } from "../../../../resilience/kinds/edge";

const SDKS = path.join(__dirname, "../../../../node_modules/@pulumi");
const FOLDERS = ["cloudflare", "aws/route53", "aws/cloudfront", "aws/globalaccelerator", "gcp/dns"];

/** Tokens of the classes of a folder of an SDK; older names stand beside them as aliases. */
const tokens = new Set(
  FOLDERS.flatMap((folder) =>
    readdirSync(path.join(SDKS, folder))
      .filter((file) => file.endsWith(".js"))
      .flatMap((file) =>
        [...readFileSync(path.join(SDKS, folder, file), "utf8").matchAll(/["'](\w+:\w+\/\w+:\w+)["']/g)].map(
          (match) => match[1] ?? "",
        ),
      ),
  ),
);
const types = edgeKinds.flatMap((kind) => kind.types);

describe("type tokens", () => {
  it("are read at all", () => {
    expect(tokens.size).toBeGreaterThan(600);
    expect(types.length).toBeGreaterThan(15);
  });

  it.each(types)("%s is one of an SDK", (type) => {
    expect(tokens).toContain(type);
  });

  it("belong to one kind each, and to no neutral pattern", () => {
    expect(new Set(types).size).toBe(types.length);
    expect(types.filter((type) => neutralEdgeTypes.some((pattern) => pattern.test(type)))).toEqual([]);
  });

  it.each(neutralEdgeTypes.map((pattern) => [pattern.source, pattern] as const))(
    "%s matches something",
    (_, pattern) => {
      expect([...tokens].some((token) => pattern.test(token))).toBe(true);
    },
  );

  it("name what could carry traffic or keep data and is not understood", () => {
    const resources = [...tokens].filter(
      (token) =>
        !/:get[A-Z]\w*$/.test(token) &&
        /^(?:cloudflare:|aws:(?:route53|cloudfront|globalaccelerator)\/|gcp:dns\/)/.test(token),
    );
    const open = resources.filter(
      (token) => !types.includes(token) && !neutralEdgeTypes.some((pattern) => pattern.test(token)),
    );
    expect(open).toContain("cloudflare:index/r2Bucket:R2Bucket");
    expect(open).toContain("cloudflare:index/d1Database:D1Database");
    expect(open).toContain("cloudflare:index/pagesProject:PagesProject");
    expect(open).toContain("aws:route53/trafficPolicyInstance:TrafficPolicyInstance");
    expect(open).toContain("aws:globalaccelerator/customRoutingAccelerator:CustomRoutingAccelerator");
    expect(open).not.toContain("cloudflare:index/zoneSetting:ZoneSetting");
  });
});
