import * as grpc from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { JsonObject } from "../../resilience/values";
import { difference } from "./diff";
import { decodedConfig, HalfMade, type LocalProvider, type Session } from "./local-provider";

/** A provider that listens on a port of the loopback interface. */
export interface RunningServer {
  port: number;
  /** Stops it; open connections are cut. */
  stop: () => void;
}

type Handler = { answer(request: object, peer: string): unknown }["answer"];

/** Answers are worked out one after another in the order of the calls, but for the keys and certificates of `tls`. */

/**
 * Serves a local provider by Pulumi's provider protocol on 127.0.0.1.
 *
 * @param version - what the provider calls itself; lower than the SDK's, the engine would warn.
 */
export async function serve(provider: LocalProvider, version: string): Promise<RunningServer> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  const handlers = Object.entries(methods(provider, version)).map(([name, handler]) => [name, unary(handler)] as const);
  server.addService(ResourceProviderService, Object.fromEntries(handlers));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    port,
    stop: () => {
      server.forceShutdown();
    },
  };
}

function unary(handler: Handler): grpc.handleUnaryCall<object, unknown> {
  const answer = (request: object, peer: string): Promise<unknown> =>
    new Promise((resolve) => {
      resolve(handler(request, peer));
    });
  return (call, reply) => {
    answer(call.request, call.getPeer()).then(
      (response) => {
        reply(null, response);
      },
      (error: unknown) => {
        reply(statusOf(error));
      },
    );
  };
}

function methods(provider: LocalProvider, version: string): Record<string, Handler> {
  // One connection for each provider instance, and no call but Configure says which instance it is for: the caller's
  // address tells them apart.
  const sessions = new Map<string, Session>();
  const session = (peer: string): Session => sessions.get(peer) ?? { config: {} };
  return {
    handshake: () =>
      new rpc.ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true).setAcceptOutputs(false),
    attach: () => new Empty(),
    cancel: () => new Empty(),
    getPluginInfo: () => new PluginInfo().setVersion(version),
    getSchema: () => new rpc.GetSchemaResponse().setSchema("{}"),
    checkConfig: (request: rpc.CheckRequest) => new rpc.CheckResponse().setInputs(request.getNews()),
    diffConfig: (request: rpc.DiffRequest) =>
      diffResponse(difference({}, from(request.getOldInputs()), from(request.getNews()), false)),
    configure: (request: rpc.ConfigureRequest, peer: string) => {
      sessions.set(peer, provider.configure(decodedConfig(from(request.getArgs()))));
      return new rpc.ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true).setSupportspreview(true);
    },
    ...resourceMethods(provider, session),
    invoke: (request: rpc.InvokeRequest, peer: string) =>
      new rpc.InvokeResponse().setReturn(to(provider.invoke(session(peer), request.getTok(), from(request.getArgs())))),
  };
}

/** Outputs hold the id besides, as every provider behind the Terraform bridge gives it: a policy pack learns it nowhere else. */
function resourceMethods(provider: LocalProvider, session: (peer: string) => Session): Record<string, Handler> {
  return {
    check: (request: rpc.CheckRequest, peer: string) => {
      const olds = request.hasOlds() ? from(request.getOlds()) : undefined;
      const { inputs, failures } = provider.check(session(peer), request.getUrn(), olds, from(request.getNews()));
      const list = failures.map(({ property, reason }) =>
        new rpc.CheckFailure().setProperty(property).setReason(reason),
      );
      return new rpc.CheckResponse().setInputs(to(inputs)).setFailuresList(list);
    },
    diff: (request: rpc.DiffRequest) =>
      diffResponse(provider.diff(request.getUrn(), from(request.getOldInputs()), from(request.getNews()))),
    create: async (request: rpc.CreateRequest, peer: string) => {
      const inputs = from(request.getProperties());
      if (request.getPreview()) {
        const state = provider.previewCreate(session(peer), request.getUrn(), inputs);
        // Without an id, as the Terraform bridge answers a preview (its `pf/tfbridge/provider_create.go`, `v2InstanceState2.ID`): the SDK
        // takes any text that is not empty for an id that is known, the sentinel too, and would build names out of it.
        return new rpc.CreateResponse().setProperties(to(state));
      }
      const { id, state } = await provider.create(session(peer), request.getUrn(), inputs);
      return new rpc.CreateResponse().setId(id).setProperties(to({ ...state, id }));
    },
    read: (request: rpc.ReadRequest, peer: string) => {
      const [id, urn] = [request.getId(), request.getUrn()];
      const found = provider.read(session(peer), urn, id, from(request.getProperties()), from(request.getInputs()));
      if (found === undefined) return new rpc.ReadResponse();
      return new rpc.ReadResponse()
        .setId(id)
        .setProperties(to({ ...found.state, id }))
        .setInputs(to(found.inputs));
    },
    update: (request: rpc.UpdateRequest, peer: string) => {
      const [news, olds, oldInputs] = [from(request.getNews()), from(request.getOlds()), from(request.getOldInputs())];
      const state = request.getPreview()
        ? provider.previewUpdate(session(peer), request.getUrn(), news, olds)
        : provider.update(session(peer), request.getUrn(), request.getId(), news, olds, oldInputs);
      return new rpc.UpdateResponse().setProperties(to({ ...state, id: request.getId() }));
    },
    delete: (request: rpc.DeleteRequest, peer: string) => {
      provider.delete(
        session(peer),
        request.getUrn(),
        request.getId(),
        from(request.getOldInputs()),
        from(request.getProperties()),
      );
      return new Empty();
    },
  };
}

function diffResponse({ changed, replaces, deleteBeforeReplace }: ReturnType<LocalProvider["diff"]>): rpc.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = rpc.DiffResponse.DiffChanges;
  const response = new rpc.DiffResponse()
    .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(changed)
    .setReplacesList(replaces)
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const name of changed) {
    const path = replaces.find(
      (replace) => replace === name || replace.startsWith(`${name}.`) || replace.startsWith(`${name}[`),
    );
    const kind = path === undefined ? rpc.PropertyDiff.Kind.UPDATE : rpc.PropertyDiff.Kind.UPDATE_REPLACE;
    response.getDetaileddiffMap().set(path ?? name, new rpc.PropertyDiff().setKind(kind).setInputdiff(true));
  }
  return response;
}

function statusOf(error: unknown): Partial<grpc.StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof HalfMade)) return { code: grpc.status.UNKNOWN, details: message };
  // As the Terraform bridge reports a thing that exists and failed afterwards: the state travels in the error.
  const failed = new rpc.ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(to({ ...error.state, id: error.id }))
    .setInputs(to(error.inputs))
    .setReasonsList([message]);
  const detail = new Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(message);
  status.addDetails(detail);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}

function from(message: Struct | undefined): JsonObject {
  return message?.toJavaScript() ?? {};
}

function to(properties: JsonObject): Struct {
  return Struct.fromJavaScript(properties);
}
