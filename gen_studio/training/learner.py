"""Takes training steps, and nothing else: no clock, no files, no threads. Its state decides every step to come."""

import copy
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import Precision, RunPlan
from gen_studio.core.words import one_of
from gen_studio.data.spec import Batch, ImageSet
from gen_studio.models import registry
from gen_studio.models.base import build
from gen_studio.nets.averaging import WeightAverage
from gen_studio.training import state_tree
from gen_studio.training.checkpoint import Model
from gen_studio.training.order import BatchOrder
from gen_studio.training.shown import Snapshot, snapshot
from gen_studio.training.update import NotFinite, PlayerUpdate

NORM_EVERY = 10
OTHERS_SEED = 7_919  # added to the seed of the run for the order of the second domain


class Learner:
    """A model, its optimizers, its data order and its randomness, built from a plan whose device is decided.

    `step` counts the steps taken. Two learners with equal `state()` take equal steps ever after, on the CPU bit for
    bit. Raises WrongUse where the family objects to the data or to its settings.
    """

    def __init__(self, plan: RunPlan, pictures: ImageSet) -> None:
        family = registry.find(plan.family)
        config = family.Config.parse(plan.config)
        self.plan = plan
        self.pictures = pictures
        self.device = torch.device(plan.device.value)
        self.model: Model = build(family, config, pictures.spec, torch.Generator().manual_seed(plan.seed))
        self.layout = _layout(self.model)
        self.model.to(self.device, memory_format=self.layout)  # type: ignore[call-overload]
        self.updates = {
            name: PlayerUpdate(optimizer, plan.clip_gradient) for name, optimizer in self.model.optimizers().items()
        }
        averaged = {name: self.model.get_submodule(name) for name in family.averaged}
        self.average = WeightAverage(averaged, config.ema, config.ema_ramp) if config.ema > 0 and averaged else None
        self.order = BatchOrder(len(pictures), self.model.pictures_per_step, plan.seed)
        self.other_order = _order_of_others(pictures, self.order)
        self.rng = torch.Generator(self.device).manual_seed(plan.seed)

    @property
    def step(self) -> int:
        """How many steps were taken. The model knows it too: schedules of its own depend on it."""
        return self.model.step

    @step.setter
    def step(self, step: int) -> None:
        self.model.step = step

    @property
    def players(self) -> tuple[str, ...]:
        return tuple(self.updates)

    @property
    def pictures_per_step(self) -> int:
        return self.order.batch_size

    def take_step(self, only: str | None = None, precision: Precision | None = None) -> Mapping[str, Tensor]:
        """One step of every player, or of one while the others stand still. Returns the metrics on the device.

        Raises NotFinite; the state is then no longer that of a whole step. A bad gradient that is not looked at may
        pass: `is_sound` sees its work.
        """
        progress = self.model.progress = min(self.step / self.plan.steps, 1.0)
        for name, update in self.updates.items():
            update.factor = self.model.rate_factor(name, progress)
            update.idle = only is not None and name != only
            update.watched = self.step % NORM_EVERY == 0
        # "Auto" is decided before a session starts; a learner that was not told computes in float32.
        bf16 = (precision or self.plan.precision) is Precision.BF16
        batch = self.next_batch()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=bf16):
            readings = self.model.training_step(batch, self.updates, self.rng)
        if self.average is not None:
            self.average.update()
        self.step += 1
        return readings

    def next_batch(self) -> Batch:
        others = self.other_order.next() if self.other_order is not None else None
        return self.in_layout(self.pictures.batch(self.order.next(), self.device, others))

    def in_layout(self, batch: Batch) -> Batch:
        if self.layout is not torch.channels_last:
            return batch
        return batch.map(lambda column: column.contiguous(memory_format=self.layout) if column.ndim == 4 else column)

    def is_finite(self) -> bool:
        """Whether every loss so far was finite. On an accelerator this waits for the steps under way."""
        verdicts = [update.finite for update in self.updates.values() if update.finite is not None]
        return not verdicts or bool(torch.stack(verdicts).all().item())

    def is_sound(self) -> bool:
        """Whether every loss so far and all weights are numbers."""
        return self.is_finite() and self._has_finite_weights()

    def _has_finite_weights(self) -> bool:
        norms = torch._foreach_norm([parameter.detach() for parameter in self.model.parameters()])
        return bool(torch.stack(norms).isfinite().all().item())

    def replay(self, steps: int) -> None:
        """Takes steps until `steps`, checking every one. Raises NotFinite at the first bad one."""
        while self.step < steps:
            self.take_step()
            if not self.is_sound():
                raise NotFinite

    def set_rate(self, player: str, rate: float) -> None:
        """Changes a learning rate from the next step on. Raises WrongUse."""
        self.require_player(player)
        if not 0 < rate <= 1:
            raise WrongUse(f"A learning rate of {rate:g} cannot be used. It takes a number above 0 to 1.")
        self.updates[player].rate = rate

    def require_player(self, player: str) -> None:
        """Raises WrongUse for a name that no optimizer has."""
        if player not in self.updates:
            raise WrongUse(f'There is no player "{player}". {one_of("Players", self.players, wrong=player)}')

    def state(self) -> state_tree.Tree:
        """Everything that decides the steps to come. Shares memory with the learner: clone or save it at once."""
        second = self.other_order
        return {
            "step": self.step,
            "drawn": self.order.drawn,
            "pictures": self.order.length,
            **({} if second is None else {"others_drawn": second.drawn, "others": second.length}),
            "rng": self.rng.get_state(),
            "model": self.model.state_dict(),
            "average": self.average.state_dict() if self.average else None,
            "optimizers": {name: update.optimizer.state_dict() for name, update in self.updates.items()},
            "rates": {name: update.rate for name, update in self.updates.items()},
        }

    def restore(self, state: state_tree.Tree) -> None:
        """Takes over a state of a learner with the same plan. Raises KeyError, RuntimeError or ValueError."""
        self.model.load_state_dict(state["model"])
        if self.average is not None:
            self.average.load_state_dict(state["average"])
        for name, update in self.updates.items():
            update.optimizer.load_state_dict(state["optimizers"][name])
            _match_layout(update.optimizer)
            update.rate = state["rates"][name]
            update.finite = None
        self.rng.set_state(state["rng"].cpu())
        self.order.drawn = int(state["drawn"])
        if self.other_order is not None:
            self.other_order.drawn = int(state["others_drawn"])
        self.step = int(state["step"])

    def shown_state(self) -> dict[str, Tensor]:
        """The model's state as it is shown: averaged weights where there are any. Shares memory."""
        shown = {key: value for key, value in self.model.state_dict().items() if isinstance(value, Tensor)}
        if self.average is not None:
            for name, module in self.average.modules.items():
                shown.update({f"{name}.{key}": value for key, value in module.state_dict().items()})
        return shown

    def new_shown_model(self) -> Model:
        """A copy to look at, in evaluation mode. `refresh` brings it up to date."""
        copied = copy.deepcopy(self.model).eval().requires_grad_(False)
        self.refresh(copied)
        return copied

    @torch.no_grad()
    def refresh(self, shown: Model) -> None:
        shown.load_state_dict(self.shown_state(), strict=False)
        shown.step, shown.progress = self.step, self.model.progress

    def snapshot(self) -> Snapshot:
        """The weights that are shown now, for `renewed`: no later step changes them."""
        return snapshot(self.model, self.shown_state())


def _order_of_others(pictures: ImageSet, first: BatchOrder) -> BatchOrder | None:
    """The order of the second of two domains: its own, so that no picture is always seen beside the same other."""
    if pictures.others is None:
        return None
    return BatchOrder(len(pictures.others), first.batch_size, first.seed + OTHERS_SEED)


def _layout(model: nn.Module) -> torch.memory_format:
    """Channels last is the faster layout for convolutions on every device that has a choice; others do not care."""
    convolutional = any(isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)) for m in model.modules())
    return torch.channels_last if convolutional else torch.contiguous_format


def _match_layout(optimizer: torch.optim.Optimizer) -> None:
    # Fused kernels walk parameters and moments in memory order, so both must be laid out alike. All are copied,
    # because torch takes over the tensors it is given and would count the steps of the saved state on.
    for parameter, values in optimizer.state.items():
        for key, value in values.items():
            if isinstance(value, Tensor) and value.shape == parameter.shape:
                values[key] = torch.empty_like(parameter).copy_(value)
            elif isinstance(value, Tensor):
                values[key] = value.clone()
