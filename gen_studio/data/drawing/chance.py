"""Numbers that look like chance and depend on a seed and a place alone, so that any picture can be had without those
before it."""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

STEP = np.uint64(0x9E3779B97F4A7C15)  # of the splitmix64 generator, as are the two below
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def uniforms(seed: int, purpose: str, rows: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """(N, count) numbers in [0, 1): row i of them depends on (seed, purpose, rows[i]) alone."""
    digest = blake2b(f"{purpose}\0{seed}".encode(), digest_size=8).digest()
    key = np.frombuffer(digest, dtype="<u8").astype(np.uint64)
    starts = _stirred((rows.astype(np.uint64) + np.uint64(1)) * STEP + key)  # (N,)
    places = (np.arange(count, dtype=np.uint64) + np.uint64(1)) * STEP
    bits = _stirred(starts[:, None] + places[None])
    return (bits >> np.uint64(11)).astype(np.float64) / 2.0**53


def _stirred(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * FIRST
    state = (state ^ (state >> np.uint64(27))) * SECOND
    return state ^ (state >> np.uint64(31))
