/**
 * Proves: which objects of Kubernetes are known to carry and keep nothing, and which are named to whoever judges. Leaves out: the types of each cloud
 * (tokens tests beside their kinds), but for those of AWS that work over files in batches.
 */
import { describe, expect, it } from "vitest";
import { isNeutral } from "../../../resilience/kinds";

describe("objects of Kubernetes", () => {
  it.each([
    "kubernetes:core/v1:Namespace",
    "kubernetes:core/v1:ConfigMap",
    "kubernetes:core/v1:Secret",
    "kubernetes:core/v1:ServiceAccount",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    "kubernetes:policy/v1beta1:PodDisruptionBudget",
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    "kubernetes:storage.k8s.io/v1:StorageClass",
    "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  ])("%s carries and keeps nothing", (type) => {
    expect(isNeutral(type)).toBe(true);
  });

  it.each([
    "kubernetes:core/v1:Service",
    "kubernetes:core/v1:Pod",
    "kubernetes:core/v1:PersistentVolumeClaim",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:networking.k8s.io/v1:Ingress",
    "kubernetes:extensions/v1beta1:Ingress",
    "kubernetes:helm.sh/v3:Release",
    "kubernetes:storage.k8s.io/v1:VolumeAttachment",
    "kubernetes:gateway.networking.k8s.io/v1:Gateway",
    "kubernetes:core/v1:ServiceAccountToken",
    "kubernetes:apiextensions.k8s.io:CustomResource",
  ])("%s may run something, let somebody in or keep data", (type) => {
    expect(isNeutral(type)).toBe(false);
  });
});

describe("batch work of AWS over files", () => {
  it.each([
    "aws:glue/catalogTable:CatalogTable",
    "aws:glue/crawler:Crawler",
    "aws:glue/job:Job",
    "aws:athena/namedQuery:NamedQuery",
    "aws:redshift/subnetGroup:SubnetGroup",
    "aws:cognito/userPoolClient:UserPoolClient",
  ])("%s answers no client and keeps nothing", (type) => {
    expect(isNeutral(type)).toBe(true);
  });

  it.each([
    "aws:glue/registry:Registry",
    "aws:redshift/cluster:Cluster",
    "aws:cognito/userPool:UserPool",
    "aws:sfn/stateMachine:StateMachine",
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
    "aws:cloudwatch/eventBus:EventBus",
  ])("%s is named: something is kept or asked there", (type) => {
    expect(isNeutral(type)).toBe(false);
  });
});
