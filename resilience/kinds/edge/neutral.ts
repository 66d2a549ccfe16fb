/**
 * Types of edges and DNS that decide nothing about what survives, or are read with another resource: settings of zones, rules of the
 * firewall, certificates, access, monitors, health checks. Everything that could carry traffic or keep data and is read nowhere is left out,
 * so that a report names it: R2, D1, KV, queues, Pages with functions, traffic policies, custom routing.
 */
export const neutralEdgeTypes: readonly RegExp[] = [
  /^cloudflare:index\/(?:access|account|apiShield|apiToken|argo|authenticatedOriginPulls|botManagement|certificate|clientCertificate|contentScanning|customCsr|customOriginTrustStore|customPage|customSsl|ctAlerting|dnsZoneTransfers|email|fieldExtractor|firewallRule|filter|googleTagGateway|healthcheck|hostnameTls|keylessCertificate|leakedCredential|logpull|logpush|magicNetworkMonitoring|mtlsCertificate|nelSetting|notificationPolicy|oauthClient|observatory|organization|originCa|originTls|pageShield|rateLimit|regionalHostname|regionalTieredCache|registrarDomain|resourceGroup|riskBehavior|schemaValidation|tieredCache|tokenValidation|totalTls|turnstile|universalSsl|urlNormalization|user|vulnerabilityScanner|waitingRoom|webAnalytics|zeroTrust(?!Tunnel)|zone)\w*:/,
  /^cloudflare:index\/(?:customHostnameFallbackOrigin|dnsFirewall|list|listItem|loadBalancerMonitor|loadBalancerMonitorGroup|managedHeaders|managedTransforms|ruleset|workersCronTrigger|workerCronTrigger|workersScriptSubdomain|zeroTrustTunnelCloudflaredRoute|zeroTrustTunnelCloudflaredVirtualNetwork|tunnelRoute|tunnelVirtualNetwork):/,
  /^aws:route53\/(?:cidrCollection|cidrLocation|delegationSet|healthCheck|hostedZoneDnsSec|keySigningKey|profiles\w*|queryLog|recordsExclusive|resolver\w*|vpcAssociationAuthorization|zone|zoneAssociation):/,
  /^aws:cloudfront\/(?:cachePolicy|connectionFunction|continuousDeploymentPolicy|fieldLevelEncryption\w*|function|key\w*|monitoringSubscription|originAccess\w*|originRequestPolicy|publicKey|realtimeLogConfig|responseHeadersPolicy|trustStore|vpcOrigin):/,
  /^aws:globalaccelerator\/crossAccountAttachment:/,
  /^gcp:dns\/(?:dnsManagedZoneIam\w*|managedZone|policy|responsePolicy\w*):/,
];
