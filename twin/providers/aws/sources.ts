const PROVIDER = "hashicorp/terraform-provider-aws";
const BENCH = "badmintoncryer/cdk-preflight, docs/rules.md:";
const BALANCING = "docs.aws.amazon.com/elasticloadbalancing/latest/APIReference";
const ECS = "docs.aws.amazon.com/AmazonECS/latest/APIReference";
const SCALING = "docs.aws.amazon.com/autoscaling/application/APIReference";
const EC2 = "docs.aws.amazon.com/AWSEC2/latest/APIReference";
const IAM = "docs.aws.amazon.com/IAM/latest/APIReference";

/**
 * Where it is published that AWS or its provider refuses it, by the first two words of a row. Where a page gives the condition
 * alone, the words of the refusal are ours.
 */
export const sources: Readonly<Record<string, string>> = {
  "aws R4": `${PROVIDER}, internal/service/elbv2/load_balancer.go and target_group.go`,
  "aws R6": `${BENCH} elbv2-alb-subnet-count`,
  "aws R7": `${BENCH} elbv2-lb-one-subnet-per-az`,
  "aws R8": "openshift/installer issue 1110",
  "aws R11": `${BENCH} elbv2-lb-sg-vpc-match`,
  "aws R12": "aws/aws-cdk issues 5758, 21947",
  "aws R13": `${BALANCING}/API_DeleteLoadBalancer.html (OperationNotPermitted)`,
  "aws R17": `${BENCH} elbv2-hc-timeout-interval`,
  "aws R23": `${BALANCING}/API_CreateListener.html (TargetGroupAssociationLimit)`,
  "aws R24": `${BENCH} elbv2-listener-cert-*`,
  "aws R26": `${BALANCING}/API_CreateListener.html (CertificateNotFound, UnsupportedCertificate)`,
  "aws R28": `${BENCH} elbv2-listener-mtls-*`,
  "aws R31": `${BALANCING}/API_CreateListener.html (DuplicateListener)`,
  "aws R32": `${BALANCING}/API_CreateTrustStore.html (CaCertificatesBundleNotFound)`,
  "aws R34": `${BALANCING}/API_DeleteTargetGroup.html (ResourceInUse) and API_DeleteTrustStore.html (TrustStoreInUse)`,
  "aws R37": "mongodb/terraform-aws-ecs-task-definition issue 38",
  "aws R38": "docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html",
  "aws R39": `${BENCH} ecs-fargate-network-mode`,
  "aws R40": `${ECS}/API_PortMapping.html`,
  "aws R43": `${ECS}/API_LogConfiguration.html`,
  "aws R44": "virtual-kubelet/virtual-kubelet issue 193; jenkinsci/amazon-ecs-plugin pull request 53",
  "aws R47": `${ECS}/API_ContainerDefinition.html`,
  "aws R48": "compose-x/ecs_composex pull request 710",
  "aws R50": "docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html",
  "aws R52": "aws/aws-cdk issue 34290",
  "aws R53": "riboseinc/terraform-aws-ecs-gitlab issue 5",
  "aws R54": `${BENCH} ecs-svc-lb-container-*`,
  "aws R55": `${ECS}/API_CreateService.html`,
  "aws R56": `${BENCH} ecs-service-deployment-percent, ecs-service-min-healthy-over-max-percent`,
  "aws R62": `${ECS}/API_DeleteCluster.html`,
  "aws R63": `${SCALING}/API_RegisterScalableTarget.html`,
  "aws R64": `${SCALING}/API_RegisterScalableTarget.html`,
  "aws R65": `${SCALING}/API_PutScalingPolicy.html`,
  "aws R66": "docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
  "aws R67": `${PROVIDER}, internal/verify/validate.go`,
  "aws R68": `${EC2}/errors-overview.html (InvalidSubnet.Range, InvalidSubnet.Conflict)`,
  "aws R69": `${PROVIDER}, internal/service/ec2/vpc_subnet.go`,
  "aws R70": `${PROVIDER}, internal/service/ec2/vpc_nat_gateway.go`,
  "aws R71": `${EC2}/errors-overview.html (Gateway.NotAttached)`,
  "aws R72": `${EC2}/errors-overview.html (RouteAlreadyExists)`,
  "aws R73": `${PROVIDER}, internal/service/ec2/vpc_security_group_ingress_rule.go`,
  "aws R74": `${EC2}/errors-overview.html (RulesPerSecurityGroupLimitExceeded, InvalidPermission.Duplicate)`,
  "aws R75": `${EC2}/errors-overview.html (DependencyViolation)`,
  "aws R76": `${EC2}/API_CreateManagedPrefixList.html`,
  "aws R78": `${BENCH} ec2-vpce-*`,
  "aws R79": "docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
  "aws R80": `${PROVIDER}, internal/service/acm/certificate.go`,
  "aws R83": `${PROVIDER}, internal/service/acm/certificate_validation.go`,
  "aws R84": "docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html",
  "aws R87": `${PROVIDER}, internal/service/ecr/repository.go`,
  "aws R88": `${PROVIDER}, internal/service/secretsmanager/secret.go`,
  "aws R89": `${PROVIDER}, internal/service/secretsmanager/secret.go`,
  "aws R92": "docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
  "aws R93": "docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html",
  "aws R95": `${IAM}/API_CreateRole.html (EntityAlreadyExists)`,
  "aws R96": `${IAM}/API_PutRolePolicy.html (MalformedPolicyDocument) and API_DeletePolicy.html (DeleteConflict)`,
  "aws R97":
    "docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html and …/latest/API/ErrorResponses.html (BucketNotEmpty)",
  "aws delete": `${EC2}/errors-overview.html (DependencyViolation); of a role: ${IAM}/API_DeleteRole.html (DeleteConflict)`,
};
