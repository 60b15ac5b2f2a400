"""What becomes of identities: service accounts, custom roles, APIs."""

import re
from collections.abc import Iterator

from pipeline_zen.guard.checks import harmless, judges
from pipeline_zen.guard.grants import GRANT_REMOVED, POWERFUL_ROLE
from pipeline_zen.guard.harmless import known, only
from pipeline_zen.guard.leaf import Leaf
from pipeline_zen.guard.powers import powerful_among
from pipeline_zen.guard.resource import Resource, listed, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.kinds import ACCOUNT, ROLE
from pipeline_zen.plan import UNKNOWN, Action, Unknown

ROLES = (ROLE, "google_organization_iam_custom_role")

_API = re.compile(r"[a-z][a-z0-9-]*\.googleapis\.com")


def _of_google(leaf: Leaf) -> bool:
    """A service of Google's own, and none that somebody offers or sells by way of it."""
    return isinstance(leaf.new, str) and bool(_API.fullmatch(leaf.new))


harmless(
    ACCOUNT,
    tests={
        "create_ignore_already_exists disabled": only(None, False),
        # They follow from what it is called.
        "email member": known,
    },
    new={"account_id": known},
    computed="email member",
)
harmless(
    *ROLES,
    tests={"stage": only(None, "ALPHA", "BETA", "GA")},
    new={"org_id permissions role_id": known},
    computed="deleted",
)
harmless(
    "google_project_service",
    may_go=True,
    tests={
        "disable_dependent_services": only(None, False),
        "disable_on_destroy": only(False),
    },
    new={"service": _of_google},
)

harmless("google_project_default_service_accounts", tests={}, may_go=True)

ACCOUNT_DELETED = Rule(
    "account-deleted",
    Severity.BREAKS_IDENTITY,
    "Keep it: a new account of the same name has none of its grants, and templates name the "
    "old one.",
)


@judges(ACCOUNT)
def _gone(account: Resource) -> Iterator[Finding]:
    if account.change.action.destroys:
        done = "deleted" if account.change.action is Action.DELETE else "replaced"
        what = f"{done}: VMs that run as it lose every right at once"
        yield account.found(ACCOUNT_DELETED, what)


ACCOUNT_DISABLED = Rule(
    "account-disabled",
    Severity.BREAKS_IDENTITY,
    "Leave it enabled while VMs run as it.",
)


@judges(ACCOUNT, attributes="disabled")
def _disabled(account: Resource) -> Iterator[Finding]:
    stays = not account.change.action.destroys
    changed = stays and account.changes("disabled")
    if changed and account.after.flag("disabled") not in (False, None):
        what = "disabled: VMs that run as it lose every right"
        yield account.found(ACCOUNT_DISABLED, what)


ACCOUNT_ENABLED = Rule(
    "account-enabled",
    Severity.WIDENS_ACCESS,
    "See why it was disabled: whoever has a key of it has all its rights again.",
    blocks=False,
)


@judges(ACCOUNT, attributes="disabled")
def _enabled(account: Resource) -> Iterator[Finding]:
    was_on = account.before.flag("disabled") in (False, None)
    changed = account.updated and account.changes("disabled") and not was_on
    if changed and account.after.flag("disabled") in (False, None):
        what = "enabled again: whoever acts as it has all that it was granted"
        yield account.found(ACCOUNT_ENABLED, what, of=("disabled",))


@judges("google_project_default_service_accounts", attributes="*")
def _default_accounts(accounts: Resource) -> Iterator[Finding]:
    """What becomes of Google's own accounts in the project."""
    if accounts.judged_as_it_is:
        done = quoted(accounts.after.get("action"))
        what = f"made to {done} the project's default accounts"
        yield accounts.found(ACCOUNT_DISABLED, what)
    if accounts.change.action.destroys and accounts.before.text("restore_policy") != "NONE":
        what = "deleted: the project's default accounts are given back what was taken from them"
        yield accounts.found(POWERFUL_ROLE, what)


ACCOUNT_KEY = Rule(
    "account-key",
    Severity.WIDENS_ACCESS,
    "Use Workload Identity or impersonation: a key never expires, and leaks.",
)


@judges("google_service_account_key", attributes="*")
def _key(key: Resource) -> Iterator[Finding]:
    if key.change.action.destroys:
        yield key.found(GRANT_REMOVED, "deleted: whoever uses the key is shut out")
    if key.made:
        yield key.found(ACCOUNT_KEY, "made: a key that works from anywhere")


ROLE_DELETED = Rule(
    "role-deleted",
    Severity.BREAKS_IDENTITY,
    "Remove its grants first, and wait for jobs to end.",
)


@judges(*ROLES)
def _role_gone(role: Resource) -> Iterator[Finding]:
    if role.change.action.destroys:
        yield role.found(ROLE_DELETED, "deleted: whoever has it loses what it allows")


@judges(*ROLES, attributes="permissions")
def _role_new(role: Resource) -> Iterator[Finding]:
    if role.made:
        yield from _powers(role, role.after.texts("permissions"))


ROLE_SHRUNK = Rule(
    "role-shrunk",
    Severity.BREAKS_IDENTITY,
    "See that no running job needs what is taken away, and allow it.",
)

ROLE_WIDENED = Rule(
    "role-widened",
    Severity.WIDENS_ACCESS,
    "See that each permission is needed.",
    blocks=False,
)


@judges(*ROLES, attributes="stage")
def _role_off(role: Resource) -> Iterator[Finding]:
    switched = role.updated and role.changes("stage")
    if switched and role.after.text("stage") in ("DISABLED", UNKNOWN):
        what = "switched off (`stage`): whoever has it loses what it allows"
        yield role.found(ROLE_SHRUNK, what)


@judges(*ROLES, attributes="stage")
def _role_on(role: Resource) -> Iterator[Finding]:
    switched = role.updated and role.changes("stage")
    old, new = (values.text("stage") for values in (role.before, role.after))
    if switched and old in ("DISABLED", UNKNOWN) and new != "DISABLED":
        what = "switched on again (`stage`): whoever has it has all that it allows"
        yield role.found(ROLE_WIDENED, what, of=("stage",))
        yield from _powers(role, role.after.texts("permissions"))


@judges(*ROLES, attributes="permissions")
def _role_changed(role: Resource) -> Iterator[Finding]:
    if not (role.updated and role.changes("permissions")):
        return
    before, after = (values.texts("permissions") for values in (role.before, role.after))
    if before is UNKNOWN or after is UNKNOWN:
        yield role.found(ROLE_SHRUNK, "changed to permissions that are not known yet")
        return
    if before - after:
        yield role.found(ROLE_SHRUNK, f"without {listed(before - after)} from now on")
    if after - before:
        yield role.found(ROLE_WIDENED, f"allows {listed(after - before)} as well")
        yield from _powers(role, after - before)


def _powers(role: Resource, permissions: frozenset[str] | Unknown) -> Iterator[Finding]:
    if permissions is UNKNOWN:
        yield role.found(POWERFUL_ROLE, "allows what is not known yet", why="")
        return
    powerful = powerful_among(permissions)
    if powerful:
        yield role.found(POWERFUL_ROLE, f"allows {listed(powerful)}", why="")


API_DISABLED = Rule(
    "api-disabled",
    Severity.BREAKS_IDENTITY,
    "Set `disable_on_destroy` to false: others in the project may use the API.",
)


API_UNGUARDED = Rule(
    "api-unguarded",
    Severity.BREAKS_IDENTITY,
    "Set `disable_on_destroy` to false: with the line that goes the API would go, too.",
)


@judges("google_project_service", attributes="disable_on_destroy disable_dependent_services")
def _api_unguarded(api: Resource) -> Iterator[Finding]:
    keys = ("disable_on_destroy", "disable_dependent_services")
    guarded = api.after.flag(keys[0]) is False and api.after.flag(keys[1]) in (None, False)
    if not guarded and (api.made or api.changes(*keys)):
        what = "set to be switched off once it is no longer in the configuration"
        yield api.found(API_UNGUARDED, what, why="", of=keys)


@judges("google_project_service")
def _api(api: Resource) -> Iterator[Finding]:
    if api.change.action.destroys and api.before.flag("disable_on_destroy") is not False:
        name = api.before.get("service")
        what = f"switched off: {quoted(name) if name else 'an API'}, and all that needs it"
        yield api.found(API_DISABLED, what)
