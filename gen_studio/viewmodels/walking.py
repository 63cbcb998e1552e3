"""The walk through keyframes: how it is put together, and how it is played without ever falling behind."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from gen_studio.core.latents import Curve, LatentPicture
from gen_studio.core.looking import Explore, Shown
from gen_studio.core.walks import Easing, Keyframe, Walk
from gen_studio.viewmodels.exploring import ExploringViewModel
from gen_studio.viewmodels.pacing import Pace

VIEW = "walk"
STRIP_VIEW = "strip"
IN_BETWEEN = 3
"""Small pictures of each leg in the strip."""
LEAST_MILLISECONDS = 16
"""A frame is not asked for sooner after the one before: no screen shows more."""
SHORTEST, LONGEST = 0.1, 60.0
"""Seconds of a leg."""


class WalkViewModel(QObject):
    """Keyframes belong to the exploration, so that they can be undone; where the playhead stands does not.

    Playing, one frame is asked for at a time, the one that is due when the answer to the last has come: a slow model
    shows fewer of them, never the wrong ones. Paused, the picture under the playhead is the one that is explored.
    """

    changed = Signal()
    moved = Signal()
    """The playhead, or whether it moves by itself."""
    pictured = Signal()
    """`frame`, while the walk is played."""
    strip_pictured = Signal()

    def __init__(self, exploring: ExploringViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exploring = exploring
        self.second = 0.0
        self.is_playing = False
        self.frame: NDArray[np.uint8] | None = None
        self.keyframe_pictures: tuple[NDArray[np.uint8], ...] = ()
        self.between_pictures: tuple[NDArray[np.uint8], ...] = ()
        """One (IN_BETWEEN, H, W, C) for each leg."""
        self._strip: tuple[LatentPicture, ...] = ()
        self._legs = 0
        self._followed = self.walk
        self._asked_at = 0
        self._started_from = 0.0
        self._clock = QElapsedTimer()
        self._next = QTimer(self, singleShot=True)
        self._picture: LatentPicture | None = None
        self._pace = Pace(self._ask_strip, self, exploring.is_moving)
        self._next.timeout.connect(self._ask_frame)
        exploring.opened.connect(self._begin)
        exploring.changed.connect(self._follow)
        exploring.refresh_wanted.connect(self._pace.ask_again)
        exploring.looking.shown.connect(self._take)
        exploring.looking.unanswered.connect(self._give_up)

    @property
    def walk(self) -> Walk:
        return self._exploring.state.walk

    @property
    def can_play(self) -> bool:
        return len(self.walk.keyframes) > 1

    # Keyframes

    def add_keyframe(self, picture: LatentPicture | None = None) -> None:
        """At the end; without one, the picture on the stage."""
        frames = self.walk.keyframes
        frame = Keyframe(picture=self._exploring.known.solid(picture or self._exploring.picture))
        if frames:
            frame = frame.model_copy(update={"seconds": frames[-1].seconds})
        self._set(keyframes=(*frames, frame))

    def replace_keyframe(self, index: int) -> None:
        """By the picture on the stage."""
        self._change(index, picture=self._solid())

    def remove_keyframe(self, index: int) -> None:
        frames = self.walk.keyframes
        self._set(keyframes=(*frames[:index], *frames[index + 1 :]))

    def move_keyframe(self, index: int, place: int) -> None:
        frames = list(self.walk.keyframes)
        frames.insert(place, frames.pop(index))
        self._set(keyframes=tuple(frames))

    def set_keyframes(self, pictures: tuple[LatentPicture, ...]) -> None:
        """Others instead: the pins, one after the other."""
        solid = self._exploring.known.solid
        self._set(keyframes=tuple(Keyframe(picture=solid(picture)) for picture in pictures))

    def set_seconds(self, index: int, seconds: float) -> None:
        """How long it takes from a keyframe to the next."""
        self._change(index, seconds=min(LONGEST, max(SHORTEST, seconds)))

    def set_curve(self, curve: Curve) -> None:
        self._set(curve=curve)

    def set_easing(self, easing: Easing) -> None:
        self._set(easing=easing)

    def set_closes(self, closes: bool) -> None:
        self._set(closes=closes)

    # Playing

    def toggle(self) -> None:
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        if self.is_playing or not self.can_play:
            return
        at_the_end = not self.walk.closes and self.second >= self.walk.seconds
        self._started_from = 0.0 if at_the_end else self.second
        self.is_playing = True
        self._picture = self._exploring.picture
        self._clock.start()
        self._ask_frame()
        self.moved.emit()

    def pause(self) -> None:
        """What was last shown is explored from here on."""
        if self.is_playing:
            self._stop()
            self._exploring.set_picture(self.walk.at(self.second), "walk")

    def seek(self, second: float) -> None:
        """The playhead somewhere else; there it stays."""
        if not self.walk.keyframes:
            return
        self._stop()
        self.second = min(self.walk.seconds, max(0.0, second))
        self._exploring.set_picture(self.walk.at(self.second), "walk")
        self.moved.emit()

    def seek_keyframe(self, index: int) -> None:
        self.seek(self.second_of(index))
        self._exploring.end_gesture()

    def second_of(self, index: int) -> float:
        """When the walk comes through a keyframe."""
        starts = (*self.walk.starts, self.walk.seconds)
        return starts[index] if index < len(starts) else 0.0

    def _stop(self) -> None:
        if self.is_playing:
            self.is_playing = False
            self.frame = None
            self._next.stop()
            self._exploring.looking.drop(VIEW)
            self.moved.emit()

    @Slot()
    def _ask_frame(self) -> None:
        if not self.is_playing:
            return
        if not (self._exploring.watched and self._exploring.is_usable):
            self._stop()
            return
        second = self._started_from + self._clock.elapsed() / 1000
        self.second = second % self.walk.seconds if self.walk.closes else min(second, self.walk.seconds)
        self._asked_at = self._clock.elapsed()
        self._exploring.looking.ask(VIEW, Explore((self.walk.at(self.second),)))

    def _take_frame(self, answer: Shown) -> None:
        if not self.is_playing:
            return
        self.frame = answer.pictures
        self.pictured.emit()
        self.moved.emit()
        if not self.walk.closes and self.second >= self.walk.seconds:
            self.pause()
        else:
            self._next.start(max(0, LEAST_MILLISECONDS - (self._clock.elapsed() - self._asked_at)))

    # What follows

    def _solid(self) -> LatentPicture:
        return self._exploring.known.solid(self._exploring.picture)

    def _change(self, index: int, **values: object) -> None:
        frames = list(self.walk.keyframes)
        frames[index] = frames[index].model_copy(update=values)
        self._set(f"keyframe {index}" if "seconds" in values else "", keyframes=tuple(frames))

    def _set(self, gesture: str = "", /, **values: object) -> None:
        state = self._exploring.state
        self._exploring.set(replace(state, walk=self.walk.model_copy(update=values)), gesture)

    @Slot()
    def _begin(self) -> None:
        self._pace.forget()
        self._stop()
        self.second = 0.0
        self._strip = ()
        self.keyframe_pictures, self.between_pictures = (), ()

    @Slot()
    def _follow(self) -> None:
        if self.is_playing and (not self.can_play or self._exploring.picture != self._picture):
            # A hand on a slider is stronger than the walk.
            self._stop()
        self.second = min(self.second, self.walk.seconds)
        if self.walk is not self._followed:
            self._followed = self.walk
            if self._pictures_of_strip() != self._strip:
                self._pace.ask_soon()
        self.changed.emit()

    def _pictures_of_strip(self) -> tuple[LatentPicture, ...]:
        walk = self.walk
        shares = [(part + 1) / (IN_BETWEEN + 1) for part in range(IN_BETWEEN)]
        legs = zip(walk.starts, walk.legs, strict=True)
        return (
            *(frame.picture for frame in walk.keyframes),
            *(walk.at(second + share * leg[0].seconds) for second, leg in legs for share in shares),
        )

    def _ask_strip(self) -> None:
        if self.walk.keyframes and self._exploring.watched and self._exploring.is_usable:
            self._strip, self._legs = self._pictures_of_strip(), len(self.walk.legs)
            self._exploring.looking.ask(STRIP_VIEW, Explore(self._strip))

    @Slot(object)
    def _take(self, answer: Shown) -> None:
        if answer.view == VIEW:
            self._take_frame(answer)
        elif answer.view == STRIP_VIEW and self._exploring.looking.is_newest(answer):
            count = len(self._strip) - self._legs * IN_BETWEEN
            self.keyframe_pictures = tuple(answer.pictures[:count])
            self.between_pictures = tuple(
                answer.pictures[count + leg * IN_BETWEEN :][:IN_BETWEEN] for leg in range(self._legs)
            )
            if answer.latents is not None:
                self._exploring.known.take(self._strip[:count], answer.latents)
            self.strip_pictured.emit()

    @Slot(str)
    def _give_up(self, view: str) -> None:
        if view == VIEW:
            self._stop()
