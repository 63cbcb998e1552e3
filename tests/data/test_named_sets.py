"""CIFAR-10, SVHN and CelebA from tiny stand-ins in the publishers' formats."""

import hashlib
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import DataPlan
from gen_studio.data.catalog import load
from gen_studio.data.spec import Split


def colourful(number: int) -> np.ndarray:
    return np.random.default_rng(number).integers(0, 256, (number, 3, 32, 32)).astype(np.uint8)


def written(path: Path, content: object) -> list[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(content))
    return [path.name, hashlib.md5(path.read_bytes()).hexdigest()]


def test_cifar_10_is_read_by_torchvision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from torchvision.datasets import CIFAR10

    folder = tmp_path / CIFAR10.base_folder
    images = colourful(30)
    train = written(folder / "data_batch_1", {"data": images[:24].reshape(24, -1), "labels": [1] * 24})
    test = written(folder / "test_batch", {"data": images[24:].reshape(6, -1), "labels": [2] * 6})
    meta = written(folder / "batches.meta", {"label_names": ["plane", "car", "bird"]})
    monkeypatch.setattr(CIFAR10, "train_list", [train])
    monkeypatch.setattr(CIFAR10, "test_list", [test])
    monkeypatch.setattr(CIFAR10, "meta", {"filename": meta[0], "key": "label_names", "md5": meta[1]})
    found = load(DataPlan(source="cifar-10"), root=tmp_path)
    assert found.spec.shape == (3, 32, 32) and found.counts() == {"plane": 0, "car": 24, "bird": 6}
    assert {picture.numpy().tobytes() for picture in found.test.images} == {
        picture.tobytes() for picture in images[24:]
    }

    (folder / "data_batch_1").write_bytes(pickle.dumps({"data": images}))
    with pytest.raises(WrongUse, match=r"files of CIFAR-10 in .* are damaged"):
        load(DataPlan(source="cifar-10"), root=tmp_path)


def test_svhn_is_read_by_torchvision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from torchvision.datasets import SVHN

    images, published = colourful(30), {}
    for split, chosen in (("train", slice(0, 24)), ("test", slice(24, 30))):
        path = tmp_path / f"{split}_32x32.mat"
        savemat(path, {"X": images[chosen].transpose(2, 3, 1, 0), "y": np.full((24 if split == "train" else 6, 1), 10)})
        published[split] = ["", path.name, hashlib.md5(path.read_bytes()).hexdigest()]
    monkeypatch.setattr(SVHN, "split_list", published)
    found = load(DataPlan(source="svhn"), root=tmp_path)
    assert found.counts()["0"] == 30 and len(found.test) == 6
    assert {picture.numpy().tobytes() for picture in found.test.images} == {
        picture.tobytes() for picture in images[24:]
    }


@pytest.mark.parametrize("packed", [False, True])
def test_celeba_keeps_its_splits_from_the_zip_and_from_the_folder(
    tmp_path: Path, draw: Callable[..., Path], packed: bool
) -> None:
    names = [f"{number:06}.jpg" for number in range(1, 13)]
    for name in names:
        path = draw(tmp_path / "celeba" / "img_align_celeba" / name, size=(178, 218))
        if packed:
            with zipfile.ZipFile(tmp_path / "celeba" / "img_align_celeba.zip", "a") as archive:
                archive.write(path, f"img_align_celeba/{name}")
            path.unlink()
    if packed:
        (tmp_path / "celeba" / "img_align_celeba").rmdir()
    lines = [f"{name} {0 if number < 7 else 1 if number < 10 else 2}" for number, name in enumerate(names)]
    (tmp_path / "celeba" / "list_eval_partition.txt").write_text("\n".join(lines))
    found = load(DataPlan(source="celeba"), root=tmp_path)
    assert found.spec.shape == (3, 64, 64)
    assert [len(found.splits[split]) for split in Split] == [7, 3, 2]


@pytest.mark.parametrize("key", ["cifar-10", "svhn", "celeba", "kmnist", "fashion-mnist"])
def test_missing_sets_are_a_sentence(tmp_path: Path, key: str) -> None:
    with pytest.raises(WrongUse, match=r"is not in .* --download, or name the folder"):
        load(DataPlan(source=key), root=tmp_path)
