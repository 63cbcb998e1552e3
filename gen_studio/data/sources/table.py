"""A folder of pictures with a table that says, for each of them, which attributes it has."""

from dataclasses import replace
from hashlib import blake2b
from pathlib import Path, PurePosixPath

import numpy as np

from gen_studio.core.description import SourceInfo
from gen_studio.core.errors import WrongUse
from gen_studio.core.words import size as in_words
from gen_studio.data import files
from gen_studio.data.layout import layout
from gen_studio.data.pictures import Unreadable
from gen_studio.data.source import Gallery, Request, Skipped, Source
from gen_studio.data.sources.folder import SIZE, decode_picture
from gen_studio.data.tables import match, read_table
from gen_studio.data.trees import Entry, Tree, tree_at

ENDINGS = (".csv", ".tsv", ".txt")
LARGEST = 200_000_000  # bytes; CelebA's list has 26 million


class PicturesWithTable(Source):
    info = SourceInfo(
        key="table",
        title="Pictures with a table",
        summary="Your own pictures, and a CSV with their attributes.",
        default_size=SIZE,
        needs_path=True,
        offers=("attributes",),
        other="Choose the table of attributes",
        other_is_file=True,
    )

    def open(self, request: Request) -> Gallery:
        plan = request.plan
        assert plan.path is not None, "the catalog has asked for it"
        tree = tree_at(Path(plan.path))
        entries = files.picture_entries(tree)
        content, place = _content(Path(plan.other_path)) if plan.other_path else _inside(tree)
        gallery = with_table(tree, entries, content, place)
        said = replace(gallery, notes=(f"The attributes are listed in {place}.",))
        return said.laid_out(layout(gallery.names))


def with_table(tree: Tree, entries: list[Entry], content: bytes, place: str) -> Gallery:
    """A gallery over those pictures that have a row in the table; the others are listed with the reason.

    Raises WrongUse where the table cannot be used.
    """
    table = read_table(content, place)
    matched = match(table, [entry.name for entry in entries])
    kept = [(entry, line) for entry, line in zip(entries, matched, strict=True) if isinstance(line, int)]
    if not kept:
        row = next(iter(table.rows))
        raise WrongUse(
            f"No picture has a row in {place}: there are {entries[0].name} and a row for {row}, for example. The "
            "first column names the files, with their endings."
        )
    skipped = [
        Skipped(files.printable(entry.name), line)
        for entry, line in zip(entries, matched, strict=True)
        if isinstance(line, str)
    ]
    used = {line for _, line in kept}
    skipped += [Skipped(files.printable(name), "is in the table, and there is no such picture")
                for name, line in table.rows.items() if line not in used]  # fmt: skip
    gallery = files.gallery(tree, [entry for entry, _ in kept], decode_picture)
    return replace(
        gallery,
        # Values are not kept with the pictures, but which of them have any decides what is decoded.
        fingerprint=f"{gallery.fingerprint} {blake2b(content, digest_size=16).hexdigest()}",
        attributes=table.attributes,
        table=table.values[np.array([line for _, line in kept])],
        skipped=tuple(skipped),
    )


def _content(path: Path) -> tuple[bytes, str]:
    """The table in a file of its own."""
    try:
        if path.stat().st_size > LARGEST:
            raise WrongUse(f"{path} is larger than {in_words(LARGEST)}. Leave out rows or columns that are not needed.")
        return path.read_bytes(), str(path)
    except OSError as error:
        raise WrongUse(f"The table {path} cannot be read: {error.strerror or error}. Check the second path.") from error


def _inside(tree: Tree) -> tuple[bytes, str]:
    """The one table that lies among the pictures."""
    tables = [entry for entry in tree.entries if PurePosixPath(entry.name).suffix.lower() in ENDINGS]
    if len(tables) > 1:
        lists = [entry for entry in tables if PurePosixPath(entry.name).suffix.lower() == ".csv"]
        tables = lists if len(lists) == 1 else tables
    if len(tables) != 1:
        what = "no table" if not tables else f"{len(tables)} tables ({tables[0].name}, {tables[1].name})"
        raise WrongUse(f"{tree.path} holds {what} of attributes. Name the one to use as second path.")
    if tables[0].size > LARGEST:
        raise WrongUse(f"{tables[0].name} is larger than {in_words(LARGEST)}. Leave out rows that are not needed.")
    try:
        with tree.opened() as read:
            return read(tables[0].name), tables[0].name
    except Unreadable as error:
        raise WrongUse(f"{tables[0].name} {error}. Save it again, or name another as second path.") from error
