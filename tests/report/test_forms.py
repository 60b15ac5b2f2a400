"""Every form for people: words from a plan do nothing, and say enough."""

import copy
import re
from typing import Any

import pytest
from markdown_it import MarkdownIt

from pipeline_zen.report import FORMS, Origins, markdown, terminal
from pipeline_zen.settings import load
from tests.conftest import SETTINGS
from tests.plans.cases import GROUP, TEMPLATE, TOPIC
from tests.plans.kinds import CANARY
from tests.plans.made import change, made_up
from tests.plans.recorded import recorded
from tests.report.reviews import reviewed

Json = dict[str, Any]


class TestForms:
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
