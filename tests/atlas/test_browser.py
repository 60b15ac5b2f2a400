"""The page in real Chromium: nothing is cut or over one another, and everybody can use it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.atlas.chromium import Chromium, chromium
from tests.atlas.drawn import a_change, drawn
from tests.conftest import ENVIRONMENTS, ROOT, Stack

pytestmark = [pytest.mark.browser, pytest.mark.node]

AXE = ROOT / ".venv" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
LOOK = Path(__file__).with_name("look.js").read_text(encoding="utf-8")
REQUIRE = "PIPELINE_ZEN_REQUIRE_CHROMIUM"
"""Set where a missing Chromium is a failure rather than a skipped test."""

WIDTHS = (360, 768, 1440)
PAGES = (*ENVIRONMENTS, "change")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """Chromium; skips the test where there is none, or fails it where one was promised."""
    found = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    path = next(found, None)
    if path is None:
        if os.environ.get(REQUIRE):
            pytest.fail(f"{REQUIRE} is set, but there is no Chromium on the PATH")
        pytest.skip("Chromium is not installed: nobody has looked at the atlas")
    with chromium(path, tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(scope="module")
def pages(stacks: dict[str, Stack], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The atlas of each environment, and one with a change, as files."""
    folder = tmp_path_factory.mktemp("atlas with a space")
    texts = {name: drawn(stacks[name], name) for name in ENVIRONMENTS}
    texts["change"] = drawn(stacks["dev"], change=a_change())
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_or_over_one_another(
    name: str, width: int, browser: Chromium, pages: dict[str, Path]
) -> None:
    """On a telephone and on a desk, with a change drawn over it and without."""
    browser.open(pages[name], width)

    assert [] == browser.run(LOOK)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    name: str, width: int, scheme: str, browser: Chromium, pages: dict[str, Path]
) -> None:
    """Contrast, headings, names and order, by the rules of axe-core."""
    browser.open(pages[name], width, scheme=scheme)

    assert [] == _violations(browser)


def _violations(browser: Chromium) -> list[object]:
    """What axe-core finds on the page; skips the test where it is not installed."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: `make browser` installs it")
    browser.run(AXE.read_text(encoding="utf-8"))
    found: list[object] = browser.run(
        "axe.run().then((result) => result.violations.map("
        "(each) => [each.id, each.nodes.map((node) => node.html)]))"
    )
    return found


def test_it_asks_for_nothing_else(browser: Chromium, pages: dict[str, Path]) -> None:
    """It opens from the disk, in a folder with a space, without network and JavaScript."""
    browser.requests.clear()

    browser.open(pages["dev"], 1440, javascript=False)

    assert {pages["dev"].as_uri()} == set(browser.requests)
    browser.open(pages["dev"], 1440)
    assert browser.run("document.body.innerText").startswith("Pipeline Zen")


def test_it_can_be_printed(browser: Chromium, pages: dict[str, Path]) -> None:
    """On paper, on less than fifteen sheets."""
    browser.open(pages["dev"], 1440)

    paper = browser.printed()

    assert paper.startswith(b"%PDF-")
    assert 1 <= paper.count(b"/Type /Page\n") <= 15


def test_the_look_finds_what_is_wrong(browser: Chromium, tmp_path: Path) -> None:
    """What is cut, outside, or over one another is seen."""
    page = tmp_path / "page.html"
    page.write_text(
        "<p style='position:absolute;top:0'>over</p><p style='position:absolute;top:0'>another</p>"
        "<div style='width:20px;overflow:hidden;white-space:nowrap'>this is cut off</div>"
        "<p style='position:absolute;left:-80px;top:90px'>outside</p>",
        encoding="utf-8",
    )
    browser.open(page, 360)

    found = " ".join(browser.run(LOOK))

    assert _violations(browser)
    for wrong in ("over one another: over | another", "cut: DIV", "outside: outside"):
        assert wrong in found
