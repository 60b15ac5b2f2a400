"""Fixtures: an environment that the very verbs have created."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_google import FakeGoogle
from pipeline_zen.settings import config_env
from tests.conftest import Run
from tests.small_fleet import small_checkout
from tests.tofu.site import Site, make_state_bucket
from tests.tofu.yard import Yard, build


@pytest.fixture(scope="session")
def google() -> Iterator[FakeGoogle]:
    with FakeGoogle(switched_on=True) as google:
        yield google


@pytest.fixture(scope="session")
def session_run() -> Run:
    def run(*arguments: str | Path, **more: Any) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "pipeline_zen", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            **more,
        )

    return run


@pytest.fixture(scope="session")
def built(
    tofu: str, google: FakeGoogle, session_run: Run, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The environment, created by the very verbs, with what they said checked on the way."""
    assert tofu
    site = _new_site(tmp_path_factory.mktemp("site") / "checkout", google, session_run)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in google.environment().items():
            patch.setenv(name, value)
        make_state_bucket(google)

        _assert_unprepared_is_told(site)
        _create(site)
        site.keep("created")
        # A change that does no harm.
        site.checkout.write("VERSION", "0.61.0\n")
        site.synth()
        assert 2 == site.plan().status
        site.keep("planned")
        yield site


def _new_site(root: Path, google: FakeGoogle, run: Run) -> Site:
    checkout = small_checkout(root)
    lines = [f"{name}=something\n" for name in config_env.REQUIRED]
    checkout.write("dev-config.env", "".join(lines))
    (root / "dev-config.env").chmod(0o600)
    return Site(checkout, google, run, root.parent / "kept", {})


def _assert_unprepared_is_told(site: Site) -> None:
    site.synth()
    assert "run `make init ENV=dev`" in site.tofu("plan", "dev").stderr
    assert 0 == site.tofu("init", "dev").returncode
    nothing = site.tofu("apply", "dev", "--yes")
    assert 1 == nothing.returncode
    assert "no plan of dev to apply: run `make plan ENV=dev` first" in nothing.stderr


def _create(site: Site) -> None:
    """The first plan, refused until it is said that it is the first, and its apply."""
    unsaid = site.tofu("plan", "dev")
    assert 3 == unsaid.returncode
    assert "50 of 50 resources of dev would be created" in unsaid.stdout
    blocked = site.tofu("apply", "dev", "--yes")
    assert 3 == blocked.returncode
    assert "dev: blocked: cannot be trusted" in blocked.stdout

    report = site.checkout.root / "report.md"
    said = site.tofu("plan", "dev", "--first-creation", "--report", report)
    assert (2, "") == (said.returncode, said.stderr), said.stdout
    assert "50 created; " in said.stdout, said.stdout
    assert report.read_text(encoding="utf-8").startswith("<!-- pipeline-zen plan of dev -->\n")
    applied = site.tofu("apply", "dev", "--yes")
    assert 0 == applied.returncode, applied.stderr
    assert "Apply complete! Resources: 50 added" in applied.stdout
    report.unlink()


@pytest.fixture
def site(built: Site) -> Site:
    """The environment is there, and nothing is to change."""
    built.reset("created")
    return built


@pytest.fixture
def planned(built: Site) -> Site:
    """A release is planned, and was shown."""
    built.reset("planned")
    return built


@pytest.fixture(scope="session")
def yards(
    tofu: str, session_run: Run, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Yard]]:
    """Both environments, each built when it is first asked for."""
    assert tofu
    built: dict[str, Yard] = {}

    def yard(environment: str) -> Yard:
        if environment not in built:
            google = FakeGoogle(switched_on=True).__enter__()
            folder = tmp_path_factory.mktemp(environment)
            built[environment] = build(environment, google, folder, session_run)
        return built[environment]

    yield yard
    for one in built.values():
        one.site.google.__exit__(None, None, None)
