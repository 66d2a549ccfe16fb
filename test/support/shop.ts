/** A repository with a small design in front of two clouds, as a base, and branches with changes of it. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./sources";

/** The repository. */
export interface Shop {
  /** Its root. */
  workspace: string;
  /** Directory of Pulumi.yaml. */
  program: string;
  /** The commit that changes start from. */
  base: string;
  git: (...args: string[]) => string;
  /** Commits a change of the program on a branch of its own, and returns the commit. */
  branch: (name: string, change: (text: string) => string) => string;
}

/** Makes it in `workspace`, which is not there yet. */
export function shopIn(workspace: string): Shop {
  const program = join(workspace, "infrastructure", "shop");
  const git = (...args: string[]): string => {
    const who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    return execFileSync("git", [...who, ...args], { cwd: workspace, encoding: "utf8" }).trim();
  };
  mkdirSync(program, { recursive: true });
  cpSync(join(ROOT, "test", "scripts", "programs", "shop"), program, { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(program, "node_modules"));
  writeFileSync(join(workspace, ".gitignore"), "node_modules\n");
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "-m", "base");
  const base = git("rev-parse", "HEAD");
  const branch = (name: string, change: (text: string) => string): string => {
    git("checkout", "--quiet", "-B", name, base);
    const file = join(program, "index.ts");
    writeFileSync(file, change(readFileSync(file, "utf8")));
    git("commit", "--quiet", "--allow-empty", "-am", name);
    return git("rev-parse", "HEAD");
  };
  return { workspace, program, base, git, branch };
}

/** The change after which AWS alone serves. */
export function oneCloud(text: string): string {
  return text.replace("[aws.id, gcp.id]", "[aws.id]").replace("fallbackPool: gcp.id", "fallbackPool: aws.id");
}
