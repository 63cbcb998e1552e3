"""Several style mixes and the noise of the Latent panel, as a person works them."""

import pytest
from PySide6.QtCore import QPoint, Qt

from gen_studio.core.latents import Drawn

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
STYLED = {"capabilities": ("HasLatent", "HasStyles"), "style_layers": 6, "style_size": 16}


@pytest.fixture
def styled(explorer):
    person = explorer()
    person.opens(**STYLED)
    person.pins(3, 4)
    person.exploring.draw(9)
    return person


def mixes_of(person) -> list[tuple[object, int, int]]:
    return [(mix.point, mix.first_layer, mix.last_layer) for mix in person.exploring.picture.mixes]


def test_each_press_of_plus_mixes_in_another_pin_where_layers_are_free(styled, qtbot) -> None:
    section = styled.controls.styles
    assert section._nothing.isVisible()
    qtbot.mouseClick(section.add, LEFT)
    qtbot.mouseClick(section.add, LEFT)
    assert mixes_of(styled) == [(Drawn(seed=3), 3, 5), (Drawn(seed=4), 1, 2)]
    assert [row.source.currentText() for row in section.rows] == ["Pin 1", "Pin 2"]
    assert not section._nothing.isVisible() and not section.rows[0].seed.isVisible()
    qtbot.mouseClick(section.add, LEFT)
    styled.settles()
    assert section.rows[2].source.currentText() == "A seed" and section.rows[2].seed.isVisible()
    styled.exploring.undo()
    styled.exploring.undo()
    assert len(section.rows) == 1 and len(styled.exploring.picture.mixes) == 1


def test_whose_styles_they_are_is_chosen_from_pins_and_seeds(styled, qtbot) -> None:
    section = styled.controls.styles
    qtbot.mouseClick(section.add, LEFT)
    row = section.rows[0]
    row.source.setCurrentIndex(1)
    row.source.activated.emit(1)
    assert styled.exploring.picture.mixes[0].point == Drawn(seed=4)
    row.source.setCurrentIndex(2)
    row.source.activated.emit(2)
    row.seed.selectAll()
    qtbot.keyClicks(row.seed, "4021")
    qtbot.keyClick(row.seed, Qt.Key.Key_Return)
    assert styled.exploring.picture.mixes[0].point == Drawn(seed=4021) and row.source.currentText() == "A seed"


def test_layers_are_written_and_kept_inside_the_model(styled, qtbot) -> None:
    section = styled.controls.styles
    qtbot.mouseClick(section.add, LEFT)
    row = section.rows[0]
    for field, number in ((row.first, "2"), (row.last, "99")):
        field.selectAll()
        qtbot.keyClicks(field, number)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert mixes_of(styled) == [(Drawn(seed=3), 1, 5)] and row.last.text() == "6"


def test_how_much_of_a_mix_there_is_is_dragged_in_one_step_of_undo(styled, qtbot) -> None:
    section = styled.controls.styles
    qtbot.mouseClick(section.add, LEFT)
    slider = section.rows[0].share
    middle = slider.height() // 2
    styled.drags(slider, *(QPoint(x, middle) for x in (slider.width() - 11, slider.width() - 30, slider.width() // 2)))
    share = styled.exploring.picture.mixes[0].share
    assert share == pytest.approx(0.5, abs=0.1) and section.rows[0]._share.text() == f"{share:.2f}"
    styled.exploring.undo()
    assert styled.exploring.picture.mixes[0].share == 1 and section.rows[0].share.number() == 1


def test_a_mix_is_taken_out_and_comes_back(styled, qtbot) -> None:
    section = styled.controls.styles
    qtbot.mouseClick(section.add, LEFT)
    qtbot.mouseClick(section.add, LEFT)
    qtbot.mouseClick(section.rows[0].remove, LEFT)
    assert mixes_of(styled) == [(Drawn(seed=4), 1, 2)]
    assert section.rows[0].source.currentText() == "Pin 2"
    styled.types(Qt.Key.Key_Z, CONTROL)
    assert len(section.rows) == 2
    styled.exploring.reset()
    assert section.rows == []


def test_noise_has_a_seed_of_its_own(styled, qtbot) -> None:
    noise = styled.controls.styles.noise
    assert not noise.seed.isVisible() and styled.exploring.picture.noise is None
    qtbot.mouseClick(noise.switch, LEFT)
    assert styled.exploring.picture.noise == 1 and noise.seed.text() == "1"
    noise.seed.selectAll()
    qtbot.keyClicks(noise.seed, "77")
    qtbot.keyClick(noise.seed, Qt.Key.Key_Return)
    assert styled.exploring.picture.noise == 77
    qtbot.mouseClick(noise.dice, LEFT)
    assert styled.exploring.picture.noise != 77
    qtbot.mouseClick(noise.switch, LEFT)
    assert styled.exploring.picture.noise is None and not noise.dice.isVisible()


def test_between_two_keyframes_styles_and_noise_are_part_of_each(styled, qtbot) -> None:
    styled.walk.add_keyframe()
    qtbot.mouseClick(styled.controls.styles.add, LEFT)
    qtbot.mouseClick(styled.controls.styles.noise.switch, LEFT)
    styled.walk.add_keyframe()
    styled.walk.seek(1.0)
    (mix,) = styled.exploring.picture.mixes
    assert mix.share == pytest.approx(0.5) and styled.controls.styles.rows[0]._share.text() == "0.50"
    assert styled.exploring.picture.noise.weights == pytest.approx((0.5,))
    assert styled.controls.styles.noise.seed.text() == "" and styled.controls.styles.noise.switch.isChecked()
