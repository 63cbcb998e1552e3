"""Evidence that the VAE is the paper's: its bound on the likelihood of MNIST."""

from collections.abc import Mapping
from typing import ClassVar

from gen_studio.benchmarks.benchmark import Conditions, Goal
from gen_studio.benchmarks.evidence import Evidence, Trained, mean_of
from gen_studio.core.jobs import Report
from gen_studio.core.plan import DataPlan, RunPlan
from gen_studio.models.families.vae import VAE, Likelihood, VAEConfig

CONFIG = VAEConfig(hidden=400, latents=20, learning_rate=1e-3, batch_size=128, likelihood=Likelihood.BERNOULLI)
NATS = "test -ELBO in nats"


class EvidenceVAE(Evidence):
    """Grey values are read as probabilities; one latent per picture; mean over all 10,000 test pictures."""

    name = "evidence-vae"
    summary = "Test -ELBO of the VAE after ten epochs of MNIST."
    goals: ClassVar = (Goal(NATS, "hidden 400, 20 latents, Adam 1e-3, batch 128, 10 epochs", at_most=106.0),)
    epochs: ClassVar = 10.0

    def plan(self, conditions: Conditions) -> RunPlan:
        data = DataPlan(source="mnist", size=28)
        return RunPlan(family=VAE.info.key, data=data, config=CONFIG.model_dump(mode="json"))

    def judge(self, trained: Trained, conditions: Conditions, report: Report) -> Mapping[str, float]:
        rng = trained.generator()
        terms = [(trained.model.validate(b, rng), len(b)) for b in trained.batches(trained.dataset.test)]
        return {
            NATS: mean_of([(term["loss"], number) for term, number in terms]),
            "reconstruction in nats": mean_of([(term["reconstruction"], number) for term, number in terms]),
            "KL in nats": mean_of([(term["kl"], number) for term, number in terms]),
        }
