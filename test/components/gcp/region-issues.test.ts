// Proves every refusal of a Google region's arguments, one change at a time from arguments that are taken. It does not prove that what is
// taken exists: certificates, images and projects are Google's to judge.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { ArgumentsError } from "../../../components/errors";
import { GcpRegion, gcpRegionIssues, type GcpRegionArgs } from "../../../components/gcp";
import { imageIssues } from "../../../components/gcp/region-issues";
import { record } from "../../support/mocks";
import { IMAGE, regionArgs } from "./region-fixture";

/** Paths and expectations alone: what is printed around them has a test of its own. */
function refusals(changes: Partial<GcpRegionArgs>): string[] {
  return gcpRegionIssues(regionArgs(changes)).map(({ path, expected, got }) => `${path}: ${expected}; got ${got}`);
}

describe("arguments that are taken", () => {
  it.each([
    ["only what has no default", {}],
    ["the largest replicas", { vcpus: 8, memoryMib: 32_768 }],
    ["values that are not known while planning", { hostname: pulumi.output("x"), image: pulumi.output("x") }],
    [
      "authorities that are not known while planning",
      { originPullMode: "accept", originPullAuthorities: pulumi.output("x") },
    ],
    ["ranges of one's own", { allowedRanges: ["192.0.2.0/24", "2001:db8::/32"] }],
    ["a network of one's own with any block", { cidrBlock: "", network: { networkId: "n", egressSubnetworkId: "s" } }],
  ] as [string, Partial<GcpRegionArgs>][])("%s", (_, changes) => {
    expect(gcpRegionIssues(regionArgs(changes))).toEqual([]);
  });
});

describe("refusals", () => {
  it.each([
    [
      "a project's name",
      { project: "Twodoor Central" },
      'project: a project id of 6 to 30 lower-case letters, digits and hyphens; got "Twodoor Central"',
    ],
    [
      "an AWS region",
      { region: "us-east-2", image: pulumi.output(""), certificateId: pulumi.output("") },
      'region: a Google Cloud region; got "us-east-2"',
    ],
    [
      "a wildcard hostname",
      { hostname: "*.example.com" },
      'hostname: a full hostname in lower case, without wildcard or dot at its end; got "*.example.com"',
    ],
    [
      "a global certificate",
      { certificateId: "projects/p/locations/global/certificates/c" },
      'certificateId: projects/PROJECT/locations/us-central1/certificates/NAME; got "projects/p/locations/global/certificates/c"',
    ],
    ["no replica", { minimumReplicas: 0 }, "minimumReplicas: a whole number from 1 to 1000; got 0"],
    ["half a replica", { maximumReplicas: 4.5 }, "maximumReplicas: a whole number from 1 to 1000; got 4.5"],
    ["a ceiling below the floor", { maximumReplicas: 3 }, "maximumReplicas: at least minimumReplicas (4); got 3"],
    ["a port that is none", { containerPort: 0 }, "containerPort: a whole number from 1 to 65535; got 0"],
    ["three CPUs", { vcpus: 3 }, "vcpus: one of 1, 2, 4, 8; got 3"],
    [
      "memory that is not whole GiB",
      { memoryMib: 1500 },
      "memoryMib: whole GiB from 1024 to 4096 for 1 virtual CPUs; got 1500",
    ],
    [
      "too much memory for the CPUs",
      { vcpus: 2, memoryMib: 9216 },
      "memoryMib: whole GiB from 1024 to 8192 for 2 virtual CPUs; got 9216",
    ],
    [
      "a variable that Cloud Run sets",
      { environment: { PORT: "80" } },
      'environment.PORT: another name than CLOUD, PORT, REGION; got "PORT"',
    ],
    [
      "a variable that is no identifier",
      { secrets: { "api-key": "x" } },
      'secrets.api-key: a name of letters, digits and _ that starts with no digit; got "api-key"',
    ],
    [
      "a name twice",
      { environment: { KEY: "a" }, secrets: { KEY: "b" } },
      'secrets.KEY: a name that `environment` does not have; got "KEY"',
    ],
    ["an empty secret", { secrets: { KEY: "" } }, "secrets.KEY: from 1 byte to 64 KiB; got a secret of 0 characters"],
    [
      "a secret that is too long",
      { secrets: { KEY: "x".repeat(65_537) } },
      "secrets.KEY: from 1 byte to 64 KiB; got a secret of 65537 characters",
    ],
    [
      "a path without root",
      { readinessPath: "ready" },
      'readinessPath: a path that starts with / and has at most 1024 characters; got "ready"',
    ],
    [
      "a variable of Cloud Run's own",
      { secrets: { K_SERVICE: "x" } },
      'secrets.K_SERVICE: another name than K_SERVICE, K_REVISION, K_CONFIGURATION; got "K_SERVICE"',
    ],
    ["no range", { allowedRanges: [] }, "allowedRanges: at least one address range; got an empty list"],
    [
      "the whole Internet",
      { allowedRanges: ["0.0.0.0/0"] },
      'allowedRanges[0]: less than the whole Internet; got "0.0.0.0/0"',
    ],
    [
      "a range with bits behind its prefix",
      { allowedRanges: ["192.0.2.1/24"] },
      'allowedRanges[0]: an IPv4 or IPv6 range; got "192.0.2.1/24"',
    ],
    [
      "origin pulls without authorities",
      { originPullMode: "accept" },
      'originPullAuthorities: at least one PEM certificate while originPullMode is "accept"; got nothing',
    ],
    [
      "authorities that are no certificate",
      { originPullMode: "enforce", originPullAuthorities: "PEM" },
      'originPullAuthorities: at least one PEM certificate while originPullMode is "enforce"; got a text without one',
    ],
    [
      "a retention that one cloud lacks",
      { logRetentionDays: 31 },
      "logRetentionDays: one of 1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 400; got 31",
    ],
    ["an address that is none", { alarmEmails: ["ops"] }, 'alarmEmails[0]: an e-mail address; got "ops"'],
    [
      "an address twice",
      { alarmEmails: ["a@b.co", "a@b.co"] },
      'alarmEmails[1]: each address once; got "a@b.co" again',
    ],
    [
      "a label in upper case",
      { tags: { Team: "x" } },
      'tags.Team: a tag of lower-case letters, digits, - and _, at most 63, the key starting with a letter; got "x"',
    ],
    [
      "too many labels",
      { tags: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${String(i)}`, "v"])) },
      "tags: at most 49 tags; got 50",
    ],
    ["no concurrency", { maximumConcurrency: 1001 }, "maximumConcurrency: a whole number from 1 to 1000; got 1001"],
    ["percent for a share", { requestLogSampleRate: 5 }, "requestLogSampleRate: a share from 0 to 1; got 5"],
    [
      "no quota",
      { serverlessRequestsPerSecondMax: 0 },
      "serverlessRequestsPerSecondMax: a whole number from 1 to 1000000; got 0",
    ],
  ] as [string, Partial<GcpRegionArgs>, string][])("rejects %s", (_, changes, expected) => {
    expect(refusals(changes)).toEqual([expected]);
  });

  it("rejects a mode and a tier that do not exist", () => {
    const unknown = { originPullMode: "strict", networkTier: "GOLD" } as object;
    expect(gcpRegionIssues({ ...regionArgs(), ...unknown }).map(({ path, expected }) => [path, expected])).toEqual([
      ["originPullMode", 'one of "off", "accept", "enforce"'],
      ["networkTier", 'one of "PREMIUM", "STANDARD"'],
    ]);
  });
});

describe("images", () => {
  it.each([
    ["by tag", { image: IMAGE.replace(/@.*/, ":latest") }, "name it by the digest that the push printed"],
    ["by tag and digest's beginning", { image: IMAGE.slice(0, -1) }, "name it by the digest that the push printed"],
    [
      "of another region",
      { image: IMAGE.replace("us-central1", "us-east4") },
      "copy it to this region's registry, or set externalImage",
    ],
    [
      "by tag of another registry",
      { image: "docker.io/a/b:1", externalImage: true },
      "name it by the digest that the push printed",
    ],
  ])("rejects one %s", (_, changes, fix) => {
    const issues = imageIssues({ region: "us-central1", ...changes });
    expect(issues.map((issue) => [issue.path, issue.fix])).toEqual([["image", fix]]);
  });

  it("takes one of another registry by digest when told so", () => {
    const image = `docker.io/library/exchange@sha256:${"b".repeat(64)}`;
    expect(imageIssues({ region: "us-central1", image, externalImage: true })).toEqual([]);
  });
});

describe("the message", () => {
  it("names every problem at once, before anything is made, and no secret", async () => {
    const broken = regionArgs({ region: "us-central", maximumReplicas: 2, secrets: { "my-key": "s3cret" } });
    const made: unknown[] = [];
    const recording = await record(() => {
      try {
        made.push(new GcpRegion("Exchange", broken));
      } catch (error) {
        if (error instanceof ArgumentsError) return error.message;
      }
      return "";
    });
    expect(made).toEqual([]);
    expect(recording.counts()).toEqual({});
    expect(recording.result).toMatchInlineSnapshot(`
      "GcpRegion "Exchange" cannot be built: 6 problems
        certificateId   expected projects/PROJECT/locations/us-central/certificates/NAME, got "projects/twodoor-central/locations/us-central1/certificates/api"; give it the id of a certificate of this region: a global one cannot serve a regional load balancer
        image   expected an image by digest: us-central-docker.pkg.dev/PROJECT/REPOSITORY/NAME@sha256:..., got "us-central1-docker.pkg.dev/twodoor-central/exchange/exchange@sha256:aaaaaaaaa..."; copy it to this region's registry, or set externalImage
        maximumReplicas   expected at least minimumReplicas (4), got 2; raise it
        name   expected lower-case letters, digits and hyphens, starting with a letter, got "Exchange"; rename the component, since Google's names are made from it
        region   expected a Google Cloud region, got "us-central"; write it as Google does, such as "us-central1"
        secrets.my-key   expected a name of letters, digits and _ that starts with no digit, got "my-key"; rename it"
    `);
    expect(recording.result).not.toContain("s3cret");
  });
});
