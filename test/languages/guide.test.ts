/** Proves that docs/guides/languages.md shows the very programs that `run.test.ts` runs. Does not prove that its prose is true. */
import { expect, it } from "vitest";
import { codeBlocks } from "../support/markdown";
import { textOf } from "../support/sources";

const GUIDE = "docs/guides/languages.md";

it.each([
  { language: "python", program: "python/__main__.py" },
  { language: "go", program: "go/main.go" },
  { language: "yaml", program: "yaml/Pulumi.yaml" },
])("the guide's $language is the program that is run", ({ language, program }) => {
  const shown = codeBlocks(GUIDE, textOf(GUIDE)).filter((block) => block.language === language);
  expect(shown.map(({ text }) => text)).toContain(textOf(`test/languages/programs/${program}`));
});
