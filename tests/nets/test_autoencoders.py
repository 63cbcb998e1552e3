"""Both halves of an autoencoder fit each other at any size."""

import pytest
import torch

from gen_studio.nets.autoencoders import (
    ConvolutionalDecoder,
    ConvolutionalEncoder,
    DenseDecoder,
    DenseEncoder,
    halvings,
)


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 16, 16), (1, 17, 12), (3, 5, 3), (1, 2, 2)])
@pytest.mark.parametrize("kinds", [(DenseEncoder, DenseDecoder), (ConvolutionalEncoder, ConvolutionalDecoder)])
def test_what_goes_in_comes_out_at_the_same_size(shape, kinds):
    encoder, decoder = (kind(shape, 4, 6) for kind in kinds)
    codes = encoder(torch.randn(2, *shape))
    assert codes.shape == (2, 6)
    assert decoder(codes).shape == (2, *shape)


def test_sizes_are_halved_rounding_up_to_four_or_less():
    assert halvings((1, 28, 28)) == [(28, 28), (14, 14), (7, 7), (4, 4)]
    assert halvings((1, 32, 16)) == [(32, 16), (16, 8), (8, 4), (4, 2)]
    assert halvings((1, 3, 3)) == [(3, 3), (2, 2)]


def test_every_pixel_reaches_the_code_and_every_number_of_it_the_picture():
    torch.manual_seed(0)
    shape = (1, 9, 9)
    encoder, decoder = ConvolutionalEncoder(shape, 4, 3), ConvolutionalDecoder(shape, 4, 3)
    pictures = torch.randn(16, *shape, requires_grad=True)
    codes = encoder(pictures)
    decoder(codes).square().sum().backward()
    # A rectifier may hide a pixel of one picture; of sixteen it hides none.
    assert pictures.grad.abs().amax(0).min() > 0
    moved = decoder(codes[:1] + torch.eye(3)) - decoder(codes[:1])
    assert (moved.abs().amax((1, 2, 3)) > 0).all()
