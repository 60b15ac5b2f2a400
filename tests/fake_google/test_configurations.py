"""Configurations that real OpenTofu applies: what settles, and what is refused as by Google."""

from pathlib import Path

import pytest

from fake_google import FakeGoogle
from tests.fake_google.opentofu import CONFIGURATIONS, VERSIONS, Configuration

pytestmark = pytest.mark.tofu

REFUSALS = {
    "google_project_iam_member.role": "Role roles/storage.objectVeiwer is not supported",
    "google_project_iam_custom_role.permission": "Permission storage.objects.lisst is not valid",
    "google_storage_bucket.location": "location constraint is not valid: 'UZ'",
    "google_pubsub_topic.labels": "Invalid label key 'Upper'",
    "google_pubsub_subscription.filter": "Invalid filter: attributes.name = a",
    "google_compute_instance_template.ends": "cannot specify a termination action",
}


@pytest.fixture(params=[pytest.param(VERSIONS[0], marks=pytest.mark.slow), VERSIONS[1]])
def configuration(
    request: pytest.FixtureRequest, google: FakeGoogle, tofu: str, tmp_path: Path
) -> Configuration:
    return Configuration(google, tmp_path, tofu, request.param)


def test_settles(configuration: Configuration) -> None:
    """What is applied is there: the plan after it is empty, and a destroy leaves nothing."""
    configuration.write((CONFIGURATIONS / "kept.tf").read_text(encoding="utf-8"))
    configuration.settles()

    status, output = configuration.run("destroy", "-auto-approve", "-parallelism=40")
    assert 0 == status, output
    assert [] == configuration.google.left()


def test_is_refused(configuration: Configuration) -> None:
    """Each mistake is refused, with the words of it."""
    configuration.write((CONFIGURATIONS / "refused.tf").read_text(encoding="utf-8"))
    output = configuration.refused()

    for address, message in REFUSALS.items():
        assert message in output, output
        assert address in output


BULK = """
provider "google" {
  project = "eng-ai-dev"
  region  = "us-central1"
}

resource "google_compute_instance_template" "gpus" {
  name         = "gpus"
  machine_type = "a3-highgpu-8g"
  disk {
    source_image = "debian-cloud/debian-12"
  }
  network_interface {
    network = "default"
  }
  scheduling {
    provisioning_model          = "FLEX_START"
    instance_termination_action = "DELETE"
    on_host_maintenance         = "TERMINATE"
    automatic_restart           = false
    max_run_duration {
      seconds = 3600
    }
  }
  reservation_affinity {
    type = "NO_RESERVATION"
  }
}

resource "google_compute_instance_template" "bound" {
  name         = "bound"
  machine_type = "a3-highgpu-8g"
  disk {
    source_image = "debian-cloud/debian-12"
  }
  network_interface {
    network = "default"
  }
  scheduling {
    provisioning_model          = "RESERVATION_BOUND"
    instance_termination_action = "DELETE"
    on_host_maintenance         = "TERMINATE"
    automatic_restart           = false
  }
  reservation_affinity {
    type = "SPECIFIC_RESERVATION"
    specific_reservation {
      key    = "compute.googleapis.com/reservation-name"
      values = ["gpus"]
    }
  }
}

resource "google_compute_region_instance_group_manager" "gpus" {
  name                             = "gpus"
  base_instance_name               = "gpus"
  distribution_policy_target_shape = "ANY_SINGLE_ZONE"
  version {
    instance_template = google_compute_instance_template.gpus.self_link_unique
  }
  instance_lifecycle_policy {
    default_action_on_failure = "DO_NOTHING"
  }
  update_policy {
    type                         = "OPPORTUNISTIC"
    instance_redistribution_type = "NONE"
    minimal_action               = "REPLACE"
    max_surge_fixed              = 0
    max_unavailable_fixed        = 3
  }
  resource_policies {
    workload_policy = "projects/eng-ai-dev/regions/us-central1/resourcePolicies/close"
  }
  target_size_policy {
    mode = "BULK"
  }
}
"""


def test_what_is_new(google: FakeGoogle, tofu: str, tmp_path: Path) -> None:
    """Flex-start, reservations and groups made at once, which only the newer provider knows."""
    configuration = Configuration(google, tmp_path, tofu, VERSIONS[-1])
    configuration.write(BULK)
    configuration.settles()

    configuration.write(BULK.replace('"ANY_SINGLE_ZONE"', '"ANY"'))
    assert "policy mode BULK it must be ANY_SINGLE_ZONE" in configuration.refused()


def test_from_one_provider_to_the_next(google: FakeGoogle, tofu: str, tmp_path: Path) -> None:
    """What the older provider applied, the newer one has nothing to change of."""
    text = (CONFIGURATIONS / "kept.tf").read_text(encoding="utf-8")
    configuration = Configuration(google, tmp_path, tofu, VERSIONS[0])
    configuration.write(text)
    configuration.settles()

    newer = Configuration(google, tmp_path, tofu, VERSIONS[-1])
    newer.write(text)
    status, output = newer.run("init", "-upgrade")
    assert 0 == status, output
    status, output = newer.run("plan", "-detailed-exitcode")
    assert 0 == status, output
