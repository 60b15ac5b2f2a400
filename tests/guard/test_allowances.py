"""What config/allow.yaml lets pass, and how it is read."""

import copy
import datetime
import json

import pytest

from pipeline_zen.guard import RULES, Provenance, Severity, allowances, digest, judge, run_out
from pipeline_zen.guard.allowances import matches
from pipeline_zen.settings import Place, SettingsError
from tests.conftest import Checkout
from tests.plans.cases import BUCKET, GRANT, GROUP, SUBSCRIPTION, Json
from tests.plans.judged import TARGET, TODAY, allowance, bound, judged, rules
from tests.plans.made import SUB, change, made_up, plan_of, planned, updated
from tests.plans.recorded import recorded

ALLOW = """\
dev:
  - finding: bucket-deleted
    address: google_storage_bucket.lum-dev-*
    seen: "0123abcd"
    reason: it was empty
    until: 2026-12-01
"""


def test_it_lets_pass_what_it_names() -> None:
    """The finding is there, allowed, with its reason."""
    named = allowance("bucket-deleted", f"{BUCKET}.results")

    verdict = judged(recorded("case-bucket-deleted"), named)

    assert not verdict.blocked
    assert [("bucket-deleted", "it is meant")] == [
        (one.finding.rule, one.allowance.reason) for one in verdict.allowed
    ]


@pytest.mark.parametrize(
    ("finding", "address"),
    [
        ("bucket-replaced", f"{BUCKET}.results"),
        ("bucket-deleted", f"{BUCKET}.result"),
        ("bucket-deleted", f"{BUCKET}.other*"),
        ("bucket-deleted", f"{SUBSCRIPTION}.o*"),
    ],
)
def test_it_lets_nothing_else_pass(finding: str, address: str) -> None:
    """Another finding or address stays blocked, and the allowance is refused as unused."""
    verdict = judged(recorded("case-bucket-deleted"), allowance(finding, address))

    assert ("allowance-unused", "bucket-deleted") == rules(verdict.blocking)


def test_it_expires() -> None:
    """It holds on its last day, and not on the next."""
    yesterday = TODAY - datetime.timedelta(days=1)
    plan = recorded("case-bucket-deleted")

    last = judged(plan, allowance("bucket-deleted", f"{BUCKET}.results"))
    over = judged(plan, allowance("bucket-deleted", f"{BUCKET}.results", until=yesterday))

    assert not last.blocked
    assert ("allowance-expired", "bucket-deleted") == rules(over.blocking)


def test_an_unused_one_blocks_even_an_empty_plan() -> None:
    """It would let the next such change pass unseen."""
    verdict = judged(recorded("case-nothing"), allowance("bucket-deleted", f"{BUCKET}.x"))

    assert ("allowance-unused",) == rules(verdict.blocking)


def test_only_what_blocks_is_allowed() -> None:
    """What would pass anyway needs no allowance, and one for it is unused."""
    plan = recorded("case-group-added")
    seen = digest(judged(plan).notable)
    named = allowance("gpus-added", f"{GROUP}.c*", seen=seen)
    verdict = judge(plan_of(plan), TARGET, Provenance(), [named], TODAY)

    assert ("allowance-unused",) == rules(verdict.blocking)
    assert () == verdict.allowed


def test_an_address_with_an_index() -> None:
    """Brackets are a part of it, and no pattern."""
    plan = recorded("case-bucket-deleted")
    plan["resource_changes"][0]["address"] = f'{BUCKET}.results["a"]'

    assert not judged(plan, allowance("bucket-deleted", f'{BUCKET}.results["a"]')).blocked


def test_a_pattern_covers_many() -> None:
    """A star stands for part of a name."""
    plan = recorded("case-grant-removed")

    assert not judged(plan, allowance("grant-removed", f"{GRANT}.j*s")).blocked


@pytest.mark.parametrize(
    ("pattern", "address", "covered"),
    [
        ("a.b*", "a.bc", True),
        ("a.b*d*", "a.bcd", True),
        ("a.b*", 'a.b["x"]', False),
        ("a.b*", "a.b[0]", False),
        ("a.b*[0]", "a.bc[0]", True),
        ('a.b["*"]', 'a.b["*"]', True),
        ('a.b["*"]', 'a.b["x"]', False),
        ('a.b["?"]', 'a.b["x"]', False),
        ('a.b["[x]"]', 'a.b["[x]"]', True),
        ('a.b["[x]"]', 'a.b["x"]', False),
        ('a.b["c\\"]"]', 'a.b["c\\"]"]', True),
        ("a.b*", "module.m.a.b", False),
        ("module.m.a.b*", "module.m.a.b", True),
        ("module.m.a.b*", "module.n.a.b", False),
        ('module.m["k"].a.b', 'module.m["k"].a.b', True),
        ("a.b", "ab.b", False),
        # What is in no configuration so is itself, and nothing else.
        ("a.b*", "data.a.bc", False),
        ("a.b*", "", False),
        ("a b", "a.b", False),
        ("data.a.b", "data.a.b", True),
        # Of what is masked nobody can tell which one is meant.
        ('a.b["(masked)"]', 'a.b["(masked)"]', False),
    ],
)
def test_a_star_is_part_of_a_name(pattern: str, address: str, covered: bool) -> None:
    """It reaches neither into an index nor into a module, and in a key it is a character."""
    assert covered == matches(pattern, address)


def test_no_rule_of_trust_can_be_allowed() -> None:
    """Whether it is the right plan is not a matter of permission."""
    for rule, entry in RULES.items():
        if entry.severity is Severity.UNTRUSTED:
            assert not entry.allowable, rule


def test_it_is_read(checkout: Checkout) -> None:
    """Each environment has its own; the file is no environment."""
    checkout.write("config/allow.yaml", ALLOW)

    (one,) = allowances(checkout.root, "dev", TODAY)

    assert ("bucket-deleted", datetime.date(2026, 12, 1)) == (one.finding, one.until)
    assert [] == allowances(checkout.root, "prod", TODAY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2026-12-01", "2027-02-21"),
        ("it was empty", "was empty"),
        ("google_storage_bucket.lum-dev-*", "'a_type.name[\"key\"]'"),
        ("google_storage_bucket.lum-dev-*", "a_type.a"),
        ("google_storage_bucket.lum-dev-*", "'a_type.a[\"*\"]'"),
        ("google_storage_bucket.lum-dev-*", "a_type.a*b-mig*"),
        ("google_storage_bucket.lum-dev-*", "'module.m.a_type.*8x4*'"),
        ("dev:\n", "prod:\ndev:\n"),
    ],
)
def test_what_is_just_right(old: str, new: str, checkout: Checkout) -> None:
    """The last day that may be, the shortest reason, an index, an environment of none."""
    checkout.write("config/allow.yaml", ALLOW.replace(old, new))

    assert 1 == len(allowances(checkout.root, "dev", TODAY))


def test_it_need_not_be_there(checkout: Checkout) -> None:
    """Usually nothing is allowed."""
    assert [] == allowances(checkout.root, "dev", TODAY)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("dev:", "deev:", "config/allow.yaml:1:1: deev: no such environment"),
        ("bucket-deleted", "bucket-deletd", 'Did you mean "bucket-deleted"?'),
        ("bucket-deleted", "wrong-project", 'dev.0.finding: got "wrong-project"'),
        ("bucket-deleted", "deletion-budget", "It can never be allowed. See that no YAML"),
        ("bucket-deleted", "gpus-added", 'dev.0.finding: got "gpus-added"'),
        ("bucket-deleted", "grant-added", "It never blocks, so it needs no allowance"),
        ("bucket-deleted", "[bucket-deleted]", "dev.0.finding: got a list"),
        ("google_storage_bucket.lum-dev-*", "google_*.x", "Name one resource as the plan"),
        ("google_storage_bucket.lum-dev-*", "'*'", "Name one resource as the plan"),
        ("google_storage_bucket.lum-dev-*", "module.*", "Name one resource as the plan"),
        ("google_storage_bucket.lum-dev-*", "module.x*.a_b.c", "Name one resource as the"),
        ("google_storage_bucket.lum-dev-*", "[a]", "dev.0.address: got a list"),
        (
            "google_storage_bucket.lum-dev-*",
            "google_storage_bucket.*",
            "beside what is common to all",
        ),
        *(
            (
                "google_storage_bucket.lum-dev-*",
                f"'google_storage_bucket.{wide}'",
                "of three letters",
            )
            for wide in (
                "*-*",
                "*e*",
                "a*",
                "*_b-*",
                "**ab**",
                "ab*cd*ef",
                "*-a-b-c-*",
                "a*[12345]",
            )
        ),
        ("google_storage_bucket.lum-dev-*", "'a_b.c*[\"long-enough\"]'", "a word of three"),
        ("google_storage_bucket.lum-dev-*", "'module.long.a_b.c*'", "a word of three"),
        ("google_storage_bucket.lum-dev-*", "'a_b.c[\"(masked)\"]'", "Name one resource"),
        ('"0123abcd"', "12345678", "dev.0.seen: got 12345678"),
        ('"0123abcd"', '"0123ABCD"', "dev.0.seen: got"),
        ("it was empty", "it -", "Say in a sentence, of two words at least, why"),
        ("it was empty", "meant", "Say in a sentence, of two words at least, why"),
        ("2026-12-01", "soon", 'dev.0.until: got "soon"'),
        ("2026-12-01", "'2026-13-45'", "dev.0.until: no such date: 2026-13-45"),
        ("2026-12-01", "2026-13-45", "dev.0.until: no such date: 2026-13-45\n"),
        ("2026-12-01", "2026-12-01 10:00:00", "dev.0.until: got 2026-12-01 10:00:00"),
        ("2026-12-01", "2027-02-22", "is more than 90 days away"),
        (
            "google_storage_bucket.lum-dev-*",
            "a_type.name name",
            "Name one resource as the plan",
        ),
        ("    until: 2026-12-01\n", "", "dev.0.until: missing"),
        ("until:", "untill:", "untill: unknown"),
        ("  - finding", "  finding", "not YAML"),
        ("dev:\n", "dev: 3\nprod:\n", "dev: must be a list"),
        ("dev:\n", "dev:\n  - x\n", "must be a mapping"),
    ],
)
def test_mistakes(old: str, new: str, said: str, checkout: Checkout) -> None:
    """A mistake is told with its place, and what to write."""
    assert 1 == ALLOW.count(old)
    checkout.write("config/allow.yaml", ALLOW.replace(old, new))

    with pytest.raises(SettingsError) as error:
        allowances(checkout.root, "dev", TODAY)

    assert said in str(error.value)
    assert "config/allow.yaml:" in str(error.value)


def test_a_day_may_be_text(checkout: Checkout) -> None:
    """To YAML it is text where it stands in quotes."""
    checkout.write("config/allow.yaml", ALLOW.replace("2026-12-01", '"2026-12-01"'))

    (one,) = allowances(checkout.root, "dev", TODAY)

    assert datetime.date(2026, 12, 1) == one.until


@pytest.mark.parametrize("address", ["lum-dev-*", "lum-dev-a*b", "lum-dev-x"])
def test_two_for_the_same(address: str, checkout: Checkout) -> None:
    """Of two that let the same pass one would outlive its change: the narrower is refused."""
    again = ALLOW.replace("dev:\n", "").replace("lum-dev-*", address)
    checkout.write("config/allow.yaml", ALLOW + again)

    with pytest.raises(SettingsError) as error:
        allowances(checkout.root, "dev", TODAY)

    (problem,) = error.value.problems
    assert Place("config/allow.yaml", 7, 5) == problem.place
    assert "lets pass what the one in line 2 does already" == problem.message


def test_the_narrower_of_two_is_refused_wherever_it_stands(checkout: Checkout) -> None:
    """What lets pass more is the one to be kept."""
    wider = ALLOW.removeprefix("dev:\n")
    checkout.write("config/allow.yaml", ALLOW.replace("lum-dev-*", "lum-dev-x") + wider)
    with pytest.raises(SettingsError) as error:
        allowances(checkout.root, "dev", TODAY)

    (problem,) = error.value.problems
    assert Place("config/allow.yaml", 2, 5) == problem.place
    assert "lets pass what the one in line 7 does already" == problem.message


def test_two_that_overlap(checkout: Checkout) -> None:
    """Neither of them lets pass all that the other does; another finding is another matter."""
    other = ALLOW.replace("dev:\n", "").replace("lum-dev-*", "lum-*-data")
    third = ALLOW.replace("dev:\n", "").replace("bucket-deleted", "bucket-replaced")
    checkout.write("config/allow.yaml", ALLOW + other + third)

    assert 3 == len(allowances(checkout.root, "dev", TODAY))


def test_a_link_to_nothing(checkout: Checkout) -> None:
    """What was meant to be allowed is not to be found: that is told, and not passed over."""
    (checkout.root / "config" / "allow.yaml").symlink_to("nowhere.yaml")

    with pytest.raises(SettingsError) as error:
        allowances(checkout.root, "dev", TODAY)

    assert "config/allow.yaml" in str(error.value)


def test_it_is_for_what_was_seen() -> None:
    """The same finding, with another value, is another matter; so is one more of its pattern."""
    short, shorter = (
        updated(SUBSCRIPTION, SUB, {**SUB, "message_retention_duration": f"{seconds}s"})
        for seconds in (86_400, 600)
    )
    named = bound(short, [allowance("retention-shortened", f"{SUBSCRIPTION}.o*")])

    def verdict(plan: Json) -> tuple[str, ...]:
        return rules(judge(plan_of(plan), TARGET, Provenance(), named, TODAY).blocking)

    assert () == verdict(short)
    assert ("allowance-unused", "retention-shortened") == verdict(shorter)
    (entry,) = short["resource_changes"]
    more = {**entry, "address": f"{SUBSCRIPTION}.other", "name": "other"}
    assert ("allowance-unused", "retention-shortened") == verdict(made_up(entry, more))


def _seen(plan: Json, rule: str) -> str:
    return digest(one for one in judged(plan).blocking if one.rule == rule)


def _granted(expression: str) -> Json:
    plan = planned("google_project_iam_member", "create", None,
                   {"role": "roles/logging.logWriter"}, {"member": True})  # fmt: skip
    (entry,) = plan["resource_changes"]
    written = {"member": {"constant_value": expression, "references": ["google_x.y"]}}
    resource = {"address": entry["address"], "mode": "managed", "expressions": written}
    return {**plan, "configuration": {"root_module": {"resources": [resource]}}}


def test_what_is_not_known_is_seen_as_it_is_written() -> None:
    """Whom the apply gives something is another matter as soon as it is found in another way."""
    one, other = (_granted(f"user:{name}@${{google_x.y.name}}") for name in "ab")

    assert _seen(one, "grant-unknown") != _seen(other, "grant-unknown")
    assert _seen(one, "grant-unknown") == _seen(copy.deepcopy(one), "grant-unknown")


def test_all_of_a_long_value_is_seen() -> None:
    """Though the report has no room for it."""
    many = [f"user:{number}@x.example" for number in range(2_000)]
    kind = "google_storage_bucket_iam_binding"
    one, other = (
        planned(kind, "create", None, {"bucket": "b", "role": "roles/owner", "members": members})
        for members in (many, [*many[:1_000], "user:evil@x.example", *many[1_001:]])
    )

    assert _seen(one, "basic-role") != _seen(other, "basic-role")


def test_what_goes_is_seen() -> None:
    """Another grant at the same address, a bucket with objects, a group with VMs is another one."""
    grants, buckets, groups = (
        [planned(kind, "delete", values, None) for values in several]
        for kind, several in (
            ("google_project_iam_member", [{"role": "roles/viewer", "member": "user:a@x.example"},
                                           {"role": "roles/viewer", "member": "user:b@x.example"},
                                           {"role": "roles/editor", "member": "user:a@x.example"}]),
            ("google_storage_bucket", [{"name": "a", "force_destroy": False},
                                       {"name": "a", "force_destroy": True}, {"name": "b"}]),
            (GROUP, [{"name": "g", "target_size": size} for size in (0, 7, 9)]),
        )
    )  # fmt: skip

    assert len({_seen(plan, "grant-removed") for plan in grants}) == len(grants)
    assert len({_seen(plan, "bucket-deleted") for plan in buckets}) == len(buckets)
    # How many are in one is another number each time; that there are some is not.
    empty, some, more = (_seen(plan, "group-deleted") for plan in groups)
    assert empty != some == more


def test_the_program_is_seen() -> None:
    """One that is allowed is no other."""
    plans = []
    for command in ("echo hi", "rm -rf /"):
        plan = planned("terraform_data", "create", None, {})
        (entry,) = plan["resource_changes"]
        program = {"type": "local-exec", "expressions": {"command": {"constant_value": command}}}
        resource = {"address": entry["address"], "mode": "managed", "provisioners": [program]}
        plan["configuration"] = {"root_module": {"resources": [resource]}}
        plans.append(plan)

    assert _seen(plans[0], "runs-program") != _seen(plans[1], "runs-program")


def test_what_a_group_starts_is_seen() -> None:
    """To roll it to one template is not to roll it to the next."""
    plan = recorded("case-release-eager")
    other = json.loads(json.dumps(plan).replace("jobs-2", "jobs-3"))
    sized = copy.deepcopy(plan)
    for entry in sized["resource_changes"]:
        if entry["type"] == GROUP:
            for side in ("before", "after"):
                entry["change"][side]["target_size"] = 7

    assert _seen(plan, "group-rolled") != _seen(other, "group-rolled")
    assert _seen(plan, "group-rolled") == _seen(sized, "group-rolled")


def test_what_is_masked_is_not_merged() -> None:
    """Of two keys that look like secrets nobody can tell which one is meant."""
    address = f'{BUCKET}.many["(masked)"]'

    assert not matches(address, address)


def test_what_cannot_be_allowed() -> None:
    """No allowance lets pass what can only end in an error."""
    entry = change(BUCKET, ["forget", "create"], {"name": "a"}, {"name": "a"})

    verdict = judged(made_up(entry), allowance("protected-replaced", f"{BUCKET}.one"))

    assert ("allowance-unused", "protected-replaced") == rules(verdict.blocking)


def test_what_is_told_of_one_that_is_over_or_unused() -> None:
    """Where it stands, what it was for, and until when."""
    yesterday = TODAY - datetime.timedelta(days=1)
    plan = recorded("case-nothing")
    over = judged(plan, allowance("bucket-deleted", f"{BUCKET}.x", until=yesterday)).blocking
    unused = judged(plan, allowance("bucket-deleted", f"{BUCKET}.x")).blocking

    assert [
        f"config/allow.yaml:2 allowed bucket-deleted of `{BUCKET}.x` until 2026-11-22",
        f"config/allow.yaml:2 allows bucket-deleted of `{BUCKET}.x`, and the plan does nothing of "
        "the kind, or another thing",
    ] == [one.what for one in (*over, *unused)]


def test_those_that_have_run_out(checkout: Checkout) -> None:
    """They are warned of from the day after their last one, by environment."""
    checkout.write("config/allow.yaml", ALLOW)
    last = datetime.date(2026, 12, 1)
    over = last + datetime.timedelta(days=1)

    assert [] == run_out(checkout.root, ["dev"], last) == run_out(checkout.root, ["prod"], over)
    (problem,) = run_out(checkout.root, ["prod", "dev"], over)
    assert (Place("config/allow.yaml", 2, 5), "dev", "warning") == (
        problem.place,
        problem.path,
        problem.severity,
    )
    assert (
        "the allowance for bucket-deleted of google_storage_bucket.lum-dev-* is over since "
        "2026-12-01, and blocks every plan"
    ) == problem.message


@pytest.mark.parametrize("finding", ["deletion-budgt", "grant-addd"])
def test_what_is_not_proposed(finding: str, checkout: Checkout) -> None:
    """What can never be allowed, or never blocks, is not what was meant."""
    checkout.write("config/allow.yaml", ALLOW.replace("bucket-deleted", finding))
    with pytest.raises(SettingsError) as error:
        allowances(checkout.root, "dev", TODAY)

    assert f'got "{finding}"' in str(error.value)
    assert '"deletion-budget"' not in str(error.value)
    assert '"grant-added"' not in str(error.value)


def test_each_mistake_is_told(checkout: Checkout) -> None:
    """What is sound beside it is read, and what is wrong in another environment is told, too."""
    text = ALLOW.replace("0123abcd", "x").replace("it was empty", "x")
    other = ALLOW.replace("dev:", "prod:").replace("bucket-deleted", "bucket-gone")
    checkout.write("config/allow.yaml", text + other)
    with pytest.raises(SettingsError) as error:
        allowances(checkout.root, "dev", TODAY)

    assert ["dev.0.seen", "dev.0.reason", "prod.0.finding"] == [
        one.path for one in error.value.problems
    ]
