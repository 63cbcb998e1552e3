"""BatchNorm with a scale and shift for each class."""

import torch
from torch import nn

from gen_studio.nets.conditional_norm import ConditionalNorm


def test_without_classes_it_is_batch_norm() -> None:
    features = torch.randn(6, 3, 4, 4)
    assert torch.equal(ConditionalNorm(3)(features), nn.BatchNorm2d(3)(features))


def test_every_picture_gets_its_own_classs_scale_and_shift() -> None:
    norm = ConditionalNorm(3, classes=2)
    assert norm.scale is not None and norm.shift is not None
    nn.init.normal_(norm.scale.weight)
    nn.init.normal_(norm.shift.weight)
    features, labels = torch.randn(6, 3, 4, 4), torch.tensor([0, 1, 1, 0, 1, 0])
    plain = nn.BatchNorm2d(3, affine=False)(features)
    answer = norm(features, labels)
    for place, label in enumerate(labels):
        scale, shift = norm.scale.weight[label].view(3, 1, 1), norm.shift.weight[label].view(3, 1, 1)
        assert torch.allclose(answer[place], plain[place] * scale + shift, atol=1e-6)


def test_it_starts_as_batch_norm_whatever_the_class() -> None:
    features = torch.randn(4, 3, 2, 2)
    answer = ConditionalNorm(3, classes=5)(features, torch.tensor([0, 1, 2, 3]))
    assert torch.allclose(answer, nn.BatchNorm2d(3)(features))
