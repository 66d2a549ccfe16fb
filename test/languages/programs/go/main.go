package main

import (
	"example.com/pulumi-twodoor/sdk/go/twodoor"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() { pulumi.Run(exchange) }

// provider makes a provider of one cloud. NewProvider of that cloud's SDK is the same; this needs no such SDK.
func provider(ctx *pulumi.Context, cloud, version string, args pulumi.Map) (pulumi.ProviderResource, error) {
	var made pulumi.ProviderResourceState
	err := ctx.RegisterResource("pulumi:providers:"+cloud, cloud, args, &made, pulumi.Version(version))
	return &made, err
}

func exchange(ctx *pulumi.Context) error {
	settings := config.New(ctx, "")
	accountID, project := settings.Require("awsAccountId"), settings.Require("gcpProject")
	digest := settings.Require("imageDigest")

	aws, err := provider(ctx, "aws", "7.48.0", pulumi.Map{
		"region":            pulumi.String("us-east-2"),
		"allowedAccountIds": pulumi.ToStringArray([]string{accountID}),
	})
	if err != nil {
		return err
	}
	gcp, err := provider(ctx, "gcp", "9.37.0", pulumi.Map{})
	if err != nil {
		return err
	}
	cloudflare, err := provider(ctx, "cloudflare", "6.22.1", pulumi.Map{
		"apiToken": settings.RequireSecret("cloudflareApiToken"),
	})
	if err != nil {
		return err
	}
	providers := pulumi.Providers(aws, gcp, cloudflare)

	// One part by itself: an image registry in Ohio.
	registry, err := twodoor.NewAwsRegistry(ctx, "exchange-us-east-2", &twodoor.AwsRegistryArgs{
		Region:         "us-east-2",
		RepositoryName: "exchange",
	}, providers)
	if err != nil {
		return err
	}

	// The whole: the API in two clouds, and the door in front of them.
	protected := false
	api, err := twodoor.NewExchangeApi(ctx, "exchange", &twodoor.ExchangeApiArgs{
		Hostname: settings.Require("hostname"),
		Edge: twodoor.ExchangeEdgeArgs{
			AccountId:    pulumi.String(settings.Require("cloudflareAccountId")),
			ZoneId:       pulumi.String(settings.Require("zoneId")),
			ZoneName:     settings.Require("zoneName"),
			Plan:         twodoor.CloudflarePlanBusiness,
			CheckRegions: []string{"ENAM", "WEU", "WNAM"},
			Monitor:      &twodoor.LoadBalancerMonitorArgs{IntervalSeconds: pulumi.Float64Ref(15)},
		},
		Regions: []twodoor.ExchangeRegionArgs{
			{
				Region:    "us-east-2",
				CidrBlock: "10.16.0.0/16",
				Image:     pulumi.Sprintf("%s@%s", registry.RepositoryUrl, digest),
				Aws: &twodoor.ExchangeAwsRegionArgs{
					AccountId:         accountID,
					AvailabilityZones: []string{"us-east-2a", "us-east-2b", "us-east-2c"},
				},
			},
			{
				Region:    "us-central1",
				CidrBlock: "10.32.0.0/16",
				Image:     pulumi.Sprintf("us-central1-docker.pkg.dev/%s/exchange/exchange@%s", project, digest),
				Gcp:       &twodoor.ExchangeGcpRegionArgs{Project: project},
			},
		},
		Capacity: twodoor.ExchangeCapacityArgs{PeakRequestsPerSecond: 50, RequestsPerSecondPerReplica: 100},
		Journal: twodoor.ExchangeJournalArgs{
			Kind: twodoor.JournalKindNats,
			Voters: []twodoor.ExchangeJournalVoterArgs{
				{Provider: "aws", Region: "us-east-2", Address: "tls://a.example.net:4222"},
				{Provider: "gcp", Region: "us-central1", Address: "tls://b.example.net:4222"},
				{Provider: "other", Region: "chicago", Address: "tls://c.example.net:4222"},
			},
			Credentials: settings.RequireSecret("journalCredentials"),
		},
		Container: &twodoor.ExchangeContainerArgs{
			Secrets: pulumi.StringMap{"API_KEY_MASTER": settings.RequireSecret("apiKeyMaster")},
		},
		DeletionProtected: &protected,
	}, providers)
	if err != nil {
		return err
	}

	ctx.Export("hostname", api.Hostname)
	ctx.Export("originAddresses", api.OriginAddresses)
	ctx.Export("repositoryUrl", registry.RepositoryUrl)
	ctx.Export("smallest", api.Manifest.Regions().ApplyT(func(regions []twodoor.ExchangeManifestRegion) float64 {
		smallest := regions[0].MinimumReplicas
		for _, region := range regions {
			smallest = min(smallest, region.MinimumReplicas)
		}
		return smallest
	}))
	return nil
}
