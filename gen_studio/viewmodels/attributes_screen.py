"""All state of the Attributes panel, over what it shares with the Latent panel."""

from dataclasses import dataclass

from gen_studio.viewmodels.attributes_bringing import BringingViewModel
from gen_studio.viewmodels.attributes_directions import DirectionsViewModel
from gen_studio.viewmodels.attributes_lesson import LessonViewModel
from gen_studio.viewmodels.attributes_own import OwnPictureViewModel
from gen_studio.viewmodels.attributes_stage import AttributesStageViewModel
from gen_studio.viewmodels.exploring import ExploringViewModel
from gen_studio.viewmodels.latent_screen import LatentScreen
from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.tasking import Tasking


@dataclass(frozen=True)
class AttributesScreen:
    """One exploration and one history for both panels."""

    latent: LatentScreen
    looking: Looking
    tasking: Tasking
    exploring: ExploringViewModel
    directions: DirectionsViewModel
    stage: AttributesStageViewModel
    lesson: LessonViewModel
    bringing: BringingViewModel
    own: OwnPictureViewModel

    @classmethod
    def beside(cls, latent: LatentScreen) -> "AttributesScreen":
        exploring, tasking = latent.exploring, latent.tasking
        directions = DirectionsViewModel(exploring)
        stage = AttributesStageViewModel(exploring, directions, tasking)
        return cls(
            latent=latent,
            looking=latent.looking,
            tasking=tasking,
            exploring=exploring,
            directions=directions,
            stage=stage,
            lesson=LessonViewModel(exploring, directions, stage, tasking),
            bringing=BringingViewModel(exploring, tasking),
            own=OwnPictureViewModel(exploring, stage, latent.exporting, tasking),
        )
