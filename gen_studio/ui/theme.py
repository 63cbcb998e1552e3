"""The app's colours and type: one table of tokens in two schemes, turned into a palette, a font and a style sheet."""

from dataclasses import dataclass, fields
from enum import Enum
from string import Template

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gen_studio.core.paths import resources

BODY = 13
"""Pixel size of ordinary text. The others are 18 (readings), 12 (secondary) and 11 (rail, axes, strips)."""

ON_FILL = QColor("#FFFFFF")
"""Text and icons on the primary fill and on scrims, in both schemes."""


class Scheme(Enum):
    """What the user asked for; SYSTEM follows the desktop while the app runs."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True)
class Tokens:
    """Colours by meaning. `series` are the curves' colours: D, G, then four others for runs that are compared.

    `classes` are those of the data's classes, for marks on `surface`.
    """

    bg: QColor
    surface: QColor
    raised: QColor
    hover: QColor
    field: QColor
    line: QColor
    edge: QColor
    button_line: QColor
    text: QColor
    muted: QColor
    faint: QColor
    accent: QColor
    fill: QColor
    fill_hover: QColor
    tint: QColor
    danger: QColor
    danger_bg: QColor
    warning: QColor
    alarm_line: QColor
    success: QColor
    discriminator: QColor
    generator: QColor
    mask: QColor
    scrim: QColor
    mark: QColor
    series: tuple[QColor, ...]
    classes: tuple[QColor, ...]


def _color(code: str, opacity: float = 1.0) -> QColor:
    color = QColor(code)
    color.setAlphaF(opacity)
    return color


def _series(codes: str) -> tuple[QColor, ...]:
    return tuple(QColor(code) for code in codes.split())


DARK = Tokens(
    bg=_color("#131315"),
    surface=_color("#1B1B1E"),
    raised=_color("#27272B"),
    hover=_color("#323237"),
    field=_color("#131315"),
    line=_color("#2C2C31"),
    edge=_color("#71717B"),
    button_line=_color("#27272B", 0.0),
    text=_color("#EDEDEF"),
    muted=_color("#A8A8B2"),
    faint=_color("#6A6A73"),
    accent=_color("#8FB2FF"),
    fill=_color("#3A6BDB"),
    fill_hover=_color("#3361CC"),
    tint=_color("#1F2A44"),
    danger=_color("#FF8078"),
    danger_bg=_color("#3A2022"),
    warning=_color("#F2C14E"),
    alarm_line=_color("#6B5626"),
    success=_color("#6CC88D"),
    discriminator=_color("#FF9E57"),
    generator=_color("#35C7AC"),
    mask=_color("#FF3F9A", 0.42),
    scrim=_color("#0C0C0E", 0.84),
    mark=_color("#F2C14E"),
    series=_series("#FF9E57 #35C7AC #6C82EF #B9B0E8 #E5E619 #C8F8BF"),
    classes=_series("#63B8FF #F171AA #D4AA1C #0E8000 #7171F1 #FFE3D4 #AAFF80 #9C55AA #717155 #9CB871"),
)

LIGHT = Tokens(
    bg=_color("#E9E9EC"),
    surface=_color("#FAFAFB"),
    raised=_color("#FFFFFF"),
    hover=_color("#EDEDF0"),
    field=_color("#FFFFFF"),
    line=_color("#DDDDE2"),
    edge=_color("#85858F"),
    button_line=_color("#CFCFD6"),
    text=_color("#1A1A1E"),
    muted=_color("#5A5A65"),
    faint=_color("#9A9AA4"),
    accent=_color("#2456C4"),
    fill=_color("#2F62D4"),
    fill_hover=_color("#2456C4"),
    tint=_color("#E3EBFC"),
    danger=_color("#B4261D"),
    danger_bg=_color("#FBE9E7"),
    warning=_color("#865700"),
    alarm_line=_color("#D9B25A"),
    success=_color("#1C7840"),
    discriminator=_color("#B45309"),
    generator=_color("#00796B"),
    mask=_color("#FF3F9A", 0.42),
    scrim=_color("#0C0C0E", 0.84),
    mark=_color("#F2C14E"),
    series=_series("#B45309 #00796B #1A1AE6 #AE39C6 #183B11 #4B1D63"),
    classes=_series("#008EFF #E3710E #710E8E #0E4755 #C663B8 #555539 #3947E3 #8E4700 #718E80 #9C8E55"),
)


def tokens() -> Tokens:
    """The tokens that the application shows now. Ask again in every paint: the scheme may change while it runs."""
    # Read back from the palette, which `apply_theme` set, so that there is no second place that could disagree.
    return DARK if QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def font(size: int, weight: int = 400, tabular: bool = False) -> QFont:
    """The system's font at a size in pixels. `tabular` gives all figures one width, for numbers that change."""
    result = QFont(QGuiApplication.font())
    result.setPixelSize(size)
    result.setWeight(QFont.Weight(weight))
    if tabular:
        result.setFeature(QFont.Tag("tnum"), 1)
    return result


def apply_theme(app: QApplication, scheme: Scheme = Scheme.SYSTEM) -> None:
    """Gives the application its colours, font and style sheet; with SYSTEM they follow the desktop from now on."""
    follower = app.findChild(_SchemeFollower)
    if follower is None:
        app.setStyle("Fusion")
        app.setFont(font(BODY))
        follower = _SchemeFollower(app)
    follower.scheme = scheme
    hints = app.styleHints()
    # Asked of the platform as well, so that the title bar and native dialogs agree with the window.
    match scheme:
        case Scheme.SYSTEM:
            hints.unsetColorScheme()
        case Scheme.DARK:
            hints.setColorScheme(Qt.ColorScheme.Dark)
        case Scheme.LIGHT:
            hints.setColorScheme(Qt.ColorScheme.Light)
    follower.follow()


def scheme_tokens(scheme: Scheme, system: Qt.ColorScheme) -> Tokens:
    """The tokens for a wish and the desktop's scheme. A desktop that does not say gets the dark ones."""
    match scheme:
        case Scheme.DARK:
            return DARK
        case Scheme.LIGHT:
            return LIGHT
        case Scheme.SYSTEM:
            return LIGHT if system is Qt.ColorScheme.Light else DARK


def palette(t: Tokens) -> QPalette:
    """A palette for everything that the style sheet does not reach."""
    result = QPalette()
    role = QPalette.ColorRole
    for target, color in (
        (role.Window, t.surface),
        (role.WindowText, t.text),
        (role.Base, t.field),
        (role.AlternateBase, t.surface),
        (role.Text, t.text),
        (role.PlaceholderText, t.muted),
        (role.Button, t.raised),
        (role.ButtonText, t.text),
        (role.BrightText, t.danger),
        (role.ToolTipBase, t.raised),
        (role.ToolTipText, t.text),
        (role.Highlight, t.fill),
        (role.HighlightedText, ON_FILL),
        (role.Accent, t.accent),
        (role.Link, t.accent),
        (role.LinkVisited, t.accent),
        (role.Light, t.hover),
        (role.Midlight, t.raised),
        (role.Mid, t.line),
        (role.Dark, t.line),
        (role.Shadow, t.bg),
    ):
        result.setColor(target, color)
    for target in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, target, t.faint)
    return result


def style_sheet(t: Tokens) -> str:
    """resources/style.qss with `$token` replaced. Raises KeyError for a name that is no token."""
    colors = {item.name: getattr(t, item.name) for item in fields(t) if item.name not in ("series", "classes")}
    return Template((resources() / "style.qss").read_text(encoding="utf-8")).substitute(
        {name: rgba(color) for name, color in colors.items()}
    )


def rgba(color: QColor) -> str:
    """A colour as a style sheet writes it."""
    return f"rgba({color.red()}, {color.green()}, {color.blue()}, {color.alpha()})"


class _SchemeFollower(QObject):
    """Keeps the wish that was last applied, and applies it again when the desktop changes its scheme."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.scheme = Scheme.SYSTEM
        app.styleHints().colorSchemeChanged.connect(self.follow)

    @Slot()
    def follow(self) -> None:
        wanted = scheme_tokens(self.scheme, self._app.styleHints().colorScheme())
        # The palette first: painted widgets read their tokens from it when the style sheet makes them repaint.
        self._app.setPalette(palette(wanted))
        self._app.setStyleSheet(style_sheet(wanted))
