"""Whatever stands in a plan."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline_zen.guard import RULES
from pipeline_zen.plan import PlanError
from pipeline_zen.report import FORMS, markdown
from tests.plans.kinds import CANARY
from tests.plans.recorded import recorded
from tests.report.reviews import NAMES, put, reviewed

Json = dict[str, Any]


WORD = "tangofoxtrot"
"""A secret that only its key, or a mark, makes one."""


TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            f"x {CANARY} y",
            "@everyone",
            "<script>alert(1)</script>",
            "</details>",
            "`` ` ```\n# x\n",
            "a|b|c",
            "![x](http://evil.example/x.png)",
            "\x1b[31mred\x1b[0m",
            "\u202eabc",
            "[x](javascript:alert(1))",
            "---\n",
            "x" * 5_000,
            "1e999",
        ]
    ),
)


HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.lists(st.none() | TEXTS, max_size=3),
    st.dictionaries(TEXTS, TEXTS | st.booleans(), max_size=3),
    st.lists(st.dictionaries(TEXTS, TEXTS, max_size=2), max_size=2),
)


VALUES = ("before", "after", "after_unknown", "before_sensitive", "after_sensitive")


ABOUT = ("address", "type", "name", "provider_name", "previous_address", "deposed", "action_reason")


ACTIONS = (
    ["no-op"], ["create"], ["update"], ["delete"], ["forget"], ["delete", "create"],
    ["create", "delete"], ["forget", "create"], ["read"],
)  # fmt: skip


KEYS = ("HF_TOKEN", "credentials", "my.password", "SECRET_KEY")


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all that is below *value*, and of a key in each mapping that is not there."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(
        value, list) else ()  # fmt: skip
    for key, item in children:
        yield (*path, key)
        yield from nodes(item, (*path, key))
    if isinstance(value, dict):
        yield (*path, "added")


def disturbed(plan: Json, data: st.DataObject) -> None:
    """Put something hostile into a plan, mostly where it still is one."""
    entries = _entries(plan)
    for _ in range(data.draw(st.integers(1, 6))):
        change_ = data.draw(st.sampled_from(entries))["change"]
        side = data.draw(st.sampled_from(VALUES))
        paths = list(nodes(change_.get(side), (side,))) or [(side,)]
        put(change_, data.draw(st.sampled_from(paths)), data.draw(HOSTILE))
    entry = data.draw(st.sampled_from(entries))
    match data.draw(st.integers(0, 7)):
        case 0:
            entry["change"]["actions"] = data.draw(st.sampled_from(ACTIONS))
        case 1:
            entry[data.draw(st.sampled_from(ABOUT))] = data.draw(TEXTS)
        case 2:
            steps = st.lists(TEXTS | st.integers(), max_size=3)
            entry["change"]["replace_paths"] = data.draw(st.lists(steps, max_size=3))
        case 3:
            identity = {data.draw(TEXTS): data.draw(HOSTILE), "api_token": WORD}
            entry["change"]["importing"] = {"identity": identity}
        case 4 if data.draw(st.booleans()):
            paths = list(nodes({key: plan[key] for key in plan if key in SHOWN}))
            put(plan, data.draw(st.sampled_from(paths)), data.draw(HOSTILE))


def hidden(plan: Json, data: st.DataObject) -> None:
    """Put the word that nobody may see below a secret's key, and below a mark."""
    entries = _entries(plan)
    if not entries:
        return
    for _ in range(3):
        change_ = data.draw(st.sampled_from(entries))["change"]
        side = data.draw(st.sampled_from(["before", "after"]))
        if not isinstance(change_.get(side), dict):
            continue
        *above, _key = data.draw(st.sampled_from(list(nodes(change_[side], (side,)))))
        place = change_
        for key in above:
            place = place[key]
        if isinstance(place, dict):
            word = data.draw(st.sampled_from([WORD, [WORD], {"a": WORD}, [{"b": [WORD]}]]))
            place[data.draw(st.sampled_from(KEYS))] = word
    change_ = data.draw(st.sampled_from(entries))["change"]
    for side in ("before", "after"):
        path = data.draw(st.sampled_from(list(nodes(change_.get(side), (side,))) or [(side,)]))
        put(change_, path, data.draw(st.sampled_from([WORD, [WORD], {"a": WORD}])))
        # One of those above it may be what is marked.
        marked = path[: data.draw(st.integers(1, len(path)))]
        change_[f"{side}_sensitive"] = _mark_of(marked[1:])


def _entries(plan: Json) -> list[Json]:
    """What in a plan still is of a resource."""
    several = (plan.get(key) for key in ("resource_changes", "resource_drift"))
    return [
        one
        for entries in several
        for one in (entries if isinstance(entries, list) else ())
        if isinstance(one, dict) and isinstance(one.get("change"), dict)
    ]


def _mark_of(path: tuple[Any, ...]) -> Any:
    if not path:
        return True
    below = _mark_of(path[1:])
    return [*[False] * path[0], below] if isinstance(path[0], int) else {path[0]: below}


SHOWN = ("resource_changes", "resource_drift", "output_changes", "terraform_version", "errored")


@pytest.mark.thorough
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    # To make a failing plan smaller takes minutes, and it is small already.
    phases=[Phase.explicit, Phase.generate],
)
@given(st.data())
def test_any_plan(data: st.DataObject) -> None:
    """Whatever stands in a plan, rendering ends, hides no danger, leaks nothing, stays inert."""
    plan = recorded(data.draw(st.sampled_from(NAMES)))
    assume(plan["resource_changes"])
    disturbed(plan, data)
    refusal = ""
    try:
        hidden(plan, data)
        one = reviewed(plan)
        forms = {name: form(one) for name, form in FORMS.items()}
    except PlanError as error:
        refusal = str(error)
    assert not {CANARY, WORD} & set(re.findall(r"\w+", refusal))
    if refusal:
        # Rarely enough: none of the 150 at the time of writing.
        event("refused")
        return

    text = forms["markdown"]
    for form in forms.values():
        told = re.sub(r"<!-- -->|\\", "", form)
        assert CANARY not in told
        assert WORD not in told
    assert len(text.encode()) <= markdown.LIMIT
    assert text.startswith(f"{one.marker}\n")
    assert one.status == json.loads(forms["json"])["status"]
    for found in one.verdict.blocking:
        assert f"**{found.severity.value.capitalize()}**" in text
        advice = (found.advice, RULES[found.rule].todo)
        assert any(f"→ {markdown.inline(said)}\n" in text for said in advice)
        assert f"{found.severity.value} ({found.rule}): " in forms["terminal"]
        assert f'"finding": "{found.rule}"' in forms["json"]
    assert not set(text + forms["terminal"]) & set("\x1b\u202e")
    html = MarkdownIt("gfm-like", {"html": False, "linkify": False}).render(text)
    assert "<img" not in html
    assert "<a " not in html
    assert "<script" not in html
    for tag in ("details", "summary"):
        assert text.count(f"<{tag}>") == text.count(f"</{tag}>") or "</details>" in json.dumps(plan)
