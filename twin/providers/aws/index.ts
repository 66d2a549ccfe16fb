import { flag, regionOf } from "../local-provider";
import type { CloudModel, DeadCall } from "../model";
import { isObject, type JsonObject } from "../../../resilience/values";
import { text, texts } from "../../values";
import { account } from "./account";
import { balancing } from "./balancing";
import { compute } from "./compute";
import { network } from "./network";
import { refusals } from "./refusals";
import { sources } from "./sources";

const resources = { ...network, ...balancing, ...compute, ...account };

/** Amazon Web Services as `@pulumi/aws` 7 sees it. */
export const aws: CloudModel = {
  name: "aws",
  resources,
  refusals,
  sources,
  namedMeansDeleteFirst: true,
  scopeOf: (inputs, config, settings) => {
    const region = regionOf(inputs, config);
    return {
      account: texts(config, "allowedAccountIds")[0] ?? settings.awsAccount,
      ...(region === undefined ? {} : { region }),
    };
  },
  common: ({ type, inputs, scope }) => ({
    ...(type.startsWith("aws:iam/") || scope.region === undefined ? {} : { region: scope.region }),
    tagsAll: isObject(inputs["tags"]) ? inputs["tags"] : {},
  }),
  // A setting of a bucket or a default group is written over what is there.
  exists: ({ type, id }) =>
    type.startsWith("aws:s3/bucket") || type.startsWith("aws:ec2/default")
      ? undefined
      : `creating ${type} (${id}): ${alreadyExists(type)}`,
  unreachable,
  invokes: {
    "aws:index/getCallerIdentity:getCallerIdentity": (_, scope) => ({
      id: scope.account ?? "",
      accountId: scope.account ?? "",
      arn: `arn:aws:iam::${scope.account ?? ""}:user/twin`,
      userId: "AIDATWIN",
    }),
    "aws:index/getRegion:getRegion": (args, scope) => {
      const region = text(args, "region") ?? scope.region ?? "";
      return { id: region, name: region, region, description: region, endpoint: `ec2.${region}.amazonaws.com` };
    },
    "aws:index/getPartition:getPartition": () => ({
      id: "aws",
      partition: "aws",
      dnsSuffix: "amazonaws.com",
      reverseDnsPrefix: "com.amazonaws",
    }),
    "aws:index/getAvailabilityZones:getAvailabilityZones": (args, scope) =>
      zones(text(args, "region") ?? scope.region ?? ""),
  },
};

function zones(region: string): JsonObject {
  const names = ["a", "b", "c"].map((letter) => region + letter);
  return { id: region, region, names, zoneIds: names.map((name) => `${name}-id`), groupNames: [region] };
}

/**
 * Configuring the provider asks STS who is calling, twice over: to validate the credentials and to learn the account's id. Each
 * can be switched off; with both off nothing is called, and other clouds' resources can be changed while AWS is gone.
 * https://github.com/hashicorp/terraform-provider-aws/issues/7674
 */
function unreachable({ method, token, config, scope }: DeadCall): string | undefined {
  const region = scope.region ?? "us-east-1";
  if (method === "configure") {
    if (flag(config, "skipCredentialsValidation") && flag(config, "skipRequestingAccountId")) return undefined;
    return `validating provider credentials: retrieving caller identity from STS: operation error STS: GetCallerIdentity, ${noAnswer(`sts.${region}`)}`;
  }
  const service = token.split(":")[1]?.split("/")[0] ?? "";
  return `${method} ${token}: operation error ${service}: ${noAnswer(`${service}.${region}`)}`;
}

function noAnswer(host: string): string {
  return `exceeded maximum number of attempts, 25, https response error StatusCode: 0, request send failed, dial tcp: lookup ${host}.amazonaws.com: i/o timeout`;
}

/** The service's own code for a name that is taken: IAM, CloudWatch Logs, the rest. */
function alreadyExists(type: string): string {
  if (type.startsWith("aws:iam/")) return "EntityAlreadyExists: an entity of that name already exists";
  if (type.startsWith("aws:cloudwatch/logGroup"))
    return "ResourceAlreadyExistsException: The specified log group already exists";
  return "AlreadyExists: the name is taken in this account and region";
}
