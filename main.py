"""What `cdktf synth` runs; `make synth` is the shorter way to the same files."""

from pipeline_zen.cli import main

# The CDK's command line names the folder to write to in CDKTF_OUTDIR, which `synth` reads.
main(["synth"])
