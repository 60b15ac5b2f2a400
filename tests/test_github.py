"""`pipeline-zen comment`: one comment a report, updated in place, or a failure that says why."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline_zen import github
from pipeline_zen.cli import main
from pipeline_zen.report import markdown
from pipeline_zen.report.marker import PLAN, has_marker, marker
from tests.conftest import Run
from tests.fake_github import TOKEN, Answer, FakeGitHub

MARKER = marker(PLAN, "dev")
REPORT = f"{MARKER}\n## dev · no changes ✅\n"
SHA = "0123456789abcdef0123456789abcdef01234567"

Post = Callable[..., Result]


@pytest.fixture
def fake() -> Iterator[FakeGitHub]:
    with FakeGitHub().running() as fake:
        yield fake


@pytest.fixture
def variables(fake: FakeGitHub, tmp_path: Path) -> dict[str, str]:
    """What a workflow has in its environment."""
    event = {"pull_request": {"number": 7, "head": {"sha": SHA}}}
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    return {
        "GITHUB_API_URL": fake.url,
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_RUN_ID": "99",
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_TOKEN": TOKEN,
    }


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited between tries, in no time."""
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    return waits


@pytest.fixture
def post(variables: dict[str, str], tmp_path: Path, waits: list[float]) -> Post:
    """Run the verb on a report, without waiting between tries."""
    assert [] == waits
    file = tmp_path / "report.md"

    def post(report: str | bytes = REPORT, **changed: str | None) -> Result:
        file.write_bytes(report if isinstance(report, bytes) else report.encode())
        result = CliRunner().invoke(main, ["comment", str(file)], env={**variables, **changed})
        assert TOKEN not in result.output
        return result

    return post


def test_it_is_created_then_updated(fake: FakeGitHub, post: Post) -> None:
    """The first report is a comment, the second takes its place, with its own commit."""
    first = post()
    second = post(REPORT.replace("no changes", "2 updated"))

    assert (0, "Posted: #1\n") == (first.exit_code, first.output)
    assert (0, "Posted: #1\n") == (second.exit_code, second.output)
    run = "[run](https://github.example/o/r/actions/runs/99)"
    expected = f"{REPORT.replace('no changes', '2 updated')}\n<sub>Commit {SHA} · {run}</sub>\n"
    assert {1: expected} == fake.bodies()


def test_others_are_left_alone(fake: FakeGitHub, post: Post) -> None:
    """Another environment's report, others' copies of the marker, and a quotation stay."""
    others = [
        fake.add(REPORT.replace("of dev", "of prod")),
        fake.add(REPORT.replace("plan of", "rehearsal of")),
        fake.add(REPORT, login="somebody"),
        fake.add(REPORT, login="another-app[bot]"),
        fake.add(f"See:\n{REPORT}"),
    ]
    before = fake.bodies()

    assert 0 == post().exit_code
    assert before == {number: fake.bodies()[number] for number in others}
    assert len(others) + 1 == len(fake.comments)


def test_it_is_found_on_a_later_page(fake: FakeGitHub, post: Post) -> None:
    """However many comments there are, ours is found."""
    for number in range(250):
        fake.add(f"comment {number}")
    ours = fake.add(REPORT.replace("no changes", "old"))

    assert f"Posted: #{ours}\n" == post().output
    assert 251 == len(fake.comments)
    assert ["GET", "GET", "GET", "PATCH"] == fake.methods()


def test_the_summary_has_it_even_if_it_cannot_be_posted(
    fake: FakeGitHub, post: Post, variables: dict[str, str]
) -> None:
    """Of a fork's pull request the token may only read; the report is on the page of the run."""
    fake.answers = [(200, {}, b"[]"), (403, {}, b'{"message": "Resource not accessible"}')]

    result = post()

    assert 1 == result.exit_code
    assert "GitHub refuses: 403 Resource not accessible - the token may not comment" in (
        result.output
    )
    assert "for a pull request from a fork" in result.output
    summary = Path(variables["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")
    assert REPORT in summary


CUT: Answer = (0, {}, b"")
PASSING: list[Answer] = [(503, {}, b""), (502, {}, b"<html>"), CUT]


@pytest.mark.parametrize("answer", [*PASSING, (200, {}, b"[{")])
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_it_tries_again(method: str, answer: Answer, fake: FakeGitHub, post: Post) -> None:
    """What passes by itself is waited for, whatever was asked."""
    if method == "PATCH":
        fake.add(REPORT)
    fake.answers_to[method] = [answer, answer]

    assert 0 == post().exit_code
    assert [1] == list(fake.bodies())
    assert 3 == fake.methods().count(method)


@pytest.mark.parametrize("answer", PASSING)
def test_it_is_not_created_twice(answer: Answer, fake: FakeGitHub, post: Post) -> None:
    """What GitHub has created without an answer is found, and updated."""
    fake.unanswered["POST"] = [answer]

    result = post()

    assert (0, "Posted: #1\n") == (result.exit_code, result.output)
    assert [1] == list(fake.bodies())
    assert ["GET", "POST", "GET", "PATCH"] == fake.methods()


def test_an_update_may_be_repeated(fake: FakeGitHub, post: Post) -> None:
    """An update that was carried out without an answer is only made again."""
    ours = fake.add(REPORT)
    fake.unanswered["PATCH"] = [CUT]

    assert f"Posted: #{ours}\n" == post().output
    assert ["GET", "PATCH", "PATCH"] == fake.methods()


def test_duplicates_are_deleted(fake: FakeGitHub, post: Post) -> None:
    """However there came to be several, one is left, with what is true now."""
    other = fake.add(REPORT.replace("of dev", "of prod"))
    ours = [fake.add(REPORT.replace("no changes", f"old {number}")) for number in range(3)]

    assert f"Posted: #{ours[0]}\n" == post().output
    assert [other, ours[0]] == list(fake.bodies())
    assert fake.bodies()[ours[0]].startswith(REPORT)


def test_another_account(fake: FakeGitHub, run: Run, variables: dict[str, str]) -> None:
    """With a token of another account, that one's comments are ours."""
    theirs, ours = fake.add(REPORT), fake.add(REPORT, login="our-app[bot]")
    missing = ["comment", "none.md", "--kind", "plan", "--env", "dev", "--as", "our-app[bot]"]

    assert f"Posted: #{ours}\n" == run(*missing, env=variables).stdout
    assert REPORT == fake.bodies()[theirs]


USED_UP = {"X-RateLimit-Remaining": "0"}
SECONDARY = b'{"message": "You have exceeded a secondary rate limit."}'


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((429, {"Retry-After": "2"}, b"{}"), [2, 2]),
        ((403, {"Retry-After": "1"}, SECONDARY), [1, 1]),
        ((429, {}, b"{}"), [60, 120]),
        ((403, {}, SECONDARY), [60, 120]),
        ((403, USED_UP, b"{}"), [60, 120]),
        ((403, {**USED_UP, "X-RateLimit-Reset": "1"}, b"{}"), [1, 1]),
    ],
)
def test_a_rate_limit_is_waited_for(
    answer: Answer, expected: list[float], fake: FakeGitHub, post: Post, waits: list[float]
) -> None:
    """As long as GitHub says; where it does not, a minute, and then two."""
    fake.answers_to["POST"] = [answer, answer]

    assert 0 == post().exit_code
    assert expected == waits
    assert [1] == list(fake.bodies())


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        ((429, {"Retry-After": "300"}, b"{}"), "300"),
        ((403, {"Retry-After": "121"}, SECONDARY), "121"),
        ((403, {**USED_UP, "X-RateLimit-Reset": "9999999999"}, b"{}"), r"[0-9,]{11,}"),
    ],
)
def test_a_long_rate_limit_is_not_waited_for(
    answer: Answer, seconds: str, fake: FakeGitHub, post: Post, waits: list[float]
) -> None:
    """Nobody waits for an hour, and GitHub is not asked again before it wants to be."""
    fake.answers = [answer]

    result = post()

    assert 1 == result.exit_code
    said = rf"its rate limit is used up\. It wants us to wait {seconds} seconds: run the job again"
    assert re.search(said, result.output)
    assert "fork" not in result.output
    assert [] == waits
    assert ["GET"] == fake.methods()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "the token is not valid"),
        (404, "there is no such pull request"),
        (422, "GitHub refuses: 422"),
        (503, "GitHub refuses: 503"),
    ],
)
def test_it_gives_up(status: int, said: str, fake: FakeGitHub, post: Post) -> None:
    """What does not pass is a failure."""
    fake.answers = [(status, {}, b"{}")] * 10

    result = post()

    assert 1 == result.exit_code
    assert said in result.output


def test_a_redirect_is_not_followed(fake: FakeGitHub, post: Post) -> None:
    """The token goes nowhere else."""
    with FakeGitHub().running() as other:
        fake.answers = [(302, {"Location": f"{other.url}/x"}, b"")]

        result = post()

        assert 1 == result.exit_code
        assert "it redirects elsewhere" in result.output
        assert [] == other.requests


def test_nobody_there(post: Post) -> None:
    """An address that nobody listens at is told."""
    result = post(GITHUB_API_URL="http://127.0.0.1:9")

    assert 1 == result.exit_code
    assert "http://127.0.0.1:9 cannot be reached: URLError.\n" == result.output


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "GITHUB_REPOSITORY", "GITHUB_EVENT_PATH"])
def test_a_variable_is_missing(name: str, post: Post) -> None:
    """Outside of a workflow it says what must be set."""
    result = post(**{name: None})

    assert 1 == result.exit_code
    assert f"{name} must be set, as in a workflow that a pull request runs.\n" == result.output


@pytest.mark.parametrize("event", ["", "{}", '{"pull_request": null}', "[]"])
def test_no_pull_request(event: str, post: Post, variables: dict[str, str]) -> None:
    """A workflow that no pull request runs has nothing to post on."""
    Path(variables["GITHUB_EVENT_PATH"]).write_text(event, encoding="utf-8")

    result = post()

    assert 1 == result.exit_code
    assert "does not tell of a pull request" in result.output


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ("", "does not begin with a marker"),
        ("# Plan\n", "does not begin with a marker"),
        (f"x\n{REPORT}", "does not begin with a marker"),
        (f"{MARKER}\n{'x' * 65_000}", "is too long for a comment"),
        (b"\xff", "not UTF-8 text"),
    ],
)
def test_no_report(report: str | bytes, said: str, fake: FakeGitHub, post: Post) -> None:
    """What is no report is not posted."""
    result = post(report)

    assert 1 == result.exit_code
    assert said in result.output
    assert [] == fake.requests


def test_a_report_that_is_missing(run: Run, variables: dict[str, str]) -> None:
    """So is one that was never written; as a user runs it."""
    result = run("comment", "nothing.md", env=variables)

    assert 1 == result.returncode
    said = "nothing.md: No such file or directory. Write it with `--report nothing.md` first.\n"
    assert said == result.stderr


def test_a_failure_before_any_report(fake: FakeGitHub, run: Run, variables: dict[str, str]) -> None:
    """Where there is none, the comment of the commit before is replaced, and it fails."""
    ours = fake.add(f"{MARKER}\n## dev: safe\n")

    result = run("comment", "nothing.md", "--kind", "plan", "--env", "dev", env=variables)

    assert 1 == result.returncode
    assert f"Posted: #{ours}\n" == result.stdout
    said = "There is no nothing.md: what should have written it has failed.\n"
    assert said == result.stderr
    text = fake.bodies()[ours]
    assert text.startswith(f"{MARKER}\n## ❌ dev: the plan failed\n")
    assert "The plan ended before it could report anything." in text
    assert f"Commit {SHA} · [run]" in text


def test_a_report_is_not_replaced_by_none(
    fake: FakeGitHub, post: Post, variables: dict[str, str], tmp_path: Path
) -> None:
    """One that is there is posted, whatever it should be of."""
    post()
    named = ["comment", str(tmp_path / "report.md"), "--kind", "plan", "--env", "dev"]

    assert 0 == CliRunner().invoke(main, named, env=variables).exit_code
    assert fake.bodies()[1].startswith(REPORT)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--kind", "plan"], "Give --kind and --env together."),
        (["--env", "dev"], "Give --kind and --env together."),
        (["--kind", "plan", "--env", "DEV -->"], '"DEV -->" is no name of an environment'),
    ],
)
def test_a_report_of_nothing(
    options: list[str], said: str, run: Run, fake: FakeGitHub, variables: dict[str, str]
) -> None:
    """What there is none of must be named, and by a name that a marker can have."""
    result = run("comment", "nothing.md", *options, env=variables)

    assert result.returncode
    assert said in result.stderr
    assert [] == fake.requests


def test_every_report_can_be_posted() -> None:
    """The marker and the size that reports have are those that are asked for."""
    failed = markdown.failed("rehearsal", "dev-2", "x" * 100_000)

    assert has_marker(failed)
    assert markdown.LIMIT < github.LIMIT - 1_000
    assert len(failed) < github.LIMIT - 1_000
