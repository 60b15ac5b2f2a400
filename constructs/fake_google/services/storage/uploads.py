"""The forms in which objects come: whole, with a description, or in pieces."""

import base64
import json
import re
from dataclasses import dataclass

from fake_google.errors import ApiError, invalid
from fake_google.service import Call
from fake_google.wire import Json, Media

_BREAK = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True)
class Upload:
    """What an object is to be."""

    description: Json
    data: bytes


def upload(call: Call) -> Upload | Media:
    """What was uploaded, or the answer to one who is still at it."""
    form = call.query.get("uploadType", "")
    if form == "media":
        return Upload({"contentType": call.request.content_type}, call.request.raw)
    if form == "multipart":
        return _multipart(call.request.content_type, call.request.raw)
    if form == "resumable":
        return _resumed(call) if "upload_id" in call.query else _begun(call)
    raise invalid(f"Invalid uploadType: '{form}'")


def _multipart(content_type: str, raw: bytes) -> Upload:
    # Google's client in Python that gcloud has writes single quotes and bare line ends.
    boundary = re.search(r"boundary=(\"[^\"]+\"|'[^']+'|[^;\s]+)", content_type)
    if boundary is None:
        raise invalid("A multipart upload has a boundary.")
    mark = boundary[1].strip("\"'").encode()
    # Around the two parts are what comes before them, nothing, and what closes them.
    sections = re.split(rb"(?:^|\r?\n)--" + re.escape(mark), raw)
    if len(sections) != 4:  # noqa: PLR2004 - see above
        raise invalid("A multipart upload has two parts.")
    parts = [_BREAK.split(section, maxsplit=1) for section in sections[1:3]]
    if any(len(part) != 2 for part in parts):  # noqa: PLR2004 - head and body
        raise invalid("A part of a multipart upload has a head and a body.")
    (_, text), (head, data) = parts
    description = _description(text)
    found = re.search(rb"(?i)content-type: *([^\r\n]+)", head)
    if found and not description.get("contentType"):
        description["contentType"] = found[1].decode("latin-1")
    return Upload(description, data)


def _description(text: bytes) -> Json:
    try:
        description = json.loads(text or b"{}")
    except (RecursionError, ValueError) as error:
        raise invalid("The first part of an upload is not JSON.") from error
    if not isinstance(description, dict):
        raise invalid("The first part of an upload describes an object.")
    return description


def _begun(call: Call) -> Media:
    """The address that the pieces are to be sent to."""
    number = f"upload-{call.store.serial()}"
    description = _description(call.request.raw)
    kind = call.request.headers.get("x-upload-content-type", "")
    if kind and not description.get("contentType"):
        description["contentType"] = kind
    query = {key: value for key, value in call.query.items() if key != "upload_id"}
    session = {"description": description, "query": query, "data": "", "done": False}
    call.store.remember(number, session)
    place = f"{call.root}{call.request.path}?uploadType=resumable&upload_id={number}"
    return Media(b"", headers={"Location": place, "X-GUploader-UploadID": number})


def _resumed(call: Call) -> Upload | Media:
    """A piece, of which the last one makes the object; or a question how much is there."""
    number = call.query["upload_id"]
    session = call.store.recall(number)
    if session is None:
        raise ApiError(404, f"There is no upload {number}.")
    data = base64.b64decode(session["data"])
    text = call.request.headers.get("content-range", f"bytes {len(data)}-*/*")
    place = re.fullmatch(r"bytes (\*|(\d+)-(\d+|\*))/(\d+|\*)", text)
    if place is None:
        raise invalid(f"Invalid Content-Range: {text}")
    if place[2] is not None:
        if int(place[2]) > len(data):
            raise ApiError(503, "A piece is missing before this one.")
        data = data[: int(place[2])] + call.request.raw
    call.store.remember(number, {**session, "data": base64.b64encode(data).decode()})
    whole = place[4] == str(len(data)) or "content-range" not in call.request.headers
    # Of unknown length; a piece that is no multiple of 256 KB is the last one.
    if whole or (place[4] == "*" and place[2] is not None and len(call.request.raw) % 262_144):
        call.store.forget(number)
        call.query.update({**session["query"], **call.query})
        return Upload(session["description"], data)
    return Media(b"", status=308, headers={"Range": f"bytes=0-{len(data) - 1}"} if data else {})
