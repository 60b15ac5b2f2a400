"""What of templates is known to do no harm: what VMs of a new one start with."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline_zen.fleet import RESERVATION_KEY
from tests.plans.cases import PROJECT, TEMPLATE, Json
from tests.plans.judged import TARGET, judged, rules
from tests.plans.made import NEW_TEMPLATE, change, made_up, planned


@pytest.mark.parametrize(
    ("block", "values"),
    [
        ("", {}),
        ("", {"can_ip_forward": True}),
        ("", {"metadata": None}),
        ("", {"resource_policies": ["p"]}),
        ("", {"service_account": []}),
        ("disk", {"auto_delete": False}),
        ("disk", {"mode": "READ_ONLY"}),
        ("disk", {"source": "a-disk"}),
        ("metadata", {"PZ_ENV": "prod"}),
        ("metadata", {"enable-oslogin": "TRUE"}),
        ("metadata", {"startup-script": "run something"}),
        ("metadata", {"startup-script": None}),
        ("network_interface", {"access_config": [{"nat_ip": "1.2.3.4"}]}),
        ("scheduling", {"automatic_restart": True}),
        ("scheduling", {"on_host_maintenance": "MIGRATE"}),
        ("scheduling", {"provisioning_model": "ANOTHER"}),
        ("service_account", {"email": "somebody@example.com"}),
        ("service_account", {"email": None}),
        ("service_account", {"scopes": ["https://www.googleapis.com/auth/devstorage.read_only"]}),
        ("service_account", {"scopes": []}),
    ],
)
def test_a_new_template(block: str, values: Json) -> None:
    """Nothing of it is taken for harmless that is not as VMs start with today."""
    account = {"account_id": "jobs-sa", "project": PROJECT}
    there = change("google_service_account", ["no-op"], account, account)
    made = {**NEW_TEMPLATE, "project": PROJECT}
    if isinstance(made.get(block), list):
        made[block] = [{**made[block][0], **values}]
    elif block:
        made[block] = {**made[block], **values}
    else:
        made.update(values)

    verdict = judged(made_up(there, change(TEMPLATE, ["create"], None, made)))

    assert (("unjudged",) if values else ()) == rules((*verdict.blocking, *verdict.notable))


@pytest.mark.parametrize(
    ("image", "today", "found"),
    [
        # As others start today, whatever the version.
        ("projects/i/global/images/jobs-1-3", ["projects/i/global/images/jobs-1-2"], ()),
        ("projects/i/global/images/other-1", ["projects/i/global/images/jobs-1-2"], ("unjudged",)),
        ("projects/images/global/images/jobs-1", ["projects/i/global/images/jobs-1"],
         ("unjudged",)),
        # The first one of an environment, from where its images are.
        ("projects/images/global/images/jobs-1", [], ()),
        ("projects/i/global/images/jobs-1", [], ("unjudged",)),
        ("jobs-1", [], ("unjudged",)),
        ("jobs-1", [None], ("unjudged",)),
        (None, [None], ()),
    ],
)  # fmt: skip
def test_what_new_vms_start_from(
    image: str | None, today: list[str | None], found: tuple[str, ...]
) -> None:
    """An image that is known by now, or one from where the images are known to be."""
    account = {"account_id": "jobs-sa"}
    there = [
        change(TEMPLATE, ["no-op"], values, values, "a")
        for one in today
        for values in ({"name": "a", "disk": [{"source_image": one}]},)
    ]
    values = {**NEW_TEMPLATE, "disk": [{**NEW_TEMPLATE["disk"][0], "source_image": image}]}
    plan = made_up(
        change("google_service_account", ["no-op"], account, account),
        *there,
        change(TEMPLATE, ["create"], None, values, "b"),
    )
    target = replace(TARGET, images_project="images")

    assert found == rules(judged(plan, target=target).notable)


SHARED = "projects/eng-ai-shared/reservations/b200"


def _reserved(*values: str, key: str = RESERVATION_KEY) -> Json:
    reservation = {"key": key, "values": list(values)}
    return {
        "reservation_affinity": [
            {"type": "SPECIFIC_RESERVATION", "specific_reservation": [reservation]}
        ]
    }


def _had(model: str, **more: Any) -> Json:
    return {"scheduling": [{**NEW_TEMPLATE["scheduling"][0], "provisioning_model": model, **more}]}


@pytest.mark.parametrize(
    ("had", "safe"),
    [
        (_reserved("b200"), True),
        (_reserved(SHARED), True),
        (_reserved("b300"), False),
        (_reserved("b200", "b300"), False),
        (_reserved(), False),
        (_reserved("b200", key="another-label"), False),
        (_had("SPOT", preemptible=True), True),
        (_had("STANDARD", preemptible=True), False),
        (_had("SPOT", preemptible="perhaps"), False),
        (_had("FLEX_START", instance_termination_action="DELETE",
              max_run_duration=[{"nanos": 0, "seconds": 7_200}]), True),
        (_had("RESERVATION_BOUND", instance_termination_action="DELETE"), True),
        (_had("ANOTHER"), False),
    ],
)  # fmt: skip
def test_how_the_vms_of_a_new_template_are_had(had: Json, safe: bool) -> None:
    """By any word of the settings, and by the reservations that they name."""
    values = {**NEW_TEMPLATE, **had, "project": PROJECT}
    values["disk"] = [
        {**NEW_TEMPLATE["disk"][0], "source_image": "projects/i/global/images/jobs-1-2"}
    ]
    target = replace(TARGET, images_project="i", reservations=frozenset(("b200", SHARED)))
    plan = planned(TEMPLATE, "create", None, values)
    account = change("google_service_account", ["no-op"], {"account_id": "jobs-sa"},
                     {"account_id": "jobs-sa"})  # fmt: skip
    plan["resource_changes"].append(account)

    verdict = judged(plan, target=target)

    assert ((), () if safe else ("unjudged",)) == (rules(verdict.blocking), rules(verdict.notable))
