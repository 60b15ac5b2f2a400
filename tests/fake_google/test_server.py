"""HTTP itself."""

import http.client
from urllib.parse import urlsplit

from fake_google import FakeGoogle
from tests.fake_google.asking import TOPICS


def test_bad_length(google: FakeGoogle) -> None:
    """A body whose length makes no sense is refused, rather than waited for."""
    connection = http.client.HTTPConnection(urlsplit(google.url).netloc, timeout=10)
    statuses = []
    for name, value in (("Content-Length", "many"), ("Transfer-Encoding", "chunked")):
        connection.putrequest("PUT", f"{TOPICS}/start")
        connection.putheader(name, value)
        connection.endheaders(b"nonsense\r\n")
        statuses.append(connection.getresponse().status)
        connection.close()

    assert [400, 400] == statuses
