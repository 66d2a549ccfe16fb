import { credentials } from "@grpc/grpc-js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import { CallbackInvokeRequest, type Callback } from "@pulumi/pulumi/proto/callback_pb";

/** Calls functions that live in the program (transforms). A program serves them on an address of its own. */
export class CallbackPool {
  /** One connection for each address. */
  readonly #clients = new Map<string, CallbacksClient>();

  /** Calls one function with an encoded request and returns its encoded answer. Rejects with the function's own error. */
  invoke(callback: Callback, request: Uint8Array): Promise<Uint8Array> {
    const target = callback.getTarget();
    let client = this.#clients.get(target);
    if (client === undefined) {
      client = new CallbacksClient(target, credentials.createInsecure());
      this.#clients.set(target, client);
    }
    const message = new CallbackInvokeRequest();
    message.setToken(callback.getToken());
    message.setRequest(request);
    const { promise, resolve, reject } = deferred<Uint8Array>();
    client.invoke(message, (error, response) => {
      if (error) reject(new Error(error.details));
      else resolve(response.getResponse_asU8());
    });
    return promise;
  }

  /** Closes all connections. */
  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }
}

/** A promise and what settles it. `Promise.withResolvers` needs Node 22. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
