"""Toy faces: cartoon portraits whose every attribute and part is known. What a face is made of; `face_parts` paints."""

from dataclasses import dataclass

from gen_studio.core.annotations import LayoutClass, binary, category, number
from gen_studio.data.drawing.canvas import Colour, hexed, mixed

ATTRIBUTES = (
    binary("smile", "neutral", "smiling"),
    binary("glasses", "without glasses", "with glasses"),
    binary("hat", "without a hat", "with a hat"),
    binary("beard", "without a beard", "with a beard"),
    binary("age_lines", "smooth", "with age lines"),
    category("hair", ("bald", "short", "bun", "bob", "long", "curly")),
    category("hair_colour", ("black", "brown", "auburn", "blond", "grey", "pink")),
    number("skin", 0.0, 1.0),
    category("background", ("sky", "mint", "peach", "lilac", "sand", "rose")),
    number("turn", -1.0, 1.0),
)
"""skin: from light to dark. turn: the pose, from looking to the left of the picture to looking to the right."""

LAYOUT = (
    LayoutClass("background", (189, 224, 240)),
    LayoutClass("skin", (240, 190, 150)),
    LayoutClass("hair", (110, 66, 44)),
    LayoutClass("eyes", (255, 255, 255)),
    LayoutClass("glasses", (40, 42, 54)),
    LayoutClass("brows", (166, 116, 60)),
    LayoutClass("nose", (232, 134, 96)),
    LayoutClass("mouth", (206, 54, 72)),
    LayoutClass("beard", (140, 92, 140)),
    LayoutClass("hat", (244, 178, 52)),
    LayoutClass("clothes", (58, 124, 165)),
)
BACKGROUND, SKIN, HAIR, EYES, GLASSES, BROWS, NOSE, MOUTH, BEARD, HAT, CLOTHES = range(len(LAYOUT))
BALD, SHORT, BUN, BOB, LONG, CURLY = range(6)

SKINS = tuple(map(hexed, ("#FCE0CC", "#F3C7A2", "#DBA176", "#AD744D", "#704732")))
HAIRS = tuple(map(hexed, ("#2D272C", "#5F3D2A", "#9A452E", "#E3B565", "#BEBBBD", "#E0809E")))
BACKGROUNDS = tuple(
    (hexed(above), hexed(below))
    for above, below in (
        ("#A9D8EC", "#DDF0F5"),
        ("#A8DDC4", "#DDF3E6"),
        ("#FFC3A3", "#FFE5D3"),
        ("#C9BDF0", "#E9E3FA"),
        ("#EBD7A6", "#F8EED6"),
        ("#F2B1C0", "#FBDFE4"),
    )
)
GARMENTS = tuple(map(hexed, ("#E4633F", "#2F86A6", "#44598C", "#F0B23A", "#4F8F7B", "#8D5A84", "#F4EEE2", "#34424E")))
HATS = tuple(map(hexed, ("#CB5A42", "#2B7A80", "#E5A634", "#4C5A9B", "#85446A", "#3A4A55")))
FRAMES = tuple(map(hexed, ("#2B2A33", "#7A4630", "#B5413B", "#21666B")))
IRISES = tuple(map(hexed, ("#3B2A22", "#5B3A24", "#3E6E8E", "#4F7A4D", "#2D2B30")))
WHITE: Colour = (255.0, 253.0, 250.0)
BLUSH, DEEP = hexed("#F0616A"), hexed("#6E2740")

DETAILS = 20


@dataclass(frozen=True)
class Face:
    """One face in numbers: lengths in sides of the picture, colours, and choices.

    cx, rx: middle and half width of the head. fx: middle of the features, which a turn moves. spacing: from there to
    an eye. left, right: how wide the two eyes look. Numbers without a unit run from 0 to 1.
    """

    smile: bool
    glasses: bool
    hat: bool
    beard: bool
    age_lines: bool
    hair: int
    turn: float
    skin: Colour
    hair_colour: Colour
    backdrop: tuple[Colour, Colour]
    rx: float
    jaw: float
    spacing: float
    eye: float
    mouth: float
    mood: float
    brow_rise: float
    brow_tilt: float
    parting: float
    fringe: bool
    garment: Colour
    collar: int
    hat_colour: Colour
    hat_kind: int
    frame: Colour
    round_frames: bool
    iris: Colour
    curl: float
    blush: float
    cx: float = 0.5

    @property
    def fx(self) -> float:
        return self.cx + 0.05 * self.turn

    @property
    def left(self) -> float:
        return 1 - 0.16 * max(-self.turn, 0.0)

    @property
    def right(self) -> float:
        return 1 - 0.16 * max(self.turn, 0.0)

    @property
    def shade(self) -> Colour:
        """Skin in shadow."""
        return mixed(self.skin, DEEP, 0.24)

    @property
    def brow(self) -> Colour:
        return mixed(self.hair_colour, (60.0, 40.0, 40.0), 0.4)


def face_of(values: list[float], details: list[float]) -> Face:
    """The face with these attributes, and with details for whatever they leave open."""
    smile, glasses, hat, beard, age_lines, hair, hair_colour, skin, background, turn = values
    d = iter(details)
    return Face(
        smile=smile > 0.5,
        glasses=glasses > 0.5,
        hat=hat > 0.5,
        beard=beard > 0.5,
        age_lines=age_lines > 0.5,
        hair=int(hair),
        turn=turn,
        skin=_skin(skin),
        hair_colour=HAIRS[int(hair_colour)],
        backdrop=BACKGROUNDS[int(background)],
        rx=0.205 + 0.02 * next(d),
        jaw=0.82 + 0.1 * next(d),
        spacing=0.086 + 0.01 * next(d),
        eye=0.92 + 0.2 * next(d),
        mouth=0.85 + 0.3 * next(d),
        mood=next(d),
        brow_rise=0.014 * next(d),
        brow_tilt=0.03 * (next(d) - 0.5),
        parting=0.18 * (next(d) - 0.5),
        fringe=next(d) < 0.4,
        garment=_pick(GARMENTS, next(d)),
        collar=int(4 * next(d)),
        hat_colour=_pick(HATS, next(d)),
        hat_kind=int(2 * next(d)),
        frame=_pick(FRAMES, next(d)),
        round_frames=next(d) < 0.5,
        iris=_pick(IRISES, next(d)),
        curl=next(d),
        blush=next(d),
    )


def _skin(tone: float) -> Colour:
    place = min(max(tone, 0.0), 1.0) * (len(SKINS) - 1)
    first = min(int(place), len(SKINS) - 2)
    return mixed(SKINS[first], SKINS[first + 1], place - first)


def _pick(colours: tuple[Colour, ...], chance: float) -> Colour:
    return colours[min(int(chance * len(colours)), len(colours) - 1)]
