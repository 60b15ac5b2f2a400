"""What is true of any type: what goes, moves, is forgotten, or has no rule."""

from collections.abc import Collection, Iterator, Sequence

from pipeline_zen import kinds
from pipeline_zen.guard.harmless import looks_secret
from pipeline_zen.guard.resource import Resource, cloud_name, listed, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.kinds import TEMPLATES, VERSION
from pipeline_zen.plan import Action, root

NAME_CLASH = Rule(
    "name-clash",
    Severity.STOPS_HALF_WAY,
    "Google has no two of one name: add a `moved` or an `import` block, so that it stays what it "
    "is, or give the new one another name.",
    allowable=False,
)

_LEFT_AS_IT_IS = (
    "Leave what forces the replacement as it is, or give the new one another name: Google has no "
    "two of one."
)

PROTECTED_REPLACED = Rule(
    "protected-replaced",
    Severity.STOPS_HALF_WAY,
    "Leave what forces the replacement as it is. To have another one on purpose, make it under "
    "another name and address first; once nothing needs the old one, take its line out: it is "
    "let go, and stays at Google.",
    allowable=False,
)

DELETION_PREVENTED = Rule(
    "deletion-prevented",
    Severity.STOPS_HALF_WAY,
    "Keep it, or change its `deletion_policy` or `deletion_protection` in an apply of its own, "
    "before its line goes.",
    allowable=False,
)

PROTECTION_LOWERED = Rule(
    "protection-lowered",
    Severity.LOSES_DATA,
    "Leave its `deletion_policy` as it is: with the next change its line could take it along.",
)

RENAMED = Rule(
    "renamed",
    Severity.STOPS_HALF_WAY,
    "Add a `moved` block, so that it stays what it is.",
    allowable=False,
)

DELETED = Rule(
    "deleted",
    Severity.LOSES_DATA,
    "There is no rule for this type, so look yourself what is lost; then allow it.",
)

UNJUDGED = Rule(
    "unjudged",
    Severity.NOT_JUDGED,
    "There is no rule for that, so look yourself what it does.",
    blocks=False,
)

_KEEPS = ("ABANDON", "PREVENT")
"""The deletion policies with which Google keeps what OpenTofu destroys."""

FORGOTTEN = Rule(
    "forgotten",
    Severity.SAFE,
    "It stays at Google and goes on to cost; delete it by hand once it is not needed.",
    blocks=False,
)

VERSIONS = (VERSION, "google_secret_manager_regional_secret_version")
"""Versions of secrets, whose `deletion_policy` is of another kind."""

_MOST = 8
"""Attributes that are named; there are types with a hundred."""

NOTHING_AT_GOOGLE = ("null_resource", "random_", "terraform_data", "time_")
"""How types begin that are nothing at Google."""


def kept(resource: Resource) -> Finding | None:
    """What is let go, or protected from what is planned; None where it is neither."""
    action = resource.change.action
    if action is Action.FORGET:
        return resource.found(FORGOTTEN, "forgotten: it stays as it is at Google")
    if action is Action.LET_GO:
        what = "let go, kept at Google: its `deletion_policy` leaves it as it is"
        return resource.found(FORGOTTEN, what)
    policy = resource.before.get("deletion_policy")
    # A version of a secret is disabled, or kept, and replaced by the next one.
    protected = policy in _KEEPS and resource.change.type not in VERSIONS
    if action is Action.FORGET_CREATE or (action.replaces and protected):
        what = "replaced, though it is protected: Google keeps the old one, and has no two"
        return resource.found(PROTECTED_REPLACED, what)
    if action is Action.DELETE and policy == "PREVENT":
        what = "deleted, which its `deletion_policy` prevents: the apply fails"
        return resource.found(DELETION_PREVENTED, what)
    return None


def clashes(resource: Resource) -> Iterator[Finding]:
    """What is made under a name that something has which stays."""
    other = resource.plan.clashes.get(resource.change.address)
    if other is not None:
        what = f"made under a name that `{other}` has, which stays at Google"
        yield resource.found(NAME_CLASH, what, why="")
    if resource.change.action is Action.REPLACE_AFTER and resource.change.type not in TEMPLATES:
        name = kinds.of(resource.change.type).name and cloud_name(resource.before)
        if name and name == cloud_name(resource.after):
            what = "to be made again under the name that the old one still has"
            yield resource.found(NAME_CLASH, what, todo=_LEFT_AS_IT_IS)


def imported(resource: Resource) -> Iterator[Finding]:
    """What comes into the state with something that is taken over, though nothing becomes of it."""
    before, keys = resource.before, resource.before.keys()
    # A version of a secret has a rule of its own for that.
    if not resource.change.import_id or resource.change.type in VERSIONS:
        return
    held = {key for key in keys if looks_secret(key, before.get(key))}
    if held:
        what = f"imported with what looks like a secret in {listed(held)}: the state has it then"
        yield resource.found(UNJUDGED, what, why="", of=held)


def unprotected(resource: Resource) -> Iterator[Finding]:
    """A protection that is taken back."""
    old, new = (one.get("deletion_policy") for one in (resource.before, resource.after))
    own = resource.change.type in VERSIONS
    if resource.updated and not own and old in _KEEPS and new not in _KEEPS:
        policy = "not set" if new is None else quoted(new)
        what = f"no longer protected: its `deletion_policy` is {policy} from now on"
        yield resource.found(PROTECTION_LOWERED, what, of=("deletion_policy",))


def renamed(resource: Resource) -> Iterator[Finding]:
    """What is deleted at one address, and made at another under the same name."""
    target = resource.plan.renamed.get(resource.change.address)
    if resource.change.action is Action.DELETE and target is not None:
        what = f"deleted, and created under the same name at `{target}`"
        yield resource.found(RENAMED, what, why="")


def unjudged(resource: Resource, keys: Collection[str], sources: Sequence[str] = ()) -> Finding:
    """
    What is made or changed beside what is known to do no harm.

    *sources* are what blocks may be generated from that the provider may as well fill in.
    """
    done = "new, with" if resource.change.action is Action.CREATE else "changed in"
    later = ", for VMs that are yet to start" if resource.change.type in TEMPLATES else ""
    shown = sorted(keys)[:_MOST]
    more = f" and {len(keys) - _MOST} more" if len(keys) > _MOST else ""
    what = f"{done} {listed(shown)}{more}{later}"
    if sources:
        named = listed(sources[:_MOST])
        what += f"; left to Google, or generated (`dynamic`) from {named}, which no plan tells"
    return resource.found(UNJUDGED, what, why="", of={root(key) for key in keys})


def without_rules(resource: Resource) -> Iterator[Finding]:
    """A resource of a type that nothing judges."""
    action = resource.change.action
    if action.destroys:
        done = "deleted" if action is Action.DELETE else "replaced"
        yield resource.found(DELETED, f"{done}, and this guard knows nothing of its type")
    else:
        done = "new" if action is Action.CREATE else "changed"
        yield resource.found(UNJUDGED, f"{done}, and this guard knows nothing of its type")
