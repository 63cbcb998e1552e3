"""Where a gradient becomes a step, for every family and every player."""

import math

import torch
from torch import Tensor
from torch.nn.utils import clip_grads_with_norm_, get_total_norm
from torch.optim import Optimizer


class NotFinite(Exception):
    """A loss or a gradient was NaN or infinite; no parameter was changed by it."""


class PlayerUpdate:
    """One player's optimizer with its live learning rate.

    `rate` may be changed between steps; `factor` is the schedule's share. `norm` is the gradient's norm of the last
    step at which it was taken, a 0-d tensor on the device. While `idle`, minimise does nothing.
    """

    def __init__(self, optimizer: Optimizer, clip: float | None = None) -> None:
        self.optimizer = optimizer
        self.clip = clip
        self.rate = float(optimizer.param_groups[0]["lr"])
        self.factor = 1.0
        self.idle = False
        self.watched = False
        self.norm: Tensor | None = None
        self.finite: Tensor | None = None
        self._parameters = [p for group in optimizer.param_groups for p in group["params"]]
        # Groups may differ by a constant multiplier (the mapping network of style-based generators, say).
        self._multipliers = [float(group["lr"]) / self.rate for group in optimizer.param_groups]

    def minimise(self, loss: Tensor) -> None:
        """Steps the parameters down the gradient of a scalar loss. Raises NotFinite on the CPU, before stepping.

        On an accelerator, where reading a number back would stall the queue, `finite` gathers the verdict instead.
        """
        if self.idle:
            return
        with torch.autocast(loss.device.type, enabled=False):
            self._check(loss.detach())
            for parameter in self._parameters:
                parameter.grad = None
            # Only this player's gradients are computed: the pass through the other's network stops at its inputs.
            loss.float().backward(inputs=self._parameters)
            self._take_norm()
            for group, multiplier in zip(self.optimizer.param_groups, self._multipliers, strict=True):
                group["lr"] = self.rate * self.factor * multiplier
            self.optimizer.step()
        # Autocast keeps low-precision copies of weights; after a step they would be the old ones.
        torch.clear_autocast_cache()

    def _check(self, value: Tensor) -> None:
        if value.device.type == "cpu":
            if not math.isfinite(value.item()):
                raise NotFinite
            return
        finite = torch.isfinite(value)
        self.finite = finite if self.finite is None else self.finite & finite

    def _take_norm(self) -> None:
        self.norm = None
        if not self.watched and self.clip is None:
            return
        gradients = [p.grad for p in self._parameters if p.grad is not None]
        if not gradients:
            return
        self.norm = get_total_norm(gradients)
        self._check(self.norm)
        if self.clip is not None:
            clip_grads_with_norm_(self._parameters, self.clip, self.norm)
