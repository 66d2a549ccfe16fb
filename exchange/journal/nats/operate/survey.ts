/** Asks every server of the cluster, over the system account, what it holds itself: the leader's own description would hide another's damage. */
import type { NatsConnection } from "@nats-io/transport-node";
import { z } from "zod";

const replica = z.object({
  name: z.string(),
  current: z.boolean().default(false),
  offline: z.boolean().default(false),
  lag: z.number().default(0),
});

const streamDetail = z.object({
  name: z.string(),
  created: z.string(),
  cluster: z.object({ leader: z.string().default(""), replicas: z.array(replica).default([]) }).optional(),
  config: z.record(z.string(), z.unknown()).default({}),
  state: z.object({
    messages: z.number(),
    first_seq: z.number(),
    last_seq: z.number(),
    num_deleted: z.number().default(0),
    bytes: z.number().default(0),
  }),
});

const answer = z.object({
  server: z.object({ name: z.string(), ver: z.string(), tags: z.array(z.string()).default([]) }),
  data: z
    .object({
      config: z.object({ sync_always: z.boolean().default(false), max_storage: z.number().default(0) }).optional(),
      meta_cluster: z.object({ leader: z.string().default(""), cluster_size: z.number().default(0) }).optional(),
      account_details: z
        .array(z.object({ name: z.string(), stream_detail: z.array(streamDetail).default([]) }))
        .default([]),
    })
    .optional(),
});

/** What one voter says about itself. */
export interface VoterReport {
  readonly server: string;
  readonly version: string;
  /** Of the tag `site:…`; empty without one. */
  readonly site: string;
  readonly hasSyncAlways: boolean;
  /** JetStream servers of the whole cluster, as this one knows them; 0 when unknown or alone. */
  readonly clusterSize: number;
  /** Its own copy of the stream; `undefined` when it has none. */
  readonly stream: z.infer<typeof streamDetail> | undefined;
}

/** Turns one answer into a report; `undefined` when it is not one. */
export function voterReport(value: unknown, stream: string): VoterReport | undefined {
  const parsed = answer.safeParse(value);
  if (!parsed.success) return undefined;
  const { server, data } = parsed.data;
  const copies = (data?.account_details ?? []).flatMap((account) => account.stream_detail);
  return {
    server: server.name,
    version: server.ver,
    site: server.tags.find((tag) => tag.startsWith("site:"))?.slice("site:".length) ?? "",
    hasSyncAlways: data?.config?.sync_always === true,
    clusterSize: data?.meta_cluster?.cluster_size ?? 0,
    stream: copies.find((copy) => copy.name === stream),
  };
}

/**
 * Asks all servers at once and takes what comes within `waitMs`, at most 64 answers.
 *
 * @param connection - with the system account's key.
 */
export async function survey(connection: NatsConnection, stream: string, waitMs: number): Promise<VoterReport[]> {
  const body = JSON.stringify({ accounts: true, streams: true, config: true });
  const reports = new Map<string, VoterReport>();
  const answers = await connection.requestMany("$SYS.REQ.SERVER.PING.JSZ", body, {
    strategy: "timer",
    maxWait: waitMs,
    maxMessages: 64,
  });
  for await (const message of answers) {
    const report = voterReport(message.json(), stream);
    if (report !== undefined) reports.set(report.server, report);
  }
  return [...reports.values()].sort((a, b) => (a.server < b.server ? -1 : 1));
}
