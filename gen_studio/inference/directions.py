"""Learns the way from one pile of latents to another, and says how well it parts them and what goes along with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.directions import Method, Quality
from gen_studio.core.errors import WrongUse
from gen_studio.core.latents import Direction, Space

FOLDS = 5
LEAST_LEFT = 0.1
"""Of the length of a direction must be left when others are taken out of it; less is their noise."""
PRIOR_OF_WEIGHTS = 10.0
"""Variance of a separator's logits that is thought likely before any example is seen."""

Latents = NDArray[np.floating]
"""(N, D): flattened latents, or styles."""
Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Piles:
    """Latents, or styles, of pictures that have something, (N, D), and of such that have less of it, (M, D)."""

    more: Latents
    less: Latents

    def __post_init__(self) -> None:
        for word, pile in (("positive", self.more), ("negative", self.less)):
            if not len(pile):
                raise WrongUse(f"The {word} pile is empty. Put at least one picture into each pile.")
            if not np.isfinite(pile).all():
                raise WrongUse(f"The {word} pile holds a latent that is not a number. Leave that picture out.")
        if self.more.shape[1] != self.less.shape[1]:
            raise WrongUse(
                f"One pile has latents of {self.more.shape[1]} numbers, the other of {self.less.shape[1]}: they come "
                "from two models. Take both from one."
            )


@dataclass(frozen=True)
class Learnt:
    """A direction, and its quality; None where a pile has but one picture."""

    direction: Direction
    quality: Quality | None


@dataclass(frozen=True, eq=False)
class _Border:
    """A direction of length 1, and where along it the border between the piles is."""

    unit: Vector
    place: float


def learn(
    piles: Piles,
    name: str,
    *,
    method: Method = Method.DIFFERENCE,
    space: Space = Space.LATENT,
    source: str = "",
    orthogonal_to: Sequence[Direction] = (),
) -> Learnt:
    """The direction from less to more.

    Strength 1 is one standard deviation of the examples along it, both piles counting the same: from -3 to 3 is about
    all there is, and where the piles lie well apart 2 leads from the middle of one to that of the other.
    orthogonal_to: it leaves these as they are. Raises WrongUse for piles that do not differ, or only along those.
    """
    more, less = (np.asarray(pile, dtype=np.float64) for pile in (piles.more, piles.less))
    basis = _basis(orthogonal_to, space, more.shape[1])
    whole = _border(more, less, method)
    if np.linalg.norm(_without(whole.unit, basis)) < LEAST_LEFT:
        raise WrongUse(_nothing_left(name, orthogonal_to))
    more, less = _without(more, basis), _without(less, basis)
    border = _border(more, less, method)
    values = border.unit * _spread(more @ border.unit, less @ border.unit)
    direction = Direction(name=name, space=space, values=tuple(values.tolist()), source=source)
    return Learnt(direction, _quality(more, less, method))


def orthogonal(direction: Direction, others: Sequence[Direction]) -> Direction:
    """What is left of a direction without its part along others, as long as before: Gram and Schmidt's way.

    Raises WrongUse where next to nothing is left, or others are of another space or model.
    """
    values = np.array(direction.values)
    rest = _without(values, _basis(others, direction.space, len(values)))
    length, left = np.linalg.norm(values), np.linalg.norm(rest)
    if left < LEAST_LEFT * length or left == 0:
        raise WrongUse(_nothing_left(direction.name, others))
    return direction.model_copy(update={"values": tuple((rest * (length / left)).tolist())})


def cosines(direction: Direction, others: Sequence[Direction]) -> dict[str, float]:
    """How much other directions of the same space and length point the same way, from -1 to 1, by name."""
    own = np.array(direction.values)
    found: dict[str, float] = {}
    for other in others:
        if other.space is direction.space and len(other.values) == len(own):
            values = np.array(other.values)
            lengths = float(np.linalg.norm(own) * np.linalg.norm(values))
            found[other.name] = float(own @ values) / lengths if lengths else 0.0
    return found


def correlations(direction: Direction, latents: Latents, facts: Mapping[str, NDArray[np.floating]]) -> dict[str, float]:
    """How the place of pictures along a direction goes with facts about them (N,), from -1 to 1, by their names.

    A fact that is the same of all pictures goes with nothing: 0.
    """
    values = np.array(direction.values)
    places = np.asarray(latents, dtype=np.float64) @ values
    return {name: _correlation(places, np.asarray(column, dtype=np.float64)) for name, column in facts.items()}


def _border(more: Latents, less: Latents, method: Method) -> _Border:
    gap = more.mean(0) - less.mean(0)
    largest = max(np.abs(more).max(), np.abs(less).max())
    if np.linalg.norm(gap) <= 1e-9 * largest:
        raise WrongUse("The two piles do not differ. Put other pictures into one of them.")
    match method:
        case Method.DIFFERENCE:
            unit = gap / np.linalg.norm(gap)
            return _Border(unit, float((more.mean(0) + less.mean(0)) @ unit / 2))
        case Method.SEPARATOR:
            return _separator(more, less)
        case _:
            assert_never(method)


def _separator(more: Latents, less: Latents) -> _Border:
    """Logistic regression with a normal prior on its weights, so that a handful of examples in hundreds of dimensions
    have an answer: then it comes close to the difference of means. Both piles count the same."""
    from sklearn.linear_model import LogisticRegression

    centre = (more.mean(0) + less.mean(0)) / 2
    inputs = np.concatenate([more, less]) - centre
    # One scale for all numbers: of those that hardly change, one for each would make noise.
    size = float(np.sqrt(np.mean(inputs**2)))
    inputs = inputs / size
    is_more = np.arange(len(inputs)) < len(more)
    fitted = LogisticRegression(C=PRIOR_OF_WEIGHTS / inputs.shape[1], class_weight="balanced", max_iter=2000)
    fitted.fit(inputs, is_more)
    weights = np.asarray(fitted.coef_[0], dtype=np.float64)
    length = float(np.linalg.norm(weights))
    unit = weights / length
    return _Border(unit, float(centre @ unit - size * fitted.intercept_[0] / length))


def _spread(more: Vector, less: Vector) -> float:
    """Standard deviation of places along a direction, as though both piles had as many pictures."""
    gap = (more.mean() - less.mean()) / 2
    return float(np.sqrt((more.var() + less.var()) / 2 + gap**2))


def _quality(more: Latents, less: Latents, method: Method) -> Quality | None:
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold

    folds = min(FOLDS, len(more), len(less))
    if folds < 2:
        return None
    everything = np.concatenate([more, less])
    is_more = np.arange(len(everything)) < len(more)
    accuracies, areas = [], []
    for taught, asked in StratifiedKFold(folds, shuffle=True, random_state=0).split(everything, is_more):
        examples, kinds = everything[taught], is_more[taught]
        border = _border(examples[kinds], examples[~kinds], method)
        places, wanted = everything[asked] @ border.unit, is_more[asked]
        right = (places > border.place) == wanted
        accuracies.append((right[wanted].mean() + right[~wanted].mean()) / 2)
        areas.append(roc_auc_score(wanted, places))
    return Quality(float(np.mean(accuracies)), float(np.mean(areas)), folds, len(more), len(less))


def _basis(others: Sequence[Direction], space: Space, size: int) -> Vector:
    """Orthonormal columns that span the other directions, (size, K)."""
    for other in others:
        if other.space is not space or len(other.values) != size:
            raise WrongUse(
                f'"{other.name}" changes {len(other.values)} numbers of the {other.space.value}, and this direction '
                f"{size} of the {space.value}: neither can be taken out of the other. Leave it out."
            )
    if not others:
        return np.zeros((size, 0))
    vectors, lengths, _ = np.linalg.svd(np.array([other.values for other in others]).T, full_matrices=False)
    # Directions that repeat each other span less than their number.
    return np.asarray(vectors[:, lengths > 1e-9 * max(lengths[0], 1e-30)], dtype=np.float64)


def _without(vectors: Vector, basis: Vector) -> Vector:
    """Vectors (..., D) without their part along the basis."""
    return vectors - (vectors @ basis) @ basis.T


def _correlation(places: Vector, column: Vector) -> float:
    places, column = places - places.mean(), column - column.mean()
    product = float(np.linalg.norm(places) * np.linalg.norm(column))
    return float(places @ column) / product if product > 1e-12 else 0.0


def _nothing_left(name: str, others: Sequence[Direction]) -> str:
    names = ", ".join(f'"{other.name}"' for other in others)
    return (
        f'Nothing is left of "{name}" without {names}: it leads the same way. Keep it as it is, or take out fewer '
        "directions."
    )
