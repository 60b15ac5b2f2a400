"""What no stack of this project has, and is known to kill, to shut out or to lose."""

import pytest

from tests.plans.cases import Json
from tests.plans.judged import judged, rules
from tests.plans.made import change, made_up


@pytest.mark.parametrize(
    ("kind", "values", "rule"),
    [
        ("google_billing_project_info", {"billing_account": ""}, "billing-changed"),
        ("google_compute_region_per_instance_config",
         {"most_disruptive_allowed_action": "REPLACE"}, "vms-restarted"),
        ("google_os_config_patch_deployment", {"patch_config": [{"reboot_config": "ALWAYS"}]},
         "vms-restarted"),
        ("google_storage_transfer_job", {"transfer_spec": [{"transfer_options": [
            {"delete_objects_from_source_after_transfer": True}]}]}, "transfer-deletes"),
        ("google_compute_project_metadata_item", {"key": "ssh-keys"}, "vms-metadata"),
        ("google_compute_project_metadata", {"metadata": {"startup-script": "x"}},
         "vms-metadata"),
        ("google_storage_hmac_key", {"service_account_email": "a"}, "account-key"),
        ("google_compute_route", {"dest_range": "0.0.0.0/0"}, "access-denied"),
        ("google_iam_principal_access_boundary_policy", {}, "access-denied"),
        ("google_org_policy_policy", {"spec": [{"rules": [{"enforce": False}]}]},
         "policy-loosened"),
        ("google_org_policy_policy", {"spec": [{"rules": [{"enforce": True}]}]},
         "access-denied"),
        ("google_project_organization_policy", {"boolean_policy": [{"enforced": False}]},
         "policy-loosened"),
        ("google_project_organization_policy", {"list_policy": [{"allow": [{"all": True}]}]},
         "policy-loosened"),
    ],
)  # fmt: skip
def test_what_is_known_to_harm(kind: str, values: Json, rule: str) -> None:
    """Each is blocked by its name."""
    assert (rule,) == rules(judged(made_up(change(kind, ["create"], None, values))).blocking)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("google_os_config_patch_deployment", {"patch_config": [{"reboot_config": "NEVER"}]}),
        ("google_storage_transfer_job", {"transfer_spec": [{"transfer_options": [
            {"overwrite_when": "NEVER"}]}]}),
        ("google_compute_route", {"dest_range": "10.0.0.0/8"}),
    ],
)  # fmt: skip
def test_their_neighbours(kind: str, values: Json) -> None:
    """They are not blocked, and not called safe either."""
    verdict = judged(made_up(change(kind, ["create"], None, values)))

    assert ((), ("unjudged",)) == (rules(verdict.blocking), rules(verdict.notable))


@pytest.mark.parametrize(
    "kind", ["google_storage_transfer_job", "google_os_config_patch_deployment"]
)
def test_what_goes_without_a_word(kind: str) -> None:
    """Nobody says what goes with it, so it is not called safe."""
    gone = judged(made_up(change(kind, ["delete"], {"name": "a"}, None)))

    assert ((), ("unjudged",)) == (rules(gone.blocking), rules(gone.notable))
