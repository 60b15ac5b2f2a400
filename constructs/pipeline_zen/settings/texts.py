"""Files as texts: what can be wrong with a file before anything that it says is looked at."""

import os
import re
import stat
from pathlib import Path

LARGEST = 200_000
"""The bytes that a file may have. Ours have some thousand; reading a million takes many seconds."""

_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: .*)?\r?$", re.MULTILINE)


class TextError(Exception):
    """A file that cannot be read as text: what is wrong with it, what to do, and where."""

    def __init__(self, message: str, hint: str, *, text: str = "", index: int = 0) -> None:
        self.message, self.hint = message, hint
        self.text = text
        """As much of the file as can be shown."""
        self.line, self.column = position(text, index)
        super().__init__(message)


def position(text: str, index: int) -> tuple[int, int]:
    """The line and the column of a character, both from 1."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def is_there(file: Path) -> bool:
    """Whether something is at *file*, be it a folder or a link to nothing: then it is read."""
    return file.is_symlink() or file.exists()


def read_text(file: Path, missing: str) -> str:
    """
    The text of *file*; *missing* says what to do where it is not there.

    Raises TextError. What is no regular file is not waited for, and nothing large is read.
    """
    data = _data(file, missing)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = len(data[: error.start].decode())
        message = f"not UTF-8 text (byte {error.start})"
        shown = data.decode(errors="replace")
        raise TextError(message, "Save it as UTF-8.", text=shown, index=before) from None
    conflict = _CONFLICT.search(text)
    if conflict:
        hint = "Keep what is right, and take out the lines with <<<<<<<, ======= and >>>>>>>."
        raise TextError("a merge that left a conflict", hint, text=text, index=conflict.start())
    return text


def _data(file: Path, missing: str) -> bytes:
    try:
        # Without waiting for somebody to write, if it is a pipe.
        opened = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        if file.is_symlink():
            message = f"a link to {file.readlink()}, which is not there"
            raise TextError(message, "Link it to a file, or put one in its place.") from None
        raise TextError("no such file", missing) from None
    except OSError as error:
        raise _unreadable(file, error) from None
    try:
        _refuse_what_is_no_file(os.fstat(opened))
        with os.fdopen(opened, "rb", closefd=False) as data:
            return data.read()
    except OSError as error:
        raise _unreadable(file, error) from None
    finally:
        os.close(opened)


def _refuse_what_is_no_file(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise TextError("a folder, and no file", "Put a file in its place.")
    if not stat.S_ISREG(status.st_mode):
        raise TextError("a pipe or a device, and no file", "Put a file in its place.")
    if status.st_size > LARGEST:
        message = f"{status.st_size:,} bytes large"
        raise TextError(message, f"It may have {LARGEST:,}: is it the file that you meant?")


def _unreadable(file: Path, error: OSError) -> TextError:
    hint = "Check the file and the folders that it is in."
    if isinstance(error, PermissionError):
        hint = f"Let yourself read it: chmod u+r {file.name}"
    return TextError(f"cannot be read: {error.strerror}", hint)
