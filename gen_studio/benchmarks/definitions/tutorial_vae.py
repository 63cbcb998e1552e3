"""The session against the usual tutorial loop for a dense VAE: the tutorials lose their time in loading pictures."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor

from gen_studio.benchmarks.benchmark import Conditions, missing_data
from gen_studio.benchmarks.comparison import SPEED, Comparison, Ratio, Variant
from gen_studio.benchmarks.pace import images_per_second, new_session, session_speed
from gen_studio.core import paths
from gen_studio.core.goal import Goal
from gen_studio.core.plan import DataPlan, Precision, RunPlan
from gen_studio.data import catalog
from gen_studio.models.base import build
from gen_studio.models.families.vae import VAE, VAEConfig
from gen_studio.nets.optimizers import adam

DATA = DataPlan(source="mnist", size=28)
CONFIG = VAEConfig(hidden=400, latents=20, batch_size=128, learning_rate=1e-3)
EPOCHS = 10
STEPS = EPOCHS * 54_000 // CONFIG.batch_size
SEED = 1


class TutorialVAE(Comparison):
    """The same network in every variant, float32. The loops are written as in the tutorials of the field."""

    name = "tutorial-vae"
    summary = "A dense VAE on MNIST: the session against the tutorial loop and against ready batches."
    goals: ClassVar = (
        Goal("session / tutorial, no workers", "the session against a DataLoader over PIL pictures", at_least=2.0),
        Goal("session / tutorial, 2 workers", "the same with two worker processes", at_least=2.0),
        Goal("session / ready batches", "the session against a loop fed from float batches in memory", at_least=0.9),
    )
    ratios: ClassVar = (
        Ratio("session / tutorial, no workers", "session", "tutorial, no workers"),
        Ratio("session / tutorial, 2 workers", "session", "tutorial, 2 workers"),
        Ratio("session / ready batches", "session", "ready batches"),
        Ratio("session / ready batches, bare", "session", "ready batches, bare"),
    )

    def obstacle(self, conditions: Conditions) -> str | None:
        return missing_data(DATA, conditions)

    def variants(self, conditions: Conditions) -> Mapping[str, Variant]:
        return {
            "session": self._session,
            "tutorial, no workers": partial(self._tutorial, workers=0),
            "tutorial, 2 workers": partial(self._tutorial, workers=2),
            "ready batches": partial(self._ready, bare=False),
            "ready batches, bare": partial(self._ready, bare=True),
        }

    def settings(self, conditions: Conditions) -> dict[str, Any]:
        return {
            **CONFIG.model_dump(mode="json"),
            "data": "MNIST 28x28",
            "planned steps": STEPS,
            "precision": "float32",
            "ready batches": "plain Adam and .item() each step, as in the tutorial",
            "ready batches, bare": "fused Adam and nothing read back: the network alone",
        }

    def _session(self, conditions: Conditions, workspace: Path) -> Mapping[str, float]:
        dataset = catalog.load(DATA, root=conditions.root)
        plan = RunPlan(
            family=VAE.info.key,
            data=dataset.plan,
            config=CONFIG.model_dump(mode="json"),
            steps=STEPS,
            device=conditions.device,
            precision=Precision.FLOAT32,
        )
        with new_session(plan, dataset, workspace) as session:
            return {SPEED: session_speed(session, self.seconds_of(conditions))}

    def _tutorial(self, conditions: Conditions, workspace: Path, workers: int) -> Mapping[str, float]:
        from torch.utils.data import DataLoader
        from torchvision import datasets, transforms

        folder = str(paths.datasets(conditions.root))
        pictures = datasets.MNIST(folder, train=True, transform=transforms.ToTensor())
        loader = DataLoader(pictures, batch_size=CONFIG.batch_size, shuffle=True, num_workers=workers)
        return {SPEED: _train(_images(loader), conditions, self.seconds_of(conditions))}

    def _ready(self, conditions: Conditions, workspace: Path, bare: bool) -> Mapping[str, float]:
        pictures = catalog.load(DATA, root=conditions.root).train.images
        batches = [part.float() / 255 for part in pictures.split(CONFIG.batch_size)[:-1]]
        return {SPEED: _train(_again(batches), conditions, self.seconds_of(conditions), bare)}


def _train(batches: Iterator[Tensor], conditions: Conditions, seconds: float, bare: bool = False) -> float:
    """The training loop as tutorials write it. `bare` leaves out what costs time and does not train."""
    dataset = catalog.load(DATA, root=conditions.root)
    model = build(VAE, CONFIG, dataset.spec, torch.Generator().manual_seed(SEED))
    assert isinstance(model, VAE)
    device = torch.device(conditions.device.value)
    model.to(device)
    rng = torch.Generator(device).manual_seed(SEED)
    parameters, rate = model.parameters(), CONFIG.learning_rate
    optimizer = adam(parameters, rate) if bare else torch.optim.Adam(parameters, lr=rate)
    total = 0.0

    def step() -> int:
        nonlocal total
        images = next(batches).to(device)
        optimizer.zero_grad()
        mean, log_variance = model.encoder(images).chunk(2, dim=1)
        noise = torch.randn(mean.shape, generator=rng, device=device)
        latents = mean + torch.exp(0.5 * log_variance) * noise
        answer = torch.sigmoid(model.decoder(latents))
        reconstruction = F.binary_cross_entropy(answer, images, reduction="sum")
        divergence = -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())
        loss = (reconstruction + divergence) / len(images)
        loss.backward()
        optimizer.step()
        if not bare:
            total += loss.item()
        return len(images)

    return images_per_second(step, seconds)


def _images(loader: Iterable[list[Tensor]]) -> Iterator[Tensor]:
    """Epoch after epoch, as the loop over epochs around a loop over batches does it."""
    while True:
        for images, _ in loader:
            yield images


def _again(batches: list[Tensor]) -> Iterator[Tensor]:
    while True:
        yield from batches
