"""Secrets by the key that they stand under."""

from typing import Any

import pytest

from pipeline_zen.masking import masked_text, masked_value

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


class TestKeys:
    """What is a secret by its key."""

    @pytest.mark.parametrize("key", SECRET_KEYS)
    def test_by_key(self, key: str) -> None:
        """What stands under the name of a secret is masked, in values and in texts."""
        assert {key: "(masked)"} == masked_value({key: "plain-1"})
        assert f'"{key}": (masked)' == masked_text(f'"{key}": "plain-1"')

    @pytest.mark.parametrize("key", PLAIN_KEYS)
    def test_not_by_key(self, key: str) -> None:
        """What only has such a word in its name is shown."""
        assert {key: "plain-1"} == masked_value({key: "plain-1"})
        assert f"{key}: plain-1" == masked_text(f"{key}: plain-1")

    @pytest.mark.parametrize(
        "value",
        [1, True, "TRUE", "projects/p/secrets/a", ["projects/p/secrets/a"]],
    )
    def test_no_secret_by_its_value(self, value: Any) -> None:
        """A number, a yes or no, or the path of a resource is shown under any key."""
        assert {"my-token": value} == masked_value({"my-token": value})
