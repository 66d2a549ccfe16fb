/**
 * Proves that `aws.iam.getPolicyDocument` is computed as its documentation says: order of keys and sets, merging by `sid`, principals and
 * conditions. Does not prove it against the provider itself: the expected texts follow its documentation and the tests of its own
 * repository (`iam_policy_document_data_source_test.go`).
 */
import { describe, expect, it } from "vitest";
import { policyDocument } from "../../planner/answers/built-in/policy-document";
import type { Json, JsonObject } from "../../resilience/values";

const document = (args: JsonObject): Json => JSON.parse(policyDocument(args)?.["minifiedJson"] as string) as Json;
const statements = (...list: JsonObject[]): Json => {
  const content = document({ statements: list });
  return (content as { Statement: Json }).Statement;
};

describe("a statement", () => {
  it("allows unless it says otherwise, and has its keys in IAM's order", () => {
    const text = policyDocument({
      statements: [{ resources: ["arn:aws:s3:::b/*"], actions: ["s3:GetObject"], sid: "Read" }],
    })?.["json"];
    expect(text).toBe(`{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Read",
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::b/*"
    }
  ]
}`);
  });

  it("has sets in descending order, each member once, and a set of one as its only text", () => {
    expect(statements({ effect: "Deny", notActions: ["b", "a", "c", "a"], notResources: ["x"] })).toEqual([
      { Effect: "Deny", NotAction: ["c", "b", "a"], NotResource: "x" },
    ]);
  });

  it("takes `&{` for `${`, which Terraform would fill in itself", () => {
    expect(statements({ resources: ["arn:aws:s3:::b/&{aws:username}"] })).toEqual([
      { Effect: "Allow", Resource: "arn:aws:s3:::b/${aws:username}" },
    ]);
  });

  it.each<[string, JsonObject[], Json]>([
    ["one service", [{ type: "Service", identifiers: ["ec2.amazonaws.com"] }], { Service: "ec2.amazonaws.com" }],
    ["everybody", [{ type: "*", identifiers: ["*"] }], "*"],
    ["everybody who has an account", [{ type: "AWS", identifiers: ["*"] }], { AWS: "*" }],
    [
      "several of one kind",
      [
        { type: "Service", identifiers: ["b"] },
        { type: "AWS", identifiers: ["x"] },
        { type: "Service", identifiers: ["c", "a"] },
      ],
      { AWS: "x", Service: ["c", "b", "a"] },
    ],
  ])("names principals: %s", (_what, principals, expected) => {
    expect(statements({ principals })).toEqual([{ Effect: "Allow", Principal: expected }]);
    expect(statements({ notPrincipals: principals })).toEqual([{ Effect: "Allow", NotPrincipal: expected }]);
  });

  it("groups conditions by test and variable", () => {
    const conditions = [
      { test: "StringLike", variable: "s3:prefix", values: ["home/", ""] },
      { test: "Bool", variable: "aws:SecureTransport", values: ["false"] },
      { test: "StringLike", variable: "s3:prefix", values: ["home/&{aws:username}/"] },
    ];
    expect(statements({ conditions })).toEqual([
      {
        Effect: "Allow",
        Condition: {
          Bool: { "aws:SecureTransport": "false" },
          StringLike: { "s3:prefix": ["home/${aws:username}/", "home/", ""] },
        },
      },
    ]);
  });
});

describe("documents", () => {
  const source = JSON.stringify({
    Version: "2008-10-17",
    Id: "source",
    Statement: [
      { Sid: "a", Effect: "Deny", Action: "x" },
      { Effect: "Deny", Action: "y" },
    ],
  });
  const override = JSON.stringify({ Statement: { Effect: "Allow", Sid: "b", Action: ["z"] } });

  it("come as sources, own statements, overrides; one with a `sid` takes the place of the one before", () => {
    const args = {
      sourcePolicyDocuments: [source],
      statements: [{ sid: "a", actions: ["own"] }, { sid: "b", actions: ["own"] }, { actions: ["last"] }],
      overridePolicyDocuments: [override],
    };
    expect(document(args)).toEqual({
      Version: "2012-10-17",
      Id: "source",
      Statement: [
        { Sid: "a", Effect: "Allow", Action: "own" },
        { Effect: "Deny", Action: "y" },
        { Sid: "b", Effect: "Allow", Action: ["z"] },
        { Effect: "Allow", Action: "last" },
      ],
    });
  });

  it("have their principals and conditions written anew", () => {
    const written = {
      Effect: "Allow",
      Action: ["b", "c", "a"],
      Principal: { AWS: ["x", "z", "y"], Service: "s" },
      Condition: { Bool: { "aws:SecureTransport": false }, StringLike: { "s3:prefix": ["a", "b"], "aws:x": "y" } },
    };
    expect(document({ sourcePolicyDocuments: [JSON.stringify({ Statement: [written, { Principal: "*" }] })] })).toEqual(
      {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["b", "c", "a"],
            Principal: { AWS: ["z", "y", "x"], Service: "s" },
            Condition: {
              Bool: { "aws:SecureTransport": ["false"] },
              StringLike: { "s3:prefix": ["b", "a"], "aws:x": ["y"] },
            },
          },
          { Principal: "*" },
        ],
      },
    );
  });

  it("are escaped as Go escapes JSON", () => {
    expect(policyDocument({ statements: [{ sid: "a<b>&c" }] })?.["minifiedJson"]).toContain(
      '"Sid":"a\\u003cb\\u003e\\u0026c"',
    );
  });

  it("may be given by the older names, and have an id and a version of their own", () => {
    const args = { sourceJson: source, overrideJson: override, policyId: "mine", version: "2012-10-17" };
    expect(document(args)).toMatchObject({ Id: "mine", Version: "2012-10-17" });
    expect(Object.keys(document(args) as JsonObject)).toEqual(["Version", "Id", "Statement"]);
  });

  it("may be empty", () => {
    expect(document({})).toEqual({ Version: "2012-10-17", Statement: [] });
  });

  it.each([
    ["no JSON", "twodoor-unanswered-x"],
    ["no object", "[]"],
  ])("are not computed from %s", (_what, text) => {
    expect(policyDocument({ sourcePolicyDocuments: [text] })).toBeUndefined();
  });

  it("have the id that the provider makes of the text: its check sum", () => {
    // CRC-32 of the text below, by `python3 -c "import zlib; …"`.
    expect(policyDocument({})).toMatchObject({
      id: "1874026628",
      json: '{\n  "Version": "2012-10-17",\n  "Statement": []\n}',
    });
  });
});
