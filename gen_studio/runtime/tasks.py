"""Which function carries out which task. Imported on the thread that does so, because torch comes with it."""

from gen_studio.core.jobs import Report
from gen_studio.core.tasks import FilmWalk, Result, Task, Written
from gen_studio.inference import film, walking
from gen_studio.inference.answering import able
from gen_studio.models.capabilities import HasCode
from gen_studio.runtime.show import OnShow


def carry_out(task: Task, shown: OnShow, report: Report) -> Result:
    """Raises UserError with a sentence, and lets through what `report` raises."""
    match task:
        case FilmWalk():
            return _film(task, shown, report)


def _film(task: FilmWalk, shown: OnShow, report: Report) -> Written:
    model = able(shown.model, HasCode, "latents to walk through")
    film.check(task.path, task.rate)
    count = len(walking.moments(task.walk, task.rate))
    frames = walking.frames(model, task.walk, task.rate, shown.device)
    film.write(task.path, frames, count, film.Format(task.height, task.scaling, task.rate), report)
    return Written(task.path)
