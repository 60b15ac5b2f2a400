"""Secrets in calls and lists of scripts, lines of settings and statements of SQL."""

import pytest

from pipeline_zen.masking import masked_text


class TestCalls:
    """Names and values beside each other, with no sign between that assigns."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('os.environ.setdefault("HF_TOKEN","X")', 'os.environ.setdefault("HF_TOKEN",M)'),
            ("setdefault( 'HF_TOKEN', 'X' )", "setdefault( 'HF_TOKEN', M )"),
            ('os.Setenv("HF_TOKEN", "X")', 'os.Setenv("HF_TOKEN", M)'),
            ('os.Setenv("HF_TOKEN", `X`)', 'os.Setenv("HF_TOKEN", M)'),
            ('setenv("DB_PASSWORD", "X", 1)', 'setenv("DB_PASSWORD", M, 1)'),
            ('.withEnv("a", "b").withEnv("A_KEY", "X")', '.withEnv("a", "b").withEnv("A_KEY", M)'),
            ('setProperty("password", "X")', 'setProperty("password", M)'),
            (r"setenv(\"HF_TOKEN\", \"X\")", r"setenv(\"HF_TOKEN\", M)"),
            ('setHeader(\n  "X-Api-Key",\n  "X"\n)', 'setHeader(\n  "X-Api-Key",\n  M\n)'),
            ('set_password("me", "X")', "set_password(M, M)"),
            ('config.set("db", "password", "X")', 'config.set("db", "password", M)'),
            ('config.set(section, "password", "X")', 'config.set(section, "password", M)'),
            ('["run", "-e", "HF_TOKEN", "X"] #', '["run", "-e", "HF_TOKEN", M] #'),
            ('run("--header", "X-Api-Key", "X")', 'run("--header", "X-Api-Key", M)'),
            ('run("--password", "X", "y")', 'run("--password", M, "y")'),
            ('run("--a", "b", "--password", "X")', 'run("--a", "b", "--password", M)'),
            ('h = [["X-Api-Key", "X"], ["a", "b"]]', 'h = [["X-Api-Key", M], ["a", "b"]]'),
            ("- --password\n- X\n- b", "- --password\n- M\n- b"),
            ("- -e\n- HF_TOKEN\n- X\n", "- -e\n- HF_TOKEN\n- M\n"),
            ('  - "--header"\n  - "X-Api-Key"\n  - "X"', '  - "--header"\n  - "X-Api-Key"\n  - M'),
        ],
    )
    def test_given(self, text: str, expected: str) -> None:
        """The value is gone, and the rest is there."""
        _assert_masked(text, expected)

    @pytest.mark.parametrize(
        "text",
        [
            'os.environ.setdefault("HF_TOKEN", os.environ["A"])',
            'os.environ.setdefault("TOKEN_TYPE", "bearer")',
            'os.Setenv("PATH", "/usr/bin")',
            'setHeader("Authorization", `Bearer ${token}`)',
            'config.set("db", "host", "a")',
            'names = ["HF_TOKEN", "WANDB_API_KEY"]',
            'names = ["hf-token", "openai-key"]',
            'zones = ["us-central1-a", "us-central1-b"]',
            'h = ["HF_TOKEN", "a", "b"]',
            'h = ["HF_TOKEN", "$OTHER"]',
            'run("-e", "A", "b")',
            "- --region\n- us\n- a\n",
            "- -e\n- HF_TOKEN\n- -v\n",
            "- -i\n- password\n- /var/log/syslog\n",
            "- --password\n- $PW\n",
        ],
    )
    def test_not_given(self, text: str) -> None:
        """Names beside names, references and calls about something else are shown."""
        assert text == masked_text(text)


class TestLines:
    """What a line of a Dockerfile, a shell or a server's settings sets."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("FROM a\nENV HF_TOKEN X\nRUN b", "FROM a\nENV HF_TOKEN M\nRUN b"),
            ('ENV HF_TOKEN "two X"', "ENV HF_TOKEN M"),
            ("ENV HF_TOKEN two X", "ENV HF_TOKEN M"),
            ("ONBUILD ENV HF_TOKEN X", "ONBUILD ENV HF_TOKEN M"),
            ("set HF_TOKEN X", "set HF_TOKEN M"),
            ("set -gx HF_TOKEN X; run", "set -gx HF_TOKEN M; run"),
            ("cd a && set HF_TOKEN 'two X'", "cd a && set HF_TOKEN M"),
            ("fish -c 'a; set HF_TOKEN X'", "fish -c 'a; set HF_TOKEN M'"),
            ("  SetEnv HF_TOKEN X", "  SetEnv HF_TOKEN M"),
            ("fastcgi_param DB_PASSWORD X;", "fastcgi_param DB_PASSWORD M;"),
            (
                'proxy_set_header Authorization "Bearer X";',
                "proxy_set_header Authorization M;",
            ),
        ],
    )
    def test_set(self, text: str, expected: str) -> None:
        """The value is gone, and the rest is there."""
        _assert_masked(text, expected)

    @pytest.mark.parametrize(
        "text",
        [
            "Set HF_TOKEN in the console",
            "set HF_TOKEN in the console",
            "Please set HF_TOKEN now",
            "ENV PATH /usr/bin",
            "ENV HF_TOKEN $TOKEN",
            "ENV HF_TOKEN_FILE /run/secrets/x",
            "The ENV HF_TOKEN is needed",
            "set -x HF_TOKEN $TOKEN",
            "set fish_greeting hello",
            "fastcgi_param TOKEN_TYPE bearer;",
        ],
    )
    def test_not_set(self, text: str) -> None:
        """Sentences, references and what is no secret are shown."""
        assert text == masked_text(text)


class TestStatements:
    """What SQL makes the password of somebody."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("ALTER USER a PASSWORD 'X';", "ALTER USER a PASSWORD M;"),
            ("alter user a with password 'X' login", "alter user a with password M login"),
            ("psql -c \"ALTER ROLE a PASSWORD 'X'\"", 'psql -c "ALTER ROLE a PASSWORD M"'),
            ("CREATE USER a IDENTIFIED BY 'X';", "CREATE USER a IDENTIFIED BY M;"),
            ("CREATE USER a IDENTIFIED BY X;", "CREATE USER a IDENTIFIED BY M;"),
            (
                "create user a identified with sha2 by 'X'",
                "create user a identified with sha2 by M",
            ),
            ('grant all on a to b identified by "X"', "grant all on a to b identified by M"),
            ("SET PASSWORD FOR 'a'@'h' = 'X'", "SET PASSWORD FOR 'a'@'h' = M"),
            ("SET PASSWORD FOR a = PASSWORD('X')", "SET PASSWORD FOR a = PASSWORD(M)"),
            ("ALTER USER a PASSWORD 'it''s X';", "ALTER USER a PASSWORD M;"),
        ],
    )
    def test_made(self, text: str, expected: str) -> None:
        """The password is gone, and the rest is there."""
        _assert_masked(text, expected)

    @pytest.mark.parametrize(
        "text",
        [
            "the password 'a' is wrong",
            '"Enter the PASSWORD " + a',
            "ALTER USER a PASSWORD '%s';",
            "psql -c \"ALTER USER a PASSWORD '$PW'\"",
            "it was identified as 'full'",
            "users are identified by 'email' there",
            "they are IDENTIFIED BY their id",
        ],
    )
    def test_not_made(self, text: str) -> None:
        """Sentences, and what is put in, are shown."""
        assert text == masked_text(text)


def _assert_masked(text: str, expected: str) -> None:
    secret = text.replace("X-", "\0").replace("X", "tango7").replace("\0", "X-")
    shown = expected.replace("X-", "\0").replace("M", "(masked)").replace("\0", "X-")

    assert shown.replace("FRO(masked)", "FROM") == masked_text(secret)
