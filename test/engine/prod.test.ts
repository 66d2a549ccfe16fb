// Proves that the prod stack is built from empty accounts and changed in every way that docs/guides/operations.md describes, on the real
// engine against clouds that refuse, and that each change touches what it says and nothing else. The steps share one stack and run in order.
// Does not prove what real clouds add: time, quotas, rights, and whether an image is any good.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withProviders, type Attached } from "../../twin/attach";
import { findEngine, openStack, skipsWithout, type OpenStack, type Outcome } from "../support/engine";
import { allOps, changesBeside } from "../support/steps";

const engine = findEngine();
const LIMIT = { timeout: 240_000 };
const NEW = `sha256:${"1".repeat(64)}`;
const NEWER = `sha256:${"2".repeat(64)}`;
const PROJECTS = ["example-exchange-central", "example-exchange-east"];

interface Region {
  cloud: string;
  region: string;
  serving?: boolean;
  imageDigest?: string;
  [key: string]: unknown;
}

describe.skipIf(skipsWithout(engine, "the prod stack on the real engine"))("the prod stack on the real engine", () => {
  let stack: OpenStack;
  beforeAll(async () => {
    stack = await openStack(engine.directory ?? "", { program: join(__dirname, "../.."), stack: "prod" });
  }, 60_000);
  afterAll(() => {
    stack.close();
  });

  /** Runs with providers of their own each time, as a person's commands do: the local clouds come back from their directory. */
  const attached = <T>(run: (clouds: Attached) => Promise<T>): Promise<T> =>
    withProviders(
      {
        world: join(stack.directory, "world"),
        settings: { cloudflarePlan: "enterprise", emptyProjects: PROJECTS },
      },
      run,
    );
  /** Everything that `up` has printed so far. */
  const printed: string[] = [];
  const up = async (): Promise<Outcome> => {
    const outcome = await attached(({ environment }) => stack.up(environment));
    printed.push(outcome.output);
    return outcome;
  };
  const preview = (): Promise<Outcome> => attached(({ environment }) => stack.preview(environment));
  const regionsEdited = (edit: (regions: Region[]) => Region[]): void => {
    stack.edit((config) => {
      config["twodoor:regions"] = edit(config["twodoor:regions"] as Region[]);
    });
  };
  const regionEdited = (name: string, change: Partial<Region>): void => {
    regionsEdited((regions) => regions.map((region) => (region.region === name ? { ...region, ...change } : region)));
  };
  const expectSteady = async (): Promise<void> => {
    const { errors, changes } = await preview();
    expect([errors, changes]).toEqual([[], []]);
  };

  it(
    "lays the foundation in empty accounts: APIs, registries, deploy identities, and nothing else",
    LIMIT,
    async () => {
      stack.edit((config) => {
        config["twodoor:stage"] = "foundation";
      });
      const { errors, changes } = await up();
      expect(errors).toEqual([]);
      const types = new Set(changes.map((change) => change.split(" ")[1]));
      expect([...types].filter((type) => type?.startsWith("twodoor:"))).toEqual([
        "twodoor:index:AwsDeployIdentity",
        "twodoor:index:AwsRegistry",
        "twodoor:index:GcpDeployIdentity",
        "twodoor:index:GcpProjectServices",
        "twodoor:index:GcpRegistry",
      ]);
      await expectSteady();
    },
  );

  it("builds the service on it, region after region, the load balancer last", LIMIT, async () => {
    stack.edit((config) => {
      config["twodoor:stage"] = "service";
    });
    const created = await up();
    expect(created.errors).toEqual([]);
    expect(allOps(created)).toEqual(["create"]);
    expect(
      orderOf(created, [
        "us-east-2-service",
        "us-central1-api",
        "us-west-2-service",
        "us-east4-api",
        "edge-load-balancer",
      ]),
    ).toEqual(["us-east-2-service", "us-central1-api", "us-west-2-service", "us-east4-api", "edge-load-balancer"]);
    await expectSteady();
  });

  it("makes the regions insist on the client certificate without replacing a door", LIMIT, async () => {
    stack.edit((config) => {
      config["twodoor:stage"] = "enforcement";
    });
    const { errors, changes } = await up();
    expect(errors).toEqual([]);
    expect(changes).toMatchInlineSnapshot(`
      [
        "create-replacement gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy exchange-us-central1-clients",
        "create-replacement gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy exchange-us-east4-clients",
        "delete-replaced gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy exchange-us-central1-clients",
        "delete-replaced gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy exchange-us-east4-clients",
        "replace gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy exchange-us-central1-clients",
        "replace gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy exchange-us-east4-clients",
        "update aws:lb/listener:Listener exchange-us-east-2-https",
        "update aws:lb/listener:Listener exchange-us-west-2-https",
        "update gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy exchange-us-central1-proxy",
        "update gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy exchange-us-east4-proxy",
      ]
    `);
    await expectSteady();
  });

  it("refreshes without a change", LIMIT, async () => {
    const { errors, changes } = await attached(({ environment }) => stack.refresh(environment));
    expect([errors, changes]).toEqual([[], []]);
    await expectSteady();
  });

  it("brings a new image to one region after another, and changes nothing else", LIMIT, async () => {
    stack.edit((config) => {
      config["twodoor:imageDigest"] = NEW;
    });
    const changed = await up();
    expect(changed.errors).toEqual([]);
    expect(changed.changes).toMatchInlineSnapshot(`
      [
        "create-replacement aws:ecs/taskDefinition:TaskDefinition exchange-us-east-2-task",
        "create-replacement aws:ecs/taskDefinition:TaskDefinition exchange-us-west-2-task",
        "delete-replaced aws:ecs/taskDefinition:TaskDefinition exchange-us-east-2-task",
        "delete-replaced aws:ecs/taskDefinition:TaskDefinition exchange-us-west-2-task",
        "replace aws:ecs/taskDefinition:TaskDefinition exchange-us-east-2-task",
        "replace aws:ecs/taskDefinition:TaskDefinition exchange-us-west-2-task",
        "update aws:ecs/service:Service exchange-us-east-2-service",
        "update aws:ecs/service:Service exchange-us-west-2-service",
        "update gcp:cloudrunv2/service:Service exchange-us-central1-api",
        "update gcp:cloudrunv2/service:Service exchange-us-east4-api",
      ]
    `);
    expect(orderOf(changed, ["us-east-2-service", "us-central1-api", "us-west-2-service", "us-east4-api"])).toEqual([
      "us-east-2-service",
      "us-central1-api",
      "us-west-2-service",
      "us-east4-api",
    ]);
    await expectSteady();
  });

  it("raises capacity in place", LIMIT, async () => {
    stack.edit((config) => {
      config["twodoor:capacity"] = { peakRequestsPerSecond: 6_000, requestsPerSecondPerReplica: 200 };
    });
    const { errors, changes } = await up();
    expect(errors).toEqual([]);
    expect(changes).toMatchInlineSnapshot(`
    [
      "update aws:appautoscaling/target:Target exchange-us-east-2-replicas",
      "update aws:appautoscaling/target:Target exchange-us-west-2-replicas",
      "update aws:cloudwatch/metricAlarm:MetricAlarm exchange-us-east-2-healthy-replicas",
      "update aws:cloudwatch/metricAlarm:MetricAlarm exchange-us-east-2-replica-ceiling",
      "update aws:cloudwatch/metricAlarm:MetricAlarm exchange-us-west-2-healthy-replicas",
      "update aws:cloudwatch/metricAlarm:MetricAlarm exchange-us-west-2-replica-ceiling",
      "update gcp:cloudrunv2/service:Service exchange-us-central1-api",
      "update gcp:cloudrunv2/service:Service exchange-us-east4-api",
      "update gcp:monitoring/alertPolicy:AlertPolicy exchange-us-central1-alarms-below-floor",
      "update gcp:monitoring/alertPolicy:AlertPolicy exchange-us-central1-alarms-near-ceiling",
      "update gcp:monitoring/alertPolicy:AlertPolicy exchange-us-east4-alarms-below-floor",
      "update gcp:monitoring/alertPolicy:AlertPolicy exchange-us-east4-alarms-near-ceiling",
    ]
  `);
    await expectSteady();
  });

  it("drains a region: floors of the others first, then the load balancer lets go of it", LIMIT, async () => {
    regionEdited("us-west-2", { serving: false });
    const drained = await up();
    expect(drained.errors).toEqual([]);
    expect(changesBeside(drained, "us-west-2")).toMatchInlineSnapshot(`
    [
      "update aws:appautoscaling/target:Target exchange-us-east-2-replicas",
      "update aws:cloudwatch/metricAlarm:MetricAlarm exchange-us-east-2-healthy-replicas",
      "update cloudflare:index/loadBalancer:LoadBalancer exchange-edge-load-balancer",
    ]
  `);
    expect(orderOf(drained, ["us-east-2-replicas", "us-central1-api", "edge-load-balancer"]).at(-1)).toBe(
      "edge-load-balancer",
    );
    await expectSteady();
  });

  it("removes it, and touches nothing of the others", LIMIT, async () => {
    regionsEdited((regions) => regions.filter(({ region }) => region !== "us-west-2"));
    const removed = await up();
    expect(removed.errors).toEqual([]);
    expect(changesBeside(removed, "us-west-2")).toMatchInlineSnapshot(`
    [
      "update aws:iam/policy:Policy exchange-deploy-compute",
      "update aws:iam/policy:Policy exchange-deploy-data",
      "update aws:iam/policy:Policy exchange-deploy-entry",
      "update aws:iam/policy:Policy exchange-deploy-network",
      "update aws:iam/policy:Policy exchange-deploy-read",
      "update cloudflare:index/notificationPolicy:NotificationPolicy exchange-edge-enablement-notification",
      "update cloudflare:index/notificationPolicy:NotificationPolicy exchange-edge-health-notification",
    ]
  `);
    expect(
      removed.changes.filter((change) => change.includes("us-west-2")).every((change) => change.startsWith("delete ")),
    ).toBe(true);
    await expectSteady();
  });

  it("adds a region without traffic, then lets it serve", LIMIT, async () => {
    const oregon = {
      cloud: "aws",
      region: "us-west-2",
      availabilityZones: ["us-west-2a", "us-west-2b", "us-west-2c"],
      cidrBlock: "10.18.0.0/16",
    };
    regionsEdited((regions) => [...regions, { ...oregon, serving: false }]);
    const added = await up();
    expect(added.errors).toEqual([]);
    expect(changesBeside(added, "us-west-2")).toMatchInlineSnapshot(`
      [
        "update aws:iam/policy:Policy exchange-deploy-compute",
        "update aws:iam/policy:Policy exchange-deploy-data",
        "update aws:iam/policy:Policy exchange-deploy-entry",
        "update aws:iam/policy:Policy exchange-deploy-network",
        "update aws:iam/policy:Policy exchange-deploy-read",
        "update cloudflare:index/notificationPolicy:NotificationPolicy exchange-edge-enablement-notification",
        "update cloudflare:index/notificationPolicy:NotificationPolicy exchange-edge-health-notification",
      ]
    `);
    await expectSteady();

    regionsEdited((regions) => regions.map(({ serving: _, ...region }) => region as Region));
    const serves = await up();
    expect(serves.errors).toEqual([]);
    expect(allOps(serves)).toEqual(["update"]);
    await expectSteady();
  });

  it("rotates the origin-pull certificate in three steps, each of which keeps the one in use", LIMIT, async () => {
    const generations = async (ids: string[], active: string): Promise<string[]> => {
      stack.edit((config) => {
        config["twodoor:originPulls"] = { generations: ids, active };
      });
      const { errors, changes } = await up();
      expect(errors).toEqual([]);
      await expectSteady();
      return changes;
    };
    expect(await generations(["2026a", "2027a"], "2026a")).toMatchInlineSnapshot(`
      [
        "create cloudflare:index/authenticatedOriginPullsHostnameCertificate:AuthenticatedOriginPullsHostnameCertificate exchange-origin-pulls-certificate-2027a",
        "create tls:index/certRequest:CertRequest exchange-origin-pulls-2027a-leaf-request",
        "create tls:index/locallySignedCert:LocallySignedCert exchange-origin-pulls-2027a-leaf",
        "create tls:index/privateKey:PrivateKey exchange-origin-pulls-2027a-authority-key",
        "create tls:index/privateKey:PrivateKey exchange-origin-pulls-2027a-leaf-key",
        "create tls:index/selfSignedCert:SelfSignedCert exchange-origin-pulls-2027a-authority",
        "update aws:lb/trustStore:TrustStore exchange-us-east-2-ca",
        "update aws:lb/trustStore:TrustStore exchange-us-west-2-ca",
        "update aws:s3/bucketObjectv2:BucketObjectv2 exchange-us-east-2-origin-pull",
        "update aws:s3/bucketObjectv2:BucketObjectv2 exchange-us-west-2-origin-pull",
        "update gcp:certificatemanager/trustConfig:TrustConfig exchange-us-central1-trust",
        "update gcp:certificatemanager/trustConfig:TrustConfig exchange-us-east4-trust",
      ]
    `);
    expect(await generations(["2026a", "2027a"], "2027a")).toMatchInlineSnapshot(`
      [
        "update cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls exchange-origin-pulls-association-api.example.com",
      ]
    `);
    expect(await generations(["2027a"], "2027a")).toMatchInlineSnapshot(`
      [
        "delete cloudflare:index/authenticatedOriginPullsHostnameCertificate:AuthenticatedOriginPullsHostnameCertificate exchange-origin-pulls-certificate-2026a",
        "delete tls:index/certRequest:CertRequest exchange-origin-pulls-2026a-leaf-request",
        "delete tls:index/locallySignedCert:LocallySignedCert exchange-origin-pulls-2026a-leaf",
        "delete tls:index/privateKey:PrivateKey exchange-origin-pulls-2026a-authority-key",
        "delete tls:index/privateKey:PrivateKey exchange-origin-pulls-2026a-leaf-key",
        "delete tls:index/selfSignedCert:SelfSignedCert exchange-origin-pulls-2026a-authority",
        "update aws:lb/trustStore:TrustStore exchange-us-east-2-ca",
        "update aws:lb/trustStore:TrustStore exchange-us-west-2-ca",
        "update aws:s3/bucketObjectv2:BucketObjectv2 exchange-us-east-2-origin-pull",
        "update aws:s3/bucketObjectv2:BucketObjectv2 exchange-us-west-2-origin-pull",
        "update gcp:certificatemanager/trustConfig:TrustConfig exchange-us-central1-trust",
        "update gcp:certificatemanager/trustConfig:TrustConfig exchange-us-east4-trust",
      ]
    `);
  });

  it.each([
    { dead: "aws" as const, living: ["us-central1", "us-east4"] },
    { dead: "gcp" as const, living: ["us-east-2", "us-west-2"] },
  ])("changes the image of the other cloud while $dead answers no call", LIMIT, async ({ dead, living }) => {
    stack.edit((config) => {
      config["twodoor:unreachable"] = [dead];
    });
    for (const region of living) regionEdited(region, { imageDigest: NEWER });
    const changed = await attached(({ environment, faults }) => {
      faults.setDead(dead, true);
      return stack.up(environment);
    });
    expect(changed.errors).toEqual([]);
    expect(changesBeside(changed, ...living)).toEqual([]);
    expect(changed.changes.filter((change) => change.startsWith("update "))).toHaveLength(2);
    stack.edit((config) => {
      delete config["twodoor:unreachable"];
    });
    await expectSteady();
  });

  it("does nothing and says why while AWS is dead and nobody has said so", LIMIT, async () => {
    regionEdited("us-central1", { imageDigest: NEW });
    const failed = await attached(({ environment, faults }) => {
      faults.setDead("aws", true);
      return stack.up(environment);
    });
    expect(failed.status).not.toBe(0);
    expect(failed.changes).toEqual([]);
    expect(failed.errors.join("\n")).toContain("validating provider credentials");
    regionEdited("us-central1", { imageDigest: NEWER });
    await expectSteady();
  });

  it("stops at the first region whose image does not run, and goes on from there", LIMIT, async () => {
    regionsEdited((regions) => regions.map(({ imageDigest: _, ...region }) => region as Region));
    stack.edit((config) => {
      config["twodoor:imageDigest"] = NEWER;
    });
    await up();
    const bad = `sha256:${"b".repeat(64)}`;
    stack.edit((config) => {
      config["twodoor:imageDigest"] = bad;
    });
    const failed = await withProviders(
      {
        world: join(stack.directory, "world"),
        settings: {
          cloudflarePlan: "enterprise",
          emptyProjects: PROJECTS,
          missingImages: [`123456789012.dkr.ecr.us-east-2.amazonaws.com/exchange@${bad}`],
        },
      },
      ({ environment }) => stack.up(environment),
    );
    expect(failed.status).not.toBe(0);
    expect(failed.failed.map((urn) => urn.split("::")[3])).toEqual(["exchange-us-east-2-service"]);
    expect(changesBeside(failed, "us-east-2")).toEqual([]);
    stack.edit((config) => {
      config["twodoor:imageDigest"] = NEWER;
    });
    const repaired = await up();
    expect(repaired.errors).toEqual([]);
    expect(changesBeside(repaired, "us-east-2")).toEqual([]);
    await expectSteady();
  });

  it("has shown no secret, and keeps none in the clear in its state", LIMIT, async () => {
    const credentials = await stack.secret("twodoor:journalCredentials");
    const others = JSON.parse(await stack.secret("twodoor:secrets")) as Record<string, string>;
    const plain = [credentials, ...Object.values(others)];
    expect(plain.map(({ length }) => length)).toEqual([28, 45, 47]);
    const places = { printed: printed.join("\n"), state: await stack.exported() };
    const found = Object.entries(places).filter(([, text]) =>
      [...plain, "PRIVATE KEY"].some((secret) => text.includes(secret)),
    );
    expect(found.map(([place]) => place)).toEqual([]);
  });

  it("is destroyed once its protection is taken off", LIMIT, async () => {
    const refused = await attached(({ environment }) => stack.destroy(environment));
    expect(refused.status).not.toBe(0);
    stack.edit((config) => {
      config["twodoor:deletionProtected"] = false;
    });
    expect((await up()).errors).toEqual([]);
    const destroyed = await attached(({ environment }) => stack.destroy(environment));
    expect(destroyed.errors).toEqual([]);
    expect(allOps(destroyed)).toEqual(["delete"]);
  });
});

/** The given resources (by the end of their names) in the order in which the engine began with them, first mention alone. */
function orderOf({ steps }: Outcome, ends: string[]): string[] {
  const begun = steps
    .filter(({ op }) => op !== "same")
    .flatMap(({ name }) => ends.find((end) => name.endsWith(end)) ?? []);
  return [...new Set(begun)];
}
