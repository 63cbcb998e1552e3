"""Sets that are drawn by code: always there, as many pictures as one likes, and everything about each is known."""

from collections.abc import Generator
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.description import SourceInfo
from gen_studio.core.plan import Counterpart, DataPlan
from gen_studio.data.drawing import face_parts, scene_parts, scenes, sprites
from gen_studio.data.drawing.design import Design, Table, Values
from gen_studio.data.source import Gallery, Portion, Request, Rows, Source

PORTION = 50  # pictures between two reports of progress
KEEP_ABOVE = 16_000_000  # bytes; drawing so much takes seconds, each time the app starts
SIZE = 64


class DrawnSource(Source):
    """Picture i of a seed is the same however many are drawn; the count only says how many there are."""

    design: ClassVar[Design]

    def open(self, request: Request) -> Gallery:
        plan, design = request.plan, self.design
        rows = np.arange(plan.count)
        table = design.table(plan.seed, rows)
        return Gallery(
            names=[str(row) for row in range(plan.count)],
            read=partial(_read, design, table),
            fingerprint=f"{design.key} {design.version}",
            keep_above=KEEP_ABOVE,
            channels=3,
            attributes=design.attributes,
            table=self.shown(table, plan),
            layout=design.layout,
        )

    def shown(self, table: Table, plan: DataPlan) -> Table:
        """The attributes of the pictures as they are learnt: those of the answers, where there are questions."""
        attribute = dict(self.design.change).get(plan.counterpart) if plan.counterpart else None
        if attribute is None:
            return table
        changed = table.copy()
        changed[:, self.design.place(attribute)] = 1
        return changed


class Sprites(DrawnSource):
    design = sprites.DESIGN
    info = SourceInfo(
        key="sprites",
        title="Sprites",
        summary="Drawn: one shape; kind, scale, rotation and place are known.",
        default_size=SIZE,
        offers=("labels", "attributes", "layouts"),
        drawn=True,
        attributes=design.attributes,
        layout=design.layout,
        classes=sprites.SHAPES,
        counterparts=(Counterpart.LAYOUT,),
    )

    def open(self, request: Request) -> Gallery:
        gallery = super().open(request)
        assert gallery.table is not None
        return gallery.labelled(gallery.table[:, self.design.place("shape")].astype(np.int64), sprites.SHAPES)


class ToyFaces(DrawnSource):
    design = face_parts.DESIGN
    info = SourceInfo(
        key="toy_faces",
        title="Toy faces",
        summary="Drawn: cartoon portraits with ten attributes and exact parts.",
        default_size=SIZE,
        offers=("attributes", "layouts"),
        drawn=True,
        attributes=design.attributes,
        layout=design.layout,
        counterparts=(Counterpart.LAYOUT,),
        usual_domains="glasses",
    )


class Scenes(DrawnSource):
    design = scene_parts.DESIGN
    info = SourceInfo(
        key="scenes",
        title="Scenes",
        summary="Drawn: houses and trees by day and night, summer and winter.",
        default_size=SIZE,
        offers=("labels", "attributes", "layouts"),
        drawn=True,
        attributes=design.attributes,
        layout=design.layout,
        classes=scenes.CLASSES,
        counterparts=(Counterpart.LAYOUT, Counterpart.DAY, Counterpart.SUMMER),
        usual_domains="night",
    )

    def open(self, request: Request) -> Gallery:
        gallery = super().open(request)
        assert gallery.table is not None
        night, winter = (gallery.table[:, self.design.place(name)] for name in ("night", "winter"))
        return gallery.labelled((night + 2 * winter).astype(np.int64), scenes.CLASSES)


def _read(design: Design, table: Table, rows: Rows, plan: DataPlan) -> Generator[Portion, None, None]:
    for start in range(0, len(rows), PORTION):
        part = rows[start : start + PORTION]
        details = design.rest(plan.seed, part)
        yield _portion(design, part, table[part], details, plan)


def _portion(design: Design, rows: Rows, table: Table, details: NDArray[np.float64], plan: DataPlan) -> Portion:
    size, kind = plan.size or SIZE, plan.counterpart
    images = np.empty((len(rows), 3, size, size), dtype=np.uint8)
    layouts = np.empty((len(rows), size, size), dtype=np.uint8)
    changes = kind is not None and kind in dict(design.change)
    inputs = np.empty_like(images) if changes else None
    for place, (values, rest) in enumerate(zip(table.tolist(), details.tolist(), strict=True)):
        answer: Values = values
        if kind is not None and inputs is not None:
            question, answer = design.counterpart(values, kind)
            inputs[place] = design.canvas(question, rest, size).picture()
        canvas = design.canvas(answer, rest, size)
        images[place], layouts[place] = canvas.picture(), canvas.layout()
    return Portion(rows=rows, images=images, inputs=inputs, layouts=layouts)
