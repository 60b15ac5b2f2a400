"""
Secrets in a list of arguments: behind an option, behind a name, or as a command is given them.

What a command is given is judged as in a line of a script, so that all is known in one place.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import takewhile

from pipeline_zen.masking.commands import ARGUMENT_WORDS, without_given, words_of
from pipeline_zen.masking.ends import REFERENCE, says_nothing
from pipeline_zen.masking.keys import MASKED, is_harmless, is_secret_key
from pipeline_zen.masking.lists import is_name_in_list, is_named_behind_option, is_named_in_pair

_OPTION = re.compile(r"--?[A-Za-z][\w.-]*[:=]?")
_PAIR = 2
_UNSAFE = re.compile(r"[\s;|&<>()\[\]{}'\"`\\#]")
"""What in a line of a script would end an argument."""
_NOTHING = "$X"
"""Stands in such a line for what is no secret."""


def is_secret_option(item: str) -> bool:
    """Whether *item* is an option that a secret stands behind: `--token`."""
    return item.startswith("-") and bool(_OPTION.fullmatch(item)) and is_secret_key(item)


@lru_cache(maxsize=1_000)
def given(items: tuple[str, ...], *, paired: bool = False) -> Mapping[int, str]:
    """
    What is shown of the *items* that are secrets, each by its position.

    Two that are *paired* may be a name and its value, with nothing else around them.
    """
    shown = {
        index: MASKED for index in range(1, len(items)) if _is_named(items, index, paired=paired)
    }
    # The words of links are no commands.
    words = words_of(" ".join([item for item in items if "://" not in item]))
    if len(items) < _PAIR or ARGUMENT_WORDS.isdisjoint(words):
        return shown
    return {**_in_command(items, words), **shown}


def _is_named(items: Sequence[str], index: int, *, paired: bool) -> bool:
    """Whether what is before the element at *index* says that it is a secret."""
    before, item = items[index - 1], items[index]
    if before.startswith("-"):
        return is_secret_option(before) and not (item.startswith("-") or says_nothing(item))
    if not is_name_in_list(before):
        return False
    if len(items) == _PAIR:
        return paired and is_named_in_pair(before, item)
    return index >= _PAIR and is_named_behind_option(items[index - _PAIR], item)


def _in_command(items: Sequence[str], words: frozenset[str]) -> dict[int, str]:
    """What is shown of the secrets among *items*, which have *words*, that a command is given."""
    before = [_NOTHING if is_harmless(item) else _as_argument(item) for item in items]
    after = without_given(" ".join(before), words).split(" ")
    if len(before) == len(after):
        return {
            index: new if old == items[index] else MASKED
            for index, (old, new) in enumerate(zip(before, after, strict=True))
            if old != new
        }
    # Several were taken for one: all between what is the same at both ends.
    start, end = _same(before, after), len(before) - _same(before[::-1], after[::-1])
    return {index: MASKED for index in range(start, end) if before[index] != _NOTHING}


def _as_argument(item: str) -> str:
    """*item* as a single word of a line, without what a shell would read in it."""
    return _UNSAFE.sub(".", REFERENCE.sub(_NOTHING, item))


def _same(some: Sequence[str], others: Sequence[str]) -> int:
    """How many are the same from the beginning on."""
    pairs = zip(some, others, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
