"""A comparison as one HTML file that needs nothing else: no network, no script, pictures and style inside."""

import time
from collections.abc import Sequence
from html import escape

from gen_studio.comparison import markup
from gen_studio.comparison.compare import Comparison, Side
from gen_studio.comparison.cost import AT_ONCE, Cost, Price
from gen_studio.comparison.drawing import Dots, cost_chart, legend_mark, loss_chart
from gen_studio.comparison.figures import Figure
from gen_studio.comparison.markup import Cell, section, table, tiles
from gen_studio.comparison.numbers import NONE, per_picture, reading, setting, share
from gen_studio.comparison.pictures import Group, Strip
from gen_studio.comparison.smoothness import DEFINITION
from gen_studio.comparison.tones import tone_of_run
from gen_studio.core import paths
from gen_studio.core.words import count, duration

STYLE = "comparison.css"


def render(comparison: Comparison) -> str:
    """The whole page."""
    title = comparison.question.title or f"{count(len(comparison.sides), 'run')} side by side"
    sections = [
        _runs(comparison),
        _settings(comparison),
        _samples(comparison),
        *(_groups("Reconstructions", RECONSTRUCTIONS, comparison.reconstructions)),
        *(_groups("Translations", TRANSLATIONS, comparison.translations)),
        _figures(comparison),
        _losses(comparison.sides),
        _costs(comparison),
        _papers(comparison.sides),
    ]
    style = (paths.resources() / STYLE).read_text(encoding="utf-8")
    body = _head(title, comparison) + "".join(sections)
    return (
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body><main>{body}</main></body></html>\n"
    )


def _head(title: str, comparison: Comparison) -> str:
    why = f'<p class="why">{escape(comparison.question.why)}</p>' if comparison.question.why else ""
    made = (
        f"Made with Gen Studio on {time.strftime('%Y-%m-%d')}. All pictures are from seed {comparison.question.seed}."
    )
    warning = markup.warning(DATA_DIFFERS) if comparison.data_differs else ""
    return f'<header><h1>{escape(title)}</h1>{why}<p class="muted">{escape(made)}</p>{warning}</header>'


def _runs(comparison: Comparison) -> str:
    rows = [
        [
            _titled(side),
            Cell(side.data),
            Cell(f"{side.step:,}", f"of {side.planned:,}" if side.step < side.planned else ""),
            Cell(duration(side.seconds) if side.seconds else NONE),
            Cell(NONE if side.images_per_second is None else f"{side.images_per_second:,.0f}"),
            Cell(f"{side.parameters:,}"),
        ]
        for side in comparison.sides
    ]
    heads = ["Run", "Data", "Steps", "Training", "Images/s", "Parameters"]
    return section("Runs", table(heads, rows, numbers_from=2))


def _settings(comparison: Comparison) -> str:
    if len(comparison.sides) < 2:
        return ""
    if not comparison.settings:
        return section("Settings", "<p>The runs have the same settings.</p>")
    rows = [[Cell(row.title), *(Cell(setting(value)) for value in row.values)] for row in comparison.settings]
    heads = ["Setting", *(side.name for side in comparison.sides)]
    return section("Settings in which they differ", table(heads, rows, numbers_from=1), SETTINGS)


def _samples(comparison: Comparison) -> str:
    cards = []
    for side in comparison.sides:
        shown = (
            tiles(side.samples, f"Samples of {side.name}", "square")
            if side.samples is not None
            else "<p>This model makes no pictures from chance alone.</p>"
        )
        cards.append(f'<div class="card">{_name(side)}{shown}</div>')
    return section("Samples", f'<div class="cards">{"".join(cards)}</div>', "The same seed for every run.")


def _groups(title: str, words: str, groups: Sequence[Group]) -> list[str]:
    """One section for each set of data, so that columns always belong together."""
    return [
        section(
            title if len(groups) == 1 else f"{title}: {group.title}",
            "".join(_strip(strip) for strip in group.strips),
            words,
        )
        for group in groups
    ]


def _strip(strip: Strip) -> str:
    kind = "strip" if strip.run is not None else "strip given"
    pictures = tiles(strip.pictures, strip.title, "row")
    return f'<div class="{kind}"><div class="caption">{escape(strip.title)}</div>{pictures}</div>'


def _figures(comparison: Comparison) -> str:
    if not comparison.figures:
        return ""
    rows = [
        [_titled(side), *(Cell(*_figure(figure, place)) for figure in comparison.figures)]
        for place, side in enumerate(comparison.sides)
    ]
    shares = [
        f"Shares are of {comparison.sides[figure.first].name}’s, the first run that has the figure."
        for figure in comparison.figures
        if figure.shares is not None
    ]
    heads = ["Run", *(f"{figure.words[:1].upper()}{figure.words[1:]}" for figure in comparison.figures)]
    return section("Figures", table(heads, rows, numbers_from=1), " ".join([FIGURES, *shares[:1]]))


def _figure(figure: Figure, place: int) -> tuple[str, str]:
    part = figure.shares[place] if figure.shares is not None else None
    return reading(figure.values[place]), "" if part is None else f"{part:,.0%} of the first"


def _losses(sides: Sequence[Side]) -> str:
    cards = []
    for side in sides:
        chart = loss_chart([loss.curve for loss in side.losses], side.name)
        words = "".join(
            f'<li><span class="name {loss.curve.tone}">{escape(loss.title)}'
            f"{f' ({escape(loss.unit)})' if loss.unit else ''}</span> smoothness <b>{share(loss.smoothness)}</b></li>"
            for loss in side.losses
        )
        shown = f'{chart}<ul class="readings">{words}</ul>' if chart else "<p>Its readings were not kept.</p>"
        cards.append(f'<div class="card">{_name(side)}{shown}</div>')
    return section("Loss curves", f'<div class="cards">{"".join(cards)}</div>', f"{CURVES} {DEFINITION}")


def _costs(comparison: Comparison) -> str:
    if not comparison.costs:
        return ""
    runs = [
        Dots(
            comparison.sides[cost.run].name,
            tone_of_run(cost.run),
            cost.run,
            tuple((price.steps, price.seconds) for price in cost.prices),
        )
        for cost in comparison.costs
    ]
    on = f" ({comparison.question.machine})" if comparison.question.machine else ""
    words = (
        f"Seconds per picture by the number of steps in which it forms, in batches of {AT_ONCE}, at one thread{on}. "
        f"{STEPS}"
    )
    rows = "".join(_cost(cost, comparison.sides[cost.run]) for cost in comparison.costs)
    return section("Sampling cost", f'<div class="scroll">{cost_chart(runs)}</div>{rows}', words)


def _cost(cost: Cost, side: Side) -> str:
    rows = "".join(
        f'<div class="strip"><div class="caption">{_steps(price)}<small>{per_picture(price.seconds)} per picture'
        f"</small></div>{tiles(price.pictures, f'{side.name}, {_steps(price)}', 'row')}</div>"
        for price in cost.prices
    )
    missing = ", ".join(f"{steps:,}" for steps in cost.left_out)
    note = f'<p class="muted">Left out, as it would have taken minutes: {missing} steps.</p>' if missing else ""
    head = f"<h3>{legend_mark(cost.run, tone_of_run(cost.run))}{escape(side.name)}</h3>"
    return f'<div class="cost">{head}{rows}{note}</div>'


def _steps(price: Price) -> str:
    if price.steps is None:
        return "its own number of steps"
    usual = " (as set)" if price.usual and price.steps > 1 else ""
    return f"{count(price.steps, 'step')}{usual}"


def _papers(sides: Sequence[Side]) -> str:
    papers = dict.fromkeys((side.family, side.paper) for side in sides)
    rows = "".join(f"<li>{escape(family)}: {escape(paper)}</li>" for family, paper in papers)
    return f'<footer><h2>Papers</h2><ul class="papers">{rows}</ul></footer>'


def _titled(side: Side) -> Cell:
    return Cell(side.name, side.family if side.family != side.name else "")


def _name(side: Side) -> str:
    """The same as a heading. Always of two lines, so that what is below stands level with its neighbours."""
    cell = _titled(side)
    return f"<h3>{escape(cell.text)}<small>{escape(cell.second) or '&nbsp;'}</small></h3>"


DATA_DIFFERS = (
    "These runs were not trained on the same pictures: the settings below say how they differ. Their figures and "
    "losses cannot be set against each other."
)
SETTINGS = (
    "Only those. A setting that not all of these models have is listed where a run changed it from its model’s default."
)
RECONSTRUCTIONS = "Pictures that no run was trained on, and below each what a run keeps of it."
TRANSLATIONS = "Inputs that no run was trained on, what was to come of them, and what each run makes of them."
FIGURES = "Each as its heading says; test pictures are all those of the run’s data, and no run was trained on them."
CURVES = (
    "Thin: the readings of single steps; thick: their moving average. The fall at the very start may leave the frame."
)
STEPS = (
    "A latent that is decoded takes one step. A dotted line without a mark: the model takes as many steps as it needs."
)
