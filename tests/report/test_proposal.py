"""What `config/allow.yaml` would have to say."""

import re

import yaml

from tests.plans.cases import GROUP, TOPIC
from tests.plans.kinds import CANARY
from tests.plans.made import change, made_up
from tests.plans.recorded import recorded
from tests.report.reviews import reviewed


class TestProposal:
    """What `config/allow.yaml` would have to say."""

    def test_a_pattern_covers_nothing_else(self) -> None:
        """A group that nothing happens to is covered by no proposed pattern."""
        gone, stays = (
            [
                change(GROUP, [action], {"name": name}, after and {"name": name}, name)
                for name in names
            ]
            for action, after, names in (
                ("delete", None, ["g-1-us-mig", "g-2-us-mig"]),
                ("no-op", True, ["g-3-us-mig"]),
            )
        )

        assert f"address: {GROUP}.g-*-us-mig" in reviewed(made_up(*gone)).proposal
        proposal = reviewed(made_up(*gone, *stays)).proposal
        assert "*" not in proposal
        assert 2 == proposal.count("address:")

    def test_names_that_overlap(self) -> None:
        """What they begin and end with is not counted twice."""
        gone = [change(GROUP, ["delete"], {}, None, name) for name in ("jobs-a-a", "jobs-a-a-a")]

        assert f"address: {GROUP}.jobs-a-a*\n" in reviewed(made_up(*gone)).proposal

    def test_names_with_little_in_common(self) -> None:
        """What would stand for any name of the type is refused, and not proposed."""
        gone = [change(GROUP, ["delete"], {}, None, name) for name in ("a-one-z", "a-two-z")]

        proposal = reviewed(made_up(*gone)).proposal

        assert [f"{GROUP}.{name}" for name in ("a-one-z", "a-two-z")] == re.findall(
            r"address: (.*)", proposal
        )

    def test_one_alone_needs_no_pattern(self) -> None:
        """It is named whole."""
        assert "*" not in reviewed(recorded("case-bucket-deleted")).proposal

    def test_what_cannot_be_said(self) -> None:
        """An address that looks like a secret, and what cannot be allowed, is not proposed."""
        secret, plain = (
            change("google_storage_bucket", ["delete"], {}, None, name) for name in (CANARY, "b")
        )
        stranger = change(TOPIC, ["create"], None, {"project": "elsewhere"})

        proposal = reviewed(made_up(secret, plain, stranger)).proposal

        assert ["google_storage_bucket.b"] == re.findall(r"address: (.*)", proposal)

    def test_what_would_not_help(self) -> None:
        """Where something can never be allowed, nothing else is proposed for that address."""
        assert "" == reviewed(recorded("case-group-renamed-address")).proposal

    def test_the_same_thing_is_proposed_once(self) -> None:
        """Though it was found twice, since two allowances for one thing are refused."""
        bucket = recorded("case-bucket-unpublished")
        (one,) = bucket["resource_changes"]
        one["change"]["after"]["public_access_prevention"] = "enforced"

        found = reviewed(bucket)

        assert 2 == len(found.verdict.blocking)
        assert 1 == found.proposal.count("address:")

    def test_it_can_be_read_back(self) -> None:
        """Also where an address has characters that mean something to YAML."""
        gone = change("google_storage_bucket", ["delete"], {"name": "b"}, None, "b")
        gone["address"] = 'google_storage_bucket.b["it\'s: #1"]'
        ((entry,),) = yaml.safe_load(reviewed(made_up(gone)).proposal).values()

        assert gone["address"] == entry["address"]
