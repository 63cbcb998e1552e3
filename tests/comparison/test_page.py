"""The page: one file of valid HTML that needs nothing else, holds the pictures, and trusts no name."""

import base64
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from gen_studio.comparison import cost
from gen_studio.comparison.compare import Question, compare
from gen_studio.comparison.markup import data_uri, shown_size
from gen_studio.comparison.page import STYLE, render
from gen_studio.comparison.smoothness import DEFINITION
from gen_studio.core import paths
from gen_studio.core.runs import RunFolder
from gen_studio.inference import sampling
from gen_studio.training import checkpoint

VOID = {"meta", "img", "br"}
HOSTILE = "<script>alert('x')</script>\"><img src=http://evil.example/a.png onerror=alert(1)> & co"


class Page(HTMLParser):
    """Every element with its attributes; fails where an end does not fit its beginning."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.text, self._open = [], [], []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    @property
    def words(self):
        return " ".join("".join(self.text).split())

    def pictures(self):
        for tag, attributes in self.elements:
            if tag == "img":
                kind, content = attributes["src"].split(",")
                assert kind == "data:image/png;base64"
                with Image.open(io.BytesIO(base64.b64decode(content))) as image:
                    yield np.asarray(image)


@pytest.fixture(scope="module")
def comparison(trained):
    patch = pytest.MonkeyPatch()
    patch.setattr(cost, "ENOUGH_SECONDS", 0.0)
    names = ("vae", "dcgan", "ddpm", "edges")
    yield compare([trained[name] for name in names], Question(samples=6, seed=2, machine="A machine"))
    patch.undo()


@pytest.fixture(scope="module")
def text(comparison):
    return render(comparison)


def test_it_is_whole_and_every_element_ends_where_it_should(text):
    page = Page(text)
    assert text.startswith("<!doctype html>")
    tags = [tag for tag, _ in page.elements]
    assert tags.count("html") == tags.count("main") == tags.count("h1") == 1
    headings = ["Runs", "Settings in which they differ", "Samples", "Reconstructions", "Translations", "Figures"]
    for heading in (*headings, "Loss curves", "Sampling cost", "Papers"):
        assert page.text.count(heading) == 1


def test_it_needs_no_network_and_no_script(text):
    page = Page(text)
    assert "script" not in {tag for tag, _ in page.elements}
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href", "srcset", "xlink:href", "action", "data"):
            value = attributes.get(name)
            assert value is None or value.startswith(("data:", "#")), (tag, name)
    assert "http:" not in text and "https:" not in text
    assert "url(" not in text and "@import" not in text


def test_it_holds_every_runs_samples(text, trained):
    there = {picture.tobytes() for picture in Page(text).pictures()}
    for name in ("vae", "dcgan", "ddpm"):
        model = checkpoint.load_shown(RunFolder.open(trained[name])).model
        for picture in sampling.samples(model, 6, 2):
            assert picture[:, :, 0].tobytes() in there


def test_it_holds_held_out_pictures_inputs_and_targets(text, comparison):
    there = {picture.tobytes() for picture in Page(text).pictures()}
    for group in (*comparison.reconstructions, *comparison.translations):
        for strip in group.strips:
            assert all(picture.squeeze().tobytes() in there for picture in strip.pictures)


def test_a_name_is_never_markup(comparison, text):
    sides = tuple(replace(side, name=HOSTILE, data=HOSTILE) for side in comparison.sides)
    question = replace(comparison.question, title=HOSTILE, why=HOSTILE, machine=HOSTILE)
    strips = [replace(group, title=HOSTILE) for group in comparison.reconstructions]
    hostile = replace(comparison, sides=sides, question=question, reconstructions=tuple(strips))
    page = Page(render(hostile))
    assert [tag for tag, _ in page.elements if tag in ("script", "img")] == [
        tag for tag, _ in Page(text).elements if tag == "img"
    ]
    assert page.words.count(HOSTILE) > 8
    assert all("onerror" not in attributes for _, attributes in page.elements)


def test_it_says_that_the_data_differs_only_where_it_does(comparison, text):
    sentence = "not trained on the same pictures"
    assert sentence in Page(text).words
    assert sentence not in Page(render(replace(comparison, data_differs=False))).words


def test_it_defines_smoothness_and_names_the_machine(text):
    words = Page(text).words
    assert DEFINITION in words
    assert "at one thread (A machine)" in words


def test_runs_without_anything_in_common_still_make_a_page(comparison):
    bare = replace(
        comparison,
        sides=tuple(replace(side, losses=(), samples=None, images_per_second=None) for side in comparison.sides[:1]),
        settings=(),
        reconstructions=(),
        translations=(),
        figures=(),
        costs=(),
    )
    assert "Its readings were not kept." in Page(render(bare)).words


def test_pictures_keep_every_pixel():
    chance = np.random.default_rng(0)
    for shape in ((5, 7, 1), (5, 7, 3)):
        picture = chance.integers(0, 256, shape, np.uint8)
        content = base64.b64decode(data_uri(picture).split(",")[1])
        with Image.open(io.BytesIO(content)) as image:
            assert np.array_equal(np.asarray(image).reshape(shape), picture)


@pytest.mark.parametrize(
    ("side", "shown", "kind"),
    [
        (8, 64, "crisp"),
        (28, 56, "crisp"),
        (32, 64, "crisp"),
        (64, 64, "crisp"),
        (128, 128, "crisp"),
        (256, 128, "reduced"),
    ],
)
def test_small_pictures_grow_by_whole_pixels_and_large_ones_shrink(side, shown, kind):
    assert shown_size(side, side) == ((shown, shown), kind)


def test_the_style_has_the_apps_colours():
    from gen_studio.ui.theme import DARK, LIGHT

    style = (paths.resources() / STYLE).read_text(encoding="utf-8")
    for block, tokens in zip(re.findall(r":root \{(.*?)\}", style, re.DOTALL), (LIGHT, DARK), strict=True):
        said = dict(re.findall(r"--([\w-]+): (#\w{6})", block))
        wanted = {
            **{name: getattr(tokens, name.replace("-", "_")).name().upper() for name in said if len(name) > 2},
            "d": tokens.discriminator.name().upper(),
            "g": tokens.generator.name().upper(),
            **{f"s{place}": tokens.series[place - 1].name().upper() for place in range(3, 7)},
        }
        assert {name: code.upper() for name, code in said.items()} == wanted | {"bg": tokens.bg.name().upper()}
