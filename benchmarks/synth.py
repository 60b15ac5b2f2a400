"""
Measures synthesis: side by side with the stock import and with TypeScript, and as it grows.

    make bench

In each round every variant runs once, one after the other, so that a machine whose speed drifts
treats them alike; what counts is the ratio of the medians. Before that, all of the provider's
Python modules are compiled, which only the stock import needs, and each variant runs once
uncounted. The outputs are compared: a variant that wrote other bytes is an error.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.growth import grow
from benchmarks.measuring import PIPELINE_ZEN, ROOT, measure
from pipeline_zen.stack import STOCK_IMPORT, bundled_node

TYPESCRIPT = ROOT / "benchmarks" / "typescript"
STACKS = ("stacks/dev/cdk.tf.json", "stacks/prod/cdk.tf.json")
SIZES = (150, 500, 1_000, 2_000, 5_000)
OURS = "make synth"


@dataclass
class Variant:
    """A way of writing the stacks: a command whose last argument is the folder to write to."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    def run(self, outdir: Path) -> float:
        """Run once, into an empty folder; the seconds it took."""
        shutil.rmtree(outdir, ignore_errors=True)
        command = [*self.command, str(outdir)]
        return measure(command, passes=(0,), environment=self.environment).seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure synthesis.")
    parser.add_argument("--rounds", type=int, default=5, help="counted rounds (default: 5)")
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=SIZES, help="resources of a growing environment"
    )
    parser.add_argument("--checkout", type=Path, default=ROOT, help="where the settings are")
    parser.add_argument("--alone", action="store_true", help="leave out what is compared with")
    options = parser.parse_args()

    synth = [*PIPELINE_ZEN, "-C", str(options.checkout), "synth", "--output"]
    variants = [Variant(OURS, synth)]
    if not options.alone:
        variants.append(Variant(f"{OURS}, stock import", synth, {STOCK_IMPORT: "1"}))
        variants += _typescript(options.checkout)
        _compile_provider()
    _compare(variants, options.rounds)
    grow(options.sizes, options.checkout)


def _typescript(checkout: Path) -> list[Variant]:
    """The same program in TypeScript, with both of its imports, where npm can install it."""
    node = bundled_node()
    if not shutil.which("npm") or not node:
        print("npm is missing: TypeScript is not measured", file=sys.stderr)
        return []
    print("Installing and compiling the TypeScript program …", file=sys.stderr)
    subprocess.run(
        ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"],
        check=True,
        cwd=TYPESCRIPT,
    )
    subprocess.run([node, "node_modules/typescript/bin/tsc"], check=True, cwd=TYPESCRIPT)
    program = [node, "--no-deprecation", str(TYPESCRIPT / "build" / "main.js"), str(checkout)]
    return [
        Variant("TypeScript, usual import", program, {"USUAL_IMPORT": "1"}),
        Variant("TypeScript, sub-path imports", program),
    ]


def _compile_provider() -> None:
    print("Compiling the provider's modules …", file=sys.stderr)
    library = str(Path(sys.prefix) / "lib")
    for optimize in ([], ["-O"]):
        command = [sys.executable, *optimize, "-m", "compileall", "-q", "-j", "0", library]
        # What cannot be compiled (a template of some package) is of no concern.
        measure(command, passes=(0, 1), environment={})


def _compare(variants: list[Variant], rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds + 1):
            for position, variant in enumerate(variants):
                seconds = variant.run(Path(folder, str(position)))
                if number > 0:
                    variant.seconds.append(seconds)
                print(f"round {number}: {variant.name}: {seconds:.2f} s", file=sys.stderr)
        for stack in STACKS:
            texts = {Path(folder, str(i), stack).read_bytes() for i in range(len(variants))}
            if len(texts) > 1:
                sys.exit(f"the variants wrote different bytes: {stack}")

        synth = [*variants[0].command, str(Path(folder, "0"))]
        again = [measure(synth, passes=(0,), environment={}).seconds for _ in range(rounds)]

    ours = statistics.median(variants[0].seconds)
    print(f"\ndev and prod, {rounds} rounds:\n")
    print(f"| | median s | min s | max s | {OURS} takes |")
    print("|---|---|---|---|---|")
    for variant in variants:
        median = statistics.median(variant.seconds)
        spread = f"{min(variant.seconds):.2f} | {max(variant.seconds):.2f}"
        print(f"| {variant.name} | {median:.2f} | {spread} | {ours / median:.2f} of it |")
    print(f"\n{OURS}, once it is up to date: {statistics.median(again):.2f} s")


if __name__ == "__main__":
    main()
