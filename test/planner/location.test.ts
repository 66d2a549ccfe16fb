/**
 * Proves which line of a stack a person is sent to, and how stacks are read. Does not prove that the SDK's stacks hold the line.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { framesInText, locate, repositoryRoot } from "../../planner/location";

const root = realpathSync(mkdtempSync(join(tmpdir(), "twodoor-location-")));
afterAll(() => {
  rmSync(root, { recursive: true });
});

it("sends to the innermost line that is neither installed nor outside of the repository", () => {
  const frames = [
    { file: "/elsewhere/index.ts", line: 1 },
    { file: `${root}/node_modules/@pulumi/aws/vpc.js`, line: 2 },
    { file: `file://${root}/stacks/network.ts`, line: 3 },
    { file: `${root}/index.ts`, line: 4 },
  ];
  expect(locate(frames, root)).toEqual({ file: "stacks/network.ts", line: 3 });
  expect(locate(frames.slice(0, 2), root)).toBeNull();
});

it("reads a frame of an ES module, whose address the SDK takes for a path", () => {
  const frames = [{ file: `file://${root}/file:${root}/network/rds.js`, line: 16 }];
  expect(locate(frames, root)).toEqual({ file: "network/rds.js", line: 16 });
  expect(locate([{ file: `file://${root}/file:${root}/node_modules/a/b.js`, line: 1 }], root)).toBeNull();
});

it("reads frames of Node.js, of ES modules and of compilers", () => {
  const stack = `Error: x
    at f (/a/index.ts:12:3)
    at async /a/main.js:4:1
    at file:///a/b.mjs:7:2
    at node:internal/modules/cjs/loader:1521:14
/a/c.ts:9:1 - error TS2304`;
  expect(framesInText(stack)).toEqual([
    { file: "/a/index.ts", line: 12 },
    { file: "/a/main.js", line: 4 },
    { file: "/a/b.mjs", line: 7 },
    { file: "/a/c.ts", line: 9 },
  ]);
});

it("reads paths with blanks where a frame says where they begin, and addresses that encode them", () => {
  const stack = `Error: see /a/b.ts for more, or C.ts
    at f (/my shop/an index.ts:12:3)
    at async /my shop/main.js:4:1
    at file:///my%20shop/b.mjs:7:2
/my shop/c.js:9
not /here is no.txt:3`;
  const frames = framesInText(stack);
  expect(frames).toEqual([
    { file: "/my shop/an index.ts", line: 12 },
    { file: "/my shop/main.js", line: 4 },
    { file: "file:///my%20shop/b.mjs", line: 7 },
    { file: "/my shop/c.js", line: 9 },
  ]);
  expect(locate(frames.slice(2), "/my shop")).toEqual({ file: "b.mjs", line: 7 });
});

it("takes the directory of .git as the repository's root, else the program's own", () => {
  const program = join(root, "programs", "one");
  mkdirSync(program, { recursive: true });
  expect(repositoryRoot(program)).toBe(program);
  mkdirSync(join(root, ".git"));
  expect(repositoryRoot(program)).toBe(root);
});
