"""Marks of values: of the form of the value that they are of, with `true` where they hold."""

from typing import Any


def is_marked(marks: Any) -> bool:
    """Whether anything in it is marked."""
    if isinstance(marks, dict):
        return any(map(is_marked, marks.values()))
    if isinstance(marks, list):
        return any(map(is_marked, marks))
    return marks is True


def pruned(marks: Any) -> Any:
    """The marks without what holds none of them: None where nothing is marked."""
    if isinstance(marks, dict):
        return {key: kept for key, mark in marks.items() if mark and (kept := pruned(mark))} or None
    if isinstance(marks, list):
        kept = [mark and pruned(mark) for mark in marks]
        return kept if any(kept) else None
    return marks is True or None


def mark_of(marks: Any, key: str | int) -> Any:
    """The mark of what is under *key*; marks of another form than the value are of all of it."""
    if isinstance(marks, dict) and isinstance(key, str):
        return marks.get(key)
    if isinstance(marks, list) and isinstance(key, int):
        return marks[key] if key < len(marks) else None
    return is_marked(marks)
