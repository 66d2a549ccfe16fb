/** Makes the stream that is the journal, once. */
import { setTimeout as sleep } from "node:timers/promises";
import { jetstreamManager, type StreamInfo } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { JournalMisconfigured } from "../../issues";
import { requiredConfig, streamProblems, type StreamChoice } from "../stream";

/** What `createStream` found or did. */
export interface Created {
  readonly wasThere: boolean;
  readonly info: StreamInfo;
}

/**
 * Makes the stream as the journal must be. One that is there and fit is left alone; nothing is ever changed.
 *
 * @param connection - with the operator's rights.
 * @param waitMs - how long to wait for the voters to agree, in milliseconds.
 * @throws JournalMisconfigured when a stream of that name is there and is not as it must be.
 */
export async function createStream(connection: NatsConnection, choice: StreamChoice, waitMs: number): Promise<Created> {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 3_000 });
  const endMs = performance.now() + waitMs;
  for (;;) {
    try {
      const existing = await manager.streams.info(choice.stream).catch((error: unknown) => {
        if (error instanceof Error && error.name === "StreamNotFoundError") return undefined;
        throw error;
      });
      const info = existing ?? (await manager.streams.add(requiredConfig(choice)));
      const problems = streamProblems(info, choice.replicas);
      if (problems.length > 0) throw new JournalMisconfigured(problems);
      return { wasThere: existing !== undefined, info };
    } catch (error) {
      // A cluster that has just started answers "temporarily unavailable" or not at all; the request is idempotent.
      if (error instanceof JournalMisconfigured || performance.now() > endMs) throw error;
      await sleep(200);
    }
  }
}
