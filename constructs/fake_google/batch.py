"""Batches: many requests in one, as Google's older APIs take them and some clients send them."""

import re
from collections.abc import Callable, Mapping
from email.message import Message
from email.parser import BytesParser

from fake_google.endpoints import asked
from fake_google.errors import ApiError, invalid
from fake_google.wire import Reply, Request

_MOST = 1000
"""The requests in a batch, at most."""

_BOUNDARY = "batch_of_answers"
_BREAK = re.compile(rb"\r?\n\r?\n")
_PATH = re.compile(r"/batch(/\w+/v\d\w*)?")


def is_batch(request: Request) -> bool:
    """Whether a request is many."""
    return request.verb == "POST" and _PATH.fullmatch(request.path) is not None


def answered(batch: Request, answer: Callable[[Request], Reply]) -> Reply:
    """The answers to the requests in a batch, which are carried out one after the other."""
    try:
        parts = _parts(batch)
        replies = [(part, answer(_request(batch, part))) for part in parts]
    except ApiError as error:
        return error.reply()
    text = b"".join(_answer(part, each) for part, each in replies)
    return Reply(
        200, text + f"--{_BOUNDARY}--\r\n".encode(), f"multipart/mixed; boundary={_BOUNDARY}"
    )


def _parts(batch: Request) -> list[Message]:
    head = f"Content-Type: {batch.content_type}\r\n\r\n".encode("latin-1", "replace")
    parts = BytesParser().parsebytes(head + batch.raw).get_payload()
    if not isinstance(parts, list) or not parts:
        raise invalid("A batch is multipart/mixed, and has a request in each part.")
    if len(parts) > _MOST:
        raise invalid(f"A batch has at most {_MOST} requests; there are {len(parts)}.")
    return [part for part in parts if isinstance(part, Message)]


def _request(batch: Request, part: Message) -> Request:
    content = part.get_payload(decode=True)
    head, _, body = (content if isinstance(content, bytes) else b"").lstrip().partition(b"\n")
    verb, _, target = head.decode("latin-1").strip().partition(" ")
    headers, *rest = _BREAK.split(b"\n" + body, maxsplit=1)
    named = BytesParser().parsebytes(headers.lstrip() + b"\n\n", headersonly=True)
    if not target.startswith(("/", "http://", "https://")):
        raise invalid(f"A part of a batch begins with a request, not with {head!r}.")
    # Who asks, if the part does not say so, is who sent the batch.
    own = {name.lower(): str(value) for name, value in named.items()}
    who = {key: batch.headers[key] for key in ("authorization",) if key in batch.headers}
    return asked(
        verb, target.partition(" ")[0], batch.host, {**who, **own}, rest[0] if rest else b""
    )


def _answer(part: Message, answer: Reply) -> bytes:
    number = str(part.get("Content-ID", "")).strip("<> ")
    around = {"Content-Type": "application/http", "Content-ID": f"<response-{number}>"}
    own = {"Content-Type": answer.content_type, "Content-Length": len(answer.data)}
    head = (
        f"--{_BOUNDARY}\r\n{_lines(around)}\r\n"
        f"HTTP/1.1 {answer.status} -\r\n{_lines({**own, **answer.headers})}\r\n"
    )
    return head.encode("latin-1", "replace") + answer.data + b"\r\n"


def _lines(heads: Mapping[str, object]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in heads.items())
