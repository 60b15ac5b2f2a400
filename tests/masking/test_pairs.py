"""Secrets in pairs and lists of which one part names the other, in texts and in values of JSON."""

from typing import Any

import pytest

from pipeline_zen.masking import masked_text, masked_value


class TestPairsInTexts:
    """A name, an id or a file, and the value beside it, in whichever order."""

    @pytest.mark.parametrize(
        "text",
        [
            '{"value":"tango7","name":"HF_TOKEN"}',
            '{"value": "tango7", "type": "x", "name": "HF_TOKEN"}',
            '{"value": "tango7", "tags": ["a"], "name": "HF_TOKEN"}',
            '{\n  "value": "tango7",\n  "name": "HF_TOKEN"\n}',
            '{"value": "tango7",\n "name": "HF_TOKEN"}',
            r"{\"value\":\"tango7\",\"name\":\"HF_TOKEN\"}",
            "{value: {a: tango7, b: c}, name: HF_TOKEN}",
            "- value: tango7\n  name: HF_TOKEN",
            "- value: |\n    tango7\n  name: HF_TOKEN\n",
            f"- value: |\n    {'long ' * 5_000}tango7\n  name: HF_TOKEN\n",
            '  value = "tango7"\n  name  = "HF_TOKEN"',
            "--value tango7 --name HF_TOKEN",
            "- name: [HF_TOKEN]\n  value: [tango7]",
            "id: HF_TOKEN\nvalue: tango7",
            "{k: HF_TOKEN, v: tango7}",
            "{v: tango7, k: HF_TOKEN}",
            "parameter: password\nargument: tango7",
            "param: password\nargument: tango7",
            "password_key: api_key\nvalue: tango7",
            "- path: /root/.hf_token\n  content: tango7",
            "- path: /root/.hf_token\n  owner: root\n  content: |\n    tango7\n",
            "- content: tango7\n  path: /root/.hf_token",
            "- content: tango7\n  dest: /etc/api_token",
            "flag: --password\nvalue: tango7",
            "{arg: --password, value: tango7}",
            "header: X-Api-Key\nbody: tango7",
            "name: HF_TOKEN\nraw: tango7",
            "{plain: tango7, name: HF_TOKEN}",
            "{name: HF_TOKEN, type: string, input: tango7}",
            "{header_name: X-Api-Key, exact_match: tango7}",
            "- prefixMatch: tango7\n  name: api_key",
            "type: password\nvalue: tango7",
            "title: API key\nvalue: tango7",
            "kind: Secret\nmetadata:\n  name: a\ndata:\n  x: tango7\n",
            "- name: HF_TOKEN\n  valueFrom:\n    x: tango7\n",
            "- valueFrom: {x: tango7}\n  name: HF_TOKEN\n",
        ],
    )
    def test_masked(self, text: str) -> None:
        """The value is gone."""
        assert "tango7" not in masked_text(text)

    @pytest.mark.parametrize(
        "text",
        [
            '[{"name":"A","value":"x"},{"name":"HF_TOKEN","valueFrom":"y"}]',
            '{"value":"x"}, {"name":"HF_TOKEN"}',
            "- name: A\n  value: x\n- name: HF_TOKEN\n  valueFrom: y",
            '- "value": x\n  - "name": HF_TOKEN',
            'env {\n  value = "x"\n}\nenv {\n  name = "HF_TOKEN"\n}',
            "value: x\nother:\n  a: b\n  name: HF_TOKEN",
            "data:\n  x: y\nmetadata:\n  name: hf-token",
            "- value: x\n- name: HF_TOKEN\n",
            "Set the value: abc here.\nThe name: token is fine",
            "value: $OTHER\nname: HF_TOKEN",
            "id: abc\nvalue: 5",
            "- id: auth\n  uses: x\n  with:\n    content: b\n",
            "- id: auth\n  uses: x\n- id: b\n  content: b\n",
            "path: /etc/motd\ncontent: hello",
            "path: /usr/bin/refresh-token.sh\ncontent: hello",
            'check(value=a, kind=b)\n\nmember(name="password")',
            "a_value, b_value = normalize(a_value, b_value, key=environment_key)",
            "value: x\n  name: HF_TOKEN",
            "value: x\n- a: b\nname: HF_TOKEN",
            "name: token\nfor k, v in a: v = b",
            "- path: /root/.hf_token\n- path: /etc/motd\n  content: hello",
            "flag: --region\nvalue: us",
            "name: hf-token\nspec:\n  input: a",
            "- name: HF_TOKEN\n  a: b\n- name: c\n  raw: d",
            "{header_name: X-Trace, exact_match: a}",
            "{header_name: X-Api-Key, present_match: a}",
            "type: string\nvalue: a",
            "title: Token usage\ncontent: a",
            "title: How to rotate a token\ncontent: a",
            "kind: SecretProviderClass\ndata: a",
            "- name: HF_TOKEN\n  valueFrom: a\n",
            "- name: HF_TOKEN\n  valueFrom:\n    secretKeyRef:\n      key: a\n      name: b\n",
            "- valueFrom: {secretKeyRef: {name: b, key: a}}\n  name: HF_TOKEN\n",
        ],
    )
    def test_not_masked(self, text: str) -> None:
        """What stands in another mapping, or beside what names no secret, is shown."""
        assert text == masked_text(text)

    def test_what_is_around(self) -> None:
        """Only the values are taken, in whichever order they are found."""
        text = '[{"value":"x","token":"y","name":"A_KEY"},{"value":"z","name":"a"}]'

        assert (
            '[{"value":(masked),"token":(masked),"name":"A_KEY"},{"value":"z","name":"a"}]'
        ) == masked_text(text)
        assert '{"value":(masked),"name":"A_KEY"}' == masked_text(
            '{"value":{"token":"y"},"name":"A_KEY"}'
        )


class TestPairsInValues:
    """The like in values, and lists in which an element is the name of the next."""

    @pytest.mark.parametrize(
        "value",
        [
            {"id": "HF_TOKEN", "value": "tango"},
            {"k": "HF_TOKEN", "v": "tango"},
            {"K": "HF_TOKEN", "V": "tango"},
            {"parameter": "password", "argument": "tango"},
            {"name": ["HF_TOKEN"], "value": ["tango"]},
            {"name": ["a", "HF_TOKEN"], "value": ["b", "tango"]},
            {"names": ["password"], "values": ["tango"]},
            {"keys": ["password"], "values": ["tango"]},
            {"path": "/root/.hf_token", "content": "tango"},
            {"filename": "/root/.hf_token", "contents": {"source": "tango"}},
            {"flag": "--password", "value": "tango"},
            {"arg": "--password", "value": "tango"},
            {"header": "X-Api-Key", "body": "tango"},
            {"name": "HF_TOKEN", "raw": "tango"},
            {"name": "HF_TOKEN", "plain": "tango"},
            {"name": "HF_TOKEN", "input": "tango"},
            {"name": "HF_TOKEN", "value_from": {"x": "tango"}},
            {"name": "HF_TOKEN", "valueFrom": {"x": {"y": ["tango"]}}},
            {"name": "HF_TOKEN", "value_from": [{"x": "tango"}]},
            {"type": "password", "value": "tango"},
            {"title": "Database password", "value": "tango"},
            {"kind": "Secret", "data": {"x": "tango"}},
            {"header_name": "X-Api-Key", "exact_match": "tango"},
            {"header_name": "Authorization", "prefix_match": "tango"},
            {"name": "api_key", "regexMatch": "tango"},
            ["docker", "run", "-e", "HF_TOKEN", "tango"],
            ["--env", "HF_TOKEN", "tango", "-v"],
            ["--header", "X-Api-Key", "tango"],
            ["--set", "password", "tango"],
            ["HF_TOKEN", "tango"],
            ["X-Api-Key", "tango"],
            ["password", "two tango"],
            ["hf-token", "tango"],
        ],
    )
    def test_masked(self, value: Any) -> None:
        """The secret is gone."""
        assert "tango" not in str(masked_value(value))

    @pytest.mark.parametrize(
        "value",
        [
            {"id": "abc", "value": 5},
            {"id": "abc", "value": "red"},
            {"id": "projects/p/secrets/hf", "content": "x"},
            {"project_id": "my-secret", "content": "x"},
            {"k": "colour", "v": "red"},
            {"parameter": "colour", "argument": "red"},
            {"name": ["colour", 1], "value": ["red"]},
            {"name": 1, "value": "red"},
            {"path": "/etc/motd", "content": "hello"},
            {"path": "/usr/bin/get-token.sh", "content": "hello"},
            {"flag": "--region", "value": "us"},
            {"header": "Accept", "body": "red"},
            {"name": "colour", "raw": "red"},
            {"name": "HF_TOKEN", "value_from": "red"},
            {"name": "HF_TOKEN", "value_from": {"secret_key_ref": {"name": "a", "key": "b"}}},
            {"name": "HF_TOKEN", "value_from": {"x": True}},
            {"name": "HF_TOKEN", "value_from": [{"secret_key_ref": [{"key": "b"}]}]},
            {"name": "colour", "value_from": {"x": "red"}},
            {"type": "string", "value": "red"},
            {"type": "token_count", "value": "red"},
            {"type": "google_secret_manager_secret", "values": {"secret_id": "a"}},
            {"type": "random_password", "values": {"keepers": "a"}},
            {"title": "The token usage", "text": "red"},
            {"title": "How to rotate the token", "content": "red"},
            {"header_name": "X-Trace", "exact_match": "red"},
            {"header_name": "X-Api-Key", "present_match": True, "path_match": "/a"},
            {"prefix_match": "/a", "priority": 1},
            ["us-central1-a", "us-central1-b"],
            ["HF_TOKEN", "WANDB_API_KEY"],
            ["api_key", "password"],
            ["hf-token", "openai-key"],
            ["HF_TOKEN", "PROJECT_ID"],
            ["api_key", "user_name"],
            ["pipeline-zen-jobs-secret", "pipeline-zen-jobs-config"],
            ["allow-token", "web-a"],
            ["HF_TOKEN", "$HF_TOKEN"],
            ["password_file", "a"],
            ["token_type", "bearer"],
            ["a", "HF_TOKEN", "b"],
            ["secretmanager.secrets.get", "secretmanager.versions.access"],
            ["iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.implicitDelegation"],
            ["docker", "run", "-e", "HF_TOKEN", "ghcr.io/a/b:1.2"],
            ["docker", "run", "-e", "HF_TOKEN", "-v", "a"],
            ["run", "-e", "HF_TOKEN", "$OTHER"],
            ["grep", "-i", "password", "/var/log/syslog"],
            ["run", {"a": "b"}, "x", ["c"], "y"],
            ["-p", "8080"],
            ["docker", "run", "-p", "tango"],
        ],
    )
    def test_not_masked(self, value: Any) -> None:
        """Names beside names, of whatever, and what names no secret are shown."""
        assert value == masked_value(value)
