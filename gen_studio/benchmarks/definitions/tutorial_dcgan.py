"""The session against the usual tutorial loop for a convolutional GAN: here the arithmetic is what takes the time."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from gen_studio.benchmarks import tutorial_pictures
from gen_studio.benchmarks.benchmark import Conditions
from gen_studio.benchmarks.comparison import SPEED, Comparison, Ratio, Variant
from gen_studio.benchmarks.pace import images_per_second, new_session, session_speed
from gen_studio.core.goal import Goal
from gen_studio.core.plan import DataPlan, Precision, RunPlan
from gen_studio.data import catalog
from gen_studio.data.spec import DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.dcgan import DCGAN, DCGANConfig
from gen_studio.training.device import has_bf16_units

SIZE = 64
CONFIG = DCGANConfig(batch_size=128, width=64, latents=100)
PICTURES = 2_560
STEPS = 20_000
SEED = 1
WORKERS = 2


class TutorialDCGAN(Comparison):
    """The same two networks in every variant; the loop is written as in the tutorials of the field."""

    name = "tutorial-dcgan"
    summary = "DCGAN at 64x64 in colour: the session in bf16 and float32 against the tutorial loop."
    seconds: ClassVar = 20.0
    repeats: ClassVar = 3
    goals: ClassVar = (
        Goal("bf16 session / tutorial", "the session in bf16, where the processor has bf16 units", at_least=1.6),
        Goal("float32 session / tutorial", "the session in float32", at_least=1.05),
    )
    ratios: ClassVar = (
        Ratio("bf16 session / tutorial", "bf16 session", "tutorial, 2 workers"),
        Ratio("float32 session / tutorial", "float32 session", "tutorial, 2 workers"),
        Ratio("bf16 session / tutorial, no workers", "bf16 session", "tutorial, no workers"),
        Ratio("float32 session / tutorial, no workers", "float32 session", "tutorial, no workers"),
    )

    def variants(self, conditions: Conditions) -> Mapping[str, Variant]:
        sessions = {"float32 session": partial(self._session, precision=Precision.FLOAT32)}
        if has_bf16_units(conditions.device):
            sessions["bf16 session"] = partial(self._session, precision=Precision.BF16)
        return {
            **sessions,
            "tutorial, 2 workers": partial(self._tutorial, workers=WORKERS),
            "tutorial, no workers": partial(self._tutorial, workers=0),
        }

    def notes(self, conditions: Conditions) -> tuple[str, ...]:
        if has_bf16_units(conditions.device):
            return ()
        return ("This device has no bf16 units, so the session was measured in float32 only.",)

    def prepare(self, conditions: Conditions, workspace: Path) -> None:
        tutorial_pictures.draw(_folder(workspace), PICTURES, SIZE)

    def settings(self, conditions: Conditions) -> dict[str, Any]:
        return {**CONFIG.model_dump(mode="json"), "data": f"{PICTURES} drawn PNG files, {SIZE}x{SIZE} in colour"}

    def _session(self, conditions: Conditions, workspace: Path, precision: Precision) -> Mapping[str, float]:
        dataset = catalog.load(DataPlan(source="folder", path=str(_folder(workspace)), size=SIZE))
        plan = RunPlan(
            family=DCGAN.info.key,
            data=dataset.plan,
            config=CONFIG.model_dump(mode="json"),
            steps=STEPS,
            device=conditions.device,
            precision=precision,
        )
        with new_session(plan, dataset, workspace) as session:
            return {SPEED: session_speed(session, self.seconds_of(conditions))}

    def _tutorial(self, conditions: Conditions, workspace: Path, workers: int) -> Mapping[str, float]:
        from torch.utils.data import DataLoader
        from torchvision import datasets, transforms

        steps = [
            transforms.Resize(SIZE),
            transforms.CenterCrop(SIZE),
            transforms.ToTensor(),
            transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
        ]
        pictures = datasets.ImageFolder(str(_folder(workspace)), transforms.Compose(steps))
        loader = DataLoader(pictures, batch_size=CONFIG.batch_size, shuffle=True, num_workers=workers)
        return {SPEED: _train(_images(loader), conditions, self.seconds_of(conditions))}


def _train(batches: Iterator[Tensor], conditions: Conditions, seconds: float) -> float:
    """D on real, D on fake, a step of D, a step of G; five numbers read back for the log line."""
    device = torch.device(conditions.device.value)
    model = build(DCGAN, CONFIG, DataSpec(3, SIZE, SIZE), torch.Generator().manual_seed(SEED))
    assert isinstance(model, DCGAN)
    model.to(device)
    generator, discriminator = model.generator, model.discriminator
    criterion = nn.BCELoss()
    betas = (CONFIG.beta1, CONFIG.beta2)
    optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=CONFIG.discriminator_rate, betas=betas)
    optimizer_g = torch.optim.Adam(generator.parameters(), lr=CONFIG.generator_rate, betas=betas)
    rng = torch.Generator(device).manual_seed(SEED)
    log: list[tuple[float, ...]] = []

    def step() -> int:
        images = next(batches).to(device)
        number = len(images)
        discriminator.zero_grad()
        label = torch.full((number,), 1.0, device=device)
        output = torch.sigmoid(discriminator(images)).view(-1)
        loss_real = criterion(output, label)
        loss_real.backward()
        d_x = output.mean().item()
        latents = torch.randn(number, CONFIG.latents, generator=rng, device=device)
        fake = generator(latents)
        label.fill_(0.0)
        output = torch.sigmoid(discriminator(fake.detach())).view(-1)
        loss_fake = criterion(output, label)
        loss_fake.backward()
        d_g_z1 = output.mean().item()
        loss_d = loss_real + loss_fake
        optimizer_d.step()
        generator.zero_grad()
        label.fill_(1.0)
        output = torch.sigmoid(discriminator(fake)).view(-1)
        loss_g = criterion(output, label)
        loss_g.backward()
        d_g_z2 = output.mean().item()
        optimizer_g.step()
        log.append((loss_d.item(), loss_g.item(), d_x, d_g_z1, d_g_z2))
        return number

    return images_per_second(step, seconds)


def _folder(workspace: Path) -> Path:
    return workspace / "drawn"


def _images(loader: Iterable[list[Tensor]]) -> Iterator[Tensor]:
    while True:
        for images, _ in loader:
            if len(images) == CONFIG.batch_size:
                yield images
