import { RegisterPackageResponse, type RegisterPackageRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { Deployment, PackageRequest } from "../deployment";
import { packageOf } from "../urn";

/** What a request says about its package. */
export interface Packaged {
  /** A reference that `registerPackage` gave, or an empty string. */
  getPackageref(): string;
}

/** Takes note of a package that the program brings with it: a parameterized provider's or a component's. The same package gets the same reference. */
export function registerPackage(deployment: Deployment, request: RegisterPackageRequest): RegisterPackageResponse {
  const used = request.getParameterization() ?? request;
  const content = [
    request.getName(),
    request.getVersion(),
    request.getDownloadUrl(),
    used.getName(),
    used.getVersion(),
  ];
  const value = request.getParameterization()?.getValue_asB64() ?? "";
  const reference = JSON.stringify([...content, value]);
  const url = withoutSlash(request.getDownloadUrl());
  deployment.packages.set(reference, { name: used.getName(), version: used.getVersion(), url });
  const response = new RegisterPackageResponse();
  response.setRef(reference);
  return response;
}

/**
 * The package that is asked for: the registered one to which a request refers, else that of the token.
 *
 * @param token - a resource's type or a function's token.
 * @param options - version and address as the program gave them or a transform changed them.
 */
export function packageRequest(
  deployment: Deployment,
  token: string,
  request: Packaged,
  options: { version: string; url: string },
): PackageRequest {
  const reference = request.getPackageref();
  if (reference === "") return { name: packageOf(token), version: options.version, url: withoutSlash(options.url) };
  const registered = deployment.packages.get(reference);
  if (registered === undefined) throw new Error(`unknown provider package '${reference}'`);
  return registered;
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, "");
}
