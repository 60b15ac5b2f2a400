"""Words, code and values of a plan as Markdown that means nothing else."""

import re

from pipeline_zen.report.words import clean, clean_line

OPENLY = 12
"""So many members are listed openly; more are folded away."""


def code(text: object) -> str:
    """*text* as code: nothing in it means anything to Markdown, nor to a table."""
    flat = clean(str(text)).strip() or " "
    fence = "`" * (max(map(len, re.findall(r"`+", flat)), default=0) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}".replace("|", "\\|")


def cell(text: str) -> str:
    """A value in a table: what is none is in plain words, the rest is code."""
    return f"*{text[1:-1]}*" if text.startswith("(") and text.endswith(")") else code(text)


def inline(text: str) -> str:
    """A sentence: what is between backticks stays code, the rest is only words."""
    parts = clean(text).split("`")
    if len(parts) % 2 == 0:
        parts = ["'".join(parts)]
    return "".join(code(part) if index % 2 else _plain(part) for index, part in enumerate(parts))


def _plain(text: str) -> str:
    return re.sub(r"([\\*_\[\]|#~])", r"\\\1", unmarked(text))


def unmarked(text: str) -> str:
    """*text* as HTML that is nothing but words; what stands in HTML is not read as Markdown."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # GitHub looks for mentions and links in the text that comes of it; a comment parts it.
    for word, parted in (("@", "@<!-- -->"), ("://", ":<!-- -->//"), ("www.", "www<!-- -->.")):
        text = text.replace(word, parted)
    return text


def fenced(text: str, language: str) -> str:
    """*text* as a block of code."""
    text = "\n".join(map(clean_line, text.split("\n")))
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"
