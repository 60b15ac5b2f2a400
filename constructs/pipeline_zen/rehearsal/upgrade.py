"""Another provider, and nothing else: what it would change of what the one before has applied."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline_zen import kinds
from pipeline_zen.files import Json
from pipeline_zen.plan import Action, read

EXPLAINED = {
    (kinds.GROUP, "instance_lifecycle_policy[0].on_failed_health_check"): (
        "a default of the provider's own; it means what `default_action_on_failure` says"
    ),
    **{
        (kind.type, "deletion_policy"): "an argument that only the provider and the state know"
        for kind in kinds.KINDS.values()
    },
}
"""What is known of newer providers: why an attribute changes by itself, and that it is harmless."""

_DONE = {Action.UPDATE: "updates", Action.CREATE: "creates", Action.DELETE: "deletes"}


@dataclass(frozen=True)
class Upgrade:
    """A step from one provider to another, with the stack otherwise as it is."""

    before: str
    after: str
    plan: bytes | None = None
    """The plan as JSON; None where it is empty, or where there is none."""
    error: str = ""
    """Why it cannot be planned."""

    def sentences(self) -> Iterator[str]:
        """What it comes to."""
        start = f"Provider {self.after} instead of {self.before}, and nothing else"
        if self.error:
            yield f"{start}, cannot be planned: {self.error}"
            return
        changes = Counter(
            (change.action, change.type, path)
            for change in read(self.plan).changes
            if change.is_change
            for path in [attribute.path for attribute in change.attributes] or [""]
        ) if self.plan else {}  # fmt: skip
        if not changes:
            yield f"{start}: no changes."
        for (action, type_, path), count in sorted(
            changes.items(), key=lambda item: (item[0][1], item[0][2])
        ):
            done = _DONE.get(action, "replaces")
            where = f" in `{path}`" if path else ""
            why = EXPLAINED.get((type_, path), "not known here: look at it before you apply it")
            yield f"{start}: {done} {count} `{type_}`{where} ({why})."


def provider_of(stack: Path) -> str:
    """The provider's version that a `cdk.tf.json` names."""
    required: Json = json.loads(stack.read_text(encoding="utf-8"))["terraform"]
    return str(required["required_providers"]["google"]["version"])


def with_provider(stack: Path, version: str, folder: Path) -> Path:
    """The same stack with another provider, in a new file in *folder*."""
    text: Json = json.loads(stack.read_text(encoding="utf-8"))
    text["terraform"]["required_providers"]["google"]["version"] = version
    file = folder / f"provider-{version}.tf.json"
    file.write_text(json.dumps(text), encoding="utf-8")
    return file
