"""What the reviewer sees: what is lost first, everything once, in every form."""

import copy
import json
from typing import Any

import pytest

from pipeline_zen.report import FORMS, markdown
from pipeline_zen.visible import is_hidden
from tests.plans.cases import BUCKET, GROUP, TOPIC
from tests.plans.made import change, made_up
from tests.plans.recorded import recorded
from tests.report.reviews import reviewed

PEOPLE = ("markdown", "terminal")
READ = ("markdown", "terminal", "json")

CHECK = {
    "address": {"to_display": "check.queue_is_drained"},
    "status": "fail",
    "instances": [
        {
            "address": {"to_display": "check.queue_is_drained"},
            "status": "fail",
            "problems": [{"message": "4000 messages wait"}],
        }
    ],
}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_check_that_fails(form: str) -> None:
    """It is told with its message, and no such plan is called safe, nor one without changes."""
    harmless = change(TOPIC, ["update"], {"labels": {"a": "b"}}, {"labels": {"a": "c"}})
    for changes in ([], [harmless]):
        one = reviewed({**made_up(*changes), "checks": [CHECK]})

        assert "4000 messages wait" in FORMS[form](one)
        assert "check.queue_is_drained" in FORMS[form](one)
        assert "a check fails" in one.headline
        assert "safe" not in one.headline


@pytest.mark.parametrize("form", sorted(FORMS))
def test_what_is_not_read(form: str) -> None:
    """Each part of a plan that nobody judges is told in a sentence."""
    one = reviewed({**made_up(), "complete": False, "deferred_changes": [{}], "brand_new": 1})

    for part in ("calls this plan incomplete", "deferred_changes", "brand_new"):
        assert 1 == FORMS[form](one).replace("\\", "").count(part)


RUNS = {"provisioners": [{"type": "local-exec", "expressions": {"command": {}}}]}
"""What an existing resource runs once it goes."""


@pytest.mark.parametrize("form", READ)
def test_what_is_to_be_said_where_nothing_changes(form: str) -> None:
    """It is in the first line: no plan with something to look at is plainly without changes."""
    there = change(TOPIC, ["no-op"], {"name": "t"}, {"name": "t"})
    written = {"address": there["address"], "mode": "managed", "type": TOPIC, **RUNS}
    plan = {**made_up(there), "configuration": {"root_module": {"resources": [written]}}}
    one, quiet = reviewed(plan), reviewed(made_up(there))

    assert (0, "no changes; not judged", False) == (one.status, one.headline, one.is_plain)
    assert (0, "no changes", True) == (quiet.status, quiet.headline, quiet.is_plain)
    assert "no changes; not judged" in FORMS[form](one)
    assert ("✅" in FORMS[form](one), "✅" in FORMS[form](quiet)) == (False, form == "markdown")


def test_a_refresh_says_what_it_does() -> None:
    """It changes the state, and no output; what others have changed is said with it."""
    opened = change(BUCKET, ["update"], {"public_access_prevention": "enforced"},
                    {"public_access_prevention": "inherited"})  # fmt: skip
    labelled = change(BUCKET, ["update"], {"labels": {"a": "b"}}, {"labels": {"a": "c"}})
    written = {"resources": [{"address": f"{BUCKET}.one", "mode": "managed", "type": BUCKET}]}
    plan = {**made_up(), "configuration": {"root_module": written}}
    safe, told = (
        reviewed({**plan, "resource_drift": [drift]}).headline for drift in (labelled, opened)
    )

    assert safe.startswith("the state brought up to date; safe: ")
    assert "the state brought up to date; widens access" == told


@pytest.mark.parametrize("form", READ)
def test_what_is_not_judged(form: str) -> None:
    """Whatever the plan has and nobody reads is told, and the plan is not called safe."""
    harmless = change(TOPIC, ["update"], {"labels": {"a": "b"}}, {"labels": {"a": "c"}})
    one = reviewed({**made_up(harmless), "deferred_changes": [{}], "novelty": True})

    assert "put off until after the apply" in FORMS[form](one)
    assert "novelty" in FORMS[form](one)
    assert one.headline.endswith("; not all of it is judged")


class TestForeign:
    """A plan of another project is told once, at the top."""

    def test_all_of_it(self) -> None:
        """However many resources of however many types it has."""
        plan = made_up(
            *(change(TOPIC, ["create"], None, {"project": "elsewhere"}, f"t{n}") for n in range(9)),
            *(change(BUCKET, ["delete"], {"project": "other"}, None, f"b{n}") for n in range(9)),
        )
        foreign = [
            found for found in reviewed(plan).blocking if found.first.rule == "wrong-project"
        ]

        assert 1 == len(foreign)
        assert "is in `eng-ai-dev`" in foreign[0].first.what
        assert reviewed(plan).blocking[0] == foreign[0]
        for form in PEOPLE:
            assert FORMS[form](reviewed(plan)).count("is in `eng-ai-dev`") == 1
        assert 1 == FORMS["json"](reviewed(plan)).count('"finding": "wrong-project"')

    @pytest.mark.parametrize("form", sorted(FORMS))
    @pytest.mark.parametrize(
        ("many", "said"), [(1, "in `elsewhere`"), (36, "othing of it is in `eng-ai-dev`")]
    )
    def test_it_comes_first(self, many: int, said: str, form: str) -> None:
        """Also before what is found of so many new things, and of the provider."""
        new = [change(TOPIC, ["create"], None, {"project": "elsewhere"}, f"t{number}")
               for number in range(many)]  # fmt: skip
        google = {"name": "google", "full_name": "registry.opentofu.org/hashicorp/google",
                  "expressions": {"scopes": {"constant_value": ["x"]}}}  # fmt: skip
        plan = {**made_up(*new), "configuration": {"provider_config": {"google": google}}}
        one = reviewed(plan)

        others = ["first-creation", "provider-diverted"][-1 if many == 1 else 0 :]
        assert ["wrong-project", *others] == [found.first.rule for found in one.blocking]
        told = FORMS[form](one)
        assert told.index(said) < told.index("`scopes`")

    def test_a_part_of_it(self) -> None:
        """Where some of it is ours, the strangers are named."""
        plan = made_up(
            *(change(TOPIC, ["create"], None, {"project": "elsewhere"}, f"t{n}") for n in range(9)),
            change(TOPIC, ["no-op"], {"project": "eng-ai-dev"}, {"project": "eng-ai-dev"}, "ours"),
        )
        (found,) = reviewed(plan).blocking

        assert 9 == len(found.addresses)


@pytest.mark.parametrize("form", PEOPLE)
def test_what_is_destroyed_comes_first(form: str) -> None:
    """Then what blocks, then the rest, whatever their types are called."""
    plan = made_up(
        change("a_type", ["create"], None, {}, "new"),
        change("b_type", ["update"], {"v": 1}, {"v": 2}, "changed"),
        change(GROUP, ["update"], {"target_size": 4}, {"target_size": 1}, "shrunk"),
        change("z_type", ["delete"], {"name": "z"}, None, "gone"),
    )
    text = FORMS[form](reviewed(plan))
    heads = [f"{kind}` {done}" if form == "markdown" else f"{kind} {done}" for kind, done in (
        ("z_type", "destroyed"), (GROUP, "updated"), ("b_type", "updated"), ("a_type", "created"),
    )]  # fmt: skip
    places = [text.index(head) for head in heads]

    assert places == sorted(places)


@pytest.mark.parametrize("form", PEOPLE)
def test_what_dies_is_named_once(form: str) -> None:
    """With its name at Google and its place; what it held is told in full where there is room."""
    plan = recorded("case-bucket-deleted")
    plan["resource_changes"][0]["name"] = "kept_apart"
    plan["resource_changes"][0]["address"] = f"{BUCKET}.kept_apart"
    report = FORMS[form](reviewed(plan)).partition("config/allow.yaml")
    changes = report[2].partition("destroyed")[2]

    assert 1 == report[0].count("kept_apart")
    assert "lum-dev-results" in report[0]
    assert "amed above" in changes
    if form == "markdown":
        assert "- `storage_class` = `STANDARD`" in changes.partition("What goes, in full")[2]
    else:
        assert "kept_apart" not in changes


@pytest.mark.parametrize("form", PEOPLE)
def test_what_a_grant_was(form: str) -> None:
    """Who had which role on what."""
    told = FORMS[form](reviewed(recorded("case-grant-removed"))).replace("`", "")

    assert "roles/pubsub.subscriber, of serviceAccount:jobs-sa@eng-ai-dev" in told
    assert "on jobs-start-8xv100" in told


@pytest.mark.parametrize("form", PEOPLE)
def test_modules(form: str) -> None:
    """Resources are listed by the module that they are in, which is told once."""
    new = []
    for module in ("", 'module.net["a"].', 'module.net["b"].module.x.'):
        for number in range(2):
            one = change("google_compute_network", ["create"], None, {}, f"n{number}")
            one["address"] = f"{module}{one['address']}"
            new.append(one)
    report = FORMS[form](reviewed(made_up(*new))).replace("`", "").replace("- ", "")
    lines = report.partition("google_compute_network created")[2].splitlines()
    start = next(n for n, line in enumerate(lines) if line.strip() == "n0")
    listed = [line.strip().rstrip(":") for line in lines[start : start + 8]]

    assert ["n0", "n1", 'in module.net["a"]', "n0", "n1", 'in module.net["b"].module.x', "n0",
            "n1"] == listed  # fmt: skip


@pytest.mark.parametrize("form", PEOPLE)
def test_a_table_heads_long_plans(form: str) -> None:
    """What happens to how many of which type, those with the most first."""
    few = [change(f"t{n}_type", ["delete"], {}, None) for n in range(8)]
    many = [change("t9_type", ["update"], {f"v{n}": 1}, {f"v{n}": 2}, f"u{n}") for n in range(3)]
    short, long = (FORMS[form](reviewed(made_up(*plan))) for plan in (few, [*few, *many]))

    assert "destroy | update |" in long or "destroy  update" in long
    assert "destroy | update |" not in short
    rows = [line for line in long.splitlines() if line.lstrip("| `").startswith("t9_type")]
    assert rows[0].replace("|", " ").split()[-1] == "3"


def test_values_are_whole_where_there_is_room() -> None:
    """A long value is shown uncut in a small report, and cut in one that is full."""
    value = "x, " * 2_000
    one, *more = (
        change(TOPIC, ["update"], {"d": "a"}, {"d": f"{number} {value}"}, f"t{number}")
        for number in range(40)
    )

    assert value.strip() in markdown.render(reviewed(made_up(one)))
    large = markdown.render(reviewed(made_up(one, *more)))
    assert value.strip() not in large
    assert "characters more)" in large
    assert len(large.encode()) <= markdown.LIMIT


EVIL = "a\u202eb\u2066c\u200bd\x1b[2Je\ufefff\u00a0g\u3164h"


@pytest.mark.parametrize("form", sorted(FORMS))
def test_nothing_hides(form: str) -> None:
    """Wherever it stands, what moves, turns or cannot be seen is written out, in every form."""
    plan: Any = copy.deepcopy(recorded("case-bucket-deleted"))
    for entry in plan["resource_changes"]:
        entry["type"] = entry["name"] = EVIL
        entry["address"] = f"{EVIL}.{EVIL}"
        entry["action_reason"] = EVIL
        entry["change"]["before"] = {"name": EVIL, EVIL: EVIL, "project": EVIL}
    plan["checks"] = [{**CHECK, "address": {"to_display": EVIL}, "instances": []}]
    plan["output_changes"] = {EVIL: {"actions": ["create"]}}
    new = change(TOPIC, ["create"], None, {"name": EVIL, EVIL: EVIL, "s": f"1\n{EVIL}\n\t2"})
    plan["resource_changes"].append(new)
    text = FORMS[form](reviewed(plan, notes=[EVIL], facts=[("commit", EVIL)]))

    shown = text.replace("\t", " ")
    assert not [character for character in shown if is_hidden(character)]
    assert "\\u202e" in text
    if form in ("json", "sarif"):
        assert EVIL in str(json.loads(text)) or "\\u202e" in str(json.loads(text))
