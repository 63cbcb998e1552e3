"""All state of the Latent panel over one service."""

from dataclasses import dataclass

from gen_studio.viewmodels.exploring import ExploringViewModel
from gen_studio.viewmodels.looking import Looker, Looking
from gen_studio.viewmodels.map import MapViewModel
from gen_studio.viewmodels.pins import PinsViewModel
from gen_studio.viewmodels.walking import WalkViewModel


@dataclass(frozen=True)
class LatentScreen:
    """Its parts share one exploration."""

    looking: Looking
    exploring: ExploringViewModel
    map: MapViewModel
    pins: PinsViewModel
    walk: WalkViewModel

    @classmethod
    def over(cls, looker: Looker) -> "LatentScreen":
        looking = Looking(looker)
        exploring = ExploringViewModel(looking)
        return cls(looking, exploring, MapViewModel(exploring), PinsViewModel(exploring), WalkViewModel(exploring))
