"""
Measures synthesis: side by side with the stock import and with TypeScript, and as it grows.

    make bench

In each round every variant runs once, one after the other, so that a machine whose speed drifts
treats them alike; what counts is the ratio of the medians. Before that, all of the provider's
Python modules are compiled, which only the stock import needs, and each variant runs once
uncounted. The outputs are compared: a variant that wrote other bytes is an error.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from pipeline_zen.stack import STOCK_IMPORT, bundled_node

ROOT = Path(__file__).resolve().parents[1]
TYPESCRIPT = ROOT / "benchmarks" / "typescript"
STACKS = ("stacks/dev/cdk.tf.json", "stacks/prod/cdk.tf.json")
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
SIZES = (150, 500, 1_000, 2_000, 5_000)


@dataclass
class Variant:
    """A way of writing the stacks: a command that writes to the folder in CDKTF_OUTDIR."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    def run(self, outdir: Path) -> float:
        """Run once; the seconds it took."""
        begun = time.perf_counter()
        subprocess.run(
            [argument.replace("OUTDIR", str(outdir)) for argument in self.command],
            check=True,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            env={**ENVIRONMENT, "CDKTF_OUTDIR": str(outdir), **self.environment},
        )
        return time.perf_counter() - begun


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure synthesis.")
    parser.add_argument("--rounds", type=int, default=5, help="counted rounds (default: 5)")
    rounds = parser.parse_args().rounds

    variants = [
        Variant("make synth", ["make", "-s", "synth"]),
        Variant("make synth, stock import", ["make", "-s", "synth"], {STOCK_IMPORT: "1"}),
    ]
    node = bundled_node()
    if shutil.which("npm") and node:
        _build_typescript(node)
        program = str(TYPESCRIPT / "build" / "main.js")
        variants.append(Variant("TypeScript, usual import", [node, program, str(ROOT), "OUTDIR"]))
    else:
        print("npm is missing: TypeScript is not measured", file=sys.stderr)

    _compile_provider()
    _compare(variants, rounds)
    _grow()


def _build_typescript(node: str) -> None:
    print("Installing and compiling the TypeScript program …", file=sys.stderr)
    subprocess.run(
        ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"],
        check=True,
        cwd=TYPESCRIPT,
    )
    subprocess.run([node, "node_modules/typescript/bin/tsc"], check=True, cwd=TYPESCRIPT)


def _compile_provider() -> None:
    print("Compiling the provider's modules …", file=sys.stderr)
    for optimize in ([], ["-O"]):
        subprocess.run(
            [
                *(sys.executable, *optimize, "-m", "compileall", "-q", "-j", "0"),
                str(Path(sys.prefix) / "lib"),
            ],
            check=False,
            stdout=subprocess.DEVNULL,
            env=ENVIRONMENT,
        )


def _compare(variants: list[Variant], rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds + 1):
            for variant in variants:
                outdir = Path(folder, str(variants.index(variant)))
                seconds = variant.run(outdir)
                if number > 0:
                    variant.seconds.append(seconds)
                print(f"round {number}: {variant.name}: {seconds:.2f} s", file=sys.stderr)
        for stack in STACKS:
            texts = {Path(folder, str(i), stack).read_bytes() for i in range(len(variants))}
            if len(texts) > 1:
                sys.exit(f"the variants wrote different bytes: {stack}")

    ours = statistics.median(variants[0].seconds)
    print(f"\ndev and prod, {rounds} rounds:\n")
    print("| | median s | min s | max s | make synth takes |")
    print("|---|---|---|---|---|")
    for variant in variants:
        median = statistics.median(variant.seconds)
        spread = f"{min(variant.seconds):.2f} | {max(variant.seconds):.2f}"
        print(f"| {variant.name} | {median:.2f} | {spread} | {ours / median:.2f} of it |")


def _grow() -> None:
    print("\nOne environment of growing size:\n")
    print("| resources | s | ms for each more | peak MB |")
    print("|---|---|---|---|")
    before: tuple[int, float] | None = None
    for size in SIZES:
        resources, seconds, megabytes = _one_size(size)
        each = f"{(seconds - before[1]) / (resources - before[0]) * 1_000:.1f}" if before else ""
        print(f"| {resources} | {seconds:.2f} | {each} | {megabytes:.0f} |")
        before = (resources, seconds)


def _one_size(size: int) -> tuple[int, float, float]:
    """Synthesize an environment of about *size* resources, most of them groups."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(ROOT / "config", root / "config")
        shutil.copy(ROOT / "VERSION", root / "VERSION")
        (root / "config" / "dev.yaml").unlink()
        base = yaml.safe_load((root / "config" / "base.yaml").read_text(encoding="utf-8"))
        fleet = base["fleets"]["a100-40gb"]
        # Four clusters, a group each in every region; what is not groups is about 60 resources.
        fleet["regions"] = {f"us-x{number}": ["a"] for number in range(max(1, (size - 60) // 4))}
        base["fleets"] = {"a100-40gb": fleet}
        (root / "config" / "base.yaml").write_text(yaml.safe_dump(base), encoding="utf-8")

        command = ["-O", "-m", "pipeline_zen", "-C", folder, "synth"]
        begun = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, *command], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
        ) as process:
            assert process.stdout
            shown = process.stdout.read()
            # Unlike `wait`, this tells the peak of the process and of Node below it.
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        if process.returncode:
            sys.exit(process.returncode)
        return int(shown.split()[1]), seconds, usage.ru_maxrss / 1_024


if __name__ == "__main__":
    main()
