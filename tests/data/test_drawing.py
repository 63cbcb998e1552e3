"""Shapes, the canvas, and the three designs: what is drawn is what the numbers say, at any size."""

import numpy as np
import pytest

from gen_studio.core.annotations import AttributeKind
from gen_studio.data.drawing import face_parts, faces, scene_parts, scenes, sprites
from gen_studio.data.drawing.canvas import Canvas, Downwards
from gen_studio.data.drawing.chance import uniforms
from gen_studio.data.drawing.design import Design
from gen_studio.data.drawing.shapes import Block, Bow, Convex, Crescent, Ellipse, Line, Shape, circle

DESIGNS = (sprites.DESIGN, face_parts.DESIGN, scene_parts.DESIGN)
FACES, SCENES = face_parts.DESIGN, scene_parts.DESIGN
WHITE = (255.0, 255.0, 255.0)

every_design = pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.key)


def numbers(design: Design, row: int, seed: int = 0, **changes: float) -> tuple[list[float], list[float]]:
    """The attributes, some of them changed, and the details of one picture."""
    rows = np.array([row])
    values = design.table(seed, rows)[0].tolist()
    for name, value in changes.items():
        values[design.place(name)] = value
    return values, design.rest(seed, rows)[0].tolist()


def drawn(design: Design, row: int, size: int = 64, **changes: float) -> tuple[np.ndarray, np.ndarray]:
    canvas = design.canvas(*numbers(design, row, **changes), size)
    return canvas.picture(), canvas.layout()


def share(shape: Shape, size: int) -> float:
    """The mean brightness of a white shape on black, from 0 to 1."""
    canvas = Canvas(size)
    canvas.fill(shape, WHITE, 1)
    return float(canvas.picture().mean() / 255)


# Shapes and edges


@pytest.mark.parametrize("size", [16, 24, 64, 100, 256])
@pytest.mark.parametrize(
    ("shape", "area"),
    [
        (circle(0.5, 0.5, 0.3), np.pi * 0.09),
        (Ellipse(0.45, 0.55, 0.3, 0.15, 0.6), np.pi * 0.045),
        (Block(0.5, 0.5, 0.3, 0.2, 0.0, 0.4), 0.24),
        (Block(0.5, 0.5, 0.3, 0.2, 0.1), 0.24 - (4 - np.pi) * 0.01),
        (Convex(((0.5, 0.2), (0.8, 0.8), (0.2, 0.8))), 0.18),
        (Line(0.2, 0.3, 0.8, 0.6, 0.05), 0.1 * np.hypot(0.6, 0.3) + np.pi * 0.0025),
        (Crescent(0.5, 0.4, 0.3, 0.05, 0.25), 4 / 3 * 0.3 * 0.2),
        (Bow(0.5, 0.5, 0.3, 0.1, 0.04), np.pi / 2 * 0.3 * 0.08),
    ],
)
def test_a_shape_covers_its_area_at_every_size(shape: Shape, area: float, size: int) -> None:
    assert share(shape, size) == pytest.approx(area, rel=0.04)


@pytest.mark.parametrize("radius", [0.001, 0.002, 0.004])
def test_a_line_thinner_than_a_pixel_is_faint_not_gone_nor_thick(radius: float) -> None:
    assert share(Line(0.2, 0.503, 0.8, 0.503, radius), 64) == pytest.approx(0.6 * 2 * radius, rel=0.35)


def test_a_shape_is_painted_only_where_it_is_and_its_class_with_it() -> None:
    canvas = Canvas(64)
    canvas.fill(Block(0.5, 0.5, 0.25, 0.25), WHITE, 3)
    inside = np.zeros((64, 64), dtype=bool)
    inside[16:48, 16:48] = True
    assert np.array_equal(canvas.layout() == 3, inside) and np.array_equal(canvas.picture()[0] == 255, inside)


def test_half_a_pixel_is_half_bright_and_a_shape_outside_is_nothing() -> None:
    canvas = Canvas(64)
    canvas.fill(Block(0.5, 0.5, 0.5 / 64 + 10 / 64, 0.25), WHITE, 1)
    assert 126 <= canvas.picture()[0, 32, 21] <= 129
    canvas.fill(circle(2.0, 2.0, 0.3), WHITE, 2)
    assert 2 not in canvas.layout()


def test_a_small_picture_is_the_mean_of_a_larger_one_and_its_layout_the_majority() -> None:
    canvas = Canvas(16)
    canvas.cover(Downwards((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)), 0)
    canvas.fill(Block(0.5, 0.5, 0.25 + 0.3 / 16, 0.25), WHITE, 1)
    assert canvas.picture()[0, 8, 3] == pytest.approx(0.25 * 255, abs=20) and canvas.layout()[8, 3] == 0
    assert canvas.layout()[8, 4] == 1 and canvas.layout().shape == (16, 16)


# Chance


def test_numbers_depend_on_seed_purpose_and_row_alone() -> None:
    rows = np.array([5, 99_999, 0])
    whole = uniforms(3, "x", np.arange(100_000), 4)
    assert np.array_equal(uniforms(3, "x", rows, 4), whole[rows])
    assert not np.array_equal(uniforms(4, "x", rows, 4), whole[rows])
    assert not np.array_equal(uniforms(3, "y", rows, 4), whole[rows])


def test_numbers_are_spread_evenly_and_columns_know_nothing_of_each_other() -> None:
    drawn_numbers = uniforms(0, "x", np.arange(20_000), 3)
    assert drawn_numbers.min() >= 0 and drawn_numbers.max() < 1
    assert np.histogram(drawn_numbers, 10, (0, 1))[0] == pytest.approx(np.full(10, 6000), abs=350)
    assert np.abs(np.corrcoef(drawn_numbers.T) - np.eye(3)).max() < 0.03
    assert abs(np.corrcoef(drawn_numbers[:-1, 0], drawn_numbers[1:, 0])[0, 1]) < 0.03


# All three


@every_design
def test_the_same_numbers_give_the_same_picture_and_another_seed_another(design: Design) -> None:
    pictures = [design.canvas(*numbers(design, 7, seed), 32).picture().tobytes() for seed in (0, 0, 1)]
    assert pictures[0] == pictures[1] != pictures[2]


@every_design
@pytest.mark.parametrize("size", [16, 17, 48, 65, 256])
def test_every_size_is_drawn_with_classes_that_exist(design: Design, size: int) -> None:
    picture, layout = drawn(design, 3, size)
    assert picture.shape == (3, size, size) and picture.dtype == np.uint8
    assert layout.shape == (size, size) and layout.max() < len(design.layout)


@every_design
@pytest.mark.parametrize("small", [16, 32, 64])
def test_a_picture_looks_the_same_at_every_size(design: Design, small: int) -> None:
    for row in range(3):
        large, layout = drawn(design, row, 256)
        factor = 256 // small
        shrunk = large.reshape(3, small, factor, small, factor).mean((2, 4))
        picture, small_layout = drawn(design, row, small)
        assert np.abs(picture - shrunk).mean() < 2.5
        # Away from edges, every pixel is of the class that it has in the large picture.
        blocks = layout.reshape(small, factor, small, factor)
        pure = blocks.max((1, 3)) == blocks.min((1, 3))
        assert (small_layout[pure] == blocks[:, 0, :, 0][pure]).mean() > 0.97


@every_design
def test_every_value_of_every_factor_occurs_and_none_between(design: Design) -> None:
    table = design.table(0, np.arange(5000))
    for attribute, column in zip(design.attributes, table.T, strict=True):
        if attribute.kind is AttributeKind.NUMBER and not attribute.steps:
            assert column.min() >= attribute.low and column.max() <= attribute.high
            assert np.histogram(column, 10, (attribute.low, attribute.high))[0].min() > 350
            continue
        number = attribute.steps or len(attribute.values)
        grid = np.linspace(attribute.low, attribute.high, number, dtype=np.float32)
        found, counts = np.unique(column, return_counts=True)
        assert found == pytest.approx(grid) and counts.min() > 0.6 * 5000 / number


# Sprites


@pytest.mark.parametrize("kind", range(3))
def test_a_sprite_stands_where_its_factors_say_and_is_as_large(kind: int) -> None:
    def layout(**changes: float) -> np.ndarray:
        return drawn(sprites.DESIGN, 0, 128, **{"shape": kind, "scale": 0.8, "rotation": 1.0, "x": 0.5, **changes})[1]

    def area(**changes: float) -> float:
        return float(layout(y=0.5, **changes).sum())

    rows, columns = np.nonzero(layout(y=0.25))
    assert columns.mean() / 128 == pytest.approx(0.5, abs=0.02)
    assert rows.mean() / 128 == pytest.approx(0.2 + 0.6 * 0.25, abs=0.02)
    assert area(scale=1.0) / area(scale=0.5) == pytest.approx(4, rel=0.06)
    assert area(rotation=2.4) == pytest.approx(area(), rel=0.04)


def test_no_sprite_is_cut_by_the_border() -> None:
    for kind in range(3):
        for x, y in ((0, 0), (1, 1)):
            layout = drawn(sprites.DESIGN, 0, shape=kind, scale=1.0, x=x, y=y)[1]
            assert not (layout[0].any() or layout[-1].any() or layout[:, 0].any() or layout[:, -1].any())


# Faces


PARTS = {"hat": faces.HAT, "glasses": faces.GLASSES, "beard": faces.BEARD}


@pytest.mark.parametrize("size", [32, 64])
@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_in_the_layout_exactly_where_the_attribute_says(part: str, size: int) -> None:
    for row in range(12):
        assert PARTS[part] not in drawn(FACES, row, size, **{part: 0})[1]
        assert (drawn(FACES, row, size, **{part: 1})[1] == PARTS[part]).sum() > 0.002 * size * size


def changed(row: int, name: str, one: float, other: float, **fixed: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which pixels an attribute changes, and both layouts."""
    first, first_layout = drawn(FACES, row, 128, **{**fixed, name: one})
    second, second_layout = drawn(FACES, row, 128, **{**fixed, name: other})
    return (first != second).any(0), first_layout, second_layout


def test_a_smile_changes_the_mouth_and_nothing_else() -> None:
    for row in range(12):
        differs, neutral, smiling = changed(row, "smile", 0, 1)
        rows, columns = np.nonzero(differs)
        assert rows.min() > 0.58 * 128 and rows.max() < 0.74 * 128
        assert columns.min() > 0.33 * 128 and columns.max() < 0.67 * 128
        assert (smiling == faces.MOUTH).sum() > 1.5 * (neutral == faces.MOUTH).sum()


@pytest.mark.parametrize("part", PARTS)
def test_a_part_changes_only_what_it_covers(part: str) -> None:
    for row in range(8):
        # Hair goes under a hat; the glass of glasses, and what is seen in front of a beard, are not of its class.
        differs, _, layout = changed(row, part, 0, 1, hair=faces.BALD)
        covered = np.isin(layout, (PARTS[part], faces.MOUTH, faces.NOSE))
        near = np.zeros_like(covered)
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                near |= np.roll(covered, (down, right), (0, 1))
        eyes = np.abs(np.arange(128) / 128 - face_parts.EYE_LINE)[:, None] < 0.08
        # The last tip of a pointed part covers less than half of any pixel.
        assert (differs & ~near & ~(eyes if part == "glasses" else False)).mean() < 0.001


def test_the_background_changes_only_the_background_and_the_hair_colour_only_hair() -> None:
    differs, layout, other = changed(2, "background", 0, 3)
    assert np.array_equal(layout, other) and differs[layout == faces.BACKGROUND].mean() > 0.98
    assert differs[layout == faces.SKIN].mean() < 0.05
    differs, layout, other = changed(0, "hair_colour", 0, 3, hat=0, beard=0, hair=faces.LONG)
    assert np.array_equal(layout, other) and differs[layout == faces.HAIR].mean() > 0.98
    assert differs[(layout == faces.CLOTHES) | (layout == faces.MOUTH)].mean() < 0.05


def test_skin_is_dark_at_one_end_and_a_turn_moves_the_nose() -> None:
    light, layout = drawn(FACES, 4, 64, skin=0.0)
    dark, _ = drawn(FACES, 4, 64, skin=1.0)
    assert light[:, layout == faces.SKIN].mean() > dark[:, layout == faces.SKIN].mean() + 80
    places = [np.nonzero(drawn(FACES, 4, 128, turn=turn)[1] == faces.NOSE)[1].mean() for turn in (-1, 0, 1)]
    assert places[0] + 4 < places[1] < places[2] - 4


def test_age_lines_change_skin_without_changing_the_layout() -> None:
    differs, smooth, lined = changed(6, "age_lines", 0, 1, glasses=0, beard=0)
    assert np.array_equal(smooth, lined) and 0.002 < differs.mean() < 0.05


def test_the_bald_have_no_hair_and_all_others_have() -> None:
    for hair in range(6):
        layout = drawn(FACES, 1, hat=0, hair=hair)[1]
        assert (faces.HAIR in layout) is (hair != faces.BALD)


# Scenes


def test_there_are_as_many_houses_trees_and_clouds_as_the_numbers_say() -> None:
    for row in range(6):
        bare = drawn(SCENES, row, houses=0, trees=0, clouds=0)[1]
        assert not np.isin(bare, (scenes.HOUSE, scenes.ROOF, scenes.TREE, scenes.CLOUD)).any()
        one = drawn(SCENES, row, 128, houses=1, trees=0)[1]
        three = drawn(SCENES, row, 128, houses=3, trees=0)[1]
        assert (three == scenes.ROOF).sum() > 1.8 * (one == scenes.ROOF).sum() > 0
        columns = (three == scenes.ROOF).any(0)
        assert np.diff(columns.astype(int)).clip(min=0).sum() + columns[0] == 3


@pytest.mark.parametrize("name", ["night", "winter"])
def test_a_scene_keeps_its_layout_under_another_light(name: str) -> None:
    for row in range(10):
        first, layout = drawn(SCENES, row, **{name: 0})
        second, other = drawn(SCENES, row, **{name: 1})
        assert np.array_equal(layout, other) and np.abs(first.astype(int) - second).mean() > 8


def test_the_sun_stands_where_its_attribute_says_and_night_is_dark() -> None:
    def middle(x: float) -> float:
        return float(np.nonzero(drawn(SCENES, 0, 128, sun_x=x, clouds=0)[1] == scenes.SUN)[1].mean() / 128)

    assert [middle(x) for x in (0.0, 0.5, 1.0)] == pytest.approx([0.12, 0.5, 0.88], abs=0.01)
    assert drawn(SCENES, 0, night=1)[0].mean() < 0.6 * drawn(SCENES, 0, night=0)[0].mean()
