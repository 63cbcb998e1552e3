"""The nearest training pictures, against a search that compares everything with everything."""

import numpy as np
import pytest
import torch

from gen_studio.core.errors import Cancelled, WrongUse
from gen_studio.core.jobs import Progress
from gen_studio.inference import neighbours
from gen_studio.inference.neighbours import nearest


def data(count: int = 300, side: int = 24, channels: int = 3) -> torch.Tensor:
    """Smooth pictures, so that small ones say where large ones are."""
    rng = torch.Generator().manual_seed(0)
    coarse = torch.randint(0, 256, (count, channels, 6, 6), generator=rng, dtype=torch.uint8)
    return coarse.repeat_interleave(side // 6, 2).repeat_interleave(side // 6, 3)


def pictures(images: torch.Tensor) -> np.ndarray:
    return images.permute(0, 2, 3, 1).numpy()


def test_a_copy_is_found_at_distance_0_and_the_rest_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "PORTION", 64)
    images = data()
    found = nearest(pictures(images[[7, 250]]), images, 5)
    assert found.rows.shape == found.distances.shape == (2, 5)
    assert found.rows[:, 0].tolist() == [7, 250]
    assert found.distances[:, 0].tolist() == [0, 0]
    apart = (images[7].float() - images.float()).square().flatten(1).mean(1).sqrt()
    order = apart.argsort()[:5]
    assert found.rows[0].tolist() == order.tolist()
    assert found.distances[0] == pytest.approx(apart[order].numpy(), rel=1e-4)


def test_the_portion_does_not_change_what_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    images = data(100)
    asked = 255 - pictures(images[:3])
    whole = nearest(asked, images, 4)
    monkeypatch.setattr(neighbours, "PORTION", 3)
    parts = nearest(asked, images, 4)
    assert np.array_equal(whole.rows, parts.rows)
    assert whole.distances == pytest.approx(parts.distances)


def test_features_decide_where_there_are_any() -> None:
    images = data(50)
    brightness = nearest(pictures(images[:1]), images, 3, lambda batch: batch.mean((1, 2, 3))[:, None])
    means = images.float().mean((1, 2, 3))
    assert brightness.rows[0].tolist() == (means - means[0]).abs().argsort()[:3].tolist()


def test_there_are_no_more_neighbours_than_pictures() -> None:
    assert nearest(pictures(data(4)[:1]), data(4), 9).rows.shape == (1, 4)


def test_other_shapes_are_refused() -> None:
    with pytest.raises(WrongUse, match="24 × 24 in colour, and the data's are 24 × 24 in grey"):
        nearest(pictures(data(4)), data(4, channels=1), 1)


def test_a_search_can_be_called_off() -> None:
    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        nearest(pictures(data(4)), data(4), 1, report=stop)
