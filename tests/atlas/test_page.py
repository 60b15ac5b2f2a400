"""The page as a whole: small, alone, the same twice, and hiding nothing of the settings."""

import re

import pytest
from click.testing import CliRunner

from pipeline_zen.cli import main
from pipeline_zen.visible import is_hidden
from tests.atlas.drawn import a_change, drawn
from tests.conftest import ENVIRONMENTS, SETTINGS, Checkout, Stack
from tests.plans.made import change, made_up
from tests.report.reviews import reviewed

pytestmark = pytest.mark.node


def _text(html: str) -> str:
    """What a page says, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main>")[2]).split())


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_it_stands_alone(environment: str, stacks: dict[str, Stack]) -> None:
    """It is under 300 KB, runs nothing, and asks nobody for anything."""
    html = drawn(stacks[environment], environment)

    assert len(html.encode()) < 300_000
    assert "<script" not in html
    assert not re.findall(r'(?:src|href)="(?!#)|url\((?!#)', html)
    assert "://" not in html


def test_the_same_settings_make_the_same_bytes(stacks: dict[str, Stack]) -> None:
    """Nothing in it is of the hour, of the machine or of chance."""
    assert drawn(stacks["dev"], change=a_change()) == drawn(stacks["dev"], change=a_change())


def test_every_link_leads_into_the_page(stacks: dict[str, Stack]) -> None:
    """A link's target is there, once."""
    html = drawn(stacks["prod"], "prod")
    ids = re.findall(r' id="([^"]+)"', html)

    assert len(ids) == len(set(ids))
    links = set(re.findall(r'href="#([^"]+)"', html))
    assert set() == links - set(ids)
    assert any(link.startswith("config/base.yaml:") for link in links)


def test_every_group_is_in_it(stacks: dict[str, Stack]) -> None:
    """Each cluster in each of its regions, with a link to the line of its region."""
    html = drawn(stacks["dev"])
    lines = (SETTINGS / "config/base.yaml").read_text(encoding="utf-8").splitlines()
    row = html.partition('id="us-central1"')[2].partition("</tr>")[0]

    assert 67 == html.count('<span class="zones">')
    assert ["a b c f"] * 4 + ["a c"] * 4 + ["a b c f"] * 3 == re.findall(
        r">([a-z ]+)</a></span>", row
    )
    for anchor in re.findall(r'href="#config/base.yaml:(\d+)"[^>]*>[a-z ]+</a></span>', row):
        assert lines[int(anchor) - 1].strip().startswith("us-central1: [")


def test_what_is_not_known_is_no_zero(checkout: Checkout, stacks: dict[str, Stack]) -> None:
    """A cluster without a limit is unknown, in its cells and in every sum that it is missing in."""
    from pipeline_zen.atlas import page
    from pipeline_zen.settings import load

    checkout.edit("config/base.yaml", "max_vms: {8: 3}", "target_shape: ANY")
    (settings,) = load(checkout.root, ("dev",))

    text = _text(page(settings, checkout.root, stacks["dev"]))

    assert "VMs unknown $ unknown" in text
    assert "and 4 groups without a limit" in text
    assert "GPUs + unknown" in text
    assert "/h + unknown" in text


def test_a_cluster_of_spot_vms(checkout: Checkout, stacks: dict[str, Stack]) -> None:
    """The word for how VMs are had is told, and the price is that of spot."""
    from pipeline_zen.atlas import page
    from pipeline_zen.settings import load

    (before,) = load(checkout.root, ("dev",))
    dear = _text(page(before, checkout.root, stacks["dev"]))
    checkout.edit("config/base.yaml", "  h100-80gb:\n", "  h100-80gb:\n    capacity: spot\n")
    (settings,) = load(checkout.root, ("dev",))

    text = _text(page(settings, checkout.root, stacks["dev"]))

    assert "8xh100-80gb 8 GPUs a3-highgpu-8g spot" in text
    (full,), (cheap,) = (re.findall(r"all regions .*? \$([\d,]+)/h", each) for each in (dear, text))
    assert int(cheap.replace(",", "")) < int(full.replace(",", ""))


def test_a_price_that_is_in_no_list(checkout: Checkout, stacks: dict[str, Stack]) -> None:
    """What flex-start costs is not known, and is no price on demand either."""
    from pipeline_zen.atlas import page
    from pipeline_zen.settings import load

    checkout.edit(
        "config/base.yaml",
        "  h100-80gb:\n",
        "  h100-80gb:\n    capacity: flex-start\n    max_run_hours: 24\n",
    )
    (settings,) = load(checkout.root, ("dev",))

    text = _text(page(settings, checkout.root, stacks["dev"]))

    assert "and 4 groups without a known price" in text
    assert "8xh100-80gb b c flex-start 3 VMs $ unknown" in " ".join(
        text.replace("zones ", "").split()
    )


def test_a_release_of_its_own(checkout: Checkout, stacks: dict[str, Stack]) -> None:
    """A cluster that boots another release than VERSION is named, with the line that says so."""
    from pipeline_zen.atlas import page
    from pipeline_zen.settings import load

    checkout.edit("config/base.yaml", "  h100-80gb:\n", "  h100-80gb:\n    image_version: 9.0.1\n")
    (settings,) = load(checkout.root, ("dev",))

    html = page(settings, checkout.root, stacks["dev"])

    assert "9.0.1 (not the release in VERSION): 8xh100-80gb" in _text(html)
    assert re.search(r'href="#config/base.yaml:\d+"[^>]*>9\.0\.1</a>', html)


def test_a_change_is_drawn_over_it(stacks: dict[str, Stack]) -> None:
    """What is new, gone and touched is marked where it stands, also where it stands no more."""
    html = drawn(stacks["dev"], change=a_change())
    text = _text(html)

    assert "What the plan changes Blocked: kills running jobs" in text
    assert "What is new in groups comes to $23.63 an hour at most, with 8 VMs and 8 GPUs." in text
    for region, mark in (("us-south1", "gone"), ("us-east4", "gone"), ("us-west1", "touched")):
        row = html.partition(f'id="{region}"')[2].partition("</tr>")[0]
        assert f'<td class="{mark}">' in row
    assert 1 == html.count('<td class="new">')
    assert "gone" not in html.partition("<main>")[0].partition("</style>")[2]
    assert "1xl4" in text


def test_nothing_of_the_settings_is_html(checkout: Checkout, stacks: dict[str, Stack]) -> None:
    """A comment in YAML cannot run anything, or hide what follows."""
    from pipeline_zen.atlas import page
    from pipeline_zen.settings import load

    checkout.edit("config/dev.yaml", "project:", "# <script>alert(1)</script>\nproject:")
    (settings,) = load(checkout.root, ("dev",))

    html = page(settings, checkout.root, stacks["dev"])

    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_verb(checkout: Checkout) -> None:
    """It writes the page where it is told to, and says where that is."""
    file = checkout.root / "page.html"

    result = CliRunner().invoke(
        main, ["-C", str(checkout.root), "atlas", "dev", "--output", str(file)]
    )

    assert (0, f"{file.as_uri()}\n") == (result.exit_code, result.stdout)
    assert "<h1>dev at a glance</h1>" in file.read_text(encoding="utf-8")
    assert not (checkout.root / "cdktf.out").exists()


def test_a_plan_that_is_none(checkout: Checkout) -> None:
    """It is told by its name, and nothing is written."""
    checkout.write("plan.json", "{}")

    result = CliRunner().invoke(
        main, ["-C", str(checkout.root), "atlas", "dev", "--plan", str(checkout.root / "plan.json")]
    )

    assert 1 == result.exit_code
    assert f"{checkout.root / 'plan.json'}: It has no format_version" in result.stderr
    assert not (checkout.root / "cdktf.out").exists()


def test_what_is_in_doubt_is_told(stacks: dict[str, Stack]) -> None:
    """Checks that do not hold, and what of a plan is not judged; of many how many more."""
    checks = [{"address": {"to_display": f"check.c{number:02}"}, "status": "fail",
               "instances": [{"status": "fail", "problems": [{"message": "<b>wait</b>"}]}]}
              for number in range(20)]  # fmt: skip
    doubtful = {**made_up(), "checks": checks, "complete": False, "brand_new": 1}

    html = drawn(stacks["dev"], change=reviewed(doubtful))

    assert "check.c00 fails: &lt;b&gt;wait&lt;/b&gt;</li>" in html
    assert "check.c19 fails" in html
    assert "calls this plan incomplete" not in html
    assert "<li>And 2 more.</li>" in html
    few = drawn(stacks["dev"], change=reviewed({**doubtful, "checks": checks[:1]}))
    assert "OpenTofu calls this plan incomplete" in few
    assert "`brand_new`" in few
    assert "more.</li>" not in few


def test_nothing_of_a_plan_hides(stacks: dict[str, Stack]) -> None:
    """What moves, turns around or cannot be seen is written out, as in a report."""
    evil = "a\u202eb\u200bc\x1b[2J"
    gone = change(f"google_{evil}", ["delete"], {}, None)
    checks = [{"address": {"to_display": evil}, "status": "unknown"}]

    html = drawn(stacks["dev"], change=reviewed({**made_up(gone), "checks": checks, evil: 1}))

    assert not [character for character in html if is_hidden(character)]
    assert 3 == html.count("a\\u202eb\\u200bc\\u001b[2J")
