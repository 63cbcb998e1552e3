"""Features to compare pictures in: their errors, and weights that are on the machine or are not."""

from copy import deepcopy
from pathlib import Path

import pytest
import torch
from torch import nn

from gen_studio.core.errors import UserError, WrongUse
from gen_studio.nets.perceptual import (
    PictureClassifier,
    VGG19Features,
    frozen,
    relative_error,
    vgg19_file,
    vgg19_maps,
    vgg_error,
)


def test_vgg19_goes_up_to_the_rectifier_behind_its_last_convolution() -> None:
    layers = list(vgg19_maps())
    assert len(layers) == 36
    assert isinstance(layers[34], nn.Conv2d) and isinstance(layers[35], nn.ReLU)
    widths = [layer.out_channels for layer in layers if isinstance(layer, nn.Conv2d)]
    assert widths == 2 * [64] + 2 * [128] + 4 * [256] + 8 * [512]
    assert sum(isinstance(layer, nn.MaxPool2d) for layer in layers) == 4


def test_weights_that_are_not_there_are_named_and_never_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    with pytest.raises(WrongUse, match=r"vgg19-dcbb9e9d\.pth .* set Perceptual loss to pixels"):
        VGG19Features(instead="pixels")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    vgg19_file().parent.mkdir(parents=True)
    vgg19_file().write_bytes(b"no weights")
    with pytest.raises(UserError, match="does not hold the weights"):
        VGG19Features(instead="pixels")


def test_weights_from_torchvisions_cache_are_used_and_shared_by_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    # Tensors of one element behind every weight: a file of bytes, not of 80 MB. All maps are the last bias, 2.
    zero = torch.zeros(1)
    state = {f"features.{key}": zero.expand(value.shape) for key, value in vgg19_maps().state_dict().items()}
    state["features.34.bias"] = torch.full((1,), 2.0).expand(512)
    state["classifier.0.weight"] = zero
    vgg19_file().parent.mkdir(parents=True)
    torch.save(state, vgg19_file())
    features = VGG19Features(instead="pixels")
    maps = features(torch.zeros(1, 1, 16, 16))
    torch.testing.assert_close(maps, torch.full((1, 512, 1, 1), 2 / 12.75))
    assert deepcopy(features) is features
    assert vgg_error(features, torch.zeros(1, 1, 16, 16), torch.ones(1, 1, 16, 16)) == 0


def test_the_relative_error_has_no_scale() -> None:
    wanted = torch.tensor([[3.0, 4.0]])
    found = torch.tensor([[3.0, 1.0]])
    assert relative_error(found, wanted) == pytest.approx(9 / 25)
    assert relative_error(10 * found, 10 * wanted) == pytest.approx(9 / 25)


def test_a_frozen_network_hands_gradients_on_and_takes_none() -> None:
    network = PictureClassifier(1, 4, 3)
    images = torch.zeros(2, 1, 16, 16, requires_grad=True)
    with frozen(network):
        maps = network.maps(images)
    (maps.sum() + 0.1 * maps.square().sum()).backward()
    assert images.grad is not None
    assert all(parameter.grad is None and parameter.requires_grad for parameter in network.parameters())
