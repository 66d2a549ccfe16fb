// The HTML report in a real browser: opened from a file, chosen by mouse, keys and address, filtered, printed, in both colour schemes. How it is
// worded is for test/cli/html-report.test.ts; whether it is beautiful, somebody has to look.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { htmlReport } from "../../cli/reports/html";
import { judge } from "../../policies/check";
import { defaultSettings } from "../../policies/settings-form";
import { BrowserPage, browserMissing } from "../support/browser";
import { goodDesign } from "../support/designs";
import { manyRegions } from "../support/many-regions";
import { skipped } from "../support/skip";

const directory = mkdtempSync(join(tmpdir(), "twodoor-html-"));

function written(name: string, graph: Parameters<typeof judge>[0]): string {
  const result = judge(graph, defaultSettings(), "2026-11-26");
  const file = join(directory, `${name}.html`);
  writeFileSync(file, htmlReport({ result, comparison: undefined, packs: [], basePacks: undefined, projectFile: "" }));
  return pathToFileURL(file).href;
}

const gone = `[...document.querySelectorAll("#picture .thing.gone")].map((thing) => thing.querySelector("title").textContent).sort()`;
const headline = `document.querySelector(".outcome:not([hidden]) .headline").textContent.trim()`;
const status = `document.getElementById("status").textContent`;
const checkedValue = `document.querySelector("input[name=loss]:checked").parentElement.querySelector(".domain").textContent`;

describe.skipIf(skipped(browserMissing()))("the HTML report in a browser", () => {
  let page: BrowserPage;
  let good: string;

  beforeAll(async () => {
    good = written("good", goodDesign());
    page = await BrowserPage.open();
  });
  afterAll(async () => {
    await page.close();
    rmSync(directory, { recursive: true });
  });

  it("starts with the whole design, asks nobody for anything, and complains about nothing", async () => {
    await page.goto(good);
    expect(await page.evaluate(headline)).toBe("Nothing is lost.");
    expect(await page.evaluate(gone)).toEqual([]);
    expect(page.requests).toEqual([good]);
    expect(page.complaints).toEqual([]);
  });

  it("shows by a click what a region takes with it, and tells a screen reader", async () => {
    await page.goto(good);
    const choice = `[...document.querySelectorAll("input[name=loss]")].find((one) => one.parentElement.querySelector(".domain").textContent === "aws:us-east-2")`;
    await page.evaluate(`${choice}.id = "chosen"`);
    await page.click("#chosen");
    expect(await page.evaluate(headline)).toBe("✓ The design survives the loss of aws:us-east-2.");
    expect(await page.evaluate(gone)).toEqual([
      "compute, 3 zones: us-east-2-service",
      "entry, 3 zones: us-east-2-lb",
      "image: us-east-2-images",
      "key: us-east-2-key",
      "pool: exchange-us-east-2",
      "secret: us-east-2-credentials",
      "voter, us-east-2a: us-east-2-journal",
    ]);
    expect(String(await page.evaluate(status))).toMatch(
      /^The design survives the loss of aws:us-east-2\. Still serves: aws:us-west-2, gcp:us-central1, gcp:us-east4\. /,
    );
    expect(await page.evaluate(`document.querySelectorAll("#picture .region.serves").length`)).toBe(3);
    expect(await page.evaluate(`document.querySelectorAll("#picture .line.gone").length`)).toBe(8);
    expect(await page.evaluate("location.hash")).toBe("#lose=aws%3Aus-east-2");
  });

  it("is walked through with the arrow keys", async () => {
    await page.goto(`${good}?keys`);
    await page.evaluate(`document.querySelector("input[name=loss]:checked").focus()`);
    await page.press("ArrowDown");
    expect(await page.evaluate(checkedValue)).toBe("aws");
    expect(await page.evaluate(headline)).toBe("✓ The design survives the loss of aws.");
    await page.press("ArrowDown");
    expect(await page.evaluate(checkedValue)).toBe("gcp");
    await page.press("ArrowUp");
    await page.press("ArrowUp");
    expect(await page.evaluate(checkedValue)).toBe("nothing");
    expect(await page.evaluate(gone)).toEqual([]);
  });

  it("takes the choice from the address, folded groups too, and unknown ones as nothing", async () => {
    await page.goto(`${good}?zone#lose=aws:us-east-2a`);
    expect(await page.evaluate(checkedValue)).toBe("aws:us-east-2a");
    expect(await page.evaluate(`document.querySelector("input:checked").closest("details").open`)).toBe(true);
    expect(
      await page.evaluate(
        `[...document.querySelectorAll("#picture .caption.note")].map((one) => one.textContent).sort()`,
      ),
    ).toEqual(["gone", "loses us-east-2a", "loses us-east-2a"]);
    await page.goto(`${good}?bad#lose=%E0%A4%A`);
    expect(await page.evaluate(headline)).toBe("Nothing is lost.");
    expect(page.complaints).toEqual([]);
  });

  it("shows the findings of one rule", async () => {
    await page.goto(`${good}?filter`);
    await page.evaluate(
      `(() => { const filter = document.getElementById("filter"); filter.value = "EDG-14"; filter.dispatchEvent(new Event("change")); })()`,
    );
    expect(await page.evaluate(`document.querySelectorAll(".finding:not([hidden])").length`)).toBe(1);
    expect(await page.evaluate(`document.getElementById("shown").textContent`)).toBe("1 shown");
  });

  it("prints the whole design and comes back to the choice", async () => {
    await page.goto(`${good}?print#lose=aws`);
    await page.evaluate(`addEventListener("beforeprint", () => { window.printed = ${gone}.length; })`);
    await page.send("Page.printToPDF");
    expect(await page.evaluate("window.printed")).toBe(0);
    expect(await page.evaluate(headline)).toBe("✓ The design survives the loss of aws.");
  });

  it.each(["light", "dark"])("has text of enough contrast in the %s scheme", async (value) => {
    await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
    await page.goto(`${good}?${value}#lose=gcp`);
    expect(await page.evaluate(lowContrast)).toEqual([]);
  });

  it("stays within the screen for thirty regions, on a desk and in a hand", async () => {
    const thirty = written("thirty", manyRegions(30));
    for (const width of [1440, 390]) {
      await page.send("Emulation.setDeviceMetricsOverride", {
        width,
        height: 900,
        deviceScaleFactor: 1,
        mobile: false,
      });
      await page.goto(`${thirty}?${String(width)}#lose=aws`);
      expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(
        0,
      );
      expect(await page.evaluate(gone)).toHaveLength(45);
    }
  });
});

/** Texts whose contrast with what is behind them is below 4.5 (WCAG 2.2, 1.4.3), by the colours that the browser computed. */
const lowContrast = `(() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => parse(color).slice(0, 3).map((one) => one / 255)
    .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if ((parse(color)[3] ?? 1) === 1) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const found = new Set();
  for (const element of document.body.querySelectorAll("*")) {
    if (!element.checkVisibility() || ![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const style = getComputedStyle(element);
    const drawn = element.closest("g.thing, g.cloud, g.region");
    const box = drawn && drawn.querySelector("rect");
    const [ink, paper] = drawn ? [style.fill, getComputedStyle(box).fill] : [style.color, ground(element)];
    const [a, b] = [light(ink), light(paper)].sort((one, other) => other - one);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.add(element.className + " " + element.tagName + " " + ink + " on " + paper + " " + ratio.toFixed(2));
  }
  return [...found].sort();
})()`;
