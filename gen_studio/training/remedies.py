"""What to try against an alarm: changes of the settings that a family has, and that can work together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from gen_studio.core.errors import WrongUse
from gen_studio.core.events import Fix
from gen_studio.models.base import build
from gen_studio.training.learner import Learner

MOST = 2


@dataclass(frozen=True)
class Remedy:
    """A change of settings, or of learning rates by player. `besides` are changed too where a family has them."""

    key: str
    label: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    besides: Mapping[str, Any] = field(default_factory=dict)
    rate_factors: Mapping[str, float] = field(default_factory=dict)


HALVE_D = Remedy("halve_d", "Halve D's rate", rate_factors={"discriminator": 0.5})
HALVE_G = Remedy("halve_g", "Halve G's rate", rate_factors={"generator": 0.5})
HALVE_BOTH = Remedy("halve_both", "Halve both rates", rate_factors={"discriminator": 0.5, "generator": 0.5})
# A penalty on the gradient at single pictures does not go with BatchNorm in D.
ADD_R1 = Remedy("add_r1", "Add R1", {"regulariser": "R1"}, besides={"norm": "none"})
ADD_PENALTY = Remedy(
    "add_penalty", "Add gradient penalty", {"regulariser": "gradient penalty"}, besides={"norm": "none"}
)
SPECTRAL_NORM = Remedy("spectral_norm", "Spectral norm", {"spectral_norm": True})
NOISE = Remedy("noise", "Instance noise", {"instance_noise": 0.1})
COMPARE = Remedy("compare", "Compare the batch", {"batch_view": "minibatch standard deviation"})
UNROLL = Remedy("unroll", "Unroll 5 steps", {"unrolled_steps": 5})
NON_SATURATING = Remedy("non_saturating", "Non-saturating loss", {"loss": "non-saturating"})
CALMER = Remedy("calmer", "Lower beta 1", {"beta1": 0.0})
PLAIN_BETA = Remedy("plain_beta", "Beta 1", {"beta": 1.0})
FREE_BITS = Remedy("free_bits", "Free bits", {"free_bits": 0.25})
# Where the likelihood weighs errors by their own size, a good picture is worth the latents it takes.
BEST_SIGMA = Remedy("best_sigma", "Gaussian likelihood", {"likelihood": "Gaussian"})
SLOWER = Remedy("slower", "Halve the rate", rate_factors={"model": 0.5})

REMEDIES: Mapping[str, tuple[Remedy, ...]] = {
    "mode_collapse": (HALVE_G, COMPARE, ADD_R1, UNROLL),
    "discriminator_won": (HALVE_D, NOISE, ADD_R1, SPECTRAL_NORM),
    "vanishing_gradient": (NON_SATURATING, HALVE_D, NOISE),
    "oscillation": (HALVE_BOTH, CALMER, ADD_R1),
    "divergence": (HALVE_BOTH, SPECTRAL_NORM, ADD_PENALTY),
    "posterior_collapse": (PLAIN_BETA, FREE_BITS, BEST_SIGMA, SLOWER),
}


def fixes_for(alarm: str, learner: Learner) -> tuple[Fix, ...]:
    """The first two remedies that this run's family takes and that it has not in use already."""
    found = []
    for fix in _fixes(REMEDIES.get(alarm, ()), learner):
        found.append(fix)
        if len(found) == MOST:
            break
    return tuple(found)


def _fixes(remedies: tuple[Remedy, ...], learner: Learner) -> Iterator[Fix]:
    values = learner.model.config.model_dump(mode="json")
    for remedy in remedies:
        settings = {
            **{key: value for key, value in remedy.besides.items() if key in values and values[key] != value},
            **remedy.settings,
        }
        if not remedy.rate_factors.keys() <= set(learner.players) or not settings.keys() <= values.keys():
            continue
        changes = any(values[key] != value for key, value in remedy.settings.items())
        if remedy.rate_factors or (changes and _is_taken(settings, values, learner)):
            yield Fix(remedy.key, remedy.label, settings, remedy.rate_factors)


def _is_taken(settings: Mapping[str, Any], values: Mapping[str, Any], learner: Learner) -> bool:
    """Whether a model can be built with these settings: only its family knows what goes together."""
    family = type(learner.model)
    try:
        build(family, family.Config.parse({**values, **settings}), learner.model.data, torch.Generator())
    except WrongUse:
        return False
    return True
