"""Fetches the files of a named data set once the user said so: checked, whole or not at all, with progress."""

import hashlib
import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from gen_studio.core.atomic import UNFINISHED, disk_errors, sync
from gen_studio.core.description import SourceInfo
from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.jobs import Progress, Report

PIECE = 1 << 18  # bytes between two reports
PATIENCE = 30.0  # seconds without a byte


@dataclass(frozen=True)
class Download:
    """One file: where it may be had (tried in this order), where it goes, and the publisher's checksum."""

    urls: tuple[str, ...]
    path: Path
    md5: str


def missing(info: SourceInfo, root: Path) -> WrongUse:
    """The error for a named data set that is not on this machine."""
    return WrongUse(
        f"{info.title} is not in {root}. Download it with --download, or name the folder that holds it with --root."
    )


def fetch_all(downloads: Sequence[Download], title: str, report: Report) -> None:
    """Fetches what is not there yet. Raises UserError with a sentence when a file cannot be had."""
    for number, download in enumerate(downloads, start=1):
        what = f"Downloading {title}" + (f", file {number} of {len(downloads)}" if len(downloads) > 1 else "")
        if not (download.path.is_file() and _md5(download.path) == download.md5):
            _fetch(download, title, what, report)


def _fetch(download: Download, title: str, what: str, report: Report) -> None:
    folder = download.path.parent
    with disk_errors(download.path):
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=UNFINISHED, dir=folder)
        os.close(handle)
    unfinished = Path(name)
    try:
        reasons = []
        for url in download.urls:
            reason = _try(url, unfinished, download, what, report)
            if reason is None:
                return
            reasons.append(f"{urlsplit(url).hostname} {reason}")
        raise UserError(
            f"{title} could not be downloaded: {'; '.join(reasons)}. Check the connection and try again, or put "
            f"{download.path.name} into {folder} yourself."
        )
    finally:
        unfinished.unlink(missing_ok=True)


def _try(url: str, unfinished: Path, download: Download, what: str, report: Report) -> str | None:
    """Fetches one file from one place. Returns why it did not work, None when it did."""
    try:
        # Only addresses that torchvision publishes come here, never one from a user's file.
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            total = int(answer.headers.get("Content-Length") or 0)
            digest = hashlib.md5(usedforsecurity=False)
            done = 0
            with unfinished.open("wb") as file:
                while piece := answer.read(PIECE):
                    with disk_errors(download.path):
                        file.write(piece)
                        file.flush()
                    digest.update(piece)
                    done += len(piece)
                    report(Progress(what, done, total))
    except urllib.error.HTTPError as error:
        return f"answered {error.code} {error.reason}"
    except urllib.error.URLError as error:
        return f"did not answer ({error.reason})"
    except (HTTPException, OSError, ValueError) as error:
        return f"broke off ({error or type(error).__name__})"
    if digest.hexdigest() != download.md5:
        return "sent another file than the published one"
    with disk_errors(download.path):
        sync(unfinished)
        os.chmod(unfinished, 0o644)
        os.replace(unfinished, download.path)
    return None


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
