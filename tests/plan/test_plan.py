"""Reading plans: every kind of action, what differs, what is masked, and what is refused."""

import json
import time
from typing import Any

import pytest

from pipeline_zen.masking import masked_text
from pipeline_zen.masking.keys import is_secret_key
from pipeline_zen.plan import Action, AttributeChange, PlanError, fold, read
from pipeline_zen.plan.difference import differences
from tests.plans.cases import GROUP, TEMPLATE, TOPIC
from tests.plans.made import change, made_up, plan_of
from tests.plans.recorded import recorded


class TestKinds:
    """The recorded plans, one for each kind of action."""

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("create", {"a": Action.CREATE, "b": Action.CREATE}),
            ("update", {"a": Action.UPDATE, "b": Action.UPDATE}),
            ("replace", {"a": Action.REPLACE}),
            ("replace-new-first", {"calm": Action.REPLACE_AFTER}),
            ("delete", {"b": Action.DELETE}),
            ("forget", {"b": Action.FORGET}),
            ("forget-create", {"a": Action.FORGET_CREATE}),
            ("move", {"b": Action.NO_OP}),
            ("deposed", {"calm": Action.DELETE}),
            ("no-op", {}),
            ("drift", {}),
            ("outputs", {}),
        ],
    )
    def test_actions(self, kind: str, expected: dict[str, Action]) -> None:
        """Each change is read as what OpenTofu means by it."""
        plan = plan_of(recorded(f"kind-{kind}"))

        assert expected == {change.name: change.action for change in plan.effective}

    def test_a_replacement_says_what_forces_it(self) -> None:
        """The attribute is named, and so is the reason."""
        (replaced,) = plan_of(recorded("kind-replace")).effective

        assert ("name",) == replaced.forced_by
        assert "it cannot be changed in place" == replaced.reason

    def test_a_move(self) -> None:
        """What only moves changes the state, and nothing else."""
        (moved,) = plan_of(recorded("kind-move")).effective

        assert f"{TOPIC}.a" == moved.previous_address
        assert () == moved.attributes

    def test_an_import(self) -> None:
        """What is imported has the id that it is imported by."""
        plan = plan_of(recorded("kind-import"))
        imported = [change for change in plan.effective if change.import_id]

        assert ["projects/eng-ai-dev/topics/jobs-b"] == [one.import_id for one in imported]

    def test_a_deposed_object(self) -> None:
        """It has its key, and the current object stays as it is."""
        (deposed,) = plan_of(recorded("kind-deposed")).effective

        assert "a1b2c3d4" == deposed.deposed

    def test_a_data_source(self) -> None:
        """Reading changes nothing."""
        plan = plan_of(recorded("kind-read"))
        (data,) = [change for change in plan.changes if not change.managed]

        assert Action.READ is data.action
        assert data not in plan.effective

    def test_drift(self) -> None:
        """What the scheduler and somebody else did is there; null against empty is not."""
        raw = recorded("kind-drift")
        plan = plan_of(raw)

        drift = {change.type: {one.path for one in change.attributes} for change in plan.drift}
        assert {"fingerprint", "target_size"} == drift[GROUP]
        assert "effective_labels.by" in drift[TOPIC]
        assert plan.empty

    def test_a_replacement_leaves_defaults_out(self) -> None:
        """What Google fills in again is no difference; what an update drops is one."""
        for actions, paths in (
            (["delete", "create"], ["a"]),
            (["create", "delete"], ["a"]),
            (["update"], ["a", "b", "c"]),
        ):
            one = change(TOPIC, actions, {"a": 1, "b": 0, "c": False}, {"a": 2})
            (only,) = plan_of(made_up(one)).changes
            assert paths == [attribute.path for attribute in only.attributes]

    def test_copies_of_labels(self) -> None:
        """What only repeats a change of a label is left out; what says more is not."""
        before, after = (
            {"labels": {"a": n}, "effective_labels": {"a": n, "b": n},
             "terraform_labels": {"a": n, "b": n, "c": n}}
            for n in "12"
        )  # fmt: skip
        (only,) = plan_of(made_up(change(TOPIC, ["update"], before, after))).changes

        assert ["effective_labels.b", "labels.a", "terraform_labels.c"] == [
            one.path for one in only.attributes
        ]

    def test_what_forces_a_replacement(self) -> None:
        """Paths are told as everywhere, and sorted."""
        one = change(TOPIC, ["delete", "create"], {}, {})
        one["change"]["replace_paths"] = [["b", 0, "c"], ["a"]]
        (only,) = plan_of(made_up(one)).changes

        assert ("a", "b[0].c") == only.forced_by

    def test_two_objects_of_an_address(self) -> None:
        """A deposed one comes after the current one, in whatever order they are given."""
        current = change(TOPIC, ["no-op"], {}, {})
        deposed = change(TOPIC, ["delete"], {}, None) | {"deposed": "a1b2c3d4"}

        assert ["", "a1b2c3d4"] == [
            one.deposed for one in plan_of(made_up(deposed, current)).changes
        ]

    def test_an_import_alone(self) -> None:
        """What is only imported changes the state, and nothing else."""
        one = change(TOPIC, ["no-op"], {}, {})
        one["change"]["importing"] = {"id": "x"}
        plan = plan_of(made_up(one))

        assert ["x"] == [only.import_id for only in plan.effective]
        assert not plan.empty

    def test_outputs(self) -> None:
        """Outputs are named; their values are not read."""
        plan = plan_of(recorded("kind-outputs"))

        expected = (("a", Action.UPDATE), ("b", Action.DELETE), ("c", Action.CREATE))
        assert expected == plan.outputs
        assert not plan.empty

    def test_errored(self) -> None:
        """A plan that failed half-way says so, and what there is of it can be read."""
        assert plan_of(recorded("kind-errored")).errored

    def test_incomplete(self) -> None:
        """With -target, what the configuration has and the plan has not is missing."""
        assert (f"{TOPIC}.b",) == plan_of(recorded("kind-incomplete")).missing
        assert () == plan_of(recorded("kind-update")).missing

    def test_no_change_is_empty(self) -> None:
        """An empty plan is empty, and others are not."""
        assert plan_of(recorded("kind-no-op")).empty
        assert not plan_of(recorded("kind-move")).empty


class TestRefused:
    """What is no plan, or none that is known, is never passed over in silence."""

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"", "It is empty"),
            (b"  \n", "It is empty"),
            (b"Warning: no such file\n{}", "does not begin with JSON, but with 'Warning: no such"),
            (b"[]", "does not begin with JSON"),
            (b"{", "damaged or cut short"),
            (b'{"format_version": "1.2", "resource_changes": [', "damaged or cut short"),
            (b'{"format_version": "1.2\xff"}', "damaged or cut short"),
            (b"{}", "has no format_version"),
            (b'{"format_version": "2.0", "planned_values": {}}', "only 1.x is known"),
            (b'{"format_version": "1.2"}', "has no planned_values"),
            (b'{"format_version": "1.0", "values": {}}', "It is a state, not a plan"),
            (b'{"format_version": 1}', "something else is expected at `$.format_version`"),
            (b'{"resource_changes": 3}', "something else is expected at `$.resource_changes`"),
            (b'{"a":' * 200_000, "damaged or cut short"),
            (b'{"format_version": "1.2", "planned_values": {"a": "\xff"}}', "damaged or cut short"),
        ],
    )
    def test_no_plan(self, data: bytes, said: str) -> None:
        """It is told what is wrong, and what to give."""
        with pytest.raises(PlanError) as error:
            read(data)

        assert said in str(error.value)

    @pytest.mark.parametrize("actions", [["Open"], [], ["create", "update"], ["hf_canary8c2d51e6"]])
    def test_an_unknown_action(self, actions: list[str]) -> None:
        """An action that a newer OpenTofu may have fails loudly."""
        plan = made_up(change(TOPIC, actions, {}, {}))

        with pytest.raises(PlanError) as error:
            plan_of(plan)

        assert "unknown action" in str(error.value)
        assert "hf_canary" not in str(error.value)

    def test_an_unknown_mode(self) -> None:
        """So does a kind of resource that nobody has heard of."""
        plan = made_up(change(TOPIC, ["create"], None, {}))
        plan["resource_changes"][0]["mode"] = "wild"

        with pytest.raises(PlanError, match="unknown mode 'wild'"):
            plan_of(plan)

    @pytest.mark.parametrize("where", ["before", "after", "after_unknown", "after_sensitive"])
    @pytest.mark.parametrize("levels", [101, 900])
    @pytest.mark.parametrize("form", ['{"a":%s}', "[%s]"])
    def test_too_deep(self, form: str, levels: int, where: str) -> None:
        """A value too deep to be walked is refused, whichever part of a change it is in."""
        nested = "true"
        for _ in range(levels):
            nested = form % nested
        plan = made_up(change(TOPIC, ["update"], {"a": 1}, {"a": 2}))
        plan["resource_changes"][0]["change"][where] = "HERE"

        with pytest.raises(PlanError, match=r"topic\.one: its values are nested more than 100"):
            read(json.dumps(plan).replace('"HERE"', nested).encode())

    def test_an_endless_number(self) -> None:
        """A number of thousands of digits is refused once somebody asks for it."""
        plan = json.dumps(made_up(change(TOPIC, ["update"], {"a": 1}, {"a": "HERE"})))
        (only,) = read(plan.replace('"HERE"', "1" * 5_000).encode()).effective

        with pytest.raises(PlanError, match="too many digits"):
            only.values()

    def test_a_deep_identity(self) -> None:
        """So is the identity that something is imported by."""
        plan = made_up(change(TOPIC, ["no-op"], {}, {}))
        plan["resource_changes"][0]["change"]["importing"] = {"identity": "HERE"}
        nested = "[" * 900 + "]" * 900

        with pytest.raises(PlanError, match="nested more than 100 levels"):
            read(json.dumps(plan).replace('"HERE"', nested).encode())

    def test_deep_enough(self) -> None:
        """A hundred levels, and brackets that are only text, are read."""
        nested: Any = "[{" * 1_000
        for _ in range(98):
            nested = [nested]
        plan = plan_of(made_up(change(TOPIC, ["update"], {"a": 1}, {"a": nested})))

        assert ["a"] == [one.path for one in plan.effective[0].attributes]

    def test_unknown_members_are_let_be(self) -> None:
        """What a newer OpenTofu adds beside does no harm."""
        plan = recorded("kind-update")
        plan["something_new"] = {"a": 1}
        plan["resource_changes"][0]["something_new"] = 2

        assert 2 == len(plan_of(plan).effective)


def told(before: Any, after: Any, unknown: Any = None, *marks: Any) -> list[tuple[str, str, str]]:
    """The differences of two values as (path, before, after)."""
    marked = marks or (None, None)
    return [(one.path, one.before, one.after) for one in
            differences(before, after, unknown, *marked)]  # fmt: skip


class TestDifferences:
    """What differs between two values."""

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ({"a": 1}, {"a": 1}, []),
            ({"a": 1}, {"a": 2}, [("a", "1", "2")]),
            ({"a": "x"}, {"a": "y"}, [("a", "x", "y")]),
            ({"a": "1"}, {"a": 1}, [("a", '"1"', "1")]),
            ({"a": True}, {"a": "true"}, [("a", "true", '"true"')]),
            ({"a": None}, {"a": 1}, [("a", "(none)", "1")]),
            ({"a": None}, {"a": []}, []),
            ({"a": ""}, {}, []),
            ({"a": {}}, {"a": None}, []),
            ({"a": 0}, {"a": None}, [("a", "0", "(none)")]),
            ({"a": [1, 2]}, {"a": [1, 3]}, [("a", "[1, 2]", "[1, 3]")]),
            ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, [("a.b.c", "1", "2")]),
            ({"a": {"x.y/z": 1}}, {"a": {}}, [('a["x.y/z"]', "1", "(none)")]),
            ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, [("a[0].b", "1", "2")]),
            (
                {"a": [{"b": 1}, {"b": 2}]},
                {"a": [{"b": 2}]},
                [("a", '{"b": 1}', "(none)")],
            ),
            (
                {"a": "https://www.googleapis.com/compute/v1/projects/p/global/networks/default"},
                {"a": "default"},
                [],
            ),
            (
                {"a": "https://www.googleapis.com/compute/v1/projects/p/zones/z"},
                {"a": "projects/q"},
                [("a", "projects/p/zones/z", "projects/q")],
            ),
        ],
    )
    def test_values(self, before: Any, after: Any, expected: Any) -> None:
        """Only what differs is told, and null is the same as empty."""
        assert expected == told(before, after)

    def test_unknown(self) -> None:
        """What the apply will tell is said to be unknown, inside of blocks as well."""
        unknown = {"a": True, "b": [{"c": True}]}

        assert [
            ("a", "1", "(known after apply)"),
            ("b[0].c", "2", "(known after apply)"),
        ] == told({"a": 1, "b": [{"c": 2}]}, {"b": [{}]}, unknown)

    def test_sensitive(self) -> None:
        """What is marked is never shown, only that it changes."""
        marks = {"a": True, "b": [False, True], "c": {"d": True}}
        before = {"a": "x", "b": ["1", "x"], "c": {"d": "x"}, "e": 1}
        after = {"a": "y", "b": ["1", "y"], "c": {"d": "y"}, "e": 1}

        assert [
            ("a", "(sensitive)", "(sensitive)"),
            ("b", "(sensitive)", "(sensitive)"),
            ("c.d", "(sensitive)", "(sensitive)"),
        ] == told(before, after, None, marks, marks)

    @pytest.mark.parametrize(
        ("before", "unknown", "marks"),
        [
            ({"a": [{"b": "x"}]}, {"a": [True]}, ({"a": [{"b": True}]}, None)),
            ({"a": {"b": "x"}}, {"a": True}, ({"a": {"b": True}}, None)),
            ({"a": "x"}, {"a": True}, (None, {"a": True})),
            ({"a": {"b": "x"}}, {"a": True}, (None, {"a": {"b": True}})),
        ],
    )
    def test_sensitive_and_unknown(self, before: Any, unknown: Any, marks: tuple[Any, Any]) -> None:
        """What is marked anywhere in it, on either side, is not shown when it becomes unknown."""
        ((_, old, new),) = told(before, {}, unknown, *marks)

        assert ("(sensitive)", "(known after apply)") == (old, new)

    def test_marks_of_another_form(self) -> None:
        """Marks that do not fit the value are of all of it, on both sides."""
        fitting = told({"a": "x"}, {"a": ["y"]}, None, None, {"a": [True]})
        listed = told({"a": [{"b": "x"}]}, {"a": [{"b": "y"}]}, None, {"a": {"0": True}}, None)

        assert [("a", "(sensitive)", "(sensitive)")] == fitting
        assert [("a[0]", "(sensitive)", "(sensitive)")] == listed

    def test_a_sensitive_mapping(self) -> None:
        """Of a mapping that is marked as a whole not even the keys are shown."""
        before, after = {"a": {"one": "x"}}, {"a": {"two": "y"}}

        assert [("a", "(sensitive)", "(sensitive)")] == told(
            before, after, None, {"a": True}, {"a": True}
        )

    def test_a_text(self) -> None:
        """A script is told as a unified diff, with its secrets masked."""
        before = "#!/bin/sh\nexport HF_TOKEN=hf_abcdefghijkl\nrun --slow\nexit\n"
        (one,) = differences({"s": before}, {"s": before.replace("slow", "fast")}, None, None, None)

        assert ("(4 lines)", "(4 lines)") == (one.before, one.after)
        assert (
            "@@ -1,4 +1,4 @@",
            " #!/bin/sh",
            " export HF_TOKEN=(masked)",
            "-run --slow",
            "+run --fast",
            " exit",
        ) == one.text

    def test_a_text_that_differs_in_a_secret(self) -> None:
        """It is told that there is a difference, and not which."""
        texts = [f"#!/bin/sh\nHF_TOKEN={value}\n" for value in ("hf_aaaaaaaaaa", "hf_bbbbbbbbbb")]
        (one,) = differences({"s": texts[0]}, {"s": texts[1]}, None, None, None)

        assert ("(differs in nothing but what is masked)",) == one.text

    def test_a_long_value(self) -> None:
        """The middle of a long line is left out, and it is told how much."""
        ((_, _, after),) = told({"a": ""}, {"a": "x," * 1000})

        assert "(1700 characters more)" in after
        assert len(after) < 400

    def test_an_environment_variable(self) -> None:
        """A pair of name and value is masked by its name."""
        before = {"env": [{"name": "HF_TOKEN", "value": "plain-1"}]}
        after = {"env": [{"name": "HF_TOKEN", "value": "plain-2"}]}

        assert [("env[0].value", "(masked)", "(masked)")] == told(before, after)

    def test_an_environment_variable_of_several_values(self) -> None:
        """Whatever such a pair calls its value, and however deep it is."""
        before = {"env": [{"key": "SECRET_KEY", "values": ["plain-1"]}]}
        after = {"env": [{"key": "SECRET_KEY", "values": ["plain-2"]}]}
        deep = {"env": [{"name": "SECRET_KEY", "value": {"a": "plain-2"}}]}

        assert [("env[0].values", "(masked)", "(masked)")] == told(before, after)
        assert [
            ("env[0].key", "SECRET_KEY", "(none)"),
            ("env[0].name", "(none)", "SECRET_KEY"),
            ("env[0].value.a", "(none)", "(masked)"),
            ("env[0].values", "(masked)", "(none)"),
        ] == told(before, deep)

    def test_a_constraint_is_no_secret(self) -> None:
        """A pair whose key is a name of Google's shows its values."""
        pair = {"key": "compute.googleapis.com/reservation-name", "values": ["one"]}

        assert [("r[0].values", '["one"]', '["two"]')] == told(
            {"r": [pair]}, {"r": [{**pair, "values": ["two"]}]}
        )

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ({"a": {"v": "x"}}, {"a": {"v": "y"}}, ("credentials.a.v", "(masked)", "(masked)")),
            ([{"v": "x"}], [{"v": "y"}], ("credentials[0].v", "(masked)", "(masked)")),
            ([{"v": "x"}], [{"v": "x"}, {"v": "y"}], ("credentials", "(none)", "(masked)")),
            (None, {"v": "y"}, ("credentials.v", "(none)", "(masked)")),
            ({"v": 1}, {"v": 2}, ("credentials.v", "1", "2")),
            ({"v": "x\ny"}, {"v": "x\nz"}, ("credentials.v", "(masked)", "(masked)")),
        ],
    )
    def test_below_a_secret(self, before: Any, after: Any, expected: tuple[str, str, str]) -> None:
        """All that is below the key of a secret is one, but for numbers."""
        assert [expected] == told({"credentials": before}, {"credentials": after})


SECRET_KEYS = (
    *("token", "HF_TOKEN", "apiKey", "secret_data", "ssh-keys", "SECRET_KEY", "secretKey"),
    *(
        "secretAccessKey",
        "tokens",
        "passwords",
        "api_keys",
        "APIKEYS",
        "DB_PASS",
        "pwd",
        "PassWord",
    ),
    *("pgpass", "private_key_pem", "password_hash", "token_v2", "hf_token1", "HFToken", "hftoken"),
    *("signing_key", "master_key", "hmac_key", "STRIPE_KEY", "account_key", "connection_string"),
    *("kubeconfig", "credentials_json", "HF_TOKEN_PROD", "hf.token", "example.com/token"),
    *("HF TOKEN", "my-app/api-key", "auth", "authorization", "cookie", "client_secret"),
    *("slack_webhook_url", "webhook", "conn_str", "sa_json", "pem", "otp", "database_url", "DB_PW"),
    *("pin", "salt", "pw"),
)
PLAIN_KEYS = (
    *("secret_id", "secret_data_wo_version", "kms_key_name", "public_key", "token_type", "key"),
    *("keys", "keyword", "max_burst_tokens", "password_policy", "enable-oslogin", "compass"),
    *("auth_mode", "authoritative", "secretmanager", "key_revocation_action_type", "author"),
    *("secret_version", "partition_key", "passthrough", "monkey", "token_ttl"),
    *("ACCESS_KEY_ID", "api_key_user", "pinned", "image_pin", "cert_pem", "webhook_port", "pid"),
    *("basalt", "tokenized", "url", "docs_url", "config_json"),
)


class TestMasking:
    """What looks like a secret, and what only looks a little like one."""

    @pytest.mark.parametrize(
        "text",
        [
            "hf_canary8c2d51e6a907",
            "export PZ_HUGGINGFACE_TOKEN=tango7",
            "password: tango7",
            '{"api_key": "tango7"}',
            "MY_SECRET='tango7 tango7'",
            "https://user:tango7@example.com/x",
            "Authorization: Bearer tango7tango7",
            "-----BEGIN RSA PRIVATE KEY-----\ntango7\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\ntango7",
            "ghp_tango7tango7tango7",
            "eyJhbGciOiJI.eyJtango7tango7.tango7",
            "GOCSPX-tango7tango7tango7",
            "AIzaSytango7tango7tango7tango7",
            "ya29.tango7tango7tango7",
            "0tango7Tango7tango7Tango7tango7Ta",
            "wandb login --key sk-tango7tango7tango7",
            "export SECRET_KEY=tango7",
            "huggingface-cli login --token tango7",
            "docker login -u x --password tango7",
            r'curl -d "{\"token\": \"tango7\"}" https://x',
            r'{"a": "{\\\"token\\\": \\\"a\\\\\\\"tango7\\\"}"}',
            'export HF_TOKEN="${HF_TOKEN:-tango7}"',
            "PASSWORD='$tango7'",
            "password=$6$ab$tango7",
            "TOKEN=$(echo tango7 | base64 -d)",
            "PASSWORD=hf_abcdefgh1!tango7",
            "PASSWORD=ab,tango7",
            r"PASSWORD=a\ tango7",
            "PASSWORD='a'\"b tango7\"",
            "PASSWORD=a'b tango7'",
            'curl -H "Authorization: token tango7"',
            "curl -H 'Authorization: Bearer tango7'",
            "Cookie: a=1; sid=tango7",
            "redis://:tango7@host:1",
            "git clone https://tango7@github.com/x/y",
            "postgres://u:p/tango7@host/db",
            "postgres://u:p@tango7@host/db",
            "password: |\n  first\n\n  tango7\n",
            "- password: >-\n    tango7\nother: 1\n",
            "tokens:\n- tango7\n",
            "credentials:\n  user: x\n  other: tango7\n",
            "password: two tango7",
            "'password' => 'tango7'",
            "password := tango7",
            "os.environ['HF_TOKEN'] = 'tango7'",
            "os.environ['HF_TOKEN'] = 'a' + 'tango7'",
            'password = """\ntango7\n"""',
            "<password>tango7</password>",
            "<a:token kind='x'><![CDATA[tango7]]></a:token>",
            "machine h login u password tango7",
            "machine h\n  login u\n  password tango7\n",
            "setenv HF_TOKEN tango7 # x",
            "TOKEN=\\\ntango7",
            'headers={"Authorization": f"Bearer tango7"}',
            "TOKENS[0]=tango7",
            "token?: tango7",
            'TOKEN=$(curl -H "Api-Key: tango7" https://x)',
            'TOKEN="$(curl -H "Api-Key: tango7" https://x)"',
            "TOKEN=$'tango7'",
            "TOKEN=a\\\ntango7",
            "TOKEN=\ntango7",
            "tokens: [a, tango7]",
            '{"credentials": {"a": ["tango7"]}}',
            "- name: HF_TOKEN\n  value: tango7",
            '[{"name": "SECRET_KEY", "value": "tango7"}]',
        ],
    )
    def test_masked(self, text: str) -> None:
        """The secret is gone."""
        assert "tango7" not in masked_text(text)
        assert "hf_canary" not in masked_text(text)

    @pytest.mark.parametrize(
        "text",
        [
            "projects/eng-ai-dev/secrets/pipeline-zen-jobs-config/versions/1",
            "google_secret_manager_secret_version.pipeline-zen-jobs-config",
            "roles/secretmanager.secretAccessor",
            "pipeline-zen-jobs-8xa100-40gb-0-60-1-280540b1-tpl",
            "serviceAccount:pipeline-zen-jobs-sa@eng-ai-dev.iam.gserviceaccount.com",
            "/pipeline-zen-jobs/scripts/mig-runtime/startup-script.sh",
            "secret: projects/p/secrets/s",
            "TOKEN=$OTHER",
            "export HF_TOKEN=$HF_TOKEN; run",
            "TOKEN=${HF_TOKEN} run",
            'TOKEN="${HF_TOKEN}"',
            "TOKEN=$1",
            "TOKEN=$(cat /run/token)",
            'TOKEN="$(curl -H "Metadata-Flavor: Google" "http://metadata/token" | jq -r .a)"',
            'TOKEN="$(gcloud secrets versions access latest)"',
            "token: ${{ secrets.HF_TOKEN }}",
            'curl -H "Authorization: Bearer $HF_TOKEN" https://x',
            'curl "https://x/?token=$HF_TOKEN&a=b"',
            "PASSWORD=(masked)",
            "password: true",
            "echo $X | docker login --password-stdin",
            "max_burst_tokens=4096",
            "token_type: bearer",
            "PUBLIC_KEY=/etc/key.pub",
            "git clone ssh://git@github.com/x/y",
            "https://example.com:8080/a@b",
            "https://example.com/a@1.2",
            "google_secret_manager_secret.pipeline-zen-secret: Error 403: no permission",
            "password:\nother: x",
            "https://www.googleapis.com/auth/cloud-platform",
            "0a1b2c3d-0000-4000-8000-0123456789ab",
        ],
    )
    def test_not_masked(self, text: str) -> None:
        """Names, links and references are shown."""
        assert text == masked_text(text)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("curl -u bot:X https://a", "curl -u bot:M https://a"),
            ('curl -fsSu "bot:X" https://a', 'curl -fsSu "bot:M" https://a'),
            ("curl -s \\\n  --user X: https://a", "curl -s \\\n  --user M: https://a"),
            ("curl -b session=X https://a", "curl -b session=M https://a"),
            ("docker login -u bot -p X reg", "docker login -u bot -p M reg"),
            ("sshpass -p X ssh a", "sshpass -p M ssh a"),
            ("sshpass -pX ssh a", "sshpass -pM ssh a"),
            ("mysql -u root -pX db", "mysql -u root -pM db"),
            ("redis-cli -a X ping", "redis-cli -a M ping"),
            ("htpasswd -b file user X", "htpasswd -b file user M"),
            ("vault kv put path key=X", "vault kv put path key=M"),
            (
                "kubectl create secret generic a --from-literal=foo=X -n b",
                "kubectl create secret generic a --from-literal=foo=M -n b",
            ),
            (
                "aws configure set aws_secret_access_key X",
                "aws configure set aws_secret_access_key M",
            ),
            ("jq --arg password X .", "jq --arg password M ."),
            ("read -r HF_TOKEN <<< 'X'", "read -r HF_TOKEN <<< M"),
            ("echo root:X | chpasswd", "echo root:M | chpasswd"),
            ('echo "root:X" | sudo chpasswd', 'echo "root:M" | sudo chpasswd'),
            ("echo X | docker login --password-stdin", "echo M | docker login --password-stdin"),
            ("echo X > /run/secrets/api_token", "echo M > /run/secrets/api_token"),
            ("printf %s X >/etc/token", "printf M >/etc/token"),
            ("echo X | sudo tee /etc/api_token", "echo M | sudo tee /etc/api_token"),
            ("wandb login X", "wandb login M"),
            ("huggingface-cli login --token X", "huggingface-cli login --token M"),
            ("https://hooks.slack.com/services/T0/B0/X", "https://hooks.slack.com/M"),
            ("https://discord.com/api/webhooks/12/X", "https://discord.com/api/webhooks/M"),
            ("https://api.telegram.org/bot12:X/send", "https://api.telegram.org/M/send"),
            ("https://a/b?sv=1&sig=X&c=d", "https://a/b?sv=1&sig=M&c=d"),
            ("https://a/b?X-Goog-Signature=X&c=d", "https://a/b?X-Goog-Signature=M&c=d"),
            ("https://a/b?X-Amz-Signature=X&c=d", "https://a/b?X-Amz-Signature=M&c=d"),
            ("cat > ~/.pgpass <<EOF\nh:1:d:u:X\nEOF\nrun", "cat > ~/.pgpass <<EOF\nM\nEOF\nrun"),
            ("cat <<'EOF' >~/.netrc\na $X\nEOF\nrun", "cat <<'EOF' >~/.netrc\nM\nEOF\nrun"),
            ("tee a_token.txt <<E\nX\nE\nrun", "tee a_token.txt <<E\nM\nE\nrun"),
            ('define("DB_PASSWORD", "X");', 'define("DB_PASSWORD", M);'),
            ('setpassword("X")', "setpassword(M)"),
            ('["--password", "X", "-v"]', '["--password", M, "-v"]'),
            ("PW=X run", "PW=M run"),
            ("PIN=X run", "PIN=M run"),
            ("SALT=X run", "SALT=M run"),
        ],
    )
    def test_given(self, text: str, expected: str) -> None:
        """What a command, a file or a call is given is gone, and the rest is there."""
        secret = text.replace("X-", "\0").replace("X", "tango7").replace("\0", "X-")
        shown = expected.replace("X-", "\0").replace("M", "(masked)").replace("\0", "X-")

        assert shown == masked_text(secret)

    @pytest.mark.parametrize(
        "text",
        [
            "docker run -p 8080:80 -u 1000:1000 image",
            "curl x; docker run -u 1000:1000 image",
            'curl -u "bot:$PW" -b cookies.txt https://a/b',
            "docker login -u bot -p $PW reg",
            "sshpass -p ${PW} ssh a",
            "mysql -u root -p db",
            'mysql -u root -p"$PW" db',
            'redis-cli -a "$(cat /run/pw)" ping',
            "vault kv put path key=@file",
            "kubectl create configmap a --from-literal=foo=bar",
            "aws configure set region us-east-1",
            '[ "$(git config --bool a.hideIfPwdIgnored)" != "false" ]',
            'jq --arg password "$PW" --arg name bot .',
            'read -r HF_TOKEN <<< "$OTHER"',
            "read -r a <<< 'b c'",
            'echo "root:$PW" | chpasswd',
            'echo "Fetching the token" | tee -a /var/log/boot.log',
            'echo "$HF_TOKEN" > /run/secrets/api_token',
            "printf '%s' > /etc/token",
            "grep root /etc/passwd | echo done > /dev/null",
            "wandb login --relogin",
            'echo "wandb login failed"',
            "https://hooks.slack.com/services/$HOOK",
            "cat > /usr/bin/refresh-token.sh <<EOF\nset -e\nEOF\n",
            "cat > /etc/motd <<EOF\nhello\nEOF\n",
            "cat > ~/.pgpass <<EOF\nhost:1:db:user:$PGPW\nEOF\n",
            'os.environ.get("HF_TOKEN", default)',
            'get_secret("name")',
            "spin=a pinned=b --pid c",
            "image_version: v1.2",
            "image_pin: v1.2",
            "basalt: a",
            "config_url: https://example.com/x",
            "AWS_ACCESS_KEY_ID=a",
        ],
    )
    def test_not_given(self, text: str) -> None:
        """References, and what only resembles such commands, are shown."""
        assert text == masked_text(text)

    def test_what_is_around_a_secret(self) -> None:
        """Of the rest of a text no more is taken than has to be."""
        text = "tokens: 1\na: b\npassword: |\n  x\n  y\nc: d\nTOKEN=x run --token y -v\n"

        assert (
            "tokens: (masked)\na: b\npassword: (masked)\nc: d\n"
            "TOKEN=(masked) run --token (masked) -v\n"
        ) == masked_text(text)
        assert "https://(masked)@host/x" == masked_text("https://u:p@host/x")
        assert '-d \'{"token": (masked), "a": 1}\'' == masked_text(
            """-d '{"token": "x", "a": 1}'"""
        )

    @pytest.mark.parametrize("key", SECRET_KEYS)
    def test_by_key(self, key: str) -> None:
        """What stands under the name of a secret is masked, in values and in texts."""
        ((_, before, after),) = told({key: "plain-1"}, {key: "plain-2"})

        assert ("(masked)", "(masked)") == (before, after)
        assert f'"{key}": (masked)' == masked_text(f'"{key}": "plain-1"')

    @pytest.mark.parametrize("key", PLAIN_KEYS)
    def test_not_by_key(self, key: str) -> None:
        """What only has such a word in its name is shown."""
        assert [("plain-1", "plain-2")] == [
            (before, after) for _, before, after in told({key: "plain-1"}, {key: "plain-2"})
        ]
        assert f"{key}: plain-1" == masked_text(f"{key}: plain-1")

    @pytest.mark.parametrize(
        ("value", "other"),
        [
            (1, 2),
            (True, False),
            ("TRUE", "false"),
            ("projects/p/secrets/a", "projects/p/secrets/b"),
            (["projects/p/secrets/a"], ["projects/p/secrets/b"]),
        ],
    )
    def test_no_secret_by_its_value(self, value: Any, other: Any) -> None:
        """A number, a yes or no, or the path of a resource is shown under any key."""
        ((_, before, after),) = told({"my-token": value}, {"my-token": other})

        assert "(masked)" not in before + after

    @pytest.mark.parametrize("before", ["", "token="])
    @pytest.mark.parametrize(
        "unit",
        ["a", "=", "$", '"', "'", "\\", "\n", " ", "[", "<", "-", "${", "$(", "$(a(a)", "://a:",
         "\"'", "token=", "token='", "token=[", "token=\\\"", "token: |\n ", "\ntoken ", "login a ",
         "<token><![CDATA[", "<token ", "--token ", "token=$a:", "name: token\nvalue: ",
         "curl -u a:", "curl -u '", "curl ", "echo ", 'echo "', "echo a > token ", "printf $(",
         "<<< ", "read token <<< '", "tee token <<A\n", "<<A > token\n", '("token", "', "?sig=",
         "set_token('", "wandb login ", "htpasswd -b ", "config -a ", "vault kv put a b=",
         "sshpass -p ", "login -p $("],
    )  # fmt: skip
    def test_hostile(self, unit: str, before: str) -> None:
        """The time it takes grows with the length of a text and no faster, whatever is in it."""
        text = before + unit * (50_000 // len(unit))

        began = time.process_time()
        masked_text(text)
        is_secret_key(text)

        assert time.process_time() - began < 20


class TestFold:
    """Alike changes together, exceptions apart."""

    def test_alike(self) -> None:
        """Two labels that change alike are one group."""
        (group,) = fold(plan_of(recorded("kind-update")).effective)

        assert 2 == len(group.members)
        assert ["labels.x"] == [one.path for one in group.common]

    def test_an_exception(self) -> None:
        """Of twenty, the one that changes to something else stands by itself."""
        changes = [
            change(TEMPLATE, ["update"], {"machine_type": "a", "name": f"n{n}"},
                   {"machine_type": "c" if n == 7 else "b", "name": f"m{n}"}, f"t{n}")
            for n in range(20)
        ]  # fmt: skip

        groups = fold(plan_of(made_up(*changes)).effective)

        assert [19, 1] == [len(group.members) for group in groups]
        assert [("name", 19)] == list(groups[0].varying)
        assert [AttributeChange("machine_type", "a", "b")] == list(groups[0].common)
        assert "t7" == groups[1].members[0].change.name
        assert ((), ()) == (groups[1].varying, groups[1].members[0].own)
        assert AttributeChange("machine_type", "a", "c") in groups[1].common

    def test_no_majority(self) -> None:
        """Where each has its own value, all stay together and have theirs."""
        changes = [
            change(TEMPLATE, ["update"], {"m": f"a{n}"}, {"m": f"b{n}"}, f"t{n}") for n in range(5)
        ]

        (group,) = fold(plan_of(made_up(*changes)).effective)

        assert (("m", 5),) == group.varying
        assert ["b0", "b1", "b2", "b3", "b4"] == [member.own[0].after for member in group.members]

    def test_another_attribute(self) -> None:
        """What changes another attribute is another group."""
        changes = [
            change(TEMPLATE, ["update"], {"a": 1}, {"a": 2}, "x"),
            change(TEMPLATE, ["update"], {"b": 1}, {"b": 2}, "y"),
        ]

        assert 2 == len(fold(plan_of(made_up(*changes)).effective))

    @pytest.mark.parametrize(
        ("actions", "other"),
        [
            (["delete"], {"action_reason": "delete_because_no_module"}),
            (["delete"], {"deposed": "a1b2c3d4"}),
            (["update"], {"previous_address": f"{TOPIC}.z"}),
            (["delete", "create"], {"change": {"replace_paths": [["a"]]}}),
            (["update"], {"change": {"importing": {"id": "x"}}}),
            (["delete", "create"], {"change": {"after": {"b": 2}}}),
        ],
    )
    def test_what_tells_them_apart(self, actions: list[str], other: Any) -> None:
        """What happens to both, and why, must be the same to the letter."""
        one, two = (change(TOPIC, actions, {"a": 1}, {"a": 2}, name) for name in "xy")
        two = {**two, **other, "change": {**two["change"], **other.get("change", {})}}

        assert 1 == len(fold(plan_of(made_up(one, {**one, "address": "y"})).effective))
        assert 2 == len(fold(plan_of(made_up(one, two)).effective))

    @pytest.mark.parametrize("actions", [["create"], ["forget", "create"], ["delete"]])
    def test_what_comes_or_goes_is_not_compared(self, actions: list[str]) -> None:
        """What a new thing is made of does not tell it from others of its type."""
        changes = [
            change(TOPIC, actions, side, None, f"t{n}")
            if actions == ["delete"]
            else change(TOPIC, actions, {}, side, f"t{n}")
            for n, side in enumerate([{"a": 1}, {"b": 1}, {"a": 2}])
        ]

        (group,) = fold(plan_of(made_up(*changes)).effective)

        assert ((), ()) == (group.common, group.varying)

    def test_no_half(self) -> None:
        """A value that half of them share is none that the others differ from."""
        changes = [
            change(TEMPLATE, ["update"], {"m": "a"}, {"m": "b" if n < 2 else f"c{n}"}, f"t{n}")
            for n in range(4)
        ]

        (group,) = fold(plan_of(made_up(*changes)).effective)

        assert (("m", 3),) == group.varying

    def test_texts_are_compared(self) -> None:
        """Two scripts of the same length that change otherwise are told apart."""
        changes = [
            change(TEMPLATE, ["update"], {"s": "a\nb\n"}, {"s": f"a\n{n == 2}\n"}, f"t{n}")
            for n in range(3)
        ]

        assert [2, 1] == [
            len(group.members) for group in fold(plan_of(made_up(*changes)).effective)
        ]

    def test_their_order(self) -> None:
        """By type, then as actions are listed, then the largest first, then by address."""
        changes = [
            change("b_type", ["create"], None, {}),
            *(change("a_type", ["delete"], {}, None, name) for name in "a"),
            change("a_type", ["update"], {"v": 1}, {"v": 2}, "b"),
            *(change("a_type", ["update"], {"w": 1}, {"w": 2}, name) for name in "cd"),
            change("a_type", ["create"], None, {}, "e"),
        ]

        groups = fold(plan_of(made_up(*changes)).effective)

        assert ["e", "cd", "b", "a", "one"] == [
            "".join(member.change.name for member in group.members) for group in groups
        ]

    def test_what_is_settled_later(self) -> None:
        """Of a new thing it is told apart; of one that is updated it is a change like others."""
        new, old = (
            change(TOPIC, [action], before, {"b": 1}, action)
            for action, before in (("create", None), ("update", {"a": 1, "b": 1}))
        )
        for one in (new, old):
            one["change"]["after_unknown"] = {"a": True}

        created, updated = fold(plan_of(made_up(new, old)).effective)

        assert (("a",), ()) == (created.settled_later, updated.settled_later)
        assert ["a"] == [one.path for one in updated.common]


class TestDigest:
    """The same change has the same digest, another has another."""

    def test_what_does_not_count(self) -> None:
        """Neither the order, nor drift, nor resources that stay as they are."""
        plan = recorded("kind-update")
        same = json.loads(json.dumps(plan))
        same["resource_changes"].reverse()
        same["resource_drift"] = recorded("kind-drift")["resource_drift"]
        same["resource_changes"].append(change(TOPIC, ["no-op"], {"name": "z"}, {"name": "z"}))
        same["timestamp"] = "2027-01-01T00:00:00Z"

        assert plan_of(plan).digest() == plan_of(same).digest()

    @pytest.mark.parametrize("kind", ["create", "delete", "move", "outputs", "no-op"])
    def test_what_counts(self, kind: str) -> None:
        """Another change is another digest."""
        assert (
            plan_of(recorded("kind-update")).digest() != plan_of(recorded(f"kind-{kind}")).digest()
        )

    def test_a_value_counts(self) -> None:
        """So is the same change to another value."""
        plan = recorded("kind-update")
        other = json.loads(json.dumps(plan).replace('"x": "1"', '"x": "2"'))

        assert plan_of(plan).digest() != plan_of(other).digest()

    @pytest.mark.parametrize(
        "other",
        [
            {"after": {"name": "n", "a": "x" * 400 + "2" + "x" * 400}},
            {"before": {"name": "n", "a": 2}},
            {"after_unknown": {"b": True}},
            {"after_unknown": {"a": True}, "after": {"name": "n"}},
            {"replace_paths": [["b"]]},
            {"importing": {"id": "y"}},
            {"importing": {"identity": {"id": "y"}}},
            {"actions": ["forget", "create"]},
        ],
    )
    def test_every_part_counts(self, other: Any) -> None:
        """Also the middle of a value that is too long to be shown, and what forces it."""
        values = {"name": "n", "a": "x" * 400 + "1" + "x" * 400}
        one = change(TOPIC, ["update"], {"name": "n", "a": 1}, values)
        one["change"] |= {"replace_paths": [["a"]], "importing": {"id": "x"}}
        two = {**one, "change": {**one["change"], **other}}

        assert plan_of(made_up(one)).digest() != plan_of(made_up(two)).digest()

    @pytest.mark.parametrize(
        "other", [{"deposed": "a1b2c3d4"}, {"previous_address": "x.y"}, {"address": "x.y"}]
    )
    def test_what_it_is_counts(self, other: Any) -> None:
        """So does which object it is, and where it stood."""
        one = change(TOPIC, ["delete"], {"name": "n"}, None)

        assert plan_of(made_up(one)).digest() != plan_of(made_up({**one, **other})).digest()

    def test_outputs_count(self) -> None:
        """By their names, and by what becomes of each; not by their order."""

        def digest(**actions: str) -> str:
            outputs = {name: {"actions": [action]} for name, action in actions.items()}
            return plan_of({**made_up(), "output_changes": outputs}).digest()

        assert 4 == len({digest(), digest(a="create"), digest(b="create"), digest(a="delete")})
        assert digest(a="create", b="delete") == digest(b="delete", a="create")

    @pytest.mark.parametrize(
        "name", ["case-group-zones", "case-group-healed", "case-group-deleted"]
    )
    def test_a_size_does_not_count(self, name: str) -> None:
        """The scheduler may resize a group that changes, is replaced or goes: it is the same."""
        plan = recorded(name)
        other = json.loads(json.dumps(plan))
        for one in other["resource_changes"]:
            if one["type"] == GROUP:
                for side in ("before", "after"):
                    if "target_size" in (one["change"][side] or {}):
                        one["change"][side] |= {"target_size": 7, "fingerprint": "x"}

        assert plan != other
        assert plan_of(plan).digest() == plan_of(other).digest()

    def test_a_secret_does_not_count(self) -> None:
        """From a hash that everybody sees, a short one could be guessed."""
        one, two = (
            change(TOPIC, ["update"], {"token": "a"}, {"token": value, "marked": value})
            for value in ("b", "c")
        )
        for each in (one, two):
            each["change"]["after_sensitive"] = {"marked": True}

        assert plan_of(made_up(one)).digest() == plan_of(made_up(two)).digest()
