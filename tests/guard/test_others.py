"""What no stack of this project has, and is known to kill, to shut out or to lose."""

import pytest

from tests.plans.cases import Json
from tests.plans.judged import judged, rules, told
from tests.plans.made import change, made_up, planned

BILLING = "google_billing_project_info"
CONFIG = "google_compute_per_instance_config"
HMAC = "google_storage_hmac_key"
METADATA = "google_compute_project_metadata_item"
PATCHES = "google_os_config_patch_deployment"
PROJECT_ITSELF = "google_project"
ROUTE = "google_compute_route"
TRANSFER = "google_storage_transfer_job"


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


@pytest.mark.parametrize(
    ("kind", "actions", "before", "after", "said"),
    [
        (BILLING, "create", None, {"billing_account": "A"},
         ["billing-changed: made to be paid by `A`"]),
        (BILLING, "update", {"billing_account": "A"}, {"billing_account": ""},
         ["billing-changed: made to be paid by nobody"]),
        (PROJECT_ITSELF, "delete", {"project_id": "p", "billing_account": "A"}, None,
         ["billing-changed: deleted, with all that is in it"]),
        (PROJECT_ITSELF, "delete create", {"project_id": "p", "billing_account": "A"},
         {"project_id": "q", "billing_account": "A"},
         ["billing-changed: deleted, with all that is in it",
          "unjudged: changed in `project_id`"]),
        (PROJECT_ITSELF, "update", {"billing_account": "A"}, {"billing_account": "B"},
         ["billing-changed: given another billing account"]),
        (PROJECT_ITSELF, "update", {"billing_account": "A", "org_id": "1"},
         {"billing_account": "A", "org_id": "2"},
         ["unjudged: changed in `org_id`"]),
        (CONFIG, "create", None, {"most_disruptive_allowed_action": "NONE"},
         ["unjudged: new, with `most_disruptive_allowed_action`"]),
        (CONFIG, "create", None,
         {"most_disruptive_allowed_action": "REPLACE", "minimal_action": "RESTART"},
         ["vms-restarted: applied to a VM that may run a job (`minimal_action`, "
          "`most_disruptive_allowed_action`)"]),
        (CONFIG, "create", None, {"name": "a"},
         ["vms-restarted: applied to a VM that may run a job",
          "unjudged: new, with `name`"]),
        (CONFIG, "update", {"minimal_action": "NONE", "most_disruptive_allowed_action": "REFRESH"},
         {"minimal_action": "REFRESH", "most_disruptive_allowed_action": "REFRESH"},
         ["unjudged: changed in `minimal_action`"]),
        (CONFIG, "delete", {"most_disruptive_allowed_action": "NONE"}, None,
         ["vms-restarted: applied to a VM that may run a job"]),
        (CONFIG, "delete create", {"name": "a", "most_disruptive_allowed_action": "NONE"},
         {"name": "b", "most_disruptive_allowed_action": "NONE"},
         ["vms-restarted: applied to a VM that may run a job (`most_disruptive_allowed_action`)",
          "unjudged: changed in `name`"]),
        (PATCHES, "create", None, {"patch_deployment_id": "a"},
         ["vms-restarted: patches VMs, and restarts them where it takes that"]),
        (PATCHES, "update", {"patch_config": [{"reboot_config": "DEFAULT"}]},
         {"patch_config": [{"reboot_config": "NEVER"}]},
         ["unjudged: changed in `patch_config.reboot_config`"]),
        (TRANSFER, "create", None,
         {"transfer_spec": [{"transfer_options": [{"delete_objects_unique_in_sink": True}]}]},
         ["transfer-deletes: deletes or overwrites objects (`delete_objects_unique_in_sink`)"]),
        (TRANSFER, "create", None,
         {"transfer_spec": [{"transfer_options": [
             {"overwrite_objects_already_existing_in_sink": True}]}]},
         ["transfer-deletes: deletes or overwrites objects "
          "(`overwrite_objects_already_existing_in_sink`)"]),
        (TRANSFER, "create", None,
         {"transfer_spec": [{"transfer_options": [{"overwrite_when": "ALWAYS"}]}]},
         ["transfer-deletes: deletes or overwrites objects (`overwrite_when`)"]),
        (TRANSFER, "create", None,
         {"transfer_spec": [{"transfer_options": [{"overwrite_when": "DIFFERENT"}]}]},
         ["transfer-deletes: deletes or overwrites objects (`overwrite_when`)"]),
        (TRANSFER, "create", None,
         {"transfer_spec": [{"transfer_options": [{"overwrite_when": 5}]}]},
         ["transfer-deletes: deletes or overwrites objects (`overwrite_when`)"]),
        (TRANSFER, "create", None,
         {"transfer_spec": [{"transfer_options": [{"delete_objects_unique_in_sink": False}]}]},
         ["unjudged: new, with `transfer_spec.transfer_options.delete_objects_unique_in_sink`"]),
        (TRANSFER, "create", None, {"transfer_spec": [{"transfer_options": ["x"]}]},
         ["transfer-deletes: deletes or overwrites objects "
          "(`delete_objects_from_source_after_transfer`, `delete_objects_unique_in_sink`, "
          "`overwrite_objects_already_existing_in_sink`)"]),
        (TRANSFER, "update",
         {"transfer_spec": [{"transfer_options": [{"overwrite_when": "ALWAYS"}]}]},
         {"transfer_spec": [{"transfer_options": [{"overwrite_when": "NEVER"}]}]},
         ["unjudged: changed in `transfer_spec.transfer_options.overwrite_when`"]),
        (TRANSFER, "delete",
         {"transfer_spec": [{"transfer_options": [{"delete_objects_unique_in_sink": True}]}]},
         None,
         ["unjudged: deleted, and no rule says what goes with it"]),
        (METADATA, "create", None, {"key": "ssh-keys"},
         ["vms-metadata: tells every VM of the project something else (`ssh-keys`)"]),
        (METADATA, "delete", {"key": "ssh-keys"}, None,
         ["vms-metadata: tells every VM of the project something else (`ssh-keys`)"]),
        ("google_compute_project_metadata", "create", None, {"metadata": {"a": "b"}},
         ["vms-metadata: tells every VM of the project something else"]),
        (HMAC, "create", None, {"service_account_email": "a"},
         ["account-key: made: a key that works from anywhere"]),
        (HMAC, "delete create", {"service_account_email": "a"}, {"service_account_email": "b"},
         ["access-denied: deleted, or switched off: whoever uses the key is shut out",
          "account-key: made: a key that works from anywhere"]),
        (HMAC, "update", {"state": "ACTIVE"}, {"state": "INACTIVE"},
         ["access-denied: deleted, or switched off: whoever uses the key is shut out"]),
        (ROUTE, "create", None, {"dest_range": "0.0.0.0/1"},
         ["access-denied: changes where all goes that leaves the network: VMs may not reach "
          "Google any more"]),
        (ROUTE, "create", None, {"name": "a"},
         ["access-denied: changes where all goes that leaves the network: VMs may not reach "
          "Google any more"]),
        (ROUTE, "delete", {"dest_range": "0.0.0.0/0"}, None,
         ["access-denied: changes where all goes that leaves the network: VMs may not reach "
          "Google any more"]),
        (ROUTE, "delete", {"dest_range": "10.0.0.0/8"}, None,
         ["unjudged: deleted, and no rule says what goes with it"]),
        ("google_iam_principal_access_boundary_policy", "delete", {"name": "a"}, None,
         ["access-denied: bounds what anybody may reach, whatever roles allow: jobs may be "
          "stopped"]),
    ],
)  # fmt: skip
def test_what_is_told(
    kind: str, actions: str, before: Json | None, after: Json | None, said: list[str]
) -> None:
    """What each does, in words, and which neighbours nobody has judged."""
    assert said == told(planned(kind, actions, before, after))


def test_how_many_it_costs() -> None:
    """A configuration is of one VM; what is of the project may be of all of them."""
    one = planned(CONFIG, "create", None, {"name": "a"})
    all_ = planned(PATCHES, "create", None, {"patch_deployment_id": "a"})

    assert [(1, None), (None, None)] == [
        (found.vms, found.gpus) for plan in (one, all_) for found in judged(plan).blocking
    ]
