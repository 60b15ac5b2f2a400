"""Uploads, from which come an object's description and its contents."""

import json
import re

from fake_google.errors import ApiError, invalid
from fake_google.service import Call
from fake_google.wire import Json


def upload(call: Call) -> tuple[Json, bytes, str]:
    """The description, the contents and their type, of an upload of either form."""
    form = call.query.get("uploadType", "")
    if form == "media":
        return {}, call.request.raw, call.request.content_type
    if form == "resumable":
        raise ApiError(501, "The fake Google does not serve resumable uploads.")
    if form != "multipart":
        raise invalid(f"Invalid uploadType: '{form}'")
    boundary = re.search(r'boundary="?([^";]+)', call.request.content_type)
    if boundary is None:
        raise invalid("A multipart upload has a boundary.")
    # Around the two parts are what comes before them, nothing, and what closes them.
    sections = call.request.raw.split(f"--{boundary[1]}".encode())
    if len(sections) != 4:  # noqa: PLR2004 - see above
        raise invalid("A multipart upload has two parts.")
    (_, _, description), (head, _, contents) = (
        part.removesuffix(b"\r\n").partition(b"\r\n\r\n") for part in sections[1:3]
    )
    try:
        metadata = json.loads(description)
    except (RecursionError, ValueError) as error:
        raise invalid("The first part of a multipart upload is not JSON.") from error
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name", ""), str):
        raise invalid("The first part of a multipart upload describes an object.")
    content_type = re.search(rb"(?i)content-type: *([^\r\n]+)", head)
    return metadata, contents, content_type[1].decode("latin-1") if content_type else ""
