"""Picture sizes that networks of halvings can make."""

from gen_studio.data.spec import DataSpec

POWERS = (16, 32, 64, 128, 256)


def next_power(size: int) -> int:
    """The smallest size of POWERS that is not below `size`; the largest for anything above."""
    return next((power for power in POWERS if power >= size), POWERS[-1])


def power_objection(title: str, data: DataSpec) -> str | None:
    """A sentence where the pictures are not squares with a side from POWERS."""
    if data.height == data.width and data.height in POWERS:
        return None
    sizes = ", ".join(str(power) for power in POWERS[:-1])
    return (
        f"{title} makes square pictures of {sizes} or {POWERS[-1]} pixels; these are {data.width} × {data.height}. "
        f"Set the size to {next_power(max(data.width, data.height))}, or leave it empty."
    )
