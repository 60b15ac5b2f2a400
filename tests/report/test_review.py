"""The report in its forms, to the letter, and what it says in a line."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from syrupy.assertion import SnapshotAssertion

from pipeline_zen.guard import RULES, Finding, Provenance, Verdict
from pipeline_zen.report import FORMS, markdown
from tests.plans.cases import GROUP
from tests.plans.judged import TODAY, allowance
from tests.plans.recorded import recorded
from tests.report.reviews import NAMES, reviewed

Json = dict[str, Any]


@pytest.mark.parametrize("name", NAMES)
def test_markdown(name: str, golden: Callable[[str], SnapshotAssertion]) -> None:
    """Each recorded plan as a comment, to the letter."""
    assert golden(f"{name}.md") == markdown.render(reviewed(recorded(name)))


@pytest.mark.parametrize("form", ["terminal", "json"])
@pytest.mark.parametrize("name", ["kind-update", "kind-drift", "case-group-deleted"])
def test_the_other_forms(name: str, form: str, golden: Callable[[str], SnapshotAssertion]) -> None:
    """The same plans for a terminal and for programs."""
    suffix = "txt" if form == "terminal" else "json"

    assert golden(f"{name}.{suffix}") == FORMS[form](reviewed(recorded(name)))


def test_with_everything(golden: Callable[[str], SnapshotAssertion]) -> None:
    """A plan with dangers, some of them allowed, notes, facts, and a state."""
    plan = recorded("case-group-deleted")
    for name in ("subscription-filter", "grant-added", "bucket-deleted", "group-added"):
        plan["resource_changes"] += recorded(f"case-{name}")["resource_changes"]
    allowed = allowance("bucket-deleted", "google_storage_bucket.results", reason="it is empty")

    report = markdown.render(
        reviewed(
            plan,
            allowed,
            provenance=Provenance("0a1b2c3d-0000-4000-8000-0123456789ab", 7),
            facts=[("commit", "0123456")],
            notes=["Every group had `one` VM."],
        )
    )

    assert golden("everything.md") == report


class TestStatus:
    """The exit status and the headline."""

    @pytest.mark.parametrize(
        ("name", "status", "headline"),
        [
            ("kind-no-op", 0, "no changes"),
            ("kind-drift", 0, "no changes"),
            ("kind-update", 2, "2 updated; safe: no running job, queue, data or identity"),
            ("kind-move", 2, "1 moved; safe"),
            ("kind-outputs", 2, "3 outputs changed; not judged"),
            ("case-group-added", 2, "1 created; costs"),
            ("case-grant-added", 2, "1 created; widens access"),
            ("case-group-deleted", 3, "blocked: kills running jobs"),
            ("kind-errored", 3, "blocked: cannot be trusted"),
        ],
    )
    def test_status(self, name: str, status: int, headline: str) -> None:
        """0 is no changes, 2 changes, 3 blocked."""
        one = reviewed(recorded(name))

        assert (status, True) == (one.status, one.headline.startswith(headline))

    def test_allowed(self) -> None:
        """What is allowed passes, and is not called safe."""
        named = allowance("bucket-deleted", "google_storage_bucket.results")

        one = reviewed(recorded("case-bucket-deleted"), named)

        assert (2, "1 destroyed; dangers are allowed, see below") == (one.status, one.headline)

    def test_the_proposal_lets_it_pass(self) -> None:
        """What the report proposes for allow.yaml is just what lets the plan pass."""
        plan = recorded("case-group-deleted")
        plan["resource_changes"] += recorded("case-subscription-deleted")["resource_changes"]
        proposed = yaml.safe_load(reviewed(plan).proposal.yaml())["dev"]
        allowed = [allowance(one["finding"], one["address"]) for one in proposed]

        assert TODAY + datetime.timedelta(days=14) == proposed[0]["until"]
        assert not reviewed(plan, *allowed).verdict.blocked

    def test_what_else_speaks_against_it(self) -> None:
        """It comes first, and is asked for with what was found and what is allowed."""
        seen: list[Verdict] = []

        def observed(verdict: Verdict) -> list[Finding]:
            seen.append(verdict)
            return [Finding(RULES["rehearsal-lost"], "", "it was killed")]

        named = allowance("group-deleted", f"{GROUP}.calm")
        plan = recorded("case-group-deleted")
        plan["resource_changes"] += recorded("case-bucket-deleted")["resource_changes"]

        one = reviewed(plan, named, observed=observed)

        assert ["rehearsal-lost", "bucket-deleted"] == [it.rule for it in one.verdict.blocking]
        assert [["bucket-deleted"], ["group-deleted"]] == [
            [it.rule for it in seen[0].blocking],
            [it.finding.rule for it in seen[0].allowed],
        ]

    def test_what_is_allowed_is_counted(self) -> None:
        """VMs are killed, whether that is allowed or not."""
        named = allowance("group-deleted", f"{GROUP}.calm")

        assert 2 == reviewed(recorded("case-group-deleted"), named).counts["VMs killed"]
