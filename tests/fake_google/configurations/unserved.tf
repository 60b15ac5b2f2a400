provider "google" {
  project = "eng-ai-dev"
  region  = "us-central1"
}
data "google_project" "p" {}
data "google_client_openid_userinfo" "me" {}
data "google_client_config" "c" {}
resource "google_pubsub_topic" "t" { name = "topic-a" }
resource "google_monitoring_alert_policy" "a" {
  display_name = "a"
  combiner     = "OR"
  conditions {
    display_name = "x"
    condition_threshold {
      filter     = "metric.type=\"compute.googleapis.com/instance/disk/write_bytes_count\" AND resource.type=\"gce_instance\""
      duration   = "60s"
      comparison = "COMPARISON_GT"
    }
  }
}
resource "google_monitoring_notification_channel" "n" {
  type   = "email"
  labels = { email_address = "a@b.de" }
}
resource "google_logging_metric" "m" {
  name   = "m"
  filter = "severity>=ERROR"
}
resource "google_dns_managed_zone" "z" {
  name     = "z"
  dns_name = "z.example."
}
resource "google_compute_network" "n" { name = "n" }
resource "google_kms_key_ring" "k" {
  name     = "k"
  location = "global"
}
resource "google_sql_database_instance" "s" {
  name             = "s"
  database_version = "POSTGRES_15"
  settings { tier = "db-f1-micro" }
}
resource "google_container_cluster" "c" {
  name               = "c"
  location           = "us-central1"
  initial_node_count = 1
}
resource "google_cloud_run_v2_service" "r" {
  name     = "r"
  location = "us-central1"
  template {
    containers { image = "x" }
  }
}
resource "google_cloud_run_service" "r" {
  name     = "r"
  location = "us-central1"
  template {
    spec {
      containers { image = "x" }
    }
  }
}
resource "google_bigquery_dataset" "d" { dataset_id = "d" }
resource "google_bigtable_instance" "b" {
  name = "bigt"
  cluster {
    cluster_id = "cccccc"
    zone       = "us-central1-a"
    num_nodes  = 1
  }
}
resource "google_spanner_instance" "s" {
  config       = "regional-us-central1"
  display_name = "main"
  num_nodes    = 1
}
resource "google_redis_instance" "r" {
  name           = "redis"
  memory_size_gb = 1
}
resource "google_artifact_registry_repository" "a" {
  repository_id = "a"
  format        = "DOCKER"
}
resource "google_cloud_scheduler_job" "j" {
  name     = "j"
  schedule = "* * * * *"
  http_target { uri = "https://example.com" }
}
resource "google_cloud_tasks_queue" "q" {
  name     = "q"
  location = "us-central1"
}
resource "google_workflows_workflow" "w" {
  name                = "w"
  source_contents     = "x"
  deletion_protection = false
}
resource "google_vertex_ai_dataset" "v" {
  display_name        = "v"
  metadata_schema_uri = "gs://x"
}
resource "google_pubsub_lite_topic" "l" {
  zone = "us-central1-a"
  name = "l"
  partition_config { count = 1 }
  retention_config { per_partition_bytes = 32212254720 }
}
resource "google_firestore_database" "f" {
  name        = "(default)"
  location_id = "nam5"
  type        = "FIRESTORE_NATIVE"
}
resource "google_dataproc_cluster" "d" {
  name   = "d"
  region = "us-central1"
}
resource "google_secret_manager_regional_secret" "r" {
  secret_id = "r"
  location  = "us-central1"
}
resource "google_billing_budget" "b" {
  billing_account = "000000-000000-000000"
  amount { last_period_amount = true }
}
resource "google_iam_workload_identity_pool" "w" { workload_identity_pool_id = "pool" }
resource "google_tags_tag_key" "k" {
  parent     = "projects/eng-ai-dev"
  short_name = "k"
}
resource "google_dialogflow_cx_agent" "d" {
  display_name          = "d"
  location              = "us-central1"
  default_language_code = "en"
  time_zone             = "UTC"
}
resource "google_compute_snapshot" "s" {
  name        = "s"
  source_disk = "d"
  zone        = "us-central1-a"
}
