"""What a rehearsal came to, in findings and sentences."""

import json
from typing import Any

import pytest

from fake_google import Logged
from pipeline_zen import rehearsal
from pipeline_zen.report import Review
from pipeline_zen.settings import load
from tests.conftest import ROOT, Checkout
from tests.plans.made import change, made_up

VM = "projects/p/zones/z/instances/jobs-8xv100-us-west1-vm-a1b2"


class TestWhatWasSeen:
    """What the fake Google saw counts, whatever the plan let expect."""

    GROUP = "google_compute_region_instance_group_manager"

    def reviewed(self, checkout: Checkout, plan: str | dict[str, Any], **seen: Any) -> Review:
        (settings,) = load(checkout.root, ["dev"])
        data = (
            (ROOT / "tests" / "plans" / f"{plan}.json").read_bytes()
            if isinstance(plan, str)
            else json.dumps(plan).encode()
        )
        outcome = rehearsal.Outcome(1, 1.0, 1, plan=data, **{"vms": 2, **seen})
        found = rehearsal.reviewed(settings, checkout.root, outcome)
        assert found is not None
        return found

    @pytest.mark.parametrize(
        ("seen", "said"),
        [
            ({"lost": (("google_storage_bucket", "b"),)}, "`google_storage_bucket` `b` was del"),
            (
                {"vms_gone": ("projects/p/zones/z/instances/jobs-8xv100-us-west1-vm-a1b2",)},
                "the VM of `jobs-8xv100-us-west1-mig` was killed",
            ),
            ({"error": "no"}, "the change could not be applied to its end"),
        ],
    )
    def test_a_loss_that_no_finding_explains_blocks(
        self, seen: Any, said: str, checkout: Checkout
    ) -> None:
        """The plan of a label looks safe; if it took something away, it is not."""
        assert not self.reviewed(checkout, "case-topic-label").verdict.blocked

        review = self.reviewed(checkout, "case-topic-label", **seen)

        (blocking,) = review.verdict.blocking
        assert blocking.what.startswith(said)
        assert 3 == review.status
        assert "safe" not in review.headline

    def test_what_a_finding_explains_is_not_told_twice(self, checkout: Checkout) -> None:
        """A group that is deleted takes its VM along, and one finding says so."""
        review = self.reviewed(checkout, "case-group-deleted", lost=((self.GROUP, "calm"),))

        assert ["group-deleted"] == [one.rule for one in review.verdict.blocking]
        assert f"Deleted: 1 `{self.GROUP}`." in review.notes

    @pytest.mark.parametrize("explained", [True, False])
    def test_what_dies_is_named_once(self, explained: bool, checkout: Checkout) -> None:
        """Where it is found to die, be it that only the rehearsal found it."""
        groups = [f"jobs-8xv100-{region}-mig" for region in ("us-east1", "us-west1")]
        gone = [change(self.GROUP, ["delete"], {}, None, name) for name in groups]
        plan = made_up(*gone) if explained else "case-topic-label"
        vms = tuple(VM.replace("us-west1", region) for region in ("us-east1", "us-west1"))
        lost = tuple((self.GROUP, name) for name in groups)

        review = self.reviewed(checkout, plan, vms_gone=vms, lost=lost)

        assert f"Deleted: 2 `{self.GROUP}`." in review.notes
        assert not [note for note in review.notes if any(name in note for name in groups)]
        found = [f"{one.address} {one.what}" for one in review.verdict.blocking]
        assert all(any(name in what for what in found) for name in groups)

    def test_what_no_finding_can_name(self, checkout: Checkout) -> None:
        """A version is a number at Google, and has another name in the stack."""
        kind = "google_secret_manager_secret_version"
        plan = made_up(change(kind, ["delete"], {}, None, "a"))

        notes = self.reviewed(checkout, plan, lost=tuple((kind, n) for n in "7562341")).notes

        assert f"Deleted: 7 `{kind}`, by the name of `1`, `2`, `3`, `4`, `5` and 2 more." in notes

    @pytest.mark.parametrize(
        ("kind", "name", "seen", "unexplained"),
        [
            (GROUP, "jobs-8xv100-us-west1-mig", {"vms_gone": (VM,)}, []),
            (GROUP, "jobs-8xv100-us-east1-mig", {"vms_gone": (VM,)}, ["the VM of `jobs-8xv"]),
            ("google_service_account", "jobs-8xv100-us-west1-mig", {"vms_gone": (VM,)},
             ["VM of `jobs-8xv100-us-west1-mig`"]),
            ("google_storage_bucket", "a", {"lost": (("google_storage_bucket", "b"),)}, ["`b` wa"]),
            ("google_storage_bucket", "a", {"lost": (("google_pubsub_topic", "a"),)}, ["`a` was"]),
            # A version is a number at Google.
            ("google_secret_manager_secret_version", "a",
             {"lost": (("google_secret_manager_secret_version", "5"),)}, []),
            ("google_secret_manager_secret", "a",
             {"lost": (("google_secret_manager_secret_version", "5"),)}, ["`5` was deleted"]),
            # The same twice is told once, and several in their order.
            ("google_storage_bucket", "a", {"lost": tuple(
                ("google_pubsub_topic", name) for name in ("c", "b", "d", "b"))},
             ["`b` was", "`c` was", "`d` was"]),
            ("google_storage_bucket", "a", {"vms_gone": tuple(
                VM.replace("west1", region) for region in ("b", "a", "d", "c"))},
             ["us-a-mig`", "us-b-mig`", "us-c-mig`", "us-d-mig`"]),
        ],
    )  # fmt: skip
    def test_what_explains_what(
        self, kind: str, name: str, seen: Any, unexplained: list[str], checkout: Checkout
    ) -> None:
        """A finding speaks of the resource that it is on, and of no other."""
        plan = made_up(change(kind, ["delete"], {}, None, name))

        found = [
            one.what
            for one in self.reviewed(checkout, plan, **seen).verdict.blocking
            if one.rule == "rehearsal-lost"
        ]

        assert len(unexplained) == len(found)
        assert all(part in what for part, what in zip(unexplained, found, strict=True))

    def test_what_is_allowed_explains_it_too(self, checkout: Checkout) -> None:
        """What may be lost may be seen to be lost."""
        blocked = self.reviewed(checkout, "case-group-deleted", lost=((self.GROUP, "calm"),))
        checkout.write("config/allow.yaml", blocked.proposal.yaml().replace("…", "it is empty"))

        review = self.reviewed(checkout, "case-group-deleted", lost=((self.GROUP, "calm"),))

        assert not review.verdict.blocked

    def test_a_first_creation(self, checkout: Checkout) -> None:
        """Where the ref has no such environment, all of it is new and may be."""
        plan = made_up(
            *(change("google_pubsub_topic", ["create"], None, {}, f"t{n}") for n in range(20))
        )

        assert not self.reviewed(checkout, plan, first_creation=True).verdict.blocked
        assert self.reviewed(checkout, plan).verdict.blocked

    @pytest.mark.parametrize(
        ("seen", "notes"),
        [
            ({"vms": 3}, ["3 were running before the change, 3 still are.", "No group, queue"]),
            ({"vms": 3, "vms_gone": (VM,)},
             ["3 were running before the change, 2 still are.", "No group, queue"]),
            ({"lost": (("google_storage_bucket", "b"),)},
             ["were running", "Deleted: 1 `google_storage_bucket`."]),
            ({"error": "no"}, ["The change cannot be applied: no", "were running"]),
            ({"lost": tuple(("google_secret_manager_secret_version", name) for name in "bcdefa")},
             ["were running", "`a`, `b`, `c`, `d`, `e` and 1 more."]),
            ({"lost": tuple(("google_secret_manager_secret_version", name) for name in "abcde")},
             ["were running", "`d`, `e`."]),
        ],
    )  # fmt: skip
    def test_notes(self, seen: Any, notes: list[str], checkout: Checkout) -> None:
        """What was seen is told in sentences, what went wrong first."""
        told = self.reviewed(checkout, "case-topic-label", **seen).notes

        assert len(notes) == len(told)
        assert all(part in note for part, note in zip(notes, told, strict=True))

    @pytest.mark.parametrize(
        ("method", "path", "expected"),
        [
            ("compute.regionInstanceGroupManagers.delete", "x/a", (GROUP, "a")),
            ("iam.projects.roles.delete", "x/roles/a", ("google_project_iam_custom_role", "a")),
            ("iam.projects.serviceAccounts.delete", "x/a@p.iam.gserviceaccount.com",
             ("google_service_account", "a")),
            ("pubsub.projects.subscriptions.delete", "x/a", ("google_pubsub_subscription", "a")),
            ("pubsub.projects.topics.delete", "x/a", ("google_pubsub_topic", "a")),
            ("secretmanager.projects.secrets.delete", "x/a", ("google_secret_manager_secret", "a")),
            ("secretmanager.projects.secrets.versions.destroy", "x/5:destroy",
             ("google_secret_manager_secret_version", "5:destroy")),
            ("storage.buckets.delete", "b/a", ("google_storage_bucket", "a")),
            ("pubsub.projects.topics.patch", "x/a", None),
        ],
    )  # fmt: skip
    def test_what_is_lost(self, method: str, path: str, expected: Any) -> None:
        """What nobody gets back, if Google has granted it."""
        granted, refused = (
            Logged(1, "DELETE", path, {}, method, {}, status, fault=False) for status in (200, 404)
        )

        assert ((expected,) if expected else ()) == rehearsal.lost([granted, refused])

    def test_what_is_replaced_is_not_called_deleted(self, checkout: Checkout) -> None:
        """It comes again, if empty."""
        review = self.reviewed(checkout, "case-group-zones", lost=((self.GROUP, "calm"),))

        assert f"Replaced: 1 `{self.GROUP}`." in review.notes

    def test_what_is_replaced_after_its_successor(self, checkout: Checkout) -> None:
        """It comes before the old one goes, and is not called deleted either."""
        kind = "google_storage_bucket"
        plan = made_up(change(kind, ["create", "delete"], {}, {}, "b"))

        assert f"Replaced: 1 `{kind}`." in self.reviewed(checkout, plan, lost=((kind, "b"),)).notes
