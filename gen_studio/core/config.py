"""Settings declared once: from one pydantic model come its form, its JSON, its command-line options and its errors."""

import inspect
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, Self, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from gen_studio.core.errors import WrongUse
from gen_studio.core.words import one_of, plain


class Config(BaseModel):
    """Base of all settings: frozen, unknown keys refused, defaults validated.

    `beta1: float = 0.0` in a subclass gives a setting of its base another default; title, words and range stay.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        inherited = {key: info for base in reversed(cls.__mro__[1:]) for key, info in _fields_of(base).items()}
        for key in inspect.get_annotations(cls).keys() & inherited.keys():
            value = cls.__dict__.get(key)
            if key in cls.__dict__ and not isinstance(value, FieldInfo):
                setattr(cls, key, _with_default(inherited[key], value))

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Self:
        """Builds the settings from plain values (JSON, a form, command-line strings).

        Raises WrongUse with one sentence for each value that cannot be used.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise WrongUse(" ".join(_sentence(cls, dict(e)) for e in error.errors())) from error


def setting(
    default: Any,
    title: str,
    description: str,
    *,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    advanced: bool = False,
    rate_of: str = "",
) -> Any:
    """One field of a Config.

    `advanced` fields are folded away in the form. `rate_of` names the player whose learning rate this is: it is the
    one kind of setting that can be changed while a run trains.
    """
    return Field(
        default,
        title=title,
        description=description,
        ge=ge,
        gt=gt,
        le=le,
        lt=lt,
        json_schema_extra={"advanced": advanced, "rate_of": rate_of},
    )


def _fields_of(base: type) -> Mapping[str, FieldInfo]:
    return base.model_fields if issubclass(base, Config) else {}


def _with_default(info: FieldInfo, default: Any) -> Any:
    same: dict[str, Any] = {"title": info.title, "description": info.description}
    for limit in info.metadata:
        same |= {name: getattr(limit, name) for name in ("ge", "gt", "le", "lt") if hasattr(limit, name)}
    return Field(default, json_schema_extra=info.json_schema_extra, **same)


class FieldKind(Enum):
    INTEGER = "integer"
    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True)
class FieldSpec:
    """One setting as a form, a help page or a table needs it. Values are plain JSON values."""

    key: str
    title: str
    description: str
    kind: FieldKind
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    choices: tuple[str, ...] = ()
    optional: bool = False
    advanced: bool = False
    rate_of: str = ""

    @property
    def range_in_words(self) -> str:
        """For example "from 1 to 512", "above 0", or "" where anything goes."""
        lowest = "" if self.minimum is None else plain(self.minimum)
        highest = "" if self.maximum is None else plain(self.maximum)
        low = lowest and f"{'above' if self.exclusive_minimum else 'from'} {lowest}"
        high = highest and f"{'below' if self.exclusive_maximum else 'to'} {highest}"
        if low and high:
            return f"{low} {'and ' if self.exclusive_maximum else ''}{high}"
        if low:
            return low if self.exclusive_minimum else f"at least {lowest}"
        if high:
            return high if self.exclusive_maximum else f"at most {highest}"
        return ""


def fields_of(config: type[Config]) -> tuple[FieldSpec, ...]:
    """The settings of a Config class, in the order of declaration."""
    return tuple(_spec(key, info) for key, info in config.model_fields.items())


def parse_assignments(assignments: Sequence[str]) -> dict[str, str]:
    """Reads `key=value` words from a command line. The values stay text; Config.parse converts them."""
    values: dict[str, str] = {}
    for word in assignments:
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise WrongUse(f'"{word}" is not a setting. Write it as key=value, for example batch_size=64.')
        if key in values:
            raise WrongUse(f'The setting "{key}" is given twice. Keep one of the two.')
        values[key] = value
    return values


def _spec(key: str, info: FieldInfo) -> FieldSpec:
    annotation, optional = _without_none(info.annotation)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    default = info.get_default(call_default_factory=True)
    low, low_open = _bound(info.metadata, Ge, Gt)
    high, high_open = _bound(info.metadata, Le, Lt)
    return FieldSpec(
        key=key,
        title=info.title or key.replace("_", " ").capitalize(),
        description=info.description or "",
        kind=_kind(annotation),
        default=default.value if isinstance(default, Enum) else default,
        minimum=low,
        maximum=high,
        exclusive_minimum=low_open,
        exclusive_maximum=high_open,
        choices=_choices(annotation),
        optional=optional,
        advanced=bool(extra.get("advanced", False)),
        rate_of=str(extra.get("rate_of", "")),
    )


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        return members[0], len(members) < len(get_args(annotation))
    return annotation, False


def _kind(annotation: Any) -> FieldKind:
    if annotation is bool:
        return FieldKind.SWITCH
    if annotation is int:
        return FieldKind.INTEGER
    if annotation is float:
        return FieldKind.NUMBER
    if _choices(annotation):
        return FieldKind.CHOICE
    return FieldKind.TEXT


def _choices(annotation: Any) -> tuple[str, ...]:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(str(member.value) for member in annotation)
    if get_origin(annotation) is Literal:
        return tuple(str(value) for value in get_args(annotation))
    return ()


def _bound(metadata: Sequence[Any], closed: type, opened: type) -> tuple[float | None, bool]:
    for item in metadata:
        if isinstance(item, (closed, opened)):
            return float(getattr(item, type(item).__name__.lower())), isinstance(item, opened)
    return None, False


def _sentence(config: type[Config], error: dict[str, Any]) -> str:
    key = ".".join(str(part) for part in error["loc"]) or "settings"
    known = {spec.key: spec for spec in fields_of(config)}
    if error["type"] == "extra_forbidden":
        return f'There is no setting "{key}". {one_of("Settings", list(known), wrong=key)}'
    spec = known.get(key.split(".")[0])
    if spec is None:
        # A rule about several settings at once is a sentence already.
        message = str(error["msg"]).removeprefix("Value error, ")
        return message if error["type"] == "value_error" else f"{key}: {message}."
    value = error.get("input")
    given = f"{spec.title} ({key}) cannot be {value!r}."
    if spec.choices:
        return f"{given} {one_of('Choices', spec.choices, wrong=str(value))}"
    wanted = {
        FieldKind.INTEGER: "a whole number",
        FieldKind.NUMBER: "a number",
        FieldKind.SWITCH: "true or false",
    }.get(spec.kind, "")
    words = " ".join(word for word in (wanted, spec.range_in_words) if word)
    if words:
        return f"{given} It takes {words}."
    return f"{given} {str(error['msg']).removeprefix('Value error, ')}".rstrip(".") + "."
