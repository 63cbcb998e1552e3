"""The total correlation of a normal distribution, which is known, as the critic of codes finds it."""

import math

import pytest
import torch
from torch import Tensor

from gen_studio.nets.total_correlation import LAYERS, CodeCritic, code_critic_loss, permuted, total_correlation

RHO = 0.8
EXACT = -0.5 * math.log(1 - RHO**2)
"""Of two standard normal numbers with correlation rho."""


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def codes(number: int, rng: torch.Generator) -> Tensor:
    """(number, 3): the first two go together, the third is on its own."""
    drawn = torch.randn(number, 3, generator=rng)
    drawn[:, 1] = RHO * drawn[:, 0] + math.sqrt(1 - RHO**2) * drawn[:, 1]
    return drawn


def test_the_best_critics_estimate_is_the_total_correlation() -> None:
    drawn = codes(200_000, generator())
    x, y = drawn[:, 0], drawn[:, 1]
    ratio = -0.5 * math.log(1 - RHO**2) - (RHO**2 * (x**2 + y**2) - 2 * RHO * x * y) / (2 * (1 - RHO**2))
    logits = torch.stack([ratio + 3, torch.full_like(ratio, 3)], 1)
    assert float(total_correlation(logits)) == pytest.approx(EXACT, abs=0.01)


def test_a_trained_critic_finds_the_total_correlation_of_a_known_gaussian() -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        critic = CodeCritic(3, 32)
    steps, rng = torch.optim.Adam(critic.parameters(), lr=2e-3), generator()
    for _ in range(400):
        loss = code_critic_loss(critic(codes(512, rng)), critic(permuted(codes(512, rng), rng)))
        steps.zero_grad()
        loss.backward()
        steps.step()
    with torch.no_grad():
        found = float(total_correlation(critic(codes(20_000, rng))))
        apart = float(total_correlation(critic(permuted(codes(20_000, rng), rng))))
    assert found == pytest.approx(EXACT, abs=0.1)
    assert apart < 0


def test_permuting_keeps_every_dimension_and_parts_them() -> None:
    drawn = codes(20_000, generator())
    shuffled = permuted(drawn, generator(1))
    torch.testing.assert_close(shuffled.sort(0).values, drawn.sort(0).values)
    assert not torch.equal(shuffled[:, 0], drawn[:, 0])
    correlations = shuffled.T.corrcoef()
    assert float((correlations - torch.eye(3)).abs().max()) < 0.03
    assert torch.equal(shuffled, permuted(drawn, generator(1)))


def test_the_critic_has_six_hidden_layers_and_two_logits() -> None:
    critic = CodeCritic(5, 16)
    dense = [module for module in critic.modules() if isinstance(module, torch.nn.Linear)]
    assert [layer.out_features for layer in dense] == [16] * LAYERS + [2]
    assert LAYERS == 6


def test_a_critic_that_knows_nothing_loses_log_two() -> None:
    assert float(code_critic_loss(torch.zeros(5, 2), torch.zeros(5, 2))) == pytest.approx(math.log(2))
    sure = torch.tensor([[9.0, -9.0]])
    assert float(code_critic_loss(sure, -sure)) == pytest.approx(0, abs=1e-6)
    assert float(code_critic_loss(-sure, sure)) > 10
