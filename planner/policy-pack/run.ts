import {
  AnalyzerStackConfigureRequest,
  type AnalyzeDiagnostic,
  type AnalyzerInfo,
  type AnalyzeResponse,
  type ConfigureAnalyzerRequest,
  type RemediateResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Graph, Location, Resource } from "../../resilience/graph";
import { connect, type PackClient } from "./client";
import {
  configurationRequest,
  initialConfiguration,
  kindName,
  levelName,
  resourceRequest,
  severityName,
  stackRequest,
  type PackConfiguration,
  type PackGraph,
  type PackLevel,
  type PackSeverity,
} from "./messages";
import { findPack, startPack } from "./process";
import { compareTexts } from "../../components/sizing/words";

/** How a pack is run. */
export interface PackOptions {
  /** As `--policy-pack-config` holds it. Defaults to none: every policy has its own level. */
  configuration?: PackConfiguration;
  /** Seconds after which the pack is stopped. Defaults to 120. */
  timeoutSeconds?: number;
  /** Stops it when aborted. */
  signal?: AbortSignal;
}

/** What a pack has to say about a design. */
export interface PackReport {
  name: string;
  /** Of PulumiPolicy.yaml where it says one, otherwise of package.json. */
  version: string;
  /** Every policy of the pack, by name. */
  policies: PackPolicy[];
  /** By policy, then by URN, then by message. */
  findings: PackFinding[];
  /** Resources that a policy of level `remediate` would change; the other policies have seen them changed. By policy, then by URN. */
  remediations: PackRemediation[];
}

/** One policy of a pack. */
export interface PackPolicy {
  name: string;
  description: string;
  kind: "resource" | "stack";
  /** The level that the configuration left it. */
  level: PackLevel;
  /** Whether it looked at anything: a disabled one did not, nor does one that calls every resource not applicable. */
  isApplicable: boolean;
}

/** One finding of a pack. */
export interface PackFinding {
  policy: string;
  level: PackLevel;
  severity: PackSeverity | null;
  /** The resource; null where it is about the whole stack. */
  urn: string | null;
  message: string;
  /** Where in the program the resource is made; null where nobody recorded it. */
  location: Location | null;
}

/** One change that a policy would make. */
export interface PackRemediation {
  policy: string;
  urn: string;
}

const DEFAULT_TIMEOUT_SECONDS = 120;

/** Resources that are asked about at once: as many as the engine's own default for a preview. */
const PARALLEL_CALLS = 16;

/**
 * Runs any CrossGuard pack for Node.js on a design: the same process and the same calls as the engine makes in a preview, without engine,
 * provider, credential or network. Of a plan, outputs that are no inputs are absent, where a preview has them as unknown; the pack's
 * configuration is not held against its schema.
 *
 * @param directory - of the pack's PulumiPolicy.yaml.
 * @throws SettingsError where there is no pack; PolicyPackError where it is no pack for Node.js, does not start, fails or does not answer.
 */
export async function runPolicyPack(directory: string, graph: Graph, options: PackOptions = {}): Promise<PackReport> {
  const { configuration = {}, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, signal } = options;
  const pack = findPack(directory);
  const running = await startPack(pack.directory, graph, timeoutSeconds, signal);
  const client = connect(running, directory);
  try {
    return await conversation(client, graph, configuration, pack.version);
  } finally {
    client.close();
    running.stop();
  }
}

async function conversation(
  client: PackClient,
  graph: Graph,
  configuration: PackConfiguration,
  version: string | undefined,
): Promise<PackReport> {
  await client.askIfKnown((pack, done) => pack.configureStack(stackOf(graph), done));
  const info = await client.ask<AnalyzerInfo>((pack, done) => pack.getAnalyzerInfo(new Empty(), done));
  const configured = configurationRequest(info.getPoliciesList(), [initialConfiguration(info), configuration]);
  await client.askIfKnown((pack, done) => pack.configure(configured, done));
  const known: PackGraph = { graph, byUrn: new Map(graph.resources.map((resource) => [resource.urn, resource])) };
  const said: Said = { findings: [], remediations: [], skipped: new Map() };
  const inputs = new Map<string, Resource["inputs"]>();
  // The engine does not ask about what is only read.
  const asked = graph.resources.filter(({ isExternal }) => !isExternal);
  for (let start = 0; start < asked.length; start += PARALLEL_CALLS) {
    const some = asked.slice(start, start + PARALLEL_CALLS);
    const seen = await Promise.all(some.map((resource) => askAbout(client, known, resource, said)));
    for (const [place, { urn }] of some.entries()) inputs.set(urn, seen[place] ?? {});
  }
  const last = stackRequest(known, inputs);
  hear(said, known, await client.ask<AnalyzeResponse>((pack, done) => pack.analyzeStack(last, done)));
  return {
    name: info.getName(),
    version: version ?? info.getVersion(),
    policies: policiesOf(info, configured, said, asked.length),
    findings: said.findings.sort(
      (a, b) =>
        compareTexts(a.policy, b.policy) ||
        compareTexts(a.urn ?? "", b.urn ?? "") ||
        compareTexts(a.message, b.message),
    ),
    remediations: said.remediations.sort((a, b) => compareTexts(a.policy, b.policy) || compareTexts(a.urn, b.urn)),
  };
}

/** What a pack has said so far. */
interface Said {
  findings: PackFinding[];
  remediations: PackRemediation[];
  /** How often each policy said that something is none of its business. */
  skipped: Map<string, number>;
}

function stackOf({ project, stack }: Graph): AnalyzerStackConfigureRequest {
  const request = new AnalyzerStackConfigureRequest();
  request.setStack(stack);
  request.setProject(project);
  request.setOrganization("organization");
  request.setDryRun(true);
  return request;
}

/** Asks about one resource, which is mended first where a policy does that; gives the inputs that the other policies then saw. */
async function askAbout(
  client: PackClient,
  known: PackGraph,
  resource: Resource,
  said: Said,
): Promise<Resource["inputs"]> {
  const request = resourceRequest(known, resource, resource.inputs);
  const mended = await client.askIfKnown<RemediateResponse>((pack, done) => pack.remediate(request, done));
  for (const remediation of mended?.getRemediationsList() ?? []) {
    const properties = remediation.getProperties();
    if (properties === undefined) continue;
    said.remediations.push({ policy: remediation.getPolicyname(), urn: resource.urn });
    request.setProperties(properties);
  }
  hear(said, known, await client.ask<AnalyzeResponse>((pack, done) => pack.analyze(request, done)), resource.urn);
  return request.getProperties()?.toJavaScript() ?? {};
}

/** @param urn - of the resource that was asked about; undefined where it was the stack. */
function hear(said: Said, known: PackGraph, response: AnalyzeResponse, urn?: string): void {
  for (const policy of response.getNotApplicableList()) {
    const name = policy.getPolicyName();
    said.skipped.set(name, (said.skipped.get(name) ?? 0) + 1);
  }
  said.findings.push(...response.getDiagnosticsList().map((diagnostic) => findingOf(known, diagnostic, urn)));
}

function findingOf({ byUrn }: PackGraph, diagnostic: AnalyzeDiagnostic, asked: string | undefined): PackFinding {
  const named = diagnostic.getUrn();
  const urn = named === "" ? (asked ?? null) : named;
  return {
    policy: diagnostic.getPolicyname(),
    level: levelName(diagnostic.getEnforcementlevel()),
    severity: severityName(diagnostic.getSeverity()),
    urn,
    message: diagnostic.getMessage(),
    location: urn === null ? null : (byUrn.get(urn)?.location ?? null),
  };
}

function policiesOf(
  info: AnalyzerInfo,
  configured: ConfigureAnalyzerRequest,
  { skipped }: Said,
  resources: number,
): PackPolicy[] {
  const levels = configured.getPolicyconfigMap();
  return info
    .getPoliciesList()
    .map((policy): PackPolicy => {
      const name = policy.getName();
      const kind = kindName(policy);
      const level = levelName(levels.get(name)?.getEnforcementlevel() ?? policy.getEnforcementlevel());
      const times = kind === "stack" ? 1 : resources;
      const isApplicable = level !== "disabled" && (skipped.get(name) ?? 0) < times;
      return { name, description: policy.getDescription(), kind, level, isApplicable };
    })
    .sort((a, b) => compareTexts(a.name, b.name));
}
