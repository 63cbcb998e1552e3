"""The lists of what there is: models with their settings, and data."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gen_studio.commands.output import Answer, note, table
from gen_studio.core.annotations import Attribute, LayoutClass
from gen_studio.core.config import FieldSpec, parse_assignments
from gen_studio.core.description import FamilyDescription, SourceInfo
from gen_studio.core.words import count
from gen_studio.data import catalog
from gen_studio.data.source import Gallery
from gen_studio.models import registry


def models(key: str | None) -> Answer:
    """All families, or the settings of one."""
    for problem in registry.problems():
        note(problem)
    if key is None:
        descriptions = registry.describe()
        rows = [(d.key, d.info.title, str(d.info.year), d.info.group.value, d.info.summary) for d in descriptions]
        return Answer([_model(d) for d in descriptions], table(rows, ("KEY", "TITLE", "YEAR", "GROUP", "WHAT IT DOES")))
    registry.find(key)
    description = next(d for d in registry.describe() if d.key == key)
    return Answer(_model(description), _settings(description))


def data(word: str | None = None, settings: Sequence[str] = (), root: Path | None = None) -> Answer:
    """All sources, or what is known of the pictures of one, without decoding them."""
    if word is None:
        infos = catalog.describe()
        rows = [(info.key, info.title, _comes_from(info), info.summary) for info in infos]
        return Answer([_source(info) for info in infos], table(rows, ("KEY", "TITLE", "COMES FROM", "WHAT IT IS")))
    plan, gallery = catalog.opened(catalog.parse_source(word, parse_assignments(settings)), root=root)
    facts = {
        "source": plan.source,
        "path": plan.path,
        "pictures": len(gallery.names),
        "classes": list(gallery.classes),
        "attributes": [_attribute(one) for one in gallery.attributes],
        "layout": _layout(gallery.layout),
        "domains": list(gallery.domains),
        "notes": list(gallery.notes),
        "skipped": [{"path": one.path, "reason": one.reason} for one in gallery.skipped],
    }
    return Answer(facts, _facts_in_words(gallery))


def _source(info: SourceInfo) -> dict[str, Any]:
    usual = next((one for one in info.attributes if one.name == info.usual_domains), None)
    return {
        **asdict(info),
        "offers": list(info.offers),
        "on_request": list(info.on_request),
        "offline": info.offline,
        "attributes": [_attribute(one) for one in info.attributes],
        "layout": _layout(info.layout),
        "counterparts": [one.value for one in info.counterparts],
        "domains": list(usual.values) if usual else [],
    }


def _attribute(attribute: Attribute) -> dict[str, Any]:
    return {**asdict(attribute), "kind": attribute.kind.value}


def _layout(classes: Sequence[LayoutClass]) -> list[dict[str, Any]]:
    """The palette: what to paint a layout with."""
    return [{"number": place, "name": one.name, "colour": one.code} for place, one in enumerate(classes)]


def _facts_in_words(gallery: Gallery) -> str:
    lines = [count(len(gallery.names), "picture") + "."]
    if gallery.classes:
        lines.append(f"Classes: {', '.join(gallery.classes)}.")
    if gallery.domains:
        lines.append(f"Domains: {', '.join(gallery.domains)}.")
    lines += gallery.notes
    if gallery.skipped:
        lines.append(f"{count(len(gallery.skipped), 'file')} left out, the first: {gallery.skipped[0].path} "
                     f"{gallery.skipped[0].reason}.")  # fmt: skip
    if gallery.attributes:
        rows = [(one.name, one.kind.value, _values(one)) for one in gallery.attributes]
        lines += ["", table(rows, ("ATTRIBUTE", "KIND", "VALUES"))]
    if gallery.layout:
        classes = [(str(place), one.name, one.code) for place, one in enumerate(gallery.layout)]
        lines += ["", table(classes, ("NUMBER", "CLASS", "COLOUR"))]
    return "\n".join(lines)


def _values(attribute: Attribute) -> str:
    if attribute.values:
        return ", ".join(attribute.values)
    steps = f", {attribute.steps} values" if attribute.steps else ""
    return f"{attribute.low:g} to {attribute.high:g}{steps}"


def _model(description: FamilyDescription) -> dict[str, Any]:
    info = description.info
    return {
        "key": info.key,
        "title": info.title,
        "group": info.group.value,
        "year": info.year,
        "paper": info.paper,
        "summary": info.summary,
        "capabilities": list(description.capabilities),
        "needs": list(description.needs),
        "steps": description.default_steps,
        "source": description.source,
        "metrics": [{"key": m.key, "title": m.title, "unit": m.unit} for m in description.metrics],
        "settings": [_setting(spec) for spec in description.fields],
    }


def _setting(spec: FieldSpec) -> dict[str, Any]:
    return {
        "key": spec.key,
        "title": spec.title,
        "description": spec.description,
        "kind": spec.kind.value,
        "default": spec.default,
        "minimum": spec.minimum,
        "maximum": spec.maximum,
        "choices": list(spec.choices),
    }


def _settings(description: FamilyDescription) -> str:
    info = description.info
    rows = [
        (spec.key, str(spec.default), ", ".join(spec.choices) or spec.range_in_words, spec.description)
        for spec in description.fields
    ]
    head = [f"{info.title} ({info.group.value}). {info.summary}", info.paper]
    if description.needs:
        head.append(f"Needs {', '.join(description.needs)}.")
    return "\n".join([*head, "", table(rows, ("SETTING", "DEFAULT", "TAKES", "WHAT IT DOES"))])


def _comes_from(info: SourceInfo) -> str:
    if info.needs_path:
        return f"your disk ({info.key}:PATH)"
    return "--root, or --download" if info.downloadable else "the app"
