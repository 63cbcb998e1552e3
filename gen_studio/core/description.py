"""What a family says of itself in plain values, so that windows and tables can show it without importing torch."""

from dataclasses import dataclass, field
from enum import Enum

from gen_studio.core.annotations import Attribute, LayoutClass
from gen_studio.core.config import FieldSpec
from gen_studio.core.plan import Counterpart


class Group(Enum):
    """The sections of the library of families; the value is the heading."""

    AUTOENCODERS = "Autoencoders"
    VARIATIONAL = "Variational"
    HYBRID = "Hybrid"
    ADVERSARIAL = "Adversarial"
    CONDITIONAL = "Class-conditional"
    WITH_INFERENCE = "With inference"
    TRANSLATION = "Image to image"
    INPAINTING = "Inpainting"
    TIME_AND_SPACE = "Time and space"
    DIFFUSION = "Diffusion"


@dataclass(frozen=True)
class Info:
    """A family's entry in the library. `summary` is one line; `paper` is the citation in full."""

    key: str
    title: str
    group: Group
    year: int
    paper: str
    summary: str


class Role(Enum):
    """Whose reading a curve is; it fixes the curve's colour everywhere."""

    DISCRIMINATOR = "discriminator"
    GENERATOR = "generator"
    OTHER = "other"


@dataclass(frozen=True)
class Plot:
    """One set of axes. `low` and `high` fix the range; `reference` draws a dotted line."""

    key: str
    title: str
    low: float | None = None
    high: float | None = None
    reference: float | None = None


LOSS = Plot("loss", "Loss")
VERDICTS = Plot("verdicts", "Verdicts", low=0.0, high=1.0, reference=0.5)


@dataclass(frozen=True)
class Metric:
    """A reading that every training step returns under `key`. `label` stands at the end of its curve."""

    key: str
    title: str
    plot: Plot = LOSS
    role: Role = Role.OTHER
    label: str = ""
    unit: str = ""


ELBO_TERMS = Plot("terms", "Terms of the ELBO")
KL = Metric("kl", "KL", plot=ELBO_TERMS, label="KL", unit="nats")
"""KL(q(z|x) || p(z)), the mean over a batch. Read for every family that declares it."""
ACTIVE_UNITS = Metric(
    "active_units",
    "Active units",
    plot=Plot("active_units", "Share of active units", low=0.0, high=1.0),
    label="active",
)
"""The share of latents whose posterior mean varies by more than 0.01 over a batch. Read where it is declared."""
POSTERIOR_COLLAPSE = "posterior_collapse"
"""The key of the alarm that heeds these two."""


SAMPLES = "samples"
"""The key of the view of new pictures, each alone: what stands for a run wherever there is room for one picture."""


@dataclass(frozen=True)
class ViewInfo:
    """One way of looking at a model. `captions` name the pictures that belong together, one where each stands alone.

    made: which of those is the model's own, None where all are. in_rows: the items stand below each other, because
    their columns mean something. about: what an item is, in words, with the places {items} and {per_item}.
    """

    key: str
    title: str
    captions: tuple[str, ...]
    made: int | None = None
    in_rows: bool = False
    about: str = "{items} fixed latents"

    @property
    def per_item(self) -> int:
        return len(self.captions)

    def followed(self, index: int) -> int:
        """The picture to follow through a run where the one at `index` was chosen: what is given never changes."""
        return index if self.made is None else index // self.per_item * self.per_item + self.made

    def in_words(self, pictures: int) -> str:
        """What so many pictures show."""
        return self.about.format(items=pictures // self.per_item, per_item=self.per_item)


@dataclass(frozen=True)
class ChartInfo:
    """A reading of a model that is many numbers: a map of its codes, the use of its codebook."""

    key: str
    title: str


@dataclass(frozen=True)
class FamilyDescription:
    """All that pickers, forms, plots and tables need to know of a family.

    `needs` is what the data must offer besides pictures, in the words of `SourceInfo.offers` ("pairs").
    """

    info: Info
    metrics: tuple[Metric, ...]
    fields: tuple[FieldSpec, ...]
    capabilities: tuple[str, ...]
    needs: tuple[str, ...] = ()
    default_steps: int = 2000
    source: str = field(default="gen_studio")

    @property
    def key(self) -> str:
        return self.info.key

    @property
    def plots(self) -> tuple[Plot, ...]:
        """The axes its metrics are drawn on, each once, in the order of declaration."""
        return tuple(dict.fromkeys(metric.plot for metric in self.metrics))


@dataclass(frozen=True)
class SourceInfo:
    """A source's entry in the list of data sets.

    `offers` are the fields of a batch beside the pictures ("labels", "pairs", "attributes", "layouts", "domains"), as
    far as they are known beforehand: a folder has labels when it has sub-folders. `attributes`, `layout` and `classes`
    say which, where they are the same for all its pictures. `counterparts` are what it can make pairs with by itself,
    `usual_domains` what to write in the plan's `domains` where nothing better is known. `other` asks for the second
    path, where there may be one, a folder or a file. `drawn` by code: the plan says how many pictures, and from which
    seed. `native_size` is the side of the pictures as they are stored, None where
    they differ; `default_size` is the side they are brought to when the plan leaves it open.
    """

    key: str
    title: str
    summary: str
    default_size: int
    native_size: int | None = None
    pictures: int | None = None
    needs_path: bool = False
    downloadable: bool = False
    offers: tuple[str, ...] = ()
    drawn: bool = False
    attributes: tuple[Attribute, ...] = ()
    layout: tuple[LayoutClass, ...] = ()
    classes: tuple[str, ...] = ()
    counterparts: tuple[Counterpart, ...] = ()
    usual_domains: str = ""
    other: str = ""
    other_is_file: bool = False

    @property
    def on_request(self) -> tuple[str, ...]:
        """What it offers beside, once a setting of the plan asks for it: "pairs" (with), "domains"."""
        pairs = ("pairs",) if self.counterparts and "pairs" not in self.offers else ()
        return (*pairs, "domains") if self.usual_domains else pairs

    @property
    def offline(self) -> bool:
        """Whether it works on a machine that has never seen a network."""
        return not self.downloadable

    @property
    def takes_path(self) -> bool:
        """For a downloadable source the path is the folder that holds its files."""
        return self.needs_path or self.downloadable
