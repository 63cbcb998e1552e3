"""The lists of what there is: models with their settings, and data."""

from dataclasses import asdict
from typing import Any

from gen_studio.commands.output import Answer, note, table
from gen_studio.core.config import FieldSpec
from gen_studio.core.description import FamilyDescription, SourceInfo
from gen_studio.data import catalog
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


def data() -> Answer:
    """All sources."""
    infos = catalog.describe()
    rows = [(info.key, info.title, _comes_from(info), info.summary) for info in infos]
    documents = [{**asdict(info), "offers": list(info.offers), "offline": info.offline} for info in infos]
    return Answer(documents, table(rows, ("KEY", "TITLE", "COMES FROM", "WHAT IT IS")))


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
