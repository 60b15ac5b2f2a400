"""The size of a comment."""

import copy
import re

import pytest

from pipeline_zen.guard import RULES, Provenance
from pipeline_zen.report import markdown
from tests.plans.cases import GROUP, TOPIC
from tests.plans.judged import allowance
from tests.plans.made import change, made_up
from tests.plans.recorded import recorded
from tests.report.reviews import released, renamed, reviewed


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

    @pytest.mark.thorough
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

    @pytest.mark.thorough
    @pytest.mark.parametrize("groups", [50, 1_200])
    def test_dangers_are_not_cut(self, groups: int) -> None:
        """However many there are, each kind is told with its number and its remedy."""
        changes = [
            renamed(copy.deepcopy(one), number)
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
        assert (3 if groups == 1_200 else 0) == report.count(f" of {groups:,} shown\n")

    @pytest.mark.thorough
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
            for n in range(900)
        ]
        changes.append(recorded("case-grant-public")["resource_changes"][0])
        report = markdown.render(reviewed(made_up(*changes)), 20_000)

        assert len(report.encode()) <= 20_000
        assert "**Breaks identity**: 900 × `role-shrunk`." in report
        assert "**Widens access**: 1 × `public-access`." in report
        assert "of 900 shown" in report

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
        assert len(report.encode()) < 15_000

    def test_long_notes(self) -> None:
        """What OpenTofu says at length takes nothing of the report away."""
        for notes in (["x" * 300_000], [f"Error {n}: {'y' * 500}" for n in range(400)]):
            report = markdown.render(reviewed(recorded("case-group-deleted"), notes=notes))

            assert report.startswith("<!-- pipeline-zen plan of dev -->\n## 🛑 dev · blocked")
            assert "**Kills running jobs**" in report
            assert len(report.encode()) < 20_000
        assert "more such sentences" in report

    @pytest.mark.thorough
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

    @pytest.mark.thorough
    @pytest.mark.parametrize("limit", [3_000, 6_000, 20_000])
    def test_any_limit(self, limit: int) -> None:
        """It keeps to whatever it is given."""
        report = markdown.render(reviewed(released(200)), limit)

        assert len(report.encode()) <= limit
        assert report.count("<details>") == report.count("</details>")

    @pytest.mark.thorough
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

    @pytest.mark.thorough
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
                   {"role": "roles/logging.logWriter", "member": f"user:{n}"}, f"g{n}")
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
        script = "".join(f"a line of a script, number {n:090}\n" for n in range(300))
        large = change("a_type", ["update"], {"s": "a\nb\n"}, {"s": script})
        small = change("b_type", ["update"], {"v": 1}, {"v": 2})

        report = markdown.render(reviewed(made_up(large, small)), 4_000)

        assert 1 == report.count("#### ") == report.count("#### 1 × `a_type`")
        assert "1 of 2 changes are shown" in report.replace("things worth a look, ", "")

    @pytest.mark.parametrize("limit", [4_000, 4_033, 6_000, 60_000])
    def test_a_long_difference_is_cut(self, limit: int) -> None:
        """As many lines as fit are there, each of bearable length, and it is said what is not."""
        script = "".join(f"{n:03} {'ü' * 3_000}\n" for n in range(300))
        large = change("a_type", ["update"], {"s": "a\nb\n"}, {"s": script})

        report = markdown.render(reviewed(made_up(large)), limit)

        assert limit - 2_300 < len(report.encode()) <= limit
        shown = report.count("\n+")
        assert shown == report.count(" … (2,705 characters more) … ")
        assert f"… ({300 - shown} lines more)\n```" in report
        assert ("There is no room for all of it; " in report) == (limit < 60_000)
        assert "\n- `one`\n" in report
        assert "are shown**" not in report

    def test_many_attributes_are_cut(self) -> None:
        """As many as fit are there, and it is said where the rest is."""
        before, after = ({f"a{n:03}": f"{word}{n}" for n in range(500)} for word in ("x", "y"))
        large = change("a_type", ["update"], {**before, "z": "1\n2"}, {**after, "z": "1\n3"})

        for limit in range(5_000, 5_100, 7):
            report = markdown.render(reviewed(made_up(large)), limit)

            assert len(report.encode()) <= limit
            assert 10 < report.count("\n| `a")
            assert "There is no room for all of it; " in report
            assert "\n- `one`\n" in report

    def test_lines_that_the_last_stands_for(self) -> None:
        """They are counted with those that are cut, and not as one."""
        script = "".join(f"{n:03} {'x' * 300}\n" for n in range(900))
        large = change("a_type", ["update"], {"s": "a\nb\n"}, {"s": script})
        whole = reviewed(made_up(large)).changes[0].common[0].text

        report = markdown.render(reviewed(made_up(large)))

        (more,) = re.findall(r"… \(([0-9]+) lines more\)", report)
        assert "… (403 lines more)" == whole[-1]
        assert 900 == report.count("\n+") + int(more)

    def test_others_have_room_beside_a_long_difference(self) -> None:
        """Each has its share."""
        script = "".join(f"{n:03} {'x' * 300}\n" for n in range(300))
        large = [change(f"{letter}_type", ["update"], {"s": f"{letter}\nb\n"}, {"s": script})
                 for letter in "abc"]  # fmt: skip
        gone = change("d_type", ["create"], None, {"v": "x" * 99})

        report = markdown.render(reviewed(made_up(*large, gone)))

        assert all(f"`{letter}_type` updated in place" in report for letter in "abc")
        assert "`v` = `xxx" in report

    def test_what_is_created_is_cut(self) -> None:
        """It says how much of it is shown, and closes what it has opened, wherever it ends."""
        labels = {f"k{n}": "x" * 90 for n in range(4)}
        new = [change(TOPIC, ["create"], None, {"labels": labels}, f"t{n}") for n in range(15)]
        one = reviewed(made_up(*new), provenance=Provenance(first_creation=True))

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
