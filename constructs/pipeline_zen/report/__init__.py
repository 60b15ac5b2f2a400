"""
A plan and what the guard found in it, as one review in several forms.

    marker    the first line of a report, by which it is found again
    origins   the way back: resources of a plan -> the settings that they come from
    folding   alike findings as one
    identity  what Google knows a resource by
    counts    how many of each thing happen
    drift     what others have changed, told from what happens all day
    proposal  what `config/allow.yaml` would have to say
    review    plan and verdict as one value
    words     what the forms for people share
    markdown  the review as a comment on a pull request
    terminal  the review in a terminal
    json      the review for programs
    sarif     the findings at the lines of YAML that cause them
    forms     the forms by name
"""

from pipeline_zen.report.forms import FORMS
from pipeline_zen.report.markdown import failed, unchanged
from pipeline_zen.report.marker import PLAN, REHEARSAL, has_marker
from pipeline_zen.report.origins import Origins
from pipeline_zen.report.review import Review, review

__all__ = [
    "FORMS",
    "PLAN",
    "REHEARSAL",
    "Origins",
    "Review",
    "failed",
    "has_marker",
    "review",
    "unchanged",
]
