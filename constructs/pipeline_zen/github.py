"""
Posts a report on a pull request: one comment for each kind and environment, updated in place.

What it needs it takes from the variables that GitHub sets in a workflow, and from GITHUB_TOKEN.
"""

import http.client
import json
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline_zen import markdown

MARKER = re.compile(r"<!-- pipeline-zen [a-z]+ of [a-z0-9-]+ -->")
LIMIT = 65_536
"""Characters that GitHub takes in a comment."""

TIMEOUT = 30
TRIES = 4
LONGEST_WAIT = 60
"""Seconds that GitHub may ask us to wait before the next try."""

_PAGE = 100
_AGAIN = (429, 500, 502, 503, 504)


class GitHubError(Exception):
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

    def post(self, report: str) -> str:
        """
        Create the comment that begins with the report's marker, or update it; its address.

        Only a bot's comment counts as ours: anybody can copy a marker. Raises GitHubError where
        it cannot be posted.
        """
        marker = report.partition("\n")[0]
        body = json.dumps({"body": report + self.footer}).encode()
        comments = f"/repos/{self.repository}/issues/{self.number}/comments"
        for comment in self._pages(f"{comments}?per_page={_PAGE}"):
            ours = (comment.get("user") or {}).get("type") == "Bot"
            if ours and str(comment.get("body", "")).partition("\n")[0].strip() == marker:
                path = f"/repos/{self.repository}/issues/comments/{int(comment['id'])}"
                return self._address(self._call("PATCH", path, body)[0])
        return self._address(self._call("POST", comments, body)[0])

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        page = 1
        while True:
            comments, _ = self._call("GET", f"{path}&page={page}")
            if not isinstance(comments, list):
                raise GitHubError("GitHub's answer is no list of comments")
            yield from (comment for comment in comments if isinstance(comment, dict))
            if len(comments) < _PAGE:
                return
            page += 1

    @staticmethod
    def _address(comment: Any) -> str:
        return str(comment.get("html_url", "")) if isinstance(comment, dict) else ""

    def _call(self, method: str, path: str, body: bytes | None = None) -> tuple[Any, int]:
        for attempt in range(1, TRIES + 1):
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
                    return json.loads(answer.read() or b"null"), answer.status
            except urllib.error.HTTPError as error:
                with error:
                    reason = _told(error)
                    limited = error.code == 403 and error.headers.get("Retry-After")  # noqa: PLR2004
                    if (error.code not in _AGAIN and not limited) or attempt == TRIES:
                        raise GitHubError(f"GitHub refuses: {error.code} {reason}") from None
                    wait = _wait(error.headers.get("Retry-After"), attempt)
            except (OSError, http.client.HTTPException, ValueError) as error:
                if attempt == TRIES:
                    reason = type(error).__name__
                    raise GitHubError(f"{self.api} cannot be reached: {reason}") from None
                wait = _wait(None, attempt)
            time.sleep(wait)
        raise AssertionError("unreachable")


def read_report(file: Path) -> str:
    """The report in *file*. Raises GitHubError for one that cannot be posted."""
    try:
        report = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise GitHubError(f"{file}: {reason}. Write it with `--report {file}` first") from None
    if not MARKER.fullmatch(report.partition("\n")[0]):
        raise GitHubError(f"{file} does not begin with a marker: it is no report of pipeline-zen")
    if len(report) > LIMIT - 1_000:
        raise GitHubError(f"{file} is too long for a comment: {len(report):,} characters")
    return report


def no_report(kind: str, environment: str) -> str:
    """A report that says that there is none. Raises GitHubError for what is no environment."""
    report = markdown.failed(
        kind,
        environment,
        f"The {kind} ended before it could report anything. Why, is in the log of the run.",
    )
    if not MARKER.fullmatch(report.partition("\n")[0]):
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


def _told(error: urllib.error.HTTPError) -> str:
    """What GitHub says, and what that means here."""
    try:
        message = str(json.loads(error.read()).get("message", ""))[:200]
    except (ValueError, AttributeError, OSError, http.client.HTTPException):
        message = ""
    hints = {
        301: "it redirects elsewhere: see GITHUB_API_URL",
        302: "it redirects elsewhere: see GITHUB_API_URL",
        307: "it redirects elsewhere: see GITHUB_API_URL",
        308: "it redirects elsewhere: see GITHUB_API_URL",
        401: "the token is not valid",
        403: "the token may not comment; for a pull request from a fork GitHub gives one that may "
        "only read, and the report is on the page of the run",
        404: "there is no such pull request, or the token may not see it",
    }
    hint = hints.get(error.code, "")
    return " - ".join(filter(None, [message, hint])) or str(error.reason)


def _wait(retry_after: str | None, attempt: int) -> float:
    asked = float(retry_after) if retry_after and retry_after.isdigit() else 0.0
    return min(max(asked, float(2 ** (attempt - 2))), float(LONGEST_WAIT))
