"""What inpainting families share: the holes they learn on, the pictures they take, the error they are judged by."""

from collections.abc import Mapping
from typing import ClassVar, TypeVar

import torch
from torch import Tensor

from gen_studio.core.config import setting
from gen_studio.core.description import Metric, Plot
from gen_studio.data.spec import Batch
from gen_studio.models.base import FamilyConfig, TrainableModel
from gen_studio.models.capabilities import CanInpaint
from gen_studio.models.sizes import POWERS
from gen_studio.nets.holes import HoleShape, draw_holes

HOLE_ERROR = Metric("hole_error", "Error in holes", plot=Plot("hole_error", "L1 inside holes", low=0.0), label="L1")


class InpaintingConfig(FamilyConfig):
    hole_shape: HoleShape = setting(HoleShape.ANY, "Holes", "What the holes that it learns on look like.")
    least_missing: float = setting(
        0.1, "Least missing", "Smallest share of a picture that a hole covers.", gt=0, lt=1, advanced=True
    )
    most_missing: float = setting(0.4, "Most missing", "Largest share of a picture that a hole covers.", gt=0, lt=1)

    def objection(self) -> str | None:
        if self.least_missing > self.most_missing:
            return "Least missing is above Most missing. Lower the one, or raise the other."
        return super().objection()


I = TypeVar("I", bound=InpaintingConfig, covariant=True)  # noqa: E741  one letter, as those of the other bases


class Inpainting(TrainableModel[I], CanInpaint):
    """Learns on pictures that it cuts holes into. A family adds its networks and `paint_over`."""

    score: ClassVar[Metric | None] = HOLE_ERROR
    sides: ClassVar[tuple[int, ...]] = POWERS

    def draw_holes(self, images: Tensor, rng: torch.Generator) -> Tensor:
        coverage = (self.config.least_missing, self.config.most_missing)
        height, width = images.shape[2:]
        return draw_holes(self.config.hole_shape, len(images), (height, width), coverage, rng)

    def validate(self, batch: Batch, rng: torch.Generator) -> Mapping[str, Tensor]:
        holes = self.draw_holes(batch.images, rng)
        return {"hole_error": hole_error(self.inpaint(batch.images, holes, rng), batch.images, holes)}


def hole_error(answers: Tensor, images: Tensor, holes: Tensor) -> Tensor:
    """L1 over all missing pixels and their channels, a scalar; the holes are (N, 1, H, W), at least one pixel."""
    missing = ((answers.float() - images.float()).abs() * holes).sum()
    return missing / (images.shape[1] * holes.sum())
