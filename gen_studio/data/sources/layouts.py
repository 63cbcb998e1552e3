"""A folder of pictures with a folder of layouts of the same names, where each pixel says what it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile
from pathlib import Path, PurePosixPath

from gen_studio.core.cores import usable_cores
from gen_studio.core.description import SourceInfo
from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Progress
from gen_studio.core.plan import Counterpart, DataPlan, Fit
from gen_studio.data import class_names, files, pictures
from gen_studio.data.files import Decoded, Partners
from gen_studio.data.layout import layout
from gen_studio.data.layouts import Coding, found_coding, named_coding, read_layout
from gen_studio.data.pictures import Unreadable
from gen_studio.data.source import Gallery, Remark, Request, Skipped, Source
from gen_studio.data.sources.folder import SIZE, decode_picture
from gen_studio.data.trees import Entry, JoinedTree, Tree, tree_at

PICTURES = ("images", "image", "img", "pictures", "photos", "photographs")
LAYOUTS = ("layouts", "layout", "labels", "masks", "annotations", "segmentation")
WHOLE = 1 << 20  # a length that no picture has: nothing is scaled down while it is decoded


@dataclass(frozen=True)
class Matched:
    """Pictures and their layouts, in the same order; names are without the folder of the pictures."""

    pictures: list[Entry]
    layouts: list[Entry]
    names: list[str]
    skipped: list[Skipped]


class Layouts(Source):
    info = SourceInfo(
        key="layouts",
        title="Pictures with layouts",
        summary="A folder of pictures and one of layouts with the same names.",
        default_size=SIZE,
        needs_path=True,
        offers=("layouts",),
        counterparts=(Counterpart.LAYOUT,),
        other="Choose the folder of the layouts",
    )

    def open(self, request: Request) -> Gallery:
        plan = request.plan
        assert plan.path is not None, "the catalog has asked for it"
        if plan.fit is Fit.PAD:
            raise WrongUse("Padding would leave pixels that are of no class. Choose crop or stretch as the fit.")
        tree, matched = _found(Path(plan.path), Path(plan.other_path) if plan.other_path else None)
        request.report(Progress("Looking through the layouts"))
        coding, source = _coding(tree, matched.layouts)
        gallery = files.gallery(
            tree, matched.pictures, decode_picture, partners=Partners(matched.layouts, partial(_decode, coding))
        )
        said = replace(gallery, notes=(source,)).laid_out(layout(matched.names))
        return replace(
            said,
            fingerprint=f"{gallery.fingerprint} {coding.classes} {coding.numbers} {coding.colours}",
            layout=coding.classes,
            skipped=tuple(matched.skipped),
        )


def _decode(coding: Coding, picture: bytes, layout_file: bytes, plan: DataPlan) -> Decoded:
    size = plan.size or SIZE
    upright = pictures.decoded(picture, WHOLE)
    classes = coding.classes_of(read_layout(layout_file))
    height, width = classes.shape
    if upright.image.size != (width, height):
        own = f"{upright.image.width} × {upright.image.height}"
        raise Unreadable(f"is {own}, and its layout is {width} × {height}")
    if pictures.is_enlarged(upright.image, size, plan.fit):
        upright.remarks[Remark.ENLARGED] = 1
    image = pictures.square(upright.image, size, plan.fit)
    return Decoded(image, remarks=upright.remarks, layout=pictures.square_classes(classes, size, plan.fit))


def _found(path: Path, other: Path | None) -> tuple[Tree, Matched]:
    if other is not None:
        tree: Tree = JoinedTree({PICTURES[0]: tree_at(path), LAYOUTS[0]: tree_at(other)})
    else:
        tree = tree_at(path)
    entries = files.picture_entries(tree)
    base = _common(entries)
    of_pictures, of_layouts = (_below(entries, base, names) for names in (PICTURES, LAYOUTS))
    if not of_pictures or not of_layouts:
        missing = "pictures (images)" if not of_pictures else "layouts (layouts)"
        raise WrongUse(
            f"{path} has no folder of {missing}. Put the pictures into a folder images and the layouts into a folder "
            "layouts, with the same names, or name the folder of the layouts as second path."
        )
    return tree, _matched(of_pictures, of_layouts, path)


def _matched(of_pictures: dict[str, Entry], of_layouts: dict[str, Entry], path: Path) -> Matched:
    both = sorted(of_pictures.keys() & of_layouts.keys())
    if not both:
        one, other = next(iter(of_pictures.values())).name, next(iter(of_layouts.values())).name
        raise WrongUse(
            f"No picture in {path} has a layout of the same name: there are {one} and {other}, for example. Give "
            "each layout the name of its picture."
        )
    alone = [Skipped(files.printable(of_pictures[key].name), "has no layout of the same name")
             for key in sorted(of_pictures.keys() - of_layouts.keys())]  # fmt: skip
    alone += [Skipped(files.printable(of_layouts[key].name), "has no picture of the same name")
              for key in sorted(of_layouts.keys() - of_pictures.keys())]  # fmt: skip
    return Matched([of_pictures[key] for key in both], [of_layouts[key] for key in both], both, alone)


def _coding(tree: Tree, entries: Sequence[Entry]) -> tuple[Coding, str]:
    """What the numbers and colours of the layouts mean, and a sentence on where that comes from."""
    lists = [entry for entry in tree.entries if PurePosixPath(entry.name).name.lower() in class_names.FILES]
    with tree.opened() as read:
        if len(lists) > 1:
            raise WrongUse(
                f"There are {len(lists)} lists of classes ({lists[0].name}, {lists[1].name}). Keep one of them."
            )
        if lists:
            name = lists[0].name
            try:
                content = read(name)
            except Unreadable as error:
                raise WrongUse(f"{name} {error}. Save it again, or take it away.") from error
            return named_coding(class_names.read_classes(content, name)), f"The classes are listed in {name}."
        coding = found_coding([entry.name for entry in entries], read, min(8, usable_cores()))
    if len(coding.classes) < 2:
        raise WrongUse("All layouts are of one class. A layout has two at least: check that they are layouts.")
    return coding, (
        f"The {len(coding.classes)} classes were found in the layouts; a file classes.txt with a name to each line "
        "names them."
    )


def _common(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The folders that hold everything, as zips often have one."""
    folders = [PurePosixPath(entry.name).parts[:-1] for entry in entries]
    first, last = min(folders), max(folders)
    shared = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return tuple(one for one, _ in shared)


def _below(entries: Sequence[Entry], base: tuple[str, ...], folders: Sequence[str]) -> dict[str, Entry]:
    """The files in a folder of one of these names, by their names without it and without their endings.

    The folder may lie below one for the split ("train/images") or above it ("images/train").
    """
    found: dict[str, Entry] = {}
    for entry in entries:
        parts = PurePosixPath(entry.name).parts[len(base) :]
        at = next((place for place, part in enumerate(parts[:-1]) if part.lower() in folders), None)
        if at is not None and at < 2:
            key = PurePosixPath(*parts[:at], *parts[at + 1 :]).with_suffix("").as_posix()
            found.setdefault(key, entry)
    return found
