"""Decodes many picture files on several threads, in order, and goes on where one of them is unreadable."""

from collections import Counter, deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.cores import usable_cores
from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import DataPlan
from gen_studio.data import pictures
from gen_studio.data.columns import colour
from gen_studio.data.pictures import ENDINGS, KINDS, Unreadable
from gen_studio.data.source import Gallery, Pictures, Portion, Remark, Rows, Skipped
from gen_studio.data.trees import Entry, ReadFile, Tree

GROUP = 32  # files that one thread decodes before it hands them on; between two of them a job can be called off
THREADS = 8  # at most; PIL lets go of Python's lock while it decodes
KEEP_ABOVE = 64_000_000  # bytes; decoding so much takes seconds, each time the app starts


@dataclass(frozen=True)
class Decoded:
    """One file: the picture (C, H, W), the question beside it in a pair, the class of each pixel (H, W), and what had
    to be done."""

    image: NDArray[np.uint8]
    question: NDArray[np.uint8] | None = None
    remarks: Counter[Remark] = field(default_factory=Counter)
    layout: NDArray[np.uint8] | None = None


Decode = Callable[[bytes, DataPlan], Decoded]
"""Turns a file's content into a picture as the plan wants it; raises Unreadable."""

DecodeBoth = Callable[[bytes, bytes, DataPlan], Decoded]
"""The same of a file and its partner."""


@dataclass(frozen=True)
class Partners:
    """A second file to each: read together with it, by a function of its own."""

    entries: Sequence[Entry]
    decode: DecodeBoth


def gallery(
    tree: Tree,
    entries: Sequence[Entry],
    decode: Decode,
    *,
    has_inputs: bool = False,
    partners: Partners | None = None,
) -> Gallery:
    """A gallery over picture files."""
    digest = blake2b(str(tree.path).encode("utf-8", "surrogateescape"))
    for entry in (*entries, *(partners.entries if partners else ())):
        digest.update(f"{entry.name}\0{entry.size}\0{entry.stamp}\0".encode("utf-8", "surrogateescape"))
    names = [entry.name for entry in entries]
    return Gallery(
        names=names,
        read=partial(_read, tree, partial(_one, names, decode) if partners is None else partial(_two, names, partners)),
        fingerprint=digest.hexdigest(),
        keep_above=KEEP_ABOVE,
        has_inputs=has_inputs,
        notes=_left_out(tree),
    )


def picture_entries(tree: Tree) -> list[Entry]:
    """The files whose names say that they are pictures. Raises WrongUse when there are none."""
    entries = [entry for entry in tree.entries if _ending(entry) in ENDINGS]
    if not tree.entries:
        raise WrongUse(f"{tree.path} is empty. Put pictures into it, or choose another.")
    if not entries:
        others = ", ".join(ending or "no ending" for ending, _ in _other_kinds(tree).most_common(3))
        raise WrongUse(f"{tree.path} holds no pictures, only other files ({others}). Pictures are {KINDS} files.")
    return entries


@dataclass(frozen=True)
class _Loaded:
    name: str
    decoded: Decoded | None
    reason: str = ""


_Load = Callable[[ReadFile, int, DataPlan], _Loaded]


def _one(names: Sequence[str], decode: Decode, read_file: ReadFile, row: int, plan: DataPlan) -> _Loaded:
    try:
        return _Loaded(names[row], decode(read_file(names[row]), plan))
    except Unreadable as error:
        return _Loaded(names[row], None, str(error))


def _two(names: Sequence[str], partners: Partners, read_file: ReadFile, row: int, plan: DataPlan) -> _Loaded:
    try:
        contents = read_file(names[row]), read_file(partners.entries[row].name)
        return _Loaded(names[row], partners.decode(*contents, plan))
    except Unreadable as error:
        return _Loaded(names[row], None, str(error))


def _read(tree: Tree, load: _Load, rows: Rows, plan: DataPlan) -> Generator[Portion, None, None]:
    pictures.prepare()
    with tree.opened() as read_file, ThreadPoolExecutor(_threads(), "decode") as pool:
        waiting: deque[Future[Portion]] = deque()
        try:
            for start in range(0, len(rows), GROUP):
                group = rows[start : start + GROUP]
                waiting.append(pool.submit(_decode_group, group, read_file, load, plan))
                if len(waiting) > 2 * _threads():
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _decode_group(rows: Rows, read_file: ReadFile, load: _Load, plan: DataPlan) -> Portion:
    kept, decoded, skipped = [], [], []
    for row in rows.tolist():
        loaded = load(read_file, row, plan)
        if loaded.decoded is not None:
            decoded.append(loaded.decoded)
            kept.append(row)
        else:
            skipped.append(Skipped(printable(loaded.name), loaded.reason))
    questions = [one.question for one in decoded if one.question is not None]
    layouts = [one.layout for one in decoded if one.layout is not None]
    return Portion(
        rows=np.array(kept, dtype=np.int64),
        images=_stacked([one.image for one in decoded], plan),
        inputs=_stacked(questions, plan) if questions else None,
        layouts=np.stack(layouts) if layouts else None,
        skipped=tuple(skipped),
        remarks=sum((one.remarks for one in decoded), Counter()),
    )


def _stacked(images: list[NDArray[np.uint8]], plan: DataPlan) -> Pictures:
    """(N, C, H, W); all in colour as soon as one is."""
    if not images:
        return np.zeros((0, 1, plan.size or 1, plan.size or 1), dtype=np.uint8)
    if len({image.shape[0] for image in images}) == 1:
        return np.stack(images)
    return np.stack([colour(image[None])[0] for image in images])


def _left_out(tree: Tree) -> tuple[str, ...]:
    kinds = _other_kinds(tree)
    if not kinds:
        return ()
    listed = ", ".join(f"{number:,} {ending or 'without an ending'}" for ending, number in kinds.most_common(5))
    return (f"Left out, being no {KINDS} files: {listed}.",)


def _other_kinds(tree: Tree) -> Counter[str]:
    return Counter(ending for entry in tree.entries if (ending := _ending(entry)) not in ENDINGS)


def printable(name: str) -> str:
    """Names may hold bytes that are no text; they must not break the list that shows them."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _ending(entry: Entry) -> str:
    return PurePosixPath(entry.name).suffix.lower()


def _threads() -> int:
    return min(THREADS, usable_cores())
