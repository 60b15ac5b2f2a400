"""
What is a secret by the key that it stands under, and what may be shown under any key.

Providers mark what their schema knows to be sensitive. Metadata of VMs and environment variables
are marked by nobody.
"""

import re
from functools import lru_cache
from typing import Any

MASKED = "(masked)"

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_RUN = re.compile(r"[A-Za-z]+")

_SECRET_WORD = re.compile(
    r"[a-z]*(?:token|secret|password|passwd|passphrase|passcode|credential"
    r"|(?:access|account|api|auth|encryption|hmac|master|private|raw|secret|shared|signing|ssh)key"
    r"|connectionstring)s?"
    r"|pwd|jwt|creds|dockerconfigjson|dockercfg|htpasswd|keytab|kubeconfig|netrc|psk"
    r"|(?:admin|db|mysql|my|pg|redis|require|root|smtp|sql|user)pass"
)
"""Makes a key a secret's, wherever in it."""

_LAST_WORDS = frozenset(
    (*("auth", "authorization", "bearer", "cookie", "cookies", "dsn", "otp", "pass", "pw", "salt"),
     *("setcookie", "totp"))
)  # fmt: skip
"""Make a key a secret's at its end: `auth_mode` is none."""

_ALONE = frozenset(("pem", "pin"))
"""Are a secret's where nothing is beside them: `image_pin` and `cert_pem` are none."""

_TOGETHER = re.compile(
    r".*connection_string.*|(?:.*_)?(?:conn(?:ection)?_str|(?:sa|service_account)_json|webhooks?(?:_ur[il]s?)?"
    r"|(?:amqp|broker|database|db|mongo|mongodb|mysql|postgres|postgresql|rabbitmq|redis)_ur[il])"
)
"""Words that together, at the end of a key, make it a secret's."""

_VARIANTS = frozenset(
    (*("base", "data", "dev", "encoded", "hash", "hex", "json", "new", "old", "pem", "plain"),
     *("plaintext", "prod", "raw", "sha", "string", "test", "text", "v", "value", "wo"))
)  # fmt: skip
"""Ends of a key that do not change what it is of: `private_key_pem`."""

MENTIONS = (
    *("auth", "bearer", "connection", "cookie", "cred", "dockercfg", "dockerconfig", "dsn", "jwt"),
    *("key", "kubeconfig", "netrc", "pass", "psk", "pwd", "secret", "token"),
    *("conn", "json", "otp", "pem", "pin", "pw", "salt", "uri", "url", "webhook"),
)
"""One of these is in every key that is a secret's, in small letters."""

_PLAIN_KEYS = frozenset(
    (*("annotation", "cache", "config", "crypto", "foreign", "group", "idempotency", "index"),
     *("kms", "label", "map", "object", "ordering", "partition", "primary", "public", "range"),
     *("row", "search", "sort", "tag"))
)  # fmt: skip
"""What is called so a `key` is not to be kept secret."""

_HARMLESS = frozenset(
    (*("accessor", "account", "age", "alg", "algorithm", "at", "audience", "count", "creator"),
     *("date", "days", "dir", "directory", "disabled", "duration", "email", "enabled", "endpoint"),
     *("expiration", "expires", "expiry", "file", "filename", "files", "format", "host", "hours"),
     *("id", "ids", "issuer", "kind", "length", "lifetime", "limit", "link", "location", "manager"),
     *("method", "minutes", "mode", "name", "names", "path", "paths", "period", "policy", "port"),
     *("project", "provider", "ref", "region", "replication", "required", "role", "rotation"),
     *("scope", "scopes", "sec", "seconds", "server", "size", "state", "status", "stdin", "time"),
     *("timeout", "topics", "ttl", "type", "types", "uri", "url", "user", "username", "version"),
     *("versions", "volumes"))
)  # fmt: skip
"""Ends of a key that say that it is only about a secret: `secret_id`, `token_type`."""

_CODE = frozenset(
    (*("bash", "c", "go", "js", "lock", "log", "md", "mount", "path", "pid", "pl", "py", "rb"),
     *("rules", "service", "sh", "sock", "socket", "target", "timer", "ts"))
)  # fmt: skip
"""Files that are called so are about a secret at most: `refresh-token.sh`."""

_NAMING = frozenset(
    (*("attribute", "env", "field", "header", "key", "label", "name", "option", "param"),
     *("parameter", "property", "setting", "variable"))
)  # fmt: skip
"""Ends of a key that say that what stands under it names its neighbour."""

NAMES = ("name", "near", "kind", "file")
"""Parts of a pair that name the other one."""
VALUES = ("value", "near value")
"""Parts of a pair that are named by the other one, whatever is in them."""

_NEAR_NAMING = frozenset(("arg", "flag", "id", "k", "keys", "names"))
"""Keys that name what is right beside them, and nothing that only comes after them."""

_KIND_NAMING = frozenset(("kind", "title", "type"))
"""Keys that do so where all that is under them is what a secret is called."""

_FILING = frozenset(("dest", "destination", "file", "filename", "path"))
"""Ends of a key that say that what stands under it is the file of its neighbour."""

_NAMED = frozenset(
    (*("argument", "content", "contents", "data", "default", "literal", "payload"),
     *("plaintext", "string", "text", "val", "value", "values"))
)  # fmt: skip
"""Ends of a key that say that its neighbour names what stands under it."""

_NEAR_NAMED = frozenset(("body", "equals", "exact", "input", "plain", "raw"))
"""Ends of a key that say so of a neighbour right beside it, and of none from afar."""

_COMPARED = frozenset(
    f"{how}_match" for how in ("contains", "exact", "prefix", "regex", "string", "suffix", "value")
)
"""Ends of a key that say so of what a header or a parameter is compared with."""

_REFERRING = frozenset(("ref", "reference", "selector"))
"""Ends of a key that say that under it stands where a value is."""

_PARTS = {
    **dict.fromkeys(_NEAR_NAMING, "near"),
    **dict.fromkeys(_KIND_NAMING, "kind"),
    "v": "near value",
}
"""Keys by what stands under them with regard to its neighbour."""

_PART_BY_WORDS = {
    **dict.fromkeys(_FILING, "file"),
    **dict.fromkeys(_NEAR_NAMED | _COMPARED, "near value"),
    **dict.fromkeys(_NAMED, "value"),
    **dict.fromkeys(_NAMING, "name"),
    "value_from": "source",
}
"""Ends of a key, of one or two words, by that."""

_WORDS_OF_KIND = 3
"""So many words a title has at most that is nothing but what a secret is called."""
_RESOURCE_TYPE = re.compile(r"(?:aws|azurerm|google|kubernetes|random|vault)_")

_FILE = re.compile(r"[_-]?(?:file|filename|path)\}?$", re.IGNORECASE)

RESOURCE = re.compile(r"projects/[\w.:-]+(?:/[\w.@:*-]+)+")
NO_SECRET = re.compile(r"\(masked\)|\(sensitive\)|true|false|null|none|~|", re.IGNORECASE)


@lru_cache(maxsize=10_000)
def is_secret_key(key: str) -> bool:
    """Whether what stands under *key* is a secret: `HF_TOKEN`, `apiKey`, `hf.token`."""
    words = [word.lower() for word in _WORD.findall(key)]
    whole = "_".join(words)
    if whole in _ALONE or _TOGETHER.fullmatch(whole):
        return True
    while len(words) > 1 and words[-1] in _VARIANTS:
        words.pop()
    if not words or words[-1] in _HARMLESS:
        return False
    if words[0] in ("max", "min", "num") and words[-1] == "tokens":
        return False
    runs = (run.lower() for run in _RUN.findall(key))
    if any(map(_SECRET_WORD.fullmatch, (*words, *runs))):
        return True
    if words[-1] in ("key", "keys"):
        return len(words) > 1 and words[-2] not in _PLAIN_KEYS
    return words[-1] in _LAST_WORDS


@lru_cache(maxsize=10_000)
def part_of_pair(key: str) -> str:
    """
    What stands under *key* with regard to its neighbour; "" where nothing is said of that.

    A `name` names it (`header`, `parameterKey`), as does a `near` one of what is right beside it
    (`id`, `k`), the `kind` that it is of (`type`) and the `file` that it is in (`path`). A `value`
    is named (`content`, `header_value`), and a `near value` (`v`, `exact_match`) by what is right
    beside it. A `source` (`value_from`) is a mapping with a value, or with where there is one.
    """
    words = [word.lower() for word in _WORD.findall(key)]
    whole = _PARTS.get(key.lower()) or _PART_BY_WORDS.get("_".join(words[-2:]))
    return whole or _PART_BY_WORDS.get(words[-1] if words else "", "")


@lru_cache(maxsize=10_000)
def names_by(part: str, name: str) -> bool:
    """Whether *name*, which is that *part* of a pair, says that what is beside it is a secret."""
    if part == "file":
        return is_secret_file(name)
    if not is_secret_key(name):
        return False
    if part == "near":
        # The whole path of a resource as its `id` says where it is, and not what is beside it.
        return not RESOURCE.fullmatch(name)
    return part != "kind" or _is_called(name)


def _is_called(name: str) -> bool:
    """Whether *name* is nothing but what a secret is called, and no sentence or resource's type."""
    words = _WORD.findall(name)
    called = is_secret_key(words[-1]) or words[-1].lower() in ("key", "keys")
    return called and len(words) <= _WORDS_OF_KIND and not _RESOURCE_TYPE.match(name)


def is_reference_key(key: str) -> bool:
    """Whether what stands under *key* only says where a value is: `secretKeyRef`."""
    words = _WORD.findall(key)
    return bool(words) and words[-1].lower() in _REFERRING


def is_pairs_value(key: str) -> bool:
    """Whether its neighbour names what stands under *key*: `value`, `content`, `header_value`."""
    return part_of_pair(key) in VALUES


@lru_cache(maxsize=1_000)
def is_secret_file(path: str) -> bool:
    """Whether a file is one to keep a secret in: `~/.pgpass`, `/run/secrets/x`, `api_token.txt`."""
    folder, _, name = path.strip("\"'").rpartition("/")
    stem, _, kind = name.lstrip(".").partition(".")
    if kind in _CODE or folder.endswith("/pam.d"):
        return False
    if f"{folder}/".find("/secrets/") >= 0 or stem in ("id_rsa", "id_ed25519", "id_ecdsa"):
        return True
    return is_secret_key(_FILE.sub("", stem))


def is_harmless(value: Any) -> bool:
    """Whether it may be shown under any key: a number, a yes or no, or a resource by its path."""
    if isinstance(value, str):
        return bool(RESOURCE.fullmatch(value) or NO_SECRET.fullmatch(value))
    if isinstance(value, list):
        return all(map(is_harmless, value))
    return value is None or value == {} or isinstance(value, bool | int | float)
