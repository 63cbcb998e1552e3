"""A few pictures that no training sees: the same ones as the whole data set holds out."""

import numpy as np
import pytest

from gen_studio.core.plan import DataPlan
from gen_studio.data import catalog, held_out


@pytest.mark.parametrize(
    "settings",
    [
        {"source": "digits", "size": 8, "limit": 90},
        {"source": "toy_faces", "size": 8, "count": 60, "pairs": "edges"},
        {"source": "scenes", "size": 8, "count": 60},
    ],
)
def test_a_few_held_out_pictures_are_among_those_of_the_whole_set(settings) -> None:
    plan = DataPlan.parse(settings)
    validation = catalog.load(plan).validation
    columns = held_out.some(plan, 5, seed=1)
    assert 1 <= len(columns["images"]) <= 5
    whole = {image.tobytes(): place for place, image in enumerate(validation.images.numpy())}
    for place, image in enumerate(columns["images"]):
        row = whole[image.tobytes()]
        if "inputs" in columns:
            assert np.array_equal(columns["inputs"][place], validation.columns["inputs"][row].numpy())
        if "layout" in columns:
            assert np.array_equal(columns["layout"][place, 0], validation.columns["layout"][row].numpy())


def test_of_two_domains_each_has_its_own() -> None:
    plan = DataPlan.parse({"source": "toy_faces", "size": 8, "count": 60, "domains": "glasses"})
    validation = catalog.load(plan).validation
    for second, whole in ((False, validation.images), (True, validation.others)):
        known = {image.tobytes() for image in whole.numpy()}
        found = held_out.some(plan, 3, seed=0, second=second)["images"]
        assert len(found) and all(image.tobytes() in known for image in found)
