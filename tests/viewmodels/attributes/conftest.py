"""The Attributes screen without a window, over a service and a thread that answer when a test says so."""

import pytest

from gen_studio.testing.looker import RUN, FakeLooker
from gen_studio.testing.tasker import FakeTasker
from gen_studio.viewmodels.attributes_screen import AttributesScreen
from gen_studio.viewmodels.latent_screen import LatentScreen


@pytest.fixture
def looker(qapp) -> FakeLooker:
    return FakeLooker()


@pytest.fixture
def tasker(qapp) -> FakeTasker:
    return FakeTasker()


@pytest.fixture
def latent(looker, tasker) -> LatentScreen:
    return LatentScreen.over(looker, tasker)


@pytest.fixture
def screen(latent, looker) -> AttributesScreen:
    screen = AttributesScreen.beside(latent)
    screen.stage.watch(True)
    screen.looking.open(RUN)
    looker.say_opened()
    looker.settle()
    return screen
