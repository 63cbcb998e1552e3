"""Charts as SVG that stands inside the page: coloured by its style sheet, so that they follow light and dark."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

import numpy as np

from gen_studio.comparison.numbers import per_picture, round_ticks, tick
from gen_studio.comparison.smoothness import FIRST_PART, PARTS, Numbers, moving_average, parts

POINTS = 400
SMOOTHED_OVER = 15
"""Of the parts of a long run, about; of a short one as much less."""
MARKS = ("circle", "square", "triangle", "diamond")
LINE_HEIGHT = 13.0
LETTER = 7.5
"""A generous width of a letter of the labels, in pixels."""


@dataclass(frozen=True)
class Frame:
    """A chart's size and the ranges of its axes. Room is left for ticks at the left and below, for labels at the
    right."""

    width: int
    height: int
    x: tuple[float, float]
    y: tuple[float, float]
    left: int = 48
    right: int = 44
    top: int = 8
    bottom: int = 22

    def across(self, value: float) -> float:
        low, high = self.x
        return self.left + (value - low) / (high - low) * (self.width - self.left - self.right)

    def up(self, value: float) -> float:
        low, high = self.y
        return self.height - self.bottom - (value - low) / (high - low) * (self.height - self.top - self.bottom)


@dataclass(frozen=True)
class Curve:
    """The readings of one metric. label: at the end of its line; tone: a class of the style sheet."""

    label: str
    tone: str
    steps: Numbers
    values: Numbers


@dataclass(frozen=True)
class Dots:
    """One run on the chart of costs: seconds for a picture by steps; a level line where there are no steps to choose.

    place: of the run in the comparison, which decides the mark's shape.
    """

    label: str
    tone: str
    place: int
    points: tuple[tuple[int | None, float], ...]


def loss_chart(curves: Sequence[Curve], name: str, width: int = 312, height: int = 168) -> str:
    """Readings thin and faint, over them their moving average. Empty without a finite reading."""
    drawn = [curve for curve in curves if np.isfinite(curve.values).any()]
    if not drawn:
        return ""
    last = max(float(curve.steps[-1]) for curve in drawn)
    room = round(LETTER * max(len(curve.label) for curve in drawn)) + 12
    frame = Frame(width, height, (0.0, max(1.0, last)), _range(drawn), right=min(room, width // 3))
    lines = [line for curve in drawn for line in (_raw(curve, frame), _smoothed(curve, frame))]
    body = [_grid(frame, round_ticks(*frame.y), [0, last / 2, last]), _clipped(frame, lines), _end_labels(drawn, frame)]
    return _svg(frame, f"Loss curves of {name}", body)


def cost_chart(runs: Sequence[Dots], width: int = 640, height: int = 300) -> str:
    """Both axes in powers of ten."""
    steps = [step for run in runs for step, _ in run.points if step is not None]
    times = [math.log10(seconds) for run in runs for _, seconds in run.points]
    x = (-0.15, max(1.0, math.log10(max(steps, default=10))) + 0.15)
    frame = Frame(width, height, x, (min(times) - 0.3, max(times) + 0.3), left=60, right=150, bottom=36)
    body = [_cost_grid(frame, _powers(*frame.y), sorted(set(steps) or {1}))]
    body += [_cost_line(run, frame) for run in runs]
    ends = [(run.label, run.tone, frame.up(math.log10(run.points[-1][1]))) for run in runs]
    body.append(_labels_apart(ends, frame))
    return _svg(frame, "Seconds per picture by the number of sampling steps", body)


def _powers(low: float, high: float) -> list[float]:
    """Ticks between two powers of ten, as powers: whole ones, and twice and five times those where they are few."""
    decades = range(math.floor(low), math.ceil(high) + 1)
    factors = (1, 2, 5) if high - low < 2 else (1,)
    powers = [decade + math.log10(factor) for decade in decades for factor in factors]
    return [power for power in powers if low <= power <= high]


def mark(place: int, x: float, y: float, tone: str) -> str:
    """The shape of a run, about nine pixels wide. Where colours come round again, shapes are shifted by one."""
    match MARKS[(place + place // len(MARKS)) % len(MARKS)]:
        case "circle":
            return f'<circle class="mark {tone}" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
        case "square":
            return f'<rect class="mark {tone}" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>'
        case "triangle":
            return f'<path class="mark {tone}" d="M{x:.1f} {y - 5:.1f}l5 9h-10z"/>'
        case _:
            return f'<path class="mark {tone}" d="M{x:.1f} {y - 5.5:.1f}l5.5 5.5l-5.5 5.5l-5.5 -5.5z"/>'


def legend_mark(place: int, tone: str) -> str:
    """The same beside the run's name."""
    size = 'width="14" height="14" viewBox="0 0 14 14"'
    return f'<svg class="legend" {size} aria-hidden="true">{mark(place, 7, 7, tone)}</svg>'


def _range(curves: Sequence[Curve]) -> tuple[float, float]:
    """What the curves do once they have settled; the fall at the start may leave the frame."""
    late = [curve.values[int(FIRST_PART / 2 * len(curve.values)) :] for curve in curves]
    values = np.concatenate([part[np.isfinite(part)] for part in late])
    if not len(values):
        values = np.concatenate([curve.values[np.isfinite(curve.values)] for curve in curves])
    low, high = (float(edge) for edge in np.quantile(values, [0.005, 0.995]))
    margin = 0.08 * (high - low) or 0.5 * abs(high) or 1.0
    return low - margin, high + margin


def _raw(curve: Curve, frame: Frame) -> str:
    """The lowest and the highest reading of each stretch: no peak is lost."""
    steps, values = _finite(curve)
    if len(values) > POINTS:
        edges = np.linspace(0, len(values), POINTS // 2 + 1).round().astype(np.int64)
        chosen = [
            place
            for start, end in pairwise(edges)
            for place in sorted({start + int(values[start:end].argmin()), start + int(values[start:end].argmax())})
        ]
        steps, values = steps[chosen], values[chosen]
    return _line(steps, values, frame, f"raw {curve.tone}")


def _smoothed(curve: Curve, frame: Frame) -> str:
    steps, values = smoothed(*_finite(curve))
    return _line(steps, values, frame, f"smooth {curve.tone}")


def smoothed(steps: Numbers, values: Numbers) -> tuple[Numbers, Numbers]:
    """The curve to see the trend by; where it begins and ends it is mirrored."""
    steps, values = parts(steps, PARTS), parts(values, PARTS)
    window = 2 * (len(values) * SMOOTHED_OVER // (2 * PARTS)) + 1
    padded = np.pad(values, window // 2, mode="reflect") if len(values) > window else values
    return (steps, moving_average(padded, window)) if len(padded) > len(values) else (steps, values)


def _finite(curve: Curve) -> tuple[Numbers, Numbers]:
    finite = np.isfinite(curve.values)
    return curve.steps[finite].astype(np.float64), curve.values[finite]


def _line(steps: Numbers, values: Numbers, frame: Frame, kind: str) -> str:
    # Far outside of the frame a line needs no place of its own, and numbers stay short.
    low, high = frame.y
    clipped = np.clip(values, low - 2 * (high - low), high + 2 * (high - low))
    points = (f"{frame.across(x):.1f},{frame.up(y):.1f}" for x, y in zip(steps, clipped, strict=True))
    return f'<polyline class="{kind}" points="{" ".join(points)}"/>'


def _clipped(frame: Frame, lines: Sequence[str]) -> str:
    """An inner picture cuts off what leaves the axes, without a name that another chart could have too."""
    width, height = frame.width - frame.left - frame.right, frame.height - frame.top - frame.bottom
    box = f"{frame.left} {frame.top} {width} {height}"
    place = f'x="{frame.left}" y="{frame.top}" width="{width}" height="{height}"'
    return f'<svg {place} viewBox="{box}" overflow="hidden">{"".join(lines)}</svg>'


def _grid(frame: Frame, levels: Sequence[float], steps: Sequence[float]) -> str:
    right = frame.width - frame.right
    rows = [
        f'<line class="grid" x1="{frame.left}" x2="{right}" y1="{frame.up(level):.1f}" y2="{frame.up(level):.1f}"/>'
        f'<text class="tick" x="{frame.left - 6}" y="{frame.up(level) + 4:.1f}" text-anchor="end">{tick(level)}</text>'
        for level in levels
    ]
    anchors = ("start", "middle", "end")
    rows += [
        f'<text class="tick" x="{frame.across(step):.1f}" y="{frame.height - 6}" text-anchor="{anchor}">'
        f"{step:,.0f}</text>"
        for step, anchor in zip(steps, anchors, strict=True)
    ]
    return "".join(rows)


def _cost_grid(frame: Frame, powers: Sequence[float], steps: Sequence[int]) -> str:
    right = frame.width - frame.right
    rows = [
        f'<line class="grid" x1="{frame.left}" x2="{right}" y1="{frame.up(power):.1f}" y2="{frame.up(power):.1f}"/>'
        f'<text class="tick" x="{frame.left - 6}" y="{frame.up(power) + 4:.1f}" text-anchor="end">'
        f"{per_picture(10**power)}</text>"
        for power in powers
    ]
    rows += [
        f'<text class="tick" x="{frame.across(math.log10(step)):.1f}" y="{frame.height - 20}" text-anchor="middle">'
        f"{step:,}</text>"
        for step in _with_room(steps, frame)
    ]
    middle = (frame.left + right) / 2
    rows.append(
        f'<text class="tick" x="{middle:.0f}" y="{frame.height - 4}" text-anchor="middle">sampling steps</text>'
    )
    return "".join(rows)


def _with_room(steps: Sequence[int], frame: Frame) -> list[int]:
    """Those whose labels do not meet."""
    kept: list[int] = []
    for step in steps:
        if not kept or frame.across(math.log10(step)) - frame.across(math.log10(kept[-1])) > 26:
            kept.append(step)
    return kept


def _cost_line(run: Dots, frame: Frame) -> str:
    places = [(step, frame.up(math.log10(seconds))) for step, seconds in run.points]
    known = [(frame.across(math.log10(step)), y) for step, y in places if step is not None]
    right = frame.width - frame.right
    drawn = [
        f'<line class="level {run.tone}" x1="{frame.left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        for _, y in places
        if len(places) == 1
    ]
    if len(known) > 1:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in known)
        drawn.append(f'<polyline class="smooth {run.tone}" points="{points}"/>')
    return "".join([*drawn, *(mark(run.place, x, y, run.tone) for x, y in known)])


def _end_labels(curves: Sequence[Curve], frame: Frame) -> str:
    ends = []
    for curve in curves:
        _, values = smoothed(*_finite(curve))
        height = min(max(frame.up(float(values[-1])), frame.top), frame.height - frame.bottom)
        ends.append((curve.label, curve.tone, height))
    return _labels_apart(ends, frame)


def _labels_apart(ends: Sequence[tuple[str, str, float]], frame: Frame) -> str:
    """Labels at the ends of lines, moved as little as keeps them from meeting."""
    ordered = sorted(ends, key=lambda end: end[2])
    heights: list[float] = []
    for _, _, wanted in ordered:
        heights.append(max(wanted, heights[-1] + LINE_HEIGHT) if heights else max(wanted, frame.top + 4.0))
    beyond = heights[-1] - (frame.height - frame.bottom) if heights else 0.0
    if beyond > 0:
        for place in reversed(range(len(heights))):
            lowest = frame.height - frame.bottom if place == len(heights) - 1 else heights[place + 1] - LINE_HEIGHT
            heights[place] = min(heights[place], lowest)
    x = frame.width - frame.right + 8
    return "".join(
        f'<text class="name {tone}" x="{x}" y="{height + 4:.1f}">{escape(label)}</text>'
        for (label, tone, _), height in zip(ordered, heights, strict=True)
    )


def _svg(frame: Frame, words: str, body: Sequence[str]) -> str:
    size = f'width="{frame.width}" height="{frame.height}" viewBox="0 0 {frame.width} {frame.height}"'
    return f'<svg class="chart" {size} role="img" aria-label="{escape(words)}">{"".join(body)}</svg>'
