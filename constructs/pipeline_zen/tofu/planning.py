"""
Plans an environment for real, and keeps the plan for `apply`.

Two files stay in the environment's folder: the saved plan, and a note of what it was made of.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline_zen import names
from pipeline_zen.report import Review
from pipeline_zen.settings import Settings
from pipeline_zen.tofu import ready, reviews, state
from pipeline_zen.tofu.adoption import FILE as ADOPTED
from pipeline_zen.tofu.client import OpenTofu, TofuError
from pipeline_zen.tofu.note import APPLIED, NOTE, PLAN, Note, configuration, sha256
from pipeline_zen.tofu.stream import Progress
from pipeline_zen.tofu.words import advised, lock_held, out_of_reach

STAND_IN = "secret_override.tf.json"
"""Joined over the stack, as files of such a name are, while it is planned without the secret."""

SILENCE = 10.0
"""After so many seconds in which OpenTofu says nothing, it is told what it may be waiting for."""

Warn = Callable[[str], object]


@dataclass(frozen=True)
class Manner:
    """How an environment is planned; whatever is left out makes a plan that is only to look at."""

    first_creation: bool = False
    """The environment is not there yet, so everything may be created."""
    lock: bool = True
    """Without, reading the state is enough, and a plan that is cut off leaves nothing behind."""
    secret: bool = True
    """Without, the secret's file need not be there, and its version counts as unchanged."""

    @property
    def locking(self) -> str:
        """OpenTofu's option for the lock."""
        return f"-lock-timeout={ready.LOCK_SECONDS}s" if self.lock else "-lock=false"


def plan(
    settings: Settings, root: Path, progress: Progress, warn: Warn, manner: Manner = Manner()
) -> Review:
    """
    Plan an environment, and keep the plan for `apply`.

    *warn* is given OpenTofu's warnings, and what it is waiting for. Raises TofuError where it
    cannot be run, is interrupted or fails without a plan; one that fails half-way has a review,
    which says so.
    """
    ready.refuse_options()
    tofu = ready.initialised(settings.environment, root, secret=manner.secret)
    ready.refuse_unsaved(tofu.folder, settings.environment)
    for file in (NOTE, PLAN, APPLIED, STAND_IN):
        (tofu.folder / file).unlink(missing_ok=True)
    for notice in _beside(tofu.folder, settings, root):
        warn(notice)
    before = configuration(settings, root)
    saved = tofu.folder / PLAN

    with (
        _secret_left_out(tofu.folder, not manner.secret),
        _waiting_told(settings, warn) as answered,
        _nothing_left_of(saved),
    ):
        options = (*ready.variables(root), manner.locking)
        told = tofu.plan(PLAN, *options, progress=progress, warn=warn, answered=answered)
    errors = [advised(error, settings.environment) for error in told.errors]
    if not saved.exists():
        raise _failed(told.errors, errors, settings)
    saved.chmod(0o600)
    if configuration(settings, root) != before:
        saved.unlink()
        raise TofuError(
            "The settings, the secret's file or the stack have changed while OpenTofu planned. "
            f"Run `make plan ENV={settings.environment}` again"
        )
    return _reviewed(tofu, settings, root, manner, errors)


def _failed(complaints: Sequence[str], errors: Sequence[str], settings: Settings) -> TofuError:
    """What to say where there is no plan at all."""
    complaint = "\n".join(complaints)
    return TofuError(
        out_of_reach(complaint, settings, "plan")
        or lock_held(complaint, settings.environment)
        or "\n\n".join(["OpenTofu could not plan:", *errors])
    )


def _beside(folder: Path, settings: Settings, root: Path) -> Iterator[str]:
    """What there is to say of the files beside the stack."""
    yield from ready.open_secrets(settings.environment, root)
    if (folder / ADOPTED).exists():
        yield f"This plan adopts what {folder / ADOPTED} names; a good apply deletes that file."


def _reviewed(
    tofu: OpenTofu, settings: Settings, root: Path, manner: Manner, errors: Sequence[str]
) -> Review:
    """The review of what was planned, once it is noted what the plan was made of."""
    notes = [f"OpenTofu could not plan all of it: {error}" for error in errors]
    if not manner.secret:
        notes.append("Planned without the secret's file: that a new one is due is not shown.")
    provenance = state.provenance(tofu, tofu.folder / PLAN, first_creation=manner.first_creation)
    data = tofu.show_json(PLAN)
    review = reviews.judged(settings, root, data, provenance, notes=notes, facts=reviews.FACTS)
    Note(
        plan_sha256=sha256(tofu.folder / PLAN),
        configuration_sha256=configuration(settings, root),
        lineage=provenance.lineage or "",
        serial=provenance.serial or 0,
        digest=review.plan.digest,
        made_at=int(time.time()),
        first_creation=manner.first_creation,
        may_be_applied=manner.lock and manner.secret,
    ).write(tofu.folder)
    return review


@contextmanager
def _nothing_left_of(plan: Path) -> Iterator[None]:
    """Where it is interrupted, leave no plan, and say so."""
    try:
        yield
    except KeyboardInterrupt:
        plan.unlink(missing_ok=True)
        raise TofuError(
            "Interrupted, and nothing is planned. OpenTofu unlocks the state as it ends; where it "
            "could not, the next plan says how"
        ) from None


@contextmanager
def _waiting_told(settings: Settings, warn: Warn) -> Iterator[Callable[[], None]]:
    """Tell what is waited for while nothing is heard; what is given ends that."""
    # A bucket that does not answer is asked for minutes, without a word.
    waiting = (
        f"Waiting for the state's bucket gs://{settings.state_bucket}, or for the lock on the "
        "state; Ctrl-C gives up."
    )
    silence = threading.Timer(SILENCE, warn, [waiting])
    silence.daemon = True
    silence.start()
    try:
        yield silence.cancel
    finally:
        silence.cancel()


@contextmanager
def _secret_left_out(folder: Path, left_out: bool) -> Iterator[None]:
    """Have the stack take any text for the secret's, and its version for what the state has."""
    version = {
        "secret_data_wo": "not known here",
        "secret_data_wo_version": 1,
        "lifecycle": {"ignore_changes": ["secret_data_wo_version"]},
    }
    stack = {"resource": {"google_secret_manager_secret_version": {names.CONFIG_SECRET: version}}}
    try:
        if left_out:
            (folder / STAND_IN).write_text(json.dumps(stack), encoding="utf-8")
        yield
    finally:
        (folder / STAND_IN).unlink(missing_ok=True)
