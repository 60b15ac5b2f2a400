"""Who may do what: sentences that say all that the grants of a stack say, and no more."""

import pytest

from pipeline_zen import kinds
from pipeline_zen.atlas.rights import Holder, rights
from pipeline_zen.files import Json
from tests.conftest import Stack

PROJECT = "eng-ai-dev"


def _sentences(stack: Json) -> dict[str, list[str]]:
    def sentence(holder: Holder) -> list[str]:
        return [
            f"{right.sentence} {right.start}{{{','.join(right.things)}}} {right.only}".strip()
            for right in holder.rights
        ]

    return {holder.who: sentence(holder) for holder in rights(stack, PROJECT)}


@pytest.mark.node
def test_every_grant_is_in_a_sentence(stacks: dict[str, Stack]) -> None:
    """As many things are named as there are grants."""
    for environment, stack in stacks.items():
        grants = sum(
            len(resources)
            for type_, resources in stack["resource"].items()
            if kinds.of(type_).on is not None
        )
        told = [
            thing
            for holder in rights(stack, f"eng-ai-{environment}")
            for right in holder.rights
            for thing in right.things
        ]
        assert grants == len(told)


@pytest.mark.node
def test_the_jobs(stacks: dict[str, Stack]) -> None:
    """The VM of a job: what it may, where, and under which condition."""
    (who,) = _sentences(stacks["prod"])
    sentences = _sentences(stacks["prod"])[who]

    assert "The VM of every job" == who
    assert (
        "Deletes VMs in the project {eng-ai-prod} The VMs of the managed instance groups"
    ) in sentences
    assert "Reads the text of the secret {pipeline-zen-jobs-config}" in sentences
    assert (
        "Writes results, over earlier ones too, and publishes them in 4 buckets "
        "lum-prod-pipeline-zen-jobs-{asia,europe,me-west1,us}"
    ) in sentences
    assert not [sentence for sentence in sentences if sentence.startswith("Has the role")]


def test_roles_and_members_that_are_not_known() -> None:
    """They are told as they are, and not left out."""
    stack = {
        "resource": {
            "google_pubsub_topic_iam_member": {
                "a": {"role": "roles/pubsub.admin", "member": "allUsers", "topic": "start"}
            }
        }
    }

    assert {"allUsers": ["Has the role roles/pubsub.admin on the topic {start}"]} == _sentences(
        stack
    )
