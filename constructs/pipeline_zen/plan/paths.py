"""Paths of attributes, such as `disk[0].source_image`."""


def root(path: str) -> str:
    """The attribute of the resource itself that a path leads into."""
    return path.partition("[")[0].partition(".")[0]


def written(steps: list[str | int]) -> str:
    """A path from the steps that the JSON of a plan has."""
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path.removeprefix(".")
