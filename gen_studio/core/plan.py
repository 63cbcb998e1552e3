"""Everything that decides a run, as plain frozen values: saved beside its checkpoints, shown, replayed."""

from enum import Enum
from typing import Any

from pydantic import Field

from gen_studio.core.config import Config, setting

DEFAULT_SEED = 0


class Channels(Enum):
    AS_THEY_ARE = "as they are"
    GREY = "grey"
    COLOUR = "colour"


class Fit(Enum):
    """How a picture of another shape becomes a square."""

    CROP = "crop"
    PAD = "pad"
    STRETCH = "stretch"


class PairFilter(Enum):
    """What makes the question of a pair from its answer."""

    EDGES = "edges"
    GREY = "grey"
    BLUR = "blur"
    LOW_RESOLUTION = "low resolution"


class Counterpart(Enum):
    """What a source itself knows of a picture and can give as the question of a pair, the picture being the answer."""

    LAYOUT = "layout"
    DAY = "day"
    SUMMER = "summer"


class Side(Enum):
    LEFT = "left"
    RIGHT = "right"


class DataPlan(Config):
    """Which pictures, and how they are brought into shape."""

    source: str = setting("digits", "Source", "The key of the source, as `gen-studio data` lists it.")
    path: str | None = setting(None, "Path", "The folder or zip, for sources that read one.")
    other_path: str | None = setting(
        None, "Second path", "The second domain, the layouts, or the table of attributes, where it lies elsewhere."
    )
    count: int = setting(5000, "Pictures", "How many pictures are drawn.", ge=3, le=200_000)
    seed: int = setting(0, "Drawing seed", "Another seed draws other pictures.", ge=0, le=2**63 - 1, advanced=True)
    size: int | None = setting(
        None, "Size", "Side of the square pictures in pixels; empty for the source's own.", ge=8, le=1024
    )
    channels: Channels = setting(Channels.AS_THEY_ARE, "Channels", "Keep, or turn into grey or colour pictures.")
    fit: Fit = setting(Fit.CROP, "Fit", "How pictures of another shape become squares.", advanced=True)
    pairs: PairFilter | None = setting(
        None, "Pairs from", "Makes pairs: this filter of a picture is the question, the picture is the answer."
    )
    counterpart: Counterpart | None = setting(
        None, "Pairs with", "Makes pairs: this of a picture is the question, the picture is the answer."
    )
    domains: str | None = setting(
        None,
        "Two domains",
        'Two classes ("cats, dogs") or a yes-or-no attribute ("glasses"): two kinds of pictures, not in pairs.',
    )
    labels: str | None = setting(None, "Classes from", "The attribute whose values become the classes.", advanced=True)
    question: Side = setting(
        Side.LEFT, "Question", "The half that is the question, in files that hold a pair side by side.", advanced=True
    )
    limit: int | None = setting(None, "At most", "Use at most so many pictures.", ge=1, advanced=True)


class Device(Enum):
    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


class Precision(Enum):
    """AUTO measures, before the first step, whether bfloat16 pays on this machine for this model."""

    AUTO = "auto"
    FLOAT32 = "float32"
    BF16 = "bf16"


class RunPlan(Config):
    """One run in full. `config` holds the family's settings as plain values; its family validates them."""

    family: str
    data: DataPlan = DataPlan()
    config: dict[str, Any] = Field(default_factory=dict)
    seed: int = setting(DEFAULT_SEED, "Seed", "The same seed gives the same run.", ge=0, le=2**63 - 1)
    steps: int = setting(2000, "Steps", "How many training steps in all.", ge=1, le=10_000_000)
    device: Device = setting(Device.AUTO, "Device", "Where to train.")
    precision: Precision = setting(Precision.AUTO, "Precision", "Number format of the forward and backward pass.")
    checkpoint_every: float = setting(
        120.0, "Checkpoint every", "Seconds between automatic checkpoints.", gt=0, advanced=True
    )
    keep_checkpoints: int = setting(3, "Keep checkpoints", "How many of the newest are kept.", ge=1, advanced=True)
    clip_gradient: float | None = setting(
        None, "Clip gradients", "Largest norm of a gradient; empty for no clipping.", gt=0, advanced=True
    )
    format_version: int = 1
