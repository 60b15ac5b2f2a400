"""
What looks like a secret by itself, by what it is assigned to, or by the command that it is given.

All is linear in the length of a text.
"""

import re
from functools import lru_cache

from pipeline_zen.masking.assignments import without_assigned
from pipeline_zen.masking.commands import without_given, words_of
from pipeline_zen.masking.keys import MASKED
from pipeline_zen.masking.sequences import without_listed

_UNDERSCORED = (
    *("dckr_oat", "dckr_pat", "dop_v1", "figd", "github_pat", "gho", "ghp", "ghr", "ghs", "ghu"),
    *("hf", "hvb", "hvs", "lin_api", "npm", "pul", "rk_live", "shpat", "sk_live", "sk_test"),
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
    "key_",
    "earer ",
    "asic ",
)
_HINTS = (*(f"{one}_" for one in _UNDERSCORED), *_OTHERS)
_HINT_WORDS = frozenset(_DASHED)
"""One of these is in every token that `_TOKENS` knows; looking for them is much faster."""

_TOKENS = re.compile(
    rf"""
    -----BEGIN[A-Z ]*PRIVATE\ KEY-----.*?(?:-----END[A-Z ]*PRIVATE\ KEY-----|\Z)
    | \b(?:{"|".join(_UNDERSCORED)})_[A-Za-z0-9_-]{{8,}}
    | \b(?:{"|".join(_DASHED)})-[A-Za-z0-9_-]{{12,}}
    | \bkey_(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{{8,}}
    | \b(?:AKIA|ASIA)[0-9A-Z]{{12,}} | \bAIza[0-9A-Za-z_-]{{20,}} | \bya29\.[0-9A-Za-z_-]{{8,}}
    | \b1//0[0-9A-Za-z_-]{{20,}} | \bSG\.[A-Za-z0-9_-]{{8,}}
    | \beyJ[A-Za-z0-9_-]{{8,}}\.[A-Za-z0-9_-]{{8,}}(?:\.[A-Za-z0-9_-]*)?
    | (?<=[Bb]earer\ )[A-Za-z0-9._~+/=-]{{8,}} | (?<=[Bb]asic\ )[A-Za-z0-9+/=]{{8,}}
    """,
    re.VERBOSE | re.DOTALL,
)
_LONG_WORD = re.compile(r"[A-Za-z0-9+=_]{32,}")

_URL = re.compile(r"://([^\s\"'<>`]*@)")
_USER = re.compile(r"[^/?#:@]*@|(?![^/?#:@]*:[0-9]{1,5}(?:[/?#]|$))[^/?#:@]*:.*@")
"""What stands before the host, with its `@`; a password may have any character in it."""


_LINKS = re.compile(
    r"""
    (?<=hooks\.slack\.com/)(?:services|workflows|triggers)/[\w/.-]+
    | (?<=\.webhook\.office\.com/)webhookb2/[\w/.@-]+
    | (?<=outlook\.office\.com/webhook/)[\w/.@-]+ | (?<=outlook\.office365\.com/webhook/)[\w/.@-]+
    | (?<=hooks\.zapier\.com/hooks/)[\w/.-]+
    | (?<=[?&;6]code=)(?![0-9]{1,4}\b)[^\s&"'<>`$\\#]+
    | (?<=discord\.com/api/webhooks/)[0-9]+/[\w-]+
    | (?<=discordapp\.com/api/webhooks/)[0-9]+/[\w-]+
    | (?<=api\.telegram\.org/)(?:file/)?bot[0-9]+:[\w-]+
    | (?<=[?&;6]sig=)[^\s&"'<>`$\\]+ | (?<=[?&;6]signature=)[^\s&"'<>`$\\]+
    | (?<=x-goog-signature=)[^\s&"'<>`$\\]+ | (?<=x-amz-signature=)[^\s&"'<>`$\\]+
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Link parameters: before a `sig` is an `&`, or as HTML and JSON have it (`&amp;`, `\\u0026`)."""

_LINK_HINTS = (
    *("hooks.", ".office", "discord", "api.telegram.org/", "code=", "sig=", "signature="),
)
"""One of these is in every text with such a link; looking for them is quick."""


@lru_cache(maxsize=10_000)
def masked_text(text: str) -> str:
    """*text* without what looks like a token, a private key, or the value of a secret variable."""
    words = words_of(text)
    if not _HINT_WORDS.isdisjoint(words) or any(hint in text for hint in _HINTS):
        text = _TOKENS.sub(MASKED, text)
    if "://" in text and "@" in text:
        text = _URL.sub(_without_user, text)
    text = without_assigned(text)
    # As `re.IGNORECASE` has it, which takes two more letters for `s` and `i`.
    small = text.casefold().replace("\u0131", "i")
    if any(hint in small for hint in _LINK_HINTS):
        text = _LINKS.sub(MASKED, text)
    text = without_listed(without_given(text, words), words)
    return _LONG_WORD.sub(_without_random, text)


def _without_random(found: "re.Match[str]") -> str:
    """Nothing of a word that has capitals, small letters and digits in it, as random ones have."""
    word = found[0]
    kinds = (str.isupper, str.islower, str.isdigit)
    return MASKED if all(any(map(kind, word)) for kind in kinds) else word


def _without_user(found: "re.Match[str]") -> str:
    user = _USER.match(found[1])
    if user is None or user[0] in ("git@", f"{MASKED}@"):
        return found[0]
    return f"://{MASKED}@{found[1][user.end() :]}"
