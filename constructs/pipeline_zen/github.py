"""
Posts a report on a pull request: one comment for each kind and environment, updated in place.

What it needs it takes from the variables that GitHub sets in a workflow, and from GITHUB_TOKEN.
"""

import http.client
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline_zen.errors import UserError
from pipeline_zen.report import failed, has_marker

LIMIT = 65_536
"""Characters that GitHub takes in a comment."""

TIMEOUT = 30
TRIES = 4
LONGEST_WAIT = 120
"""Seconds that GitHub may ask us to wait before the next try; a longer wait is given up."""

SECONDARY_WAIT = 60.0
"""Seconds to wait at a rate limit of which GitHub does not say when it is over; then twice that."""

_PAGE = 100
_AGAIN = (500, 502, 503, 504)


class GitHubError(UserError):
    """The report is not posted; the text says why and what to do."""


@dataclass(frozen=True)
class PullRequest:
    """Where to post, and as whom."""

    api: str
    repository: str
    number: int
    token: str
    footer: str
    """Which commit and run the report is of."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "PullRequest":
        """Take it from a workflow's variables. Raises GitHubError where one is missing."""
        missing = [
            name
            for name in ("GITHUB_TOKEN", "GITHUB_REPOSITORY", "GITHUB_EVENT_PATH")
            if not environment.get(name)
        ]
        if missing:
            raise GitHubError(
                f"{', '.join(missing)} must be set, as in a workflow that a pull request runs"
            )
        path = Path(environment["GITHUB_EVENT_PATH"])
        try:
            event = json.loads(path.read_text(encoding="utf-8"))
            pull = event["pull_request"]
            number, commit = int(pull["number"]), str(pull["head"]["sha"])
        except (OSError, ValueError, KeyError, TypeError):
            raise GitHubError(
                f"{path} does not tell of a pull request: run this in a workflow `on: pull_request`"
            ) from None
        footer = f"\n<sub>Commit {commit[:40]}"
        server, run = environment.get("GITHUB_SERVER_URL"), environment.get("GITHUB_RUN_ID")
        if server and run:
            footer += f" · [run]({server}/{environment['GITHUB_REPOSITORY']}/actions/runs/{run})"
        return cls(
            api=environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/"),
            repository=environment["GITHUB_REPOSITORY"],
            number=number,
            token=environment["GITHUB_TOKEN"],
            footer=f"{footer}</sub>\n",
        )

    def post(self, report: str, account: str) -> str:
        """
        Create the comment that begins with the report's marker, or update it; its address.

        Only the *account*'s own comments count as ours: anybody can copy a marker. Of several the
        first is kept, and the others are deleted. Raises GitHubError where it cannot be posted.
        """
        marker = report.partition("\n")[0]
        body = json.dumps({"body": report + self.footer}).encode()
        for attempt in range(1, TRIES + 1):
            ours = self._ours(marker, account)
            if ours:
                posted = self._call("PATCH", self._comment(ours[0]), body)
                for duplicate in ours[1:]:
                    self._call("DELETE", self._comment(duplicate))
                return self._address(posted)
            try:
                return self._address(self._ask("POST", self._comments, body))
            except _PassingError as error:
                # GitHub may have created it without an answer, so we look before we repeat it.
                error.wait(attempt)
        raise AssertionError("unreachable")

    @property
    def _comments(self) -> str:
        return f"/repos/{self.repository}/issues/{self.number}/comments"

    def _comment(self, number: int) -> str:
        return f"/repos/{self.repository}/issues/comments/{number}"

    def _ours(self, marker: str, account: str) -> list[int]:
        return [
            int(comment["id"])
            for comment in self._pages(f"{self._comments}?per_page={_PAGE}")
            if (comment.get("user") or {}).get("login") == account
            and str(comment.get("body", "")).partition("\n")[0].strip() == marker
        ]

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        page = 1
        while True:
            comments = self._call("GET", f"{path}&page={page}")
            if not isinstance(comments, list):
                raise GitHubError("GitHub's answer is no list of comments")
            yield from (comment for comment in comments if isinstance(comment, dict))
            if len(comments) < _PAGE:
                return
            page += 1

    @staticmethod
    def _address(comment: Any) -> str:
        return str(comment.get("html_url", "")) if isinstance(comment, dict) else ""

    def _call(self, method: str, path: str, body: bytes | None = None) -> Any:
        """Ask what may be asked twice, until it is answered. Raises GitHubError."""
        for attempt in range(1, TRIES + 1):
            try:
                return self._ask(method, path, body)
            except _PassingError as error:
                error.wait(attempt)
        raise AssertionError("unreachable")

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Any:
        """Ask once. Raises _PassingError for what may pass, and GitHubError for what does not."""
        request = urllib.request.Request(  # noqa: S310 - GitHub's address, from the workflow
            self.api + path,
            data=body,
            method=method,
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "User-Agent": "pipeline-zen",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        try:
            with _OPENER.open(request, timeout=TIMEOUT) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                message = _message(error)
                limited = _limited(error, message)
                hint = "its rate limit is used up" if limited else _HINTS.get(error.code, "")
                told = " - ".join(filter(None, [message, hint])) or str(error.reason)
                refusal = f"GitHub refuses: {error.code} {told}"
                if limited:
                    raise _RateLimitError(refusal, _asked_to_wait(error)) from None
                if error.code in _AGAIN:
                    raise _PassingError(refusal) from None
                raise GitHubError(refusal) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = type(error).__name__
            raise _PassingError(f"{self.api} cannot be reached: {reason}") from None


class _PassingError(Exception):
    """What may be over at the next try; the text is for when it is not."""

    def wait(self, attempt: int) -> None:
        """Wait for the next try. Raises GitHubError where there is none, or not soon enough."""
        if attempt == TRIES:
            raise GitHubError(f"{self}") from None
        time.sleep(self.seconds(attempt))

    def seconds(self, attempt: int) -> float:
        """Seconds to wait after a try."""
        return float(2 ** (attempt - 2))


class _RateLimitError(_PassingError):
    """GitHub wants to be asked less; *asked* is how long it wants us to wait, where it says so."""

    def __init__(self, told: str, asked: float | None) -> None:
        super().__init__(told)
        self.asked = asked

    def seconds(self, attempt: int) -> float:
        """Seconds that GitHub says, or else a minute and then twice that; GitHubError for more."""
        wait = SECONDARY_WAIT * 2 ** (attempt - 1) if self.asked is None else self.asked
        if wait > LONGEST_WAIT:
            raise GitHubError(
                f"{self}. It wants us to wait {wait:,.0f} seconds: run the job again after that"
            ) from None
        return wait


def read_report(file: Path) -> str:
    """The report in *file*. Raises GitHubError for one that cannot be posted."""
    try:
        report = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise GitHubError(f"{file}: {reason}. Write it with `--report {file}` first") from None
    if not has_marker(report):
        raise GitHubError(f"{file} does not begin with a marker: it is no report of pipeline-zen")
    if len(report) > LIMIT - 1_000:
        raise GitHubError(f"{file} is too long for a comment: {len(report):,} characters")
    return report


def no_report(kind: str, environment: str) -> str:
    """A report that says that there is none. Raises GitHubError for what is no environment."""
    report = failed(
        kind,
        environment,
        f"The {kind} ended before it could report anything. Why, is in the log of the run.",
    )
    if not has_marker(report):
        raise GitHubError(f'"{environment}" is no name of an environment')
    return report


def summarize(report: str) -> None:
    """Show the report on the page of the run as well, where there is one."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(report + "\n")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would take the token along to wherever it leads."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


_HINTS = {
    301: "it redirects elsewhere: see GITHUB_API_URL",
    302: "it redirects elsewhere: see GITHUB_API_URL",
    307: "it redirects elsewhere: see GITHUB_API_URL",
    308: "it redirects elsewhere: see GITHUB_API_URL",
    401: "the token is not valid",
    403: "the token may not comment; for a pull request from a fork GitHub gives one that may "
    "only read, and the report is on the page of the run",
    404: "there is no such pull request, or the token may not see it",
}
"""What an answer means here."""


def _message(error: urllib.error.HTTPError) -> str:
    """What GitHub says."""
    try:
        return str(json.loads(error.read()).get("message", ""))[:200]
    except (ValueError, AttributeError, OSError, http.client.HTTPException):
        return ""


def _limited(error: urllib.error.HTTPError, message: str) -> bool:
    """Whether it is a rate limit, which GitHub tells in four ways."""
    return error.code == 429 or (  # noqa: PLR2004 - HTTP's too many requests
        error.code == 403  # noqa: PLR2004 - HTTP's forbidden
        and (
            bool(error.headers.get("Retry-After"))
            or error.headers.get("X-RateLimit-Remaining") == "0"
            or "rate limit" in message.lower()
        )
    )


def _asked_to_wait(error: urllib.error.HTTPError) -> float | None:
    """The seconds that GitHub names; None where it names none."""
    after = error.headers.get("Retry-After") or ""
    if after.isdigit():
        return float(after)
    reset = error.headers.get("X-RateLimit-Reset") or ""
    if error.headers.get("X-RateLimit-Remaining") == "0" and reset.isdigit():
        return max(int(reset) - time.time(), 1.0)
    return None
