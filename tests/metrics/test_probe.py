"""The probe on codes whose classes are known to be there, or not."""

import pytest
import torch

from gen_studio.core.errors import WrongUse
from gen_studio.metrics.probe import crossed_accuracy, probe_accuracy


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


def test_every_code_is_asked_about_by_a_probe_that_never_saw_it() -> None:
    rng = torch.Generator().manual_seed(0)
    labels = torch.randint(3, (60,), generator=rng)
    # Nothing but a mark of its own in each code: a probe can only remember, and what it remembers does not help.
    alone = torch.eye(60)
    assert crossed_accuracy(alone, labels, 3) < 0.5
    telling = torch.nn.functional.one_hot(labels, 3).float() + 0.1 * torch.randn(60, 3, generator=rng)
    assert crossed_accuracy(telling, labels, 3) == 1.0


def test_the_mean_over_folds_counts_every_code_once() -> None:
    rng = torch.Generator().manual_seed(1)
    codes, labels = torch.randn(23, 2, generator=rng), torch.randint(2, (23,), generator=rng)
    right = 0
    for place in range(5):
        asked = torch.arange(23) % 5 == place
        share = probe_accuracy(codes[~asked], labels[~asked], codes[asked], labels[asked], 2)
        right += round(share * int(asked.sum()))
    assert crossed_accuracy(codes, labels, 2) == pytest.approx(right / 23)


def test_too_few_codes_cannot_be_probed() -> None:
    with pytest.raises(WrongUse, match="there are 6"):
        crossed_accuracy(torch.zeros(6, 2), torch.zeros(6, dtype=torch.int64), 2)
