"""Plans, saved or as JSON, judged as plans of an environment."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline_zen import names, versions
from pipeline_zen.files import OUT, stack_folder
from pipeline_zen.fleet import clusters
from pipeline_zen.guard import Provenance, Target, allowances
from pipeline_zen.plan import PlanError, read
from pipeline_zen.report import Origins, Review, review
from pipeline_zen.settings import Settings
from pipeline_zen.tofu import state
from pipeline_zen.tofu.client import OpenTofu

FACTS = (("provider google", versions.VERSION),)
"""What is known of a plan of this project's own stacks."""


def target(settings: Settings) -> Target:
    """What a plan of these settings must be of."""
    return Target(
        environment=settings.environment,
        project=settings.project,
        state_bucket=settings.state_bucket,
        state_prefix=names.state_prefix(settings.environment),
        state_lineage=settings.state_lineage,
        limits={
            group.name: cluster.max_vms
            for cluster in clusters(settings)
            for group in cluster.groups
            if cluster.max_vms is not None
        },
        images_project=settings.images_project,
        reservations=frozenset(
            reservation
            for fleet in settings.fleets.values()
            for reservation in fleet.reservations.values()
        ),
    )


def judged(
    settings: Settings, root: Path, data: bytes, provenance: Provenance, **more: Any
) -> Review:
    """The review of a plan as JSON; *more* is what `review` takes beside."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return review(
        read(data),
        target(settings),
        provenance=provenance,
        allowances=allowances(root, settings.environment, today),
        today=today,
        origins=Origins(settings, root),
        **more,
    )


def from_file(
    data: bytes, file: Path | None, settings: Settings, root: Path, *, first_creation: bool
) -> Review:
    """
    The review of a plan in a file: JSON, or a saved plan, which *file* is then the path of.

    Raises PlanError for what is neither, and TofuError where OpenTofu cannot show a saved plan.
    """
    provenance = Provenance(first_creation=first_creation)
    if file and is_saved_plan(data):
        beside = (file.parent / ".terraform").exists()
        folder = file.parent if beside else stack_folder(root / OUT, settings.environment)
        there = state.in_plan(file)
        if there:
            provenance = Provenance(there.lineage, there.serial, first_creation=first_creation)
        data = OpenTofu(folder.resolve()).show_json(str(file.resolve()))
    return judged(settings, root, data, provenance)


def environment_of(data: bytes, file: Path, known: Sequence[Settings]) -> str | None:
    """
    The environment whose project a plan is about.

    Of a saved plan, it is the one whose folder it lies in. None where it changes nothing, and so is
    about no project. Raises PlanError where there is none, or more than one.
    """
    by_project = {settings.project: settings.environment for settings in known}
    if is_saved_plan(data):
        environments = {file.resolve().parent.name} & set(by_project.values())
    else:
        plan = read(data)
        if plan.empty and not plan.errored:
            return None
        projects = {values.text("project") for change in plan.changes for values in change.values()}
        environments = {by_project[project] for project in by_project if project in projects}
    if len(environments) != 1:
        raise PlanError(
            f"It is not plain which environment it is a plan of: name it with --env, one of "
            f"{', '.join(sorted(by_project.values()))}"
        )
    return environments.pop()


def is_saved_plan(data: bytes) -> bool:
    """Whether it is what `tofu plan -out` writes, encrypted or not."""
    return data.startswith(b"PK\x03\x04") or b'"encrypted_data"' in data[:100_000]
