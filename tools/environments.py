"""Lists the environments for the workflows: `names=["dev", "prod"]`, a line for $GITHUB_OUTPUT."""

import json
import sys
from pathlib import Path

CONFIG = Path(__file__).resolve().parents[1] / "config"
OTHERS = {"base", "allow"}
"""Files of the settings that are no environments."""
LAST = "prod"


def environments(config: Path) -> list[str]:
    """The environments in the order that they are applied in: by name, but prod comes last."""
    files = (path.stem for path in config.glob("*.yaml") if not path.name.startswith("."))
    return sorted(set(files) - OTHERS, key=lambda name: (name == LAST, name))


if __name__ == "__main__":
    sys.stdout.write(f"names={json.dumps(environments(CONFIG))}\n")
