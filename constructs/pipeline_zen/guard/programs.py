"""What runs on the machine that applies, and what of the state is the only copy."""

from collections.abc import Iterator

from pipeline_zen.guard.general import UNJUDGED
from pipeline_zen.guard.index import PlanIndex
from pipeline_zen.guard.resource import Resource, listed
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.plan import Action, Change

RUNS_PROGRAM = Rule(
    "runs-program",
    Severity.NOT_JUDGED,
    "Leave programs out of the configuration: nobody can see from a plan what one does, with all "
    "the rights of whoever applies.",
)

PROVIDER_FOREIGN = Rule(
    "provider-foreign",
    Severity.UNTRUSTED,
    "Use the provider of the stack: another one is another program, with the same credentials.",
    allowable=False,
)

ONLY_COPY_LOST = Rule(
    "only-copy-lost",
    Severity.LOSES_DATA,
    "See that nothing is opened by it any more: the only copy of it is in the state.",
)

_GOOGLE = ("hashicorp/google", "hashicorp/google-beta")
_BUILT_IN = (
    *_GOOGLE,
    "hashicorp/null",
    "hashicorp/random",
    "hashicorp/time",
    "builtin/terraform",
)
_REGISTRIES = ("registry.opentofu.org", "registry.terraform.io", "terraform.io")

_PROGRAMS = ("external", "local_command", "shell_script")
"""Types that are programs themselves, also where they are only read."""

_SECRET_DATA = (
    *("_access_token", "_client_config", "_id_token", "_jwt", "_key", "_kms_secret"),
    *("_secret_version", "_secret_version_access", "_secret_versions", "_signed_url"),
)
"""How data sources end that put a secret into the state."""


def run(resource: Resource) -> Iterator[Finding]:
    """The programs of a resource that is made, or goes."""
    change = resource.change
    if change.programs and (resource.made or change.action.destroys):
        what = f"runs on the machine that applies: {'; '.join(change.programs)}"
        yield resource.found(RUNS_PROGRAM, what, why="")


def read(index: PlanIndex) -> Iterator[Finding]:
    """Data sources that are read by the apply and are programs, or fetch a secret."""
    for change in index.plan.changes:
        if change.managed or change.action is not Action.READ:
            continue
        if change.type in _PROGRAMS:
            what = "is a program, and runs on the machine that applies"
            yield index.resource(change).found(RUNS_PROGRAM, what, why="")
        elif change.type.endswith(_SECRET_DATA) or not change.type.startswith("google_"):
            what = "read by the apply, and this guard knows nothing of what it reads"
            yield index.resource(change).found(UNJUDGED, what, why="")


def providers(index: PlanIndex) -> Iterator[Finding]:
    """Providers that are not those of the stack."""
    first: dict[str, Change] = {}
    for change in index.plan.changes:
        first.setdefault(change.provider, change)
    for provider, change in sorted(first.items()):
        registry, _, name = provider.partition("/")
        ours = not provider or (registry in _REGISTRIES and name in _BUILT_IN)
        if ours or (not change.type.startswith("google_") and _is_told(change)):
            continue
        what = f"`{change.address}` is made by {listed([provider])}, not by the stack's provider"
        yield PROVIDER_FOREIGN.of_plan(what)


def _is_told(change: Change) -> bool:
    """Whether it is said anyway that nothing is known of its type."""
    return not change.type.startswith(("null_resource", "random_", "terraform_data", "time_"))


def nothing_at_google(resource: Resource) -> Iterator[Finding]:
    """What is nothing at Google: texts made up by chance, times, and what carries programs."""
    action, type_ = resource.change.action, resource.change.type
    if type_.startswith("random_") and action.destroys:
        yield resource.found(ONLY_COPY_LOST, "made up anew, or forgotten for good")
    elif type_ in ("null_resource", "terraform_data") and action is Action.DELETE:
        what = "deleted; a `removed` block may run a program then, which no plan shows"
        yield resource.found(UNJUDGED, what)
