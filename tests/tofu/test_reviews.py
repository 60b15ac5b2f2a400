"""Plans in files, judged as plans of an environment."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline_zen.plan import PlanError
from pipeline_zen.settings import Settings, load
from pipeline_zen.tofu import reviews
from tests.conftest import Checkout
from tests.plans.cases import BUCKET, TOPIC
from tests.plans.made import change, made_up


@pytest.fixture
def both(checkout: Checkout) -> list[Settings]:
    return list(load(checkout.root, ["dev", "prod"]))


def _plan(project: str) -> bytes:
    values = {"project": project, "name": "x"}
    return json.dumps(made_up(change(TOPIC, ["create"], None, values))).encode()


def test_what_a_plan_must_be_of(both: list[Settings]) -> None:
    """Project, state, limits and images are the environment's own."""
    dev, prod = map(reviews.target, both)

    assert ("eng-ai-dev", "pipeline-zen/dev") == (dev.project, dev.state_prefix)
    assert ("eng-ai-prod", "pipeline-zen/prod") == (prod.project, prod.state_prefix)
    assert dev.state_bucket == prod.state_bucket == "lum-terraform-state"
    assert dev.limits
    assert all(name.endswith("-mig") and most > 0 for name, most in dev.limits.items())


def test_the_reservations_that_are_meant(checkout: Checkout) -> None:
    """All that fleets name, be they another project's; usually none."""
    (before,) = load(checkout.root, ["dev"])
    fleet = {
        "accelerator": "nvidia-h100-80gb",
        "machine_types": {8: "a3-highgpu-8g"},
        "capacity": "reservation",
        "reservations": {8: "projects/eng-ai-shared/reservations/b200"},
        "regions": {"us-east5": ["a"]},
    }
    fleets = before.model_dump()["fleets"]
    settings = type(before).model_validate(
        {**before.model_dump(), "fleets": {**fleets, "h": fleet}}
    )

    assert frozenset() == reviews.target(before).reservations
    assert {"projects/eng-ai-shared/reservations/b200"} == reviews.target(settings).reservations


def test_it_is_found_by_its_project(both: list[Settings], tmp_path: Path) -> None:
    """A plan tells by its resources of which environment it is."""
    file = tmp_path / "plan.json"

    assert "dev" == reviews.environment_of(_plan("eng-ai-dev"), file, both)
    assert "prod" == reviews.environment_of(_plan("eng-ai-prod"), file, both)
    assert reviews.environment_of(json.dumps(made_up()).encode(), file, both) is None
    with pytest.raises(PlanError, match="name it with --env, one of dev, prod"):
        reviews.environment_of(_plan("elsewhere"), file, both)


def test_a_saved_one_is_found_by_its_folder(both: list[Settings], tmp_path: Path) -> None:
    """What is in it only OpenTofu can say, so it is of the environment that it lies in."""
    file = tmp_path / "dev" / "planned.tfplan"

    assert "dev" == reviews.environment_of(b"PK\x03\x04", file, both)
    with pytest.raises(PlanError, match="not plain which environment"):
        reviews.environment_of(b"PK\x03\x04", tmp_path / "planned.tfplan", both)


@pytest.mark.parametrize(
    ("data", "saved"),
    [
        (b"PK\x03\x04...", True),
        (b'{"encrypted_data":"x"}', True),
        (b'{"format_version": "1.2"}', False),
        (b"", False),
    ],
)
def test_what_is_a_saved_plan(data: bytes, saved: bool, tmp_path: Path) -> None:
    """By its beginning, encrypted or not; a real archive is one too."""
    assert saved == reviews.is_saved_plan(data)
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        archive.writestr("tfplan", "x")
    assert reviews.is_saved_plan((tmp_path / "x").read_bytes())


@pytest.mark.parametrize("first", [True, False])
def test_json_is_judged(first: bool, checkout: Checkout, both: list[Settings]) -> None:
    """Of its state nothing is known, so nothing is held against it; what it does is."""
    dev = both[0]
    gone: dict[str, Any] = {"project": dev.project, "name": "b"}
    data = json.dumps(made_up(change(BUCKET, ["delete"], gone, None))).encode()

    reviewed = reviews.from_file(data, None, dev, checkout.root, first_creation=first)

    assert ["bucket-deleted"] == [found.first.rule for found in reviewed.blocking]
    assert (None, first) == (reviewed.provenance.lineage, reviewed.provenance.first_creation)
