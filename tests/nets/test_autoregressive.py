"""The prior over codes sees what came before, all of it, and nothing else."""

import math

import pytest
import torch
from torch import nn

from gen_studio.nets.autoregressive import CodePrior


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def prior(codes: int = 6, layers: int = 4) -> CodePrior:
    """One that expects something: its last layer starts with zeros."""
    made = CodePrior(codes, 8, layers).double()
    for parameter in made.parameters():
        nn.init.normal_(parameter, 0.0, 0.5, generator=rng())
    return made


def influence(made: CodePrior, row: int, column: int, side: int = 5) -> torch.Tensor:
    """(side, side): the largest gradient of the scores at a place with respect to the embedded code at each place."""
    codes = torch.randint(6, (1, side, side), generator=rng(1))
    embedded = made.embedding(codes).permute(0, 3, 1, 2).detach().requires_grad_()
    made._embedded = lambda chosen: embedded  # type: ignore[method-assign]
    made(codes)[0, :, row, column].square().sum().backward()
    return embedded.grad.abs().amax(1)[0]


@pytest.mark.parametrize("place", [(0, 0), (0, 3), (2, 2), (4, 0), (4, 4)])
@pytest.mark.parametrize("layers", [1, 4])
def test_a_place_is_not_influenced_by_itself_nor_by_those_after_it(place, layers):
    seen = influence(prior(layers=layers), *place).flatten()
    here = place[0] * 5 + place[1]
    assert (seen[here:] == 0).all()


def test_a_place_is_influenced_by_all_before_it():
    seen = influence(prior(layers=6), 3, 2).flatten()
    assert (seen[: 3 * 5 + 2] > 0).all()


def test_changing_a_code_changes_no_score_before_or_at_it():
    made, codes = prior(), torch.randint(6, (1, 5, 5), generator=rng(2))
    changed = codes.clone()
    changed[0, 2, 3] = (codes[0, 2, 3] + 1) % 6
    one, other = (made(grid).flatten(2)[0] for grid in (codes, changed))
    assert torch.equal(one[:, :14], other[:, :14])
    assert not torch.allclose(one[:, 14], other[:, 14])


def test_an_untrained_prior_expects_all_codes_alike():
    codes = torch.randint(10, (2, 4, 3), generator=rng())
    assert float(CodePrior(10, 8, 3).loss(codes).detach()) == pytest.approx(math.log(10), rel=1e-6)


def test_drawing_row_by_row_draws_from_the_scores_of_whole_passes():
    made = prior().float()
    with torch.no_grad():
        drawn = made.draw(3, 4, 5, rng(9))
        chance, codes = rng(9), torch.zeros(3, 4, 5, dtype=torch.int64)
        for place in range(20):
            row, column = divmod(place, 5)
            chances = torch.softmax(made(codes)[:, :, row, column], 1)
            codes[:, row, column] = torch.multinomial(chances, 1, generator=chance).squeeze(1)
    assert torch.equal(drawn, codes)


def test_it_learns_what_follows_what():
    made = CodePrior(3, 16, 2)
    starts = torch.randint(3, (64, 1), generator=rng())
    grids = ((starts + torch.arange(9)) % 3).view(64, 3, 3)
    optimizer = torch.optim.Adam(made.parameters(), lr=1e-2)
    for _ in range(100):
        optimizer.zero_grad()
        loss = made.loss(grids)
        loss.backward()
        optimizer.step()
    assert float(loss.detach()) < 1.2 * math.log(3) / 9  # the first code is chance, the rest follows
    drawn = made.draw(20, 3, 3, rng()).flatten(1)
    assert float(((drawn[:, 1:] - drawn[:, :-1]) % 3 == 1).float().mean()) > 0.95
