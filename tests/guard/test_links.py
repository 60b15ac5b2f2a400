"""Links of Compute Engine: what they say, and whether two of them lead to one thing."""

from typing import Any

import pytest

from pipeline_zen.guard.links import parsed

WHOLE = "https://www.googleapis.com/compute/v1/projects/p/global/instanceTemplates/t"


@pytest.mark.parametrize(
    ("link", "parts"),
    [
        ("t", ("", "", "", "", "t", "")),
        ("projects/p/global/images/i", ("", "p", "global", "images", "i", "")),
        ("projects/p/regions/r/instanceTemplates/t?uniqueId=8",
         ("", "p", "regions/r", "instanceTemplates", "t", "8")),
        (WHOLE, ("www.googleapis.com", "p", "global", "instanceTemplates", "t", "")),
        ("projects/p/global/images/family/i", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)  # fmt: skip
def test_what_a_link_says(link: Any, parts: tuple[str, ...] | None) -> None:
    """What a shorter form does not say is empty; what is no link of that kind says nothing."""
    assert parts == parsed(link)


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("t", True),
        ("u", False),
        ("projects/p/global/instanceTemplates/t", True),
        ("projects/q/global/instanceTemplates/t", False),
        ("projects/p/regions/r/instanceTemplates/t", False),
        ("projects/p/global/images/t", False),
        (f"{WHOLE}?uniqueId=8", True),
        (f"{WHOLE}?uniqueId=9", False),
        (WHOLE.replace("www", "compute"), True),
        (WHOLE.replace("www.googleapis.com", "localhost:80"), True),
        (WHOLE.replace("www.googleapis.com", "example.com"), False),
    ],
)
def test_where_a_link_leads(link: str, leads: bool) -> None:
    """To what it says nothing else of, at Google or where the thing says that it is."""
    thing = parsed(f"{WHOLE.replace('www.googleapis.com', 'localhost:80')}?uniqueId=8")
    one = parsed(link)

    assert one is not None
    assert thing is not None
    assert leads == one.may_lead_to(thing)
