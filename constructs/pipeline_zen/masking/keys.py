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

VALUES = ("value", "near value")
"""Parts of a pair that are named by the other one."""

_NEAR_NAMING = frozenset(("id", "k", "keys", "names"))
"""Keys that name what is right beside them, and nothing that only comes after them."""

_FILING = frozenset(("dest", "destination", "file", "filename", "path"))
"""Ends of a key that say that what stands under it is the file of its neighbour."""

_NAMED = frozenset(
    (*("argument", "content", "contents", "data", "default", "literal", "payload"),
     *("plaintext", "string", "text", "val", "value", "values"))
)  # fmt: skip
"""Ends of a key that say that its neighbour names what stands under it."""

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
    (`id`, `k`) and the `file` that it is in (`path`). A `value` is named (`content`,
    `header_value`), and a `near value` (`v`) by what is right beside it.
    """
    words = _WORD.findall(key)
    last = words[-1].lower() if words else ""
    if last in _NAMING:
        return "name"
    if last in _NAMED:
        return "value"
    if key in ("v", "V"):
        return "near value"
    if key.lower() in _NEAR_NAMING:
        return "near"
    return "file" if last in _FILING else ""


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
