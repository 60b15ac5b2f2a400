"""IAM policies, the same for everything that has one: etags, conditions, who exists."""

import base64
import hashlib
import json
import re
from collections.abc import Collection

from fake_google.errors import ApiError, invalid
from fake_google.service import Call
from fake_google.services.iam import conditions, known
from fake_google.services.iam.service import ACCOUNTS, ROLES
from fake_google.store import DELETED, POLICIES, Store
from fake_google.wire import Json

AUDIT = "auditConfigs"

CONDITIONS = 3
"""The version of a policy that may hold conditions."""

_MEMBER = re.compile(
    r"(allUsers|allAuthenticatedUsers"
    r"|(user|group|serviceAccount|domain|deleted|projectOwner|projectEditor|projectViewer):.+"
    r"|principal(Set)?://.+)"
)
_ACCOUNT = re.compile(
    r"serviceAccount:(?P<email>[^@]+@(?P<project>[^.]+)\.iam\.gserviceaccount\.com)"
)
_AGENT = re.compile(r"(service-|p)?\d+@|[^@]+@(gcp-sa-|gs-project-accounts|system\.|cloud)")
_CUSTOM_ROLE = re.compile(r"projects/[^/]+/roles/[^/]+")


def get(store: Store, on: str, version: int) -> Json:
    """
    The policy on *on*, as someone sees it who asked for *version*.

    Whoever asks for less than version 3 gets conditional bindings under a role's other name, as
    Google gives them, so that they cannot be written back as unconditional ones.
    """
    policy = store.get(POLICIES, on) or {"bindings": [], "serial": 0}
    bindings: list[Json] = policy["bindings"]
    conditional = any("condition" in binding for binding in bindings)
    if conditional and version < CONDITIONS:
        bindings = [_without_condition(binding) for binding in bindings]
    answer: Json = {
        "version": CONDITIONS if conditional and version >= CONDITIONS else 1,
        "etag": _etag(policy["serial"]),
    }
    if bindings:
        answer["bindings"] = bindings
    if policy.get("auditConfigs"):
        answer["auditConfigs"] = policy["auditConfigs"]
    return answer


def change(call: Call, on: str) -> Json:
    """Carry out a `setIamPolicy` on *on*, of what its mask names."""
    text = call.body.get("updateMask") or "bindings,etag"
    mask = {AUDIT if field == "audit_configs" else field for field in text.split(",")}
    unknown = mask - {"bindings", "etag", "version", AUDIT}
    if unknown:
        raise invalid(f"Invalid update mask: {', '.join(sorted(unknown))}")
    return put(call.store, on, call.body.get("policy") or {}, mask=mask)


def put(
    store: Store,
    on: str,
    policy: Json,
    stale: int = 409,
    mask: Collection[str] = ("bindings",),
) -> Json:
    """
    Replace of the policy on *on* what *mask* names, if it is still as *policy* has it.

    *stale* is the status for an etag that is not the newest. Raises ApiError for that, for
    conditions without version 3, and for a member or a role that does not exist.
    """
    before = store.get(POLICIES, on) or {"bindings": [], "serial": 0}
    etag = policy.get("etag")
    if etag and etag != _etag(before["serial"]):
        raise ApiError(
            stale,
            "There were concurrent policy changes. Please retry the whole read-modify-write "
            "with exponential backoff.",
            word="ABORTED",
        )
    bindings = policy.get("bindings") or [] if "bindings" in mask else before["bindings"]
    audits = policy.get(AUDIT) or [] if AUDIT in mask else before.get(AUDIT, [])
    conditional = any(binding.get("condition") for binding in [*bindings, *before["bindings"]])
    if "bindings" in mask and conditional and policy.get("version", 0) < CONDITIONS:
        raise invalid("A policy with conditions must be written as version 3.")
    for binding in bindings:
        _check(store, binding)
    kept = {"bindings": _joined(bindings), "serial": store.serial()}
    store.put(POLICIES, on, {**kept, **({AUDIT: _audits(audits)} if audits else {})})
    return get(store, on, policy.get("version", 1))


def forget_account(store: Store, email: str, unique_id: str) -> None:
    """Mark a deleted service account wherever it is granted something, as Google does."""
    _rename(store, f"serviceAccount:{email}", f"deleted:serviceAccount:{email}?uid={unique_id}")


def remember_account(store: Store, email: str, unique_id: str) -> None:
    """Give a service account that is back what it was granted."""
    _rename(store, f"deleted:serviceAccount:{email}?uid={unique_id}", f"serviceAccount:{email}")


def _rename(store: Store, old: str, new: str) -> None:
    for on, policy in store.all(POLICIES):
        if _renamed(policy, old, new):
            store.put(POLICIES, on, {**policy, "serial": store.serial()})
    for key, kept in store.all(DELETED):
        if kept["policy"] and _renamed(kept["policy"], old, new):
            store.put(DELETED, key, kept)


def _renamed(policy: Json, old: str, new: str) -> bool:
    """Whether the member is in the policy, in which it is *new* from now on."""
    bindings = [binding for binding in policy["bindings"] if old in binding["members"]]
    for binding in bindings:
        binding["members"] = [new if member == old else member for member in binding["members"]]
    return bool(bindings)


def _check(store: Store, binding: Json) -> None:
    role = binding.get("role", "")
    if _CUSTOM_ROLE.fullmatch(role):
        found = store.get(ROLES, role)
        if found is None or found.get("deleted"):
            raise invalid(f"Role ({role}) does not exist in the resource's hierarchy.")
    elif not role.startswith(("roles/", "organizations/")):
        raise invalid(f"Role {role} is not valid.")
    elif role.startswith("roles/"):
        _check_predefined(store, role)
    _check_condition(store, binding.get("condition") or {})
    for member in binding.get("members", []):
        if not _MEMBER.fullmatch(member):
            raise invalid(f"Invalid argument: the member {member} has no known prefix.")
        account = _ACCOUNT.fullmatch(member)
        # Google's own agents, `service-123@gcp-sa-…`, are not in the store.
        if account and not _AGENT.match(account["email"]):
            name = f"projects/{account['project']}/serviceAccounts/{account['email']}"
            if store.get(ACCOUNTS, name) is None:
                raise invalid(f"Service account {account['email']} does not exist.")


def _check_predefined(store: Store, role: str) -> None:
    exists = known.is_role(role)
    if exists is None:
        store.notes[f"Whether there is a role {role} is not known here."] = None
    elif not exists:
        raise invalid(f"Role {role} is not supported for this resource.")


def _check_condition(store: Store, condition: Json) -> None:
    if not condition:
        return
    for field in ("title", "expression"):
        if not condition.get(field):
            raise invalid(f"A condition has a {field}.")
    if not conditions.supported(condition["expression"]):
        text = f"Whether a condition holds is not known here: {condition['expression']}"
        store.notes[text] = None


def _joined(bindings: list[Json]) -> list[Json]:
    """One binding for each role and condition, each member once, in a fixed order."""
    joined: dict[tuple[str, str], Json] = {}
    for binding in bindings:
        condition = {key: value for key, value in (binding.get("condition") or {}).items() if value}
        key = (binding["role"], json.dumps(condition, sort_keys=True))
        entry = joined.setdefault(key, {"role": binding["role"], "members": []})
        entry["members"] = sorted({*entry["members"], *binding.get("members", [])})
        if condition:
            entry["condition"] = condition
    return [entry for _, entry in sorted(joined.items()) if entry["members"]]


def _audits(configs: list[Json]) -> list[Json]:
    """One entry for each service. Raises ApiError for one that says nothing."""
    for config in configs:
        if not config.get("service") or not config.get("auditLogConfigs"):
            raise invalid("An audit config names a service, and what is logged of it.")
    return [entry for _, entry in sorted({each["service"]: each for each in configs}.items())]


def _without_condition(binding: Json) -> Json:
    if "condition" not in binding:
        return binding
    digest = hashlib.sha256(json.dumps(binding["condition"], sort_keys=True).encode()).hexdigest()
    return {"role": f"{binding['role']}_withcond_{digest[:20]}", "members": binding["members"]}


def _etag(serial: int) -> str:
    return base64.b64encode(serial.to_bytes(8, "big")).decode()
