// Proves what goes over the wire beside plain answers: instances told apart by their connection, a half-made thing's state inside the
// error, check failures, unknown ids in previews. Does not prove the engine's side; test/engine does.
import * as grpc from "@grpc/grpc-js";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { describe, expect, it } from "vitest";
import { withProviders } from "../../../twin/attach";
import { unknownValue } from "../../../resilience/values";

const VPC = "aws:ec2/vpc:Vpc";
const URN = `urn:pulumi:test::wire::${VPC}::vpc`;
const struct = (value: Record<string, JavaScriptValue>): Struct => Struct.fromJavaScript(value);

/** Runs `use` with a way to open connections to the local AWS, and closes them. */
async function withClients(
  faults: { failHalfway?: string[] },
  use: (connect: () => ResourceProviderClient) => Promise<void>,
): Promise<void> {
  await withProviders({ faults }, async ({ environment }) => {
    const port = /aws:(\d+)/.exec(environment.PULUMI_DEBUG_PROVIDERS)?.[1] ?? "";
    const clients: ResourceProviderClient[] = [];
    const connect = (): ResourceProviderClient => {
      // Without a pool of its own each client would share one connection, as no two provider instances of the engine do.
      const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
        "grpc.use_local_subchannel_pool": 1,
      });
      clients.push(client);
      return client;
    };
    try {
      await use(connect);
    } finally {
      for (const client of clients) client.close();
    }
  });
}

function configure(client: ResourceProviderClient, region: string): Promise<rpc.ConfigureResponse> {
  const request = new rpc.ConfigureRequest().setArgs(struct({ region }));
  return new Promise((done, fail) =>
    client.configure(request, (error, answer) => {
      if (error === null) done(answer);
      else fail(error);
    }),
  );
}

function create(client: ResourceProviderClient, preview: boolean): Promise<rpc.CreateResponse | grpc.ServiceError> {
  const request = new rpc.CreateRequest()
    .setUrn(URN)
    .setProperties(struct({ cidrBlock: "10.0.0.0/16" }))
    .setPreview(preview);
  return new Promise((done) =>
    client.create(request, (error, answer) => {
      done(error ?? answer);
    }),
  );
}

describe("the provider protocol", () => {
  it("tells provider instances apart by their connection", async () => {
    await withClients({}, async (connect) => {
      const [ohio, oregon] = [connect(), connect()];
      expect((await configure(ohio, "us-east-2")).getSupportspreview()).toBe(true);
      await configure(oregon, "us-west-2");
      const regions = await Promise.all(
        [ohio, oregon].map(
          async (client) =>
            ((await create(client, false)) as rpc.CreateResponse).getProperties()?.toJavaScript()["region"],
        ),
      );
      expect(regions).toEqual(["us-east-2", "us-west-2"]);
    });
  });

  it("knows no id in a preview", async () => {
    await withClients({}, async (connect) => {
      const answer = (await create(connect(), true)) as rpc.CreateResponse;
      expect([answer.getId(), answer.getProperties()?.toJavaScript()["arn"]]).toEqual(["", unknownValue]);
    });
  });

  it("sends the state of a half-made thing in the error's details", async () => {
    await withClients({ failHalfway: [VPC] }, async (connect) => {
      const error = (await create(connect(), false)) as grpc.ServiceError;
      const message = "creating aws:ec2/vpc:Vpc (vpc): a fault of the twin, asked for by whoever started it";
      const status = Status.deserializeBinary(
        new Uint8Array(error.metadata.get("grpc-status-details-bin")[0] as Buffer),
      );
      expect([error.code, error.details, status.getCode(), status.getMessage()]).toEqual([
        grpc.status.UNKNOWN,
        message,
        grpc.status.UNKNOWN,
        message,
      ]);
      const [detail] = status.getDetailsList();
      expect(detail?.getTypeUrl()).toBe("type.googleapis.com/pulumirpc.ErrorResourceInitFailed");
      const failed = rpc.ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
      expect(failed.getId()).toMatch(/^vpc-[0-9a-f]{17}$/);
      expect([failed.getReasonsList(), failed.getInputs()?.toJavaScript()]).toEqual([
        [message],
        { cidrBlock: "10.0.0.0/16" },
      ]);
    });
  });

  it("answers a check that refuses with the reason", async () => {
    await withClients({}, async (connect) => {
      const request = new rpc.CheckRequest().setUrn(URN).setNews(struct({ cidrBlock: "10.0.0.1/16" }));
      const answer = await new Promise<rpc.CheckResponse>((done, fail) =>
        connect().check(request, (error, value) => {
          if (error === null) done(value);
          else fail(error);
        }),
      );
      expect(answer.getFailuresList().map((failure) => failure.getReason())).toEqual([
        '"10.0.0.1/16" is not a valid IPv4 CIDR block; did you mean "10.0.0.0/16"?',
      ]);
    });
  });
});
