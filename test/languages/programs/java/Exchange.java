import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import com.pulumi.core.annotations.Export;
import com.pulumi.core.annotations.Import;
import com.pulumi.core.annotations.ResourceType;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ProviderResource;
import com.pulumi.resources.ResourceArgs;
import java.util.List;
import java.util.Map;

/** The exchange, with classes of its components written by hand, as a generated SDK would hold them. */
public class Exchange {
  static final String VERSION = "0.1.0";

  static class RegistryArgs extends ResourceArgs {
    @Import(name = "region") String region = "us-east-2";
    @Import(name = "repositoryName") String repositoryName = "exchange";
  }

  @ResourceType(type = "twodoor:index:AwsRegistry")
  static class AwsRegistry extends ComponentResource {
    @Export(name = "repositoryUrl", refs = {String.class}, tree = "[0]")
    Output<String> repositoryUrl;

    AwsRegistry(String name, ResourceArgs args, ComponentResourceOptions options) {
      super("twodoor:index:AwsRegistry", name, args, options, true);
    }
  }

  static class ExchangeApiArgs extends ResourceArgs {
    @Import(name = "hostname") String hostname;
    @Import(name = "edge") Map<String, Object> edge;
    @Import(name = "regions") List<Map<String, Object>> regions;
    @Import(name = "capacity") Map<String, Object> capacity;
    @Import(name = "journal") Map<String, Object> journal;
    @Import(name = "container") Map<String, Object> container;
    @Import(name = "deletionProtected") Boolean deletionProtected;
  }

  @ResourceType(type = "twodoor:index:ExchangeApi")
  static class ExchangeApi extends ComponentResource {
    @Export(name = "hostname", refs = {String.class}, tree = "[0]")
    Output<String> hostname;

    ExchangeApi(String name, ResourceArgs args, ComponentResourceOptions options) {
      super("twodoor:index:ExchangeApi", name, args, options, true);
    }
  }

  static class AwsArgs extends ResourceArgs {
    @Import(name = "region") Output<String> region = Output.of("us-east-2");
    @Import(name = "allowedAccountIds") Output<List<String>> allowedAccountIds;
  }

  static class CloudflareArgs extends ResourceArgs {
    @Import(name = "apiToken") Output<String> apiToken;
  }

  static ProviderResource provider(String cloud, String version, ResourceArgs args) {
    return new ProviderResource(cloud, cloud, args, CustomResourceOptions.builder().version(version).build());
  }

  static void program(Context ctx) {
    var config = ctx.config();
    var account = config.require("awsAccountId");
    var project = config.require("gcpProject");
    var digest = config.require("imageDigest");
    var awsArgs = new AwsArgs();
    awsArgs.allowedAccountIds = Output.of(List.of(account));
    var cloudflareArgs = new CloudflareArgs();
    cloudflareArgs.apiToken = config.requireSecret("cloudflareApiToken");
    var options = ComponentResourceOptions.builder()
        .version(VERSION)
        .providers(
            provider("aws", "7.48.0", awsArgs),
            provider("gcp", "9.37.0", ResourceArgs.Empty),
            provider("cloudflare", "6.22.1", cloudflareArgs))
        .build();

    var registry = new AwsRegistry("exchange-us-east-2", new RegistryArgs(), options);
    var first = registry.repositoryUrl.applyValue(url -> url + "@" + digest);

    var args = new ExchangeApiArgs();
    args.hostname = config.require("hostname");
    args.edge = Map.of(
        "accountId", config.require("cloudflareAccountId"),
        "zoneId", config.require("zoneId"),
        "zoneName", config.require("zoneName"),
        "plan", "business",
        "checkRegions", List.of("ENAM", "WEU", "WNAM"),
        "monitor", Map.of("intervalSeconds", 15));
    args.regions = List.of(
        Map.of(
            "region", "us-east-2",
            "cidrBlock", "10.16.0.0/16",
            "image", first,
            "aws", Map.of(
                "accountId", account,
                "availabilityZones", List.of("us-east-2a", "us-east-2b", "us-east-2c"))),
        Map.of(
            "region", "us-central1",
            "cidrBlock", "10.32.0.0/16",
            "image", "us-central1-docker.pkg.dev/" + project + "/exchange/exchange@" + digest,
            "gcp", Map.of("project", project)));
    args.capacity = Map.of("peakRequestsPerSecond", 50, "requestsPerSecondPerReplica", 100);
    args.journal = Map.of(
        "kind", "nats",
        "voters", List.of(
            Map.of("provider", "aws", "region", "us-east-2", "address", "tls://a.example.net:4222"),
            Map.of("provider", "gcp", "region", "us-central1", "address", "tls://b.example.net:4222"),
            Map.of("provider", "other", "region", "chicago", "address", "tls://c.example.net:4222")),
        "credentials", config.requireSecret("journalCredentials"));
    args.container = Map.of(
        "secrets", Map.of("API_KEY_MASTER", config.requireSecret("apiKeyMaster")));
    args.deletionProtected = false;
    var api = new ExchangeApi("exchange", args, options);

    ctx.export("hostname", api.hostname);
    ctx.export("repositoryUrl", registry.repositoryUrl);
  }

  public static void main(String[] arguments) {
    Pulumi.run(Exchange::program);
  }
}
