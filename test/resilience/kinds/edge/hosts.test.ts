/**
 * Proves what host an address means and where a hostname of a cloud stands. It does not prove that clouds still give out such names: each
 * shape's source stands beside it.
 */
import { describe, expect, it } from "vitest";
import { isSpreadHost, whereaboutsOfHost, whereaboutsOfText } from "../../../../resilience/kinds/edge/host-places";
import { hostOf } from "../../../../resilience/kinds/edge/hosts";

describe("the host of an address", () => {
  it.each([
    ["A.Example.com.", "a.example.com"],
    ["https://a.example.com:443/path?x#y", "a.example.com"],
    ["tcp://192.0.2.1:22", "192.0.2.1"],
    ["https://user:word@a.example.com/", "a.example.com"],
    ["2001:DB8::1", "2001:db8::1"],
    ["https://[2001:db8::1]:8443/x", "2001:db8::1"],
    ["[2001:db8::1", "2001:db8::1"],
    ["api.example.com/*", "api.example.com"],
    ["", ""],
    ["__proto__", "__proto__"],
  ])("of %s is %s", (address, host) => {
    expect(hostOf(address)).toBe(host);
  });
});

describe("where a hostname stands", () => {
  it.each([
    ["lb-123.us-east-2.elb.amazonaws.com", "aws", "us-east-2"],
    ["nlb-123.elb.us-west-2.amazonaws.com", "aws", "us-west-2"],
    ["abc123.execute-api.eu-west-1.amazonaws.com", "aws", "eu-west-1"],
    ["xyz.lambda-url.us-east-1.on.aws", "aws", "us-east-1"],
    ["site.s3-website-us-east-1.amazonaws.com", "aws", "us-east-1"],
    ["site.s3-website.eu-central-1.amazonaws.com", "aws", "eu-central-1"],
    ["files.s3.us-east-2.amazonaws.com", "aws", "us-east-2"],
    ["ec2-192-0-2-1.compute-1.amazonaws.com", "aws", "us-east-1"],
    ["ec2-192-0-2-1.us-west-2.compute.amazonaws.com", "aws", "us-west-2"],
    ["abc.us-east-1.awsapprunner.com", "aws", "us-east-1"],
    ["shop.us-west-2.elasticbeanstalk.com", "aws", "us-west-2"],
    ["vpce-1.svc.us-east-2.vpce.amazonaws.com", "aws", "us-east-2"],
    ["d111.cloudfront.net", "aws", "global"],
    ["a123.awsglobalaccelerator.com", "aws", "global"],
    ["something.new.amazonaws.com", "aws", undefined],
    ["lb-123.us-nowhere-9.elb.amazonaws.com", "aws", undefined],
    ["api-123456789.us-central1.run.app", "gcp", "us-central1"],
    ["api-abcdefgh-uc.a.run.app", "gcp", undefined],
    ["us-east4-my-project.cloudfunctions.net", "gcp", "us-east4"],
    ["my-project.uc.r.appspot.com", "gcp", undefined],
    ["me.workers.dev", "cloudflare", "global"],
    ["shop.azurewebsites.net", "other", "azure"],
  ])("%s is %s %s", (host, cloud, region) => {
    expect(whereaboutsOfHost(host)).toEqual({ cloud, region });
  });

  it.each(["api.example.com", "192.0.2.1", "amazonaws.com.example.com", "", "constructor"])(
    "%s tells nothing",
    (host) => {
      expect(whereaboutsOfHost(host)).toBeUndefined();
    },
  );
});

describe("a place that a person wrote", () => {
  it.each([
    ["aws:us-east-2", { cloud: "aws", region: "us-east-2" }],
    ["gcp:us-central1", { cloud: "gcp", region: "us-central1" }],
    ["aws", { cloud: "aws", region: undefined }],
    ["aws:global", { cloud: "aws", region: "global" }],
    ["other:equinix-ny4", { cloud: "other", region: "equinix-ny4" }],
  ])("%s is understood", (text, place) => {
    expect(whereaboutsOfText(text)).toEqual(place);
  });

  it.each(["aws:us-east2", "us-east-2", "gcp:us-east-2", "aws:", "other", "other:", "", "azure:eastus"])(
    "%s is no place, so that a slip of the pen is no region that never fails",
    (text) => {
      expect(whereaboutsOfText(text)).toBeUndefined();
    },
  );
});

describe("a host whose vendor spreads what is behind it over a region's zones", () => {
  it.each([
    ["api-123.us-central1.run.app", true],
    ["a1b2c3.execute-api.us-east-2.amazonaws.com", true],
    ["xyz.lambda-url.us-east-1.on.aws", true],
    ["lb-123.us-east-2.elb.amazonaws.com", false],
    ["ec2-192-0-2-1.us-west-2.compute.amazonaws.com", false],
    ["192.0.2.1", false],
  ])("%s: %s", (host, isSpread) => {
    expect(isSpreadHost(host)).toBe(isSpread);
  });
});
