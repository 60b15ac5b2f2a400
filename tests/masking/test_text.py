"""Secrets in texts: by their look, and by what they are assigned to."""

import time

import pytest

from pipeline_zen.masking import is_secret_key, masked_text


class TestText:
    """Any text, whichever language it is in."""

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

    @pytest.mark.thorough
    @pytest.mark.parametrize("before", ["", "token="])
    @pytest.mark.parametrize(
        "unit",
        ["a", "=", "$", '"', "'", "\\", "\n", " ", "[", "<", "-", "${", "$(", "$(a(a)", "://a:",
         "\"'", "token=", "token='", "token=[", "token=\\\"", "token: |\n ", "\ntoken ", "login a ",
         "<token><![CDATA[", "<token ", "--token ", "token=$a:", "name: token\nvalue: ",
         "curl -u a:", "curl -u '", "curl ", "echo ", 'echo "', "echo a > token ", "printf $(",
         "<<< ", "read token <<< '", "tee token <<A\n", "<<A > token\n", '("token", "', "?sig=",
         "set_token('", "wandb login ", "htpasswd -b ", "config -a ", "vault kv put a b=",
         "sshpass -p ", "login -p $(", "value: name: token ", "value: [name: token ", "id: token ",
         "path: token\ncontent: ", "- value: a\n  name: token\n", "[\"token\", \"", "- -e\n",
         "- --token\n", "(\"-e\", \"token\", \"", ".set(a, \"token\", ", "ENV TOKEN ",
         "set TOKEN a ", "PASSWORD '", "PASSWORD \\'a", "IDENTIFIED BY 'a", "zip -P ",
         "nmcli password ", "http -a u:", "lftp -u ,", "TOKEN=$(cat <<A\n", "rabbitmqctl -n a ",
         "wpa_passphrase ", "?code=", "[--token, ", "[--token,\n", "[a, #\n", "[a,\n\n",
         "\"--token\", [\"", "- --token\n#\n", "- wandb\n", "- |\n\n", "- - ", "token:\n#\n",
         "vault login ", "--proxy-user u:", "name: token\nvalueFrom:\n x: ", "type: token\nraw: "],
    )  # fmt: skip
    def test_hostile(self, unit: str, before: str) -> None:
        """The time it takes grows with the length of a text and no faster, whatever is in it."""
        text = before + unit * (50_000 // len(unit))

        began = time.process_time()
        masked_text(text)
        is_secret_key(text)

        assert time.process_time() - began < 20
