"""What OpenTofu does to an object and why, in the words of this project."""

from enum import Enum


class Action(str, Enum):
    """What OpenTofu does to an object, in the words of this project."""

    NO_OP = "no-op"
    READ = "read"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    """The old one is deleted, then the new one made."""
    REPLACE_AFTER = "replace, new one first"
    """`create_before_destroy`."""
    DELETE = "delete"
    FORGET = "forget"
    """A thing that stays at Google, and that OpenTofu knows of no more."""
    LET_GO = "let go"
    """OpenTofu's delete, of which `deletion_policy = "ABANDON"` leaves the object at Google."""
    FORGET_CREATE = "forget and create"

    @property
    def replaces(self) -> bool:
        """Whether a new object takes the place of an old one, which is deleted."""
        return self is Action.REPLACE or self is Action.REPLACE_AFTER

    @property
    def destroys(self) -> bool:
        """Whether an object is deleted."""
        return self is Action.DELETE or self.replaces

    @property
    def keeps(self) -> bool:
        """Whether an object stays at Google, of which OpenTofu knows no more afterwards."""
        return self in (Action.FORGET, Action.LET_GO)


ACTIONS = {
    ("no-op",): Action.NO_OP,
    ("read",): Action.READ,
    ("create",): Action.CREATE,
    ("update",): Action.UPDATE,
    ("delete", "create"): Action.REPLACE,
    ("create", "delete"): Action.REPLACE_AFTER,
    ("delete",): Action.DELETE,
    ("forget",): Action.FORGET,
    ("forget", "create"): Action.FORGET_CREATE,
}
"""OpenTofu's words for each."""

REASONS = {
    "delete_because_count_index": "its index is beyond `count`",
    "delete_because_each_key": "its key is no longer in `for_each`",
    "delete_because_enabled_false": "it is switched off by `enabled`",
    "delete_because_no_module": "its module is gone",
    "delete_because_no_move_target": "it was moved to an address that is not there",
    "delete_because_no_resource_config": "it is no longer in the configuration",
    "delete_because_wrong_repetition": "`count` or `for_each` was added or removed",
    "forgot_because_lifecycle_destroy_in_config": "`destroy = false` protects it",
    "forgot_because_lifecycle_destroy_in_state": (
        "it is no longer in the configuration, and `destroy = false` protects it"
    ),
    "read_because_check_nested": "a check needs it",
    "read_because_config_unknown": "what it asks for is known only after the apply",
    "read_because_dependency_pending": "it depends on something that changes",
    "replace_because_cannot_update": "it cannot be changed in place",
    "replace_because_tainted": (
        "it is tainted, as its creation failed earlier: where it is whole at Google, "
        "`tofu untaint` keeps it"
    ),
    "replace_by_request": "somebody asked for it with `-replace`",
    "replace_by_triggers": "`replace_triggered_by` names something that changes",
}
"""OpenTofu's reasons in words; it may add some, so others are shown as they are."""
