import { allow, arnBuilder, inRegions, named, type DeployScope } from "./deploy-scope";
import { partitionOf } from "./names";
import type { Statement } from "./policy";

/** EC2's calls that make something, whose tags EC2 takes along. Nothing that is there is changed by them. */
const MAKE_NETWORK = [
  "AllocateAddress",
  "CreateFlowLogs",
  "CreateInternetGateway",
  "CreateManagedPrefixList",
  "CreateNatGateway",
  "CreateRouteTable",
  "CreateSecurityGroup",
  "CreateSubnet",
  "CreateVpc",
  "CreateVpcEndpoint",
];
/** EC2's calls that change, tag or delete what is there. */
const CHANGE_NETWORK = [
  "AssociateRouteTable",
  "AttachInternetGateway",
  "CreateRoute",
  "CreateTags",
  "DeleteFlowLogs",
  "DeleteInternetGateway",
  "DeleteManagedPrefixList",
  "DeleteNatGateway",
  "DeleteRoute",
  "DeleteRouteTable",
  "DeleteSecurityGroup",
  "DeleteSubnet",
  "DeleteTags",
  "DeleteVpc",
  "DeleteVpcEndpoints",
  "DetachInternetGateway",
  "DisassociateAddress",
  "DisassociateRouteTable",
  "ModifyManagedPrefixList",
  "ModifySubnetAttribute",
  "ModifyVpcAttribute",
  "ModifyVpcEndpoint",
  "ReleaseAddress",
  "ReplaceRoute",
];
const CHANGE_RULES = [
  "AuthorizeSecurityGroupEgress",
  "AuthorizeSecurityGroupIngress",
  "ModifySecurityGroupRules",
  "RevokeSecurityGroupEgress",
  "RevokeSecurityGroupIngress",
];

/**
 * What is there can only be changed while its `Name` has the prefix, and can only be named as it is made: whoever could tag anything could
 * make anything their own. Which call asks for which resources: Service Authorization Reference, "Actions, resources, and condition keys
 * for Amazon EC2".
 */
export function networkStatements(scope: DeployScope): Statement[] {
  const { namePrefix } = scope;
  const partition = partitionOf(scope.regions[0] ?? "");
  const arn = arnBuilder(scope);
  const ec2 = (actions: string[]): string[] => actions.map((action) => `ec2:${action}`);
  const rules = arn("ec2", "security-group-rule/*");
  const statements: Statement[] = [
    allow("MakeNetwork", ec2(MAKE_NETWORK), "*"),
    {
      ...allow("NameWhatIsMade", ["ec2:CreateTags"], "*"),
      Condition: { StringEquals: { "ec2:CreateAction": MAKE_NETWORK } },
    },
    named(allow("ChangeNetwork", ec2([...CHANGE_NETWORK, ...CHANGE_RULES]), "*"), scope),
    // A call about rules asks for the group as well, by the statement above. Rules are tagged after they are made, and carry no `Name`.
    allow("Rules", ec2([...CHANGE_RULES, "CreateTags", "DeleteTags"]), rules),
    allow("ListsInRules", ["ec2:ModifySecurityGroupRules"], `arn:${partition}:ec2:*:*:prefix-list/*`),
    {
      // A VPC comes with a group that nobody has named. It is named before its rules are taken away.
      ...allow("DefaultGroup", ["ec2:CreateTags"], arn("ec2", "security-group/*")),
      Condition: {
        Null: { "aws:ResourceTag/Name": "true" },
        StringLike: { "aws:RequestTag/Name": `${namePrefix}-*-unused` },
      },
    },
  ];
  return statements.map((statement) => inRegions(statement, scope));
}
