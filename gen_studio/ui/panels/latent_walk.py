"""The walk below the picture: played, put together, and how it goes from keyframe to keyframe."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gen_studio.core.latents import Curve
from gen_studio.core.walks import Easing
from gen_studio.core.words import count
from gen_studio.ui.latent.walk_strip import WalkStrip, in_seconds
from gen_studio.ui.pictures import to_image
from gen_studio.ui.widgets.buttons import Button, Kind, icon_button
from gen_studio.ui.widgets.choice_box import ChoiceBox
from gen_studio.ui.widgets.fields import words
from gen_studio.ui.widgets.labels import STAGE_ROW, heading, secondary
from gen_studio.viewmodels.latent_screen import LatentScreen

CURVES = {curve: words(curve.value) for curve in Curve}
EASINGS = {easing: words(easing.value) for easing in Easing}
CHOICE_WIDTH = 104


class LatentWalk(QWidget):
    """A row of how and a strip of where."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self._walk, self._exploring = screen.walk, screen.exploring
        self.play = Button("", Kind.QUIET, "play-filled")
        self.play.setAccessibleName("Play the walk")
        self._title = heading("Walk")
        self._about = secondary(tabular=True)
        self.curve = _choice("Way between keyframes", list(CURVES.values()))
        self.curve.setToolTip("Spherical keeps to the lengths that the prior's latents have; linear cuts across")
        self.easing = _choice("Speed along a leg", list(EASINGS.values()))
        self.easing.setToolTip(
            "Steady keeps one speed; smooth slows down at each keyframe; flowing bends the way, so that it passes "
            "keyframes without a corner"
        )
        self.loop = icon_button("repeat", "Close as a loop")
        self.loop.setCheckable(True)
        self.add = Button("Add keyframe", icon="plus")
        self.strip = WalkStrip()
        self._arrange()
        self._bind()
        self._show()

    def _arrange(self) -> None:
        row = QWidget()
        row.setFixedHeight(STAGE_ROW)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.play)
        line.addWidget(self._title)
        line.addWidget(self._about, 1)
        line.addWidget(self.curve)
        line.addWidget(self.easing)
        line.addWidget(self.loop)
        line.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(row)
        layout.addWidget(self.strip)

    def _bind(self) -> None:
        walk, strip = self._walk, self.strip
        self.play.clicked.connect(walk.toggle)
        self.add.clicked.connect(self._add)
        self.loop.clicked.connect(walk.set_closes)
        self.curve.activated.connect(self._choose_curve)
        self.easing.activated.connect(self._choose_easing)
        strip.sought.connect(walk.seek)
        strip.let_go.connect(self._exploring.end_gesture)
        strip.keyframe_chosen.connect(walk.seek_keyframe)
        strip.keyframe_moved.connect(walk.move_keyframe)
        strip.keyframe_removed.connect(walk.remove_keyframe)
        strip.keyframe_replaced.connect(walk.replace_keyframe)
        strip.seconds_changed.connect(walk.set_seconds)
        walk.changed.connect(self._show)
        walk.moved.connect(self._show_playhead)
        walk.strip_pictured.connect(self._show_pictures)
        self._exploring.opened.connect(self._show_pictures)

    def set_compact(self, compact: bool) -> None:
        self.add.set_icon_only(compact)

    @Slot()
    def _show(self) -> None:
        walk = self._walk.walk
        self.strip.set_walk(walk)
        self._about.setText(_about(walk.seconds, len(walk.keyframes)))
        self.curve.setCurrentText(CURVES[walk.curve])
        self.easing.setCurrentText(EASINGS[walk.easing])
        self.loop.setChecked(walk.closes)
        self._show_playhead()

    @Slot()
    def _show_playhead(self) -> None:
        walk = self._walk
        shown = self._exploring.picture
        here = None
        if not walk.is_playing:
            frames = enumerate(walk.walk.keyframes)
            here = next((index for index, frame in frames if frame.picture == shown), None)
        self.strip.set_second(walk.second, here)
        self.play.set_icon("pause-filled" if walk.is_playing else "play-filled")
        self.play.setEnabled(walk.can_play)
        words = "Pause the walk" if walk.is_playing else "Play the walk"
        self.play.setAccessibleName(words)
        self.play.setToolTip(f"{words}   Space" if walk.can_play else "A walk needs two keyframes")

    @Slot()
    def _show_pictures(self) -> None:
        walk = self._walk
        keys = [to_image(picture) for picture in walk.keyframe_pictures]
        between = [[to_image(picture) for picture in pictures] for pictures in walk.between_pictures]
        self.strip.set_pictures(keys, between)

    @Slot()
    def _add(self) -> None:
        self._walk.add_keyframe()

    @Slot(int)
    def _choose_curve(self, index: int) -> None:
        self._walk.set_curve(list(CURVES)[index])

    @Slot(int)
    def _choose_easing(self, index: int) -> None:
        self._walk.set_easing(list(EASINGS)[index])


def _about(seconds: float, keyframes: int) -> str:
    if not keyframes:
        return ""
    parts = [count(keyframes, "keyframe")]
    if keyframes > 1:
        parts.append(in_seconds(seconds))
    return ", ".join(parts)


def _choice(name: str, words: list[str]) -> ChoiceBox:
    box = ChoiceBox()
    box.setAccessibleName(name)
    box.addItems(words)
    box.setFixedWidth(CHOICE_WIDTH)
    return box
