"""The catalogue's refresh, on small samples of the public files that it reads."""

import csv
import importlib
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline_zen import catalog
from tests.conftest import ROOT, Facts

VMS = """\
InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,AvailabilityZone,Price,SpotPrice
a2-highgpu-1g,12.0,85.0,,,,us-central1,us-central1-a,0.7,0.3
a2-highgpu-1g,12.0,85.0,,,,me-west1,me-west1-a,0.7,0.3
a2-highgpu-2g,24.0,170.0,,,,us-central1,us-central1-a,1.4,0.6
e2-small,2.0,2.0,,,,us-central1,us-central1-a,0.01,0.005
,,,V100,1,V100,us-central1,us-central1-a,2.5,0.8
,,,V100,8,V100,us-central1,us-central1-a,20,6.4
,,,tpu-v6e-1,1,tpu-v6e-1,us-central1,us-central1-a,2.7,700.0
"""

PRICES = {
    "prices": {
        "us-central1": {
            "on_demand": {"a3-highgpu-1g": 11.5, "n1-highmem-8": 0.473212, "e2-small": 0.01},
            "spot": {"a3-highgpu-1g": 0.0000004 + 5.25},
        }
    }
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the catalogue's data."""
    data = Path(catalog.__file__).parent
    shutil.copytree(data, tmp_path / "home", ignore=shutil.ignore_patterns("*.py", "__*"))
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that Python finds a tool's modules in, as where the tool is run."""
    monkeypatch.syspath_prepend(ROOT / "tools")


def _refresh(home: Path, *files: Path) -> Result:
    options = ["--as-of", "2026-12-01", "--revision", "abc1234", "--home", str(home)]
    return CliRunner().invoke(
        importlib.import_module("refresh_catalog").main, [*options, *map(str, files)]
    )


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as data:
        return list(csv.DictReader(data))


def test_zones(home: Path, tmp_path: Path) -> None:
    """What the source lists replaces what was known of that GPU; the others stay."""
    (tmp_path / "vms.csv").write_text(VMS, encoding="utf-8")
    before = {row["accelerator"]: row for row in _rows(home / "zones.csv")}

    result = _refresh(home, tmp_path / "vms.csv")

    assert 0 == result.exit_code, result.output
    rows = _rows(home / "zones.csv")
    a100 = {row["zone"]: row for row in rows if row["accelerator"] == "nvidia-tesla-a100"}
    assert {"me-west1-a", "us-central1-a"} == set(a100)
    central, west = a100["us-central1-a"], a100["me-west1-a"]
    assert "a2-highgpu-1g a2-highgpu-2g" == central["machine_types"]
    assert ("high", "2026-12-01") == (central["confidence"], central["as_of"])
    assert "skypilot-catalog v9 @abc1234" == central["source"]
    assert "medium" == west["confidence"], "a doubt stays"
    assert ["us-central1-a"] == [r["zone"] for r in rows if r["accelerator"] == "nvidia-tesla-v100"]
    assert before["nvidia-b200"] in rows


def test_gpu_prices(home: Path, tmp_path: Path) -> None:
    """The price of one GPU is that of an N1's GPU; a price of eight, or of a TPU, is none."""
    (tmp_path / "vms.csv").write_text(VMS, encoding="utf-8")

    assert 0 == _refresh(home, tmp_path / "vms.csv").exit_code

    rows = [row for row in _rows(home / "prices.csv") if row["of"] == "nvidia-tesla-v100"]
    assert [("us-central1", "2.5", "0.8")] == [
        (row["region"], row["on_demand"], row["spot"]) for row in rows
    ]


def test_machine_prices(home: Path, tmp_path: Path) -> None:
    """A machine's prices are replaced, a missing one is left open, and its note stays."""
    (tmp_path / "initial-prices.json").write_text(json.dumps(PRICES), encoding="utf-8")

    result = _refresh(home, tmp_path / "initial-prices.json")

    assert 0 == result.exit_code, result.output
    rows = _rows(home / "prices.csv")
    (h100,) = [row for row in rows if row["of"] == "a3-highgpu-1g"]
    assert ("11.5", "5.25") == (h100["on_demand"], h100["spot"])
    assert "on demand is a list price: the machine is not sold so" == h100["note"]
    (n1,) = [row for row in rows if row["of"] == "n1-highmem-8"]
    assert ("0.473212", "") == (n1["on_demand"], n1["spot"])
    assert not [row for row in rows if row["of"] == "e2-small"]
    assert "prices.csv: 2 new, 45 gone\n" == result.output


def test_sizes_and_regions(home: Path, tmp_path: Path) -> None:
    """Numbers of vCPUs and memory are taken over; a new region is added, its zones unknown."""
    (tmp_path / "machinetypes.csv").write_text(
        "NAME;CPUS;SHARED_CPU;MEMORY_GB;DEPRECATED;ZONE\na2-highgpu-1g;13;False;86.50;;\n"
    )
    (tmp_path / "regions.csv").write_text("NAME;STATUS;TURNDOWN_DATE\nmoon-south1;UP;\n")
    before = {row["machine_type"]: row for row in _rows(home / "machine_types.csv")}

    result = _refresh(home, tmp_path / "machinetypes.csv", tmp_path / "regions.csv")

    assert 0 == result.exit_code, result.output
    machines = {row["machine_type"]: row for row in _rows(home / "machine_types.csv")}
    assert ("13", "86.5") == (
        machines["a2-highgpu-1g"]["vcpus"],
        machines["a2-highgpu-1g"]["memory_gb"],
    )
    a100 = machines["a2-highgpu-1g"]
    assert ("2026-12-01", True) == (a100["size_as_of"], a100["size_source"].endswith(" @abc1234"))
    assert all(a100[of] == before["a2-highgpu-1g"][of] for of in ("as_of", "source")), (
        "how it is sold was not looked at"
    )
    assert "2026-07-01" == machines["a2-highgpu-2g"]["size_as_of"], "it is not listed"
    regions = {row["region"]: (row["zones"], row["as_of"]) for row in _rows(home / "regions.csv")}
    assert ("", "2026-12-01") == regions["moon-south1"]
    assert ("a b c f", "2026-01-09") == regions["us-central1"], "it is not listed, and has zones"
    assert "africa-south1" not in regions, "it is not listed, and has none"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("vms.csv", "Instance,Zone\n", "has no column AcceleratorCount, AcceleratorName, Avail"),
        ("initial-prices.json", "[]", "has no prices by region: its form has changed"),
        ("machinetypes.csv", "name,cpus\n", "has no column CPUS, MEMORY_GB, NAME"),
        ("zones.csv", "", "is none of vms.csv, initial-prices.json, machinetypes.csv, regions.csv"),
    ],
)
def test_another_form(name: str, text: str, message: str, home: Path, tmp_path: Path) -> None:
    """A source that has changed its form is refused, and nothing is written."""
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    (tmp_path / name).write_text(text, encoding="utf-8")

    result = _refresh(home, tmp_path / name)

    assert 0 != result.exit_code
    assert message in " ".join(result.output.split())
    assert before == {path.name: path.read_bytes() for path in home.iterdir()}


def test_a_doubt_about_machine_types_ends(home: Path, tmp_path: Path) -> None:
    """Where a source lists machine types by zone, it is known which of them a zone has."""
    row = "g2-standard-8,8.0,32.0,,,,us-central1,us-central1-a,0.9,0.4\n"
    (tmp_path / "vms.csv").write_text(VMS + row, encoding="utf-8")

    assert 0 == _refresh(home, tmp_path / "vms.csv").exit_code

    (l4,) = [row for row in _rows(home / "zones.csv") if row["accelerator"] == "nvidia-l4"]
    assert ("g2-standard-8", "high", "") == (l4["machine_types"], l4["confidence"], l4["note"])


def test_a_price_of_zero_is_none(home: Path, tmp_path: Path) -> None:
    """Nobody rents out for nothing: the price is not known, which is told, and never written."""
    (tmp_path / "vms.csv").write_text(VMS.replace("us-central1-a,2.5,", "us-central1-a,0.0,"))
    prices = {"us-east1": {"on_demand": {"a4-highgpu-8g": 0}, "spot": {"a3-highgpu-1g": 0.0}}}
    (tmp_path / "initial-prices.json").write_text(json.dumps({"prices": prices}))

    result = _refresh(home, tmp_path / "vms.csv", tmp_path / "initial-prices.json")

    assert 0 == result.exit_code, result.output
    assert f"{tmp_path}/vms.csv:6: Price is 0: left out, as it is not known.\n" in result.output
    assert "a4-highgpu-8g in us-east1 on demand is 0: left out" in result.output
    rows = _rows(home / "prices.csv")
    (v100,) = [row for row in rows if row["of"] == "nvidia-tesla-v100"]
    assert ("", "0.8") == (v100["on_demand"], v100["spot"])
    assert [] == [row for row in rows if "0" in (row["on_demand"], row["spot"])]


def test_a_note_stays_with_its_source(home: Path, tmp_path: Path) -> None:
    """What one source's price leaves out may be in another's."""
    prices = {"us-east1": {"on_demand": {}, "spot": {"a4-highgpu-8g": 61.5}}}
    (tmp_path / "initial-prices.json").write_text(json.dumps({"prices": prices}))

    assert 0 == _refresh(home, tmp_path / "initial-prices.json").exit_code

    (b200,) = [row for row in _rows(home / "prices.csv") if row["of"] == "a4-highgpu-8g"]
    assert ("61.5", "") == (b200["spot"], b200["note"])


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("vms.csv", VMS.replace(",2.5,0.8", ",abc,0.8"), ':6: Price is "abc": no number from zero'),
        ("vms.csv", VMS.replace(",2.5,0.8", ",2.5,nan"), ':6: SpotPrice is "nan": no number'),
        ("vms.csv", VMS.replace(",2.5,0.8", ",-2.5,0.8"), ':6: Price is "-2.5": no number from'),
        ("vms.csv", VMS.replace(",,,V100,1", ",,,V100,x"), ':6: AcceleratorCount is "x": no'),
        ("vms.csv", VMS.replace("me-west1-a", "me-west1"), ':3: no zone of a region: "me-west1"'),
        (
            "initial-prices.json",
            json.dumps(PRICES).replace("11.5", "NaN"),
            'a3-highgpu-1g in us-central1 on demand is "nan": no number from zero on.',
        ),
        (
            "machinetypes.csv",
            "NAME;CPUS;MEMORY_GB\nn1-highmem-8;;52\n",
            ':2: CPUS is "": no number from zero on.',
        ),
        (
            "machinetypes.csv",
            "NAME;CPUS;MEMORY_GB\nn1-highmem-8;8;0\n",
            ':2: MEMORY_GB is "0", and must be above zero.',
        ),
        ("regions.csv", "NAME;STATUS\nmoon;UP\n", ':2: NAME is "moon": no region.'),
    ],
)
def test_garbage(name: str, text: str, message: str, home: Path, tmp_path: Path) -> None:
    """What is no fact is refused with its file and row, and nothing of any file is written."""
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    (tmp_path / "regions.csv").write_text("NAME;STATUS\nmoon-south1;UP\n")
    (tmp_path / name).write_text(text, encoding="utf-8")

    result = _refresh(home, tmp_path / "regions.csv", tmp_path / name)

    assert 1 == result.exit_code
    assert name in result.output
    assert message in result.output
    assert before == {path.name: path.read_bytes() for path in home.iterdir()}


def test_a_slip_in_the_catalogue(home: Path, tmp_path: Path, facts: Facts) -> None:
    """A refresh of what cannot be read is refused with the place, too."""
    facts.add("n1_machine_types.csv", "n1-x,eight,8,2026-11-30,seen")
    (tmp_path / "vms.csv").write_text(VMS, encoding="utf-8")

    result = _refresh(home, tmp_path / "vms.csv")

    assert 1 == result.exit_code
    assert 'n1_machine_types.csv:24: vcpus is "eight", and must be a whole number.' in result.output
