"""Files as texts: what can be wrong with a file before anything that it says is looked at."""

import codecs
import errno
import os
import re
import shlex
import stat
from pathlib import Path

LARGEST = 200_000
"""The bytes that a file may have. Ours have some thousand; reading a million takes many seconds."""

_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7}|={7})(?: .*)?\r?$", re.MULTILINE)
_OTHER_ENCODINGS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


_NO_FILE = "a pipe or a device, and no file"


class TextError(Exception):
    """A file that cannot be read as text: what is wrong with it, what to do, and where."""

    def __init__(self, message: str, hint: str, *, text: str = "", index: int = 0) -> None:
        self.message, self.hint = message, hint
        self.text = text
        """As much of the file as can be shown."""
        self.of_file = not text
        """Whether the file as such is wrong: it has no text that could be shown."""
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
    data = read_regular(file, missing, largest=LARGEST)
    other = _other_encoding(data)
    if other:
        raise TextError(f"{other} text, and not UTF-8", "Save it as UTF-8.")
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
    if "\r" in text.strip() and "\n" not in text:
        hint = "Save it with Unix line ends, one \\n each."
        raise TextError("lines that end as on an old Mac", hint)
    return text


def _other_encoding(data: bytes) -> str | None:
    """The encoding that editors save text in by mistake, if it is in one; None where it is not."""
    for mark, name in _OTHER_ENCODINGS.items():
        if data.startswith(mark):
            return name
    # Without a mark every second byte of plain text is nothing.
    halves = data[0::2], data[1::2]
    half = any(part and not part.strip(b"\0") for part in halves)
    return "UTF-16" if half and data.strip(b"\0") and len(data) > 1 else None


def read_regular(file: Path, missing: str, *, largest: int | None = None) -> bytes:
    """
    The bytes of *file*, no more than *largest*; *missing* says what to do where it is not there.

    Raises TextError. What is no regular file is not waited for.
    """
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
        _refuse_what_is_no_file(os.fstat(opened), largest)
        with os.fdopen(opened, "rb", closefd=False) as data:
            return data.read()
    except OSError as error:
        raise _unreadable(file, error) from None
    finally:
        os.close(opened)


def _refuse_what_is_no_file(status: os.stat_result, largest: int | None) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise TextError("a folder, and no file", "Put a file in its place.")
    if not stat.S_ISREG(status.st_mode):
        raise TextError(_NO_FILE, "Put a file in its place.")
    if largest is not None and status.st_size > largest:
        message = f"{status.st_size:,} bytes large"
        raise TextError(message, f"It may have {largest:,}: is it the file that you meant?")


def _unreadable(file: Path, error: OSError) -> TextError:
    hint = "Put a file that can be read in its place."
    if error.errno == errno.ENXIO:
        return TextError(_NO_FILE, "Put a file in its place.")
    if isinstance(error, PermissionError):
        hint = f"Let yourself read it: {_letting_read(file)}"
    return TextError(f"cannot be read: {error.strerror}", hint)


def _letting_read(file: Path) -> str:
    """The command after which *file* can be read: it, or the first folder that is shut."""
    for folder in reversed(file.parents):
        if not os.access(folder, os.X_OK):
            return f"chmod u+x {shlex.quote(str(folder))}"
    return f"chmod u+r {shlex.quote(str(file))}"
