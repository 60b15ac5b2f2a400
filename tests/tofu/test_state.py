"""The state that a plan was made against."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline_zen.tofu import OpenTofu, TofuError, state
from tests.conftest import Checkout

BACKEND = {"type": "gcs", "config": {"bucket": "b", "prefix": "pipeline-zen/dev"}}


@pytest.fixture
def tofu(checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenTofu:
    """OpenTofu in the checkout, whose state is what the file `state` says."""
    program = tmp_path / "bin" / "tofu"
    program.parent.mkdir()
    program.write_text(
        '#!/bin/sh\ncase "$1" in version) echo \'{"terraform_version": "1.12.6"}\';; '
        '*) cat "${1#-chdir=}/state";; esac\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.delenv("TF_WORKSPACE", raising=False)
    monkeypatch.delenv("TF_DATA_DIR", raising=False)
    return OpenTofu(checkout.root)


@pytest.mark.process
def test_as_it_is_now(tofu: OpenTofu, checkout: Checkout) -> None:
    """Lineage and serial; neither where there is no state yet."""
    checkout.write("state", json.dumps({"lineage": "l", "serial": 7, "resources": [{}]}))
    assert state.State("l", 7) == state.pulled(tofu)

    checkout.write("state", "\n")
    assert state.State() == state.pulled(tofu)

    checkout.write("state", "no JSON")
    with pytest.raises(TofuError, match="run `tofu state pull`"):
        state.pulled(tofu)


def test_in_a_saved_plan(checkout: Checkout) -> None:
    """A plan has the state in it; of one that is encrypted or damaged it is not known."""
    plan = checkout.root / "planned.tfplan"
    with zipfile.ZipFile(plan, "w") as saved:
        saved.writestr("tfstate", json.dumps({"lineage": "l", "serial": 7}))
    assert state.State("l", 7) == state.in_plan(plan)

    with zipfile.ZipFile(plan, "w") as saved:
        saved.writestr("tfplan", "x")
    assert state.in_plan(plan) is None
    plan.write_text('{"encrypted_data": "x"}', encoding="utf-8")
    assert state.in_plan(plan) is None


@pytest.mark.process
@pytest.mark.parametrize(
    ("backend", "workspace", "where"),
    [
        (BACKEND, "", ("b", "pipeline-zen/dev")),
        (BACKEND, "default", ("b", "pipeline-zen/dev")),
        (BACKEND, "other", ("b", "pipeline-zen/dev in the workspace other")),
        ({"type": "local"}, "", ("a backend of the kind local", "")),
        (None, "", ("a file on this machine", "")),
    ],
)
def test_where_it_is(
    backend: Any, workspace: str, where: tuple[str, str], tofu: OpenTofu, checkout: Checkout
) -> None:
    """The guard is told of the bucket and prefix that OpenTofu really uses."""
    checkout.write("state", json.dumps({"lineage": "l", "serial": 7}))
    if backend:
        checkout.write(".terraform/terraform.tfstate", json.dumps({"backend": backend}))
    if workspace:
        checkout.write(".terraform/environment", workspace)

    # A plan that does not say what it was made against, as one that is encrypted.
    checkout.write("planned.tfplan", "x")

    provenance = state.provenance(tofu, checkout.root / "planned.tfplan", first_creation=True)

    assert where == (provenance.state_bucket, provenance.state_prefix)
    assert ("l", 7, True) == (provenance.lineage, provenance.serial, provenance.first_creation)
