// Writes one note into a GitLab merge request and keeps it up to date (https://docs.gitlab.com/api/notes/#merge-requests). It runs in a job of its own,
// which runs nothing of the merge request, so that its code never sees the token.
import { bodyOf, markerOf, Nothing } from "./pull-request-text.mjs";

/** Longest note that GitLab takes (https://docs.gitlab.com/administration/instance_limits/#size-of-comments-and-descriptions-of-issues-merge-requests-and-epics). */
const BODY_MAX = 1_000_000;

/** Pages of 100 notes that are looked through. */
const PAGES_MAX = 50;

const { INPUT_NAME: name = "", INPUT_DIRECTORY: directory = "", TWODOOR_NOTE_TOKEN: token = "" } = process.env;
const { CI_API_V4_URL: api, CI_PROJECT_ID: project, CI_MERGE_REQUEST_IID: number, CI_COMMIT_SHA: sha } = process.env;

async function call(method, path, body) {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: { "private-token": token, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    redirect: "error",
    signal: AbortSignal.timeout(30_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`GitLab answered ${method} ${path} with ${String(response.status)}`);
  return response.json();
}

async function write() {
  const marker = markerOf(name);
  const body = bodyOf(directory, marker, sha, BODY_MAX);
  const notes = `/projects/${project}/merge_requests/${number}/notes`;
  const { id: self } = await call("GET", "/user");
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const found = await call("GET", `${notes}?per_page=100&page=${String(page)}`);
    const own = found.find((note) => note.author?.id === self && note.body?.startsWith(marker));
    if (own?.body === body) return "unchanged";
    if (own !== undefined) {
      await call("PUT", `${notes}/${String(own.id)}`, { body });
      return "updated";
    }
    if (found.length < 100) break;
  }
  await call("POST", notes, { body });
  return "created";
}

write().then(
  (done) => process.stdout.write(`note: ${done}\n`),
  (error) => {
    process.stderr.write(`${error.message}\n`);
    // A job that left nothing is no mistake of this one.
    process.exitCode = error instanceof Nothing ? 0 : 1;
  },
);
