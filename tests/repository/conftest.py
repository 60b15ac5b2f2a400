"""What `config/` comes to, whichever settings are in it."""

from pathlib import Path

import pytest

from pipeline_zen.settings import environments, load
from tests.conftest import ROOT

CONFIGURED = tuple(environments(ROOT))
"""The environments of `config/`."""


@pytest.fixture(scope="session")
def configured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the settings of `config/` were synthesized into."""
    from pipeline_zen.stack import synth

    outdir = tmp_path_factory.mktemp("configured")
    synth(load(ROOT, CONFIGURED), outdir)
    return outdir
