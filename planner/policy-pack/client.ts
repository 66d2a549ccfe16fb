import { credentials, status, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { deferred } from "../engine/callbacks";
import { PolicyPackError } from "./error";
import type { PackProcess } from "./process";

/** The engine allows as much; gRPC's own limit is 4 MB. */
const MESSAGE_BYTES_MAX = 400 * 1024 * 1024;

/** One call to a pack. */
export type Call<Response> = (
  client: AnalyzerClient,
  done: (error: ServiceError | null, response: Response) => void,
) => void;

/** Calls to a running pack. */
export interface PackClient {
  /** The answer. */
  ask: <Response>(call: Call<Response>) => Promise<Response>;
  /** The answer; undefined of a pack whose SDK is too old to know the call. */
  askIfKnown: <Response>(call: Call<Response>) => Promise<Response | undefined>;
  close: () => void;
}

/** Connects to a running pack. Calls reject with PolicyPackError, also when the process ends while they wait. */
export function connect({ address, ended }: PackProcess, directory: string): PackClient {
  const client = new AnalyzerClient(address, credentials.createInsecure(), {
    "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
    "grpc.max_send_message_length": MESSAGE_BYTES_MAX,
  });
  const askIfKnown = <Response>(call: Call<Response>): Promise<Response | undefined> => {
    const { promise, resolve, reject } = deferred<Response | undefined>();
    call(client, (error, response) => {
      if (error === null) resolve(response);
      else if (error.code === status.UNIMPLEMENTED) resolve(undefined);
      // A connection breaks before its process is seen to have ended, and the process tells more.
      else if (error.code !== status.UNAVAILABLE) {
        reject(new PolicyPackError(`The policy pack in ${directory} failed.`, error.details));
      }
    });
    return Promise.race([promise, ended]);
  };
  const ask = async <Response>(call: Call<Response>): Promise<Response> => {
    const response = await askIfKnown(call);
    if (response !== undefined) return response;
    throw new PolicyPackError(
      `The policy pack in ${directory} uses an SDK that is too old: it does not know the call.`,
    );
  };
  return {
    ask,
    askIfKnown,
    close: () => {
      client.close();
    },
  };
}
