// Writes one comment into a pull request and keeps it up to date, from what a job without rights has left behind. Whoever opened the pull
// request may have written every byte of it, so all of it is data: three names are read and nothing else, of a limited size; the pull request
// is believed only where GitHub says that it is the run's own; the text can mention nobody and link nowhere.
// (https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/)
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bodyOf, contentOf, markerOf, Nothing } from "./pull-request-text.mjs";

/** Longest text of a comment (GitHub answers 422 "body is too long (maximum is 65536 characters)"). */
const BODY_MAX = 65_536;

/** GitHub takes 10 MB compressed; JSON of this kind shrinks to a tenth. */
const SARIF_BYTES_MAX = 50 * 1024 * 1024;

/** Pages of 100 comments that are looked through. */
const PAGES_MAX = 50;

const {
  INPUT_NAME: name = "",
  INPUT_AUTHOR: author = "",
  INPUT_DIRECTORY: directory = "",
  INPUT_TOKEN: token = "",
} = process.env;
const { GITHUB_API_URL: api = "", GITHUB_REPOSITORY: repository = "", GITHUB_EVENT_PATH: eventFile = "" } = process.env;

/** The commit and the repository that were judged, as GitHub itself tells: of the run before this one, or of this one. */
function judgedHead() {
  const { workflow_run: run, pull_request: request } = JSON.parse(readFileSync(eventFile, "utf8"));
  const sha = run?.head_sha ?? request?.head?.sha;
  const from = run === undefined ? request?.head?.repo?.full_name : run.head_repository?.full_name;
  if (sha === undefined || from === undefined) throw new Nothing("this run belongs to no pull request");
  return { sha, from };
}

function claimedNumber() {
  const text = contentOf(directory, "pull-request.json", 1024);
  if (text === undefined) throw new Nothing("the check left no report");
  let number;
  try {
    ({ number } = JSON.parse(text));
  } catch {
    throw new Nothing("the report cannot be read");
  }
  if (number === null) throw new Nothing("the check was of no pull request");
  if (!Number.isInteger(number) || number < 1 || number > 2 ** 31)
    throw new Nothing("the report names no pull request");
  return number;
}

/** One call of GitHub's API. The token goes nowhere else, and no message holds it. */
async function call(method, path, body) {
  const response = await fetch(`${api}/repos/${repository}${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "x-github-api-version": "2022-11-28",
      "user-agent": "twodoor",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    redirect: "error",
    signal: AbortSignal.timeout(30_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`GitHub answered ${method} ${path} with ${String(response.status)}`);
  return response.json();
}

/** The pull request is the run's own only where its newest commit is the one that was judged, and comes from the same repository. */
async function confirmed(number, { sha, from }) {
  const { head, state } = await call("GET", `/pulls/${String(number)}`);
  if (head?.sha !== sha || head?.repo?.full_name !== from)
    throw new Nothing(`pull request ${String(number)} is at another commit than the one that was judged`);
  if (state !== "open") throw new Nothing(`pull request ${String(number)} is closed`);
}

async function ownComment(number, marker) {
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const comments = await call("GET", `/issues/${String(number)}/comments?per_page=100&page=${String(page)}`);
    const own = comments.find(({ body, user }) => user?.login === author && body?.startsWith(marker));
    if (own !== undefined || comments.length < 100) return own;
  }
  return undefined;
}

/** The SARIF file where it is JSON of an acceptable size: GitHub judges the rest. */
function sarif() {
  try {
    const text = contentOf(directory, "check.sarif", SARIF_BYTES_MAX);
    return text !== undefined && JSON.parse(text).version === "2.1.0" ? join(directory, "check.sarif") : "";
  } catch {
    return "";
  }
}

async function write() {
  const marker = markerOf(name);
  const head = judgedHead();
  const number = claimedNumber();
  await confirmed(number, head);
  const body = bodyOf(directory, marker, head.sha, BODY_MAX);
  const own = await ownComment(number, marker);
  const known = { sarif: sarif(), ref: `refs/pull/${String(number)}/head`, sha: head.sha };
  if (own === undefined) await call("POST", `/issues/${String(number)}/comments`, { body });
  else if (own.body !== body) await call("PATCH", `/issues/comments/${String(own.id)}`, { body });
  return { comment: own === undefined ? "created" : own.body === body ? "unchanged" : "updated", ...known };
}

write()
  .catch((error) => {
    if (!(error instanceof Nothing)) throw error;
    process.stdout.write(`Nothing is written: ${error.message}.\n`);
    return { comment: "none" };
  })
  .then((outputs) => {
    const lines = Object.entries(outputs).map(([key, value]) => `${key}=${value}\n`);
    if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, lines.join(""));
    process.stdout.write(`comment: ${outputs.comment}\n`);
  })
  .catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
