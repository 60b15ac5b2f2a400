"""Faults on order."""

import http.client
from concurrent.futures import ThreadPoolExecutor

import pytest

from fake_google import FakeGoogle
from tests.fake_google.asking import TOPICS, ask, done, refused


def test_fault_before(google: FakeGoogle) -> None:
    """The n-th request that matches fails, once, and nothing of it is done."""
    fault = {"method": "PUT", "path": "/topics/", "nth": 2, "status": 503}
    done(google, "POST", "/_control/faults", fault)

    statuses = []
    for name in ("one", "two", "two", "three"):
        done(google, "GET", TOPICS)
        statuses.append(ask(google, "PUT", f"{TOPICS}/{name}", {})[0])

    assert [200, 503, 200, 200] == statuses
    (struck,) = (request for request in google.requests if request.fault)
    assert (503, f"{TOPICS}/two") == (struck.status, struck.path)


def test_fault_after(google: FakeGoogle) -> None:
    """A request fails after it was carried out, as when an answer is lost."""
    done(google, "POST", "/_control/faults", {"method": "PUT", "status": 503, "when": "after"})

    assert 503 == refused(google, "PUT", f"{TOPICS}/one", {})[0]
    assert 409 == refused(google, "PUT", f"{TOPICS}/one", {})[0]


@pytest.mark.parametrize(("when", "there"), [("before", 404), ("after", 200)])
def test_fault_cut(when: str, there: int, google: FakeGoogle) -> None:
    """Without a status the connection is cut, with no answer; the next request is answered."""
    done(google, "POST", "/_control/faults", {"method": "PUT", "when": when})

    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        ask(google, "PUT", f"{TOPICS}/one", {})

    assert there == ask(google, "GET", f"{TOPICS}/one")[0]
    assert 0 == google.requests[0].status


def test_fault_late(google: FakeGoogle) -> None:
    """A request that is only late does not hold up the others, and is carried out."""
    done(google, "POST", "/_control/faults", {"method": "PUT", "seconds": 0.2, "status": 0})

    with ThreadPoolExecutor() as pool:
        late = pool.submit(ask, google, "PUT", f"{TOPICS}/one", {})
        assert [] == done(google, "GET", TOPICS)["topics"]
        assert not late.done()
        assert 200 == late.result()[0]
    assert 1 == len(done(google, "GET", TOPICS)["topics"])


def test_forget_faults(google: FakeGoogle) -> None:
    """Faults that have not happened can be taken back."""
    for nth in (1, 2):
        done(google, "POST", "/_control/faults", {"nth": nth, "status": 500})

    assert {"forgotten": 2} == done(google, "DELETE", "/_control/faults")
    done(google, "GET", TOPICS)
