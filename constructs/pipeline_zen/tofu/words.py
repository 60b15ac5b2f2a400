"""What OpenTofu and its providers say, to be shown: masked, as an error may quote any value."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline_zen.files import OUT, stack_folder
from pipeline_zen.masking import masked_text
from pipeline_zen.settings import Settings

_UNKNOWN_TO_GOOGLE = re.compile(
    # Of "could not" the masking may have taken the first word for a credential.
    r"\bnot find default credentials|\binvalid_(?:grant|rapt)\b|Error 401: "
)
_STATE = r"(?:querying Cloud Storage|\bgs://\S+\.tf(?:lock|state)\b|state file)"
_NO_BUCKET = re.compile(
    rf"storage: bucket doesn't exist|{_STATE}.*Error 404: The specified bucket", re.DOTALL
)
_FORBIDDEN_BUCKET = re.compile(rf"{_STATE}.*Error 403: ", re.DOTALL)

_ABSENT = re.compile(
    r'import non-existent remote object.*?existing\s+object\s+to\s+"([^"]+)"', re.DOTALL
)
_PROTECTED = re.compile(r"Resource\s+(\S+)\s+has\s+lifecycle\.prevent_destroy\s+set")


def command(environment: str) -> str:
    """OpenTofu on an environment, as a user types it in the checkout."""
    return f"tofu -chdir={stack_folder(Path(OUT), environment)}"


def said(text: str) -> str:
    """
    What OpenTofu or a provider says, masked.

    Whatever of its output becomes an error, a warning or a note goes through here.
    """
    return masked_text(text.strip())


def problem(diagnostic: Mapping[str, Any]) -> str:
    """What OpenTofu complains of, as it tells programs, in words; masked."""
    where = diagnostic.get("address")
    text = said("\n".join(filter(None, map(diagnostic.get, ("summary", "detail")))))
    return f"{said(where)}: {text}" if where else text


def lock_held(complaint: str, environment: str) -> str | None:
    """
    What to say where OpenTofu complains that somebody holds the state's lock, or None.

    Its own words end with the advice not to lock at all.
    """
    if "Error acquiring the state lock" not in complaint:
        return None
    lock = dict(re.findall(r"^  (ID|Operation|Who|Created): +(.+)$", complaint, re.MULTILINE))
    if "ID" not in lock:
        return _damaged(complaint, environment)
    operation = lock.get("Operation", "").removeprefix("OperationType").lower()
    return (
        f"The state of {environment} is locked by {lock.get('Who', 'somebody')}, since "
        f"{lock.get('Created', 'an unknown time')}"
        f"{f', for: {operation}' if operation else ''}. Wait until that has ended, and run "
        f"`make plan ENV={environment}` again. If it ended without unlocking, as when it was "
        "killed, make sure that nobody works on it, and unlock it:\n\n"
        f"    {command(environment)} force-unlock {lock['ID']}\n\n"
        "Nothing was done"
    )


def _damaged(complaint: str, environment: str) -> str | None:
    """What to say of a lock that is there and says nothing, as one that was cut off; or None."""
    place = re.search(r"gs://[^\s\"']+\.tflock", complaint)
    if place is None:
        return None
    return (
        f"The state of {environment} has a lock that is empty or damaged, so it does not say whose "
        "it is. Make sure that nobody works on it, neither at a desk nor in a workflow, "
        f"and remove it:\n\n    gcloud storage rm {place[0]}\n\nNothing was done"
    )


def out_of_reach(complaint: str, settings: Settings, verb: str) -> str | None:
    """
    What to say where OpenTofu does not get to the state's bucket, or None.

    Its own words are of Google's client, and name neither the bucket nor what to do.
    """
    environment, bucket = settings.environment, settings.state_bucket
    again = f"Then run `make {verb} ENV={environment}` again"
    if _UNKNOWN_TO_GOOGLE.search(complaint):
        return (
            f"OpenTofu cannot say to Google who you are, and does not get to gs://{bucket}, where "
            f"the state of {environment} is: nobody has signed in, or it has run out. Sign in:"
            f"\n\n    gcloud auth application-default login\n\n{again}"
        )
    if _NO_BUCKET.search(complaint):
        return (
            f"There is no bucket gs://{bucket}, where the state of {environment} is to be. If the "
            "name (`state_bucket` in config/base.yaml) is right, make it, with versioning, so that "
            "an earlier state can be had back; it is for all environments:\n\n"
            f"    gcloud storage buckets create gs://{bucket} --project {settings.project} "
            "--location us --uniform-bucket-level-access --public-access-prevention\n"
            f"    gcloud storage buckets update gs://{bucket} --versioning\n\n{again}"
        )
    if _FORBIDDEN_BUCKET.search(complaint):
        return (
            f"Google does not let you read gs://{bucket}, or write to it, where the state of "
            f"{environment} is. "
            '"Who may apply" in docs/from-nothing.md has the role that it takes; to be somebody '
            f"else, sign in by `gcloud auth application-default login`. {again}:\n\n{complaint}"
        )
    return None


def advised(complaint: str, environment: str) -> str:
    """
    The complaint, or what to do where it is that something is protected, or not there to import.

    OpenTofu's own words end with the advice to lift the protection, or to leave things out.
    """
    absent = _ABSENT.search(complaint)
    if absent:
        without = f"pipeline-zen adopt {environment} --without {shlex.quote(absent[1])}"
        return (
            f"{absent[1]} is to be adopted, and is not at Google: `{without}`, and plan again, "
            "which makes it"
        )
    refused = _PROTECTED.search(complaint)
    if not refused:
        return complaint
    untaint = f"{command(environment)} untaint {shlex.quote(refused[1])}"
    return (
        f"{refused[1]} is protected, and is not made anew. Where it is only tainted, as a read "
        f"failed right after it was made, it is whole: `{untaint}`, and plan again. Where that "
        "says that it is not tainted, leave what forces the replacement as it is"
    )
