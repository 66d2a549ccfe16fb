// The HTML report as text: what is drawn, where, what each choice shows, that nothing in a stranger's names becomes markup, and that nothing is
// fetched. How it looks and answers to keys is for test/browser/html-report.test.ts.
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { htmlReport } from "../../cli/reports/html";
import { layoutOf, type Box } from "../../cli/reports/html/layout";
import { lossesOf } from "../../cli/reports/html/losses";
import { pictureOf, type Picture } from "../../cli/reports/html/picture";
import type { Checked } from "../../cli/reports/report";
import { judge } from "../../policies/check";
import type { CheckResult, PartSummary } from "../../policies/result";
import { defaultSettings } from "../../policies/settings-form";
import { finding, resultOf, row } from "../support/checked";
import { goodDesign } from "../support/designs";
import { manyRegions } from "../support/many-regions";

const good = judge(goodDesign(), defaultSettings(), "2026-11-26");

function checked(result: CheckResult, changes: Partial<Checked> = {}): Checked {
  return { result, comparison: undefined, packs: [], basePacks: undefined, projectFile: "Pulumi.yaml", ...changes };
}

function pictureOfResult({ design }: CheckResult): Picture {
  const picture = pictureOf(design);
  if (picture === undefined) throw new Error("there is no picture");
  return picture;
}

function part(id: string, changes: Partial<PartSummary> = {}): PartSummary {
  return {
    id,
    role: "compute",
    label: id,
    cloud: "aws",
    region: "us-east-2",
    zones: [],
    needs: [],
    dependencies: [],
    ...changes,
  };
}

function withParts(...parts: PartSummary[]): CheckResult {
  return resultOf({ design: { ...resultOf().design, parts } });
}

/** Every pair of boxes that share ground and are not one inside the other. */
function overlaps(boxes: readonly Box[]): [Box, Box][] {
  const share = (a: Box, b: Box): boolean =>
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  return boxes.flatMap((a, place) =>
    boxes.slice(place + 1).flatMap((b): [Box, Box][] => (share(a, b) ? [[a, b]] : [])),
  );
}

function isInside(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

describe("the picture", () => {
  it("draws every part with its region and cloud, and a line for each need and each thing a start reads", () => {
    const { things, regions, clouds, lines } = pictureOfResult(good);
    expect(things.map(({ part: { role } }) => role).sort()).toEqual(
      [
        "door",
        ...["pool", "entry", "compute", "image", "secret", "key"].flatMap((role) => [role, role, role, role]),
        "quorum",
        ...Array.from({ length: 5 }, () => "voter"),
      ].sort(),
    );
    expect(regions.map(({ id }) => id).sort()).toEqual(
      ["aws:us-east-2", "aws:us-west-2", "gcp:us-central1", "gcp:us-east4", "other:ash"].sort(),
    );
    expect(clouds.map(({ title }) => title).sort()).toEqual(["AWS", "Cloudflare", "Elsewhere", "Google Cloud"]);
    // A hostname to 4 pools, each to an entry, each to a compute, each to the quorum of 5 voters.
    expect(lines.filter(({ kind }) => kind === "path").length).toBe(4 + 4 + 4 + 4 + 5);
    expect(lines.filter(({ kind }) => kind === "start").length).toBe(12);
  });

  it.each([1, 4, 30])("lays %i regions out without one thing upon another", (count) => {
    const picture = pictureOfResult(judge(manyRegions(count), defaultSettings(), "2026-11-26"));
    const { things, regions, clouds } = layoutOf(picture);
    expect([things.length, regions.length]).toEqual([1 + 3 * count, count]);
    expect(overlaps(things)).toEqual([]);
    expect(overlaps(regions)).toEqual([]);
    expect(overlaps(clouds)).toEqual([]);
    const outside = picture.things.filter(({ region, cloud }, place) => {
      const box = things[place]!;
      return (
        (region !== undefined && !isInside(box, regions[region]!)) ||
        (cloud !== undefined && !isInside(box, clouds[cloud]!))
      );
    });
    expect(outside).toEqual([]);
  });

  it("lays the good design out without one thing upon another", () => {
    const { things, regions, clouds } = layoutOf(pictureOfResult(good));
    expect([overlaps(things), overlaps(regions), overlaps(clouds)]).toEqual([[], [], []]);
  });

  it("draws circles of needs, parts that need themselves, and parts that stand nowhere known", () => {
    const result = withParts(
      part("a", { needs: [{ what: "b", atLeast: 1, of: ["b"] }] }),
      part("b", { region: "us-west-2", needs: [{ what: "a", atLeast: 1, of: ["a", "b", "missing"] }] }),
      part("c", { region: null, zones: null }),
    );
    const picture = pictureOfResult(result);
    expect(picture.lines).toEqual([
      { from: 0, to: 1, kind: "path" },
      { from: 1, to: 0, kind: "path" },
    ]);
    expect(picture.things.map(({ caption }) => caption)).toEqual(["compute", "compute", "compute, region not known"]);
    expect(overlaps(layoutOf(picture).things)).toEqual([]);
  });

  it("is left out where there is nothing to draw, or more than anybody could read", () => {
    expect(pictureOf(resultOf().design)).toBe(undefined);
    const many = Array.from({ length: 321 }, (_, at) => part(`part ${String(at)}`));
    expect(pictureOf(withParts(...many).design)).toBe(undefined);
    expect(htmlReport(checked(withParts(...many)))).toContain("There is no picture");
  });
});

describe("a choice", () => {
  it("tells what is gone, who serves, with what, after how long", () => {
    const result = withParts(
      part("one", { zones: ["us-east-2a", "us-east-2b"] }),
      part("two", { cloud: "gcp", region: "us-central1" }),
    );
    result.survival = [
      row("aws", "survives", { lost: ["one", "elsewhere"] }),
      row("aws:us-east-2a", "survives"),
      row("gcp", "dies"),
      row("edge", "undecided"),
    ];
    const losses = lossesOf(result, pictureOfResult(result));
    expect(losses.map(({ gone, served, notes }) => ({ gone, served, notes }))).toEqual([
      { gone: [0], served: [1], notes: { "0": "gone" } },
      { gone: [], served: [1], notes: { "0": "loses us-east-2a" } },
      { gone: [], served: [], notes: {} },
      { gone: [], served: [], notes: {} },
    ]);
    expect(losses.map(({ status }) => status)).toEqual([
      "The design survives the loss of aws. Still serves: gcp:us-central1. Capacity: 120 % of what then comes. Seen by the edge after: 10 to 26 s. Gone: 1 in the picture, and 1 outside of the picture.",
      "The design survives the loss of aws:us-east-2a. Still serves: gcp:us-central1. Capacity: 120 % of what then comes. Seen by the edge after: 10 to 26 s. Gone: 0 in the picture.",
      "The loss of gcp stops the design. Still answers: nobody. Capacity: -. Seen by the edge after: -. Gone: 0 in the picture. the pool stands in aws",
      "It is not known whether the design survives the loss of edge. Still answers: not known. Capacity: -. Seen by the edge after: -. Gone: 0 in the picture. nobody knows where it stands",
    ]);
  });

  it("is there for every row of the good design and every pair", () => {
    const page = htmlReport(checked(good));
    expect(page.match(/<input type="radio" name="loss"/g)?.length).toBe(1 + good.survival.length + good.pairs.length);
    expect(page.match(/<tr class="(?:good|bad|open)">/g)?.length).toBe(good.survival.length + good.pairs.length);
    expect(page.match(/<article class="finding /g)?.length).toBe(good.findings.length);
  });
});

describe("the page", () => {
  const hostile = `</script><script>alert(1)</script><!--"'&\u202E\u0000\uD800 -->`;

  it("is the same bytes for the same result, whatever was laid out before", () => {
    const first = htmlReport(checked(good));
    htmlReport(checked(judge(manyRegions(3), defaultSettings(), "2026-11-26")));
    expect(htmlReport(checked(good))).toBe(first);
  });

  it("allows one style and one script, known by their hashes, and nothing from anywhere", () => {
    const page = htmlReport(checked(good));
    const style = /<style>([^]*?)<\/style>/.exec(page)?.[1] ?? "";
    const script = /<script>([^]*?)<\/script>/.exec(page)?.[1] ?? "";
    const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'">`,
    );
    expect(page.match(/<(?:link|img|iframe|object|embed|base)\b|\bsrc=|\bstyle=|\bon[a-z]+=|@import|url\(/g)).toBe(
      null,
    );
    expect(page.match(/<script/g)?.length).toBe(2);
  });

  it("takes nothing of a stranger's names for markup", () => {
    const result = resultOf({
      design: {
        project: hostile,
        stack: hostile,
        clouds: [hostile],
        regions: [{ cloud: "aws", region: hostile, geography: hostile }],
        parts: [part(hostile, { label: hostile, region: hostile, cloud: hostile, zones: [hostile] })],
      },
      survival: [row(hostile, "dies", { because: hostile, servedBy: [hostile], lost: [hostile] })],
      findings: [
        finding({ rule: hostile, message: hostile, fix: hostile, urn: hostile, location: { file: hostile, line: 1 } }),
      ],
      unknownTypes: [{ type: hostile, count: 1 }],
    });
    const pack = {
      name: hostile,
      version: hostile,
      policies: [],
      remediations: [],
      findings: [
        {
          policy: hostile,
          level: "mandatory" as const,
          message: hostile,
          urn: hostile,
          severity: null,
          location: null,
        },
      ],
    };
    const page = htmlReport(checked(result, { packs: [pack] }));
    expect(page.match(/<script/g)?.length).toBe(2);
    expect(page.match(/<!--|[\u0000\u202E]|\p{Surrogate}/gu)).toBe(null);
    const data = /<script type="application\/json" id="losses">([^]*?)<\/script>/.exec(page)?.[1] ?? "";
    expect(JSON.parse(data)).toMatchObject([{ gone: [0], notes: { "0": "gone" } }]);
  });

  it("says so where nothing serves", () => {
    const page = htmlReport(checked(resultOf()));
    expect(page).toContain(
      "Nothing here is known to serve requests: there is no serving path to judge. Static files count as none.",
    );
    expect(page).toContain("Nothing was found.");
  });

  it("tells what a change makes worse", () => {
    const worse = finding({ rule: "TOP-01" });
    const result = resultOf({ survival: [row("aws", "dies")], findings: [finding(), worse] });
    const comparison = {
      isWorse: true,
      flipped: [{ domain: "aws", before: "survives", after: "dies", isWorse: true, because: "a & b" }],
      added: [worse],
      gone: [],
      stays: [finding()],
    } satisfies NonNullable<Checked["comparison"]>;
    const page = htmlReport(checked(result, { comparison }));
    expect(page).toContain("This change makes it worse");
    expect(page).toContain(
      'when <a href="#lose=aws">aws</a> is lost: survives → <strong>dies</strong><p class="because">a &amp; b</p>',
    );
    expect(page).toContain("Findings: 1 new, 0 gone, 1 as before");
    expect(page.match(/, new<\/span>/g)?.length).toBe(1);
  });
});
