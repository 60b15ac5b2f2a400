"""
Applies just what was planned, shown and passed.

A saved plan is taken only as long as everything is as it was: the plan file itself, the
configuration with the secret's file, the state's lineage and serial, and the day. Then the guard
judges it again.
"""

import datetime
import time
from collections.abc import Callable
from pathlib import Path

from pipeline_zen.files import OUT, stack_folder
from pipeline_zen.report import Review
from pipeline_zen.settings import Settings
from pipeline_zen.tofu import note, ready, reviews, state, stream
from pipeline_zen.tofu.adoption import FILE as ADOPTED
from pipeline_zen.tofu.client import OpenTofu, TofuError, Told
from pipeline_zen.tofu.note import APPLIED, NOTE, PLAN, Note

MAXIMUM_AGE = datetime.timedelta(hours=12)
"""How old a plan may be when it is applied: a working day, and no night between."""

_AFTERWARDS = (
    "What it did until then is done, and its plan is used up: run `make plan ENV={environment}`, "
    "look at what is left to do, and apply that. Where it says that something exists already, or "
    'that the state is locked, see "An apply that was cut off" in docs/operating.md'
)


def planned(
    settings: Settings,
    root: Path,
    expected: str | None = None,
    warn: Callable[[str], object] = stream.silent,
) -> Review:
    """
    The saved plan, judged again.

    *expected* is the digest of the change that was reviewed elsewhere; *warn* is told of files with
    secrets that others may read. Raises TofuError where there is no plan, or where anything is not
    as it was when it was made.
    """
    ready.refuse_options()
    ready.refuse_logging()
    tofu = ready.initialised(settings.environment, root)
    for notice in ready.open_secrets(settings.environment, root):
        warn(notice)
    kept = note.read(tofu.folder, settings.environment)
    again = _again(settings)
    _refuse_unfit(kept, tofu, settings, root)
    _refuse_another_state(kept, tofu, again)
    provenance = state.provenance(tofu, tofu.folder / PLAN, first_creation=kept.first_creation)
    data = tofu.show_json(PLAN)
    review = reviews.judged(settings, root, data, provenance, facts=reviews.FACTS)
    digest = review.plan.digest
    if digest != kept.digest:
        raise TofuError(f"{tofu.folder / PLAN} is not the plan that was shown. {again}")
    if expected is not None and expected != digest:
        raise TofuError(
            f"The plan has changed since it was reviewed: its digest is {digest}, and "
            f"{expected or 'an empty one'} was expected. Review it anew"
        )
    return review


def apply(
    settings: Settings,
    root: Path,
    reviewed: Review,
    progress: stream.Progress = stream.silent,
    warn: Callable[[str], object] = stream.silent,
    *,
    in_view: bool = False,
) -> str:
    """
    Have OpenTofu apply the saved plan, which `planned` has found fit as *reviewed*.

    What it has done is handed back as a sentence; or all that it says is shown *in_view* of the
    user, and nothing handed back. *warn* is given OpenTofu's warnings, and what was tidied up.

    A plan is applied once: it is put aside, and its note is gone, before that begins. Raises
    TofuError where it, or what it was made of, is not any more what was reviewed: somebody may have
    planned anew while the question was open. Raises it, too, with what to do next, where OpenTofu
    has failed or was interrupted; it has said itself why.
    """
    ready.refuse_logging()
    tofu = OpenTofu(stack_folder(root / OUT, settings.environment))
    _put_aside(tofu, settings, root, reviewed)
    lock = f"-lock-timeout={ready.LOCK_SECONDS}s"
    failed = "The apply has failed"
    told = Told(0, [])
    try:
        if in_view:
            told = Told(tofu.apply_in_view(APPLIED, lock), [])
        else:
            told = tofu.apply(APPLIED, lock, progress=progress, warn=warn)
    except KeyboardInterrupt:
        failed = "The apply was interrupted"
    else:
        if told.status == 0:
            _clear(tofu.folder, warn)
            return told.summary
    reason = f"{failed}. {_AFTERWARDS.format(environment=settings.environment)}"
    raise TofuError("\n\n".join([*told.errors, reason]))


def _clear(folder: Path, warn: Callable[[str], object]) -> None:
    """Remove what a good apply has used up: the plan, which holds the state, and the adoption."""
    (folder / APPLIED).unlink(missing_ok=True)
    if (folder / ADOPTED).exists():
        (folder / ADOPTED).unlink()
        warn(f"What {ADOPTED} named is in the state now, so it is deleted.")


def _refuse_unfit(kept: Note, tofu: OpenTofu, settings: Settings, root: Path) -> None:
    """Raise TofuError where the plan was not to be applied, or anything here is not as it was."""
    again = _again(settings)
    if not kept.may_be_applied:
        raise TofuError(
            "The plan was made only to be looked at, without the state's lock or the secret's "
            f"file. Run `make plan ENV={settings.environment}` without LOCK=no and SECRET=no"
        )
    if note.sha256(tofu.folder / PLAN) != kept.plan_sha256:
        raise TofuError(f"{tofu.folder / PLAN} is not the plan that was shown. {again}")
    age = datetime.timedelta(seconds=time.time() - kept.made_at)
    if not datetime.timedelta(0) <= age <= MAXIMUM_AGE:
        hours = MAXIMUM_AGE // datetime.timedelta(hours=1)
        raise TofuError(f"The plan is older than {hours} hours. {again}")
    if note.configuration(settings, root) != kept.configuration_sha256:
        raise TofuError(
            "The settings, the secret's file or the stack have changed since the plan was made. "
            f"{again}"
        )


def _refuse_another_state(kept: Note, tofu: OpenTofu, again: str) -> None:
    now = state.pulled(tofu)
    if (now.lineage, now.serial) != (kept.lineage, kept.serial):
        raise TofuError(
            f"The state has changed since the plan was made: its serial is {now.serial}, and was "
            f"{kept.serial}. {again}"
        )


def _put_aside(tofu: OpenTofu, settings: Settings, root: Path, reviewed: Review) -> None:
    """Make the plan the one to apply, so that no other can take its place."""
    again = _again(settings)
    kept = note.read(tofu.folder, settings.environment)
    another = TofuError(f"There is another plan by now than the one that was shown. {again}")
    # Somebody else's plan is left to them.
    if kept.digest != reviewed.plan.digest or not kept.may_be_applied:
        raise another
    (tofu.folder / NOTE).unlink()
    try:
        (tofu.folder / PLAN).replace(tofu.folder / APPLIED)
    except FileNotFoundError:
        raise TofuError(f"The plan is gone. {again}") from None
    if note.sha256(tofu.folder / APPLIED) != kept.plan_sha256:
        raise another
    if note.configuration(settings, root) != kept.configuration_sha256:
        raise TofuError(
            f"The settings, the secret's file or the stack have changed by now. {again}"
        )


def _again(settings: Settings) -> str:
    return f"Run `make plan ENV={settings.environment}` again"
