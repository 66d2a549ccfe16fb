/** Proves: who keeps an image and where it is read from, by the reference's host alone. Leaves out: whether there is such an image. */
import { describe, expect, it } from "vitest";
import { imageHome } from "../../../resilience/kinds/images";

describe("imageHome", () => {
  it.each([
    [
      "us-central1-docker.pkg.dev/p/exchange/api@sha256:00",
      "us-central1-docker.pkg.dev",
      "p/exchange/api",
      "gcp",
      "us-central1",
    ],
    ["us-docker.pkg.dev/p/exchange/api:1.2", "us-docker.pkg.dev", "p/exchange/api", "gcp", "global"],
    ["europe-docker.pkg.dev/p/r/i", "europe-docker.pkg.dev", "p/r/i", "gcp", "global"],
    ["gcr.io/p/api", "gcr.io", "p/api", "gcp", "global"],
    ["eu.gcr.io/p/api", "eu.gcr.io", "p/api", "gcp", "global"],
    [
      "123456789012.dkr.ecr.us-east-2.amazonaws.com/exchange:1",
      "123456789012.dkr.ecr.us-east-2.amazonaws.com",
      "exchange",
      "aws",
      "us-east-2",
    ],
    [
      "123456789012.dkr-ecr.eu-west-1.on.aws/exchange",
      "123456789012.dkr-ecr.eu-west-1.on.aws",
      "exchange",
      "aws",
      "eu-west-1",
    ],
    [
      "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/x",
      "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com",
      "x",
      "aws",
      "us-east-1",
    ],
    [
      "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/x",
      "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
      "x",
      "aws",
      "cn-north-1",
    ],
    ["public.ecr.aws/nginx/nginx:1", "public.ecr.aws", "nginx/nginx", "aws", "us-east-1"],
    ["nginx", "docker.io", "nginx", "other", "global"],
    ["nginx:1.27", "docker.io", "nginx", "other", "global"],
    ["library/nginx@sha256:00", "docker.io", "library/nginx", "other", "global"],
    ["docker.io/library/nginx:1", "docker.io", "library/nginx", "other", "global"],
    ["ghcr.io/team/api:1", "ghcr.io", "team/api", "other", "global"],
    ["localhost:5000/api:1", "localhost:5000", "api", "other", "global"],
    ["", "docker.io", "", "other", "global"],
    // A host that only looks like a registry of a cloud is somebody else's.
    [
      "us-central1-docker.pkg.dev.example.com/p/r/i",
      "us-central1-docker.pkg.dev.example.com",
      "p/r/i",
      "other",
      "global",
    ],
    ["evil-gcr.io/p/api", "evil-gcr.io", "p/api", "other", "global"],
  ])("reads %s", (reference, host, path, cloud, region) => {
    expect(imageHome(reference)).toEqual({ host, path, cloud, region });
  });
});
