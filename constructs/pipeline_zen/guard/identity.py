"""What becomes of identities and of who may do what: accounts, roles, grants, APIs."""

from collections.abc import Iterable, Iterator

from pipeline_zen.guard.findings import Finding
from pipeline_zen.guard.world import UNKNOWN, Case, quoted
from pipeline_zen.plan import Action

EVERYBODY = ("allUsers", "allAuthenticatedUsers")
BASIC_ROLES = ("roles/owner", "roles/editor", "roles/viewer")

_ON = {
    "google_storage_bucket_iam_member": ("bucket", "google_storage_bucket"),
    "google_pubsub_topic_iam_member": ("topic", "google_pubsub_topic"),
    "google_pubsub_subscription_iam_member": ("subscription", "google_pubsub_subscription"),
    "google_secret_manager_secret_iam_member": ("secret_id", "google_secret_manager_secret"),
    "google_service_account_iam_member": ("service_account_id", "google_service_account"),
}
"""What a grant is on: the attribute that names it, and its type."""


def account(case: Case) -> Iterator[Finding]:
    """A service account."""
    if case.change.action.destroys:
        done = "deleted" if case.change.action is Action.DELETE else "replaced"
        what = f"{done}: VMs that run as it lose every right at once"
        yield case.finding("account-deleted", what)
    elif case.change.action is Action.UPDATE and case.changes("disabled"):
        yield from _disabled(case)


def _disabled(case: Case) -> Iterator[Finding]:
    if case.new("disabled") is not False:
        yield case.finding("account-disabled", "disabled: VMs that run as it lose every right")


def account_key(case: Case) -> Iterator[Finding]:
    """A key of a service account."""
    if case.change.action in (Action.CREATE, Action.REPLACE, Action.REPLACE_AFTER):
        yield case.finding("account-key", "made: a key that works from anywhere")
    elif case.change.action is Action.DELETE:
        yield case.finding("grant-removed", "deleted: whoever uses the key is shut out")


def role(case: Case) -> Iterator[Finding]:
    """A custom role."""
    if case.change.action.destroys:
        what = "deleted: whoever has it loses what it allows"
        yield case.finding("role-deleted", what)
        return
    if case.change.action is not Action.UPDATE:
        return
    before = set(map(str, case.before.get("permissions") or ()))
    new = case.new("permissions")
    if new is UNKNOWN:
        yield case.finding("role-shrunk", "changed to permissions that are not known yet")
        return
    after = set(map(str, new or ()))
    if before - after:
        what = f"without {_listed(before - after)} from now on"
        yield case.finding("role-shrunk", what)
    if after - before:
        yield case.finding("role-widened", f"allows {_listed(after - before)} as well")


def grant(case: Case) -> Iterator[Finding]:
    """A role given to one member: `_iam_member`."""
    action = case.change.action
    if action.destroys and not _goes_with_its_resource(case):
        what = f"removed: {_said(case.before)}"
        yield case.finding("grant-removed", what)
    if action in (Action.CREATE, Action.REPLACE, Action.REPLACE_AFTER, Action.UPDATE):
        yield from _given(case, [case.after.get("member")])


def binding(case: Case) -> Iterator[Finding]:
    """All who have a role, or all roles: `_iam_binding` and `_iam_policy`."""
    before, after = (set(map(str, values.get("members") or ())) for values in
                     (case.before, case.after))  # fmt: skip
    if case.change.action.destroys:
        yield case.finding("grant-removed", f"removed: {_said(case.before)}")
    elif case.change.action is Action.CREATE:
        what = "set as a whole: whoever has it and is not named loses it"
        yield case.finding("grant-authoritative", what)
    elif case.change.action is Action.UPDATE:
        lost = f": {_listed(before - after)}" if before - after else ""
        if lost or not before:
            what = f"changed as a whole: members are removed{lost}"
            yield case.finding("grant-authoritative", what)
    if not case.change.action.destroys or case.change.action.replaces:
        yield from _given(case, sorted(after - before))


def api(case: Case) -> Iterator[Finding]:
    """An API of the project."""
    if case.change.action.destroys and case.before.get("disable_on_destroy") is not False:
        what = (
            f"switched off: {quoted(case.before.get('service', 'an API'))}, and all that needs it"
        )
        yield case.finding("api-disabled", what)


def _given(case: Case, members: Iterable[object]) -> Iterator[Finding]:
    role_ = case.new("role")
    for member in members:
        shown = member if isinstance(member, str) else "somebody who is not known yet"
        if member in EVERYBODY:
            yield case.finding(
                "public-access", f"given to {quoted(member)}: {_role(role_)}", why=""
            )
        elif role_ in BASIC_ROLES[:2]:
            yield case.finding("basic-role", f"given to {quoted(shown)}: {_role(role_)}", why="")
        else:
            yield case.finding("grant-added", f"new: {_role(role_)} for {quoted(shown)}", why="")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(map(quoted, sorted(words)))


def _role(role_: object) -> str:
    return quoted(role_) if isinstance(role_, str) else "a role that is not known yet"


def _said(values: dict[str, object]) -> str:
    return f"{_role(values.get('role'))} from {quoted(values.get('member', 'all its members'))}"


def _goes_with_its_resource(case: Case) -> bool:
    """Whether what the grant is on is deleted, and not made again, in the same plan."""
    key, kind = _ON.get(case.change.type, ("", ""))
    name = str(case.before.get(key, "")).rpartition("/")[2].removeprefix("b/")
    return (kind, name) in case.world.destroyed
