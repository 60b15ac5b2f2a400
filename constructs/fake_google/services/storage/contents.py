"""The contents of objects, whole or in part, and the sums by which they are checked."""

import base64
import hashlib
import re
from urllib.parse import quote

from fake_google.checksums import crc32c_text
from fake_google.errors import ApiError, invalid
from fake_google.service import Call
from fake_google.wire import Json, Media


def contents(data: bytes, claimed: Json) -> Json:
    """What is kept of *data*. Raises ApiError where it is not what was *claimed*."""
    md5 = hashlib.md5(data, usedforsecurity=False).digest()
    sums = {"crc32c": crc32c_text(data), "md5Hash": base64.b64encode(md5).decode()}
    for name, value in sums.items():
        if claimed.get(name) not in (None, "", value):
            raise invalid(
                f'Provided {name} "{claimed[name]}" doesn\'t match calculated {name} "{value}".'
            )
    return {**sums, "size": str(len(data)), "data": base64.b64encode(data).decode()}


def described(root: str, thing: Json, *, full: bool) -> Json:
    """An object as Google tells of it: without contents, and without ACL unless *full*."""
    hidden = ("data",) if full else ("acl", "data")
    path = f"{quote(thing['bucket'], safe='')}/o/{quote(thing['name'], safe='')}"
    generation = thing["generation"]
    link = f"{root}/download/storage/v1/b/{path}?generation={generation}&alt=media"
    return {
        **{key: value for key, value in thing.items() if key not in hidden},
        "etag": _etag(thing),
        "id": f"{thing['bucket']}/{thing['name']}/{generation}",
        "mediaLink": link,
        "selfLink": f"{root}/storage/v1/b/{path}",
    }


def media(call: Call, thing: Json) -> Media:
    """An object's contents, or the range of them that is asked for."""
    data = base64.b64decode(thing["data"])
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": _etag(thing),
        "X-Goog-Generation": thing["generation"],
        "X-Goog-Hash": f"crc32c={thing['crc32c']},md5={thing['md5Hash']}",
        "X-Goog-Metageneration": thing["metageneration"],
        "X-Goog-Storage-Class": thing["storageClass"],
        "X-Goog-Stored-Content-Length": thing["size"],
    }
    for header, field in (
        ("Cache-Control", "cacheControl"),
        ("Content-Disposition", "contentDisposition"),
        ("Content-Encoding", "contentEncoding"),
        ("Content-Language", "contentLanguage"),
    ):
        if thing.get(field):
            headers[header] = thing[field]
    part = re.fullmatch(r"bytes=(\d*)-(\d*)", call.request.headers.get("range", ""))
    if part is None or part[0] == "bytes=-" or call.request.verb == "HEAD":
        return Media(data, thing["contentType"], headers=headers)
    begin, end = _range(part[1], part[2], len(data))
    headers["Content-Range"] = f"bytes {begin}-{end - 1}/{len(data)}"
    return Media(data[begin:end], thing["contentType"], 206, headers)


def _range(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(size - int(last), 0), size
    begin, end = int(first), min(int(last) + 1 if last else size, size)
    if begin >= end:
        raise ApiError(416, f"The requested range cannot be satisfied: there are {size} bytes.")
    return begin, end


def _etag(thing: Json) -> str:
    text = f"{thing['generation']}/{thing['metageneration']}"
    return base64.b64encode(text.encode()).decode()
