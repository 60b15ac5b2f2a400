"""What `cdktf synth` runs; `make synth` is the shorter way to the same files."""

import os

from pipeline_zen.cli import main

# The CDK's command line says in CDKTF_OUTDIR where it wants the stacks.
outdir = os.environ.get("CDKTF_OUTDIR")
main(["synth", *(["--output", outdir] if outdir else [])])
