# What `stacks/` asks for in `prod`, as near as Terraform written by hand comes: two regions of AWS, two of Google, Cloudflare in front. It is
# here to be read by Checkov in `npm run bench`; nobody applies it.
terraform {
  required_version = ">= 1.9"
  required_providers {
    aws        = { source = "hashicorp/aws", version = "~> 6.0" }
    google     = { source = "hashicorp/google", version = "~> 7.0" }
    cloudflare = { source = "cloudflare/cloudflare", version = "~> 5.0" }
  }
}

locals {
  hostname = "api.example.com"
  origins = {
    us-east-2   = module.aws_us_east_2.address
    us-west-2   = module.aws_us_west_2.address
    us-central1 = module.gcp_us_central1.address
    us-east4    = module.gcp_us_east4.address
  }
}

module "aws_us_east_2" {
  source = "./modules/aws-region"
  region = "us-east-2"
}

module "aws_us_west_2" {
  source = "./modules/aws-region"
  region = "us-west-2"
}

module "gcp_us_central1" {
  source  = "./modules/gcp-region"
  region  = "us-central1"
  project = "example-exchange-central"
}

module "gcp_us_east4" {
  source  = "./modules/gcp-region"
  region  = "us-east4"
  project = "example-exchange-east"
}

resource "cloudflare_load_balancer_monitor" "regions" {
  account_id       = var.account_id
  type             = "https"
  path             = "/healthz/region"
  port             = 443
  interval         = 10
  timeout          = 3
  retries          = 1
  consecutive_down = 1
  expected_codes   = "200"
}

resource "cloudflare_load_balancer_pool" "regions" {
  for_each      = local.origins
  account_id    = var.account_id
  name          = each.key
  monitor       = cloudflare_load_balancer_monitor.regions.id
  check_regions = ["ENAM", "WNAM", "WEU"]
  origins       = [{ name = each.key, address = each.value, enabled = true }]
}

resource "cloudflare_load_balancer" "api" {
  zone_id         = var.zone_id
  name            = local.hostname
  default_pools   = [for pool in cloudflare_load_balancer_pool.regions : pool.id]
  fallback_pool   = cloudflare_load_balancer_pool.regions["us-central1"].id
  proxied         = true
  steering_policy = "random"
}

resource "cloudflare_zone_setting" "ssl" {
  zone_id    = var.zone_id
  setting_id = "ssl"
  value      = "strict"
}

resource "cloudflare_zone_setting" "tls" {
  zone_id    = var.zone_id
  setting_id = "min_tls_version"
  value      = "1.2"
}

variable "account_id" {
  type        = string
  description = "Cloudflare's account."
  default     = "00000000000000000000000000000000"
}

variable "zone_id" {
  type        = string
  description = "Cloudflare's zone of the hostname."
  default     = "00000000000000000000000000000000"
}
