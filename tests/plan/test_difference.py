"""What differs between two values, and how it is shown."""

import time
from typing import Any

import pytest

from pipeline_zen.plan.difference import Sides, differences
from pipeline_zen.plan.marks import pruned
from tests.plans.cases import GROUP
from tests.plans.made import change, made_up, plan_of

COMPUTE = "https://www.googleapis.com/compute/v1"


def told(before: Any, after: Any, unknown: Any = None, *marks: Any) -> list[tuple[str, str, str]]:
    """The differences of two values as (path, before, after)."""
    sides = Sides(before, after, *map(pruned, (unknown, *marks)))
    return [(one.path, one.before, one.after) for one in differences(sides)]


class TestDifferences:
    """What differs between two values."""

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ({"a": 1}, {"a": 1}, []),
            ({"a": 1}, {"a": 2}, [("a", "1", "2")]),
            ({"a": "x"}, {"a": "y"}, [("a", "x", "y")]),
            ({"a": "1"}, {"a": 1}, [("a", '"1"', "1")]),
            ({"a": True}, {"a": "true"}, [("a", "true", '"true"')]),
            ({"a": None}, {"a": 1}, [("a", "(none)", "1")]),
            ({"a": None}, {"a": []}, []),
            ({"a": ""}, {}, []),
            ({"a": {}}, {"a": None}, []),
            ({"a": 0}, {"a": None}, [("a", "0", "(none)")]),
            ({"a": [1, 2]}, {"a": [1, 3]}, [("a", "[1, 2]", "[1, 3]")]),
            ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, [("a.b.c", "1", "2")]),
            ({"a": {"x.y/z": 1}}, {"a": {}}, [('a["x.y/z"]', "1", "(none)")]),
            ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, [("a[0].b", "1", "2")]),
            (
                {"a": [{"b": 1}, {"b": 2}]},
                {"a": [{"b": 2}]},
                [("a", '{"b": 1}', "(none)")],
            ),
            (
                {"a": "https://www.googleapis.com/compute/v1/projects/p/zones/z"},
                {"a": "projects/q"},
                [("a", "projects/p/zones/z", "projects/q")],
            ),
        ],
    )
    def test_values(self, before: Any, after: Any, expected: Any) -> None:
        """Only what differs is told, and null is the same as empty."""
        assert expected == told(before, after)

    @pytest.mark.parametrize(
        ("link", "name", "same"),
        [
            (f"{COMPUTE}/projects/p/global/networks/default", "default", True),
            (f"{COMPUTE}/projects/p/global/networks/default", "global/networks/default", True),
            (f"{COMPUTE}/projects/q/global/networks/n", "projects/q/global/networks/n", True),
            (f"{COMPUTE}/projects/q/global/networks/default", "default", False),
            (f"{COMPUTE}/projects/p/global/networks/default", "efault", False),
            (f"{COMPUTE}/projects/p/global/networks/default", "", False),
            ("https://x.example/default", "default", False),
            ("https://x.example//projects/p/a/default", "default", False),
        ],
    )
    def test_links(self, link: str, name: str, same: bool) -> None:
        """The provider turns a link into the name at its end, and back, where it compares links."""
        for one, other in ((link, name), (name, link)):
            sides = [{"project": "p", "network": value} for value in (one, other)]
            assert same is not bool(told(*sides))
            listed = [{"project": "p", "target_pools": [value]} for value in (one, other)]
            assert same is not bool(told(*listed))

            script = [{"project": "p", "metadata": {"script": value}} for value in (one, other)]
            assert told(*script)

    def test_links_of_what_is_in_no_project(self) -> None:
        """Without its project nobody can tell what a name means."""
        before, after = {"network": f"{COMPUTE}/projects/p/global/networks/n"}, {"network": "n"}

        assert told(before, after)
        assert told({**before, "project": "p"}, {**after, "project": "q"})

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ('{"a": [1, {"b": 2}]}', '{"a": [1, {"b": 3}]}', [("p.a[1].b", "2", "3")]),
            ("[1, 2]", "[1, 3]", [("p", "[1, 2]", "[1, 3]")]),
            ('{"a":1}', '{ "a": 1 }', [("p", "(JSON)", "(the same JSON, written in another way)")]),
            ('{"a": 1}', "none", [("p", '{"a": 1}', "none")]),
            ('{"a": 1', '{"a": 2', [("p", '"{\\"a\\": 1"', '"{\\"a\\": 2"')]),
            ('{"password": "a"}', '{"password": "b"}', [("p.password", "(masked)", "(masked)")]),
            ('{"a": 1}\n', '{"a": 2}\n', [("p.a", "1", "2")]),
            ("[" * 200, "[" * 201, [("p", f'"{"[" * 200}"', f'"{"[" * 201}"')]),
        ],
    )
    def test_json_in_a_text(self, before: str, after: str, expected: Any) -> None:
        """A policy, a dashboard: it is compared by what it says, where both sides are JSON."""
        assert expected == told({"p": before}, {"p": after})

    def test_a_long_list(self) -> None:
        """What came and what went is told, element by element, and how many there are."""
        before = [f"compute.instances.verb{n:02}" for n in range(40)]
        (one,) = differences(Sides({"p": before}, {"p": [*before[1:], "pubsub.topics.attach"]}))
        (moved,) = differences(Sides({"p": before}, {"p": before[::-1]}))

        assert ("(40 elements)", "(40 elements)") == (one.before, one.after)
        assert ("-compute.instances.verb00", "+pubsub.topics.attach") == one.text
        assert ("(the same elements in another order)", ()) == (moved.after, moved.text)

    def test_a_long_list_of_secrets(self) -> None:
        """Nothing of it is shown."""
        before, after = ([f"plain-{n}" for n in numbers] for numbers in (range(40), range(41)))

        assert [("tokens", "(masked)", "(masked)")] == told({"tokens": before}, {"tokens": after})

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            (
                [{"a": 1}, {"a": 2}, {"a": 3}],
                [{"a": 4}, {"a": 3}],
                [("r", '{"a": 2}', "(none)"), ("r[0].a", "1", "4")],
            ),
            (
                [{"a": 1}, {"a": 2}],
                [{"a": 1}, {"a": 9}, {"a": 3}],
                [("r", "(none)", '{"a": 3}'), ("r[1].a", "2", "9")],
            ),
        ],
    )
    def test_blocks_that_stayed(self, before: Any, after: Any, expected: Any) -> None:
        """Where some came or went, those that stayed are not told as changed."""
        assert expected == told({"r": before}, {"r": after})

    def test_texts_of_very_many_lines(self) -> None:
        """They are compared in a moment, however alike their lines are."""
        before, after = (
            "".join(f"line {n % 50} {n if n % 7 else 0}\n" for n in range(start, start + 20_000))
            for start in (0, 5)
        )
        began = time.process_time()
        (one,) = differences(Sides({"s": before}, {"s": after}))

        assert time.process_time() - began < 2
        assert ("(20000 lines)", "(20000 lines)") == (one.before, one.after)
        assert 0 < len(one.text) <= 501

    def test_unknown(self) -> None:
        """What the apply will tell is said to be unknown, inside of blocks as well."""
        unknown = {"a": True, "b": [{"c": True}]}

        assert [
            ("a", "1", "(known after apply)"),
            ("b[0].c", "2", "(known after apply)"),
        ] == told({"a": 1, "b": [{"c": 2}]}, {"b": [{}]}, unknown)

    def test_sensitive(self) -> None:
        """What is marked is never shown, only that it changes."""
        marks = {"a": True, "b": [False, True], "c": {"d": True}}
        before = {"a": "x", "b": ["1", "x"], "c": {"d": "x"}, "e": 1}
        after = {"a": "y", "b": ["1", "y"], "c": {"d": "y"}, "e": 1}

        assert [
            ("a", "(sensitive)", "(sensitive)"),
            ("b", "(sensitive)", "(sensitive)"),
            ("c.d", "(sensitive)", "(sensitive)"),
        ] == told(before, after, None, marks, marks)

    @pytest.mark.parametrize(
        ("before", "unknown", "marks"),
        [
            ({"a": [{"b": "x"}]}, {"a": [True]}, ({"a": [{"b": True}]}, None)),
            ({"a": {"b": "x"}}, {"a": True}, ({"a": {"b": True}}, None)),
            ({"a": "x"}, {"a": True}, (None, {"a": True})),
            ({"a": {"b": "x"}}, {"a": True}, (None, {"a": {"b": True}})),
        ],
    )
    def test_sensitive_and_unknown(self, before: Any, unknown: Any, marks: tuple[Any, Any]) -> None:
        """What is marked anywhere in it, on either side, is not shown when it becomes unknown."""
        ((_, old, new),) = told(before, {}, unknown, *marks)

        assert ("(sensitive)", "(known after apply)") == (old, new)

    def test_marks_of_another_form(self) -> None:
        """Marks that do not fit the value are of all of it, on both sides."""
        fitting = told({"a": "x"}, {"a": ["y"]}, None, None, {"a": [True]})
        listed = told({"a": [{"b": "x"}]}, {"a": [{"b": "y"}]}, None, {"a": {"0": True}}, None)

        assert [("a", "(sensitive)", "(sensitive)")] == fitting
        assert [("a[0]", "(sensitive)", "(sensitive)")] == listed

    def test_a_sensitive_mapping(self) -> None:
        """Of a mapping that is marked as a whole not even the keys are shown."""
        before, after = {"a": {"one": "x"}}, {"a": {"two": "y"}}

        assert [("a", "(sensitive)", "(sensitive)")] == told(
            before, after, None, {"a": True}, {"a": True}
        )

    def test_a_text(self) -> None:
        """A script is told as a unified diff, with its secrets masked."""
        before = "#!/bin/sh\nexport HF_TOKEN=hf_abcdefghijkl\nrun --slow\nexit\n"
        (one,) = differences(Sides({"s": before}, {"s": before.replace("slow", "fast")}))

        assert ("(4 lines)", "(4 lines)") == (one.before, one.after)
        assert (
            "@@ -1,4 +1,4 @@",
            " #!/bin/sh",
            " export HF_TOKEN=(masked)",
            "-run --slow",
            "+run --fast",
            " exit",
        ) == one.text

    def test_a_text_that_differs_in_a_secret(self) -> None:
        """It is told that there is a difference, and not which."""
        texts = [f"#!/bin/sh\nHF_TOKEN={value}\n" for value in ("hf_aaaaaaaaaa", "hf_bbbbbbbbbb")]
        (one,) = differences(Sides({"s": texts[0]}, {"s": texts[1]}))

        assert ("(differs in nothing but what is masked)",) == one.text

    def test_a_long_value(self) -> None:
        """The middle of a long line is left out, and it is told how much."""
        ((_, _, after),) = told({"a": ""}, {"a": "x," * 10_000})

        assert "(10,000 characters more)" in after
        assert len(after) < 10_100

    def test_an_environment_variable(self) -> None:
        """A pair of name and value is masked by its name."""
        before = {"env": [{"name": "HF_TOKEN", "value": "plain-1"}]}
        after = {"env": [{"name": "HF_TOKEN", "value": "plain-2"}]}

        assert [("env[0].value", "(masked)", "(masked)")] == told(before, after)

    def test_an_environment_variable_of_several_values(self) -> None:
        """Whatever such a pair calls its value, and however deep it is."""
        before = {"env": [{"key": "SECRET_KEY", "values": ["plain-1"]}]}
        after = {"env": [{"key": "SECRET_KEY", "values": ["plain-2"]}]}
        deep = {"env": [{"name": "SECRET_KEY", "value": {"a": "plain-2"}}]}

        assert [("env[0].values", "(masked)", "(masked)")] == told(before, after)
        assert [
            ("env[0].key", "SECRET_KEY", "(none)"),
            ("env[0].name", "(none)", "SECRET_KEY"),
            ("env[0].value.a", "(none)", "(masked)"),
            ("env[0].values", "(masked)", "(none)"),
        ] == told(before, deep)

    def test_a_constraint_is_no_secret(self) -> None:
        """A pair whose key is a name of Google's shows its values."""
        pair = {"key": "compute.googleapis.com/reservation-name", "values": ["one"]}

        assert [("r[0].values", '["one"]', '["two"]')] == told(
            {"r": [pair]}, {"r": [{**pair, "values": ["two"]}]}
        )

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ({"a": {"v": "x"}}, {"a": {"v": "y"}}, ("credentials.a.v", "(masked)", "(masked)")),
            ([{"v": "x"}], [{"v": "y"}], ("credentials[0].v", "(masked)", "(masked)")),
            ([{"v": "x"}], [{"v": "x"}, {"v": "y"}], ("credentials", "(none)", "(masked)")),
            (None, {"v": "y"}, ("credentials.v", "(none)", "(masked)")),
            ({"v": 1}, {"v": 2}, ("credentials.v", "1", "2")),
            ({"v": "x\ny"}, {"v": "x\nz"}, ("credentials.v", "(masked)", "(masked)")),
        ],
    )
    def test_below_a_secret(self, before: Any, after: Any, expected: tuple[str, str, str]) -> None:
        """All that is below the key of a secret is one, but for numbers."""
        assert [expected] == told({"credentials": before}, {"credentials": after})


class TestLinksWithinBlocks:
    """Links of Google's in a value are shown from their project on, as those that stand alone."""

    LINKS = ("http://127.0.0.1:35951/compute/v1/projects/p/global/instanceTemplates/t",
             f"{COMPUTE}/projects/p/global/instanceTemplates/t")  # fmt: skip
    SHOWN = '{"instance_template": "projects/p/global/instanceTemplates/t"}'

    @pytest.mark.parametrize("link", LINKS)
    def test_of_what_goes(self, link: str) -> None:
        """No port of a rehearsal is told, which is another one each time."""
        values = {"version": [{"instance_template": link}]}
        (gone,) = plan_of(made_up(change(GROUP, ["delete"], values, None))).changes

        assert [("version", self.SHOWN)] == [(one.path, one.before) for one in gone.held]

    @pytest.mark.parametrize("link", LINKS)
    def test_of_what_comes(self, link: str) -> None:
        """Nor of a new block; what an allowance is bound to stays as it is."""
        after = {"version": [{"instance_template": link}]}
        for action, before in (("update", {"version": []}), ("create", None)):
            (one,) = plan_of(made_up(change(GROUP, [action], before, after))).changes

            assert [self.SHOWN] == [attribute.after for attribute in one.told]
            assert link in one.attributes[0].after

    def test_another_host(self) -> None:
        """It is told: it may be what matters."""
        link = "https://elsewhere.example/v1/projects/p/topics/t"
        (gone,) = plan_of(made_up(change(GROUP, ["delete"], {"a": [{"to": link}]}, None))).changes

        assert [f'{{"to": "{link}"}}'] == [one.before for one in gone.held]


@pytest.mark.parametrize("behind", [["hunter-2-horse"], {"value": "hunter-2-horse"}])
def test_what_an_option_has_behind_it(behind: Any) -> None:
    """A list with a text in it is looked at as a whole, as that says what is beside it."""
    ((_, before, after),) = told({"args": ["--token", ["a"]]}, {"args": ["--token", behind]})

    assert "hunter" not in before + after
    assert [("x[0].y", "1", "2")] == told({"x": [{"y": 1}, ["a"]]}, {"x": [{"y": 2}, ["a"]]})
