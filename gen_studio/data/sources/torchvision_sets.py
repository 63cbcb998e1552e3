"""CIFAR-10 and SVHN, read by torchvision once it has found their checksums to be the published ones."""

import tarfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gen_studio.core.atomic import new_folder
from gen_studio.core.description import SourceInfo
from gen_studio.core.errors import WrongUse
from gen_studio.data import arrays
from gen_studio.data.download import Download, fetch_all, missing
from gen_studio.data.source import Gallery, Pictures, Request, Source
from gen_studio.data.spec import Split


class Cifar10(Source):
    info = SourceInfo(
        key="cifar-10",
        title="CIFAR-10",
        summary="60,000 photographs of ten kinds of things, 32x32 colour.",
        default_size=32,
        native_size=32,
        pictures=60_000,
        downloadable=True,
        offers=("labels",),
    )

    def open(self, request: Request) -> Gallery:
        from torchvision.datasets import CIFAR10

        folder = request.root / CIFAR10.base_folder
        if not folder.is_dir():
            self._fetch(request, folder)
        try:
            # These files are pickles. torchvision unpickles none whose checksum is not the published one.
            parts = [CIFAR10(request.root, train=train) for train in (True, False)]
        except RuntimeError as error:
            raise damaged(self.info, folder) from error
        pictures = [np.asarray(part.data, dtype=np.uint8).transpose(0, 3, 1, 2) for part in parts]
        return _gallery(str(folder), pictures, [part.targets for part in parts], tuple(parts[0].classes))

    def _fetch(self, request: Request, folder: Path) -> None:
        from torchvision.datasets import CIFAR10

        if not request.download:
            raise missing(self.info, request.root)
        packed = request.root / CIFAR10.filename
        fetch_all([Download((CIFAR10.url,), packed, CIFAR10.tgz_md5)], self.info.title, request.report)
        with new_folder(folder) as unfinished, tarfile.open(packed) as archive:
            for member in archive.getmembers():
                if member.isfile() and (content := archive.extractfile(member)) is not None:
                    (unfinished / Path(member.name).name).write_bytes(content.read())


class Svhn(Source):
    info = SourceInfo(
        key="svhn",
        title="SVHN",
        summary="99,289 house numbers from street photographs, 32x32 colour.",
        default_size=32,
        native_size=32,
        pictures=99_289,
        downloadable=True,
        offers=("labels",),
    )

    def open(self, request: Request) -> Gallery:
        from torchvision.datasets import SVHN

        published = {split: SVHN.split_list[split] for split in ("train", "test")}
        if not all((request.root / name).is_file() for _, name, _ in published.values()):
            if not request.download:
                raise missing(self.info, request.root)
            downloads = [Download((url,), request.root / name, md5) for url, name, md5 in published.values()]
            fetch_all(downloads, self.info.title, request.report)
        try:
            parts = [SVHN(str(request.root), split=split) for split in published]
        except RuntimeError as error:
            raise damaged(self.info, request.root) from error
        return _gallery(
            str(request.root), [part.data for part in parts], [part.labels for part in parts], tuple("0123456789")
        )


def damaged(info: SourceInfo, folder: Path) -> WrongUse:
    """The error for files that are not the published ones."""
    return WrongUse(f"The files of {info.title} in {folder} are damaged. Delete them and download them again.")


def _gallery(
    place: str, pictures: Sequence[Pictures], labels: Sequence[Sequence[int]], classes: tuple[str, ...]
) -> Gallery:
    trained, tested = (len(part) for part in pictures)
    names = [f"train/{index}" for index in range(trained)] + [f"test/{index}" for index in range(tested)]
    gallery = arrays.gallery(np.concatenate(pictures), names, place)
    numbers = np.concatenate([np.asarray(part, dtype=np.int64) for part in labels])
    return gallery.labelled(numbers, classes).published([None] * trained + [Split.TEST] * tested)
