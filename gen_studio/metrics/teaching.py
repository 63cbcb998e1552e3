"""How the small networks that judge are made and taught: what they become depends on pictures and a seed alone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn

from gen_studio.core.jobs import Progress, Report
from gen_studio.data.spec import Batch

M = TypeVar("M", bound=nn.Module)
APART = 20
"""Steps between two reports."""


@dataclass(frozen=True)
class Lesson:
    """Adam with one cycle of the learning rate up to `rate` and down to zero. what: in words, for the report."""

    what: str
    steps: int
    rate: float


def built(make: Callable[[], M], rng: torch.Generator) -> M:
    """Built without values and then filled from `rng`: torch's own first weights come from a generator all share."""
    with torch.device("meta"):
        network = make()
    network.to_empty(device="cpu")
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=rng)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.BatchNorm2d):
            module.reset_parameters()
    return network


def taught(
    network: M,
    lesson: Lesson,
    batches: Iterable[Batch],
    loss_of: Callable[[Tensor, Batch], Tensor],
    report: Report,
) -> M:
    """The network in evaluation mode, once its scores make a loss small. batches: as many as steps, or more."""
    optimizer = torch.optim.Adam(network.parameters(), lr=lesson.rate, fused=True)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, lesson.rate, total_steps=lesson.steps)
    for step, batch in zip(range(lesson.steps), batches, strict=False):
        if step % APART == 0:
            report(Progress(lesson.what, step, lesson.steps))
        # Whoever judges a model does so without gradients; the judge needs its own all the same.
        with torch.enable_grad():
            loss = loss_of(network(batch.images), batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        cycle.step()
    return network.eval().requires_grad_(False)
