"""The probe on codes whose classes are known to be there, or not."""

import pytest
import torch

from gen_studio.metrics.probe import probe_accuracy


def drawn(count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Codes of three classes a long way apart in one direction of five, the last of them flat."""
    rng = torch.Generator().manual_seed(seed)
    labels = torch.randint(3, (count,), generator=rng)
    codes = torch.randn(count, 5, generator=rng)
    codes[:, 1] = 0.1 * codes[:, 1] + 5 * labels
    codes[:, 4] = 7.0
    return codes, labels


def test_what_a_line_can_tell_apart_is_told_apart_on_codes_never_seen():
    with torch.no_grad():
        assert probe_accuracy(*drawn(300, 0), *drawn(200, 1), 3) > 0.99


def test_labels_that_are_not_in_the_code_are_guessed():
    codes, labels = drawn(300, 0)
    codes[:, 1] = 0.0
    assert probe_accuracy(codes, labels, *drawn(200, 1), 3) == pytest.approx(1 / 3, abs=0.15)


def test_the_scale_of_a_dimension_does_not_matter():
    stretch = torch.tensor([1e3, 1e-3, 1.0, 50.0, 1.0])
    (codes, labels), (test_codes, test_labels) = drawn(300, 0), drawn(200, 1)
    assert probe_accuracy(codes * stretch, labels, test_codes * stretch, test_labels, 3) > 0.99
