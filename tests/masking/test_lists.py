"""Secrets in lists of arguments, in values of JSON and in texts."""

from typing import Any

import pytest

from pipeline_zen.masking import masked_text, masked_value


class TestArguments:
    """A list is judged as the command is that it would be in a line of a script."""

    @pytest.mark.parametrize(
        ("items", "expected"),
        [
            (["wandb", "login", "X"], ["wandb", "login", "M"]),
            (["/usr/bin/vault", "login", "-method=token", "X"], [..., ..., ..., "M"]),
            (["rclone", "obscure", "X"], [..., ..., "M"]),
            (["htpasswd", "-b", "f", "bob", "X"], [..., ..., ..., ..., "M"]),
            (["aws", "configure", "set", "aws_secret_access_key", "X"], [..., ..., ..., ..., "M"]),
            (["npm", "config", "set", "//r/:_authToken", "X"], [..., ..., ..., ..., "M"]),
            (["mysqladmin", "-u", "root", "password", "X"], [..., ..., ..., ..., "M"]),
            (["jq", "--arg", "password", "X", "."], [..., ..., ..., "M", ...]),
            (["--proxy-user", "u:X"], [..., "u:M"]),
            (["wget", "--proxy-user=u:X"], [..., "--proxy-user=u:M"]),
            (["curl", "--user=u:X", "-o", "a"], [..., "--user=u:M", ..., ...]),
            (["curl", "-u", "u:a;X b", "https://a"], [..., ..., "M", ...]),
            (["mysql", "-p(X"], [..., "M"]),
            (["mysql", "-p$(X"], [..., "M"]),
            (["wandb", "login", "two X"], [..., ..., "M"]),
            (["run", {"a": "b"}, "wandb", "login", "X"], [..., ..., ..., ..., "M"]),
            (["vault", "kv", "put", "secret/a", "b=X", "c=Y"], [..., ..., ..., ..., "b=M", "c=M"]),
            (["--token:", "X"], [..., "M"]),
            (["--token", ["X"]], [..., "M"]),
            (["--token", {"a": ["X"]}, "b"], [..., "M", ...]),
        ],
    )
    def test_masked(self, items: list[Any], expected: list[Any]) -> None:
        """The secret is gone, and the rest is there."""
        secret = [_with_secret(item) for item in items]
        shown = [
            item if like is ... else like.replace("M", "(masked)")
            for item, like in zip(secret, expected, strict=True)
        ]

        assert shown == masked_value(secret)

    @pytest.mark.parametrize(
        "items",
        [
            ["wandb", "login", "--relogin"],
            ["wandb", "login", "$KEY"],
            ["wandb", "login", "projects/p/secrets/a"],
            ["vault", "login", "-method=oidc"],
            ["vault", "login", "username=bob"],
            ["vault", "status", "a"],
            ["rclone", "copy", "a"],
            ["aws", "configure", "set", "region", "us-east-1"],
            ["npm", "config", "set", "registry", "https://a"],
            ["mysqladmin", "-u", "root", "status"],
            ["--proxy-user", "u"],
            ["--proxy-user", "u:$PW"],
            ["curl", "-u", "bob:$(PW)", "https://a"],
            ["mysql", "-p${PW}", "a"],
            ["curl", "-o", "a b", "https://a"],
            ["https://zip/a", "-P", "a"],
            ["--token", ["$HF_TOKEN"]],
            ["--token", ["--verbose"]],
            ["--token", [1], []],
            ["--token", {"valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}}],
            ["--region", ["a"]],
            ["--region", {"a": "b"}],
        ],
    )
    def test_not_masked(self, items: list[Any]) -> None:
        """References, and what such commands are given besides, are shown."""
        assert items == masked_value(items)

    def test_several_taken_for_one(self) -> None:
        """Where a secret goes on over elements, what is before and behind it is shown."""
        items = ["ENV", "HF_TOKEN", "two", "tango", "vault"]

        assert ["ENV", "HF_TOKEN", *["(masked)"] * 3] == masked_value(items)


class TestListsInTexts:
    """Lists of YAML and of code, with and without quotes."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("args: [--token, X]", "args: [--token, M]"),
            ("args: [ --token , X , -v ] # c", "args: [ --token , M , -v ] # c"),
            ("args: [--token, 'X']", "args: [--token, M]"),
            ("args: ['--token', X]", "args: ['--token', M]"),
            ("args: [-e, HF_TOKEN, X]", "args: [-e, HF_TOKEN, M]"),
            ("args: [-token, X]", "args: [-token, M]"),
            ("args: [--token, two X]", "args: [--token, M]"),
            ("args: [--token, &a X]", "args: [--token, M]"),
            ("{a: [--token, X], b: c}", "{a: [--token, M], b: c}"),
            ("runcmd:\n- [tool, --password, X]\n", "runcmd:\n- [tool, --password, M]\n"),
            ("runcmd: [[a, --password, X], [b]]", "runcmd: [[a, --password, M], [b]]"),
            ("a: [\n  --token, # c\n  # d\n  X,\n]", "a: [\n  --token, # c\n  # d\n  M,\n]"),
            ("a: [--token, X # c\n]", "a: [--token, M # c\n]"),
            ("- [curl, -u, bob:X, a]", "- [curl, -u, bob:M, a]"),
            ("- [curl, -u, 'bob:X', a]", "- [curl, -u, 'bob:M', a]"),
            ('CMD ["wandb", "login", "X"]', 'CMD ["wandb", "login", M]'),
            (r"CMD [\"wandb\", \"login\", \"X\"]", r"CMD [\"wandb\", \"login\", M]"),
            ('run(["htpasswd", "-b", "f", "b", "X"])', 'run(["htpasswd", "-b", "f", "b", M])'),
            ('run("--token", ["X"])', 'run("--token", M)'),
            ("args: [--token, [X]]", "args: [--token, M]"),
            ("- --token\n# c\n- X\n", "- --token\n# c\n- M\n"),
            ("- --token # c\n\n- X # d\n", "- --token # c\n\n- M # d\n"),
            ("- --token\r\n  # c\r\n\r\n- X\r\n", "- --token\r\n  # c\r\n\r\n- M\r\n"),
            ("- -e\n# c\n- HF_TOKEN\n\n- X", "- -e\n# c\n- HF_TOKEN\n\n- M"),
            ("- - --token\n  - X\n- b", "- - --token\n  - M\n- b"),
            ("- - run\n  - --token\n  # c\n  - X", "- - run\n  - --token\n  # c\n  - M"),
            ("-   --token\n-   X", "-   --token\n-   M"),
            ("- --token\n- |\n  X\n\n  X\n- b", "- --token\n- M\n- b"),
            ("- wandb\n- login\n- X\n", "- wandb\n- login\n- M\n"),
            ("- mysql\n- '-pX'\n- b", "- mysql\n- '-pM'\n- b"),
            ("HF_TOKEN:\n# c\n  X\n# d\nb: c", "HF_TOKEN:M\n# d\nb: c"),
            ("tokens:\n- X\n\n# c\n- X\n\n# d\nb: c", "tokens:M\n# d\nb: c"),
        ],
    )
    def test_masked(self, text: str, expected: str) -> None:
        """The secret is gone, and the rest is there."""
        secret = text.replace("X", "tango7").replace("CMD", "cmd")

        assert expected.replace("CMD", "cmd").replace("M", "(masked)") == masked_text(secret)

    @pytest.mark.parametrize(
        "text",
        [
            "args: [--token, $HF_TOKEN]",
            "args: [--token, ${HF_TOKEN}, a]",
            "args: [--token, $(HF_TOKEN)]",
            "args: [--token, ${{ secrets.HF_TOKEN }}]",
            "args: [--token, {{ .token }}]",
            "args: [--token, *token]",
            "args: [--token, !Ref Token]",
            "args: [--token, --verbose]",
            "args: [--token, projects/p/secrets/a]",
            "args: [--region, us]",
            "args: [--password-file, /run/secrets/a]",
            "fields: [password, email]",
            "curl a\n- password\n- email",
            "- - --token\n- - another\n",
            'args: ["--token", value],',
            "zones: [us-central1-a, us-central1-b]",
            "the options [--user, --password, and --host]",
            "the options (--password, username)",
            'run(["tool", "--token", token])',
            'run(["tool", "--token", value])',
            'run(["tool", "--token", os.environ["A"], "b"])',
            'args: ["--token", token]',
            "args: ['--token', process.env.A]",
            "args: ['--token', read(a)]",
            'cmd = ["wandb", "login", key]',
            '["wandb", "login", "a" + b]',
            'run("--token", [token])',
            'run("--token", ["$HF_TOKEN"])',
            'run("--region", ["a"])',
            "x[-token, a]",
            "CMD ['curl', '-u', 'bob:$PW', 'a']",
            "- --token\n# c\n- $HF_TOKEN\n",
            "- --token\n# c\n- --verbose\n",
            "- --token\n\nSome words.\n\n- another\n",
            "- --token\n  - another\n",
            "- --token\n- name: a\n",
            "- --token # c",
            "- --region\n# c\n- us\n",
            "- curl\n- https://a\n- -o\n- b\n",
            "HF_TOKEN:\n# c\nb: c",
        ],
    )
    def test_not_masked(self, text: str) -> None:
        """References, names of variables, sentences and what is no option of a secret are shown."""
        assert text == masked_text(text)


def _with_secret(item: Any) -> Any:
    """*item* with a secret in it."""
    if isinstance(item, dict):
        return {key: _with_secret(value) for key, value in item.items()}
    if isinstance(item, list):
        return list(map(_with_secret, item))
    return item.replace("X", "tango7").replace("Y", "tango8")
