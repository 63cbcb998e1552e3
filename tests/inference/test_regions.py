"""Which pixels hang together."""

import numpy as np

from gen_studio.inference.regions import regions


def flooded(mask: np.ndarray) -> list[frozenset[tuple[int, int]]]:
    """The regions, by walking from neighbour to neighbour."""
    left = set(zip(*np.nonzero(mask), strict=True))
    found = []
    while left:
        region, edge = set(), [left.pop()]
        while edge:
            row, column = edge.pop()
            region.add((row, column))
            near = {(row + down, column + across) for down in (-1, 0, 1) for across in (-1, 0, 1)} & left
            left -= near
            edge += near
        found.append(frozenset(region))
    return found


def test_regions_are_those_that_are_found_by_walking() -> None:
    for seed, share in ((0, 0.1), (1, 0.3), (2, 0.45), (3, 1.0)):
        mask = np.random.default_rng(seed).random((17, 23)) < share
        numbers, boxes = regions(mask)
        assert np.array_equal(numbers > 0, mask)
        found = [frozenset(zip(*np.nonzero(numbers == number + 1), strict=True)) for number in range(len(boxes))]
        assert set(found) == set(flooded(mask))
        for region, (top, left, bottom, right) in zip(found, boxes.tolist(), strict=True):
            rows, columns = zip(*region, strict=True)
            assert (top, left, bottom, right) == (min(rows), min(columns), max(rows) + 1, max(columns) + 1)


def test_nothing_has_no_regions() -> None:
    numbers, boxes = regions(np.zeros((4, 5), bool))
    assert not numbers.any() and boxes.shape == (0, 4)
