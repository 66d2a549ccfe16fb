import type { DataSourceCall } from "../data-source-call";
import type { JsonObject } from "../../../resilience/values";
import { Asked, type BuiltIn } from "./asked";
import { awsAccount } from "./aws-account";
import { awsImages } from "./aws-images";
import { awsNames } from "./aws-names";
import { awsNetwork } from "./aws-network";
import { awsZones } from "./aws-zones";
import { cloudflare } from "./cloudflare";
import { google } from "./google";
import { googlePlaces } from "./google-places";

const builtIns = new Map<string, BuiltIn>(
  [awsAccount, awsImages, awsNames, awsNetwork, awsZones, cloudflare, google, googlePlaces].flatMap((group) =>
    Object.entries(group),
  ),
);

/** Names that functions had in older major versions of the AWS provider (0.18 of 2019 to 5). */
export const formerTokens: Readonly<Record<string, string>> = {
  "aws:ec2/getSubnetIds:getSubnetIds": "aws:ec2/getSubnets:getSubnets",
  "aws:elasticloadbalancing/getHostedZoneId:getHostedZoneId": "aws:elb/getHostedZoneId:getHostedZoneId",
  "aws:elasticloadbalancing/getServiceAccount:getServiceAccount": "aws:elb/getServiceAccount:getServiceAccount",
  "aws:index/getAmi:getAmi": "aws:ec2/getAmi:getAmi",
  "aws:index/getAmiIds:getAmiIds": "aws:ec2/getAmiIds:getAmiIds",
  "aws:index/getCanonicalUserId:getCanonicalUserId": "aws:s3/getCanonicalUserId:getCanonicalUserId",
  "aws:index/getPrefixList:getPrefixList": "aws:ec2/getPrefixList:getPrefixList",
};

/** The functions that {@link builtInAnswer} may answer. Sorted. */
export const builtInTokens: readonly string[] = [...builtIns.keys()].sort();

/** An answer of ours. */
export interface BuiltInAnswer {
  /** The result. Fields that are missing here are filled in from the SDK's declaration. */
  result: JsonObject;
  /** Whether it is about things that only the account holds: then it has the right form, and nobody has answered. */
  isGuess: boolean;
}

/**
 * What a data source answers as far as it follows from its arguments, its provider's settings and what is public: the partition and the
 * zones of a region, a policy document. What does not (whose account it is, an image's id) is made up in the right form.
 *
 * @param madeUp - receives what was invented.
 */
export function builtInAnswer(call: DataSourceCall, madeUp: Set<string | number>): BuiltInAnswer | undefined {
  const asked = new Asked(call, madeUp);
  const result = builtIns.get(formerTokens[call.token] ?? call.token)?.(asked);
  return result === undefined ? undefined : { result, isGuess: asked.isGuess };
}
