/**
 * Providers of any package, in one small server: they take every resource as it is written (`Check` adds no name and no default), know no
 * computed output before an update, and answer data sources and reads with what a test gives. So what the real engine sends them is what a program asked for.
 */
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  type RegisterResourceResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { Answers, JsonObject } from "../../planner";

/** What the providers serve. */
export interface EchoOptions {
  /** Names of packages: `aws`, `random`. */
  packages: readonly string[];
  /** Answers of data sources by token, and of reads by type, in the form of a plan's answers. What has none is answered with nothing. Defaults to none. */
  answers?: Answers;
}

/** A data source or a method of a resource, as a provider was asked for it. */
export interface EchoedCall {
  token: string;
  args: JsonObject;
  /** URN of the provider that was asked. */
  provider: string;
}

/** Serves the packages while `run` runs; it gets what an engine needs in its environment, and a list that grows by each call. */
export async function withEchoProviders<T>(
  { packages, answers = {} }: EchoOptions,
  run: (environment: Record<string, string>, calls: readonly EchoedCall[]) => Promise<T>,
): Promise<T> {
  const calls: EchoedCall[] = [];
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(
    ResourceProviderService,
    Object.fromEntries(Object.entries(methods(answers, calls)).map(([name, handler]) => [name, unary(handler)])),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  try {
    const attached = packages.map((name) => `${name}:${String(port)}`).join(",");
    return await run({ PULUMI_DEBUG_PROVIDERS: attached }, calls);
  } finally {
    server.forceShutdown();
  }
}

type Handler = { answer(request: object, peer: string): unknown }["answer"];

function unary(handler: Handler): grpc.handleUnaryCall<object, unknown> {
  return (call, reply) => {
    Promise.resolve(call.request)
      .then((request) => handler(request, call.getPeer()))
      .then(
        (response) => {
          reply(null, response);
        },
        (error: unknown) => {
          reply({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
        },
      );
  };
}

function methods(answers: Answers, calls: EchoedCall[]): Record<string, Handler> {
  const told = (token: string, args: JsonObject): JsonObject => answerOf(answers, token, args) ?? {};
  // Each provider has a connection of its own, and no call but Configure says which one it is for.
  const providers = new Map<string, string>();
  const asked = (request: rpc.InvokeRequest | rpc.CallRequest, peer: string): Struct => {
    const [token, args] = [request.getTok(), from(request.getArgs())];
    calls.push({ token, args, provider: providers.get(peer) ?? "" });
    return to(told(token, args));
  };
  return {
    handshake: () => new rpc.ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true),
    attach: () => new Empty(),
    cancel: () => new Empty(),
    // Lower than an SDK's, and the engine would warn.
    getPluginInfo: () => new PluginInfo().setVersion("999.0.0"),
    getSchema: () => new rpc.GetSchemaResponse().setSchema("{}"),
    parameterize: (request: rpc.ParameterizeRequest) =>
      new rpc.ParameterizeResponse()
        .setName(request.getValue()?.getName() ?? "")
        .setVersion(request.getValue()?.getVersion() ?? ""),
    checkConfig: (request: rpc.CheckRequest) => new rpc.CheckResponse().setInputs(request.getNews()),
    diffConfig: () => new rpc.DiffResponse().setChanges(rpc.DiffResponse.DiffChanges.DIFF_NONE),
    configure: (request: rpc.ConfigureRequest, peer: string) => {
      providers.set(peer, request.getUrn() ?? "");
      return new rpc.ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true).setSupportspreview(true);
    },
    check: (request: rpc.CheckRequest) => new rpc.CheckResponse().setInputs(request.getNews()),
    diff: () => new rpc.DiffResponse().setChanges(rpc.DiffResponse.DiffChanges.DIFF_NONE),
    // No id, as the Terraform bridge answers a preview: the SDK takes any text for an id that is known.
    create: (request: rpc.CreateRequest) =>
      new rpc.CreateResponse()
        .setId(request.getPreview() ? "" : `id-of-${request.getUrn()}`)
        .setProperties(request.getProperties()),
    read: (request: rpc.ReadRequest) => {
      const id = request.getId();
      const state = { ...from(request.getProperties()), ...told(request.getType(), { id }) };
      return new rpc.ReadResponse().setId(id).setProperties(to(state)).setInputs(to(state));
    },
    invoke: (request: rpc.InvokeRequest, peer: string) => new rpc.InvokeResponse().setReturn(asked(request, peer)),
    call: (request: rpc.CallRequest, peer: string) => new rpc.CallResponse().setReturn(asked(request, peer)),
    construct: constructed,
  };
}

/** The answer that stands for every call, or the first one whose arguments are all in the call. */
function answerOf(answers: Answers, token: string, args: JsonObject): JsonObject | undefined {
  const answer = answers[token];
  if (!Array.isArray(answer)) return answer;
  const fits = (wanted: JsonObject): boolean =>
    Object.entries(wanted).every(([key, value]) => JSON.stringify(args[key]) === JSON.stringify(value));
  return answer.find((candidate) => fits(candidate.args))?.result;
}

/** A packaged component without children and without outputs, registered with the program's engine as its plugin would. */
async function constructed(request: rpc.ConstructRequest): Promise<rpc.ConstructResponse> {
  const client = new ResourceMonitorClient(request.getMonitorendpoint(), grpc.credentials.createInsecure());
  try {
    const registration = new RegisterResourceRequest()
      .setType(request.getType())
      .setName(request.getName())
      .setParent(request.getParent())
      .setAliasspecs(true)
      .setAliasesList(request.getAliasesList())
      .setDependenciesList(request.getDependenciesList());
    const response = await new Promise<RegisterResourceResponse>((resolve, reject) => {
      client.registerResource(registration, (error, answer) => {
        if (error === null) resolve(answer);
        else reject(error);
      });
    });
    await new Promise<void>((resolve, reject) => {
      const outputs = new RegisterResourceOutputsRequest().setUrn(response.getUrn()).setOutputs(to({}));
      client.registerResourceOutputs(outputs, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
    return new rpc.ConstructResponse().setUrn(response.getUrn()).setState(to({}));
  } finally {
    client.close();
  }
}

function from(message: Struct | undefined): JsonObject {
  return message?.toJavaScript() ?? {};
}

function to(properties: JsonObject): Struct {
  return Struct.fromJavaScript(properties);
}
