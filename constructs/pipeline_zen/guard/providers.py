"""Providers that are not the stack's, and what is set up in them that the stack does not write."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline_zen.guard.general import NOTHING_AT_GOOGLE
from pipeline_zen.guard.index import PlanIndex
from pipeline_zen.guard.resource import listed
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.masking import masked_text
from pipeline_zen.plan import Change, Provider

PROVIDER_FOREIGN = Rule(
    "provider-foreign",
    Severity.UNTRUSTED,
    "Use the provider of the stack: another one is another program, with the same credentials.",
    allowable=False,
)

PROVIDER_DIVERTED = Rule(
    "provider-diverted",
    Severity.UNTRUSTED,
    "Leave that out of the provider's block: who applies, and to which Google, is what the plan "
    "was reviewed for.",
    allowable=False,
)

PROVIDER_UNJUDGED = Rule(
    "provider-unjudged",
    Severity.NOT_JUDGED,
    "The stack sets up one provider, with a project and labels: look yourself what the rest does.",
    blocks=False,
)

_GOOGLE = ("hashicorp/google", "hashicorp/google-beta")
_BUILT_IN = (
    *_GOOGLE,
    "hashicorp/null",
    "hashicorp/random",
    "hashicorp/time",
    "builtin/terraform",
)
_NOTHING = "/builtin/terraform"
"""What is at hand in any module, and acts on nothing but the state."""

_REGISTRIES = ("registry.opentofu.org", "registry.terraform.io", "terraform.io")

_DIVERTS = re.compile(
    r"access_token|billing_project|credentials|external_credentials|impersonate_\w+|scopes"
    r"|universe_domain|user_project_override|\w+_custom_endpoint"
)
"""What decides who acts, where, and who pays for it."""

_SHORTEST_TOKEN = 20
"""Google's access tokens are ten times as long."""

_PLACES = ("region", "zone")

_MANNERS = ("batching",)
"""How requests are sent, which changes nothing of what they do; a rehearsal sets them."""


def providers(index: PlanIndex) -> Iterator[Finding]:
    """Providers that are not those of the stack, or not set up as it does."""
    first: dict[str, Change] = {}
    for change in index.plan.changes:
        first.setdefault(change.provider, change)
    for source, change in sorted(first.items()):
        if source and not _is_known(source):
            # Types of its own pass for nobody else's.
            own = not change.type.startswith(("google_", *NOTHING_AT_GOOGLE))
            what = f"`{change.address}` is made by {listed([source])}, not by the stack's provider"
            yield (PROVIDER_UNJUDGED if own else PROVIDER_FOREIGN).of_plan(what)
    for provider in index.plan.providers:
        if provider.source and provider.source not in first and not _is_known(provider.source):
            what = f"{listed([provider.source])} is started, which is not the stack's provider"
            yield PROVIDER_FOREIGN.of_plan(what)
        yield from _set_up(provider, index.target.project)


def _is_known(source: str) -> bool:
    registry, _, name = source.partition("/")
    return registry in _REGISTRIES and name in _BUILT_IN


def _set_up(provider: Provider, project: str) -> Iterator[Finding]:
    """What is written in a provider's block, and is not what the stack writes."""
    arguments = provider.arguments
    elsewhere = _constant(arguments, "project") not in (None, project)
    diverts = {key for key in arguments if _DIVERTS.fullmatch(key) and not _is_none(arguments, key)}
    diverts |= {"project"} if elsewhere else set()
    rest = {key for key in arguments if key not in diverts and not _is_usual(arguments, key)}
    name = listed([provider.key])
    if diverts:
        what = f"the provider {name} is set up with {listed(diverts)}, and acts as somebody else, "
        yield PROVIDER_DIVERTED.of_plan(f"{what}elsewhere, or at the cost of another project")
    if rest:
        what = f"the provider {name} is set up with {listed(rest)}"
        yield PROVIDER_UNJUDGED.of_plan(what)
    if provider.is_another and not diverts and not provider.source.endswith(_NOTHING):
        what = f"{name} is another provider beside the stack's: see which resources it makes"
        yield PROVIDER_UNJUDGED.of_plan(what)


def _is_none(arguments: Mapping[str, Any], key: str) -> bool:
    """Whether it is a token by which nobody acts, as something is tried without an account."""
    token = _constant(arguments, key) if key == "access_token" else None
    return isinstance(token, str) and len(token) < _SHORTEST_TOKEN


def _is_usual(arguments: Mapping[str, Any], key: str) -> bool:
    """Whether the stack writes it, or only says where things are."""
    if key in _MANNERS:
        return True
    value = _constant(arguments, key)
    if key == "default_labels":
        texts = [*value, *value.values()] if isinstance(value, dict) else [None]
        return all(isinstance(text, str) and masked_text(text) == text for text in texts)
    return key in ("project", *_PLACES) and isinstance(value, str)


def _constant(arguments: Mapping[str, Any], key: str) -> Any:
    written = arguments.get(key)
    return written.get("constant_value") if isinstance(written, dict) else None
