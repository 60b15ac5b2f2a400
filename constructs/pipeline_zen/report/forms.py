"""Forms that a review is shown in: each is a function from a review to text."""

from collections.abc import Callable, Mapping

from pipeline_zen.report import json, markdown, sarif
from pipeline_zen.report.review import Review


def _terminal(review: Review) -> str:
    # The library for colours and tables takes longer to load than all other forms.
    from pipeline_zen.report.terminal import render

    return render(review)


FORMS: Mapping[str, Callable[[Review], str]] = {
    "terminal": _terminal,
    "markdown": markdown.render,
    "json": json.render,
    "sarif": sarif.render,
}
"""The forms by name: to read, to post, to process, to show beside the settings."""
