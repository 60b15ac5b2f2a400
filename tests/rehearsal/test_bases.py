"""What a ref came to is kept: found again only where all is the same, and never when damaged."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from fake_google import FakeGoogle
from pipeline_zen import rehearsal
from pipeline_zen.files import Json
from pipeline_zen.rehearsal import Deployment
from pipeline_zen.rehearsal.bases import MOST, Bases
from pipeline_zen.settings import load
from tests.small_fleet import git, small_repository


def _deployment(google: FakeGoogle, root: Path, name: str = "t") -> Deployment:
    deployment = Deployment(google, root, "dev")
    stack: Json = {"resource": {"google_pubsub_topic": {name: {}}}}
    (deployment.folder / "cdk.tf.json").write_text(json.dumps(stack), encoding="utf-8")
    (deployment.folder / ".terraform.lock.hcl").write_text("locked", encoding="utf-8")
    deployment.state.write_text(f'{{"link": "{google.url}/x"}}', encoding="utf-8")
    return deployment


@pytest.mark.tofu
class TestKept:
    """Bases in a folder."""

    def test_another_fake_google(self, tofu: str, tmp_path: Path) -> None:
        """What was kept with one is there in the next, whose address is another."""
        assert tofu
        bases = Bases(tmp_path / "bases")
        with FakeGoogle() as google:
            google.store.put("pubsub.topics", "a", {"link": f"{google.url}/a"})
            bases.keep(_deployment(google, tmp_path / "one"))
        with FakeGoogle() as google:
            deployment = _deployment(google, tmp_path / "two")
            deployment.state.unlink()

            assert bases.restore(deployment)
            assert {"link": f"{google.url}/a"} == google.store.get("pubsub.topics", "a")
            assert {"link": f"{google.url}/x"} == json.loads(deployment.state.read_text())

    def test_another_stack_provider_or_damage(self, tofu: str, tmp_path: Path) -> None:
        """Whatever it depends on is another, or it is not whole: it is not taken."""
        assert tofu
        bases = Bases(tmp_path / "bases")
        with FakeGoogle() as google:
            deployment = _deployment(google, tmp_path / "one")
            bases.keep(deployment)
            assert bases.restore(deployment)
            assert not bases.restore(_deployment(google, tmp_path / "two", "u"))
            (deployment.folder / ".terraform.lock.hcl").write_text("other", encoding="utf-8")
            assert not bases.restore(deployment)
            (deployment.folder / ".terraform.lock.hcl").write_text("locked", encoding="utf-8")

            (file,) = (tmp_path / "bases").iterdir()
            whole = file.read_bytes()
            for damaged in (b"", whole[:-1], whole.replace(b"link", b"lynk"), b"\xff\n{}", b"{}"):
                file.write_bytes(damaged)
                assert not bases.restore(deployment)

    def test_only_so_many(self, tofu: str, tmp_path: Path) -> None:
        """The oldest go."""
        assert tofu
        bases = Bases(tmp_path / "bases")
        with FakeGoogle() as google:
            for number in range(MOST + 2):
                bases.keep(_deployment(google, tmp_path / f"{number}", f"t{number}"))
                time.sleep(0.02)

            assert MOST == len(list((tmp_path / "bases").iterdir()))
            assert not bases.restore(_deployment(google, tmp_path / "first", "t0"))
            assert bases.restore(_deployment(google, tmp_path / "last", f"t{MOST + 1}"))


@pytest.mark.slow
@pytest.mark.tofu
@pytest.mark.node
def test_a_change_from_a_kept_base(tofu: str, tmp_path: Path) -> None:
    """The second rehearsal from a ref sees just what the first saw, and applies only the change."""
    assert tofu
    checkout = small_repository(tmp_path / "checkout")
    git(checkout.root, "branch", "before")
    checkout.edit("VERSION", "0.60.1", "0.61.0")
    (settings,) = load(checkout.root, ["dev"])

    first, second = (
        rehearsal.from_ref(settings, checkout.root, "before", lambda *_: None) for _ in range(2)
    )

    assert (False, True) == (first.kept, second.kept)
    assert first.plan
    assert second.plan
    assert _actions(first.plan) == _actions(second.plan)
    assert ("", (), ()) == (second.error, second.vms_gone, second.lost)
    assert first.vms == second.vms
    assert "as an earlier rehearsal has applied them" in second.beginning


def _actions(plan: bytes) -> Counter[tuple[str, ...]]:
    return Counter(
        (change["address"], *change["change"]["actions"])
        for change in json.loads(plan)["resource_changes"]
    )
