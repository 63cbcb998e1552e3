"""MNIST and its relatives from files of a few pictures."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import DataPlan
from gen_studio.data.catalog import load


def write_idx(path: Path, array: np.ndarray, packed: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = struct.pack(f">I{array.ndim}I", 0x800 + array.ndim, *array.shape) + array.astype(np.uint8).tobytes()
    if packed:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content))
    else:
        path.write_bytes(content)


def write_set(folder: Path, packed: bool = False) -> np.ndarray:
    images = np.random.default_rng(0).integers(0, 256, (80, 28, 28))
    for part, chosen in (("train", slice(0, 60)), ("t10k", slice(60, 80))):
        write_idx(folder / f"{part}-images-idx3-ubyte", images[chosen], packed)
        write_idx(folder / f"{part}-labels-idx1-ubyte", np.arange(80)[chosen] % 10, packed)
    return images.astype(np.uint8)


@pytest.mark.parametrize("packed", [False, True])
def test_the_files_are_read_as_torchvision_leaves_them(tmp_path: Path, packed: bool) -> None:
    images = write_set(tmp_path / "FashionMNIST" / "raw", packed)
    loaded = load(DataPlan(source="fashion-mnist"), root=tmp_path)
    assert [len(part) for part in loaded.splits.values()][2] == 20 and len(loaded) == 80
    assert loaded.spec.shape == (1, 28, 28) and loaded.spec.classes[9] == "Ankle boot"
    tested = {image.tobytes() for image in images[60:]}
    assert {image.numpy().tobytes() for image in loaded.test.images[:, 0]} == tested


def test_32_pixels_are_reached_with_a_black_frame_and_that_is_said(tmp_path: Path) -> None:
    images = write_set(tmp_path / "MNIST" / "raw")
    loaded = load(DataPlan(source="mnist", size=32), root=tmp_path)
    framed = loaded.test.images[:, 0].numpy()
    assert framed[:, :2].max() == framed[:, :, -2:].max() == 0
    assert {image.tobytes() for image in framed[:, 2:-2, 2:-2]} == {image.tobytes() for image in images[60:]}
    assert any("Framed in black" in note for note in loaded.notes)


def test_other_sizes_are_smoothly_resized(tmp_path: Path) -> None:
    write_set(tmp_path / "MNIST" / "raw")
    loaded = load(DataPlan(source="mnist", size=14), root=tmp_path)
    assert loaded.spec.shape == (1, 14, 14)
    assert loaded.train.images.float().std() < 50  # noise averages out


def test_the_root_is_kept_in_the_plan_so_that_a_run_finds_its_data_again(tmp_path: Path) -> None:
    write_set(tmp_path / "MNIST" / "raw")
    plan = load(DataPlan(source="mnist"), root=tmp_path).plan
    assert len(load(plan)) == 80


def test_the_root_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_set(tmp_path / "KMNIST" / "raw")
    monkeypatch.setenv("GEN_STUDIO_DATASETS", str(tmp_path))
    assert len(load(DataPlan(source="kmnist"))) == 80


def test_missing_files_are_a_sentence_with_two_ways_out(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"MNIST is not in .* --download, or name the folder .* --root"):
        load(DataPlan(source="mnist"), root=tmp_path)


@pytest.mark.parametrize("damage", [lambda content: content[:-5], lambda content: b"<html>" + content])
def test_damaged_files_are_a_sentence(tmp_path: Path, damage) -> None:
    write_set(tmp_path / "MNIST" / "raw")
    path = tmp_path / "MNIST" / "raw" / "train-images-idx3-ubyte"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(WrongUse, match="is damaged"):
        load(DataPlan(source="mnist"), root=tmp_path)
