"""Evidence that a direction learnt from labels moves what its name says, and that an edited picture stays itself."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from gen_studio.benchmarks.benchmark import Conditions, Measured
from gen_studio.benchmarks.editing import PICTURES, Editing, all_of
from gen_studio.benchmarks.evidence import Evidence, goals_of
from gen_studio.core.goal import Goal
from gen_studio.core.jobs import Report
from gen_studio.core.plan import DataPlan
from gen_studio.core.runs import RunFolder
from gen_studio.data import catalog, traits
from gen_studio.metrics.attribute_reader import train_reader
from gen_studio.models.capabilities import HasLatent
from gen_studio.training import checkpoint

TRAIT = "smile=yes"
OTHERS = 4000
OTHER_SEED = 1
"""The judge's toy faces are drawn from another seed: neither the model nor the direction has seen one of them."""
CROSSING = "share of {} that the judge sees smile with a chance below 0.2 at strength -3 and above 0.8 at 3"


class EvidenceOfAttributes(Evidence):
    """Trains the recipe, learns a smile from the labels of its training pictures, and moves the slider."""

    def obstacle(self, conditions: Conditions) -> str | None:
        return None  # drawn pictures are always there

    @abstractmethod
    def figures(self, editing: Editing) -> Mapping[str, float]:
        """What is measured beside the recipe's own goals."""

    def measure(self, conditions: Conditions, workspace: Path, report: Report) -> Measured:
        measured = super().measure(conditions, workspace, report)
        folder = RunFolder.open(workspace / "run")
        dataset = catalog.load(folder.plan().data, report=report)
        model = checkpoint.load_shown(folder).model
        assert isinstance(model, HasLatent)
        plan = DataPlan(source="toy_faces", size=dataset.spec.height, count=OTHERS, seed=OTHER_SEED)
        judge = train_reader(all_of(catalog.load(plan, report=report)), report=report)
        editing = Editing(model, dataset, traits.parse(TRAIT, dataset.spec), judge, report)
        figures = {**measured.figures, **self.figures(editing), **editing.common()}
        note = f"The judge is a classifier taught by {OTHERS:,} toy faces drawn from another seed."
        return replace(measured, figures=figures, notes=(*measured.notes, note))


class EvidenceAttributesOfPictures(EvidenceOfAttributes):
    name = "evidence-attributes-pictures"
    summary = "A smile learnt from labels, moved from -3 to 3 in toy faces that a VAE has encoded."
    recipe_name = "conv_vae-toy-faces"
    goals: ClassVar = (
        *goals_of("conv_vae-toy-faces"),
        Goal("test pictures that cross", CROSSING.format(f"{PICTURES} test pictures"), at_least=0.8),
        Goal(
            "nearest to their own original, pixels",
            "share of them that, at strength 0, are nearer to their own original than to any other, in pixels",
            at_least=0.95,
        ),
        Goal("nearest to their own original, features", "the same in the judge's features", at_least=0.95),
    )

    def figures(self, editing: Editing) -> Mapping[str, float]:
        return {**editing.of_pictures(), **editing.of_samples()}


class EvidenceAttributesOfSamples(EvidenceOfAttributes):
    name = "evidence-attributes-samples"
    summary = "A smile learnt from labels, moved from -3 to 3 in samples of a GAN, which cannot encode."
    recipe_name = "dcgan-toy-faces"
    goals: ClassVar = (
        *goals_of("dcgan-toy-faces"),
        Goal("samples that cross", CROSSING.format(f"{PICTURES} samples"), at_least=0.8),
    )

    def figures(self, editing: Editing) -> Mapping[str, float]:
        return {**editing.of_samples(), **editing.of_projections()}
