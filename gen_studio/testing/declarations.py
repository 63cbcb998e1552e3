"""What a family says of itself before it is built: its settings, its entry in the library, its objections."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from enum import Enum
from typing import Any, ClassVar

import pytest
import torch

from gen_studio.core.config import fields_of
from gen_studio.core.errors import WrongUse
from gen_studio.inference.views import possible_views
from gen_studio.models.base import build
from gen_studio.testing import subjects
from gen_studio.testing.subjects import Family
from gen_studio.training.learner import Learner

SIZES_OF_SOURCES = (8, 28, 32, 64, 100, 178, 256)
SHAPES = ((12, 12), (17, 17), (16, 24))


class DeclarationContract:
    tiny: ClassVar[Mapping[str, Any]]

    def test_its_settings_survive_json(self, family: Family) -> None:
        for config in (family.Config(), subjects.tiny_config(family, self.tiny)):
            assert family.Config.parse(json.loads(config.model_dump_json())) == config

    def test_an_unknown_setting_is_refused_with_a_sentence(self, family: Family) -> None:
        with pytest.raises(WrongUse, match="There is no setting"):
            family.Config.parse({"settng": 1})

    def test_every_setting_has_a_title_and_a_description(self, family: Family) -> None:
        for field in fields_of(family.Config):
            assert field.title[:1].isupper(), field.key
            assert is_sentence(field.description), field.key

    def test_its_entry_in_the_library_is_complete(self, family: Family) -> None:
        info = family.info
        assert re.fullmatch(r"[a-z][a-z0-9_-]*", info.key)
        assert info.title
        assert is_sentence(info.summary)
        assert "\n" not in info.summary
        assert str(info.year) in info.paper
        assert family.__doc__, "the docstring names the paper and the losses"

    def test_its_description_is_made_of_plain_values(self, family: Family) -> None:
        def enum_value(value: object) -> object:
            assert isinstance(value, Enum), f"{value!r} is not plain"
            return value.value

        assert json.dumps(asdict(family.describe()), default=enum_value)

    def test_its_metrics_can_be_drawn(self, family: Family) -> None:
        keys = [metric.key for metric in family.metrics]
        assert keys
        assert len(set(keys)) == len(keys)
        assert all(metric.title for metric in family.metrics)

    def test_there_is_something_to_look_at(self, family: Family) -> None:
        assert family.describe().capabilities
        assert possible_views(family)

    def test_it_accepts_data_that_has_everything(self, family: Family) -> None:
        for channels, size in ((1, 16), (3, 16), (1, 32), (3, 32)):
            assert family.objection(subjects.spec(channels, size)) is None

    def test_it_objects_in_a_sentence_to_data_without_what_it_needs(self, family: Family) -> None:
        without: dict[str, dict[str, Any]] = {
            "pairs": {"input_channels": None},
            "labels": {"classes": ()},
            "attributes": {"attributes": ()},
            "layouts": {"layout": ()},
            "domains": {"domains": ()},
        }
        for need in family.needs:
            assert need in without, f"the contract does not know of data without {need}"
            poor = replace(subjects.spec(), **without[need])
            objection = family.objection(poor)
            assert objection is not None, need
            assert is_sentence(objection)
            assert family.info.title in objection
            with pytest.raises(WrongUse, match=re.escape(objection)):
                build(family, subjects.tiny_config(family, self.tiny), poor, torch.Generator())

    def test_a_shape_it_does_not_object_to_it_can_learn(self, family: Family) -> None:
        for height, width in SHAPES:
            data = subjects.pictures(size=height, width=width, count=8)
            objection = family.objection(data.spec)
            if objection is not None:
                assert is_sentence(objection)
            else:
                Learner(subjects.plan_for(family, self.tiny), data).take_step()

    def test_the_size_it_proposes_is_one_it_can_learn(self, family: Family) -> None:
        for size in SIZES_OF_SOURCES:
            fitting = family.fitting_size(size)
            data = replace(subjects.spec(), height=fitting, width=fitting)
            assert family.objection(data) is None, f"{size} becomes {fitting}"


def is_sentence(text: str) -> bool:
    return " " in text and text.endswith(".") and text == text.strip()
