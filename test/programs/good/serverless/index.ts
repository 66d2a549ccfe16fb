/** Style: serverless in both clouds, `region` with each AWS resource and no provider. */
import * as aws from "@pulumi/aws";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { failover } from "../house/edge";
import { googleFront } from "../house/google-front";
import { domain } from "../house/settings";

const hostname = `quotes.${domain}`;
const region = "eu-west-1";

const role = new aws.iam.Role("quotes", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
});
const code = new aws.lambda.Function("quotes", {
  region,
  runtime: "nodejs22.x",
  handler: "index.handler",
  role: role.arn,
  publish: true,
  code: new pulumi.asset.AssetArchive({
    "index.js": new pulumi.asset.StringAsset("exports.handler = async () => ({});"),
  }),
});
const live = new aws.lambda.Alias("live", { region, functionName: code.name, functionVersion: code.version });
new aws.lambda.ProvisionedConcurrencyConfig("live", {
  region,
  functionName: code.name,
  qualifier: live.name,
  provisionedConcurrentExecutions: 10,
});
const api = new aws.apigatewayv2.Api("quotes", { region, protocolType: "HTTP", disableExecuteApiEndpoint: true });
const integration = new aws.apigatewayv2.Integration("quotes", {
  region,
  apiId: api.id,
  integrationType: "AWS_PROXY",
  integrationUri: live.invokeArn,
  payloadFormatVersion: "2.0",
});
new aws.apigatewayv2.Route("quotes", {
  region,
  apiId: api.id,
  routeKey: "$default",
  target: pulumi.interpolate`integrations/${integration.id}`,
});
new aws.lambda.Permission("quotes", {
  region,
  action: "lambda:InvokeFunction",
  function: code.name,
  qualifier: live.name,
  principal: "apigateway.amazonaws.com",
  sourceArn: pulumi.interpolate`${api.executionArn}/*/*`,
});
const logs = new aws.cloudwatch.LogGroup("quotes", { region, retentionInDays: 30 });
const stage = new aws.apigatewayv2.Stage("quotes", {
  region,
  apiId: api.id,
  name: "$default",
  autoDeploy: true,
  accessLogSettings: { destinationArn: logs.arn, format: "$context.requestId $context.status" },
});
const certificate = new aws.acm.Certificate("quotes", { region, domainName: hostname, validationMethod: "DNS" });
const address = new aws.apigatewayv2.DomainName("quotes", {
  region,
  domainName: hostname,
  domainNameConfiguration: {
    certificateArn: certificate.arn,
    endpointType: "REGIONAL",
    securityPolicy: "TLS_1_2",
  },
  mutualTlsAuthentication: { truststoreUri: "s3://house-trust/cloudflare-origin-pull.pem" },
});
new aws.apigatewayv2.ApiMapping("quotes", { region, apiId: api.id, domainName: address.id, stage: stage.id });

const here = { project: "house-quotes", region: "europe-west1" };
const service = new gcp.cloudrun.Service(
  "quotes",
  {
    project: here.project,
    location: here.region,
    metadata: { annotations: { "run.googleapis.com/ingress": "internal-and-cloud-load-balancing" } },
    template: {
      metadata: { annotations: { "autoscaling.knative.dev/minScale": "8", "autoscaling.knative.dev/maxScale": "60" } },
      spec: { containers: [{ image: `${here.region}-docker.pkg.dev/${here.project}/quotes/quotes:7` }] },
    },
    traffics: [{ percent: 100, latestRevision: true }],
  },
  { dependsOn: [live] },
);
new gcp.cloudrun.IamMember("everybody", {
  project: here.project,
  location: here.region,
  service: service.name,
  role: "roles/run.invoker",
  member: "allUsers",
});
const group = new gcp.compute.RegionNetworkEndpointGroup("quotes", {
  ...here,
  networkEndpointType: "SERVERLESS",
  cloudRun: { service: service.name },
});
failover(hostname, {
  dublin: address.domainNameConfiguration.apply(({ targetDomainName }) => targetDomainName),
  belgium: googleFront("quotes", here, hostname, [{ group: group.id }]),
});
