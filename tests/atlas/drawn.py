"""The atlas of the tests' own settings, with a change or without."""

from pipeline_zen import kinds
from pipeline_zen.atlas import page
from pipeline_zen.guard import Provenance
from pipeline_zen.report import Review, review
from pipeline_zen.settings import load
from tests.conftest import SETTINGS, Stack
from tests.plans.judged import TARGET, TODAY
from tests.plans.made import CALM, change, made_up, plan_of

GONE = "pipeline-zen-jobs-8xa100-40gb-us-south1-mig"
NEW = "pipeline-zen-jobs-1xv100-us-central1-mig"
TOUCHED = "pipeline-zen-jobs-8xh100-80gb-us-west1-mig"
FORMER = "pipeline-zen-jobs-1xl4-us-east4-mig"


def drawn(stack: Stack, environment: str = "dev", change: Review | None = None) -> str:
    """The page as HTML."""
    (settings,) = load(SETTINGS, (environment,))
    return page(settings, SETTINGS, stack, change)


def a_change() -> Review:
    """The review of a plan that makes, changes and deletes groups, a template and a bucket."""
    group = {"project": TARGET.project, "update_policy": [CALM], "target_size": 0}
    plan = made_up(
        change(kinds.GROUP, ["delete"], group, None, GONE),
        change(kinds.GROUP, ["delete"], group, None, FORMER),
        change(kinds.GROUP, ["create"], None, group, NEW),
        change(kinds.GROUP, ["update"], group, {**group, "description": "x"}, TOUCHED),
        change(kinds.TEMPLATE, ["create", "delete"], {"name": "a"}, {"name": "b"},
               "pipeline-zen-jobs-8xh100-80gb-tpl"),
        change(kinds.BUCKET, ["update"], {"labels": {}}, {"labels": {"a": "b"}},
               "lum-dev-pipeline-zen-jobs-us"),
    )  # fmt: skip
    return review(plan_of(plan), TARGET, provenance=Provenance(), allowances=(), today=TODAY)
