"""What the services say of themselves, and what is derived from that."""

import pytest

from fake_google import FakeGoogle, discovery, reference
from fake_google.service import Service
from fake_google.services import SERVICES
from tests.fake_google.asking import done, with_everything


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_every_method_is_described(service: Service) -> None:
    """What is served is Google's, and described; what is described beyond its route is served."""
    methods = {
        method.name: method
        for methods in discovery.load()[service.api].methods.values()
        for method in methods
    }

    assert service.handlers
    assert service.handlers.keys() <= methods.keys()
    assert {name for name, method in methods.items() if method.request} <= service.handlers.keys()


def test_every_document_has_a_service() -> None:
    assert discovery.load().keys() == SERVICES.keys()


def test_what_is_kept(google: FakeGoogle) -> None:
    """No kind is in the store that is no service's."""
    with_everything(google)

    kinds = set(google.store.dump()["kinds"]) - {"deleted", "elsewhere", "policies", "projects"}
    assert SERVICES.keys() >= {kind.partition(".")[0] for kind in kinds}
    assert done(google, "GET", "/_control/left")["left"] == google.left()


def test_the_page_says_all() -> None:
    """Every method and every limit that a service names is on the page."""
    served, limits = reference.served(), reference.limits()

    for service in SERVICES.values():
        assert all(f"`{name}`" in served for name in [service.host, *service.handlers])
        assert all(limit in limits for limit in service.limits)
