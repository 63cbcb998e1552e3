"""Deals pictures into training, validation and test by their names alone: adding pictures does not move the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.errors import WrongUse
from gen_studio.core.words import count
from gen_studio.data.source import Rows
from gen_studio.data.spec import Split

HELD_OUT = 0.1  # of the pictures go to validation, as many to test
HELD_OUT_BESIDE_A_TEST = 0.02
"""Where the publisher fixed the test, published results train on all the rest: validation takes next to nothing."""
PARTS = tuple(Split)


@dataclass(frozen=True)
class Arrangement:
    """The rows of a gallery in the order in which they are stored: each split is one stretch of it.

    parts: (N,) the number of each row's split in PARTS, ascending. domain: (N,) 0 or 1, where there are two domains:
    then the splits of the first stand before those of the second.
    """

    rows: Rows
    parts: NDArray[np.int64]
    domain: NDArray[np.int64] | None = None

    def lengths(self, kept: NDArray[np.int64]) -> tuple[int, ...]:
        """Sizes of the three splits when only `kept` (positions in `rows`) could be read. None is empty.

        Of two domains, the three of the first and the three of the second. Raises WrongUse for fewer than three
        pictures.
        """
        if self.domain is None:
            return self._lengths(kept)
        return (*self._lengths(kept[self.domain[kept] == 0]), *self._lengths(kept[self.domain[kept] == 1]))

    def _lengths(self, kept: NDArray[np.int64]) -> tuple[int, int, int]:
        number = len(kept)
        if number < len(PARTS):
            where = "" if self.domain is None else " in one of the two domains"
            raise WrongUse(
                f"There {'is' if number == 1 else 'are'} only {count(number, 'picture')}{where}; three are the least, "
                "one each to train, validate and test. Add pictures, or allow more of them."
            )
        train, validation, test = np.bincount(self.parts[kept], minlength=len(PARTS)).tolist()
        return _none_empty(train, validation, test)


def arrange(
    names: Sequence[str],
    official: Sequence[Split | None] | None,
    limit: int | None,
    domain: NDArray[np.int64] | None = None,
) -> Arrangement:
    """Orders pictures by split and, inside a split, by chance that depends on the name alone.

    The publisher's splits stand; a split that he left out is taken from his undecided pictures. Of more pictures than
    `limit`, those with the luckiest names stay: a larger limit keeps them and adds others. domain: (N,) 0 or 1 for two
    domains, -1 for pictures to leave out.
    """
    draws = lots(names, "split")
    parts = _parts(draws, official)
    chosen = np.arange(len(names)) if domain is None else np.flatnonzero(domain >= 0)
    if limit is not None and limit < len(chosen):
        chosen = chosen[np.argsort(lots(names, "limit")[chosen], kind="stable")[:limit]]
    if domain is None:
        rows = chosen[np.lexsort((draws[chosen], parts[chosen]))]
        return Arrangement(rows=rows, parts=parts[rows])
    rows = chosen[np.lexsort((draws[chosen], parts[chosen], domain[chosen]))]
    return Arrangement(rows=rows, parts=parts[rows], domain=domain[rows])


def lots(names: Sequence[str], purpose: str) -> NDArray[np.float64]:
    """(N,) a number in [0, 1) for each name, the same on every machine, another for another purpose."""
    salt = purpose.encode()
    digests = b"".join(
        blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8, person=salt).digest() for name in names
    )
    return np.frombuffer(digests, dtype=">u8").astype(np.float64) / 2.0**64


def _none_empty(train: int, validation: int, test: int) -> tuple[int, int, int]:
    """Shifts the borders of neighbouring splits by as little as gives each a picture; training gives first."""
    if not validation:
        train, test = (train - 1, test) if train > 1 else (train, test - 1)
        validation = 1
    if not test:
        train, validation = (train, validation - 1) if validation > 1 else (train - 1, validation)
        test = 1
    if not train:
        validation, test = (validation - 1, test) if validation > 1 else (validation, test - 1)
        train = 1
    return train, validation, test


def _parts(draws: NDArray[np.float64], official: Sequence[Split | None] | None) -> NDArray[np.int64]:
    decided = np.array([-1 if split is None else PARTS.index(split) for split in official or ()], dtype=np.int64)
    if not len(decided):
        decided = np.full(len(draws), -1)
    missing = [part for part in (1, 2) if part not in decided]
    parts = np.where(decided < 0, 0, decided)
    share = HELD_OUT if len(missing) == 2 else HELD_OUT_BESIDE_A_TEST
    for place, part in enumerate(missing):
        low = 1 - share * (len(missing) - place)
        high = low + share if place + 1 < len(missing) else 1.0
        parts[(decided < 0) & (draws >= low) & (draws < high)] = part
    return parts
