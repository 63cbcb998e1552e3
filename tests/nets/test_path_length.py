"""Path length regularisation against a Jacobian written out."""

import pytest
import torch
from torch import Tensor

from gen_studio.nets.path_length import PathLength


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def setting(layers: int = 3) -> tuple[Tensor, Tensor, Tensor]:
    """A linear generator's matrix (pixels, layers * size), styles, and the noise the penalty will draw."""
    matrix = torch.randn(2 * 4 * 6, layers * 5, generator=rng(1), dtype=torch.float64)
    styles = torch.randn(7, layers, 5, generator=rng(2), dtype=torch.float64)
    noise = torch.randn((7, 2, 4, 6), generator=rng(3), dtype=torch.float64) / (4 * 6) ** 0.5
    return matrix, styles, noise


def paint(matrix: Tensor, styles: Tensor) -> Tensor:
    return (styles.flatten(1) @ matrix.T).unflatten(1, (2, 4, 6))


@pytest.mark.parametrize("layers", [1, 3])
def test_it_is_the_closed_form_of_a_linear_generator(layers: int) -> None:
    matrix, styles, noise = setting(layers)
    matrix.requires_grad_()
    module = PathLength().double()
    module.mean.fill_(1.5)
    styles.requires_grad_()
    penalty = module(paint(matrix, styles), styles, rng(3))
    # J' y, for every picture and layer.
    products = (noise.flatten(1) @ matrix).unflatten(1, (layers, 5))
    lengths = products.square().sum(2).mean(1).sqrt()
    mean = 0.99 * 1.5 + 0.01 * lengths.mean().detach()
    assert module.mean.item() == pytest.approx(mean.item())
    expected = (lengths - mean).square().mean()
    torch.testing.assert_close(penalty, expected, atol=1e-5, rtol=1e-5)
    ours, theirs = (torch.autograd.grad(value, matrix)[0] for value in (penalty, expected))
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-4)


def test_the_jacobian_is_that_of_any_generator() -> None:
    matrix, styles, noise = setting()

    def bent(values: Tensor) -> Tensor:
        return torch.tanh(paint(matrix, values) / 4)

    jacobians = torch.stack([torch.autograd.functional.jacobian(bent, style[None]).squeeze() for style in styles])
    products = torch.einsum("nchwls,nchw->nls", jacobians, noise)
    lengths = products.square().sum(2).mean(1).sqrt()
    module = PathLength().double()
    styles.requires_grad_()
    penalty = module(bent(styles), styles, rng(3))
    torch.testing.assert_close(penalty, (lengths - 0.01 * lengths.mean()).square().mean(), atol=1e-5, rtol=1e-5)


def test_its_mean_is_saved_and_the_penalty_is_finite_where_nothing_moves() -> None:
    module, styles = PathLength(), torch.randn(2, 3, 4, generator=rng()).requires_grad_()
    assert set(module.state_dict()) == {"mean"}
    scale = torch.zeros((), requires_grad=True)
    module((styles.sum((1, 2)) * scale)[:, None, None, None].expand(-1, 1, 4, 4), styles, rng()).backward()
    assert scale.grad is not None
    assert scale.grad.isfinite()
