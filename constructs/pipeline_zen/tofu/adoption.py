"""
Takes over what exists already, made by hand or by other Terraform code.

What is there has the names that running code relies on, so most of it can be told from its name:
`import` blocks let the first plan find it. Where the old state can be carried over, `moved` blocks
give everything in it its new address, and `removed` blocks forget, without destroying, what this
project does not have. The blocks stand in a file of their own beside the stack.

Grants that are wider than this project's are left in place, so that nothing that runs loses a
right during the change; each comes with the line that takes it away afterwards.
"""

import json
import os
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline_zen import kinds, names
from pipeline_zen.errors import UserError
from pipeline_zen.settings import Settings

Json = dict[str, Any]

FILE = "adopt.tf.json"

EARLIER_ROLES = (names.BUCKET_LISTER, names.VM_DELETER)
TELEMETRY = ("roles/logging.logWriter", "roles/monitoring.metricWriter")

EARLIER_PROJECT_ROLES = (
    "roles/compute.viewer",
    "roles/opsconfigmonitoring.resourceMetadata.writer",
    "roles/pubsub.publisher",
    "roles/pubsub.subscriber",
    "roles/secretmanager.secretAccessor",
    "roles/secretmanager.viewer",
    *(f"projects/{{project}}/roles/{role}" for role in EARLIER_ROLES),
)
"""What the earlier code granted to the jobs' account in the whole project, and this does not."""

EARLIER_BUCKET_ROLE = "roles/storage.objectAdmin"

_TEMPLATE = re.compile(rf"{names.JOBS}-(?P<cluster>\d+x.+?)-\d+-\d+-\d+(-[0-9a-f]{{8}})?-tpl")
_REFERENCE = re.compile(r"\$\{(\w+)\.([\w-]+)\.(\w+)\}")


class AdoptionError(UserError):
    """Nothing was written; the text says why and what to do."""


@dataclass(frozen=True)
class Adoption:
    """The file that was written, and what is left to a person."""

    file: Path
    imports: int
    moves: int
    forgotten: tuple[str, ...]
    """Addresses of the old state that this project has nothing for."""
    leftovers: tuple[str, ...]
    """A command for each thing that can go after the cut-over."""


def adopt(
    settings: Settings, root: Path, addresses: Sequence[str] = (), state: Path | None = None
) -> Adoption:
    """
    Write the blocks beside the environment's stack.

    Without *state*, everything is imported that a deployment of the earlier code has, or just
    *addresses*; with it, the output of `tofu show -json`, what is in that state is moved. Raises
    AdoptionError where the stack or the state cannot be read, or an address cannot be imported.
    """
    folder = root / "cdktf.out" / "stacks" / settings.environment
    try:
        stack: Json = json.loads((folder / "cdk.tf.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AdoptionError(
            f"{settings.environment} is not synthesized yet: run `make synth` first"
        ) from None
    resources = {
        f"{kind}.{id_}": (kind, arguments)
        for kind, of_kind in stack["resource"].items()
        for id_, arguments in of_kind.items()
    }
    leftovers: list[str]
    if state:
        blocks, forgotten, leftovers = _moved(resources, _managed(state, settings.project))
    else:
        blocks, forgotten = _imported(resources, addresses), []
        leftovers = [] if addresses else list(_earlier_leftovers(settings, resources))

    file = folder / FILE
    new = file.with_name(f".{FILE}.{os.getpid()}")
    new.write_text(json.dumps(blocks, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    new.replace(file)
    return Adoption(
        file,
        len(blocks.get("import", [])),
        len(blocks.get("moved", [])),
        tuple(forgotten),
        tuple(leftovers),
    )


def _imported(resources: dict[str, tuple[str, Json]], addresses: Sequence[str]) -> Json:
    for address in addresses:
        if address not in resources:
            raise AdoptionError(f"{address} is no resource of the stack")
        kind = resources[address][0]
        if kinds.of(kind).repeatable:
            raise AdoptionError(f"{address} needs no import: making it anew changes nothing")
        if not kinds.of(kind).import_id:
            raise AdoptionError(
                f"{address} cannot be imported by its name: apply again, which makes another one"
            )
    wanted = addresses or [
        address
        for address, (kind, arguments) in resources.items()
        if _is_earlier(kind, _resolved(arguments, resources))
    ]
    return {
        "import": [
            {"to": address, "id": _identity(resources[address], resources)}
            for address in sorted(wanted)
        ]
    }


def _is_earlier(kind: str, arguments: Json) -> bool:
    """Whether a deployment of the earlier code has it, under this very name."""
    if kind == kinds.ROLE:
        return arguments["role_id"] in EARLIER_ROLES
    if kind == kinds.PROJECT_MEMBER:
        return arguments["role"] in TELEMETRY
    return kinds.of(kind).earlier


def _moved(
    resources: dict[str, tuple[str, Json]], old: list[Json]
) -> tuple[Json, list[str], list[str]]:
    ours = {_key(kind, _resolved(arguments, resources)): address
            for address, (kind, arguments) in resources.items()}  # fmt: skip
    moves: list[Json] = []
    forgotten: list[str] = []
    leftovers: list[str] = []
    for resource in old:
        target = ours.get(resource["key"])
        if target is None:
            forgotten.append(resource["address"])
            leftovers += _leftover(resource["type"], resource["values"])
        elif target != resource["address"]:
            moves.append({"from": resource["address"], "to": target})
    blocks: Json = {"moved": sorted(moves, key=lambda move: move["to"])}
    # A whole resource is forgotten: of its instances, those that are moved are not there any more.
    whole = sorted({address.partition("[")[0] for address in forgotten})
    if whole:
        blocks["removed"] = [
            {"from": address, "lifecycle": {"destroy": False}} for address in whole
        ]
    return blocks, sorted(forgotten), leftovers


def _key(kind: str, values: Json) -> tuple[str, ...]:
    """The same for a resource of the stack and for what stands for it in an old state."""
    row = kinds.of(kind)
    if kind == kinds.TEMPLATE:
        found = _TEMPLATE.fullmatch(values["name"])
        return (kind, found["cluster"] if found else values["name"])
    if row.on:
        on = str(values.get(row.on.attribute) or "")
        condition = json.dumps(_condition(values), sort_keys=True)
        return (kind, on.rpartition("/")[2], values["role"], values["member"], condition)
    if kind == "google_project_service":
        return (kind, values["project"], values["service"])
    if not row.import_id:
        return (kind, json.dumps(values, sort_keys=True, default=str))
    known = {"project": "", **values}
    if row.worldwide:
        known["project"] = ""
    return (kind, row.import_id.format(**known))


def _condition(values: Json) -> Json:
    condition = values.get("condition") or {}
    if isinstance(condition, list):
        condition = condition[0]
    return {key: value for key, value in condition.items() if value}


def _identity(resource: tuple[str, Json], resources: dict[str, tuple[str, Json]]) -> str:
    kind, arguments = resource
    known = _resolved(arguments, resources)
    identity = kinds.of(kind).import_id.format(**known)
    condition = _condition(known)
    return f"{identity} {condition['title']}" if condition else identity


def _resolved(arguments: Json, resources: dict[str, tuple[str, Json]]) -> Json:
    """Arguments with the references filled in, as far as names and e-mail addresses go."""

    def value(found: re.Match[str]) -> str:
        kind, id_, attribute = found.groups()
        _, other = resources[f"{kind}.{id_}"]
        if kind == kinds.ACCOUNT and attribute in ("email", "member"):
            email = f"{other['account_id']}@{other['project']}.iam.gserviceaccount.com"
            return email if attribute == "email" else f"serviceAccount:{email}"
        return str(other.get(attribute, found[0]))

    return {
        key: _REFERENCE.sub(value, text) if isinstance(text, str) else text
        for key, text in arguments.items()
    }


def _managed(state: Path, project: str) -> list[Json]:
    """The resources of a state by address, each with the key that it is known by."""
    try:
        shown = json.loads(state.read_text(encoding="utf-8"))
        root = shown["values"]["root_module"]
        found = [resource for module in _modules(root) for resource in module.get("resources", [])]
        managed = [resource for resource in found if resource["mode"] == "managed"]
        for resource in managed:
            resource["key"] = _key(resource["type"], resource["values"])
        managed.sort(key=lambda resource: str(resource["address"]))
    except FileNotFoundError:
        raise AdoptionError(f"{state}: no such file") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise AdoptionError(
            f"{state} is not what `tofu show -json` prints of a state: run that in the old folder"
        ) from None
    strangers = {resource["values"].get("project") for resource in managed} - {None, project}
    if strangers:
        raise AdoptionError(
            f"{state} is of {', '.join(sorted(strangers))}, and this environment of {project}"
        )
    return managed


def _modules(module: Json) -> Iterator[Json]:
    yield module
    for child in module.get("child_modules", []):
        yield from _modules(child)


def _earlier_leftovers(settings: Settings, resources: dict[str, tuple[str, Json]]) -> Iterator[str]:
    """What the earlier code made and this project has nothing for."""
    project = settings.project
    account = names.SERVICE_ACCOUNT
    member = f"serviceAccount:{account}@{project}.iam.gserviceaccount.com"
    for role in EARLIER_PROJECT_ROLES:
        values = {"project": project, "role": role.format(project=project), "member": member}
        yield from _leftover(kinds.PROJECT_MEMBER, values)
    for kind, arguments in resources.values():
        if kind == kinds.BUCKET:
            values = {"bucket": arguments["name"], "role": EARLIER_BUCKET_ROLE, "member": member}
            yield from _leftover("google_storage_bucket_iam_member", values)


def _leftover(kind: str, values: Json) -> Iterator[str]:
    """The command that takes something away; none for what a person must look at first."""
    match kind:
        case "google_project_iam_member":
            where = ["projects", "remove-iam-policy-binding", values["project"]]
        case "google_storage_bucket_iam_member":
            bucket = values["bucket"].removeprefix("b/")
            where = ["storage", "buckets", "remove-iam-policy-binding", f"gs://{bucket}"]
        case "google_secret_manager_secret_version":
            _, project, _, secret, _, version = values["name"].split("/")
            place = [f"--secret={secret}", f"--project={project}"]
            yield shlex.join(["gcloud", "secrets", "versions", "disable", version, *place])
            return
        case _:
            return
    # Without it gcloud asks, where the policy has conditions on other grants.
    condition = ["--condition=None"] if kind == "google_project_iam_member" else []
    yield shlex.join(
        ["gcloud", *where, f"--member={values['member']}", f"--role={values['role']}", *condition]
    )
