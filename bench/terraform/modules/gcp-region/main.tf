# One region of Google: network, regional balancer with a serverless NEG, Cloud Run, registry, secret, logs, alerts.
variable "region" {
  type        = string
  description = "The region."
}

variable "project" {
  type        = string
  description = "The project."
}

resource "google_project_service" "this" {
  for_each = toset(["run", "compute", "artifactregistry", "secretmanager", "certificatemanager", "monitoring", "logging", "iam"])
  project  = var.project
  service  = "${each.key}.googleapis.com"
}

resource "google_compute_network" "this" {
  project                 = var.project
  name                    = "exchange"
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "service" {
  project                  = var.project
  region                   = var.region
  name                     = "exchange"
  network                  = google_compute_network.this.id
  ip_cidr_range            = "10.10.0.0/24"
  private_ip_google_access = true
}

resource "google_compute_subnetwork" "proxies" {
  project       = var.project
  region        = var.region
  name          = "exchange-proxies"
  network       = google_compute_network.this.id
  ip_cidr_range = "10.10.2.0/23"
  purpose       = "REGIONAL_MANAGED_PROXY"
  role          = "ACTIVE"
}

resource "google_compute_firewall" "deny" {
  project   = var.project
  name      = "exchange-deny"
  network   = google_compute_network.this.name
  direction = "INGRESS"
  deny { protocol = "all" }
  source_ranges = ["0.0.0.0/0"]
}

resource "google_compute_router" "this" {
  project = var.project
  region  = var.region
  name    = "exchange"
  network = google_compute_network.this.id
}

resource "google_compute_router_nat" "this" {
  project                            = var.project
  region                             = var.region
  name                               = "exchange"
  router                             = google_compute_router.this.name
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
}

resource "google_service_account" "this" {
  project    = var.project
  account_id = "exchange"
}

resource "google_artifact_registry_repository" "this" {
  project       = var.project
  location      = var.region
  repository_id = "exchange"
  format        = "DOCKER"
}

resource "google_secret_manager_secret" "this" {
  project   = var.project
  secret_id = "exchange-credentials"
  replication {
    user_managed {
      replicas { location = var.region }
    }
  }
}

resource "google_secret_manager_secret_iam_member" "this" {
  project   = var.project
  secret_id = google_secret_manager_secret.this.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.this.member
}

resource "google_cloud_run_v2_service" "this" {
  project             = var.project
  location            = var.region
  name                = "exchange"
  ingress             = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  deletion_protection = true
  template {
    service_account = google_service_account.this.email
    scaling {
      min_instance_count = 6
      max_instance_count = 24
    }
    containers {
      image = "${var.region}-docker.pkg.dev/${var.project}/exchange/exchange@sha256:0000000000000000000000000000000000000000000000000000000000000000"
      startup_probe {
        http_get { path = "/healthz/ready" }
      }
    }
  }
}

resource "google_compute_region_network_endpoint_group" "this" {
  project               = var.project
  region                = var.region
  name                  = "exchange"
  network_endpoint_type = "SERVERLESS"
  cloud_run { service = google_cloud_run_v2_service.this.name }
}

resource "google_compute_region_security_policy" "this" {
  project = var.project
  region  = var.region
  name    = "exchange"
  type    = "CLOUD_ARMOR"
}

resource "google_compute_region_backend_service" "this" {
  project               = var.project
  region                = var.region
  name                  = "exchange"
  protocol              = "HTTPS"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  security_policy       = google_compute_region_security_policy.this.self_link
  backend { group = google_compute_region_network_endpoint_group.this.id }
  log_config {
    enable      = true
    sample_rate = 1
  }
}

resource "google_compute_region_url_map" "this" {
  project         = var.project
  region          = var.region
  name            = "exchange"
  default_service = google_compute_region_backend_service.this.id
}

resource "google_certificate_manager_certificate" "this" {
  project  = var.project
  location = var.region
  name     = "exchange"
  managed {
    domains = ["${var.region}.api.example.com"]
  }
}

resource "google_compute_region_ssl_policy" "this" {
  project         = var.project
  region          = var.region
  name            = "exchange"
  profile         = "RESTRICTED"
  min_tls_version = "TLS_1_2"
}

resource "google_compute_region_target_https_proxy" "this" {
  project                          = var.project
  region                           = var.region
  name                             = "exchange"
  url_map                          = google_compute_region_url_map.this.id
  ssl_policy                       = google_compute_region_ssl_policy.this.id
  certificate_manager_certificates = [google_certificate_manager_certificate.this.id]
}

resource "google_compute_address" "this" {
  project      = var.project
  region       = var.region
  name         = "exchange"
  network_tier = "STANDARD"
}

resource "google_compute_forwarding_rule" "this" {
  project               = var.project
  region                = var.region
  name                  = "exchange"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  network               = google_compute_network.this.id
  network_tier          = "STANDARD"
  ip_address            = google_compute_address.this.id
  port_range            = "443"
  target                = google_compute_region_target_https_proxy.this.id
}

resource "google_monitoring_notification_channel" "this" {
  project      = var.project
  display_name = "exchange"
  type         = "email"
  labels       = { email_address = "exchange@example.com" }
}

resource "google_monitoring_alert_policy" "this" {
  for_each              = toset(["request_count", "request_latencies", "container/cpu/utilizations", "container/instance_count"])
  project               = var.project
  display_name          = "exchange ${each.key}"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.this.id]
  conditions {
    display_name = each.key
    condition_threshold {
      filter          = "resource.type = \"cloud_run_revision\" AND metric.type = \"run.googleapis.com/${each.key}\""
      comparison      = "COMPARISON_GT"
      duration        = "60s"
      threshold_value = 1
    }
  }
}

output "address" {
  value       = google_compute_address.this.address
  description = "Where the edge reaches the region."
}
