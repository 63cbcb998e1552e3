"""Where a picture stands: fitting, zooming about a point, and the way there and back."""

import numpy as np
import pytest

from gen_studio.ui.canvas.box import Box
from gen_studio.ui.canvas.view import SIGHT, ZOOMS, View, centred, fitted, in_sight, stepped, zoomed


def test_a_small_picture_is_fitted_by_a_whole_multiple_and_a_large_one_exactly() -> None:
    assert fitted((64, 64), (700, 500)).zoom == 7
    assert fitted((2048, 1024), (1000, 1000), margin=8).zoom == pytest.approx(984 / 2048)
    view = fitted((64, 64), (700, 500))
    assert (view.left, view.top) == ((700 - 448) // 2, (500 - 448) // 2)


def test_the_place_under_the_pointer_stays_there() -> None:
    view = centred((640, 480), (900, 700), 1.0)
    for zoom in ZOOMS:
        closer = zoomed(view, zoom, 333, 222)
        before, after = view.to_picture(333, 222), closer.to_picture(333, 222)
        assert np.allclose(before, after, atol=0.5 / zoom + 1e-9)


def test_steps_go_through_all_zooms_and_stop_at_both_ends() -> None:
    zoom, seen = ZOOMS[0], [ZOOMS[0]]
    while (following := stepped(zoom, 1)) != zoom:
        zoom = following
        seen.append(zoom)
    assert tuple(seen) == ZOOMS and stepped(ZOOMS[0], -1) == ZOOMS[0]
    assert stepped(0.7, 1) == 1.0 and stepped(0.7, -1) == pytest.approx(2 / 3)
    assert stepped(1.0, 3) == 4.0


@pytest.mark.parametrize("view", [View(0.37, 12, -40), View(3.0, -7, 5), View(1.0, 0, 0)])
def test_a_box_and_the_pixels_seen_in_its_place_agree(view: View) -> None:
    box = Box(10, 20, 17, 31)
    place = view.place(box)
    seen = view.seen(place)
    assert seen.left <= box.left and seen.top <= box.top and seen.right >= box.right and seen.bottom >= box.bottom
    assert view.to_picture(*view.to_device(3.25, 8.5)) == pytest.approx((3.25, 8.5))


def test_a_picture_cannot_be_lost_beyond_the_border() -> None:
    for view in (View(2.0, 5000, 5000), View(2.0, -5000, -5000)):
        kept = in_sight(view, (100, 100), (600, 400))
        place = kept.place(Box(0, 0, 100, 100)).within(Box(0, 0, 600, 400))
        assert (place.width, place.height) == (SIGHT, SIGHT)
    inside = View(2.0, 100, 50)
    assert in_sight(inside, (100, 100), (600, 400)) == inside
