"""Running averages of weights: what is shown of a network is steadier than what is trained."""

import copy
from collections.abc import Mapping

import torch
from torch import Tensor, nn

RAMP = 10.0


class WeightAverage:
    """Exponential moving averages of some submodules' weights; their buffers are copied, not averaged.

    The decay grows as (1 + t) / (10 + t) up to its value, so that the first weights are soon forgotten. With a `ramp`
    above 0 it grows so that its half-life is that share of the t steps so far (Karras 2019: 0.05).
    """

    def __init__(self, modules: Mapping[str, nn.Module], decay: float, ramp: float = 0.0) -> None:
        self.decay = decay
        self.ramp = ramp
        self.updates = 0
        self.modules = {name: copy.deepcopy(module).requires_grad_(False) for name, module in modules.items()}
        self._targets: list[Tensor] = [p for module in self.modules.values() for p in module.parameters()]
        self._sources: list[Tensor] = [p for module in modules.values() for p in module.parameters()]
        self._target_buffers = [b for module in self.modules.values() for b in module.buffers()]
        self._source_buffers = [b for module in modules.values() for b in module.buffers()]

    @torch.no_grad()
    def update(self) -> None:
        self.updates += 1
        decay = min(self.decay, self._ramped())
        if self._targets:
            torch._foreach_lerp_(self._targets, self._sources, 1 - decay)
        for target, source in zip(self._target_buffers, self._source_buffers, strict=True):
            target.copy_(source)

    def _ramped(self) -> float:
        """The largest decay at this many updates."""
        if self.ramp > 0:
            return float(0.5 ** (1 / (self.ramp * self.updates)))
        return (1 + self.updates) / (RAMP + self.updates)

    def state_dict(self) -> dict[str, Tensor | int]:
        weights = {
            f"{name}.{key}": tensor
            for name, module in self.modules.items()
            for key, tensor in module.state_dict().items()
        }
        return {"updates": self.updates, **weights}

    def load_state_dict(self, state: Mapping[str, Tensor | int]) -> None:
        self.updates = int(state["updates"])
        for name, module in self.modules.items():
            prefix = name + "."
            own = {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)}
            module.load_state_dict(own)
