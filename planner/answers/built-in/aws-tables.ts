/** Numbers and ids that AWS publishes, by region or by name. */

/**
 * Zones of Route 53 in which load balancers are named, by region: of Application Load Balancers and classic ones, and of Network Load
 * Balancers. Source: https://docs.aws.amazon.com/general/latest/gr/elb.html
 */
export const loadBalancerZones: Record<string, readonly [application: string, network: string]> = {
  "af-south-1": ["Z268VQBMOI5EKX", "Z203XCE67M25HM"],
  "ap-east-1": ["Z3DQVH9N71FHZ0", "Z12Y7K3UBGUAD1"],
  "ap-northeast-1": ["Z14GRHDCWA56QT", "Z31USIVHYNEOWT"],
  "ap-northeast-2": ["ZWKZPGTI48KDX", "ZIBE1TIR4HY56"],
  "ap-northeast-3": ["Z5LXEXXYW11ES", "Z1GWIQ4HH19I5X"],
  "ap-south-1": ["ZP97RAFLXTNZK", "ZVDDRBQ08TROA"],
  "ap-south-2": ["Z0173938T07WNTVAEPZN", "Z0711778386UTO08407HT"],
  "ap-southeast-1": ["Z1LMS91P8CMLE5", "ZKVM4W9LS7TM"],
  "ap-southeast-2": ["Z1GM3OXH4ZPM65", "ZCT6FZBF4DROD"],
  "ap-southeast-3": ["Z08888821HLRG5A9ZRTER", "Z01971771FYVNCOVWJU1G"],
  "ap-southeast-4": ["Z09517862IB2WZLPXG76F", "Z01156963G8MIIL7X90IV"],
  "ap-southeast-5": ["Z06010284QMVVW7WO5J", "Z026317210H9ACVTRO6FB"],
  "ap-southeast-7": ["Z0390008CMBRTHFGWBCB", "Z054363131YWATEMWRG5L"],
  "ca-central-1": ["ZQSVJUPU6J1EY", "Z2EPGBW3API2WT"],
  "ca-west-1": ["Z06473681N0SF6OS049SD", "Z02754302KBB00W2LKWZ9"],
  "cn-north-1": ["Z1GDH35T77C1KE", "Z3QFB96KMJ7ED6"],
  "cn-northwest-1": ["ZM7IZAIOVVDZF", "ZQEIKTCZ8352D"],
  "eu-central-1": ["Z215JYRZR1TBD5", "Z3F0SRJ5LGBH90"],
  "eu-central-2": ["Z06391101F2ZOEP8P5EB3", "Z02239872DOALSIDCX66S"],
  "eu-north-1": ["Z23TAZ6LKFMNIO", "Z1UDT6IFJ4EJM"],
  "eu-south-1": ["Z3ULH7SSC9OV64", "Z23146JA1KNAFP"],
  "eu-south-2": ["Z0956581394HF5D5LXGAP", "Z1011216NVTVYADP1SSV"],
  "eu-west-1": ["Z32O12XQLNTSW2", "Z2IFOLAFXWLO4F"],
  "eu-west-2": ["ZHURV8PSTC4K8", "ZD4D7Y8KGAS4G"],
  "eu-west-3": ["Z3Q77PNBQS71R4", "Z1CMS0P5QUZ6D5"],
  "il-central-1": ["Z09170902867EHPV2DABU", "Z0313266YDI6ZRHTGQY4"],
  "me-central-1": ["Z08230872XQRWHG2XF6I", "Z00282643NTTLPANJJG2P"],
  "me-south-1": ["ZS929ML54UICD", "Z3QSRYVP46NYYV"],
  "mx-central-1": ["Z023552324OKD1BB28BH5", "Z02031231H3ID6HYJ9A7U"],
  "sa-east-1": ["Z2P70J7HTTTPLU", "ZTK26PT1VY4CU"],
  "us-east-1": ["Z35SXDOTRQ7X7K", "Z26RNL4JYFTOTI"],
  "us-east-2": ["Z3AADJGX6KTTL2", "ZLMOA37VPKANP"],
  "us-gov-east-1": ["Z166TLBEWOO7G0", "Z1ZSMQQ6Q24QQ8"],
  "us-gov-west-1": ["Z33AYJ8TM3BH4J", "ZMG1MZ2THAWF1"],
  "us-west-1": ["Z368ELLRRE2KJ0", "Z24FKFUX50B4VW"],
  "us-west-2": ["Z1H1FL5HABSF5", "Z18D5FSROUN65G"],
};

/**
 * Accounts from which load balancers of a region write access logs. Regions opened since August 2022 have none.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export const loadBalancerAccounts: Record<string, string> = {
  "ap-east-1": "754344448648",
  "ap-northeast-1": "582318560864",
  "ap-northeast-2": "600734575887",
  "ap-northeast-3": "383597477331",
  "ap-south-1": "718504428378",
  "ap-southeast-1": "114774131450",
  "ap-southeast-2": "783225319266",
  "ca-central-1": "985666609251",
  "cn-north-1": "638102146993",
  "cn-northwest-1": "037604701340",
  "eu-central-1": "054676820928",
  "eu-north-1": "897822967062",
  "eu-west-1": "156460612806",
  "eu-west-2": "652711504416",
  "eu-west-3": "009996457667",
  "me-south-1": "076674570225",
  "sa-east-1": "507241528517",
  "us-east-1": "127311923021",
  "us-east-2": "033677994240",
  "us-gov-east-1": "190560391635",
  "us-gov-west-1": "048591011584",
  "us-west-1": "027434742980",
  "us-west-2": "797873946194",
};

/**
 * Policies of CloudFront that AWS manages, by name.
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html,
 * using-managed-origin-request-policies.html and using-managed-response-headers-policies.html.
 */
export const managedPolicies: Record<"cache" | "originRequest" | "responseHeaders", Record<string, string>> = {
  cache: {
    "Managed-Amplify": "2e54312d-136d-493c-8eb9-b001f22f67d2",
    "Managed-CachingDisabled": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    "Managed-CachingOptimized": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    "Managed-CachingOptimizedForUncompressedObjects": "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
    "Managed-Elemental-MediaPackage": "08627262-05a9-4f76-9ded-b50ca2e3a84f",
    UseOriginCacheControlHeaders: "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
    "UseOriginCacheControlHeaders-QueryStrings": "4cc15a8a-d715-48a4-82b8-cc0b614638fe",
  },
  originRequest: {
    "Managed-AllViewer": "216adef6-5c7f-47e4-b989-5492eafa07d3",
    "Managed-AllViewerAndCloudFrontHeaders-2022-06": "33f36d7e-f396-46d9-90e0-52428a34d9dc",
    "Managed-AllViewerExceptHostHeader": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    "Managed-CORS-CustomOrigin": "59781a5b-3903-41f3-afcb-af62929ccde1",
    "Managed-CORS-S3Origin": "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
    "Managed-Elemental-MediaTailor-PersonalizedManifests": "775133bc-15f2-49f9-abea-afb2e0bf67d2",
    "Managed-HostHeaderOnly": "bf0718e1-ba1e-49d1-88b1-f726733018ae",
    "Managed-UserAgentRefererHeaders": "acba4595-bd28-49b8-b9fe-13317c0390fa",
  },
  responseHeaders: {
    "Managed-CORS-and-SecurityHeadersPolicy": "e61eb60c-9c35-4d20-a928-2b84e02af89c",
    "Managed-CORS-With-Preflight": "5cc3b908-e619-4b99-88e5-2cf7f45965bd",
    "Managed-CORS-with-preflight-and-SecurityHeadersPolicy": "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
    "Managed-SecurityHeadersPolicy": "67f7725c-6f97-4210-82d7-5512b31e9d03",
    "Managed-SimpleCORS": "60669652-455b-4ae9-85a4-c4c02393f86c",
  },
};
