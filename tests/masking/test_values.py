"""Secrets in values of JSON, by their key or by what stands beside them."""

from typing import Any

import pytest

from pipeline_zen.masking import masked_value


@pytest.mark.parametrize(
    "value",
    [
        ["run", "--password", "tango"],
        ["run", "--api-key=tango"],
        ["curl", "-u", "me:tango", "https://host"],
        ["/usr/bin/curl", "-H", "Authorization: Bearer tangotango"],
        ["mysql", "-u", "root", "-ptango"],
        ["docker", "login", "-u", "me", "-p", "tango"],
        ["sshpass", "-p", "tango", "ssh", "host"],
        ["kubectl", "create", "secret", "generic", "x", "--from-literal", "a=tango"],
        ["mongosh", "-p", "tango"],
        ["/usr/bin/zip", "-r", "-P", "tango", "a.zip"],
        ["etcdctl", "--user", "root:tango"],
        ["sh", "-c", "run --password tango"],
        [["Authorization", "tango"], ["Accept", "json"]],
        {"header": "Authorization", "content": "tango"},
        {"content": "tango", "header": "X-Api-Key"},
        {"header_name": "X-Api-Key", "header_value": "tango"},
        {"headerName": "X-Api-Key", "headerValue": ["tango"]},
        {"key": "HF_TOKEN", "string_value": "tango"},
        {"ParameterKey": "DbPassword", "ParameterValue": {"a": "tango"}},
        {"variable": "HF_TOKEN", "default": "tango"},
        {"option": "password", "val": "tango"},
        {"field": "client_secret", "data": "tango"},
        '{"content": "tango", "header": "Authorization"}',
        '{"env": [{"value": "tango", "name": "HF_TOKEN"}]}',
        {"text": "- header: Authorization\n  content: tango\n"},
    ],
)
def test_masked(value: Any) -> None:
    """An option in a list, a pair of a header and its content, and whatever names its neighbour."""
    assert "tango" not in str(masked_value(value))


@pytest.mark.parametrize(
    "value",
    [
        ["run", "--region", "us-central1", "--password-file", "/run/secrets/x"],
        ["curl", "-o", "file", "https://host"],
        ["--token", "$HF_TOKEN"],
        ["--secret", "projects/p/secrets/a"],
        ["--password", "--verbose"],
        ["secretmanager.versions.access", "pubsub.topics.publish"],
        {"header": "Accept", "content": "application/json"},
        {"name": "colour", "value": "red"},
        {"name": "HF_TOKEN", "location": "EU", "type": "text"},
        [["Accept", "json"], ["Host", "a"]],
        '{"a":  1}',
        '{"content": "plain", "header": "Accept"}',
    ],
)
def test_not_masked(value: Any) -> None:
    """What names no secret, or only where one is, is shown as it is."""
    assert value == masked_value(value)
