// Judges a pull request: plans the base and the change, compares them, and leaves every report in one directory, whatever comes of it. It
// always ends well (unless it has a bug): the action's last step fails the job, after the reports have been kept.
//
// Everything comes by environment: INPUT_* from `action.yml`, GITHUB_* from the runner. It needs no token and no credential.
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { baseCommit, lendPackages, packageDirectory, repositoryOf, withCheckout } from "./pull-request-git.mjs";

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const NOT_JUDGED = "not-judged";

/** GitHub shows at most ten annotations of one kind for a step. */
const ANNOTATIONS_MAX = 10;

const input = (name) => (process.env[`INPUT_${name}`] ?? "").trim();

/** What the action was asked for. Throws what a person can act on. */
function asked() {
  const name = input("NAME");
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name))
    throw new Error("name: up to 64 letters, digits, dots, dashes and underscores");
  const failOn = input("FAIL_ON");
  if (!["worse", "findings"].includes(failOn)) throw new Error("fail-on: either worse or findings");
  const directory = fromWorkspace(input("DIRECTORY"));
  const root = repositoryOf(directory);
  const into = join(process.env.RUNNER_TEMP ?? join(root, ".twodoor"), "twodoor", name);
  return { failOn, root, directory: realpathSync(directory), into };
}

/** Paths of the workflow are relative to where it checked the code out. */
function fromWorkspace(path) {
  return resolve(process.env.GITHUB_WORKSPACE ?? process.cwd(), path);
}

/** Runs the command. Its own files are plain TypeScript, so that a checkout of the action is enough. */
function twodoor(directory, args) {
  const tsx = join(home, "node_modules", "tsx", "dist", "cli.mjs");
  const command = [tsx, "--tsconfig", join(home, "tsconfig.json"), join(home, "cli", "main.ts"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: directory,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  return { status: status ?? 4, stdout, stderr };
}

/** Installs what the program asks for with the workflow's own command. */
function install(directory) {
  const command = input("INSTALL");
  if (command === "" || directory === undefined) return;
  const { status } = spawnSync("bash", ["-euo", "pipefail", "-c", command], {
    cwd: directory,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) throw new Error(`\`${command}\` failed in ${directory}`);
}

const option = (flag, value) => (value === "" ? [] : [flag, value]);

/** The recorded design that the change is compared with, and what to say where there is none. */
function baseOf({ root, directory, into }) {
  const file = input("BASE_GRAPH");
  if (file !== "") return { graph: fromWorkspace(file), notes: [] };
  if (input("GRAPH") !== "")
    return { notes: ["There is nothing to compare with: no `base-graph` was given beside `graph`."] };
  const commit = baseCommit(root, input("BASE"), eventOf());
  if (commit === undefined) return { notes: ["There is no base to compare with, so that all that is found counts."] };
  const graph = join(into, "base.json");
  const planned = withCheckout(root, commit, join(into, "base"), (checkout) => {
    const there = join(checkout, relative(root, directory));
    if (!existsSync(there)) return { why: "it is not there" };
    const ours = packageDirectory(root, directory);
    const theirs = packageDirectory(checkout, there);
    try {
      if (ours === undefined || theirs === undefined || !lendPackages(ours, theirs)) install(theirs);
    } catch (error) {
      return { why: error.message };
    }
    const { status, stderr } = twodoor(there, [
      "plan",
      ...option("--stack", input("STACK")),
      ...answers(root, checkout),
      "--graph",
      graph,
    ]);
    return { why: status === 0 ? undefined : stderr, settings: settingsText(root, directory, checkout) };
  });
  const short = commit.slice(0, 12);
  if (planned.why !== undefined) {
    process.stderr.write(`The base ${short} could not be planned.\n${planned.why}\n`);
    return {
      notes: [`The base ${short} could not be planned (the job's log says why), so that all that is found counts.`],
    };
  }
  const isEdited = planned.settings !== settingsText(root, directory, root);
  const edited =
    "This change also edits the settings by which it is judged: levels, limits or waivers. Read them first.";
  return { graph, notes: isEdited ? [edited] : [] };
}

function answers(root, checkout) {
  const file = input("ANSWERS");
  return file === "" ? [] : ["--answers", within(root, fromWorkspace(file), checkout)];
}

/** The same path in another checkout. */
function within(root, path, checkout) {
  return join(checkout, relative(root, path));
}

/** The settings that count, as they stand in a checkout: the named file, else the one beside the stack's own. */
function settingsText(root, directory, checkout) {
  const named = input("SETTINGS");
  const file = within(root, named === "" ? settingsBeside(directory) : fromWorkspace(named), checkout);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function settingsBeside(directory) {
  const project = join(directory, "Pulumi.yaml");
  const elsewhere = existsSync(project)
    ? /^stackConfigDir:\s*["']?([^"'\s]+)/m.exec(readFileSync(project, "utf8"))?.[1]
    : undefined;
  return join(directory, elsewhere ?? ".", `twodoor.${input("STACK") || "dev"}.json`);
}

function eventOf() {
  const file = process.env.GITHUB_EVENT_PATH;
  return file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

/** Judges the change, and tells what came of it. */
function judge(what) {
  const { root, directory, into, failOn } = what;
  const packages = packageDirectory(root, directory);
  if (packages !== undefined && !existsSync(join(packages, "node_modules"))) install(packages);
  const { graph, notes } = baseOf(what);
  const recorded = input("GRAPH") === "" ? answers(root, root) : ["--graph", fromWorkspace(input("GRAPH"))];
  const files = {
    json: "check.json",
    sarif: "check.sarif",
    junit: "junit.xml",
    gitlab: "codequality.json",
    html: "check.html",
    markdown: "comment.md",
  };
  const outputs = Object.entries(files).flatMap(([format, file]) => ["--output", `${format}=${join(into, file)}`]);
  const settings = input("SETTINGS") === "" ? [] : ["--settings", fromWorkspace(input("SETTINGS"))];
  const run = twodoor(directory, [
    "check",
    ...option("--stack", input("STACK")),
    ...recorded,
    ...settings,
    ...option("--base", graph ?? ""),
    ...outputs,
  ]);
  process.stderr.write(run.stderr);
  process.stdout.write(run.stdout);
  if (run.status > 1) return { ...notJudged(run), notes };
  const result = JSON.parse(readFileSync(join(into, files.json), "utf8"));
  const isRefused = failOn === "findings" && result.verdict !== "pass";
  return {
    exitCode: isRefused ? 1 : run.status,
    result,
    notes,
    comment: readFileSync(join(into, files.markdown), "utf8"),
  };
}

/**
 * What to say where nothing was judged. A program's own error may hold anything, and no runner masks secrets in a comment: it stays in the log.
 * Settings are told: their messages never show a value.
 */
function notJudged({ status, stderr }) {
  const at = /^ {2}in (\S+:\d+)$/m.exec(stderr)?.[1];
  const told = status === 2 ? `\n\n\`\`\`text\n${stderr.trim().replaceAll("`", "'").slice(0, 8000)}\n\`\`\`` : "";
  const why = {
    2: `The settings or the command line cannot be used.${told}`,
    3: `The program could not be planned${at === undefined ? "" : `: \`${at.replaceAll("`", "'")}\``}. The job's log has its own message.`,
  }[status];
  return {
    exitCode: status,
    comment: `### ❔ NOT JUDGED\n\n${why ?? "`twodoor` itself failed. The job's log says how."}\n`,
  };
}

/** A line for the pull request's "Files changed", for what is new or, without a base, for all that blocks. */
function annotations({ findings, comparison }) {
  const escaped = (text) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = (text) => escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return (comparison?.added ?? findings)
    .filter(({ level, verdict, location }) => level === "mandatory" && verdict !== "waived" && location !== null)
    .slice(0, ANNOTATIONS_MAX)
    .map(({ rule, message, fix, location: { file, line } }) => {
      const where = `file=${property(file)},line=${String(line)},title=${property(rule)}`;
      return `::error ${where}::${escaped(`${message}. Fix: ${fix}`)}\n`;
    })
    .join("");
}

function leave({ into }, { exitCode, result, notes, comment }) {
  const text = [comment.trim(), ...(notes ?? []).map((note) => `> ${note}`)].join("\n\n");
  writeFileSync(join(into, "comment.md"), `${text}\n`);
  const { pull_request: request } = eventOf();
  writeFileSync(join(into, "pull-request.json"), `${JSON.stringify({ number: request?.number ?? null, exitCode })}\n`);
  // The base's design is no report, and a state of it may be large.
  rmSync(join(into, "base.json"), { force: true });
  if (result !== undefined && process.env.GITHUB_ACTIONS === "true") process.stdout.write(annotations(result));
  append("GITHUB_STEP_SUMMARY", `${text}\n\n`);
  const sarif = join(into, "check.sarif");
  const outputs = {
    verdict: result?.verdict ?? NOT_JUDGED,
    worse: result?.comparison === undefined ? "" : String(result.comparison.isWorse),
    "exit-code": String(exitCode),
    directory: into,
    sarif: existsSync(sarif) ? sarif : "",
  };
  append(
    "GITHUB_OUTPUT",
    Object.entries(outputs)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(""),
  );
}

function append(variable, text) {
  const file = process.env[variable];
  if (file !== undefined && file !== "") appendFileSync(file, text);
}

/** Wrong inputs are the workflow's own mistake: there is nowhere to leave a report yet. */
function main() {
  let what;
  try {
    what = asked();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
  rmSync(what.into, { recursive: true, force: true });
  mkdirSync(what.into, { recursive: true });
  try {
    leave(what, judge(what));
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    leave(what, notJudged({ status: 3, stderr: "" }));
  }
}

main();
