"""What OpenTofu deletes and Google keeps, and what is tainted."""

from typing import Any

import pytest

from pipeline_zen.plan import Action, fold
from pipeline_zen.report import FORMS
from tests.plans.cases import BUCKET, TOPIC
from tests.plans.made import change, made_up, plan_of
from tests.report.reviews import reviewed

LET_GO = {"name": "results", "location": "EU", "deletion_policy": "ABANDON"}


@pytest.mark.parametrize(
    ("kind", "actions", "before", "expected"),
    [
        (BUCKET, ["delete"], LET_GO, Action.LET_GO),
        (BUCKET, ["delete"], {"deletion_policy": "DELETE", "name": "ABANDON"}, Action.DELETE),
        (BUCKET, ["delete"], {"labels": {"deletion_policy": "ABANDON"}}, Action.DELETE),
        ("aws_s3_bucket", ["delete"], LET_GO, Action.DELETE),
        (BUCKET, ["forget"], LET_GO, Action.FORGET),
        (BUCKET, ["delete", "create"], LET_GO, Action.REPLACE),
    ],
)
def test_let_go(kind: str, actions: list[str], before: Any, expected: Action) -> None:
    """By the policy that the state has; a replacement would need the name that is still taken."""
    after = {"name": "results"} if "create" in actions else None

    assert expected is plan_of(made_up(change(kind, actions, before, after))).changes[0].action


def test_it_is_no_loss() -> None:
    """It blocks nothing, is counted apart, and every form says that Google keeps it."""
    one = reviewed(made_up(change(BUCKET, ["delete"], LET_GO, None, "results")))

    assert ((), 0, 1) == (one.blocking, one.counts["destroy"], one.counts["let go"])
    assert one.headline.startswith("1 let go; safe")
    for name in ("markdown", "terminal"):
        assert "let go, and kept at Google" in FORMS[name](one)
        assert "let go |" in FORMS[name](one) or "let go  import" in FORMS[name](one)
    assert '"action": "let go"' in FORMS["json"](one)


def test_a_tainted_one() -> None:
    """It is replaced for no other reason, and the report says which, and what to do."""
    tainted = change(TOPIC, ["delete", "create"], {"name": "a"}, {"name": "a"})
    tainted["action_reason"] = "replace_because_tainted"
    (folded,) = fold(plan_of(made_up(tainted)).effective)

    assert folded.reason.startswith("it is tainted, as its creation failed earlier")
    for name in ("markdown", "terminal"):
        assert "`tofu untaint` keeps it" in FORMS[name](reviewed(made_up(tainted)))
