"""What becomes of VMs that are yet to start."""

import pytest

from tests.plans.cases import GROUP, PROJECT, TEMPLATE, Json
from tests.plans.judged import judged, rules, told
from tests.plans.made import CALM, NEW_TEMPLATE, change, made_up, planned
from tests.plans.recorded import recorded

MADE: Json = {
    "machine_type": "a2-highgpu-1g",
    "guest_accelerator": [{"type": "nvidia-tesla-a100", "count": 1}],
    "service_account": [{"email": "jobs-sa@eng-ai-dev.iam.gserviceaccount.com"}],
    "scheduling": [{"provisioning_model": "STANDARD"}],
    "disk": [
        {
            "disk_type": "pd-balanced",
            "disk_size_gb": 2_000,
            "source_image": "projects/i/global/images/jobs-1-2",
        }
    ],
    "metadata": {"startup-script": "run"},
}


def test_a_template_that_a_group_still_names() -> None:
    """A template goes, and a group that stays as it is goes on to name it."""
    plan = recorded("kind-drift")
    for one in plan["resource_changes"]:
        if one["type"].endswith("_template"):
            one["change"]["actions"] = ["delete"]
            one["change"]["after"] = None

    assert ("template-in-use",) == rules(judged(plan).blocking)


def test_a_template_that_a_forgotten_group_names() -> None:
    """The group goes on to name it, if nobody looks after it."""
    gone = change(TEMPLATE, ["delete"], {"name": "a"}, None)
    values = {"name": "g", "version": [{"instance_template": "a"}]}

    for actions, blocking in ((["forget"], ("template-in-use",)), (["delete"],
                              ("group-deleted",))):  # fmt: skip
        group = change(GROUP, actions, values, None)
        assert blocking == rules(judged(made_up(gone, group)).blocking)


def test_a_deposed_template_that_a_group_names() -> None:
    """Google does not delete it either."""
    gone = change(TEMPLATE, ["delete"], {"name": "a"}, None) | {"deposed": "a1b2c3d4"}
    values = {"version": [{"instance_template": "projects/p/global/instanceTemplates/a"}]}
    group = change(GROUP, ["no-op"], values, values)

    assert ("template-in-use",) == rules(judged(made_up(gone, group)).blocking)
    assert () == judged(made_up(gone)).blocking


def test_a_template_whose_gpus_are_not_known() -> None:
    """They may be more."""
    before = {"name": "a", "guest_accelerator": [{"type": "t", "count": 1}]}
    one = change(TEMPLATE, ["create", "delete"], before, {"name": "b"})
    one["change"]["after_unknown"] = {"guest_accelerator": True}

    assert "gpus-added" in rules(judged(made_up(one)).notable)


def test_a_template_without_a_name() -> None:
    """Two names that are not told are not the same."""
    one = change(TEMPLATE, ["create", "delete"], {"disk": []}, {"disk": []})

    assert () == judged(made_up(one)).blocking


def test_a_deposed_template() -> None:
    """What an earlier replacement left over may go."""
    verdict = judged(recorded("kind-deposed"))

    assert not verdict.blocked


DELETED = {"instance_termination_action": "DELETE"}
STOPPED = (
    "vms-cost-otherwise: changed so that VMs that Google ends are stopped, not deleted: their "
    "disks stay, and cost"
)


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ({"disk": [{**MADE["disk"][0], "source_image": "projects/i/global/images/jobs-1-3"}]}, ()),
        ({"disk": [{**MADE["disk"][0], "source_image": "projects/j/global/images/jobs-1-2"}]},
         ("vms-other-image",)),
        ({"labels": {"a": "b"}}, ()),
        ({"service_account": [{"email": "other@eng-ai-dev.iam.gserviceaccount.com"}]},
         ("vms-other-account",)),
        ({"service_account": []}, ("unjudged", "vms-other-account")),
        ({"scheduling": [{"provisioning_model": "SPOT"}]}, ("vms-cost-otherwise", "vms-end-early")),
        ({"scheduling": [{"provisioning_model": "STANDARD", **DELETED,
                          "max_run_duration": [{"seconds": 3_600}]}]}, ("vms-end-early",)),
        ({"disk": [{**MADE["disk"][0], "disk_type": "pd-ssd"}]}, ("vms-cost-otherwise",)),
        ({"disk": [{**MADE["disk"][0], "disk_size_gb": 1_000}]}, ("unjudged",)),
        ({"disk": [{**MADE["disk"][0], "disk_size_gb": 3_000}]}, ("vms-cost-otherwise",)),
        ({"guest_accelerator": []}, ("vms-cost-otherwise",)),
        ({"guest_accelerator": [{"type": "nvidia-tesla-a100", "count": 2}]}, ("gpus-added",)),
        ({"metadata": {"startup-script": "poweroff"}}, ("unjudged",)),
        ({"network_interface": [{"network": "other"}]}, ("unjudged",)),
    ],
)  # fmt: skip
def test_changes_of_templates(after: Json, found: tuple[str, ...]) -> None:
    """What a new template does to VMs that are yet to start is told, and only that."""
    before, new = {"name": "a", **MADE}, {"name": "b", **MADE, **after}
    verdict = judged(made_up(change(TEMPLATE, ["create", "delete"], before, new)))

    assert found == rules((*verdict.blocking, *verdict.notable))


def test_a_limit_of_hours_that_grows() -> None:
    """A longer limit ends no job that the shorter one would not have ended."""

    def limited(hours: int) -> Json:
        duration = [{"seconds": hours * 3_600}]
        scheduling = [{"provisioning_model": "STANDARD", "max_run_duration": duration}]
        return {"name": f"{hours}", **MADE, "scheduling": scheduling}

    longer, shorter = (
        judged(made_up(change(TEMPLATE, ["create", "delete"], limited(one), limited(other))))
        for one, other in ((1, 2), (2, 1))
    )

    assert () == longer.notable
    assert ("vms-end-early",) == rules(shorter.notable)


@pytest.mark.parametrize(
    ("image", "found"),
    [
        ("projects/i/global/images/jobs-1-3", ()),
        ("https://www.googleapis.com/compute/v1/projects/i/global/images/jobs-1-3", ()),
        ("https://example.com/projects/i/global/images/jobs-1-3", ("vms-other-image",)),
        ("https://example.com/compute/v1/projects/i/global/images/jobs-1-3", ("vms-other-image",)),
        ("https://www.googleapis.com.example.com/compute/v1/projects/i/global/images/jobs-1-3",
         ("vms-other-image",)),
        ("projects/j/global/images/jobs-1-3", ("vms-other-image",)),
        ("projects/i/global/images/family/jobs", ("vms-other-image",)),
        ("projects/i/global/snapshots/jobs-1-3", ("vms-other-image",)),
        ("x/projects/i/global/images/jobs-1-3", ("vms-other-image",)),
        ("", ("vms-other-image",)),
    ],
)  # fmt: skip
def test_where_an_image_is(image: str, found: tuple[str, ...]) -> None:
    """At Google, in the project where the images are: no other host, and no other thing."""
    before, after = ({"name": name, **MADE} for name in "ab")
    after["disk"] = [{**MADE["disk"][0], "source_image": image}]
    verdict = judged(made_up(change(TEMPLATE, ["create", "delete"], before, after)))

    assert found == rules((*verdict.blocking, *verdict.notable))


@pytest.mark.parametrize(
    ("email", "found"),
    [("jobs-sa", ()), ("new-sa", ()), ("admin-sa", ("unjudged",))],
)
def test_as_whom_new_vms_run(email: str, found: tuple[str, ...]) -> None:
    """As others do today, or as an account of the plan; nobody knows of another one."""
    account = {"account_id": "new-sa"}
    named = {"email": f"{email}@{PROJECT}.iam.gserviceaccount.com"}
    values = {**NEW_TEMPLATE, "service_account": [{**NEW_TEMPLATE["service_account"][0], **named}]}
    today = {"name": "a", **MADE}
    plan = made_up(
        change("google_service_account", ["no-op"], account, account),
        change(TEMPLATE, ["no-op"], today, today, "a"),
        change(TEMPLATE, ["create"], None, values, "b"),
    )

    assert found == rules(judged(plan).notable)


@pytest.mark.parametrize(("to", "found"), [("made", ()), ("there", ("unjudged",))])
def test_an_account_that_is_yet_to_be_made(to: str, found: tuple[str, ...]) -> None:
    """Its e-mail is known later, and so is whose it is, if it is written so."""
    account = {**NEW_TEMPLATE["service_account"][0], "email": None}
    template = change(
        TEMPLATE, ["create"], None, {**NEW_TEMPLATE, "service_account": [account]}, "b"
    )
    template["change"]["after_unknown"] = {"service_account": [{"email": True}]}
    reference = {"references": [f"google_service_account.{to}.email"]}
    written = {"service_account": [{"email": reference, "scopes": {"constant_value": []}}]}
    resource = {"address": template["address"], "mode": "managed", "expressions": written}
    there = {"account_id": "there"}
    plan = made_up(
        template,
        change("google_service_account", ["create"], None, {"account_id": "made"}, "made"),
        change("google_service_account", ["no-op"], there, there, "there"),
    )
    plan["configuration"] = {"root_module": {"resources": [resource]}}

    assert found == tuple(one for one in rules(judged(plan).notable) if one == "unjudged")


@pytest.mark.parametrize(("link", "found"), [("a", ("template-in-use",)), ("b", ())])
def test_a_template_that_is_replaced_for_no_group(link: str, found: tuple[str, ...]) -> None:
    """With `ignore_changes` a group goes on to name the old one, which Google does not delete."""
    one = change(TEMPLATE, ["create", "delete"], {"name": "a"}, {"name": "c"}, "a")
    other = change(TEMPLATE, ["no-op"], {"name": "b"}, {"name": "b"}, "b")
    values = {"name": "g", "version": [{"instance_template": link}]}

    plan = made_up(one, other, change(GROUP, ["no-op"], values, values))

    assert found == rules(judged(plan).blocking)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({}, {}, []),
        ({}, {"name": "a"},
         ["template-name-kept: to be made again under the name that the old one still has"]),
        ({},
         {"service_account": [{**MADE["service_account"][0],
          "email": "x@eng-ai-dev.iam.gserviceaccount.com"}]},
         ["vms-other-account: changed: VMs that start from now on run as "
          "`x@eng-ai-dev.iam.gserviceaccount.com`"]),
        ({}, {"service_account": []},
         ["vms-other-account: changed: VMs that start from now on run as nobody",
          "unjudged: changed in `service_account`, for VMs that are yet to start"]),
        ({"service_account": [{**MADE["service_account"][0], "scopes": ["a", "b"]}]},
         {"service_account": [{**MADE["service_account"][0], "scopes": ["a"]}]},
         ["vms-other-scopes: changed: VMs that start from now on may reach `a` of Google only"]),
        ({"service_account": [{**MADE["service_account"][0], "scopes": ["a"]}]},
         {"service_account": [{**MADE["service_account"][0], "scopes": []}]},
         ["vms-other-scopes: changed: VMs that start from now on may reach nothing of Google "
          "only"]),
        ({"service_account": [{**MADE["service_account"][0], "scopes": ["a"]}]},
         {"service_account": [{**MADE["service_account"][0], "scopes": ["a"]}]}, []),
        ({}, {"disk": [{**MADE["disk"][0], "source_image": "projects/j/global/images/jobs-1-2"}]},
         ["vms-other-image: changed: VMs start from `projects/j/global/images/jobs-1-2` "
          "instead of `projects/i/global/images/jobs-1-2`"]),
        ({}, {"disk": [{**MADE["disk"][0], "source_image": None}]},
         ["vms-other-image: changed: VMs start from another disk instead of "
          "`projects/i/global/images/jobs-1-2`"]),
        ({"disk": [{**MADE["disk"][0], "source_image": None}]}, {},
         ["vms-other-image: changed: VMs start from `projects/i/global/images/jobs-1-2` "
          "instead of another disk"]),
        ({}, {"disk": [{**MADE["disk"][0], "source": "d"}]},
         ["vms-other-image: changed: VMs start from `d` instead of "
          "`projects/i/global/images/jobs-1-2`"]),
        ({"disk": [{**MADE["disk"][0], "source": "d"}]},
         {"disk": [{**MADE["disk"][0], "source": "d"}]}, []),
        ({"disk": [{**MADE["disk"][0], "source_snapshot": "s"}]},
         {"disk": [{**MADE["disk"][0], "source_snapshot": "t"}]},
         ["vms-other-image: changed: VMs start from `t` instead of `s`"]),
        ({}, {"disk": [{**MADE["disk"][0], "disk_type": "pd-ssd"}]},
         ["vms-cost-otherwise: changed: each VM has a boot disk of the kind `pd-ssd` instead "
          "of the kind `pd-balanced`, whose prices are not known here"]),
        ({}, {"disk": [{**MADE["disk"][0], "disk_type": None}]},
         ["vms-cost-otherwise: changed: each VM has a boot disk of the kind that Google "
          "chooses instead of the kind `pd-balanced`, whose prices are not known here"]),
        ({"disk": [{**MADE["disk"][0], "disk_type": None}]}, {},
         ["vms-cost-otherwise: changed: each VM has a boot disk of the kind `pd-balanced` "
          "instead of the kind that Google chooses, whose prices are not known here"]),
        ({}, {"disk": [{**MADE["disk"][0], "disk_size_gb": 3000}]},
         ["vms-cost-otherwise: changed: each VM has a boot disk of 3000 GB instead of 2000 GB"]),
        ({"disk": [{**MADE["disk"][0], "disk_size_gb": None}]}, {},
         ["vms-cost-otherwise: changed: each VM has a boot disk of 2000 GB instead of one as "
          "large as its image"]),
        ({}, {"disk": [{**MADE["disk"][0], "disk_size_gb": 1000}]},
         ["unjudged: changed in `disk.disk_size_gb`, for VMs that are yet to start"]),
        ({}, {"guest_accelerator": [{"type": "nvidia-tesla-a100", "count": 2}]},
         ["gpus-added: changed: each VM made from it has 2 GPUs instead of 1"]),
        ({"guest_accelerator": [{"type": "nvidia-tesla-a100", "count": 2}]}, {},
         ["vms-cost-otherwise: changed: each VM made from it has 1 GPU instead of 2"]),
        ({}, {"guest_accelerator": [{"type": "nvidia-tesla-v100", "count": 1}]},
         ["unjudged: changed in `guest_accelerator.type`, for VMs that are yet to start"]),
        ({}, {"guest_accelerator": []},
         ["vms-cost-otherwise: changed: each VM made from it has 0 GPUs instead of 1"]),
        ({},
         {"guest_accelerator": [{"type": "nvidia-tesla-a100", "count": 1},
          {"type": "nvidia-tesla-a100", "count": 1}]},
         ["gpus-added: changed: each VM made from it has 2 GPUs instead of 1"]),
        ({}, {"scheduling": [{"provisioning_model": "SPOT", **DELETED}]},
         ["vms-end-early: changed: Google takes VMs that start from now on back when it wants "
          "to, and their jobs are lost"]),
        *(({"scheduling": [{**ended, **DELETED}]}, {"scheduling": [ended]}, [STOPPED])
          for ended in ({"provisioning_model": "SPOT", "preemptible": True}, {"preemptible": True},
                        {"max_run_duration": [{"seconds": 3600}]})),
        ({"scheduling": [DELETED]}, {"scheduling": [{}]}, []),
        ({"scheduling": [{"preemptible": True}]},
         {"scheduling": [{"preemptible": True, **DELETED}]},
         ["unjudged: changed in `scheduling.instance_termination_action`, for VMs that are yet to "
          "start"]),
        ({"scheduling": [{"provisioning_model": "SPOT"}]}, {}, []),
        ({"scheduling": [{"provisioning_model": "SPOT", "preemptible": True}]},
         {"scheduling": [{"provisioning_model": "SPOT", "preemptible": True}]}, []),
        ({"scheduling": [{"provisioning_model": "SPOT"}]},
         {"scheduling": [{"provisioning_model": "SPOT", "preemptible": True}]},
         ["vms-end-early: changed: Google takes VMs that start from now on back when it wants "
          "to, and their jobs are lost"]),
        ({"scheduling": [{"preemptible": True}]},
         {"scheduling": [{"provisioning_model": "SPOT", "preemptible": True}]},
         ["vms-end-early: changed: Google takes VMs that start from now on back when it wants "
          "to, and their jobs are lost"]),
        ({"scheduling": [{"preemptible": False}]},
         {"scheduling": [{"preemptible": True, **DELETED}]},
         ["vms-end-early: changed: Google takes VMs that start from now on back when it wants "
          "to, and their jobs are lost"]),
        ({"scheduling": [{"preemptible": True}]}, {"scheduling": [{"preemptible": True}]}, []),
        ({}, {"scheduling": [{"provisioning_model": "RESERVATION_BOUND", **DELETED}]},
         ["unjudged: changed in `scheduling.instance_termination_action`, "
          "`scheduling.provisioning_model`, for VMs that are yet to start"]),
        ({}, {"scheduling": [{"provisioning_model": "STANDARD", "termination_time": "2030"}]},
         ["vms-end-early: changed: Google takes VMs that start from now on back when it wants "
          "to, and their jobs are lost"]),
        ({"scheduling": [{"termination_time": "2030"}]},
         {"scheduling": [{"termination_time": "2030"}]}, []),
        ({},
         {"scheduling": [{"provisioning_model": "STANDARD", **DELETED,
          "max_run_duration": [{"seconds": 3600}]}]},
         ["vms-end-early: changed: Google deletes VMs that start from now on after 3600 "
          "seconds, with the job that runs then"]),
        ({"scheduling": [{"max_run_duration": [{"seconds": 3600}]}]},
         {"scheduling": [{"max_run_duration": [{"seconds": 7200}]}]}, []),
        ({"scheduling": [{"max_run_duration": [{"seconds": 7200}]}]},
         {"scheduling": [{"max_run_duration": [{"seconds": 3600}]}]},
         ["vms-end-early: changed: Google deletes VMs that start from now on after 3600 "
          "seconds, with the job that runs then"]),
        ({"scheduling": [{"max_run_duration": [{"seconds": 7200}]}]}, {"scheduling": [{}]},
         ["vms-cost-otherwise: changed: VMs that start from now on have no limit, so that one "
          "that is lost sight of runs on"]),
        ({"scheduling": [{"termination_time": ""}]}, {"scheduling": [{"preemptible": False}]}, []),
        ({}, {"labels": {"a": "b"}, "tags": ["x"]},
         ["unjudged: changed in `tags`, for VMs that are yet to start"]),
    ],
)  # fmt: skip
def test_what_is_told(before: Json, after: Json, said: list[str]) -> None:
    """What VMs that start from now on do otherwise; what is as before, not at all."""
    old, new = {"name": "a", **MADE, **before}, {"name": "b", **MADE, **after}

    assert said == told(planned(TEMPLATE, "create delete", old, new))


@pytest.mark.parametrize(
    ("unknown", "said"),
    [
        ({"service_account": True},
         ["vms-other-account: changed: VMs that start from now on run as what is not known yet",
          "vms-other-scopes: changed: VMs that start from now on may reach what is not known "
          "yet of Google only",
          "unjudged: changed in `service_account`, for VMs that are yet to start"]),
        ({"service_account": [{"scopes": True}]},
         ["vms-other-scopes: changed: VMs that start from now on may reach what is not known "
          "yet of Google only"]),
        ({"disk": [{"source": True}]},
         ["vms-other-image: changed: VMs start from what is not known yet instead of "
          "`projects/i/global/images/jobs-1-2`"]),
        ({"disk": [{"disk_type": True}]},
         ["unjudged: changed in `disk.disk_type`, for VMs that are yet to start"]),
        ({"disk": [{"disk_size_gb": True}]},
         ["unjudged: changed in `disk.disk_size_gb`, for VMs that are yet to start"]),
        ({"disk": [{"architecture": True}]}, []),
        ({"guest_accelerator": True},
         ["gpus-added: changed: each VM made from it has an unknown number of GPUs instead of 1"]),
        ({"scheduling": [{"max_run_duration": True}]},
         ["vms-end-early: changed: Google deletes VMs that start from now on after a time that "
          "is not known, with the job that runs then", STOPPED]),
        ({"scheduling": [{"provisioning_model": True}]}, []),
        ({"scheduling": True},
         ["vms-end-early: changed: Google deletes VMs that start from now on after a time that "
          "is not known, with the job that runs then",
          "vms-end-early: changed: Google takes VMs that start from now on back when it wants "
          "to, and their jobs are lost",
          "unjudged: changed in `scheduling`, for VMs that are yet to start", STOPPED]),
    ],
)  # fmt: skip
def test_what_is_not_known(unknown: Json, said: list[str]) -> None:
    """It is taken for the worse, unless only Google can say it."""
    new: Json = {"name": "b", **MADE}
    for block, marks in unknown.items():
        given = new.pop(block)[0]
        if marks is not True:
            new[block] = [{key: given[key] for key in given if key not in marks[0]}]
    old = {"name": "a", **MADE}

    assert said == told(planned(TEMPLATE, "create delete", old, new, unknown))


@pytest.mark.parametrize(
    ("actions", "values", "link", "said"),
    [
        ("delete", None, "a",
         ["template-in-use: deleted, though a group goes on to name it: no VM would start there"]),
        ("delete", None, "b", []),
        ("create delete", {"name": "c"}, "a",
         ["template-in-use: replaced, though a group goes on to name it: no VM would start there"]),
        ("create delete", {"name": "a"}, "a",
         ["template-name-kept: to be made again under the name that the old one still has"]),
        ("delete create", {"name": "c"}, "a",
         ["template-deleted-first: deleted before its successor is made, which Google refuses "
          "while a group names it"]),
        ("update", {"name": "a", "labels": {"a": "b"}}, "a", []),
    ],
)  # fmt: skip
def test_what_google_refuses(actions: str, values: Json | None, link: str, said: list[str]) -> None:
    """To delete a template that a group names, and to make two of one name."""
    group = {"name": "g", "version": [{"instance_template": link}], "update_policy": [CALM]}
    (entry,) = planned(TEMPLATE, actions, {"name": "a"}, values)["resource_changes"]

    assert said == told(made_up(entry, change(GROUP, ["no-op"], group, group)))


def test_what_is_marked_and_stays() -> None:
    """It is not told what it is, and it is what it was."""
    before, after = {"name": "a", **MADE}, {"name": "b", **MADE, "labels": {"a": "b"}}
    plan = planned(TEMPLATE, "create delete", before, after)
    for side in ("before_sensitive", "after_sensitive"):
        plan["resource_changes"][0]["change"][side] = {"service_account": True}
    decided = planned(TEMPLATE, "create delete", before, after, {"service_account": True})
    decided["resource_changes"][0]["change"]["before_sensitive"] = {"service_account": True}

    assert [] == told(plan)
    assert ("vms-other-account", "vms-other-scopes") == rules(judged(decided).blocking)
