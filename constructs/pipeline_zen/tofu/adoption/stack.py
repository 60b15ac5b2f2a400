"""The synthesized stack's resources, with the references between them filled in."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from pipeline_zen import kinds
from pipeline_zen.errors import UserError
from pipeline_zen.files import OUT, Json, stack_file
from pipeline_zen.kinds import Kind

_REFERENCE = re.compile(r"\$\{(\w+)\.([\w-]+)\.(\w+)\}")


class AdoptionError(UserError):
    """Nothing was written; the text says why and what to do."""


@dataclass(frozen=True)
class Resource:
    """A resource of the stack."""

    kind: Kind
    arguments: Json
    """Arguments with the references filled in, as far as names and e-mail addresses go."""


def resources(root: Path, environment: str) -> dict[str, Resource]:
    """The environment's resources, by address. Raises AdoptionError where there are none yet."""
    file = stack_file(root / OUT, environment)
    try:
        stack: Json = json.loads(file.read_text(encoding="utf-8"))
        written = {
            f"{type_}.{id_}": dict(arguments)
            for type_, of_type in stack["resource"].items()
            for id_, arguments in of_type.items()
        }
        return {
            address: Resource(kinds.of(address.partition(".")[0]), _resolved(arguments, written))
            for address, arguments in written.items()
        }
    except FileNotFoundError:
        raise AdoptionError(
            f"{environment} is not synthesized yet: run `make synth` first"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise AdoptionError(
            f"{file} is damaged, so it is not known what there is to take over: delete it, and run "
            "`make synth`"
        ) from None


def condition(values: Json) -> Json:
    """The condition of a grant, as a stack or a state has it; empty for none."""
    given = values.get("condition") or {}
    if isinstance(given, list):
        given = given[0]
    return {key: value for key, value in given.items() if value}


def _resolved(arguments: Json, written: dict[str, Json]) -> Json:
    def value(reference: re.Match[str]) -> str:
        type_, id_, attribute = reference.groups()
        other = written[f"{type_}.{id_}"]
        if type_ == kinds.ACCOUNT and attribute in ("email", "member"):
            email = f"{other['account_id']}@{other['project']}.iam.gserviceaccount.com"
            return email if attribute == "email" else f"serviceAccount:{email}"
        return str(other.get(attribute, reference[0]))

    return {
        key: _REFERENCE.sub(value, text) if isinstance(text, str) else text
        for key, text in arguments.items()
    }
