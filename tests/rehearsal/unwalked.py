"""The rules whose ways out are not walked as a road, and why."""

UNSERVED = {
    "access-denied": "the fake Google serves no deny policies",
    "account-key": "the fake Google makes no keys",
    "autoscaler-changed": "the fake Google serves no autoscalers",
    "autoscaler-lowered": "the fake Google serves no autoscalers",
    "billing-changed": "the fake Google moves no project to another billing account",
    "deleted": "what the fake Google serves has rules of its own",
    "group-template-elsewhere": "the fake Google has no templates of another project",
    "only-copy-lost": "no provider but Google's is installed",
    "policy-loosened": "the fake Google serves no such policies",
    "provider-foreign": "no provider but Google's is installed",
    "resize-request-deleted": "the fake Google serves no resize requests",
    "transfer-deletes": "the fake Google serves no transfers",
    "vm-deleted": "the fake Google makes no single VMs",
    "vms-metadata": "the fake Google serves no metadata of a project",
    "vms-restarted": "the fake Google restarts no VMs on request",
}
"""Rules whose ways are not walked, as they cannot be here, with the reason."""

ELSEWHERE = {
    "allowance-expired": "guard/test_allowances.py::test_it_expires",
    "allowance-unused": "guard/test_allowances.py::test_an_unused_one_blocks_even_an_empty_plan",
    "deletion-budget": "guard/test_trust.py::test_a_named_deletion_does_not_count",
    "first-creation": "tofu/conftest.py::built",
    "plan-errored": "tofu/test_planning.py::test_a_plan_that_fails",
    "plan-incomplete": "guard/test_trust.py::test_an_incomplete_plan",
    "refresh-only": "guard/test_trust.py::test_a_plan_that_only_refreshes",
    "rehearsal-failed": "rehearsal/test_rehearse.py::test_it_tells_what_a_change_does",
    "rehearsal-lost": "rehearsal/test_outcome.py::test_a_loss_that_no_finding_explains_blocks",
    "state-not-recorded": "tofu/test_planning.py::test_settled",
    "topic-gone": "tofu/test_accidents.py::test_a_subscription_on_no_topic",
    "wrong-state": "tofu/test_planning.py::test_another_workspace",
}
"""Rules about a plan as a whole, with the test that follows what they say."""

LOOKED_AT = (
    *("account-enabled", "gpus-added", "grant-added", "messages-copied", "objects-moved"),
    *("output-unjudged", "paid-ahead", "plan-unclear", "provider-unjudged", "quota-asked"),
    *("removal-unseen", "role-widened", "topic-elsewhere", "unjudged", "vms-cost-otherwise"),
    "vms-end-early",
)
"""Rules that block nothing and have somebody look at something: there is nothing to run."""
