import pulumi
import pulumi_twodoor as twodoor

config = pulumi.Config()
account_id = config.require("awsAccountId")
project = config.require("gcpProject")
digest = config.require("imageDigest")


def provider(cloud: str, version: str, args: dict) -> pulumi.ProviderResource:
    """A provider of one cloud. aws.Provider of pulumi_aws is the same; this needs no SDK of that cloud."""
    return pulumi.ProviderResource(cloud, cloud, args, pulumi.ResourceOptions(version=version))


providers = {
    "aws": provider("aws", "7.48.0", {"region": "us-east-2", "allowedAccountIds": [account_id]}),
    "gcp": provider("gcp", "9.37.0", {}),
    "cloudflare": provider("cloudflare", "6.22.1", {"apiToken": config.require_secret("cloudflareApiToken")}),
}

# One part by itself: an image registry in Ohio.
registry = twodoor.AwsRegistry(
    "exchange-us-east-2",
    region="us-east-2",
    repository_name="exchange",
    opts=pulumi.ResourceOptions(providers=providers),
)

# The whole: the API in two clouds, and the door in front of them.
api = twodoor.ExchangeApi(
    "exchange",
    hostname=config.require("hostname"),
    edge=twodoor.ExchangeEdgeArgs(
        account_id=config.require("cloudflareAccountId"),
        zone_id=config.require("zoneId"),
        zone_name=config.require("zoneName"),
        plan=twodoor.CloudflarePlan.BUSINESS,
        check_regions=["ENAM", "WEU", "WNAM"],
        monitor=twodoor.LoadBalancerMonitorArgs(interval_seconds=15),
    ),
    regions=[
        twodoor.ExchangeRegionArgs(
            region="us-east-2",
            cidr_block="10.16.0.0/16",
            image=registry.repository_url.apply(lambda url: f"{url}@{digest}"),
            aws=twodoor.ExchangeAwsRegionArgs(
                account_id=account_id,
                availability_zones=["us-east-2a", "us-east-2b", "us-east-2c"],
            ),
        ),
        twodoor.ExchangeRegionArgs(
            region="us-central1",
            cidr_block="10.32.0.0/16",
            image=f"us-central1-docker.pkg.dev/{project}/exchange/exchange@{digest}",
            gcp=twodoor.ExchangeGcpRegionArgs(project=project),
        ),
    ],
    capacity=twodoor.ExchangeCapacityArgs(peak_requests_per_second=50, requests_per_second_per_replica=100),
    journal=twodoor.ExchangeJournalArgs(
        kind=twodoor.JournalKind.NATS,
        voters=[
            twodoor.ExchangeJournalVoterArgs(provider="aws", region="us-east-2", address="tls://a.example.net:4222"),
            twodoor.ExchangeJournalVoterArgs(provider="gcp", region="us-central1", address="tls://b.example.net:4222"),
            twodoor.ExchangeJournalVoterArgs(provider="other", region="chicago", address="tls://c.example.net:4222"),
        ],
        credentials=config.require_secret("journalCredentials"),
    ),
    container=twodoor.ExchangeContainerArgs(secrets={"API_KEY_MASTER": config.require_secret("apiKeyMaster")}),
    deletion_protected=False,
    opts=pulumi.ResourceOptions(providers=providers),
)

pulumi.export("hostname", api.hostname)
pulumi.export("originAddresses", api.origin_addresses)
pulumi.export("repositoryUrl", registry.repository_url)
pulumi.export("smallest", api.manifest.regions.apply(lambda regions: min(r.minimum_replicas for r in regions)))
