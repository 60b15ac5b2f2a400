provider "google" {
  project = "eng-ai-dev"
  region  = "us-central1"
}

data "google_project" "this" {}

data "google_compute_default_service_account" "this" {}

data "google_storage_project_service_account" "this" {}

data "google_compute_zones" "there" {}

data "google_compute_image" "debian" {
  family  = "debian-12"
  project = "debian-cloud"
}

data "google_compute_network" "default" {
  name = "default"
}

resource "google_service_account" "runner" {
  account_id   = "runner-account"
  display_name = "Runs"
}

resource "google_compute_instance_template" "web" {
  name_prefix  = "web-"
  machine_type = "e2-medium"
  labels       = { app = "web" }
  metadata     = { greeting = "hello" }
  disk {
    source_image = data.google_compute_image.debian.self_link
    disk_size_gb = 20
  }
  network_interface {
    network = data.google_compute_network.default.id
  }
  scheduling {
    provisioning_model          = "SPOT"
    preemptible                 = true
    automatic_restart           = false
    instance_termination_action = "STOP"
  }
  service_account {
    email  = google_service_account.runner.email
    scopes = ["cloud-platform"]
  }
  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_region_instance_group_manager" "web" {
  name                             = "web"
  base_instance_name               = "web"
  description                      = "Pages"
  target_size                      = 2
  distribution_policy_target_shape = "ANY"
  version {
    name              = "primary"
    instance_template = google_compute_instance_template.web.id
  }
  named_port {
    name = "http"
    port = 8080
  }
  named_port {
    name = "metrics"
    port = 9090
  }
  instance_flexibility_policy {
    instance_selections {
      name          = "larger"
      machine_types = ["e2-standard-4", "e2-standard-8"]
      rank          = 1
    }
  }
  update_policy {
    type                         = "OPPORTUNISTIC"
    instance_redistribution_type = "NONE"
    minimal_action               = "NONE"
    max_surge_fixed              = 3
    max_unavailable_fixed        = 3
  }
}

resource "google_storage_bucket" "site" {
  name                    = "site-example-b"
  location                = "US"
  enable_object_retention = true
  labels                  = { app = "site" }
  cors {
    origin = ["*"]
    method = ["GET"]
  }
  versioning {
    enabled = true
  }
}

resource "google_storage_bucket" "old" {
  name                        = "old-example-b"
  location                    = "us-east1"
  storage_class               = "NEARLINE"
  uniform_bucket_level_access = true
  retention_policy {
    retention_period = 60
  }
  lifecycle_rule {
    action {
      type          = "SetStorageClass"
      storage_class = "COLDLINE"
    }
    condition {
      age = 30
    }
  }
}

resource "google_storage_bucket_object" "page" {
  bucket              = google_storage_bucket.site.name
  name                = "index.html"
  content             = "<p>hi"
  content_type        = "text/html"
  cache_control       = "public, max-age=60"
  content_disposition = "inline"
  content_language    = "en"
  storage_class       = "NEARLINE"
  temporary_hold      = false
  metadata            = { by = "hand" }
}

resource "google_storage_object_acl" "page" {
  bucket      = google_storage_bucket.site.name
  object      = google_storage_bucket_object.page.output_name
  role_entity = ["READER:allUsers"]
}

resource "google_pubsub_topic" "events" {
  name = "bucket-events"
}

resource "google_pubsub_topic_iam_member" "storage" {
  topic  = google_pubsub_topic.events.id
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:${data.google_storage_project_service_account.this.email_address}"
}

resource "google_pubsub_subscription" "events" {
  name                       = "events"
  topic                      = google_pubsub_topic.events.id
  filter                     = "hasPrefix(attributes.name, \"a\")"
  message_retention_duration = "86400s"
  ack_deadline_seconds       = 30
  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.events.id
    max_delivery_attempts = 7
  }
  retry_policy {
    minimum_backoff = "10s"
  }
}

resource "google_project_iam_audit_config" "all" {
  project = data.google_project.this.project_id
  service = "allServices"
  audit_log_config {
    log_type = "ADMIN_READ"
  }
}

resource "google_project_iam_member" "runner" {
  project = data.google_project.this.project_id
  role    = "roles/logging.logWriter"
  member  = google_service_account.runner.member
}

resource "google_project_iam_custom_role" "reader" {
  role_id     = "pageReader"
  title       = "Reads pages"
  permissions = ["storage.objects.get", "storage.objects.list"]
}

resource "google_project_service" "pubsub" {
  service            = "pubsub.googleapis.com"
  disable_on_destroy = false
}

resource "google_service_account_iam_member" "runner" {
  service_account_id = google_service_account.runner.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.runner.member
}

resource "google_pubsub_subscription_iam_member" "runner" {
  subscription = google_pubsub_subscription.events.id
  role         = "roles/pubsub.subscriber"
  member       = google_service_account.runner.member
}

resource "google_storage_bucket_iam_member" "runner" {
  bucket = google_storage_bucket.old.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.runner.member
}

resource "google_secret_manager_secret" "config" {
  secret_id = "config"
  labels    = { app = "web" }
  replication {
    auto {}
  }
}

resource "google_secret_manager_secret_version" "config" {
  secret      = google_secret_manager_secret.config.id
  secret_data = "greeting=hello"
}

resource "google_secret_manager_secret_iam_member" "runner" {
  secret_id = google_secret_manager_secret.config.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.runner.member
}

resource "google_cloud_quotas_quota_preference" "gpus" {
  parent     = "projects/eng-ai-dev"
  service    = "compute.googleapis.com"
  quota_id   = "NVIDIA-V100-GPUS-per-project-region"
  dimensions = { region = "us-central1" }
  quota_config {
    preferred_value = 24
  }
  contact_email = "a@b.example"
  justification = "jobs"
}
