import type { Design } from "../../resilience/design";
import type { Resource } from "../../resilience/graph";
import { hostnameOf } from "../../resilience/outcome";
import type { SurvivalRow } from "../../resilience/survival";
import { unseenOf } from "../../resilience/unseen";
import { outages } from "../outages";

import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { cloudsOf, serversOf } from "../serving";
import { listed } from "../../components/sizing/words";

/**
 * TOP-05. Every row of the survival table but the edge's, which is EDG-14's. Rows that lose the same parts (a region and the ground that
 * nothing else stands on) are one finding: one change mends them. A design in which nobody is served even while nothing fails is told so
 * once, since every row of it says the same.
 */
export const top05: Rule = {
  id: "TOP-05",
  title: "No single failure domain takes every serving path",
  level: Level.Mandatory,
  severity: "critical",
  why: "Clouds, regions, zones, accounts and the ground under them fail as one, with everything that needs them. Whether the rest still serves is seen only by taking each away in turn: a second region that reads its database in the first one is no second region.",
  outages: [outages.dynamoDb, outages.serviceControl, outages.coinbase, outages.railway],
  fix: "Give what the chain ends in a second place, or let the path do without it.",
  references: [
    "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/abstract-and-introduction.html",
    "https://cloud.google.com/architecture/infra-reliability-guide/building-blocks",
  ],
  otherTools: [
    "AWS Resilience Hub estimates the loss of a zone or region for registered applications on AWS alone",
    "Amazon ARC readiness checks compared cells at run time; they are closed to new customers",
  ],
  subsumedBy: [],
  judge,
};

function judge({ design, survival }: Judged): RuleFinding[] | undefined {
  if (design.doors.length === 0) {
    const hiding = [...unseen(design, true), ...leadingOutside(design)];
    return hiding.length === 0 ? undefined : hiding;
  }
  const { whole } = survival;
  if (whole.because !== null) {
    return [
      violation(
        startOf(design, whole),
        `before anything fails, requests to ${namesOf(design, whole)} fail: ${whole.because}`,
        "complete the path: every door needs a pool or entry that leads to something that runs",
      ),
    ];
  }
  const domains = survival.rows.filter(({ domain }) => domain !== "edge");
  const rows = domains.filter(({ survives }) => !survives);
  const told = whole.undecided === null ? [] : [whole];
  return [
    ...grouped(rows.filter(({ because }) => because !== null)).map((group) => lossOf(design, group)),
    ...grouped([...told, ...rows.filter(({ undecided }) => undecided !== null)]).map((group) => doubtOf(design, group)),
    ...(domains.length === 0 ? placeless(design) : []),
    ...unseen(design, false),
    ...(leadsInside(design) ? [] : leadingOutside(design)),
  ];
}

/** Whether any door leads to something of the design: then names that lead elsewhere are beside the point. */
function leadsInside({ parts, serving }: Design): boolean {
  return [...serving].some((id) => {
    const part = parts.get(id);
    return part !== undefined && part.role !== "door" && part.role !== "pool" && part.urn !== null;
  });
}

/** Names and Workers that lead clients to where nothing of the design stands, in a design of such things alone. */
function leadingOutside(design: Design): RuleFinding[] {
  const { addresses, workers } = unseenOf(design);
  return [
    ...addresses.map(({ record, path, host, names }): RuleFinding => {
      const more = names === 1 ? "" : ` and ${String(names - 1)} more`;
      const where = host ?? "an address that is not known in this plan";
      return {
        verdict: "undecided",
        urn: record.urn,
        message: `${path} of ${record.name}${more} ${names === 1 ? "leads" : "lead"} clients to ${where}, and nothing of this design stands there: nobody can say which outage stops what serves there`,
        fix: `say in the settings where it stands, under design.origins as "${host ?? record.name}", or judge the design that makes it`,
      };
    }),
    ...workers.map(({ resource, hostname }): RuleFinding => ({
      verdict: "undecided",
      urn: resource.urn,
      message: `where the Worker behind ${hostname} sends requests is told by its code alone, so nobody can say which outage stops it`,
      fix: `say in the settings where what it calls stands, under design.origins as "${hostname}"; if it answers at the edge by itself, waive this with that reason`,
    })),
  ];
}

/**
 * What may serve and is not seen. Where nothing else serves, a design of such things would pass unread; beside something that does serve,
 * a component that a plugin makes may be a second way in, of which nobody can say anything.
 */
function unseen(design: Design, isAlone: boolean): RuleFinding[] {
  const { components, templates, clusters, servers } = unseenOf(design);
  const isMade = (name: string): string =>
    `what ${name} makes is not in this plan, so nobody can say whether it serves and which outage stops it`;
  const made = [
    ...hidden(
      components,
      isMade,
      () => "judge `pulumi preview --json` or the stack's state, which hold what such components make",
    ),
    ...hidden(
      templates,
      isMade,
      () => "make it with this program; what a template makes is in no plan and in no state",
    ),
  ];
  if (!isAlone) return made;
  return [
    ...made,
    ...hidden(
      clusters,
      (name) =>
        `what runs in ${name} is not in this plan, so nobody can say whether it serves and which outage stops it`,
      () =>
        "plan the load balancer that leads to it here, or tag the cluster twodoor:serving=false if no client asks it",
    ),
    ...hidden(
      servers,
      (name) => `${name} may serve and is not understood, so nobody can say which outage stops what it serves`,
      (type) => `if no client asks it, ${excuseOf(type)}; otherwise judge it by hand, since this check cannot`,
    ),
  ];
}

/** How the owner of something that is not understood says that it serves nobody: charts and files of manifests have no labels of their own. */
function excuseOf(type: string): string {
  if (!type.startsWith("kubernetes:")) return "tag it twodoor:serving=false, or waive this with that reason";
  return /^kubernetes:(?:helm\.sh|yaml|kustomize)/.test(type)
    ? "waive this with that reason"
    : "label it twodoor-serving=false (metadata.labels)";
}

/** One finding for each, so that each can be waived, and what is added later is told again. */
function hidden(
  resources: readonly Resource[],
  message: (name: string) => string,
  fix: (type: string) => string,
): RuleFinding[] {
  return resources.map(({ urn, name, type }) => ({
    verdict: "undecided",
    urn,
    message: message(`${name} (${type})`),
    fix: fix(type),
  }));
}

/** Nothing could be taken away: that is no pass where something serves of which nobody knows where it stands. */
function placeless(design: Design): RuleFinding[] {
  const servers = serversOf(
    design,
    design.doors.map(({ id }) => id),
  );
  const [missing] = cloudsOf(servers).unknowns;
  return missing === undefined ? [] : [undecided(missing, "so nobody can say which outage stops what serves")];
}

/** Rows that say the same, each group in the table's order. */
function grouped(rows: readonly SurvivalRow[]): SurvivalRow[][] {
  const groups = new Map<string, SurvivalRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.undecided !== null, row.doors, row.lost, row.chain]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()];
}

function lossOf(design: Design, group: readonly SurvivalRow[]): RuleFinding {
  const [first] = group;
  if (first === undefined) throw new Error("a group has a row");
  const domains = either(group.map(({ domain }) => domain));
  const pool = first.chain.map((id) => design.parts.get(id)).find((part) => part?.role === "pool");
  return violation(
    startOf(design, first),
    `without ${domains}, requests to ${namesOf(design, first)} fail: ${shortest(group.map(({ because }) => because ?? ""))}`,
    isTrapped(first) && pool !== undefined
      ? `set a monitor on ${pool.label}, so that the edge takes it out`
      : `have the last thing of that chain a second time outside ${domains}, or let the path do without it`,
  );
}

/** Whether the edge is still there and sends requests to what is gone. */
function isTrapped({ doors, lost }: SurvivalRow): boolean {
  const gone = new Set(lost);
  return doors.every((id) => !gone.has(id));
}

function doubtOf(design: Design, group: readonly SurvivalRow[]): RuleFinding {
  const [first] = group;
  const domains = group.map(({ domain }) => domain).filter((domain) => domain !== "nothing");
  const state = domains.length === group.length ? `without ${either(domains)}` : "even before anything fails";
  return {
    verdict: "undecided",
    urn: first === undefined ? null : startOf(design, first),
    message: `nobody can say whether all are served ${state}: ${shortest(group.map((row) => row.undecided ?? ""))}`,
    fix: "write down what is not known as a plain value or in the settings, or judge the stack's state after an update",
  };
}

/** The hostnames of which requests fail. */
function namesOf(design: Design, { doors }: SurvivalRow): string {
  const names = doors.flatMap((id) => {
    const part = design.parts.get(id);
    return part?.role === "door" ? [hostnameOf(part)] : [];
  });
  return listed(names);
}

/** Of texts that say the same the one with the least in it. */
function shortest(texts: readonly string[]): string {
  return [...texts].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] ?? "";
}

/** Where the finding points to: the first thing of the chain that is a resource, which is the door where that is one. */
function startOf(design: Design, { chain }: SurvivalRow): string | null {
  for (const id of chain) {
    const urn = design.parts.get(id)?.urn ?? null;
    if (urn !== null) return urn;
  }
  return null;
}

function either(domains: readonly string[]): string {
  return listed(domains, 8).replace(/ and (?=[^ ]*$)/, " or ");
}
