"""CelebA: 202,599 faces, decoded straight from the publisher's zip or from the folder it was unpacked to."""

from dataclasses import replace
from pathlib import Path, PurePosixPath

from gen_studio.core.description import SourceInfo
from gen_studio.core.errors import WrongUse
from gen_studio.data import files
from gen_studio.data.download import Download, fetch_all, missing
from gen_studio.data.source import Gallery, Request, Source
from gen_studio.data.sources.folder import decode_picture
from gen_studio.data.sources.table import with_table
from gen_studio.data.spec import Split
from gen_studio.data.trees import tree_at

PICTURES = "img_align_celeba"
PARTITION = "list_eval_partition.txt"
ATTRIBUTES = "list_attr_celeba.txt"
SPLITS = {"0": Split.TRAIN, "1": Split.VALIDATION, "2": Split.TEST}
DRIVE = "https://drive.usercontent.google.com/download?id={}&export=download&confirm=t"


class CelebA(Source):
    info = SourceInfo(
        key="celeba",
        title="CelebA",
        summary="202,599 photographs of faces, cropped to a square.",
        default_size=64,
        pictures=202_599,
        downloadable=True,
        offers=("attributes",),
        usual_domains="Smiling",
    )

    def open(self, request: Request) -> Gallery:
        folder = self._found(request)
        unpacked = folder / PICTURES
        tree = tree_at(unpacked if unpacked.is_dir() else folder / f"{PICTURES}.zip")
        entries, attributes = files.picture_entries(tree), folder / ATTRIBUTES
        if attributes.is_file():
            gallery = with_table(tree, entries, attributes.read_bytes(), str(attributes))
        else:
            gallery = files.gallery(tree, entries, decode_picture)
            sentence = f"No attributes: put {ATTRIBUTES} into {folder} to have them."
            gallery = replace(gallery, notes=(*gallery.notes, sentence))
        # Names without the folder of the zip: a picture stays in its split when the zip is unpacked.
        published = read_partition(folder / PARTITION)
        return replace(gallery, official=[published.get(PurePosixPath(name).name) for name in gallery.names])

    def _found(self, request: Request) -> Path:
        for folder in (request.root / "celeba", request.root):
            pictures = (folder / PICTURES).is_dir() or (folder / f"{PICTURES}.zip").is_file()
            if pictures and (folder / PARTITION).is_file():
                return folder
        if not request.download:
            raise missing(self.info, request.root)
        folder = request.root / "celeba"
        fetch_all(_downloads(folder), self.info.title, request.report)
        return folder


def read_partition(path: Path) -> dict[str, Split]:
    """The publisher's splits: a line for each picture, "000001.jpg 0"."""
    try:
        lines = path.read_text().splitlines()
        return {name: SPLITS[number] for name, number in (line.split() for line in lines if line.strip())}
    except (ValueError, KeyError, OSError) as error:
        raise WrongUse(f"{path} is damaged. Delete it and download CelebA again.") from error


def _downloads(folder: Path) -> list[Download]:
    from torchvision.datasets import CelebA as Published

    return [
        Download((DRIVE.format(file_id),), folder / name, md5)
        for file_id, md5, name in Published.file_list
        if name in (f"{PICTURES}.zip", PARTITION, ATTRIBUTES)
    ]
