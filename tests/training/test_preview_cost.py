"""Pictures that take long each are drawn in smaller numbers, and all others in full."""

from types import SimpleNamespace

import pytest

from gen_studio.core.events import Pictured
from gen_studio.testing.sessions import of
from gen_studio.training import previews


class Clock:
    """Stands still but for the drawing of pictures."""

    def __init__(self, seconds_each: float, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.drawn: list[int] = []
        render = previews.render

        def slow(view, model, examples, count, rng):
            self.now += seconds_each * count
            self.drawn.append(count)
            return render(view, model, examples, count, rng)

        monkeypatch.setattr(previews, "render", slow)
        monkeypatch.setattr(previews, "time", SimpleNamespace(perf_counter=lambda: self.now))


def asked_for(open_session, seconds_each: float, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """By view, how many belong together and how many of them were drawn, after two were tried."""
    clock = Clock(seconds_each, monkeypatch)
    shown = of(Pictured, open_session(steps=3).advance(0))
    assert shown and len(clock.drawn) == 3 * len(shown)
    assert set(clock.drawn[0::3] + clock.drawn[1::3]) == {1}
    return list(zip([event.per_item for event in shown], clock.drawn[2::3], strict=True))


def test_cheap_pictures_are_all_drawn(open_session, monkeypatch: pytest.MonkeyPatch) -> None:
    for per_item, items in asked_for(open_session, 0.001, monkeypatch):
        assert items == previews.PICTURES // per_item


@pytest.mark.parametrize(("seconds_each", "expected"), [(0.5, 16), (2.0, 4), (100.0, 4)])
def test_dear_pictures_are_as_few_as_the_time_allows(
    open_session, seconds_each: float, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {items for _, items in asked_for(open_session, seconds_each, monkeypatch)} == {expected}


def test_their_number_stays_what_it_was(open_session, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(0.5, monkeypatch)
    session = open_session(steps=3)
    views = len(of(Pictured, session.advance(0)))
    before = list(clock.drawn)
    assert before == [1, 1, 16] * views
    clock.now += 1e6  # whatever was spent is a small share now
    session.advance(0)
    assert set(clock.drawn[len(before) :]) <= {16} and len(clock.drawn) > len(before)
