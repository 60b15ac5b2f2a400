"""
Applies an environment to a fake Google: all of it, or the change that a checkout makes to it.

OpenTofu, the provider and the stack are the real ones. The stack is the same to the byte; beside
it lies a file that puts its state into a local file and has the provider wait less, and environment
variables point the provider at the fake. Everything happens in a temporary folder and needs no
account. The provider itself is kept below `cdktf.out`, so that only a first rehearsal fetches it.
"""

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from fake_google import FakeGoogle
from pipeline_zen import names
from pipeline_zen.files import OUT
from pipeline_zen.rehearsal import ground
from pipeline_zen.rehearsal.bases import Bases
from pipeline_zen.rehearsal.checkout import RehearsalError, synthesized, synthesized_both
from pipeline_zen.rehearsal.deployment import Deployment
from pipeline_zen.rehearsal.outcome import Outcome, lost
from pipeline_zen.rehearsal.upgrade import Upgrade, provider_of, with_provider
from pipeline_zen.settings import Settings
from pipeline_zen.tofu import Progress, RunError


def from_nothing(settings: Settings, root: Path, progress: Progress) -> Outcome:
    """
    Apply the environment to a Google that has nothing, and plan it again.

    Raises RehearsalError where an apply fails, or where the second plan is not empty.
    """
    with _stage(settings, root) as (deployment, folder):
        resources = deployment.put(synthesized(settings, folder))
        deployment.init()
        return _settled(deployment, resources, progress)


def from_ref(settings: Settings, root: Path, ref: str, progress: Progress) -> Outcome:
    """
    Apply the environment as it is at the git *ref*, then the change to it as it is now.

    In between the scheduler raises every group to one VM, so that it can be told what the change
    does to VMs that run. Raises RehearsalError as `from_nothing` does, and for a ref that git
    does not know or that cannot be synthesized.
    """
    with _stage(settings, root) as (deployment, folder):
        now, before = synthesized_both(settings, ref, root, folder)
        outcome = Outcome(0, 0.0, 0, first_creation=before is None)
        if before:
            resources = deployment.put(before)
            try:
                outcome = _based(deployment, resources, Bases(root / OUT / "bases"), progress)
            except RunError as error:
                raise RehearsalError(f"at {ref}: {error}") from None
            outcome = replace(outcome, upgrade=_upgraded(deployment, before, now, folder))
        deployment.put(now)
        return _changed(deployment, outcome, progress)


def _based(deployment: Deployment, resources: int, bases: Bases, progress: Progress) -> Outcome:
    """The same as `_settled`, but for what an earlier rehearsal has kept."""
    deployment.init()
    if bases.restore(deployment):
        return Outcome(resources, 0.0, 0, kept=True)
    outcome = _settled(deployment, resources, progress)
    bases.keep(deployment)
    return outcome


def _settled(deployment: Deployment, resources: int, progress: Progress) -> Outcome:
    """What it came to to apply it, and to plan it again with nothing to do."""
    began = time.monotonic()
    deployment.apply_from_nothing(progress)
    deployment.require_settled()
    requests = len(deployment.google.requests)
    return Outcome(resources, time.monotonic() - began, requests)


def _upgraded(deployment: Deployment, before: Path, now: Path, folder: Path) -> Upgrade | None:
    """What the provider of *now* would change of *before*, which is applied; None if it is its."""
    old, new = provider_of(before), provider_of(now)
    if old == new:
        return None
    deployment.put(with_provider(before, new, folder))
    try:
        deployment.init()
        return Upgrade(old, new, deployment.plan_json() if deployment.plan() else None)
    except RunError as failed:
        return Upgrade(old, new, error=f"{failed}")


def _changed(deployment: Deployment, outcome: Outcome, progress: Progress) -> Outcome:
    """What it came to to apply the change, with a VM running in every group."""
    google = deployment.google
    running = _raise_every_group(google)
    ground.lay(google, deployment.stack())
    if outcome.first_creation or outcome.upgrade:
        deployment.init()
    failure = ""
    try:
        if not deployment.plan():
            return replace(outcome, first_creation=False)
    except RunError as failed:
        # A plan that OpenTofu refuses half-way is still worth looking at.
        if not deployment.has_plan:
            raise
        failure = f"{failed}"
    google.forget_requests()
    # Nothing is asked of Google to show a plan, and an apply waits more than it works.
    with ThreadPoolExecutor(1) as pool:
        shown = pool.submit(deployment.plan_json)
        failure = failure or _applied(deployment, progress)
        plan = shown.result()
    failure = failure or _unsettled(deployment)
    return replace(
        outcome,
        plan=plan,
        error=failure,
        vms=len(running),
        vms_gone=tuple(sorted(running - set(google.vms()))),
        lost=lost(google.requests),
    )


def _applied(deployment: Deployment, progress: Progress) -> str:
    """Why the plan cannot be applied to its end; empty where it can."""
    try:
        deployment.apply(progress)
    except RunError as failed:
        return f"{failed}"
    return ""


def _unsettled(deployment: Deployment) -> str:
    """Why another plan is not empty; empty where it is."""
    try:
        deployment.require_settled()
    except RunError as failed:
        return f"{failed}"
    return ""


def _add_scheduler(google: FakeGoogle, settings: Settings) -> None:
    """What the scheduler's own code has made, and this environment grants something on or to."""
    scheduler = settings.scheduler
    if scheduler is None:
        return
    kind, _, email = scheduler.member.partition(":")
    if not scheduler.create_account and kind == "serviceAccount":
        google.add_account(email)
    if not scheduler.create_heartbeat_subscription:
        topics = [names.HEARTBEATS_TOPIC]
        if settings.local:
            topics.append(names.local_topic(names.HEARTBEATS_TOPIC))
        for topic in topics:
            below = f"projects/{settings.project}"
            name = f"{below}/subscriptions/{names.scheduler_subscription(topic)}"
            google.add_subscription(name, f"{below}/topics/{topic}")


@contextmanager
def _stage(settings: Settings, root: Path) -> Iterator[tuple[Deployment, Path]]:
    """A deployment, and a folder to work in; what OpenTofu fails with is the rehearsal's error."""
    providers = root / OUT / "providers"
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder, FakeGoogle() as google:
        _add_scheduler(google, settings)
        work = Path(folder) / "now"
        deployment = Deployment(google, work, settings.environment, providers=providers)
        try:
            yield deployment, Path(folder)
        except RunError as failed:
            raise RehearsalError(f"{failed}") from None


def _raise_every_group(google: FakeGoogle) -> set[str]:
    """As the scheduler does; the VMs that run then."""
    for path in google.groups():
        google.resize(path, 1)
    return set(google.vms())
