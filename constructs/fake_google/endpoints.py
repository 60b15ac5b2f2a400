"""
The addresses at which the provider asks for each of Google's APIs, and where they are here.

`endpoints.txt` has the provider's variables and the addresses that it uses without them, of 6.50.0
and of 7.45.0: `BaseUrl` and `CustomEndpointEnvVar` in `google/services/*/product.go`, and before
that the table in `google/transport/config.go`.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from fake_google.wire import Request

DOMAIN = ".googleapis.com"

_REGION = re.compile(r"^(\{\{\w+\}\}|[a-z]+-[a-z]+[0-9]+|us|eu|global)-(?=[a-z])")
_VERSION_TWICE = re.compile(r"/(v\d+)/\1/")
_BUCKET = re.compile(r"(.+)\.storage\.googleapis\.com")


def api_of(host: str) -> str:
    """The API at one of Google's hosts, such as `run` at `us-central1-run.googleapis.com`."""
    label = host.removesuffix(DOMAIN).partition(".")[0]
    return _REGION.sub("", label)


def is_google(host: str) -> bool:
    """Whether *host* is one at which Google has APIs."""
    return host.endswith(DOMAIN)


def path_here(host: str, path: str) -> str:
    """The path on this server of what is at *path*, without a slash before it, on Google's host."""
    if bucket := _BUCKET.fullmatch(host):
        return f"{bucket[1]}/{path}"
    api = api_of(host)
    own = path.startswith((f"{api}/", "upload/", "download/", "resumable/", "batch/"))
    return path if own or api in ("www", "storage") else f"{api}/{path}"


def asked(verb: str, target: str, host: str, headers: Mapping[str, str], raw: bytes) -> Request:
    """A request as it came, with its path as it is here; *host* is one that a proxy is told."""
    parts = urlsplit(target)
    host, path = parts.netloc or host, parts.path
    if host and is_google(host):
        path = f"/{path_here(host, path.lstrip('/'))}"
    query: dict[str, str] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        # The one parameter that may come more than once.
        more = name == "permissions" and name in query
        query[name] = f"{query[name]},{value}" if more else value
    # Some clients repeat the version that an endpoint ends in.
    path = _VERSION_TWICE.sub(r"/\1/", path).rstrip("/")
    return Request(verb, path, query, raw, headers, host)


def _read() -> dict[str, str]:
    text = Path(__file__).with_suffix(".txt").read_text(encoding="ascii")
    endpoints = {}
    for line in text.splitlines():
        name, address = line.split()
        host, _, path = address.removeprefix("https://").partition("/")
        endpoints[f"GOOGLE_{name}_CUSTOM_ENDPOINT"] = path_here(host, path)
    return endpoints


ENDPOINTS = _read()
"""The paths on this server, without a slash before them, by the provider's variables."""

APIS = frozenset(path.partition("/")[0] for path in ENDPOINTS.values())
"""The APIs that the provider knows."""


def variables_of(api: str) -> Iterable[str]:
    """The provider's variables for *api*."""
    return (name for name, path in ENDPOINTS.items() if path.startswith(f"{api}/"))


_VERBS = {"GET": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


def method_of(api: str, verb: str, path: str) -> str:
    """
    Google's name for a method, as far as a path says: `monitoring.projects.alertPolicies.list`.

    *path* is without a slash before it, and without the API. Google's own style guide has
    collections at every second place, and names what is none of the usual verbs after a colon.
    """
    path, _, custom = re.sub(r"^v[0-9]\w*/|^[a-z]+/v[0-9]\w*/", "", path).partition(":")
    parts = [part for part in path.split("/") if part]
    collections = [part for part in parts[::2] if re.fullmatch("[a-zA-Z]+", part)]
    of_all = len(parts) % 2 == 1
    usual = "list" if verb in ("GET", "HEAD") and of_all else _VERBS.get(verb, verb.lower())
    return ".".join([api, *collections, custom or usual])
