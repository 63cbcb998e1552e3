"""Turns what is known of pictures into what a run asks for: classes from an attribute, two domains from either."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.annotations import Attribute, AttributeKind
from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import DataPlan
from gen_studio.core.words import one_of
from gen_studio.data.source import Gallery

LISTED = 12
"""More names than this are not all said."""


def arranged(gallery: Gallery, plan: DataPlan) -> Gallery:
    """The gallery with the classes and the domains that the plan asks for. Raises WrongUse where there are none."""
    if plan.labels:
        gallery = _labelled(gallery, plan.labels)
    if plan.domains:
        gallery = _divided(gallery, plan.domains)
    return gallery


def split_in_two(gallery: Gallery, first: str, second: str) -> Gallery:
    """Two classes as two domains; pictures of other classes are left out. Raises WrongUse for a class there is not."""
    for name in (first, second):
        if name not in gallery.classes:
            raise WrongUse(f'There is no class "{name}". {one_of("Classes", gallery.classes[:LISTED], wrong=name)}')
    if first == second:
        raise WrongUse(f'Two domains have to differ, and both are "{first}". Name two classes, with a comma between.')
    assert gallery.labels is not None
    return _with_domains(
        gallery,
        gallery.labels == gallery.classes.index(first),
        gallery.labels == gallery.classes.index(second),
        (first, second),
    )


def _labelled(gallery: Gallery, name: str) -> Gallery:
    attribute, column = _attribute(gallery, name)
    if attribute.kind is AttributeKind.NUMBER:
        others = [one.name for one in gallery.attributes if one.kind is not AttributeKind.NUMBER]
        raise WrongUse(
            f'"{name}" is a number, not one of a few values, so it makes no classes. '
            f"{one_of('Attributes that do', others) if others else 'Leave it out.'}"
        )
    return gallery.labelled(column.astype(np.int64), attribute.values)


def _divided(gallery: Gallery, words: str) -> Gallery:
    names = [word.strip() for word in words.split(",") if word.strip()]
    if len(names) == 2:
        if not gallery.classes:
            raise WrongUse(
                f"There are no classes to make two domains of, so {words} cannot be found. Choose a source with "
                "classes, or name a yes-or-no attribute."
            )
        return split_in_two(gallery, *names)
    if len(names) != 1:
        raise WrongUse(f'"{words}" are not two domains. Name two classes, with a comma between, or one attribute.')
    attribute, column = _attribute(gallery, names[0])
    if attribute.kind is not AttributeKind.BINARY:
        able = [one.name for one in gallery.attributes if one.kind is AttributeKind.BINARY]
        raise WrongUse(
            f'"{attribute.name}" is not a yes-or-no attribute, so it does not make two domains. '
            f"{one_of('Attributes that do', able[:LISTED]) if able else 'Name two classes instead.'}"
        )
    return _with_domains(gallery, column < 0.5, column >= 0.5, (attribute.values[0], attribute.values[1]))


def _attribute(gallery: Gallery, name: str) -> tuple[Attribute, NDArray[np.float32]]:
    if gallery.table is None:
        raise WrongUse(
            f'There are no attributes here, so "{name}" cannot be found. Choose a source with attributes, for example '
            "toy_faces, or a folder of pictures with a table."
        )
    names = [attribute.name for attribute in gallery.attributes]
    if name not in names:
        raise WrongUse(f'There is no attribute "{name}". {one_of("Attributes", names[:LISTED], wrong=name)}')
    place = names.index(name)
    return gallery.attributes[place], gallery.table[:, place]


def _with_domains(
    gallery: Gallery, first: NDArray[np.bool_], second: NDArray[np.bool_], names: tuple[str, str]
) -> Gallery:
    for chosen, name in ((first, names[0]), (second, names[1])):
        if not chosen.any():
            raise WrongUse(f'No picture is of the domain "{name}". Choose another pair of domains.')
    domain = np.where(first, 0, np.where(second, 1, -1))
    # Inside of a domain a class says nothing any more.
    return replace(gallery, labels=None, classes=(), domain=domain, domains=names)
