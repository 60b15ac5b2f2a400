"""A plan as a whole: what changes, what others have changed, and whether it is all of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec

from pipeline_zen.plan.actions import Action
from pipeline_zen.plan.changes import Change
from pipeline_zen.plan.checks import Check
from pipeline_zen.plan.document import RawOutput, RawPlan, decoded
from pipeline_zen.plan.hidden import hidden
from pipeline_zen.plan.values import obscured


@dataclass(frozen=True)
class Output:
    """An output that changes. Its values are for rules to look at, and are shown nowhere."""

    name: str
    action: Action
    _raw: RawOutput = field(repr=False, compare=False)

    @cached_property
    def values(self) -> tuple[Any, Any]:
        """The value before and after; None where there is none, or UNKNOWN."""
        raw = self._raw
        before = obscured(decoded(raw.before), decoded(raw.before_sensitive))
        after = obscured(decoded(raw.after), decoded(raw.after_sensitive))
        return before, obscured(after, decoded(raw.after_unknown))


@dataclass(frozen=True)
class Provider:
    """A provider as the configuration sets it up; its arguments are shown nowhere."""

    key: str
    source: str
    """Where it is from: `registry.opentofu.org/hashicorp/google`."""
    is_another: bool
    """Whether it is one beside the usual one: an alias, or one of a module."""
    arguments: Mapping[str, Any] = field(repr=False, compare=False)
    """What is written for each, as `constant_value` or `references`."""


@dataclass(frozen=True)
class Plan:
    """A plan, sorted by address."""

    tofu_version: str
    changes: tuple[Change, ...]
    """Changes of every resource, also those to which nothing happens."""
    drift: tuple[Change, ...]
    """What was changed outside of OpenTofu, but for empty values that came or went."""
    outputs: tuple[tuple[str, Action], ...]
    """The outputs that change, by name."""
    errored: bool
    """Whether planning failed half-way."""
    missing: tuple[str, ...]
    """Resources of the configuration that the plan leaves out, as with `-target`."""
    unclear: tuple[str, ...] = ()
    """Resources of the configuration that it leaves out, or that come to nothing."""
    refresh_only: bool = False
    """Whether it only brings the state up to date, as with `-refresh-only`."""
    output_changes: tuple[Output, ...] = ()

    providers: tuple[Provider, ...] = ()
    data: tuple[tuple[str, str], ...] = ()
    """What the configuration reads, be it by the plan or by the apply: addresses and types."""
    checks: tuple[Check, ...] = ()
    """The conditions that do not hold, or of which nobody knows yet."""
    unread: tuple[str, ...] = ()
    """Sentences on what the plan has, and is neither read nor judged."""
    _document: RawPlan = field(default_factory=RawPlan, repr=False, compare=False)

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """
        The resources that something is taken from, and no expression says for what.

        A block may be generated from them that passes for one that is left out.
        """
        return hidden(self._document)

    @cached_property
    def effective(self) -> tuple[Change, ...]:
        """The changes that something comes of."""
        return tuple(change for change in self.changes if change.is_change)

    @property
    def empty(self) -> bool:
        """Whether an apply would change nothing, neither at Google nor in the state."""
        refreshed = self.refresh_only and self.drift
        return not (self.effective or self.outputs or refreshed)

    @cached_property
    def digest(self) -> str:
        """
        SHA-256 of what the plan changes, in hexadecimal.

        The same for two plans that do the same, whenever they are made: neither drift nor what
        stays as it is counts, nor what a thing was that goes or is replaced. Values count whole,
        but for secrets: from a hash that everybody sees, a short one could be guessed.
        """
        outputs = [(name, kind.value) for name, kind in self.outputs]
        changes = b",".join(change.encoded for change in self.effective)
        return hashlib.sha256(b"[[%b],%b]" % (changes, msgspec.json.encode(outputs))).hexdigest()
