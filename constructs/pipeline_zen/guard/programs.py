"""What runs on the machine that applies, and what of the state is the only copy."""

from collections.abc import Collection, Iterator

from pipeline_zen.guard.general import UNJUDGED
from pipeline_zen.guard.harmless import may_be_secret
from pipeline_zen.guard.index import PlanIndex
from pipeline_zen.guard.leaf import Leaf
from pipeline_zen.guard.resource import Resource, listed, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.plan import UNKNOWN, Action

REMOVAL_UNSEEN = Rule(
    "removal-unseen",
    Severity.NOT_JUDGED,
    "See that no `removed` block has a `provisioner`: it would run a program, and no plan tells.",
    blocks=False,
)

RUNS_PROGRAM = Rule(
    "runs-program",
    Severity.NOT_JUDGED,
    "Leave programs out of the configuration: nobody can see from a plan what one does, with all "
    "the rights of whoever applies.",
)

ONLY_COPY_LOST = Rule(
    "only-copy-lost",
    Severity.LOSES_DATA,
    "See that nothing is opened by it any more: the only copy of it is in the state.",
)


def run(resource: Resource) -> Iterator[Finding]:
    """The programs of a resource that is made, or goes."""
    change = resource.change
    if change.programs and (resource.made or change.action.destroys):
        what = f"runs on the machine that applies: {'; '.join(change.programs)}"
        yield resource.found(RUNS_PROGRAM, what, why="")


def waiting(index: PlanIndex) -> Iterator[Finding]:
    """Programs that do not run by this plan, but would as soon as the resource is made anew."""
    for change in index.managed:
        if change.programs and not (change.action.destroys or change.action is Action.CREATE):
            what = f"has what runs once it is made anew, or goes: {'; '.join(change.programs)}"
            yield index.resource(change).found(UNJUDGED, what, why="")


def unseen(index: PlanIndex, told: Collection[str]) -> Iterator[Finding]:
    """
    What may run as things go that the configuration no longer has.

    A `removed` block can have a program for that, and no plan tells of such blocks. *told* are the
    addresses of which there is something to look at anyway.
    """
    gone = [
        change.address
        for change in index.managed
        if change.is_dropped
        and change.action in (Action.DELETE, Action.LET_GO)
        and change.address not in told
    ]
    if gone:
        named = ", ".join(map(quoted, gone[:3])) + (" …" if gone[3:] else "")
        what = f"{len(gone)} that the configuration no longer has are destroyed: {named}"
        yield REMOVAL_UNSEEN.of_plan(what)


def nothing_at_google(resource: Resource) -> Iterator[Finding]:
    """What is nothing at Google: texts made up by chance, times, and what carries programs."""
    action, type_ = resource.change.action, resource.change.type
    if type_.startswith("random_") and action.destroys:
        yield resource.found(ONLY_COPY_LOST, "made up anew, or forgotten for good")
    elif type_ in ("null_resource", "terraform_data") and action is Action.DELETE:
        what = "deleted; a `removed` block may run a program then, which no plan shows"
        yield resource.found(UNJUDGED, what)
    held = {leaf.key for leaf in resource.leaves if _is_delicate(leaf)}
    if held:
        what = f"keeps {listed(held)} in the state, where whoever reads that finds it"
        yield resource.found(UNJUDGED, what, why="")


def _is_delicate(leaf: Leaf) -> bool:
    """Whether what is kept is marked, looks like a secret, or is taken from who knows where."""
    if leaf.written is None and leaf.unknown:
        # What the provider makes up, be it a password, is what such a thing is for.
        return False
    if leaf.unknown:
        return not leaf.references
    return leaf.new is UNKNOWN or may_be_secret(leaf)
