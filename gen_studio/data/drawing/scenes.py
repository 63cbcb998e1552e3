"""Scenes: sky, ground, trees, houses and the sun. What a scene is made of; `scene_parts` paints it.

A scene by night is the scene by day under another light, and one in winter is the one in summer under snow: every
edge stands where it stood, so that both have the same layout.
"""

from dataclasses import dataclass

from gen_studio.core.annotations import LayoutClass, binary, number
from gen_studio.data.drawing.canvas import Colour, hexed, mixed

ATTRIBUTES = (
    binary("night", "day", "night"),
    binary("winter", "summer", "winter"),
    number("houses", 0.0, 3.0, steps=4),
    number("trees", 0.0, 6.0, steps=7),
    number("clouds", 0.0, 3.0, steps=4),
    number("sun_x", 0.0, 1.0),
    number("horizon", 0.0, 1.0),
)
"""houses, trees, clouds: how many there are. sun_x: where the sun or the moon stands. horizon: from high to low."""

CLASSES = ("summer day", "summer night", "winter day", "winter night")

LAYOUT = (
    LayoutClass("sky", (140, 200, 240)),
    LayoutClass("sun or moon", (255, 208, 74)),
    LayoutClass("cloud", (236, 240, 246)),
    LayoutClass("hills", (120, 148, 172)),
    LayoutClass("ground", (142, 188, 96)),
    LayoutClass("tree", (44, 116, 74)),
    LayoutClass("house", (222, 140, 108)),
    LayoutClass("roof", (150, 62, 58)),
)
SKY, SUN, CLOUD, HILLS, GROUND, TREE, HOUSE, ROOF = range(len(LAYOUT))

WHITE: Colour = (255.0, 255.0, 255.0)
MIDNIGHT = hexed("#141B3C")
DAYS = (
    (hexed("#5DB7E8"), hexed("#D8F0F7")),
    (hexed("#7CC4E4"), hexed("#FCEBD0")),
    (hexed("#69A9E0"), hexed("#FFD9CC")),
)
NIGHTS = (
    (hexed("#141A40"), hexed("#3F4C86")),
    (hexed("#1A1740"), hexed("#59487F")),
    (hexed("#0F2143"), hexed("#2F5A80")),
)
FROSTS = (
    (hexed("#9FC6DF"), hexed("#EEF4F7")),
    (hexed("#A9BEDB"), hexed("#F8E9E4")),
    (hexed("#8FB6D6"), hexed("#E6EFF6")),
)
MEADOWS = tuple(map(hexed, ("#8CC152", "#A3C75C", "#7DB764")))
LEAVES = tuple(map(hexed, ("#2F855A", "#3C9A5F", "#5FA344", "#2B7A6B", "#86A83B")))
WALLS = tuple(map(hexed, ("#F6DDB5", "#F2B597", "#DDE5EA", "#E8907C", "#F3CE76")))
ROOFS = tuple(map(hexed, ("#B8473F", "#8C4A3C", "#56627F", "#A25A3A")))
SNOW = hexed("#F4F8FC")

SLOTS = 9
"""Places on the ground, from left to right; each holds a house, a tree or nothing."""
DETAILS = 12 + 4 * SLOTS


@dataclass(frozen=True)
class Light:
    """What time and season do to colours."""

    night: bool
    winter: bool

    def on(self, colour: Colour, share: float = 0.62) -> Colour:
        """A colour as this light shows it."""
        if not self.night:
            return colour
        red, green, blue = colour
        return mixed((red * 0.5, green * 0.55, blue * 0.8), MIDNIGHT, share)

    def ground(self, colour: Colour) -> Colour:
        return self.on(mixed(SNOW, (200.0, 216.0, 236.0), 0.25) if self.winter else colour, 0.42)

    @property
    def snow(self) -> Colour:
        return self.on(SNOW, 0.35)


@dataclass(frozen=True)
class Thing:
    """A house or a tree. base: the height of its foot; size: its own height; a, b: whatever else it needs, 0 to 1."""

    x: float
    base: float
    size: float
    a: float
    b: float


@dataclass(frozen=True)
class Scene:
    """One scene in numbers; lengths in sides of the picture."""

    light: Light
    sky: tuple[Colour, Colour]
    horizon: float
    sun: tuple[float, float]
    moon_phase: float
    waves: tuple[float, float, float]
    meadow: Colour
    clouds: tuple[Thing, ...]
    houses: tuple[Thing, ...]
    trees: tuple[Thing, ...]
    stars: float


def scene_of(values: list[float], details: list[float]) -> Scene:
    """The scene with these attributes, and with details for whatever they leave open."""
    night, winter, houses, trees, clouds, sun_x, horizon = values
    d = iter(details)
    light = Light(night > 0.5, winter > 0.5)
    tone = int(3 * next(d))
    skies = NIGHTS if light.night else FROSTS if light.winter else DAYS
    line = 0.56 + 0.12 * horizon
    sun = (0.12 + 0.76 * sun_x, 0.13 + 0.14 * next(d))
    waves = (next(d), next(d), next(d))
    meadow = MEADOWS[int(3 * next(d))]
    drift = [next(d) for _ in range(6)]
    things = _things(int(houses), int(trees), line, [[next(d) for _ in range(4)] for _ in range(SLOTS)])
    return Scene(
        light=light,
        sky=skies[tone],
        horizon=line,
        sun=sun,
        moon_phase=waves[0],
        waves=waves,
        meadow=meadow,
        clouds=tuple(_cloud(place, int(clouds), drift) for place in range(int(clouds))),
        houses=things[0],
        trees=things[1],
        stars=waves[1],
    )


def _cloud(place: int, number: int, drift: list[float]) -> Thing:
    x = (place + 0.5 + 0.6 * (drift[place] - 0.5)) / number
    y = 0.1 + 0.22 * drift[3 + place]
    return Thing(x, y, 0.05 + 0.025 * drift[(place + 1) % 3], drift[place], drift[3 + place])


def _things(
    houses: int, trees: int, line: float, chances: list[list[float]]
) -> tuple[tuple[Thing, ...], tuple[Thing, ...]]:
    """Deals houses and trees to places in an order by chance, so that none hides another entirely."""
    order = sorted(range(SLOTS), key=lambda slot: chances[slot][0])
    # Houses are wide: they take every third place, and the trees stand in those that are left.
    homes = [slot for slot in order if slot % 3 == 1][:houses]
    woods = [slot for slot in order if slot not in homes][:trees]
    return (
        tuple(_thing(slot, line, chances[slot], house=True) for slot in homes),
        tuple(_thing(slot, line, chances[slot], house=False) for slot in woods),
    )


def _thing(slot: int, line: float, chances: list[float], house: bool) -> Thing:
    """Farther ones stand higher and are smaller."""
    _, depth, a, b = chances
    x = (slot + 0.5) / SLOTS + (0.02 if house else 0.06) * (a - 0.5)
    base = line + 0.06 + (0.1 if house else 0.2) * depth
    size = (0.25 if house else 0.26) * (0.75 + 2.0 * (base - line - 0.06)) * (0.9 + 0.25 * b)
    return Thing(x, base, size, a, b)
