"""Two folders of pictures as two unpaired domains: side by side in one place, or each in a place of its own."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gen_studio.core.description import SourceInfo
from gen_studio.core.errors import WrongUse
from gen_studio.data import facts, files
from gen_studio.data.layout import Layout, layout
from gen_studio.data.source import Gallery, Request, Source
from gen_studio.data.sources.folder import SIZE, decode_picture
from gen_studio.data.spec import Split
from gen_studio.data.trees import JoinedTree, Tree, tree_at

SPLIT_AND_DOMAIN = re.compile(r"(train|val|test)([AB])", re.IGNORECASE)
"""The folders that CycleGAN's sets have: trainA, trainB, testA, testB."""
SPLITS = {"train": None, "val": Split.VALIDATION, "test": Split.TEST}
LISTED = 12


class TwoDomains(Source):
    info = SourceInfo(
        key="domains",
        title="Two folders",
        summary="Two kinds of pictures that are in no pairs: a folder for each.",
        default_size=SIZE,
        needs_path=True,
        offers=("domains",),
        other="Choose the folder of the second domain",
    )

    def open(self, request: Request) -> Gallery:
        plan = request.plan
        assert plan.path is not None, "the catalog has asked for it"
        tree = _joined(Path(plan.path), Path(plan.other_path)) if plan.other_path else tree_at(Path(plan.path))
        gallery = files.gallery(tree, files.picture_entries(tree), decode_picture)
        found = _published(gallery.names) or layout(gallery.names)
        if found.labels is None or len(found.classes) < 2:
            raise WrongUse(
                f"{tree.path} does not hold two folders of pictures. Put each kind into a folder of its own, or name "
                "the folder of the second kind as second path."
            )
        gallery = gallery.laid_out(found)
        if plan.domains:
            return gallery  # the plan says which two
        if len(found.classes) > 2:
            listed = ", ".join(found.classes[:LISTED])
            raise WrongUse(
                f"{tree.path} holds {len(found.classes):,} folders of pictures ({listed}). Say which are the two "
                f'domains: domains="{found.classes[0]}, {found.classes[1]}".'
            )
        return facts.split_in_two(gallery, *found.classes)


def _joined(first: Path, second: Path) -> Tree:
    """Two places as one, each below a folder with its own name; their splits are dealt anew."""
    if first.resolve() == second.resolve():
        raise WrongUse(f"Both domains are {first}. Name another folder for the second.")
    trees = [tree_at(first), tree_at(second)]
    for tree in trees:
        files.picture_entries(tree)
    one, other = first.stem, second.stem
    if one == other:
        one, other = f"{first.parent.stem} {one}", f"{second.parent.stem} {other}"
    if one == other:
        one, other = f"{one} (1)", f"{other} (2)"
    return JoinedTree({one: trees[0], other: trees[1]})


def _published(names: Sequence[str]) -> Layout | None:
    """Domains and splits where the folders are called as CycleGAN's are; None where they are not."""
    tops = [SPLIT_AND_DOMAIN.fullmatch(folder) for folder in _tops(names)]
    matches = [match for match in tops if match is not None]
    letters = [match[2].upper() for match in matches]
    if len(matches) < len(names) or set(letters) != {"A", "B"}:
        return None
    official = tuple(SPLITS[match[1].lower()] for match in matches)
    labels = np.array([letter == "B" for letter in letters], dtype=np.int64)
    return Layout(("A", "B"), labels, official, ("The letters A and B of the folders are taken as the domains.",))


def _tops(names: Sequence[str]) -> list[str]:
    """The folder that each picture lies in, below those that hold everything."""
    folders = [name.split("/")[:-1] for name in names]
    while folders and all(folders) and len({folder[0] for folder in folders}) == 1:
        folders = [folder[1:] for folder in folders]
    return [folder[0] if folder else "" for folder in folders]
