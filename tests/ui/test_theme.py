"""Colours can be read, follow the scheme, and reach every widget."""

from dataclasses import fields

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from gen_studio.core.paths import resources
from gen_studio.ui import icons
from gen_studio.ui.theme import (
    DARK,
    LIGHT,
    ON_FILL,
    Scheme,
    Tokens,
    apply_theme,
    font,
    scheme_tokens,
    style_sheet,
    tokens,
)
from gen_studio.ui.widgets.buttons import Button, Kind

SCHEMES = pytest.mark.parametrize("t", [DARK, LIGHT], ids=["dark", "light"])
ICONS = sorted(file.stem for file in (resources() / "icons").glob("*.svg"))


def luminance(color: QColor) -> float:
    """Of the WCAG, 0 for black to 1 for white."""
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def ink_colors(pixmap: QPixmap) -> set[str]:
    image = pixmap.toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def test_black_on_white_has_the_contrast_that_the_standard_says() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)


@SCHEMES
@pytest.mark.parametrize("name", ["text", "muted", "accent", "danger", "warning", "success"])
def test_text_can_be_read_on_every_ground(t: Tokens, name: str) -> None:
    for ground in (t.bg, t.surface, t.raised, t.tint):
        assert contrast(getattr(t, name), ground) >= 4.5


@SCHEMES
def test_series_can_be_read_on_the_surface_they_stand_on(t: Tokens) -> None:
    assert len(t.series) == 6
    assert (t.series[0], t.series[1]) == (t.discriminator, t.generator)
    assert all(contrast(color, t.surface) >= 4.5 for color in t.series)


@SCHEMES
def test_outlines_of_controls_can_be_seen(t: Tokens) -> None:
    assert all(contrast(t.edge, ground) >= 3 for ground in (t.bg, t.surface, t.raised))


@SCHEMES
def test_white_can_be_read_on_the_primary_button_hovered_too(t: Tokens) -> None:
    assert contrast(ON_FILL, t.fill) >= 4.5
    assert contrast(ON_FILL, t.fill_hover) >= 4.5


@SCHEMES
def test_the_style_sheet_knows_every_token_it_names(t: Tokens) -> None:
    assert "$" not in style_sheet(t)


def test_both_schemes_have_every_token() -> None:
    for item in fields(Tokens):
        if item.name not in ("series", "mask", "scrim", "mark"):
            assert getattr(DARK, item.name) != getattr(LIGHT, item.name), item.name


@pytest.mark.parametrize(
    ("scheme", "system", "wanted"),
    [
        (Scheme.SYSTEM, Qt.ColorScheme.Light, LIGHT),
        (Scheme.SYSTEM, Qt.ColorScheme.Dark, DARK),
        (Scheme.SYSTEM, Qt.ColorScheme.Unknown, DARK),
        (Scheme.LIGHT, Qt.ColorScheme.Dark, LIGHT),
        (Scheme.DARK, Qt.ColorScheme.Light, DARK),
    ],
)
def test_a_wish_goes_before_the_desktop(scheme: Scheme, system: Qt.ColorScheme, wanted: Tokens) -> None:
    assert scheme_tokens(scheme, system) is wanted


def test_a_change_of_scheme_reaches_the_palette_and_the_tokens(app: QApplication) -> None:
    apply_theme(app, Scheme.LIGHT)
    assert tokens() is LIGHT
    assert app.palette().color(QPalette.ColorRole.Window) == LIGHT.surface
    apply_theme(app, Scheme.DARK)
    assert tokens() is DARK


def test_the_scheme_is_applied_again_when_the_desktop_changes_its_own(app: QApplication) -> None:
    apply_theme(app, Scheme.LIGHT)
    app.setPalette(QPalette(QColor("black")))
    app.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert tokens() is LIGHT


def test_applying_twice_leaves_one_follower(app: QApplication) -> None:
    before = len(app.children())
    apply_theme(app, Scheme.LIGHT)
    apply_theme(app, Scheme.DARK)
    assert len(app.children()) == before


def test_a_painted_widget_takes_the_new_colours(app: QApplication, qtbot) -> None:
    button = Button("Start", Kind.PRIMARY)
    qtbot.addWidget(button)
    assert DARK.fill.name() in ink_colors(button.grab())
    apply_theme(app, Scheme.LIGHT)
    assert LIGHT.fill.name() in ink_colors(button.grab())


def test_fonts_are_in_pixels_and_keep_the_systems_family(app: QApplication) -> None:
    heading = font(18, 600)
    assert heading.pixelSize() == 18
    assert heading.weight() == 600
    assert heading.family() == app.font().family()
    assert app.font().pixelSize() == 13


def test_tabular_figures_have_one_width() -> None:
    metrics = QFontMetrics(font(13, tabular=True))
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("8888")


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_draws_in_the_colour_that_is_asked_for(name: str) -> None:
    drawn = ink_colors(icons.pixmap(name, QColor("#ff0000"), 20, 2.0))
    assert drawn == {"#ff0000"}


def test_a_filled_icon_has_more_ink_than_its_outline() -> None:
    def ink(name: str) -> int:
        image = icons.pixmap(name, QColor("white"), 20, 2.0).toImage()
        return sum(image.pixelColor(x, y).alpha() > 128 for x in range(40) for y in range(40))

    assert ink("star-filled") > 1.5 * ink("star")


def test_icons_are_sharp_on_every_screen() -> None:
    for scale in icons.SCALES:
        drawn = icons.pixmap("play", None, 16, scale)
        assert drawn.width() == round(16 * scale)
        assert drawn.devicePixelRatio() == scale
    assert len(icons.icon("play").availableSizes()) >= 1


def test_an_icon_without_a_file_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        icons.pixmap("no-such-icon")


def test_the_icons_carry_their_licence() -> None:
    text = (resources() / "icons" / "LICENSE").read_text(encoding="utf-8")
    assert "ISC" in text
    assert "MIT" in text
