/**
 * Proves: which objects of Kubernetes are known to carry and keep nothing, and which are named to whoever judges. Leaves out: the types of each cloud
 * (tokens tests beside their kinds).
 */
import { describe, expect, it } from "vitest";
import { isNeutral } from "../../../resilience/kinds";

describe("objects of Kubernetes", () => {
  it.each([
    "kubernetes:core/v1:Namespace",
    "kubernetes:core/v1:ConfigMap",
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
