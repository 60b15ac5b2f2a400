"""`python -m pipeline_zen`, the same as `pipeline-zen`."""

from pipeline_zen.cli import main

main(prog_name="pipeline-zen")
