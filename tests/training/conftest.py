"""Sessions on something small."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gen_studio.core.runs import RunFolder, Status
from gen_studio.models import registry
from gen_studio.testing import subjects
from gen_studio.testing.subjects import Family
from gen_studio.training.session import TrainingSession

MakeSession = Callable[..., TrainingSession]


def families(players: int) -> list[Family]:
    """The families with so many players."""
    found = []
    for family in registry.families().values():
        rates = [field for field in family.describe().fields if field.rate_of]
        if len(rates) == players:
            found.append(family)
    return found


@pytest.fixture(params=[1, 2], ids=["one player", "two players"])
def family(request: pytest.FixtureRequest) -> Family:
    """One that has a score of its own, and one that is a game of two."""
    return families(request.param)[0]


@pytest.fixture
def open_session(tmp_path: Path, family: Family) -> Iterator[MakeSession]:
    """Begins the run of that name, or takes it up again."""
    with ExitStack() as stack:

        def opened(name: str = "run", from_step: int | None = None, **plan: object) -> TrainingSession:
            path = tmp_path / name
            if not path.exists():
                RunFolder.create(path, subjects.plan_for(family, None, **plan), Status(name=name))
            folder = RunFolder.open(path)
            changed = folder.plan().model_copy(update=plan)
            return stack.enter_context(TrainingSession(changed, subjects.dataset(), folder, from_step))

        yield opened
