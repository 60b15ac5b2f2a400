"""Filters: of lists, and of subscriptions."""

from typing import Any

import pytest

from fake_google.filters import FilterError, of_list, of_subscription

VM = {
    "name": "jobs-vm-1",
    "status": "RUNNING",
    "labels": {"env": "dev"},
    "size": 12,
    "on": True,
    "disks": [{"type": "a"}, {"type": "b"}],
    "made": "2026-01-02T00:00:00Z",
}


@pytest.mark.parametrize(
    ("passes", "text"),
    [
        (True, ""),
        (True, "name=jobs-vm-1"),
        (True, 'name = "jobs-vm-1"'),
        (True, "(name = 'jobs-vm-1')"),
        (False, "name=jobs-vm"),
        (True, "name=jobs-*"),
        (True, "name eq jobs-.*"),
        (False, "name ne jobs-.*"),
        (True, "name:VM"),
        (True, "labels.env:*"),
        (False, "labels.app:*"),
        (True, "labels:env"),
        (True, "labels.env=dev status=RUNNING"),
        (False, "labels.env=dev AND status!=RUNNING"),
        (True, "labels.env=prod OR status=RUNNING"),
        (True, "NOT status=STOPPED"),
        (False, "-status=RUNNING"),
        (True, "(labels.env=prod OR size>=12) AND size<13"),
        (False, "size>12"),
        (True, "on=true"),
        (True, "disks.type=b"),
        (True, "made>2026-01-01T00:00:00Z"),
        (False, "other>1"),
    ],
)
def test_list(passes: bool, text: str) -> None:
    assert passes == of_list(text)(VM)


@pytest.mark.parametrize(
    ("passes", "text"),
    [
        (True, ""),
        (True, 'attributes.cluster = "8xa100"'),
        (False, 'attributes.cluster != "8xa100"'),
        (True, "attributes:cluster"),
        (False, "attributes:other"),
        (True, 'hasPrefix(attributes.cluster, "8x")'),
        (False, 'NOT hasPrefix(attributes.cluster, "8x")'),
        (True, 'attributes."cluster" = "8xa100"'),
        (True, '(attributes:a OR attributes:b) AND attributes.cluster="8xa100"'),
    ],
)
def test_subscription(passes: bool, text: str) -> None:
    assert passes == of_subscription(text)({"cluster": "8xa100", "b": ""})


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (of_list, "name"),
        (of_list, "name="),
        (of_list, "(name=a"),
        (of_list, "name=a)"),
        (of_list, "AND"),
        (of_list, "name = \u20ac AND ("),
        (of_subscription, "nonsense"),
        (of_subscription, 'attribute.cluster = "a"'),
        (of_subscription, "attributes.cluster = a"),
        (of_subscription, 'attributes.cluster > "a"'),
        (of_subscription, 'hasPrefix(attributes.cluster "a")'),
        (of_subscription, 'attributes.a = "1" attributes.b = "2"'),
    ],
)
def test_no_filter(read: Any, text: str) -> None:
    """What is no filter is refused, with a reason."""
    with pytest.raises(FilterError, match=r"\w"):
        read(text)
