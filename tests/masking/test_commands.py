"""Secrets that commands, files and functions are given."""

import pytest

from pipeline_zen.masking import masked_text


class TestCommands:
    """What scripts give away."""

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
