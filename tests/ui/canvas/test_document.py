"""Undo and redo give the very pixels back, and cost about what was changed."""

import numpy as np
import pytest

from gen_studio.ui.canvas.box import Box
from gen_studio.ui.canvas.brush import Brush
from gen_studio.ui.canvas.document import MOST_LOOSE, TILE, Document
from gen_studio.ui.canvas.gestures import Ink, Stroke, fill_region

KINDS = {
    "mask": (np.zeros((150, 200), bool), [True, False]),
    "layout": (np.zeros((150, 200), np.uint8), [3, 7, 0]),
    "sketch": (np.full((150, 200, 3), 255, np.uint8), [np.array([10, 20, 30], np.uint8), np.uint8(0)]),
}


def paint(document: Document, ink: Ink, rng: np.random.Generator, softness: float = 0.0, size: int = 15) -> None:
    points = rng.uniform(-10, 210, (4, 2)).tolist()
    stroke = Stroke(document, Brush(size, softness), ink, tuple(points[0]))
    stroke.begin()
    for point in points[1:]:
        stroke.move(tuple(point))
    stroke.finish()


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("packed", [True, False])
def test_undo_and_redo_give_every_state_back_exactly(kind: str, packed: bool) -> None:
    blank, values = KINDS[kind]
    document, rng = Document(blank), np.random.default_rng(1)
    states = [document.pixels.copy()]
    for number in range(12):
        value = values[number % len(values)]
        paint(document, Ink(value, smooth=kind == "sketch"), rng, softness=0.5 if number % 2 else 0.0)
        if not (document.pixels == states[-1]).all():
            states.append(document.pixels.copy())
    if packed:
        document.settle()
    for state in reversed(states[:-1]):
        assert document.undo()
        np.testing.assert_array_equal(document.pixels, state)
    assert not document.can_undo and document.undo() == []
    for state in states[1:]:
        assert document.redo()
        np.testing.assert_array_equal(document.pixels, state)
    assert not document.can_redo and document.redo() == []


def test_what_undo_says_has_changed_holds_every_pixel_that_did() -> None:
    document, rng = Document(np.zeros((300, 300), bool)), np.random.default_rng(2)
    paint(document, Ink(True), rng)
    before = document.pixels.copy()
    seen = np.zeros_like(before)
    for box in document.undo():
        seen[box.slices] = True
    assert seen[before != document.pixels].all() and not seen.all()


def test_an_edit_after_undo_forgets_what_was_undone() -> None:
    document = Document(np.zeros((80, 80), bool))
    fill_region(document, Ink(True), Box(0, 0, 10, 10), np.ones((10, 10), bool))
    document.undo()
    fill_region(document, Ink(True), Box(5, 5, 20, 20), np.ones((15, 15), bool))
    assert not document.can_redo


def test_painting_what_is_there_already_is_no_step() -> None:
    document = Document(np.ones((80, 80), bool))
    fill_region(document, Ink(True), Box(0, 0, 70, 70), np.ones((70, 70), bool))
    assert not document.can_undo


def test_a_stroke_that_is_called_off_leaves_nothing() -> None:
    document = Document(np.zeros((150, 200, 1), np.uint8))
    stroke = Stroke(document, Brush(20, 0.5), Ink(np.array([200], np.uint8), smooth=True), (10, 10))
    stroke.begin()
    stroke.move((190, 140))
    assert document.pixels.any()
    stroke.cancel()
    assert not document.pixels.any() and not document.can_undo


def test_other_pixels_are_one_step_that_can_be_undone() -> None:
    document = Document(np.zeros((70, 90), bool))
    document.replace(np.ones((70, 90), bool))
    assert document.pixels.all()
    document.undo()
    assert not document.pixels.any()
    with pytest.raises(ValueError, match="does not fit"):
        document.replace(np.ones((90, 70), bool))


def test_a_thousand_strokes_take_memory_for_what_they_changed() -> None:
    document, rng = Document(np.zeros((1024, 1024), bool)), np.random.default_rng(3)
    changed = tiles = 0
    for number in range(1000):
        start = rng.uniform(0, 1024, 2)
        before = document.pixels.copy() if number % 100 == 0 else None
        stroke = Stroke(document, Brush(9), Ink(number % 3 > 0), tuple(start))
        stroke.begin()
        stroke.move(tuple(start + rng.uniform(-60, 60, 2)))
        stroke.finish()
        if before is not None:
            changed += int((before != document.pixels).sum())
            grid = (before != document.pixels).reshape(1024 // TILE, TILE, 1024 // TILE, TILE).any(axis=(1, 3))
            tiles += int(grid.sum())
    document.settle()
    # Packed, a tile costs some tens of bytes; the pictures themselves would take a gigabyte.
    assert document.history_bytes < 100 * (tiles * 60 + changed)
    assert document.history_bytes < 300_000


def test_patches_are_packed_even_if_nobody_ever_rests() -> None:
    document = Document(np.zeros((640, 640), bool))
    for number in range(MOST_LOOSE * 3):
        document.replace(np.full((640, 640), number % 2 == 0))
    assert document.history_bytes < (MOST_LOOSE + 1) * document.pixels.nbytes


def test_every_change_makes_a_new_version() -> None:
    document = Document(np.zeros((40, 40), bool))
    versions = [document.version]
    document.replace(np.ones((40, 40), bool))
    versions.append(document.version)
    document.undo()
    versions.append(document.version)
    document.redo()
    versions.append(document.version)
    assert versions == sorted(set(versions))
