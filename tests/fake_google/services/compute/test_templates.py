"""Instance templates."""

import pytest

from fake_google import FakeGoogle
from tests.fake_google.asking import (
    GROUPS,
    PROJECT,
    TEMPLATE,
    TEMPLATES,
    ask,
    done,
    refused,
    with_group,
    with_template,
)


def test_template(google: FakeGoogle) -> None:
    """A template comes back with what Google fills in."""
    with_template(google)

    template = done(google, "GET", f"{TEMPLATES}/jobs-tpl")

    properties = template["properties"]
    (disk,), (interface,) = properties["disks"], properties["networkInterfaces"]
    assert f"{google.url}{TEMPLATES}/jobs-tpl" == template["selfLink"]
    assert ("PERSISTENT", "READ_WRITE", 0) == (disk["type"], disk["mode"], disk["index"])
    assert interface["network"].endswith(f"/{PROJECT}/global/networks/default")
    assert ["ONE_TO_ONE_NAT"] == [access["type"] for access in interface["accessConfigs"]]
    assert "MIGRATE" == properties["scheduling"]["onHostMaintenance"]
    assert properties["metadata"]["fingerprint"]


def test_template_by_number(google: FakeGoogle) -> None:
    """A template is found by the number that Google gave it."""
    with_template(google, "jobs-tpl", "other")
    template = done(google, "GET", f"{TEMPLATES}/other")

    assert template == done(google, "GET", f"{TEMPLATES}/{template['id']}")


def test_template_taken(google: FakeGoogle) -> None:
    """A template's name is taken while it exists."""
    with_template(google)

    assert 409 == refused(google, "POST", TEMPLATES, TEMPLATE)[0]
    done(google, "DELETE", f"{TEMPLATES}/jobs-tpl")
    with_template(google)


@pytest.mark.parametrize("key", ["machineType", "disks", "networkInterfaces"])
def test_template_incomplete(key: str, google: FakeGoogle) -> None:
    """A template without what a VM needs is refused."""
    properties = {name: value for name, value in TEMPLATE["properties"].items() if name != key}

    status, message = refused(google, "POST", TEMPLATES, {**TEMPLATE, "properties": properties})

    assert 400 == status
    assert f"resource.properties.{key}" in message


def test_template_in_use(google: FakeGoogle) -> None:
    """A template cannot be deleted while a group uses it."""
    with_group(google)

    status, answer = ask(google, "DELETE", f"{TEMPLATES}/jobs-tpl")

    assert 400 == status
    assert "resourceInUseByAnotherResource" == answer["error"]["errors"][0]["reason"]
    done(google, "DELETE", f"{GROUPS}/jobs-mig")
    done(google, "DELETE", f"{TEMPLATES}/jobs-tpl")
    assert 404 == refused(google, "GET", f"{TEMPLATES}/jobs-tpl")[0]
