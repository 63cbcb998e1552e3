"""The map, the pins and the walk of an exploration."""

import numpy as np
import pytest

from gen_studio.core.latents import Curve, Direction, Drawn, Given, LatentPicture, Mixed
from gen_studio.core.walks import Easing
from gen_studio.testing.looker import RUN, FakeLooker, latent_of
from gen_studio.viewmodels import walking
from gen_studio.viewmodels.exploring import VIEW, ExploringViewModel
from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.map import SIDE, MapChoice, MapViewModel, place_of_cell
from gen_studio.viewmodels.map import VIEW as MAP
from gen_studio.viewmodels.pins import VIEW as PINS
from gen_studio.viewmodels.pins import PinsViewModel
from gen_studio.viewmodels.planes import Chart, DimensionsPlane, DirectionsPlane, Place, PointsPlane, at, base
from gen_studio.viewmodels.walk_path import mixed
from gen_studio.viewmodels.walking import STRIP_VIEW, WalkViewModel

SIZE = 16
MAIN = tuple(
    Direction(name=f"Direction {number + 1}", values=tuple(float(index == number) for index in range(SIZE)))
    for number in range(3)
)


@pytest.fixture
def looker(qapp) -> FakeLooker:
    return FakeLooker()


@pytest.fixture
def exploring(looker) -> ExploringViewModel:
    return ExploringViewModel(Looking(looker), np.random.default_rng(0))


@pytest.fixture
def pins(exploring) -> PinsViewModel:
    return PinsViewModel(exploring)


@pytest.fixture
def chart(exploring) -> MapViewModel:
    return MapViewModel(exploring)


@pytest.fixture
def walk(exploring) -> WalkViewModel:
    return WalkViewModel(exploring)


def begin(exploring: ExploringViewModel, looker: FakeLooker, **facts: object) -> None:
    exploring.watch(True)
    exploring.looking.open(RUN)
    looker.say_opened(**facts)
    looker.settle()


def settled(qtbot, looker: FakeLooker, view: str, count: int) -> None:
    """Waits until a view has asked so often, and answers."""
    qtbot.waitUntil(lambda: len(looker.questions(view)) >= count)
    looker.settle()


# Planes


@pytest.mark.parametrize(
    "plane",
    [
        DirectionsPlane(MAIN[0], MAIN[1]),
        DimensionsPlane(2, 5),
        PointsPlane((Drawn(seed=3), Drawn(seed=4), Drawn(seed=5))),
    ],
    ids=lambda plane: type(plane).__name__,
)
def test_a_picture_is_found_where_it_was_put(plane) -> None:
    picture = LatentPicture(point=Drawn(seed=1))
    common = base(plane, picture)
    reading = Chart(plane, common, latent_of(common, SIZE))
    moved = at(plane, picture, Place(0.3, -0.4))
    found = reading.place_of(moved, latent_of(moved, SIZE))
    assert (found.across, found.up) == pytest.approx((0.3, -0.4))
    assert base(plane, moved) == common, "the map of what is moved on it stays the same"


def test_the_corners_of_a_plane_are_its_points() -> None:
    points = (Drawn(seed=3), Drawn(seed=4), Drawn(seed=5))
    plane = PointsPlane(points)
    corner = Chart(plane, base(plane, LatentPicture(point=points[0]))).place_of(LatentPicture(point=points[1]), None)
    moved = at(plane, LatentPicture(point=Drawn(seed=9)), corner)
    assert moved.point.weights == pytest.approx((0, 1, 0), abs=1e-9)


def test_another_place_is_measured_along_the_directions() -> None:
    plane = DirectionsPlane(MAIN[0], MAIN[1])
    common = LatentPicture(point=Drawn(seed=1))
    middle = latent_of(common, SIZE)
    other = middle + 1.5 * np.array(MAIN[0].values) - 3 * np.array(MAIN[1].values) + 2 * np.array(MAIN[2].values)
    elsewhere = LatentPicture(point=Given(values=tuple(other)))
    found = Chart(plane, common, middle).place_of(elsewhere, other.astype(np.float32))
    assert (found.across, found.up) == pytest.approx((0.5, -1.0), abs=1e-5)
    assert Chart(plane, common).place_of(elsewhere, None) is None, "where nothing is known, nothing is drawn"


def test_another_place_is_projected_to_the_plane_of_three_points() -> None:
    corners = np.eye(3, SIZE, dtype=np.float32)
    points = tuple(Given(values=tuple(corner)) for corner in corners)
    plane = PointsPlane(points)
    reading = Chart(plane, base(plane, LatentPicture(point=points[0])), corners=corners)
    latent = (0.5 * corners[0] + 0.5 * corners[1]).astype(np.float32)
    latent[7] = 4.0
    exact = reading.place_of(LatentPicture(point=Mixed(points=points, weights=(0.5, 0.5, 0.0))), None)
    found = reading.place_of(LatentPicture(point=Given(values=tuple(latent))), latent)
    assert (found.across, found.up) == pytest.approx((exact.across, exact.up), abs=1e-5)


# The map


def test_the_map_is_asked_for_row_by_row(exploring, looker, chart) -> None:
    begin(exploring, looker)
    questions = looker.questions(MAP)
    assert len(questions) == SIDE and chart.pictures.shape == (SIDE, SIDE, 8, 8, 1)
    assert len(questions[0].question.pictures) == SIDE + 3, "the corners tell where other places lie"


def test_dragging_on_the_map_moves_the_picture_and_asks_for_no_other_map(exploring, looker, chart) -> None:
    begin(exploring, looker)
    for across in (0.1, 0.2, 0.3):
        chart.go_to(Place(across, 0.0))
    looker.settle()
    assert len(looker.questions(MAP)) == SIDE
    assert (chart.place.across, chart.place.up) == pytest.approx((0.3, 0.0))
    exploring.end_gesture()
    exploring.undo()
    assert exploring.picture.point == Drawn(seed=1), "the drag was one step"


def test_what_is_done_to_the_picture_is_done_to_the_map(qtbot, exploring, looker, chart) -> None:
    begin(exploring, looker)
    exploring.set_strength(MAIN[2], 2.0)
    settled(qtbot, looker, MAP, SIDE + 1)
    assert len(looker.questions(MAP)) == 2 * SIDE
    assert all(picture.moves == exploring.picture.moves for picture in looker.newest(MAP)[:SIDE])


def test_main_directions_become_the_map_once_they_are_known(qtbot, exploring, looker, chart) -> None:
    begin(exploring, looker)
    assert chart.choice is MapChoice.SEEDS
    chart.set_directions(MAIN)
    settled(qtbot, looker, MAP, SIDE + 1)
    assert chart.choice is MapChoice.DIRECTIONS
    chart.go_to(Place(0.5, -1.0))
    assert [(move.direction, move.strength) for move in exploring.picture.moves] == [(MAIN[0], 1.5), (MAIN[1], -3.0)]


def test_a_map_that_was_chosen_stays(exploring, looker, chart) -> None:
    begin(exploring, looker)
    chart.choose(MapChoice.SEEDS)
    chart.set_directions(MAIN)
    assert chart.choice is MapChoice.SEEDS


def test_two_numbers_are_their_own_map(exploring, looker, chart) -> None:
    begin(exploring, looker, latent_shape=(2,))
    assert chart.choice is MapChoice.DIMENSIONS
    chart.go_to(Place(0.5, 0.25))
    looker.settle()
    assert exploring.latent.tolist() == [1.5, 0.75]


def test_three_pins_make_a_map(qtbot, exploring, looker, chart, pins) -> None:
    begin(exploring, looker)
    for seed in (3, 4, 5):
        exploring.draw(seed)
        pins.pin()
    assert MapChoice.PINS in chart.choices()
    chart.choose(MapChoice.PINS)
    assert chart.plane.points == (Drawn(seed=3), Drawn(seed=4), Drawn(seed=5))


def test_the_middle_cell_is_the_middle_of_the_map() -> None:
    assert place_of_cell(3, 3) == Place(0.0, 0.0)
    assert place_of_cell(0, 0).up == -place_of_cell(6, 0).up > 0


# Pins


def test_a_pin_brings_everything_back(qtbot, exploring, looker, pins) -> None:
    begin(exploring, looker)
    exploring.set_dimension(1, 2.0)
    exploring.set_truncation(0.5)
    kept = exploring.picture
    pins.pin()
    settled(qtbot, looker, PINS, 1)
    assert pins.current == 1 and pins.picture(1).shape == (8, 8, 1)
    exploring.draw_at_random()
    assert pins.current is None
    pins.pick(1)
    assert exploring.picture == kept


def test_pins_are_renamed_moved_and_removed_and_all_of_it_can_be_undone(exploring, looker, pins) -> None:
    begin(exploring, looker)
    for seed in (3, 4, 5):
        exploring.draw(seed)
        pins.pin()
    pins.rename(2, " Calm ")
    pins.rename(2, "  ")
    pins.move(3, 0)
    pins.remove(1)
    assert [(pin.number, pin.name) for pin in pins.pins] == [(3, "Pin 3"), (2, "Calm")]
    for _ in range(3):
        exploring.undo()
    assert [pin.name for pin in pins.pins] == ["Pin 1", "Pin 2", "Pin 3"]


def test_between_two_pins_is_one_step_and_remembers_where(exploring, looker, pins) -> None:
    begin(exploring, looker)
    for seed in (3, 4):
        exploring.draw(seed)
        pins.pin()
    for share in (0.5, 0.6, 0.7):
        pins.go_between(1, 2, share)
    span = exploring.state.span
    assert (span.first, span.second, span.share) == (1, 2, 0.7)
    assert exploring.picture.point.points == (Drawn(seed=3), Drawn(seed=4))
    exploring.draw(9)
    assert exploring.state.span is None
    exploring.undo()
    assert exploring.state.span.share == 0.7
    exploring.undo()
    assert exploring.state.span is None and exploring.picture.point == Drawn(seed=4)


def test_numbers_set_by_hand_take_part_in_what_lies_between(qtbot, exploring, looker, pins) -> None:
    begin(exploring, looker)
    pins.pin()
    exploring.set_dimension(0, 3.0)
    looker.settle()
    pins.pin()
    settled(qtbot, looker, PINS, 1)
    pins.go_between(1, 2, 0.5)
    assert exploring.picture.dimensions == () and exploring.picture.point.points[1].values[0] == 3.0


# The walk


@pytest.fixture
def walked(qtbot, exploring, looker, walk) -> WalkViewModel:
    """Three keyframes, four seconds and a half around."""
    begin(exploring, looker)
    for seed in (3, 4, 5):
        exploring.draw(seed)
        walk.add_keyframe()
        walk.set_seconds(len(walk.walk.keyframes) - 1, 1.5)
    settled(qtbot, looker, STRIP_VIEW, 1)
    return walk


def test_the_strip_shows_keyframes_and_what_lies_between(walked, looker) -> None:
    assert walked.walk.seconds == 4.5 and len(walked.keyframe_pictures) == 3
    assert [len(pictures) for pictures in walked.between_pictures] == [walking.IN_BETWEEN] * 3


def test_playing_asks_for_one_frame_at_a_time(qtbot, walked, looker) -> None:
    walked.play()
    assert len(looker.questions(walking.VIEW)) == 1
    qtbot.wait(60)
    assert len(looker.questions(walking.VIEW)) == 1, "the next is asked for once the last has come"
    looker.answer(walking.VIEW)
    assert walked.frame is not None
    qtbot.waitUntil(lambda: len(looker.questions(walking.VIEW)) == 2)
    assert walked.second >= 0.05, "the frames between were skipped"
    walked.pause()


def test_pausing_explores_what_was_last_shown(qtbot, walked, exploring, looker) -> None:
    before = exploring.picture
    walked.play()
    looker.answer(walking.VIEW)
    qtbot.waitUntil(lambda: len(looker.questions(walking.VIEW)) == 2)
    walked.pause()
    assert exploring.picture == walked.walk.at(walked.second) and walked.frame is None
    exploring.undo()
    assert exploring.picture == before


def test_a_hand_on_a_slider_stops_the_walk(walked, exploring, looker) -> None:
    walked.play()
    exploring.set_dimension(0, 1.0)
    assert not walked.is_playing and exploring.picture.dimensions[0].value == 1.0


def test_a_walk_that_is_not_closed_ends_and_starts_again(qtbot, walked, exploring, looker) -> None:
    walked.set_closes(False)
    for index in range(3):
        walked.set_seconds(index, 0.0)
    walked.play()
    while walked.is_playing:
        looker.answer(walking.VIEW)
        qtbot.wait(20)
    assert walked.second == walked.walk.seconds == pytest.approx(0.2)
    assert exploring.picture == walked.walk.keyframes[-1].picture
    walked.play()
    assert walked.second < 0.1
    walked.pause()


def test_seeking_shows_the_picture_there_as_one_step(walked, exploring) -> None:
    before = exploring.picture
    for second in (0.5, 1.0, 2.0):
        walked.seek(second)
    assert exploring.picture == walked.walk.at(2.0)
    exploring.undo()
    assert exploring.picture == before
    walked.seek_keyframe(1)
    assert walked.second == 1.5 and exploring.picture == walked.walk.keyframes[1].picture


def test_keyframes_are_changed_and_it_can_be_undone(walked, exploring) -> None:
    before = walked.walk
    walked.set_curve(Curve.LINEAR)
    walked.move_keyframe(2, 0)
    walked.remove_keyframe(1)
    exploring.draw(8)
    walked.replace_keyframe(0)
    assert [frame.picture.point.seed for frame in walked.walk.keyframes] == [8, 4]
    for _ in range(5):
        exploring.undo()
    assert walked.walk == before


def test_a_walk_of_too_few_keyframes_does_not_play(walked) -> None:
    walked.play()
    walked.remove_keyframe(0)
    walked.remove_keyframe(0)
    assert not walked.is_playing and not walked.can_play and walked.second == 0
    walked.play()
    assert not walked.is_playing


def test_the_walk_is_drawn_on_the_map(qtbot, exploring, looker, walked) -> None:
    chart = MapViewModel(exploring)
    looker.say_opened()
    looker.settle()
    path = chart.path
    assert all(place is not None for place in path.keyframes) and len(path.legs) == 3
    start, end = path.legs[0][0], path.keyframes[0]
    assert (start.across, start.up) == pytest.approx((end.across, end.up), abs=1e-4)


def test_a_flowing_walk_is_drawn_as_it_goes(qtbot, exploring, looker, walked) -> None:
    chart = MapViewModel(exploring)
    looker.say_opened()
    looker.settle()
    walked.set_easing(Easing.STEADY)
    qtbot.waitUntil(lambda: not chart._path_pace._soon.isActive())
    steady = chart.path
    walked.set_easing(Easing.FLOWING)
    qtbot.waitUntil(lambda: chart.path != steady)
    assert chart.path.keyframes == steady.keyframes
    for leg, other in zip(chart.path.legs, steady.legs, strict=True):
        assert (leg[-1].across, leg[-1].up) == pytest.approx((other[-1].across, other[-1].up), abs=1e-4)
        assert (leg[5].across, leg[5].up) != pytest.approx((other[5].across, other[5].up), abs=1e-3)


def test_on_the_sphere_the_way_is_bent() -> None:
    one, other = np.float32([1, 0]), np.float32([0, 2])
    assert np.allclose(mixed(one, other, 0.5, Curve.LINEAR), [0.5, 1.0])
    assert np.allclose(mixed(one, other, 0.5, Curve.SPHERICAL), np.sqrt(0.5) * 1.5)
    assert np.allclose(mixed(one, -one, 0.5, Curve.SPHERICAL), 0), "opposite places are joined by a straight line"


def test_the_stage_is_asked_first_of_all(exploring, looker, walked) -> None:
    exploring.draw(50)
    assert looker.asked[-1].view == VIEW


def test_a_drag_finds_no_paths_and_asks_for_no_strips(qtbot, exploring, looker, walked, pins, monkeypatch) -> None:
    chart = MapViewModel(exploring)
    looker.say_opened()
    looker.settle()
    path, count = chart.path, len(looker.asked)
    for step in range(20):
        exploring.set_dimension(0, step / 10)
    assert chart.path is path and {ask.view for ask in looker.asked[count:]} == {VIEW}


def test_newer_weights_bring_a_new_map_only_once_the_hand_rests(qtbot, exploring, looker, chart) -> None:
    begin(exploring, looker, is_live=True)
    chart._pace.forget()
    count = len(looker.questions(MAP))
    exploring.set_dimension(0, 1.0)
    looker.say_updated(600)
    assert len(looker.questions(MAP)) == count and looker.questions(VIEW)[-1] is looker.asked[-1]
    settled(qtbot, looker, MAP, count + 1)
