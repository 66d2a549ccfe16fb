import { Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  DeploymentInfo,
  ResourceMonitorFeature,
  SupportsFeatureResponse,
  type ReadResourceRequest,
  type RegisterPackageRequest,
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  type ResourceCallRequest,
  type ResourceInvokeRequest,
  type SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { deferred } from "./callbacks";
import type { Deployment } from "../deployment";
import { callMethod, invoke } from "./invoke";
import { framesOf, type Positioned } from "../location";
import { registerPackage } from "./package-request";
import { readResource, registerOutputs, registerResource } from "./register";

/** A running engine: the address that a program is started with. */
export interface OfflineEngine {
  /** `127.0.0.1:PORT` of the resource monitor. */
  address: string;
  /** Ends all connections. */
  stop(): void;
}

/** The features by the names that SDKs before 3.259 ask for; newer ones read the list of `GetDeploymentInfo`. */
const features = new Map([
  ["secrets", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_SECRETS],
  ["resourceReferences", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES],
  ["outputValues", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES],
  ["aliasSpecs", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS],
  ["replacementTrigger", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER],
  ["deletedWith", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_DELETED_WITH],
  ["replaceWith", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_REPLACE_WITH],
  ["transforms", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_TRANSFORMS],
  ["invokeTransforms", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS],
  ["parameterization", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION],
  ["resourceHooks", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS],
  ["errorHooks", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS],
  ["sendsOptionsToHooks", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_SENDS_OPTIONS_TO_HOOKS],
]);

/** Programs carry certificates and archives; gRPC's own limit is 4 MB. The engine allows 400 MB. */
const largestMessageBytes = 400 * 1024 * 1024;

/** What `ExistsResource` answers: `unknown: true`, since a plan asks no cloud. SDKs from 3.270 on have this call, and our stubs are older. */
const unknownExistence = Buffer.from([0x10, 0x01]);

const existsResource = {
  path: "/pulumirpc.ResourceMonitor/ExistsResource",
  requestStream: false,
  responseStream: false,
  requestSerialize: (bytes: Buffer) => bytes,
  requestDeserialize: (bytes: Buffer) => bytes,
  responseSerialize: (bytes: Buffer) => bytes,
  responseDeserialize: (bytes: Buffer) => bytes,
};

/** Starts the service that a program talks to, on a free port of the loopback address. */
export async function startEngine(deployment: Deployment): Promise<OfflineEngine> {
  const server = new Server({ "grpc.max_receive_message_length": largestMessageBytes });
  server.addService(
    { ...ResourceMonitorService, existsResource },
    { ...monitor(deployment), existsResource: unary(() => unknownExistence) },
  );
  const { promise, resolve, reject } = deferred<number>();
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) reject(error);
    else resolve(port);
  });
  const port = await promise;
  return {
    address: `127.0.0.1:${String(port)}`,
    stop: () => {
      deployment.callbacks.close();
      server.forceShutdown();
    },
  };
}

function monitor(deployment: Deployment) {
  return {
    getDeploymentInfo: unary(() => deploymentInfo(deployment)),
    supportsFeature: unary((request: SupportsFeatureRequest) => {
      const response = new SupportsFeatureResponse();
      response.setHassupport(features.has(request.getId()));
      return response;
    }),
    registerResource: fatal(deployment, (request: RegisterResourceRequest) => registerResource(deployment, request)),
    registerResourceOutputs: unary((request: RegisterResourceOutputsRequest) => {
      registerOutputs(deployment, request);
      return new Empty();
    }),
    readResource: fatal(deployment, (request: ReadResourceRequest) => readResource(deployment, request)),
    invoke: unary((request: ResourceInvokeRequest) => invoke(deployment, request)),
    call: unary((request: ResourceCallRequest) => callMethod(deployment, request)),
    registerPackage: unary((request: RegisterPackageRequest) => registerPackage(deployment, request)),
    registerStackTransform: unary((request: Callback) => {
      deployment.stackTransforms.push(request);
      return new Empty();
    }),
    registerStackInvokeTransform: unary((request: Callback) => {
      deployment.invokeTransforms.push(request);
      return new Empty();
    }),
    // A resource's binding names its hooks; nothing is created here, so none of them runs.
    registerResourceHook: unary(() => new Empty()),
    registerErrorHook: unary(() => new Empty()),
    signalAndWaitForShutdown: unary(() => new Empty()),
  };
}

function deploymentInfo({ project, stack, organization, configuration }: Deployment): DeploymentInfo {
  const info = new DeploymentInfo();
  info.setProject(project);
  info.setStack(stack);
  info.setOrganization(organization);
  info.setDryrun(true);
  info.setSupportedfeaturesList([...features.values()]);
  for (const [key, value] of Object.entries(configuration.values)) info.getConfigMap().set(key, value);
  info.setConfigsecretkeysList(configuration.secretKeys);
  return info;
}

/** A registration. Where the engine refuses one, it ends the program. */
function fatal<Request extends Positioned, Response>(
  deployment: Deployment,
  answer: (request: Request) => Response | Promise<Response>,
) {
  return unary(async (request: Request) => {
    try {
      return await answer(request);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      deployment.refusal ??= { message, frames: framesOf(request) };
      deployment.refused.abort();
      throw error;
    }
  });
}

/** A call with one request and one answer. What the answer's maker throws reaches the program as the engine's message. */
function unary<Request, Response>(answer: (request: Request) => Response | Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>): void => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => {
          done(null, response);
        },
        (error: unknown) => {
          done({ code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
        },
      );
  };
}
