"""Networks in use without what only training needs: their answers stay, and so do the networks they were made of."""

import pytest
import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from gen_studio.nets.equalised import EqualisedConv2d
from gen_studio.nets.lightening import FromVector, in_precision, lightened
from gen_studio.nets.settling import Settles
from gen_studio.nets.twins import twin


def settled(layers: list[nn.Module]) -> nn.Sequential:
    """In evaluation mode, with statistics and scales of its own, as after training."""
    made = nn.Sequential(*layers)
    rng = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for norm in (module for module in made.modules() if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d)):
            norm.weight.uniform_(0.5, 1.5, generator=rng)
            norm.bias.normal_(generator=rng)
            norm.running_mean.normal_(generator=rng)
            norm.running_var.uniform_(0.5, 2.0, generator=rng)
    return made.eval()


def vectors(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(1))


def norms(module: nn.Module) -> list[nn.Module]:
    return [part for part in module.modules() if isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d)]


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        ([nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU()], (2, 3, 8, 8)),
        ([nn.ConvTranspose2d(3, 4, 4, 2, 1, bias=False), nn.BatchNorm2d(4)], (2, 3, 8, 8)),
        ([nn.ConvTranspose2d(6, 4, 4, bias=False), nn.BatchNorm2d(4)], (2, 6, 1, 1)),
        ([nn.Linear(6, 4), nn.BatchNorm1d(4)], (2, 6)),
    ],
)
def test_a_norm_becomes_part_of_the_layer_before_it(layers, shape) -> None:
    plain = settled(layers)
    light = lightened(plain)
    assert norms(light) == [] and len(norms(plain)) == 1
    torch.testing.assert_close(light(vectors(*shape)), plain(vectors(*shape)), atol=1e-5, rtol=1e-5)


def test_a_norm_that_follows_something_else_stays() -> None:
    plain = settled([nn.Conv2d(3, 4, 3), nn.ReLU(), nn.BatchNorm2d(4)])
    assert len(norms(lightened(plain))) == 1


def test_a_layer_that_stands_in_two_places_keeps_its_weights() -> None:
    layer = nn.Conv2d(4, 4, 3, padding=1)
    plain = settled([layer, nn.BatchNorm2d(4), layer])
    light = lightened(plain)
    torch.testing.assert_close(light(vectors(1, 4, 8, 8)), plain(vectors(1, 4, 8, 8)), atol=1e-5, rtol=1e-5)


def test_a_first_layer_is_a_product_for_one_place_and_a_convolution_for_more() -> None:
    plain = settled([nn.ConvTranspose2d(6, 4, 4)])
    light = lightened(plain)
    assert isinstance(light[0], FromVector)
    for side in (1, 3):
        features = vectors(2, 6, side, side)
        torch.testing.assert_close(light(features), plain(features), atol=1e-5, rtol=1e-5)


def test_spectral_norm_is_computed_once_and_the_original_keeps_its_own() -> None:
    plain = settled([spectral_norm(nn.Conv2d(3, 4, 3))])
    light = lightened(plain)
    assert not hasattr(light[0], "parametrizations") and hasattr(plain[0], "parametrizations")
    torch.testing.assert_close(light(vectors(1, 3, 8, 8)), plain(vectors(1, 3, 8, 8)), atol=1e-6, rtol=1e-6)


def test_a_layer_with_an_equalised_rate_is_scaled_once_wherever_it_stands() -> None:
    layer = EqualisedConv2d(4, 4, 3)
    plain = settled([layer, nn.ReLU(), spectral_norm(EqualisedConv2d(4, 4, 3)), nn.Sequential(layer)])
    light = lightened(plain)
    assert not any(isinstance(part, Settles) for part in light.modules())
    assert light[0] is light[3][0] and plain[0] is layer
    torch.testing.assert_close(light(vectors(1, 4, 8, 8)), plain(vectors(1, 4, 8, 8)), atol=1e-5, rtol=1e-5)


def test_nothing_of_the_original_changes() -> None:
    layers = [nn.ConvTranspose2d(4, 3, 4), EqualisedConv2d(3, 3, 3)]
    plain = settled([spectral_norm(nn.Conv2d(3, 4, 3)), nn.BatchNorm2d(4), *layers])
    before = {name: (tensor.clone(), tensor.stride()) for name, tensor in plain.state_dict().items()}
    light = in_precision(lightened(plain), torch.bfloat16)
    with torch.no_grad():
        for parameter in light.parameters():
            parameter.zero_()
    for name, tensor in plain.state_dict().items():
        assert torch.equal(tensor, before[name][0]) and tensor.stride() == before[name][1], name


def test_in_bfloat16_it_takes_and_gives_float32() -> None:
    plain = nn.Sequential(settled([nn.Linear(6, 4)]))
    light = in_precision(plain, torch.bfloat16)
    answer = light(vectors(2, 6))
    assert answer.dtype == torch.float32
    assert 0 < (answer - plain(vectors(2, 6))).abs().max() < 0.05


def test_a_twin_shares_tensors_and_nothing_else() -> None:
    plain = settled([nn.Conv2d(3, 4, 3)])
    other = twin(plain)
    assert other[0].weight is plain[0].weight
    other[0].weight = nn.Parameter(torch.zeros(4, 3, 3, 3))
    assert plain[0].weight.abs().sum() > 0
