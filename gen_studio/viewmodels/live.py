"""What is known of a run since it began, and what a run on the disk can show: apart from the state that changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gen_studio.core.description import ChartInfo, ViewInfo
from gen_studio.core.events import Began, Ready
from gen_studio.core.plan import RunPlan
from gen_studio.core.runs import RunFolder
from gen_studio.viewmodels.run_record import RunRecord


@dataclass(frozen=True)
class Live:
    """The run that trains now, or one that did since the app was opened."""

    path: Path
    plan: RunPlan
    players: tuple[str, ...]
    parameters: int
    notes: tuple[str, ...] = ()
    views: tuple[ViewInfo, ...] = ()
    charts: tuple[ChartInfo, ...] = ()

    @classmethod
    def of(cls, message: Began) -> "Live":
        return cls(
            message.path,
            message.plan,
            message.players,
            message.parameters,
            message.notes,
            message.views,
            message.charts,
        )


def views_of(record: RunRecord, known: Mapping[Path, Live], library: Ready | None) -> tuple[ViewInfo, ...]:
    """Those that the run said it has when it began; of one that is only read, those it left pictures of."""
    live = known.get(record.path)
    if live is not None and live.views:
        return live.views
    kept = RunFolder(record.path).views()
    possible = library.views.get(record.plan.family, ()) if library else ()
    if not possible:
        return tuple(ViewInfo(view, view.capitalize(), ("",)) for view in kept)
    return tuple(view for view in possible if view.key in kept) or possible[:1]


def charts_of(record: RunRecord, known: Mapping[Path, Live], library: Ready | None) -> tuple[ChartInfo, ...]:
    """Likewise. A chart of a family that is not installed here has nobody to name it, and is left out."""
    live = known.get(record.path)
    if live is not None:
        return live.charts
    kept = RunFolder(record.path).charts()
    possible = library.charts.get(record.plan.family, ()) if library else ()
    return tuple(chart for chart in possible if chart.key in kept)
