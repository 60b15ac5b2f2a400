"""What `config/allow.yaml` would have to say."""

import json
import re
import time

import pytest
import yaml

from pipeline_zen.report import FORMS
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

        assert f"address: {GROUP}.g-*-us-mig" in reviewed(made_up(*gone)).proposal.yaml()
        proposal = reviewed(made_up(*gone, *stays)).proposal.yaml()
        assert "*" not in proposal
        assert 2 == proposal.count("address:")

    def test_names_that_overlap(self) -> None:
        """What they begin and end with is not counted twice."""
        gone = [change(GROUP, ["delete"], {}, None, name) for name in ("jobs-a-a", "jobs-a-a-a")]

        assert f"address: {GROUP}.jobs-a-a*\n" in reviewed(made_up(*gone)).proposal.yaml()

    def test_names_with_little_in_common(self) -> None:
        """What would stand for any name of the type is refused, and not proposed."""
        gone = [change(GROUP, ["delete"], {}, None, name) for name in ("a-one-z", "a-two-z")]

        proposal = reviewed(made_up(*gone)).proposal.yaml()

        assert [f"{GROUP}.{name}" for name in ("a-one-z", "a-two-z")] == re.findall(
            r"address: (.*)", proposal
        )

    def test_one_alone_needs_no_pattern(self) -> None:
        """It is named whole."""
        assert "*" not in reviewed(recorded("case-bucket-deleted")).proposal.yaml()

    def test_what_cannot_be_said(self) -> None:
        """An address that looks like a secret, and what cannot be allowed, is not proposed."""
        secret, plain = (
            change("google_storage_bucket", ["delete"], {}, None, name) for name in (CANARY, "b")
        )
        stranger = change(TOPIC, ["create"], None, {"project": "elsewhere"})

        proposal = reviewed(made_up(secret, plain, stranger)).proposal.yaml()

        assert ["google_storage_bucket.b"] == re.findall(r"address: (.*)", proposal)

    def test_what_would_not_help(self) -> None:
        """Where something can never be allowed, nothing else is proposed for that address."""
        assert "" == reviewed(recorded("case-group-renamed-address")).proposal.yaml()

    def test_the_same_thing_is_proposed_once(self) -> None:
        """Though it was found twice, since two allowances for one thing are refused."""
        bucket = recorded("case-bucket-unpublished")
        (one,) = bucket["resource_changes"]
        one["change"]["after"]["public_access_prevention"] = "enforced"

        found = reviewed(bucket)

        assert 2 == len(found.verdict.blocking)
        assert 1 == found.proposal.yaml().count("address:")

    def test_it_can_be_read_back(self) -> None:
        """Also where an address has characters that mean something to YAML."""
        gone = change("google_storage_bucket", ["delete"], {"name": "b"}, None, "b")
        gone["address"] = 'google_storage_bucket.b["it\'s: #1"]'
        ((entry,),) = yaml.safe_load(reviewed(made_up(gone)).proposal.yaml()).values()

        assert gone["address"] == entry["address"]

    @pytest.mark.parametrize("form", ["terminal", "markdown"])
    def test_no_more_than_a_person_reads(self, form: str) -> None:
        """Of many the first are proposed, and it is said how many more there are, and where."""
        gone = (change(GROUP, ["delete"], {}, None, f"g{number}") for number in range(25))
        stays = change(GROUP, ["no-op"], {}, {}, "g-stays")
        found = reviewed(made_up(*gone, stays))

        told = FORMS[form](found)

        assert 20 == told.count("finding: group-deleted")
        assert "And 5 more such entries; " in told
        assert 25 == json.loads(FORMS["json"](found))["proposal"].count("finding: group-deleted")

    def test_where_all_are_told_no_more_are(self) -> None:
        """As many as are proposed are all."""
        found = reviewed(recorded("case-bucket-deleted"))

        assert all("such entries" not in FORMS[form](found) for form in ("terminal", "markdown"))

    def test_thousands(self) -> None:
        """As many entries as findings take seconds: one is not held against all others."""
        stays = change(GROUP, ["no-op"], {}, {}, "g-stays")
        gone = (change(GROUP, ["delete"], {}, None, f"g{number}") for number in range(3_000))
        found = reviewed(made_up(*gone, stays))
        began = time.process_time()

        assert 3_000 == len(found.proposal.entries)
        assert time.process_time() - began < 5
