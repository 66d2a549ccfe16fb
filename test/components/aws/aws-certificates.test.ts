// Proves that all AWS regions of a hostname share one validation record that no region's coming or going changes. It does not prove that
// ACM gives the same record in each region of an account, which is AWS's documented behaviour.
import { describe, expect, it } from "vitest";
import { AwsCertificates, awsCertificatesIssues, type AwsCertificatesArgs } from "../../../components/aws";
import { contractFindings, contractsMissing } from "../../support/contracts";
import { graphOf, record, UNKNOWN, value, type Recording } from "../../support/mocks";
import { skipped } from "../../support/skip";

const ZONE = "0123456789abcdef0123456789abcdef";
const args: AwsCertificatesArgs = {
  hostname: "api.example.com",
  regions: ["us-east-2", "us-west-2"],
  zoneId: ZONE,
};

/** As ACM answers: the same record in every region, with dots at the ends. */
const computed = (type: string, name: string): Record<string, unknown> =>
  type === "aws:acm/certificate:Certificate"
    ? {
        arn: `arn:${name}`,
        domainValidationOptions: [
          {
            domainName: "api.example.com",
            resourceRecordName: "_a1.api.example.com.",
            resourceRecordType: "CNAME",
            resourceRecordValue: "_b2.acm-validations.aws.",
          },
        ],
      }
    : {};

const recorded = (
  extra: Partial<AwsCertificatesArgs> = {},
  answers = computed,
): Promise<Recording<Record<string, string>>> =>
  record(async () => value(new AwsCertificates("api-aws", { ...args, ...extra }).certificateArns), {
    computed: answers,
  });

const RECORD = "cloudflare:index/dnsRecord:DnsRecord";

describe("AwsCertificates", () => {
  it("asks once in each region and writes one record for all", async () => {
    const run = await recorded();
    expect(run.counts()).toEqual({
      "aws:acm/certificate:Certificate": 2,
      "aws:acm/certificateValidation:CertificateValidation": 2,
      "cloudflare:index/dnsRecord:DnsRecord": 1,
      "twodoor:index:AwsCertificates": 1,
    });
    expect(run.result).toEqual({ "us-east-2": "arn:api-aws-us-east-2", "us-west-2": "arn:api-aws-us-west-2" });
    expect(run.all("aws:acm/certificate:Certificate").map((certificate) => certificate.inputs)).toEqual(
      args.regions.map((region) => ({
        region,
        domainName: "api.example.com",
        validationMethod: "DNS",
        keyAlgorithm: "RSA_2048",
        tags: {},
      })),
    );
  });

  it("writes the record DNS-only, without dots, and protected", async () => {
    const { inputs, protect, name } = (await recorded()).one(RECORD);
    expect(inputs).toEqual({
      zoneId: ZONE,
      type: "CNAME",
      name: "_a1.api.example.com",
      content: "_b2.acm-validations.aws",
      ttl: 300,
      proxied: false,
      comment: "ACM renews certificates by this record. Keep it, DNS-only.",
    });
    expect([protect, name]).toEqual([true, "api-aws-validation"]);
  });

  it.each([
    ["the first region goes", ["us-west-2"]],
    ["the last region goes", ["us-east-2"]],
    ["a region comes in front", ["us-east-1", "us-east-2", "us-west-2"]],
  ])("leaves the record as it is when %s", async (_case, regions) => {
    const before = (await recorded()).one(RECORD);
    const after = (await recorded({ regions })).one(RECORD);
    expect([after.urn, after.inputs]).toEqual([before.urn, before.inputs]);
  });

  it("changes nothing of the regions that stay while a new first region is not known yet", async () => {
    const whileNew = (type: string, name: string): Record<string, unknown> =>
      name === "api-aws-us-east-1" ? {} : computed(type, name);
    const run = await recorded({ regions: ["us-east-1", ...args.regions] }, whileNew);
    expect(
      run
        .all("aws:acm/certificateValidation:CertificateValidation")
        .map(({ inputs }) => [inputs["certificateArn"] as string, inputs["validationRecordFqdns"] as string[]]),
    ).toEqual([
      [UNKNOWN, [UNKNOWN]],
      ["arn:api-aws-us-east-2", ["_a1.api.example.com"]],
      ["arn:api-aws-us-west-2", ["_a1.api.example.com"]],
    ]);
  });

  it("issues only once the record is there", async () => {
    const run = await recorded();
    const record = run.one(RECORD).urn;
    expect(
      run
        .all("aws:acm/certificateValidation:CertificateValidation")
        .map(({ dependencies }) => dependencies.includes(record)),
    ).toEqual([true, true]);
  });

  it("leaves the record unprotected when told", async () => {
    expect((await recorded({ deletionProtected: false })).one(RECORD).protect).toBe(false);
  });

  it("shows each region's ARN by itself in its nodes", async () => {
    const whileNew = (type: string, name: string): Record<string, unknown> =>
      name === "api-aws-us-west-2" ? {} : computed(type, name);
    const run = await record(
      async () => {
        const { nodes } = new AwsCertificates("api-aws", args);
        return Promise.all(args.regions.map((region) => value(nodes.certificateArns[region] ?? "")));
      },
      { computed: whileNew },
    );
    expect(run.result).toEqual(["arn:api-aws-us-east-2", UNKNOWN]);
  });

  it.each([
    [
      { hostname: "*.example.com" },
      {
        path: "hostname",
        expected: "a full hostname in lower case, without wildcard or dot at its end",
        got: '"*.example.com"',
        fix: 'write it as clients call it, such as "api.example.com"',
      },
    ],
    [
      { hostname: `${"a".repeat(60)}.example.com` },
      {
        path: "hostname",
        expected: "at most 64 characters, as ACM demands",
        got: "72",
        fix: "choose a shorter hostname",
      },
    ],
    [
      { regions: [] },
      {
        path: "regions",
        expected: "at least one region",
        got: "an empty list",
        fix: "name the regions, or leave the component out",
      },
    ],
    [
      { regions: ["us-east-2", "us-east-2"] },
      { path: "regions[1]", expected: "each region once", got: '"us-east-2" again', fix: "remove one of them" },
    ],
    [
      { regions: ["us-central1"] },
      {
        path: "regions[0]",
        expected: "an AWS region",
        got: '"us-central1"',
        fix: 'write it as AWS does, such as "us-east-2"',
      },
    ],
  ])("rejects %j", (extra, issue) => {
    expect(awsCertificatesIssues({ ...args, ...extra })).toEqual([issue]);
  });
});

const missing = contractsMissing();
describe.skipIf(skipped(missing))("the vendors' contracts", () => {
  it("find nothing in certificates and their record", async () => {
    const run = await record(() => new AwsCertificates("api-aws", args));
    expect(contractFindings(graphOf(run))).toEqual([]);
  });
});
