"""All state of the Latent panel over one service and one thread for long tasks."""

from dataclasses import dataclass

from gen_studio.viewmodels.exploring import ExploringViewModel
from gen_studio.viewmodels.exporting import ExportingViewModel
from gen_studio.viewmodels.findings import FindingsViewModel
from gen_studio.viewmodels.looking import Looker, Looking
from gen_studio.viewmodels.map import MapViewModel
from gen_studio.viewmodels.mixes import MixesViewModel
from gen_studio.viewmodels.pins import PinsViewModel
from gen_studio.viewmodels.tasking import Tasker, Tasking
from gen_studio.viewmodels.walking import WalkViewModel


@dataclass(frozen=True)
class LatentScreen:
    """Its parts share one exploration."""

    looking: Looking
    tasking: Tasking
    exploring: ExploringViewModel
    findings: FindingsViewModel
    map: MapViewModel
    pins: PinsViewModel
    mixes: MixesViewModel
    walk: WalkViewModel
    exporting: ExportingViewModel

    @classmethod
    def over(cls, looker: Looker, tasker: Tasker) -> "LatentScreen":
        looking, tasking = Looking(looker), Tasking(tasker)
        exploring = ExploringViewModel(looking)
        findings = FindingsViewModel(exploring, tasking)
        return cls(
            looking=looking,
            tasking=tasking,
            exploring=exploring,
            findings=findings,
            map=MapViewModel(exploring, findings),
            pins=PinsViewModel(exploring),
            mixes=MixesViewModel(exploring),
            walk=WalkViewModel(exploring),
            exporting=ExportingViewModel(exploring, tasking),
        )
