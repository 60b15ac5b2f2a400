"""What Google says of names and labels."""

import pytest

from pipeline_zen.settings import SettingsError, load
from tests.conftest import Checkout


@pytest.mark.parametrize(
    ("bucket", "what"),
    [
        ("192.168.0.1", "an IP address"),
        ("goog-states", "a name that begins with goog"),
        ("my-google-states", "a name with google in it"),
        ("my-g00gle-states", "a name with google in it"),
        ("lum..states", "a name with a dot beside a dot or a dash"),
        ("lum.-states", "a name with a dot beside a dot or a dash"),
        ("lum-dev-pipeline-zen-datasets", "a bucket that is made here"),
        ("lum-dev-pipeline-zen-jobs-us", "a bucket that is made here"),
        ("lum-local-pipeline-zen-jobs-us", "a bucket that is made here"),
    ],
)
def test_a_bucket_that_cannot_be(bucket: str, what: str, small: Checkout) -> None:
    """The states' bucket has a name that Google takes, and is none of those made here."""
    small.edit("config/base.yaml", "lum-terraform-state", bucket)

    with pytest.raises(SettingsError) as caught:
        load(small.root, ["dev"])

    (problem,) = caught.value.problems
    assert ("state_bucket", True) == (problem.path, what in problem.message)


@pytest.mark.parametrize("bucket", ["lum.terraform.state", "states-1", "192.168.0.1.example"])
def test_a_bucket_that_can_be(bucket: str, small: Checkout) -> None:
    """Dots and numbers are let pass where they are no address."""
    small.edit("config/base.yaml", "lum-terraform-state", bucket)

    assert load(small.root, ["dev"])


@pytest.mark.parametrize(("count", "sound"), [(61, True), (62, False)])
def test_how_many_labels(count: int, sound: bool, small: Checkout) -> None:
    """A resource can have 64, of which three are set here."""
    labels = "".join(f"  l{n}: a\n" for n in range(count))
    small.edit("config/dev.yaml", "local:", f"labels:\n{labels}local:")

    if sound:
        assert load(small.root, ["dev"])
    else:
        with pytest.raises(SettingsError, match=r"labels: 62 labels, and a resource can have 64"):
            load(small.root, ["dev"])


def test_a_label_of_googles(small: Checkout) -> None:
    """Google keeps what begins with its own name for itself."""
    small.edit("config/dev.yaml", "local:", "labels: {goog-x: a}\nlocal:")

    with pytest.raises(SettingsError, match="this label is Google's own"):
        load(small.root, ["dev"])


@pytest.mark.parametrize(("length", "sound"), [(224, True), (225, False)])
def test_the_name_of_a_subscription(length: int, sound: bool, small: Checkout) -> None:
    """A developer's cluster has a subscription, whose name has 255 characters at most."""
    small.edit("config/dev.yaml", "[1xlocal]", f"[1x{'a' * (length - 2)}]")

    if sound:
        assert load(small.root, ["dev"])
    else:
        with pytest.raises(SettingsError, match="name would have 256 characters, and Google"):
            load(small.root, ["dev"])
