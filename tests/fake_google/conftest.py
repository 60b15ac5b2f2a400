"""A fake Google that the tests of a module share."""

from collections.abc import Iterator

import pytest

from fake_google import FakeGoogle, Store


@pytest.fixture(scope="module")
def server() -> Iterator[FakeGoogle]:
    with FakeGoogle(switched_on=True) as google:
        yield google


@pytest.fixture
def google(server: FakeGoogle) -> FakeGoogle:
    """A server that holds nothing."""
    server.store.load(Store().dump())
    server.faults.clear()
    server.forget_requests()
    return server
