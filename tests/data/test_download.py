"""Fetching files from a server of the test's own."""

import gzip
import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gen_studio.core.errors import Cancelled, UserError
from gen_studio.core.jobs import Progress, unheard
from gen_studio.data.catalog import load, parse_source
from gen_studio.data.download import Download, fetch_all

CONTENT = bytes(range(256)) * 4000


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address at which its files are had."""
    folder = tmp_path / "served"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def one_file(served: tuple[Path, str], target: Path, content: bytes = CONTENT) -> Download:
    (served[0] / "file.bin").write_bytes(CONTENT)
    md5 = hashlib.md5(content).hexdigest()
    return Download((served[1] + "none.bin", served[1] + "file.bin"), target / "file.bin", md5)


def test_a_file_comes_from_the_first_place_that_has_it_with_progress(served: tuple[Path, str], tmp_path: Path) -> None:
    seen: list[Progress] = []
    fetch_all([one_file(served, tmp_path / "root")], "Test", seen.append)
    assert (tmp_path / "root" / "file.bin").read_bytes() == CONTENT
    assert seen[-1] == Progress("Downloading Test", len(CONTENT), len(CONTENT)) and len(seen) > 2


def test_a_file_that_is_there_is_not_fetched_again(served: tuple[Path, str], tmp_path: Path) -> None:
    download = one_file(served, tmp_path / "root")
    fetch_all([download], "Test", unheard)
    seen: list[Progress] = []
    fetch_all([download], "Test", seen.append)
    assert seen == []


def test_another_file_than_the_published_one_is_not_kept(served: tuple[Path, str], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="sent another file than the published one"):
        fetch_all([one_file(served, tmp_path / "root", content=b"other")], "Test", unheard)
    assert list((tmp_path / "root").iterdir()) == []


def test_a_cancelled_download_leaves_nothing(served: tuple[Path, str], tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        fetch_all([one_file(served, tmp_path / "root")], "Test", stop)
    assert list((tmp_path / "root").iterdir()) == []


def test_a_failed_download_is_one_sentence_with_a_way_out(tmp_path: Path, served: tuple[Path, str]) -> None:
    nobody = "http://127.0.0.1:9/file.bin"
    download = Download((served[1] + "none.bin", nobody), tmp_path / "root" / "file.bin", "0")
    with pytest.raises(UserError) as caught:
        fetch_all([download], "Test", unheard)
    sentence = str(caught.value)
    assert sentence.startswith("Test could not be downloaded: 127.0.0.1 answered 404")
    assert "did not answer" in sentence and "put file.bin into" in sentence and caught.value.exit_status == 1


def test_mnist_is_fetched_only_when_asked_and_then_loads_without(
    served: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import numpy as np
    from torchvision.datasets import KMNIST

    resources = []
    for name, array in (
        ("train-images-idx3-ubyte", np.zeros((30, 28, 28))),
        ("train-labels-idx1-ubyte", np.arange(30) % 10),
        ("t10k-images-idx3-ubyte", np.zeros((5, 28, 28))),
        ("t10k-labels-idx1-ubyte", np.arange(5)),
    ):
        header = bytes([0, 0, 8, array.ndim]) + b"".join(side.to_bytes(4, "big") for side in array.shape)
        content = gzip.compress(header + array.astype(np.uint8).tobytes())
        (served[0] / f"{name}.gz").write_bytes(content)
        resources.append((f"{name}.gz", hashlib.md5(content).hexdigest()))
    monkeypatch.setattr(KMNIST, "mirrors", [served[1]])
    monkeypatch.setattr(KMNIST, "resources", resources)
    seen: list[Progress] = []
    assert len(load(parse_source("kmnist"), root=tmp_path, download=True, report=seen.append)) == 35
    assert seen[1].what == "Downloading KMNIST, file 1 of 4"
    assert len(load(parse_source("kmnist"), root=tmp_path)) == 35
