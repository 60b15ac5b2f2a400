"""What is only read: data sources known to have no secret in them, and all others."""

import pytest

from tests.plans.cases import Json
from tests.plans.judged import judged, rules
from tests.plans.made import change, made_up

SECRETS = (
    "google_secret_manager_secret_version",
    "google_secret_manager_secret_version_access",
    "google_storage_bucket_object_content",
    "google_service_account_access_token",
    "google_service_account_jwt",
    "google_service_account_id_token",
    "google_service_account_key",
    "google_client_config",
    "google_kms_secret",
    "google_parameter_manager_parameter_version_render",
    "google_container_cluster",
    "google_compute_instance_serial_port",
    "google_what_is_new",
    "http",
    "local_file",
    "terraform_remote_state",
    "vault_generic_secret",
)


def _configured(type_: str, mode: str = "data") -> Json:
    """A plan that has read it already: nothing but the configuration tells."""
    one = {"address": f"data.{type_}.x", "mode": mode, "type": type_, "name": "x"}
    calls = {"m": {"module": {"resources": [one]}}}
    return {**made_up(), "configuration": {"root_module": {"module_calls": calls}}}


def _read(type_: str) -> Json:
    entry = change(type_, ["read"], None, {}, "x")
    return made_up({**entry, "mode": "data", "address": f"data.{type_}.x"})


@pytest.mark.parametrize("type_", SECRETS)
def test_what_may_be_a_secret(type_: str) -> None:
    """Read by the plan or by the apply, it is told."""
    for plan in (_configured(type_), _configured(type_, "ephemeral"), _read(type_)):
        verdict = judged(plan)
        assert ((), ("unjudged",)) == (rules(verdict.blocking), rules(verdict.notable))


@pytest.mark.parametrize("type_", ["external", "local_command", "shell_script"])
def test_what_is_a_program(type_: str) -> None:
    """It blocks, be it that it has run already."""
    for plan in (_configured(type_), _read(type_)):
        assert ("runs-program",) == rules(judged(plan).blocking)


@pytest.mark.parametrize(
    "type_", ["google_project", "google_compute_image", "google_iam_policy", "google_pubsub_topic"]
)
def test_what_tells_no_secret(type_: str) -> None:
    """What there is may be read."""
    for plan in (_configured(type_), _read(type_)):
        verdict = judged(plan)
        assert ((), ()) == (verdict.blocking, verdict.notable)
