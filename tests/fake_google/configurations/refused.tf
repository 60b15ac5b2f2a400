provider "google" {
  project = "eng-ai-dev"
  region  = "us-central1"
}

resource "google_project_iam_member" "role" {
  project = "eng-ai-dev"
  role    = "roles/storage.objectVeiwer"
  member  = "user:a@example.com"
}

resource "google_project_iam_custom_role" "permission" {
  role_id     = "misspelt"
  title       = "Misspelt"
  permissions = ["storage.objects.lisst"]
}

resource "google_storage_bucket" "location" {
  name     = "placed-example-b"
  location = "UZ"
}

resource "google_pubsub_topic" "labels" {
  name   = "labels"
  labels = { Upper = "x" }
}

resource "google_pubsub_topic" "events" {
  name = "events"
}

resource "google_pubsub_subscription" "filter" {
  name   = "filter"
  topic  = google_pubsub_topic.events.id
  filter = "attributes.name = a"
}

resource "google_compute_instance_template" "ends" {
  name         = "ends"
  machine_type = "e2-medium"
  disk {
    source_image = "debian-cloud/debian-12"
    boot         = true
  }
  network_interface {
    network = "default"
  }
  scheduling {
    instance_termination_action = "DELETE"
  }
}
