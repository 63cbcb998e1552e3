"""What the shared game costs: each adversarial family's session against the plainest loop over the same networks."""

import copy
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any, ClassVar

import torch

from gen_studio.benchmarks.benchmark import Conditions, missing_data
from gen_studio.benchmarks.comparison import SPEED, Comparison, Ratio, Variant
from gen_studio.benchmarks.pace import images_per_second, new_session, session_speed
from gen_studio.core.events import Alarmed, Event
from gen_studio.core.goal import Goal
from gen_studio.core.plan import Precision, RunPlan
from gen_studio.data import catalog
from gen_studio.data.spec import Batch, ImageSet
from gen_studio.models import registry
from gen_studio.models.adversarial import AdversarialModel
from gen_studio.models.adversarial_config import AdversarialConfig
from gen_studio.models.base import build
from gen_studio.models.families.ali import ALI
from gen_studio.models.families.stylegan2 import StyleGAN2
from gen_studio.nets.losses import discriminator_loss, generator_loss
from gen_studio.recipes import recipe

SEED = 1
WATCHED = ("gan", "dcgan", "stylegan2")
"""Where the cost of the diagnostics is measured: the fastest steps there are, ordinary ones and slow ones."""
DIAGNOSTICS = "share of the diagnostics"
STEPS = 1_000_000
WHOLE_SIZE = {"phase_pictures": 0}
"""Growing families at their full size from the first step: the session and the loop then do the same work."""

Model = AdversarialModel[AdversarialConfig]


@cache
def _plans() -> Mapping[str, RunPlan]:
    """By family, the plan of its recipe for the processor."""
    found = {}
    for one in recipe.recipes().values():
        if not one.wants_accelerator and issubclass(registry.find(one.plan.family), AdversarialModel):
            fields = registry.find(one.plan.family).Config.model_fields
            config = {**one.plan.config, **{k: v for k, v in WHOLE_SIZE.items() if k in fields}}
            changes = {"config": config, "steps": STEPS, "precision": Precision.FLOAT32}
            found[one.plan.family] = one.plan.model_copy(update=changes)
    return found


def _goals() -> Iterator[Goal]:
    for name in _plans():
        yield Goal(f"{name}: session / plain", "images/s of the session against the plain loop", at_least=0.9)
    for name in WATCHED:
        yield Goal(f"{name}, watched {DIAGNOSTICS}", "of the time, while pictures come every second", at_most=0.02)


def _ratios() -> Iterator[Ratio]:
    for name in _plans():
        yield Ratio(f"{name}: session / plain", f"{name}, session", f"{name}, plain")


class Families(Comparison):
    """The settings of the recipes, float32 on both sides."""

    name = "families"
    summary = "Each adversarial family: the session against the plainest loop over the same networks."
    seconds: ClassVar = 6.0
    repeats: ClassVar = 3
    long: ClassVar = True
    goals: ClassVar = tuple(_goals())
    ratios: ClassVar = tuple(_ratios())

    def obstacle(self, conditions: Conditions) -> str | None:
        return next(filter(None, (missing_data(plan.data, conditions) for plan in list(_plans().values())[:1])), None)

    def variants(self, conditions: Conditions) -> Mapping[str, Variant]:
        ways = {"session": _session, "plain": _plain}
        seconds, plans = self.seconds_of(conditions), _plans()
        return {
            **{
                f"{name}, {word}": partial(_measure, way=way, plan=plan, seconds=seconds)
                for name, plan in plans.items()
                for word, way in ways.items()
            },
            **{f"{name}, watched": partial(_watched, plan=plans[name], seconds=seconds) for name in WATCHED},
        }

    def settings(self, conditions: Conditions) -> dict[str, Any]:
        return {name: plan.config for name, plan in _plans().items()}


Way = Callable[[RunPlan, Conditions, Path, float], float]


def _measure(conditions: Conditions, workspace: Path, way: Way, plan: RunPlan, seconds: float) -> Mapping[str, float]:
    return {SPEED: way(plan.model_copy(update={"device": conditions.device}), conditions, workspace, seconds)}


def _session(plan: RunPlan, conditions: Conditions, workspace: Path, seconds: float) -> float:
    dataset = catalog.load(plan.data, root=conditions.root)
    with new_session(plan.model_copy(update={"data": dataset.plan}), dataset, workspace) as session:
        return session_speed(session, seconds)


def _watched(conditions: Conditions, workspace: Path, plan: RunPlan, seconds: float) -> Mapping[str, float]:
    plan = plan.model_copy(update={"device": conditions.device})
    dataset = catalog.load(plan.data, root=conditions.root)
    with new_session(plan.model_copy(update={"data": dataset.plan}), dataset, workspace) as session:
        session.watched = True
        heed, spent = session._diagnostics.heed, [0.0]

        def timed(events: Iterable[Event]) -> list[Alarmed]:
            began = time.perf_counter()
            alarms = heed(events)
            spent[0] += time.perf_counter() - began
            return alarms

        session.advance(seconds / 4)  # the first look reads the data
        session._diagnostics.heed = timed  # type: ignore[method-assign]
        began = time.perf_counter()
        speed = session_speed(session, seconds)
        return {SPEED: speed, DIAGNOSTICS: spent[0] / (time.perf_counter() - began)}


def _plain(plan: RunPlan, conditions: Conditions, workspace: Path, seconds: float) -> float:
    pictures = catalog.load(plan.data, root=conditions.root).train
    family = registry.find(plan.family)
    model = build(family, family.Config.parse(plan.config), pictures.spec, torch.Generator().manual_seed(SEED))
    assert isinstance(model, AdversarialModel)
    model.to(conditions.device.value)
    return images_per_second(PlainLoop(model, pictures, torch.device(conditions.device.value)).step, seconds)


class PlainLoop:
    """Batches in order, a loss, `backward`, `step`; the running average where the settings have one. Nothing is read,
    recorded, checked or saved, and the networks lie in memory as they were built."""

    def __init__(self, model: Model, pictures: ImageSet, device: torch.device) -> None:
        self.model, self.pictures, self.device = model, pictures, device
        self.rng = torch.Generator(device).manual_seed(SEED)
        model.discriminator.chance = self.rng
        optimizers = model.optimizers()
        self.critic, self.maker = optimizers["discriminator"], optimizers["generator"]
        self.shown = [p.clone() for p in copy.deepcopy(model.generator).parameters()] if model.config.ema else []
        self.drawn = 0

    def step(self) -> int:
        model, config = self.model, self.model.config
        several = config.critic_steps > 1
        for _ in range(config.critic_steps):
            part = self._batch()
            with torch.set_grad_enabled(not several):
                real, fakes = self._both(part)
            self._step_critic(replace(real, images=real.images.detach()), fakes.detach())
        if several:
            real, fakes = self._both(part)
        judged = model.discriminator(fakes, model.condition(real))
        loss = generator_loss(config.loss, model.scores(judged))
        self._descend(self.maker, loss + model.generator_extra(real, fakes, self.rng, judged))
        if isinstance(model, StyleGAN2) and model.step % model.config.path_interval == 0:
            penalty = model.path_penalty(config.batch_size, self.rng)
            self._descend(self.maker, model.config.path_interval * penalty)
        if self.shown:
            weights = [p.detach() for p in model.generator.parameters()]
            torch._foreach_lerp_(self.shown, weights, 1 - config.ema)
        model.step += 1
        return config.batch_size * config.critic_steps

    def _step_critic(self, real: Batch, fakes: torch.Tensor) -> None:
        model, config, rng = self.model, self.model.config, self.rng
        labels = model.condition(real)
        on_real, on_fake = model.discriminator(real.images, labels), model.discriminator(fakes, labels)
        loss = discriminator_loss(config.loss, model.scores(on_real), model.scores(on_fake), config.real_target)
        loss = loss + model.discriminator_extra(real, fakes, rng, on_real, on_fake)
        if config.penalises and not config.is_lazy:
            loss = loss + model.penalty(real, fakes, rng)
        self._descend(self.critic, loss)
        if config.is_lazy and model.step % config.penalty_interval == 0:
            self._descend(self.critic, config.penalty_interval * model.penalty(real, fakes, rng))

    def _both(self, part: Batch) -> tuple[Batch, torch.Tensor]:
        """What stands for the real pictures, and as many fakes."""
        real = self.model.encoded(part, self.rng) if isinstance(self.model, ALI) else part
        return real, self.model.imagine(part, self.rng)

    def _batch(self) -> Batch:
        size = self.model.config.batch_size
        rows = torch.arange(self.drawn, self.drawn + size) % len(self.pictures)
        self.drawn += size
        return self.pictures.batch(rows, self.device)

    @staticmethod
    def _descend(optimizer: torch.optim.Optimizer, loss: torch.Tensor) -> None:
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
