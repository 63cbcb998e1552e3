"""The user's own pictures: a folder or a zip of them, and files that hold a pair side by side."""

from collections.abc import Sequence
from pathlib import Path

from gen_studio.core.description import SourceInfo
from gen_studio.core.plan import DataPlan, Side
from gen_studio.data import files, pictures
from gen_studio.data.files import Decoded
from gen_studio.data.layout import layout
from gen_studio.data.pictures import Unreadable
from gen_studio.data.source import Gallery, Remark, Request, Source
from gen_studio.data.trees import Entry, Tree, tree_at

SIZE = 64  # small enough to learn on a processor in minutes, large enough to tell what is shown


def decode_picture(content: bytes, plan: DataPlan) -> Decoded:
    """A file that is one picture."""
    size = plan.size or SIZE
    upright = pictures.decoded(content, size)
    if pictures.is_enlarged(upright.image, size, plan.fit):
        upright.remarks[Remark.ENLARGED] = 1
    return Decoded(pictures.square(upright.image, size, plan.fit), remarks=upright.remarks)


def decode_pair(content: bytes, plan: DataPlan) -> Decoded:
    """A file that is two pictures of equal width, side by side."""
    size = plan.size or SIZE
    upright = pictures.decoded(content, size)
    width, height = upright.image.size
    if width % 2:
        raise Unreadable(f"has an odd width ({width} pixels), so it is not two halves")
    halves = {
        Side.LEFT: upright.image.crop((0, 0, width // 2, height)),
        Side.RIGHT: upright.image.crop((width // 2, 0, width, height)),
    }
    question = halves.pop(plan.question)
    (answer,) = halves.values()
    if pictures.is_enlarged(answer, size, plan.fit):
        upright.remarks[Remark.ENLARGED] = 1
    if answer.width != answer.height:
        upright.remarks[Remark.NOT_SQUARE] = 1
    return Decoded(pictures.square(answer, size, plan.fit), pictures.square(question, size, plan.fit), upright.remarks)


class Folder(Source):
    info = SourceInfo(
        key="folder",
        title="Folder or zip",
        summary="Your own pictures. Sub-folders are classes.",
        default_size=SIZE,
        needs_path=True,
    )

    def open(self, request: Request) -> Gallery:
        assert request.plan.path is not None, "the catalog has asked for it"
        tree = tree_at(Path(request.plan.path))
        entries = files.picture_entries(tree)
        gallery = self._gallery(tree, entries)
        return gallery.laid_out(layout(gallery.names))

    def _gallery(self, tree: Tree, entries: Sequence[Entry]) -> Gallery:
        return files.gallery(tree, entries, decode_picture)


class SideBySide(Folder):
    info = SourceInfo(
        key="pairs",
        title="Side-by-side pairs",
        summary="A folder or zip of files that hold question and answer side by side.",
        default_size=SIZE,
        needs_path=True,
        offers=("pairs",),
    )

    def _gallery(self, tree: Tree, entries: Sequence[Entry]) -> Gallery:
        return files.gallery(tree, entries, decode_pair, has_inputs=True)
