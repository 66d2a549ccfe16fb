// What a pull request's check needs of git: the commit that a change is compared with, and a checkout of it beside the change's own.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** What git prints, or undefined where it fails. */
function git(root, ...args) {
  const { status, stdout } = spawnSync("git", ["-C", root, ...args], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** The root of the repository that holds `directory`. */
export function repositoryOf(directory) {
  const root = git(directory, "rev-parse", "--show-toplevel");
  if (root === undefined) throw new Error(`${directory} is in no git repository: check the code out first`);
  return root;
}

/**
 * The commit that the checked out change starts from, or undefined where there is none that git can get.
 *
 * @param named - a commit, branch or tag that somebody named; "" to take the event's.
 * @param event - what GitHub tells about the run; `{}` elsewhere.
 */
export function baseCommit(root, named, event) {
  const parents = [...(git(root, "cat-file", "-p", "HEAD") ?? "").matchAll(/^parent ([0-9a-f]+)$/gm)].map(
    ([, id]) => id,
  );
  // GitHub checks out a trial merge of a pull request: its first parent is exactly what the change is merged into.
  if (named === "" && parents.length === 2 && parents[1] === event.pull_request?.head?.sha)
    return fetched(root, parents[0]);
  const wanted =
    named === "" ? (event.pull_request?.base?.sha ?? event.merge_group?.base_sha ?? event.before ?? "") : named;
  // A branch's first push has zeros in place of a commit.
  if (wanted === "" || /^0+$/.test(wanted)) return undefined;
  const commit = COMMIT.test(wanted) ? fetched(root, wanted) : resolved(root, wanted);
  return commit === undefined ? undefined : (git(root, "merge-base", "HEAD", commit) ?? commit);
}

function resolved(root, name) {
  const parse = (text) => git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${text}^{commit}`);
  return parse(`origin/${name}`) ?? parse(name);
}

/** A shallow checkout lacks the base: it is fetched by its id, which GitHub and GitLab allow. */
function fetched(root, commit) {
  const here = () => git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${commit}^{commit}`);
  if (here() !== undefined) return here();
  git(root, "fetch", "--quiet", "--no-tags", "--depth=1", "origin", commit);
  return here();
}

/** Checks a commit out into a new directory, and takes it away again after `use`. */
export function withCheckout(root, commit, directory, use) {
  execFileSync("git", ["-C", root, "worktree", "add", "--quiet", "--force", "--detach", directory, commit], {
    stdio: "inherit",
  });
  try {
    return use(directory);
  } finally {
    git(root, "worktree", "remove", "--force", directory);
  }
}

const LOCKS = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"];

/** The directory at or above `directory`, up to `root`, whose packages a program uses: the nearest with a lock file, else with a package.json. */
export function packageDirectory(root, directory) {
  const holding = (names) => {
    for (let at = realpathSync(directory); ; at = dirname(at)) {
      if (names.some((name) => existsSync(join(at, name)))) return at;
      if (relative(realpathSync(root), at) === "" || at === dirname(at)) return undefined;
    }
  };
  return holding(LOCKS) ?? holding(["package.json"]);
}

/**
 * Lets a second checkout use the packages that are installed in the first, where both ask for the same ones: returns whether it does. Workspaces
 * are links into the first checkout, so that they are never lent.
 */
export function lendPackages(from, to) {
  const text = (directory, name) =>
    existsSync(join(directory, name)) ? readFileSync(join(directory, name), "utf8") : "";
  const isWorkspace =
    existsSync(join(from, "pnpm-workspace.yaml")) || text(from, "package.json").includes('"workspaces"');
  const isSame = ["package.json", ...LOCKS].every((name) => text(from, name) === text(to, name));
  if (isWorkspace || !isSame || !existsSync(join(from, "node_modules"))) return false;
  symlinkSync(join(from, "node_modules"), join(to, "node_modules"));
  return true;
}
