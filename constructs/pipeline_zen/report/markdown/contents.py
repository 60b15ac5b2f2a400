"""Resources in full: what those that go held, and what those are made of that are created."""

from collections.abc import Callable, Iterator, Sequence

from pipeline_zen.plan import Action, AttributeChange, Change, FoldedChange
from pipeline_zen.report.markdown.page import Page
from pipeline_zen.report.markdown.words import code

_Value = tuple[AttributeChange, str]
"""An attribute, and its value on the side that there is."""

_END = "\n</details>\n"


def add_gone(page: Page, changes: Sequence[FoldedChange]) -> None:
    """What goes, with all that it held, as far as there is room."""
    gone = [change for change in _all(changes) if change.goes]
    _add(page, "What goes, in full", gone, _held)


def add_created(page: Page, changes: Sequence[FoldedChange]) -> None:
    """What new resources are made of, as far as there is room."""
    created = [change for change in _all(changes) if change.action is Action.CREATE]
    _add(page, "What is created, in full", created, _made)


def _held(change: Change) -> Iterator[_Value]:
    return ((attribute, attribute.before) for attribute in change.held)


def _made(change: Change) -> Iterator[_Value]:
    return ((one, one.after) for one in change.told)


def _all(changes: Sequence[FoldedChange]) -> list[Change]:
    return [variant.change for folded in changes for variant in folded.variants]


def _add(
    page: Page, title: str, changes: Sequence[Change], values: Callable[[Change], Iterator[_Value]]
) -> None:
    if not changes:
        return
    reserve = len(_END) + 100
    page.left -= reserve
    if not page.add(f"\n<details><summary>{title}</summary>\n"):
        page.whole = False
        return
    for number, change in enumerate(changes):
        text = "".join(_value(page, attribute, value) for attribute, value in values(change))
        if not page.add(f"\n{code(change.address)}\n\n{text}"):
            page.left += 100
            page.add(f"\n{number:,} of {len(changes):,} shown.\n")
            page.whole = False
            break
    page.left += len(_END)
    page.add(_END)


def _value(page: Page, attribute: AttributeChange, value: str) -> str:
    if attribute.text:
        return f"- {code(attribute.path)}:\n\n{page.diff(attribute.text, 0)}\n"
    return f"- {code(attribute.path)} = {page.value(value)}\n"
