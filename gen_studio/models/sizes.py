"""Picture sizes that networks of halvings can make."""

from collections.abc import Sequence

from gen_studio.data.spec import DataSpec

POWERS = (16, 32, 64, 128, 256)


def next_side(sides: Sequence[int], size: int) -> int:
    """The smallest of sides, in rising order, that is not below `size`; the largest for anything above."""
    return next((side for side in sides if side >= size), sides[-1])


def side_objection(title: str, sides: Sequence[int], data: DataSpec) -> str | None:
    """A sentence where the pictures are not squares with one of these sides."""
    if data.height == data.width and data.height in sides:
        return None
    return (
        f"{title} makes square pictures of {', '.join(map(str, sides[:-1]))} or {sides[-1]} pixels; "
        f"these are {data.width} × {data.height}. "
        f"Set the size to {next_side(sides, max(data.width, data.height))}, or leave it empty."
    )
