# A deployment as it was made before this project: the same names, other addresses, templates named
# for the release alone, groups that spread evenly, and grants in the whole project.

variable "environment" { type = string }
variable "project" { type = string }

locals {
  release = "0-60-1"
  fleets = {
    "v100" = {
      gpu      = "nvidia-tesla-v100"
      machines = { 1 = "n1-highmem-8", 4 = "n1-highmem-16", 8 = "n1-highmem-32" }
      regions  = { us-central1 = "abcf" }
    }
    "a100-40gb" = {
      gpu      = "nvidia-tesla-a100"
      machines = { for n in [1, 2, 4, 8] : n => "a2-highgpu-${n}g" }
      regions = {
        asia-northeast1 = "ac", asia-northeast3 = "ab", asia-southeast1 = "bc", europe-west4 = "ab"
        me-west1        = "c", us-central1 = "abcf", us-east1 = "b", us-west1 = "b", us-west3 = "b", us-west4 = "b"
      }
    }
    "a100-80gb" = {
      gpu      = "nvidia-a100-80gb"
      machines = { for n in [1, 2, 4, 8] : n => "a2-ultragpu-${n}g" }
      regions  = { asia-southeast1 = "c", europe-west4 = "a", us-central1 = "ac", us-east4 = "c", us-east5 = "b" }
    }
    "h100-80gb" = {
      gpu      = "nvidia-h100-80gb"
      machines = { 8 = "a3-highgpu-8g" }
      regions  = { europe-west4 = "bc", us-east5 = "a", us-west1 = "a", us-west4 = "a" }
    }
  }
  clusters = merge([
    for fleet, spec in local.fleets : {
      for n, machine in spec.machines :
      "${n}x${fleet}" => { gpu = spec.gpu, count = n, machine = machine, regions = spec.regions }
    }
  ]...)
  groups = merge([
    for cluster, spec in local.clusters : {
      for region, letters in spec.regions : "${cluster}-${region}" => {
        cluster = cluster, region = region, zones = [for letter in split("", letters) : "${region}-${letter}"]
      }
    }
  ]...)
  dev = var.environment == "dev"
  results = merge(
    { us = ["US", var.environment], asia = ["ASIA", var.environment], europe = ["EU", var.environment] },
    { me-west1 = ["ME-WEST1", var.environment] },
    local.dev ? { developers = ["US", "local"] } : {},
  )
  member = "serviceAccount:${google_service_account.jobs.email}"
}

provider "google" { project = var.project }

resource "google_service_account" "jobs" {
  account_id   = "pipeline-zen-jobs-sa"
  display_name = "Jobs"
}

resource "google_project_iam_custom_role" "lister" {
  role_id     = "bucket_lister"
  title       = "Bucket Lister"
  permissions = ["storage.buckets.list", "storage.buckets.get"]
}

resource "google_project_iam_custom_role" "deleter" {
  role_id     = "vm_deleter"
  title       = "VM Deleter"
  permissions = ["compute.instances.delete"]
}

resource "google_project_iam_member" "everywhere" {
  for_each = toset([
    "roles/compute.viewer", "roles/logging.logWriter", "roles/monitoring.metricWriter",
    "roles/opsconfigmonitoring.resourceMetadata.writer", "roles/pubsub.publisher",
    "roles/pubsub.subscriber", "roles/secretmanager.secretAccessor", "roles/secretmanager.viewer",
  ])
  project = var.project
  role    = each.key
  member  = local.member
}

resource "google_project_iam_member" "own" {
  for_each = {
    lister  = google_project_iam_custom_role.lister.id
    deleter = google_project_iam_custom_role.deleter.id
  }
  project = var.project
  role    = each.value
  member  = local.member
}

resource "google_storage_bucket" "results" {
  for_each = local.results
  name     = "lum-${each.value[1]}-pipeline-zen-jobs-${each.key == "developers" ? "us" : each.key}"
  location = each.value[0]
}

resource "google_storage_bucket" "datasets" {
  for_each = toset(local.dev ? ["dev", "local"] : [var.environment])
  name     = "lum-${each.key}-pipeline-zen-datasets"
  location = "US"
}

resource "google_storage_bucket_iam_member" "results" {
  for_each = google_storage_bucket.results
  bucket   = each.value.name
  role     = "roles/storage.objectAdmin"
  member   = local.member
}

resource "google_storage_bucket_iam_member" "datasets" {
  for_each = google_storage_bucket.datasets
  bucket   = each.value.name
  role     = "roles/storage.objectAdmin"
  member   = local.member
}

resource "google_pubsub_topic" "all" {
  for_each = toset(concat(
    ["start", "stop", "heartbeats", "meta"], local.dev ? ["heartbeats-local", "meta-local"] : []
  ))
  name = "pipeline-zen-jobs-${each.key}"
}

resource "google_pubsub_subscription" "start" {
  for_each = toset(concat(keys(local.clusters), local.dev ? ["1xlocal", "2xlocal"] : []))
  name     = "pipeline-zen-jobs-start-runner-${each.key}"
  topic    = google_pubsub_topic.all["start"].name
  filter   = "attributes.cluster = \"${each.key}\""

  ack_deadline_seconds         = 60
  message_retention_duration   = "345600s"
  enable_exactly_once_delivery = true
  expiration_policy { ttl = "" }
}

resource "google_pubsub_subscription" "stop" {
  name  = "pipeline-zen-jobs-stop-runner"
  topic = google_pubsub_topic.all["stop"].name

  ack_deadline_seconds         = 60
  message_retention_duration   = "345600s"
  enable_exactly_once_delivery = true
  expiration_policy { ttl = "" }
}

resource "google_secret_manager_secret" "settings" {
  secret_id = "pipeline-zen-jobs-config"
  replication {
    auto {}
  }
}

resource "google_secret_manager_secret_version" "settings" {
  secret      = google_secret_manager_secret.settings.id
  secret_data = file("${path.module}/settings.env")
}

resource "google_compute_instance_template" "all" {
  for_each     = local.clusters
  name         = "pipeline-zen-jobs-${each.key}-${local.release}-tpl"
  machine_type = each.value.machine

  disk {
    source_image = "projects/neat-airport-407301/global/images/pipeline-zen-jobs-${local.release}"
    device_name  = "pipeline-zen-jobs-${each.key}-${local.release}-disk"
    boot         = true
    auto_delete  = true
    mode         = "READ_WRITE"
    disk_size_gb = 2000
    disk_type    = "pd-balanced"
  }
  network_interface {
    network = "default"
    access_config { network_tier = "PREMIUM" }
  }
  guest_accelerator {
    type  = each.value.gpu
    count = each.value.count
  }
  service_account {
    email  = google_service_account.jobs.email
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  metadata = {
    startup-script = "/pipeline-zen-jobs/scripts/mig-runtime/startup-script.sh"
    PZ_ENV         = var.environment
  }
  scheduling {
    automatic_restart   = false
    on_host_maintenance = "TERMINATE"
    provisioning_model  = "STANDARD"
  }
  reservation_affinity { type = "NO_RESERVATION" }
}

resource "google_compute_region_instance_group_manager" "all" {
  for_each           = local.groups
  name               = "pipeline-zen-jobs-${each.key}-mig"
  base_instance_name = "pipeline-zen-jobs-${each.key}-vm"
  region             = each.value.region
  target_size        = 0

  distribution_policy_zones        = each.value.zones
  distribution_policy_target_shape = "EVEN"
  version { instance_template = google_compute_instance_template.all[each.value.cluster].id }
  update_policy {
    type                         = "OPPORTUNISTIC"
    minimal_action               = "NONE"
    instance_redistribution_type = "NONE"
    max_surge_fixed              = length(each.value.zones)
    max_unavailable_fixed        = length(each.value.zones)
  }
  instance_lifecycle_policy {
    default_action_on_failure = "DO_NOTHING"
    force_update_on_repair    = "NO"
  }
  standby_policy { mode = "MANUAL" }
}
