"""
What looks like a secret, by its key or by itself, though the provider does not call it one.

Providers mark what their schema knows to be sensitive. Metadata of VMs, startup scripts and
environment variables are marked by nobody, so keys and texts are held against rules as well.
"""

import re
from functools import lru_cache

MASKED = "(masked)"

_SENSITIVE = (
    r"token|secret|secrets|password|passwd|passphrase|credential|credentials|api[_-]?key"
    r"|access[_-]?key|private[_-]?key|encryption[_-]?key|raw[_-]?key|ssh[_-]?keys|secret[_-]?data"
    r"|secret[_-]?data[_-]?wo|authorization|cookie"
)
_SECRET_KEY = re.compile(rf"(?:{_SENSITIVE})$", re.IGNORECASE)

_UNDERSCORED = (
    *("dckr_oat", "dckr_pat", "dop_v1", "figd", "github_pat", "gho", "ghp", "ghr", "ghs", "ghu"),
    *("hf", "hvb", "hvs", "key", "lin_api", "npm", "pul", "rk_live", "shpat", "sk_live", "sk_test"),
    *("tskey", "whsec"),
)
_DASHED = (
    *("GOCSPX", "glpat", "glptt", "glrt", "pypi", "r8", "sk", "tskey", "xoxa", "xoxb", "xoxe"),
    *("xoxp", "xoxr", "xoxs"),
)
_OTHERS = (
    "-----BEGIN",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "1//0",
    "SG.",
    "eyJ",
    "://",
    "earer ",
    "asic ",
)
_HINTS = (*(f"{one}_" for one in _UNDERSCORED), *(f"{one}-" for one in _DASHED), *_OTHERS)
"""One of these is in every token that `_TOKENS` knows; looking for them is much faster."""

_TOKENS = re.compile(
    rf"""
    -----BEGIN[A-Z ]*PRIVATE\ KEY-----.*?(?:-----END[A-Z ]*PRIVATE\ KEY-----|\Z)
    | \b(?:{"|".join(_UNDERSCORED)})_[A-Za-z0-9_-]{{8,}}
    | \b(?:{"|".join(_DASHED)})-[A-Za-z0-9_-]{{12,}}
    | \b(?:AKIA|ASIA)[0-9A-Z]{{12,}} | \bAIza[0-9A-Za-z_-]{{20,}} | \bya29\.[0-9A-Za-z_-]{{8,}}
    | \b1//0[0-9A-Za-z_-]{{20,}} | \bSG\.[A-Za-z0-9_-]{{8,}}
    | \beyJ[A-Za-z0-9_-]{{8,}}\.[A-Za-z0-9_-]{{8,}}(?:\.[A-Za-z0-9_-]*)?
    | (?<=://)[^/\s:@]+:[^/\s@]+(?=@)
    | (?<=[Bb]earer\ )[A-Za-z0-9._~+/=-]{{8,}} | (?<=[Bb]asic\ )[A-Za-z0-9+/=]{{8,}}
    """,
    re.VERBOSE | re.DOTALL,
)
_LONG_WORD = re.compile(r"[A-Za-z0-9+=_]{32,}")
_ASSIGNMENT = re.compile(
    rf"""
    (?P<key>\b[A-Za-z0-9_-]*(?:{_SENSITIVE})["']?\s*(?:=|:)\s*)
    (?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;}}&|]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_REFERENCE = re.compile(r"""["']?(?:\$|projects/|\(masked\)).*""", re.DOTALL)


def is_secret_key(key: str) -> bool:
    """Whether what stands under *key* is a secret: `HF_TOKEN`, `apiKey`, `secret_data`."""
    return bool(_SECRET_KEY.search(key))


@lru_cache(maxsize=10_000)
def masked_text(text: str) -> str:
    """*text* without what looks like a token, a private key, or the value of a secret variable."""
    if any(hint in text for hint in _HINTS):
        text = _TOKENS.sub(MASKED, text)
    if "=" in text or ":" in text:
        text = _ASSIGNMENT.sub(_without_value, text)
    return _LONG_WORD.sub(_without_random, text)


def _without_random(found: "re.Match[str]") -> str:
    """Nothing of a word that has capitals, small letters and digits in it, as random ones have."""
    word = found[0]
    kinds = (str.isupper, str.islower, str.isdigit)
    return MASKED if all(any(map(kind, word)) for kind in kinds) else word


def _without_value(found: "re.Match[str]") -> str:
    # What names a variable, or a secret by its path, says nothing of its value.
    if _REFERENCE.fullmatch(found["value"]):
        return found[0]
    return f"{found['key']}{MASKED}"
