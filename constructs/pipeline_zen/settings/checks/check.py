"""
What a check is, and the registry that each one enters where it is written.

A check is a function whose parameters are the settings it needs, by name; it yields the defects.
It runs when these settings are sound, whatever is wrong elsewhere, so that one run shows all.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from pipeline_zen.settings.problems import Defect

Finder: TypeAlias = Callable[..., Iterator[Defect]]
"""A function that yields defects; its parameters are the settings that it needs, by name."""

CHECKS: list[Finder] = []


def check(finder: Finder) -> Finder:
    """Register a function as a check."""
    CHECKS.append(finder)
    return finder


def run(settings: Mapping[str, Any]) -> Iterator[Defect]:
    """The defects that the checks find of which all settings are among *settings*."""
    for finder in CHECKS:
        yield from found(finder, settings)


def found(finder: Finder, settings: Mapping[str, Any]) -> Iterator[Defect]:
    """The defects that *finder* finds; none where one of its settings is not among *settings*."""
    needs = inspect.signature(finder).parameters
    if all(name in settings for name in needs):
        yield from finder(**{name: settings[name] for name in needs})
