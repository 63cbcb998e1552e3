"""The networks that convolutional variational families share."""

import pytest
import torch

from gen_studio.nets.convolutional_coder import ConvolutionalDecoder, ConvolutionalEncoder, coder_widths


def test_widths_are_the_papers_at_64_pixels() -> None:
    assert coder_widths(32, 64) == [32, 32, 64, 64]
    assert coder_widths(4, 16) == [4, 4]


@pytest.mark.parametrize("size", [16, 32, 64, 128])
def test_what_goes_in_keeps_about_its_strength(size: int) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        encoder, decoder = ConvolutionalEncoder(3, 16, size, 8), ConvolutionalDecoder(8, 16, size, 3)
        pictures, latents = torch.rand(8, 3, size, size), torch.randn(8, 8)
    with torch.no_grad():
        codes, rebuilt = encoder(pictures), decoder(latents)
    assert codes.shape == (8, 8)
    assert rebuilt.shape == pictures.shape
    assert 0.1 < float(codes.std()) < 5
    assert 0.1 < float(rebuilt.std()) < 5


def test_classes_change_what_is_encoded_and_decoded() -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        encoder, decoder = ConvolutionalEncoder(1, 4, 16, 6, classes=3), ConvolutionalDecoder(3, 4, 16, 1, classes=3)
        pictures, latents = torch.rand(1, 1, 16, 16).expand(3, -1, -1, -1), torch.randn(1, 3).expand(3, -1)
    labels = torch.arange(3)
    for rows in (encoder(pictures, labels), decoder(latents, labels).flatten(1)):
        assert len({tuple(row.tolist()) for row in rows}) == 3
