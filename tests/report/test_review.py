"""The report in its three forms: whole, masked, within its size, whatever the plan."""

import copy
import datetime
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from syrupy.assertion import SnapshotAssertion

from pipeline_zen.cli import main
from pipeline_zen.guard import RULES, Allowance, Finding, Known, Verdict
from pipeline_zen.plan import PlanError, read
from pipeline_zen.report import markdown, terminal
from pipeline_zen.report.origins import Origins
from pipeline_zen.report.review import REHEARSAL, Review, folded, review
from pipeline_zen.settings import load
from tests.conftest import SETTINGS
from tests.guard.test_guard import TARGET, TODAY, allowance, change, made_up, recorded
from tests.plans.cases import CASES, GROUP, TEMPLATE, TOPIC
from tests.plans.kinds import CANARY, KINDS

Json = dict[str, Any]

FORMS: dict[str, Callable[[Review], str]] = {
    "markdown": markdown.render,
    "terminal": terminal.render,
    "json": Review.as_json,
}
NAMES = [f"kind-{name}" for name in KINDS] + [f"case-{case.name}" for case in CASES]


def reviewed(plan: Json, *allowed: Allowance, **more: Any) -> Review:
    known = more.pop("known", Known())
    return review(
        read(json.dumps(plan).encode()),
        TARGET,
        known=known,
        allowances=allowed,
        today=TODAY,
        **more,
    )


def released(groups: int) -> Json:
    """A release of a fleet: templates are replaced, groups take the new ones."""
    plan = recorded("case-release-calm")
    changes = plan["resource_changes"]
    (template,) = [one for one in changes if one["change"]["actions"] == ["create", "delete"]]
    (group,) = [one for one in changes if one["type"] == GROUP]
    plan["resource_changes"] = [
        _renamed(copy.deepcopy(one), number)
        for number in range(groups)
        for one in ((template, group) if number % 5 == 0 else (group,))
    ]
    return plan


def _renamed(one: Json, number: int) -> Json:
    one["name"] = f"{one['name']}-{number}"
    one["address"] = f"{one['type']}.{one['name']}"
    return one


@pytest.mark.parametrize("name", NAMES)
def test_markdown(name: str, golden: Callable[[str], SnapshotAssertion]) -> None:
    """Each recorded plan as a comment, to the letter."""
    assert golden(f"{name}.md") == markdown.render(reviewed(recorded(name)))


@pytest.mark.parametrize("form", ["terminal", "json"])
@pytest.mark.parametrize("name", ["kind-update", "kind-drift", "case-group-deleted"])
def test_the_other_forms(name: str, form: str, golden: Callable[[str], SnapshotAssertion]) -> None:
    """The same plans for a terminal and for programs."""
    suffix = "txt" if form == "terminal" else "json"

    assert golden(f"{name}.{suffix}") == FORMS[form](reviewed(recorded(name)))


def test_with_everything(golden: Callable[[str], SnapshotAssertion]) -> None:
    """A plan with dangers, some of them allowed, notes, facts, and a state."""
    plan = recorded("case-group-deleted")
    for name in ("subscription-filter", "grant-added", "bucket-deleted", "group-added"):
        plan["resource_changes"] += recorded(f"case-{name}")["resource_changes"]
    allowed = allowance("bucket-deleted", "google_storage_bucket.results", reason="it is empty")

    report = markdown.render(
        reviewed(
            plan,
            allowed,
            known=Known("0a1b2c3d-0000-4000-8000-0123456789ab", 7),
            facts=[("commit", "0123456")],
            notes=["Every group had `one` VM."],
        )
    )

    assert golden("everything.md") == report


class TestStatus:
    """The exit status and the headline."""

    @pytest.mark.parametrize(
        ("name", "status", "headline"),
        [
            ("kind-no-op", 0, "no changes"),
            ("kind-drift", 0, "no changes"),
            ("kind-update", 2, "2 updated; safe: no running job, queue, data or identity"),
            ("kind-move", 2, "1 moved; safe"),
            ("kind-outputs", 2, "3 outputs changed; safe"),
            ("case-group-added", 2, "1 created; costs"),
            ("case-grant-added", 2, "1 created; widens access"),
            ("case-group-deleted", 3, "blocked: kills running jobs"),
            ("kind-errored", 3, "blocked: cannot be trusted"),
        ],
    )
    def test_status(self, name: str, status: int, headline: str) -> None:
        """0 is no changes, 2 changes, 3 blocked."""
        one = reviewed(recorded(name))

        assert (status, True) == (one.status, one.headline.startswith(headline))

    def test_allowed(self) -> None:
        """What is allowed passes, and is not called safe."""
        named = allowance("bucket-deleted", "google_storage_bucket.results")

        one = reviewed(recorded("case-bucket-deleted"), named)

        assert (2, "1 destroyed; dangers are allowed, see below") == (one.status, one.headline)

    def test_the_proposal_lets_it_pass(self) -> None:
        """What the report proposes for allow.yaml is just what lets the plan pass."""
        plan = recorded("case-group-deleted")
        plan["resource_changes"] += recorded("case-subscription-deleted")["resource_changes"]
        import yaml

        proposed = yaml.safe_load(reviewed(plan).proposal)["dev"]
        allowed = [allowance(one["finding"], one["address"]) for one in proposed]

        assert TODAY + datetime.timedelta(days=14) == proposed[0]["until"]
        assert not reviewed(plan, *allowed).verdict.blocked

    def test_what_else_speaks_against_it(self) -> None:
        """It comes first, and is asked for with what was found and what is allowed."""
        seen: list[Verdict] = []

        def observed(verdict: Verdict) -> list[Finding]:
            seen.append(verdict)
            return [Finding("rehearsal-lost", "", "it was killed")]

        named = allowance("group-deleted", f"{GROUP}.calm")
        plan = recorded("case-group-deleted")
        plan["resource_changes"] += recorded("case-bucket-deleted")["resource_changes"]

        one = reviewed(plan, named, observed=observed)

        assert ["rehearsal-lost", "bucket-deleted"] == [it.rule for it in one.verdict.blocking]
        assert [["bucket-deleted"], ["group-deleted"]] == [
            [it.rule for it in seen[0].blocking],
            [it.finding.rule for it in seen[0].allowed],
        ]

    def test_what_is_allowed_is_counted(self) -> None:
        """VMs are killed, whether that is allowed or not."""
        named = allowance("group-deleted", f"{GROUP}.calm")

        assert 2 == reviewed(recorded("case-group-deleted"), named).counts["VMs killed"]


class TestDrift:
    """What was changed outside: the scheduler's work is none of it, nor what Google counts up."""

    @pytest.mark.parametrize(
        ("kind", "changed", "told", "resized"),
        [
            (GROUP, {"target_size": 5}, False, 1),
            (GROUP, {"target_size": 5, "fingerprint": "b", "status": "b"}, False, 1),
            (GROUP, {"target_size": 5, "description": "b"}, True, 0),
            ("google_compute_instance_group_manager", {"target_size": 5}, False, 1),
            ("google_compute_target_pool", {"target_size": 5}, True, 0),
            *((TOPIC, {key: "b"}, False, 0) for key in (
                "etag", "fingerprint", "metageneration", "status", "updated", "update_time")),
            (TOPIC, {"etag": "b", "labels": {"a": "b"}}, True, 0),
        ],
    )  # fmt: skip
    def test_whose_it_is(self, kind: str, changed: Json, told: bool, resized: int) -> None:
        """By the attributes that changed; a rehearsal resizes every group itself."""
        drift = change(kind, ["update"], {}, changed)
        one = reviewed({**made_up(), "resource_drift": [drift]})
        rehearsed = reviewed({**made_up(), "resource_drift": [drift]}, kind=REHEARSAL)

        assert (told, resized) == (bool(one.drift), one.resized)
        assert (told, 0) == (bool(rehearsed.drift), rehearsed.resized)
        assert ("The scheduler has resized 1 group" in markdown.render(one)) == bool(resized)

    def test_what_is_gone(self) -> None:
        """Of what somebody has deleted no attribute tells."""
        drift = change(TOPIC, ["delete"], {"etag": "a"}, None)

        assert 1 == len(reviewed({**made_up(), "resource_drift": [drift]}).drift)


class TestFolded:
    """The same finding on several resources is told once, and nothing else is."""

    @pytest.mark.parametrize(
        "other",
        [
            {"rule": "topic-deleted"},
            {"type": "b"},
            {"what": "b"},
            {"why": "b"},
            {"todo": "b"},
        ],
    )
    def test_what_tells_them_apart(self, other: Any) -> None:
        """Rule, type, what happens, why, and what to do."""
        one = Finding("bucket-deleted", "a.one", "a", why="a", type="a", todo="a")

        assert 1 == len(folded([one, replace(one, address="a.two", name="two")]))
        assert 2 == len(folded([one, replace(one, **other)]))

    def test_what_is_unknown(self) -> None:
        """With one of them unknown, so is the sum, and the most of one group."""
        one = Finding("group-deleted", "a.one", "a", vms=2, gpus=16)
        two, three = (replace(one, vms=vms, gpus=vms, address="a.two") for vms in (None, 3))

        assert (5, 19) == (folded([one, three])[0].vms, folded([one, three])[0].gpus)
        assert (None, None) == (folded([one, two])[0].vms, folded([one, two])[0].gpus)
        plan = made_up(
            change(GROUP, ["delete"], {"target_size": 2}, None, "a"),
            change(GROUP, ["delete"], {}, None, "b"),
        )
        assert reviewed(plan).counts["VMs killed"] is None

    def test_where_they_come_from(self) -> None:
        """Two groups of a cluster come from one setting, which is told once."""
        (dev,) = load(SETTINGS, ["dev"])
        names_ = [f"pipeline-zen-jobs-8xt4-{region}-mig" for region in ("us-east1", "us-west1")]
        gone = [change(GROUP, ["delete"], {"name": name}, None, name) for name in names_]
        one = reviewed(made_up(*gone), origins=Origins(dev, SETTINGS))

        (found,) = one.blocking
        assert ["fleets.t4"] == [origin.setting for origin in one.settings_of(found)]


class TestSize:
    """At most 60,000 bytes; dangers first; what is left out is counted."""

    def test_a_fleet_is_told_once(self) -> None:
        """A release of 67 groups is two groups of changes, shown whole."""
        report = markdown.render(reviewed(released(67)))

        assert "67 × `google_compute_region_instance_group_manager`" in report
        assert "14 × `google_compute_instance_template`" in report
        assert "<summary>67 google_compute_region_instance_group_manager</summary>" in report
        assert "are shown**" not in report
        assert len(report.encode()) < 20_000

    @pytest.mark.parametrize("limit", [4_000, 5_500])
    def test_a_large_plan(self, limit: int) -> None:
        """It is cut at the end, says at its top how much is shown, and stays whole Markdown."""
        plan = released(300)
        report = markdown.render(reviewed(plan), limit)
        head, body = report.split("### Changes", 1)

        assert len(report.encode()) <= limit
        total = len(plan["resource_changes"])
        assert f" of {total:,} changes are shown**" in head
        shown = int(head.split("**")[-2].split(" of ")[0].replace(",", ""))
        assert 0 < shown == body.count("\n- `")
        assert report.count("<details>") == report.count("</details>")

    @pytest.mark.parametrize("groups", [50, 700])
    def test_dangers_are_not_cut(self, groups: int) -> None:
        """However many there are, each kind is told with its number and its remedy."""
        changes = [
            _renamed(copy.deepcopy(one), number)
            for number in range(groups)
            for name in ("group-deleted", "bucket-deleted", "topic-retention")
            for one in recorded(f"case-{name}")["resource_changes"]
            if one["change"]["actions"] != ["no-op"]
        ]
        report = markdown.render(reviewed(made_up(*changes)))

        assert len(report.encode()) <= markdown.LIMIT
        for kind in ("instance_group_manager` deleted", "bucket` deleted", "topic` set to keep"):
            assert f"{groups:,} × `google_" in report
            assert kind in report
        vms = f"at most **{2 * groups:,} VMs with {16 * groups:,} GPUs**"
        assert vms in report
        # Each kind has its share of the room.
        assert (3 if groups == 700 else 0) == report.count(f" of {groups} shown\n")

    def test_too_many_dangers(self) -> None:
        """If they cannot be told one by one, each kind is told with its number and its remedy."""
        changes = [
            change(
                "google_project_iam_custom_role",
                ["update"],
                {"permissions": [f"a.b.{n}"]},
                {"permissions": []},
                f"r{n}",
            )
            for n in range(300)
        ]
        changes.append(recorded("case-grant-public")["resource_changes"][0])
        report = markdown.render(reviewed(made_up(*changes)), 20_000)

        assert len(report.encode()) <= 20_000
        assert "**Breaks identity**: 300 × `role-shrunk`." in report
        assert "**Widens access**: 1 × `public-access`." in report
        assert "of 300 shown" in report

    def test_a_danger_with_a_long_sentence(self) -> None:
        """It is shortened, and hides no other."""
        permissions = [f"compute.instances.verb{n}" for n in range(3_000)]
        role = change(
            "google_project_iam_custom_role",
            ["update"],
            {"permissions": permissions},
            {"permissions": []},
        )
        plan = made_up(role, *recorded("case-grant-public")["resource_changes"])
        report = markdown.render(reviewed(plan))

        assert "characters more)" in report
        assert "given to `allUsers`" in report
        assert len(report.encode()) < 10_000

    def test_long_notes(self) -> None:
        """What OpenTofu says at length takes nothing of the report away."""
        for notes in (["x" * 300_000], [f"Error {n}: {'y' * 500}" for n in range(400)]):
            report = markdown.render(reviewed(recorded("case-group-deleted"), notes=notes))

            assert report.startswith("<!-- pipeline-zen plan of dev -->\n## 🛑 dev · blocked")
            assert "**Kills running jobs**" in report
            assert len(report.encode()) < 20_000
        assert "more such sentences" in report

    def test_many_allowed_dangers(self) -> None:
        """How many of them are shown is said at the top."""
        gone = [
            change(
                "google_pubsub_topic", ["delete"], {"name": f"t{n}", "labels": {}}, None, f"t{n}"
            )
            for n in range(400)
        ]
        named = [allowance("topic-deleted", one["address"]) for one in gone]
        head = markdown.render(reviewed(made_up(*gone), *named)).split("###")[0]

        assert re.search(r"\*\*\d+ of 400 allowed dangers.* are shown\*\*", head)

    @pytest.mark.parametrize("limit", [3_000, 6_000, 20_000])
    def test_any_limit(self, limit: int) -> None:
        """It keeps to whatever it is given."""
        report = markdown.render(reviewed(released(200)), limit)

        assert len(report.encode()) <= limit
        assert report.count("<details>") == report.count("</details>")

    @pytest.mark.parametrize("limit", [*range(4_000, 8_000, 500), 12_000, 20_000, 60_000])
    def test_everything_within_any_limit(self, limit: int) -> None:
        """Letters of several bytes, all that a report can have, and still whole Markdown."""
        word = "ü" * 60
        changes = [
            change(kind, actions, before, after and {**after, "n": n}, f"{kind}-{word}-{n}")
            for n in range(20)
            for kind, actions, before, after in (
                (TOPIC, ["create"], None, {"labels": {f"k{i}": word for i in range(4)}}),
                (GROUP, ["delete"], {"target_size": 1}, None),
                ("google_storage_bucket", ["delete"], {}, None),
                ("some_type", ["update"], {"v": 0}, {"v": n, "w": word}),
                ("other_type", ["update"], {"s": "a\nb\n"}, {"s": f"a\n{word}{n}\n"}),
            )
        ]
        named = [
            allowance("bucket-deleted", one["address"])
            for one in changes
            if "bucket" in one["type"]
        ]
        drift = [change(TOPIC, ["update"], {"v": 1}, {"v": 2}, f"{n}-{word}") for n in range(20)]
        plan = {**made_up(*changes), "resource_drift": drift}

        report = markdown.render(reviewed(plan, *named, notes=[word] * 3), limit)

        assert len(report.encode()) <= limit
        assert report.count("<details>") == report.count("</details>")
        assert 0 == report.count("```") % 2
        assert "**Kills running jobs**: 20 ×" in report
        assert ("are shown**" in report) == (limit < 60_000)

    @pytest.mark.parametrize("limit", [3_200, 4_000, 5_000, 8_000, 13_000, 20_000, 30_000])
    def test_no_danger_is_lost(self, limit: int) -> None:
        """However little room there is, each kind is there with its number."""
        kind = "google_project_iam_custom_role"
        changes = [
            change(kind, ["update"], {"permissions": [f"a.{n // 2}"]}, {"permissions": []}, f"r{n}")
            for n in range(80)
        ]
        changes += [
            change(kind, ["delete"], {"name": f"{kind}-{n}"}, None, f"a-longer-name-of-{n}")
            for n in range(60)
            for kind in (GROUP, TOPIC, "google_storage_bucket")
        ]
        one = reviewed(made_up(*changes))

        for exactly in range(limit, limit + 100, 20):
            report = markdown.render(one, exactly)

            assert len(report.encode()) <= exactly
            for rule in ("group-deleted", "topic-deleted", "bucket-deleted"):
                assert f"→ {markdown.inline(RULES[rule].todo)}" in report
            assert 3 <= report.count(": 60 × ")
            assert "80 × `role-shrunk`" in report or 40 == report.count("**Breaks identity**")

    def test_what_is_worth_a_look_is_counted(self) -> None:
        """How much of it is shown is said at the top, and nothing where that is all."""
        given = [
            change("google_project_iam_member", ["create"], None,
                   {"role": f"roles/x{n}", "member": "user:a"}, f"g{n}")
            for n in range(100)
        ]  # fmt: skip
        plan = made_up(*given)
        head, whole = (
            markdown.render(reviewed(plan), limit).split("###")[0] for limit in (6_000, 60_000)
        )

        assert re.search(r"\d+ of 100 things worth a look", head)
        assert "are shown" not in whole

    def test_a_failure_that_says_much(self) -> None:
        """Its end is told, where what went wrong stands."""
        report = markdown.failed("plan", "dev", f"{'x ' * 50_000}the end")

        assert len(report) < 21_000
        assert "the end\n```\n" in report

    def test_what_does_not_fit_is_left_out_from_the_end(self) -> None:
        """Also where something smaller would still fit."""
        script = "".join(f"a line of a script, number {n}\n" for n in range(300))
        large = change("a_type", ["update"], {"s": "a\nb\n"}, {"s": script})
        small = change("b_type", ["update"], {"v": 1}, {"v": 2})

        report = markdown.render(reviewed(made_up(large, small)), 4_000)

        assert "#### " not in report
        assert "0 of 2 changes are shown" in report.replace("things worth a look, ", "")

    def test_what_is_created_is_cut(self) -> None:
        """It says how much of it is shown, and closes what it has opened, wherever it ends."""
        labels = {f"k{n}": "x" * 90 for n in range(4)}
        new = [change(TOPIC, ["create"], None, {"labels": labels}, f"t{n}") for n in range(15)]
        one = reviewed(made_up(*new), known=Known(first_creation=True))

        for limit in (*range(4_000, 4_700, 15), 8_000, 12_000):
            report = markdown.render(one, limit)
            shown = report.count(f"\n`{TOPIC}.t")
            cut = f"\n{shown} of 15 shown.\n" if shown < len(new) else ""

            assert len(report.encode()) <= limit
            assert report.endswith(f"{cut}\n</details>\n")
            assert report.count("<details>") == report.count("</details>")

    def test_a_group_is_cut(self) -> None:
        """Of many alike as many are shown as there is room for."""
        many = [change("a_type", ["update"], {"v": 1}, {"v": 2}, f"t{n}") for n in range(900)]
        one = reviewed(made_up(*many))

        for limit in range(3_000, 3_100, 7):
            report = markdown.render(one, limit)
            shown = report.count("\n- `t")

            assert len(report.encode()) <= limit
            assert 0 < shown < len(many)
            assert f"<summary>900 a_type, {shown} of 900 shown</summary>" in report

    def test_few_are_told_openly(self) -> None:
        """Three lines are not folded away, four are."""
        for many in (3, 4):
            gone = [change("a_type", ["update"], {"v": 1}, {"v": 2}, f"t{n}") for n in range(many)]
            report = markdown.render(reviewed(made_up(*gone)))

            assert (many == 4) == (f"<summary>{many} a_type</summary>" in report)

    def test_a_long_note(self) -> None:
        """It is shortened, and says so."""
        report = markdown.render(reviewed(recorded("kind-no-op"), notes=["x" * 9_000]))

        assert f"{'x' * 800} … (8,200 characters more)" in report
        assert "more such sentences" not in report

    def test_notes_are_counted(self) -> None:
        """Those that are left out, each of them."""
        report = markdown.render(reviewed(recorded("kind-no-op"), notes=["ü" * 450] * 20))

        assert (8, 1) == (report.count("ü" * 450), report.count("And 12 more such sentences."))


class TestForm:
    """What comes from a plan is words, and nothing else."""

    def test_no_markup(self) -> None:
        """Neither HTML nor a mention, wherever it stands."""
        evil = "x</summary><img src=x onerror=1> @everyone https://evil.example www.evil.example"
        plan = recorded("kind-delete")
        for one in plan["resource_changes"]:
            one["type"] = one["name"] = evil
            one["address"] = f"{evil}.{evil}"
            one["action_reason"] = evil
        report = markdown.render(reviewed(plan, notes=[evil]))
        html = MarkdownIt("commonmark").enable("table").render(report)
        # GitHub looks for mentions and addresses in what comes of it, and not into code.
        words = re.sub(r"<code[^>]*>.*?</code>", "", html, flags=re.DOTALL)

        assert "<img" not in html
        assert "@everyone" not in words
        assert "https://evil" not in words
        assert "www.evil" not in words

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a", "`a`"),
            ("", "` `"),
            ("a`b", "``a`b``"),
            ("a``b`c", "```a``b`c```"),
            ("`a", "`` `a ``"),
            ("a`", "`` a` ``"),
            ("a|b", "`a\\|b`"),
            ("a\nb\u2066c", "`a b c`"),
        ],
    )
    def test_code(self, text: str, expected: str) -> None:
        """Nothing in it ends it, nor a cell of a table, nor a line."""
        assert expected == markdown.code(text)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a `b_c` d_e", "a `b_c` d\\_e"),
            ("a `b c_d", "a 'b c\\_d"),
            ("&lt; <b> *c*", "&amp;lt; &lt;b&gt; \\*c\\*"),
            ("@a", "@<!-- -->a"),
            ("https://a www.b", "https:<!-- -->//a www<!-- -->.b"),
        ],
    )
    def test_sentences(self, text: str, expected: str) -> None:
        """What is between backticks stays code, and the rest is only words."""
        assert expected == markdown.inline(text)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a\nb\n", "```x\na\nb\n```\n"),
            ("a```", "````x\na```\n````\n"),
            ("`````", "``````x\n`````\n``````\n"),
            ("a\rb\u202ec", "```x\na b c\n```\n"),
        ],
    )
    def test_blocks(self, text: str, expected: str) -> None:
        """Nothing in a block ends it, or turns a line of it around."""
        assert expected == markdown.fenced(text, "x")

    def test_nothing_turns_around(self) -> None:
        """Characters that reverse, hide or move are in no form for people."""
        evil = "a\u202eb\u2066c\u200bd\x1b[2Je\ufefff"
        plan = recorded("case-template-script")
        for one in plan["resource_changes"]:
            if one["change"]["after"]:
                one["change"]["after"]["description"] = evil
                one["change"]["after"]["metadata"] = {"startup-script": f"one\n{evil}\ntwo"}
        one_ = reviewed(plan, notes=[evil])

        for form in (markdown.render, terminal.render):
            assert not set(form(one_)) & set("\u202e\u2066\u200b\x1b\ufeff")

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"target_size": 0}, "**0 VMs as planned, and more if the scheduler raises it before"),
            ({"target_size": 1}, "**1 VM with an unknown number of GPUs**"),
            ({"target_size": 2, "name": "x-4xt4-y"}, "**2 VMs with 8 GPUs**"),
            ({}, "**an unknown number of VMs**"),
        ],
    )
    def test_how_many_vms(self, values: Json, said: str) -> None:
        """What is unknown is not called none, and none is not called safe."""
        gone = change(GROUP, ["delete"], values, None)

        assert f"at most {said}" in markdown.render(reviewed(made_up(gone)))

    def test_many_names(self) -> None:
        """A dozen are told, and how many more there are."""
        for many, more in ((12, ""), (20, " and 8 more")):
            gone = [change(TOPIC, ["forget"], {}, None, f"t{n:02}") for n in range(many)]
            report = markdown.render(reviewed(made_up(*gone)))

            assert f", `t10`, `t11`{more})" in report

    def test_many_settings(self) -> None:
        """Five are told, and how many more there are."""
        (dev,) = load(SETTINGS, ["dev"])
        paths: list[list[Any]] = [["machine_type"], ["labels"], ["reservation_affinity"],
            ["disk", 0, "disk_type"], ["disk", 0, "disk_size_gb"], ["guest_accelerator", 0, "type"],
            ["project"]]  # fmt: skip
        for many, more in ((5, ".\n"), (7, " and 2 more.\n")):
            one = change(TEMPLATE, ["delete", "create"], {}, {}, "pipeline-zen-jobs-8xv100-tpl")
            one["change"]["replace_paths"] = paths[:many]
            report = markdown.render(reviewed(made_up(one), origins=Origins(dev, SETTINGS)))
            (line,) = re.findall(r" Setting: (.*\n)", report)

            assert 5 == line.count("`") // 2
            assert line.endswith(more)

    def test_dangers_are_told_by_address(self) -> None:
        """Two of one name in different modules are not taken for each other."""
        plan = recorded("case-bucket-deleted")
        (one,) = plan["resource_changes"]
        other = copy.deepcopy(one)
        one["address"], other["address"] = 'module.a.google_storage_bucket.b["x"]', "module.b.y.b"
        plan["resource_changes"] = [one, other]

        for form in FORMS.values():
            text = form(reviewed(plan)).replace("\\", "")
            assert one["address"] in text
            assert other["address"] in text

    def test_notes_are_masked(self) -> None:
        """What OpenTofu says may have a token in it."""
        one = reviewed(recorded("kind-no-op"), notes=[f"Error: {CANARY}"])

        assert ("Error: (masked)",) == one.notes

    @pytest.mark.parametrize(
        ("name", "key", "value"),
        [
            ("import", "import_id", "projects/eng-ai-dev/topics/jobs-b"),
            ("move", "moved_from", "google_pubsub_topic.a"),
        ],
    )
    def test_imports_and_moves(self, name: str, key: str, value: str) -> None:
        """Programs get where something was, and by what it is imported; others have neither."""
        told = json.loads(reviewed(recorded(f"kind-{name}")).as_json())
        members = [member for group in told["changes"] for member in group["members"]]
        others = json.loads(reviewed(recorded("kind-update")).as_json())["changes"]

        assert value in [member.get(key) for member in members]
        assert not [member for group in others for member in group["members"] if key in member]

    def test_what_is_created_anew_is_told_whole(self) -> None:
        """It is new, whatever was forgotten under its address."""
        told = json.loads(reviewed(recorded("kind-forget-create")).as_json())
        ((member,),) = ([*group["members"]] for group in told["changes"])

        assert member["attributes"]

    def test_scripts_are_told_as_a_difference(self) -> None:
        """Programs get the lines of it; of other attributes there are none."""
        told = json.loads(reviewed(recorded("case-template-script")).as_json())
        texts = [one for group in told["changes"] for one in group["common"] if "diff" in one]

        assert all(line[0] in "@+- " for one in texts for line in one["diff"])
        assert 1 == len(texts)

    def test_a_new_resource_is_told_whole(self) -> None:
        """Programs get all that a new resource is made of."""
        told = json.loads(reviewed(recorded("case-bucket-acl")).as_json())
        ((member,),) = ([*group["members"]] for group in told["changes"])

        assert {"path": "entity", "before": "(none)", "after": "allUsers"} in member["attributes"]


class TestCounts:
    """What the table above the report says."""

    def test_a_vm_is_killed_once(self) -> None:
        """However many findings a group has, its VMs are counted once."""
        plan = recorded("case-group-made-eager")
        (group,) = [one for one in plan["resource_changes"] if one["type"] == GROUP]
        group["change"]["after"]["target_size"] = 1
        group["change"]["after"]["update_policy"][0]["instance_redistribution_type"] = "PROACTIVE"
        one = reviewed(plan)

        assert {"group-shrunk", "group-rolled", "group-rebalanced"} == {
            found.first.rule for found in one.blocking
        }
        assert 2 == one.counts["VMs killed"]

    def test_two_allowances_for_one_danger(self) -> None:
        """It counts once, and is told once."""
        named = allowance("group-deleted", f"{GROUP}.calm")
        pattern = allowance("group-deleted", f"{GROUP}.c*")
        one = reviewed(recorded("case-group-deleted"), named, pattern)

        assert 2 == one.counts["VMs killed"]
        assert 1 == len(one.allowed)
        assert not one.verdict.blocked

    def test_every_kind(self) -> None:
        """A replacement counts once; what is forgotten to be created anew is both."""
        kinds = (["delete"], ["delete", "create"], ["create", "delete"], ["update"], ["create"],
                 ["forget"], ["forget", "create"], ["no-op"])  # fmt: skip
        changes = [
            change("some_type", actions, {"a": 1}, {"a": 2}, f"n{number}")
            for number, actions in enumerate([*kinds, ["create"], ["update"], ["no-op"]])
        ]
        changes[-3]["change"]["importing"] = {"id": "x"}
        changes[-2]["change"]["importing"] = {"id": "x"}
        changes[-1]["previous_address"] = "some_type.old"

        assert {
            "VMs killed": 0, "destroy": 1, "replace": 2, "update": 2, "create": 2, "forget": 2,
            "import": 2, "move": 1,
        } == reviewed(made_up(*changes)).counts  # fmt: skip


class TestProposal:
    """What `config/allow.yaml` would have to say."""

    def test_a_pattern_covers_nothing_else(self) -> None:
        """A group that nothing happens to is covered by no proposed pattern."""
        gone, stays = (
            [
                change(GROUP, [action], {"name": name}, after and {"name": name}, name)
                for name in names
            ]
            for action, after, names in (
                ("delete", None, ["g-1-us-mig", "g-2-us-mig"]),
                ("no-op", True, ["g-3-us-mig"]),
            )
        )

        assert f"address: {GROUP}.g-*-us-mig" in reviewed(made_up(*gone)).proposal
        proposal = reviewed(made_up(*gone, *stays)).proposal
        assert "*" not in proposal
        assert 2 == proposal.count("address:")

    def test_names_that_overlap(self) -> None:
        """What they begin and end with is not counted twice."""
        gone = [change(GROUP, ["delete"], {}, None, name) for name in ("g-a-a", "g-a-a-a")]

        assert f"address: {GROUP}.g-a-a*\n" in reviewed(made_up(*gone)).proposal

    def test_one_alone_needs_no_pattern(self) -> None:
        """It is named whole."""
        assert "*" not in reviewed(recorded("case-bucket-deleted")).proposal

    def test_what_cannot_be_said(self) -> None:
        """An address that looks like a secret, and what cannot be allowed, is not proposed."""
        secret, plain = (
            change("google_storage_bucket", ["delete"], {}, None, name) for name in (CANARY, "b")
        )
        stranger = change(TOPIC, ["create"], None, {"project": "elsewhere"})

        proposal = reviewed(made_up(secret, plain, stranger)).proposal

        assert ["google_storage_bucket.b"] == re.findall(r"address: (.*)", proposal)

    def test_the_same_thing_is_proposed_once(self) -> None:
        """Though it was found twice, since two allowances for one thing are refused."""
        bucket = recorded("case-bucket-unpublished")
        (one,) = bucket["resource_changes"]
        one["change"]["after"]["public_access_prevention"] = "enforced"

        found = reviewed(bucket)

        assert 2 == len(found.verdict.blocking)
        assert 1 == found.proposal.count("address:")

    def test_it_can_be_read_back(self) -> None:
        """Also where an address has characters that mean something to YAML."""
        gone = change("google_storage_bucket", ["delete"], {"name": "b"}, None, "b")
        gone["address"] = 'google_storage_bucket.b["it\'s: #1"]'
        ((entry,),) = yaml.safe_load(reviewed(made_up(gone)).proposal).values()

        assert gone["address"] == entry["address"]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all that is neither a mapping nor a list."""
    if isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path


def put(value: Any, path: tuple[Any, ...], leaf: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = leaf


def all_forms(plan: Json) -> str:
    """All that anybody gets to see of a plan; for what is none, the error."""
    try:
        one = reviewed(plan)
    except PlanError as error:
        return str(error)
    return "".join(form(one) for form in FORMS.values())


class TestSecrets:
    """A secret is in no form, wherever in the plan it stands."""

    @pytest.mark.parametrize("name", [f"kind-{name}" for name in KINDS])
    def test_a_token_everywhere(self, name: str) -> None:
        """A token in each position in turn, several at a time, is never shown."""
        plan = recorded(name)
        paths = [path for path in leaves(plan) if path[0] != "planned_values"]
        shown = set()
        # A few at a time, so that the plan is still one.
        for start in range(23):
            mutated = copy.deepcopy(plan)
            for path in paths[start::23]:
                put(mutated, path, f"x {CANARY} y")
            if CANARY in all_forms(mutated):
                shown.add(start)

        assert set() == shown

    @pytest.mark.parametrize("name", ["kind-sensitive", "kind-outputs", "kind-replace-new-first"])
    def test_as_it_was_recorded(self, name: str) -> None:
        """The recorded plans hold one where users have them: variables, metadata, outputs."""
        plan = recorded(name)

        assert CANARY in json.dumps(plan)
        assert CANARY not in all_forms(plan)

    @pytest.mark.parametrize(
        "part", ["variables", "prior_state", "configuration", "planned_values"]
    )
    def test_what_is_never_read(self, part: str) -> None:
        """Even a plain word there is not shown: these parts are not looked at."""
        plan = recorded("kind-sensitive")
        for path in leaves(plan[part]):
            if isinstance(path[-1], str) and path[-1] not in ("address", "mode"):
                put(plan[part], path, "tangofoxtrot")

        assert "tangofoxtrot" in json.dumps(plan[part])
        assert "tangofoxtrot" not in all_forms(plan)

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
    def test_what_is_marked(self, case: Any) -> None:
        """A plain word that OpenTofu marks as sensitive is not shown, whatever rule reads it."""
        plan = recorded(f"case-{case.name}")
        for one in plan["resource_changes"]:
            for side in ("before", "after"):
                values = one["change"].get(side)
                if values:
                    one["change"][side] = _worded(values)
                    one["change"][f"{side}_sensitive"] = _marks(values)

        assert "tangofoxtrot" not in all_forms(plan)

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
    def test_what_is_marked_and_becomes_unknown(self, case: Any) -> None:
        """Nor is one below a mark in what will be known only after the apply."""
        plan = recorded(f"case-{case.name}")
        for one in plan["resource_changes"]:
            before = one["change"].get("before")
            if before and one["change"]["after"]:
                after = dict.fromkeys(before, True)
                one["change"].update(
                    before=_worded(before),
                    before_sensitive=_marks(before),
                    after={},
                    after_unknown=after,
                )

        assert "tangofoxtrot" not in all_forms(plan)

    @pytest.mark.parametrize("key", ["credentials", "hf.token", "a.io/api-key", "HF TOKEN"])
    @pytest.mark.parametrize("name", NAMES)
    def test_under_a_secrets_key(self, name: str, key: str) -> None:
        """A plain word under such a key is not shown, wherever in a resource the key is."""
        plan = recorded(name)
        for one in (*plan["resource_changes"], *plan.get("resource_drift", ())):
            for side in ("before", "after"):
                values = one["change"].get(side)
                if values:
                    one["change"][side] = _planted(values, key, f"tangofoxtrot {side}")

        assert "tangofoxtrot" not in all_forms(plan)

    def test_an_identity(self) -> None:
        """What something is imported by is masked key by key."""
        plan = recorded("kind-import")
        for one in plan["resource_changes"]:
            identity = {
                "project": "p",
                "credentials": {"a": "tangofoxtrot"},
                "token": "tangofoxtrot",
            }
            one["change"]["importing"] = {"identity": identity}

        shown = all_forms(plan)

        assert "tangofoxtrot" not in shown
        assert '{"credentials": "(masked)", "project": "p", "token": "(masked)"}' in shown

    def test_keys(self) -> None:
        """A token that is the key of a label is not shown either."""
        before, after = {"labels": {CANARY: "1"}}, {"labels": {CANARY: "2"}}
        plan = made_up(change("google_pubsub_topic", ["update"], before, after))

        assert CANARY not in all_forms(plan)


def _worded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _worded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_worded(item) for item in value]
    return f"tangofoxtrot {value}" if isinstance(value, str) else value


def _planted(value: Any, key: str, word: str) -> Any:
    """*value* with secrets of each form in every mapping of it."""
    if isinstance(value, list):
        return [_planted(item, key, word) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        **{name: _planted(item, key, word) for name, item in value.items()},
        key: {"a": [word], "b": {"c": word}},
        f"my_{key}": word,
        f"{key}_data": [{"v": word}],
        "pairs": [{"name": key, "value": word}, {"key": key, "values": [word]}],
        "text": f"first\nexport X='{key}'\n- name: \"{key}\"\n  {key}: {word}\n",
    }


def _marks(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _marks(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_marks(item) for item in value]
    return isinstance(value, str)


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


class TestDiff:
    """`pipeline-zen diff`, as a user runs it."""

    @pytest.fixture
    def plan(self, tmp_path: Path) -> Path:
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(recorded("case-group-deleted")), encoding="utf-8")
        return file

    def _run(self, *arguments: str, stdin: bytes = b"") -> Result:
        return CliRunner().invoke(main, ["-C", str(SETTINGS), "diff", *arguments], input=stdin)

    def test_a_file_and_standard_input(self, plan: Path) -> None:
        """Both are read; the environment is found by the project; 3 means blocked."""
        file = self._run(str(plan), "--format", "markdown")
        stdin = self._run("-", "--format", "markdown", stdin=plan.read_bytes())

        assert (3, "") == (file.exit_code, file.stderr)
        assert file.stdout == stdin.stdout
        assert file.stdout.startswith("<!-- pipeline-zen plan of dev -->\n")

    def test_mistakes(self, tmp_path: Path) -> None:
        """What cannot be read is an error, and no report that nothing changes."""
        file = tmp_path / "no.json"
        file.write_text("Warning: x\n", encoding="utf-8")

        result = self._run(str(file))
        missing = self._run(str(tmp_path / "missing.json"))

        assert (1, "") == (result.exit_code, result.stdout)
        assert "does not begin with JSON" in result.stderr
        assert (1, "") == (missing.exit_code, missing.stdout)
        assert "No such file" in missing.stderr

    def test_no_environment(self, tmp_path: Path) -> None:
        """A plan of no known project must be told which environment it is of."""
        file = tmp_path / "plan.json"
        topic = {"project": "elsewhere", "name": "x"}
        plan = made_up(change("google_pubsub_topic", ["create"], None, topic))
        file.write_text(json.dumps(plan), encoding="utf-8")

        unknown = self._run(str(file))
        named = self._run(str(file), "--env", "prod")

        assert 1 == unknown.exit_code
        assert "name it with --env, one of dev, prod" in unknown.stderr
        assert 3 == named.exit_code
        assert "in `elsewhere`, and prod is `eng-ai-prod`" in named.stdout
