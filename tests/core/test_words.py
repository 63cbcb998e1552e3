"""Numbers and names in the words of the app."""

import pytest

from gen_studio.core.words import count, duration, one_of, plain, short_name, size


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-1, "0 s"), (0, "0 s"), (8.4, "8 s"), (89, "89 s"), (90, "2 min"), (1140, "19 min"), (5399, "1 h 30 min")],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (640_000, "640 KB"), (1_500_000_000, "1.5 GB"), (12_000_000, "12 MB")],
)
def test_sizes(number: int, words: str) -> None:
    assert size(number) == words


def test_counts() -> None:
    assert count(1, "picture") == "1 picture"
    assert count(1797, "picture") == "1,797 pictures"
    assert count(0, "class", "classes") == "0 classes"


@pytest.mark.parametrize(("number", "words"), [(1, "1"), (10_000_000, "10,000,000"), (0.5, "0.5"), (1e-4, "0.0001")])
def test_bounds(number: float, words: str) -> None:
    assert plain(number) == words


def test_a_wrong_name_gets_the_likely_one_or_all() -> None:
    assert one_of("Models", ["alpha", "beta"], wrong="alhpa") == 'Did you mean "alpha"?'
    assert one_of("Models", ["alpha", "beta"], wrong="zzz") == "Models: alpha, beta."


def test_players_have_short_names() -> None:
    assert [short_name(name) for name in ("discriminator", "generator", "code_critic")] == ["D", "G", "Code critic"]
