"""Evidence that the DCGAN learns the whole of MNIST: a classifier sees every digit among its samples."""

from collections.abc import Mapping
from typing import ClassVar

from gen_studio.benchmarks.benchmark import Conditions, Goal
from gen_studio.benchmarks.evidence import Evidence, Trained
from gen_studio.core.jobs import Report
from gen_studio.core.plan import DataPlan, RunPlan
from gen_studio.metrics.classifier import accuracy, shares, train_classifier
from gen_studio.models.families.dcgan import DCGAN, DCGANConfig

CONFIG = DCGANConfig(batch_size=128, width=64, latents=100)
STEPS = 1_500
SAMPLES = 1_000
CLASSES, RAREST, ACCURACY = "digits seen", "share of the rarest digit", "accuracy of the classifier"


class EvidenceDCGAN(Evidence):
    """The classifier is trained on the run's own training pictures and must itself be good, or it proves nothing."""

    name = "evidence-dcgan"
    summary = "Which digits a classifier sees in 1,000 samples of a DCGAN trained on MNIST at 32x32."
    goals: ClassVar = (
        Goal(CLASSES, f"digits that are seen at all in {SAMPLES:,} samples", at_least=10),
        Goal(RAREST, "no digit under 4 %", at_least=0.04),
        Goal(ACCURACY, "on MNIST's test pictures", at_least=0.985),
    )

    def plan(self, conditions: Conditions) -> RunPlan:
        data = DataPlan(source="mnist", size=32)
        return RunPlan(family=DCGAN.info.key, data=data, config=CONFIG.model_dump(mode="json"), steps=STEPS)

    def judge(self, trained: Trained, conditions: Conditions, report: Report) -> Mapping[str, float]:
        assert isinstance(trained.model, DCGAN)
        samples = trained.model.sample(SAMPLES, trained.generator())
        classifier = train_classifier(trained.dataset.train, device=trained.device, report=report)
        seen = shares(classifier, samples)
        return {
            CLASSES: float(sum(share > 0 for share in seen.values())),
            RAREST: min(seen.values()),
            ACCURACY: accuracy(classifier, trained.dataset.test, trained.device),
            **{f"share of {digit}": share for digit, share in seen.items()},
        }
