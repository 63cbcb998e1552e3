"""Evidence that pix2pix translates: edges of photographs it never saw become pictures close to those photographs."""

from collections.abc import Mapping
from typing import ClassVar

from torch import Tensor

from gen_studio.benchmarks.benchmark import Conditions, Goal, datasets_folder
from gen_studio.benchmarks.evidence import Evidence, Trained, mean_of
from gen_studio.core.jobs import Report
from gen_studio.core.plan import DataPlan, PairFilter, RunPlan
from gen_studio.data.spec import ImageSet, normalise
from gen_studio.models.families.pix2pix import Pix2Pix, Pix2PixConfig

FILE = "clothing.zip"
CONFIG = Pix2PixConfig(batch_size=4, width=32)
SIZE = 64
STEPS = 3_000
L1, BY_EDGES, BY_MEAN = "held-out L1", "L1 / L1 of the edge map", "L1 / L1 of the mean picture"


class EvidencePix2Pix(Evidence):
    """Distances are means over all channels of pictures in [-1, 1], over the whole test split.

    The two rivals need no learning: the edge map itself in every channel, and the mean of the training pictures.
    """

    name = "evidence-pix2pix"
    summary = "Held-out L1 of pix2pix from edges on photographs of clothes at 64x64."
    goals: ClassVar = (
        Goal(BY_EDGES, "well under the distance of the edge map itself", at_most=0.6),
        Goal(BY_MEAN, "well under the distance of the mean picture", at_most=0.75),
    )

    def plan(self, conditions: Conditions) -> RunPlan:
        path = str(datasets_folder(conditions) / FILE)
        data = DataPlan(source="folder", path=path, size=SIZE, pairs=PairFilter.EDGES)
        return RunPlan(family=Pix2Pix.info.key, data=data, config=CONFIG.model_dump(mode="json"), steps=STEPS)

    def obstacle(self, conditions: Conditions) -> str | None:
        file = datasets_folder(conditions) / FILE
        if file.is_file():
            return None
        return f"{file} is missing. Put a zip of photographs there, or name the folder that holds it with --root."

    def judge(self, trained: Trained, conditions: Conditions, report: Report) -> Mapping[str, float]:
        assert isinstance(trained.model, Pix2Pix)
        rng = trained.generator()
        mean = mean_picture(trained.dataset.train).to(trained.device)
        learnt, edges, average = [], [], []
        for batch in trained.batches(trained.dataset.test):
            assert batch.inputs is not None
            answers = trained.model.translate(batch.inputs, rng)
            learnt.append((_distance(answers, batch.images), len(batch)))
            edges.append((_distance(batch.inputs.expand_as(batch.images), batch.images), len(batch)))
            average.append((_distance(mean.expand_as(batch.images), batch.images), len(batch)))
        own, of_edges, of_mean = mean_of(learnt), mean_of(edges), mean_of(average)
        return {
            L1: own,
            BY_EDGES: own / of_edges,
            BY_MEAN: own / of_mean,
            "L1 of the edge map": of_edges,
            "L1 of the mean picture": of_mean,
        }


def mean_picture(pictures: ImageSet) -> Tensor:
    """(C, H, W) in [-1, 1]."""
    total = sum(part.double().sum(0) for part in pictures.images.split(256))
    assert isinstance(total, Tensor)
    return normalise(total / len(pictures))


def _distance(answers: Tensor, images: Tensor) -> Tensor:
    return (answers - images).abs().mean()
