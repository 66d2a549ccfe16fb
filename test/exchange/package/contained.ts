/**
 * Runs a program as a container would: process 1 of its own process table, user 1000, a root that is the given tree and read-only but for
 * a fresh /tmp, an environment that holds what it is given and nothing else. Needs Linux, root and unshare(1) of util-linux.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

/** A program in its box. */
export interface Contained {
  /** Sends the program, which is process 1 inside, a signal. */
  signal: (name: NodeJS.Signals) => void;
  /** Everything that it printed so far, on both streams. */
  output: () => string;
  /** Its exit status; 128 and more where a signal ended it. */
  ended: Promise<number>;
  /** Ends it, whatever it does. */
  kill: () => void;
}

/** Why this machine has no such box, or nothing when it has. */
export function boxMissing(): string | undefined {
  if (process.platform !== "linux") return "a container's box needs Linux";
  const probe = "mount -t tmpfs none /mnt && exec unshare --setuid 1000 --setgid 1000 --wd / true";
  const { status } = spawnSync("unshare", ["--mount", "--pid", "--fork", "sh", "-c", probe], { stdio: "ignore" });
  return status === 0 ? undefined : "a container's box needs root and unshare(1)";
}

/**
 * Starts `command` with the tree as its root.
 *
 * @param options.workdir - absolute, below the tree.
 * @param options.user - `1000:1000`.
 */
export function startContained(
  tree: string,
  command: readonly string[],
  options: { environment: Readonly<Record<string, string>>; workdir: string; user: string },
): Contained {
  const [uid = "", gid = ""] = options.user.split(":");
  // The inner call execs without a fork, so that the program itself is process 1.
  const script = `set -e
    mount --bind "$1" "$1"
    mount -t proc proc "$1/proc"
    mount -t tmpfs -o mode=1777,size=256m tmpfs "$1/tmp"
    mount -o remount,ro,bind "$1"
    tree=$1 workdir=$2 uid=$3 gid=$4; shift 4
    exec unshare --root "$tree" --wd "$workdir" --setuid "$uid" --setgid "$gid" "$@"`;
  const child = spawn(
    "unshare",
    [
      "--mount",
      "--pid",
      "--fork",
      "--kill-child",
      "sh",
      "-c",
      script,
      "sh",
      tree,
      options.workdir,
      uid,
      gid,
      ...command,
    ],
    { env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ...options.environment } },
  );
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => {
      resolve(status ?? 128);
    });
  });
  return {
    signal: (name) => {
      process.kill(innerOf(child), name);
    },
    output: () => printed,
    ended,
    kill: () => child.kill("SIGKILL"),
  };
}

/** The process that is number 1 inside, by its number out here. */
function innerOf({ pid }: ChildProcess): number {
  const inner = Number(readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, "utf8").trim());
  if (!Number.isInteger(inner) || inner <= 1) throw new Error("the program is not there");
  return inner;
}
