"""What OpenTofu and its providers say, to be shown: masked, as an error may quote any value."""

import re
from collections.abc import Mapping
from typing import Any

from pipeline_zen.masking import masked_text


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
        f"    tofu -chdir=cdktf.out/stacks/{environment} force-unlock {lock['ID']}\n\n"
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
