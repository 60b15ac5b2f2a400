"""What is true of any type: what goes, moves, is forgotten, or has no rule."""

from collections.abc import Iterator

from pipeline_zen.guard.resource import Resource
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.plan import Action

NAME_CLASH = Rule(
    "name-clash",
    Severity.STOPS_HALF_WAY,
    "Let go of the old one by a `removed` block and under another name, or keep it.",
)

RENAMED = Rule(
    "renamed",
    Severity.STOPS_HALF_WAY,
    "Add a `moved` block, so that it stays what it is.",
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

FORGOTTEN = Rule(
    "forgotten",
    Severity.SAFE,
    "It stays at Google and goes on to cost; delete it by hand once it is not needed.",
    blocks=False,
)

HARMLESS = ("null_resource", "random_", "terraform_data", "time_")
"""How types begin that are nothing at Google."""


def forgotten(resource: Resource) -> Iterator[Finding]:
    """What is let go, be it to be made again."""
    if resource.change.action is Action.FORGET:
        yield resource.found(FORGOTTEN, "forgotten: it stays as it is at Google")
    elif resource.change.action is Action.LET_GO:
        what = "let go: its `deletion_policy` keeps it as it is at Google"
        yield resource.found(FORGOTTEN, what)
    else:
        what = "forgotten, then created under a name that the old one still has"
        yield resource.found(NAME_CLASH, what)


def renamed(resource: Resource) -> Iterator[Finding]:
    """What is deleted at one address, and made at another under the same name."""
    target = resource.plan.renamed.get(resource.change.address)
    if resource.change.action is Action.DELETE and target is not None:
        what = f"deleted, and created under the same name at `{target}`"
        yield resource.found(RENAMED, what, why="")


def without_rules(resource: Resource) -> Iterator[Finding]:
    """A resource of a type that nothing judges."""
    action = resource.change.action
    if resource.change.type.startswith(HARMLESS):
        return
    if action.destroys:
        done = "deleted" if action is Action.DELETE else "replaced"
        yield resource.found(DELETED, f"{done}, and this guard knows nothing of its type")
    else:
        done = "new" if action is Action.CREATE else "changed"
        yield resource.found(UNJUDGED, f"{done}, and this guard knows nothing of its type")
