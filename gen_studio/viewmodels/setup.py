"""What the next run will be: the chosen data, the chosen model and all settings, as one set of fields and values."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.config import FieldKind, FieldSpec, fields_of
from gen_studio.core.description import FamilyDescription, SourceInfo
from gen_studio.core.errors import WrongUse
from gen_studio.core.events import Ready
from gen_studio.core.plan import DataPlan, PairFilter, RunPlan

DATA, CONFIG, PLAN = "data.", "config.", "plan."
PAIRS = DATA + "pairs"
COUNTERPART, DOMAINS, LABELS = DATA + "counterpart", DATA + "domains", DATA + "labels"
DRAWING = {DATA + "count", DATA + "seed"}
OF_ONE_SOURCE = (DATA + "size", DATA + "limit", COUNTERPART, DOMAINS, LABELS)
"""What was set for one source says nothing of another."""
HIDDEN = {DATA + "source", DATA + "path", DATA + "other_path"}


class SetupViewModel(QObject):
    """Holds a plan in the making. `changed` when other fields are shown, `edited` when only values differ."""

    changed = Signal()
    edited = Signal()

    def __init__(self, first: RunPlan, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library: Ready | None = None
        self._first = first
        self._taken = first
        self.family: FamilyDescription | None = None
        self.source: SourceInfo | None = None
        self._path: str | None = None
        self._other_path: str | None = None
        self._values: dict[str, Any] = {}
        self._touched: set[str] = set()

    @property
    def families(self) -> tuple[FamilyDescription, ...]:
        return self._library.families if self._library else ()

    @property
    def sources(self) -> tuple[SourceInfo, ...]:
        return self._library.sources if self._library else ()

    def name(self) -> str | None:
        """What to call the run where its settings are those that stood there at first; else it names itself."""
        same = self.family is not None and self.family.key == self._first.family
        return self.family.info.title if same and self._part(CONFIG) == self._first.config and self.family else None

    @Slot(object)
    def take_library(self, library: Ready) -> None:
        """Fills the pickers once the families are known: for the run that has been opened meanwhile, else the first."""
        self._library = library
        self.take_over(self._taken)

    def take_over(self, plan: RunPlan) -> None:
        """Starts from the settings of another run. A family or source that is not there any more is left out."""
        self._taken = plan
        self.family = next((f for f in self.families if f.key == plan.family), None)
        self.source = next((s for s in self.sources if s.key == plan.data.source), None)
        self._path, self._other_path = plan.data.path, plan.data.other_path
        values = plan.model_dump(mode="json")
        self._values = {PLAN + key: value for key, value in values.items()}
        self._values |= {DATA + key: value for key, value in values["data"].items()}
        self._values |= {CONFIG + key: value for key, value in plan.config.items()}
        self._touched = set()
        self.changed.emit()

    def choose_family(self, key: str) -> None:
        """Takes a family with its own defaults; what the user has set and the family knows too stays."""
        self.family = next(f for f in self.families if f.key == key)
        kept = {key.removeprefix(CONFIG): self._values[key] for key in self._touched if key.startswith(CONFIG)}
        self._values = {k: v for k, v in self._values.items() if not k.startswith(CONFIG)}
        self._values |= {CONFIG + spec.key: kept[spec.key] for spec in self.family.fields if _takes(spec, kept)}
        self._values[PLAN + "steps"] = self.family.default_steps
        self._offer_pairs()
        self._offer_domains()
        self.changed.emit()

    def choose_source(self, key: str, path: str | None = None, other_path: str | None = None) -> None:
        self.source = next(s for s in self.sources if s.key == key)
        self._path, self._other_path = path, other_path
        for setting in OF_ONE_SOURCE:
            self._values.pop(setting, None)
        self._offer_pairs()
        self._offer_domains()
        self.changed.emit()

    def set_values(self, values: Mapping[str, Any]) -> None:
        """The form's values, by the keys of `fields`."""
        stand = self.values()
        self._touched |= {key for key, value in values.items() if key not in stand or stand[key] != value}
        made_twice = values.get(PAIRS) and values.get(COUNTERPART)
        self._values.update(values)
        if made_twice:
            # Pairs are made in one way: the newer choice stands.
            self._values[PAIRS if values[COUNTERPART] != stand.get(COUNTERPART) else COUNTERPART] = None
            self.changed.emit()
        self.edited.emit()

    def reset(self) -> None:
        """Everything but data and model back to its default."""
        self._values, self._touched = {}, set()
        if self.family:
            self._values[PLAN + "steps"] = self.family.default_steps
        self._offer_pairs()
        self._offer_domains()
        self.changed.emit()

    def fields(self) -> tuple[FieldSpec, ...]:
        """The family's settings first, then the steps, then all that is rarely touched."""
        if self.family is None:
            return ()
        own = [replace(spec, key=CONFIG + spec.key) for spec in self.family.fields]
        data = [replace(spec, advanced=True) for spec in self.data_fields()]
        if self._needs_made_pairs():
            data = [replace(spec, advanced=spec.key not in (PAIRS, COUNTERPART)) for spec in data]
        if self._needs_domains():
            data = [replace(spec, advanced=spec.advanced and spec.key != DOMAINS) for spec in data]
        run = [replace(spec, key=PLAN + spec.key, advanced=spec.key != "steps") for spec in _run_fields()]
        run = [replace(s, default=self.family.default_steps) if s.key == PLAN + "steps" else s for s in run]
        parts = [*own, *data, *run]
        return tuple(sorted(parts, key=lambda spec: (spec.advanced, spec.key == PLAN + "steps")))

    def data_fields(self) -> tuple[FieldSpec, ...]:
        """How the chosen data are brought into shape."""
        specs = (replace(spec, key=DATA + spec.key) for spec in fields_of(DataPlan))
        shown = (spec for spec in specs if spec.key not in HIDDEN and self._applies(spec))
        own = tuple(one.value for one in self.source.counterparts) if self.source else ()
        return tuple(replace(spec, choices=own) if spec.key == COUNTERPART else spec for spec in shown)

    def values(self) -> dict[str, Any]:
        return {spec.key: self._values.get(spec.key, spec.default) for spec in self.fields()}

    def data_plan(self) -> DataPlan:
        """The chosen data. Raises WrongUse for values that cannot be used."""
        if self.source is None:
            raise WrongUse("No data is chosen. Choose a source first.")
        places = {"path": self._path, "other_path": self._other_path}
        return DataPlan.parse({**self._part(DATA), "source": self.source.key, **places})

    def plan(self) -> RunPlan:
        """The run that Start would begin. Raises WrongUse for values that cannot be used."""
        if self.family is None:
            raise WrongUse("No model is chosen. Choose one first.")
        data = self.data_plan()
        if self._needs_domains() and not data.domains:
            raise WrongUse(
                f"{self.family.info.title} needs two domains of pictures, and {self._title()} is one. "
                'Write two classes or a yes-or-no attribute under "Two domains", or choose two folders.'
            )
        if self._needs_made_pairs() and data.pairs is None and data.counterpart is None:
            raise WrongUse(
                f"{self.family.info.title} needs paired pictures, and {self._title()} has none. "
                'Choose a filter under "Pairs from", or a paired source.'
            )
        parts = {**self._part(PLAN), "family": self.family.key, "data": data, "config": self._part(CONFIG)}
        return RunPlan.parse(parts)

    def _part(self, prefix: str) -> dict[str, Any]:
        known = {spec.key for spec in self.fields()}
        return {
            key.removeprefix(prefix): value
            for key, value in self._values.items()
            if key.startswith(prefix) and key in known
        }

    def _applies(self, spec: FieldSpec) -> bool:
        paired = self.source is not None and "pairs" in self.source.offers
        if spec.key == PAIRS:
            return not paired
        if self.source is None:
            return spec.key not in DRAWING
        if spec.key in DRAWING:
            return self.source.drawn
        if spec.key == COUNTERPART:
            return bool(self.source.counterparts)
        if spec.key == LABELS:
            return "attributes" in self.source.offers
        if spec.key == DOMAINS:
            return not paired
        return spec.key != DATA + "question" or paired

    def _needs_made_pairs(self) -> bool:
        paired = self.source is not None and "pairs" in self.source.offers
        return self.family is not None and "pairs" in self.family.needs and not paired

    def _offer_pairs(self) -> None:
        # A model that needs pairs starts with edges, in plain sight; any other with none.
        if not self._needs_made_pairs():
            self._values[PAIRS] = self._values[COUNTERPART] = None
        elif self._values.get(PAIRS) is None and self._values.get(COUNTERPART) is None:
            self._values[PAIRS] = PairFilter.EDGES.value

    def _needs_domains(self) -> bool:
        divided = self.source is not None and "domains" in self.source.offers
        return self.family is not None and "domains" in self.family.needs and not divided

    def _offer_domains(self) -> None:
        # Likewise: a source that knows two kinds of its pictures proposes them.
        if self.family is not None and "domains" not in self.family.needs:
            self._values[DOMAINS] = None
        elif self._needs_domains() and not self._values.get(DOMAINS) and self.source is not None:
            self._values[DOMAINS] = self.source.usual_domains or None

    def _title(self) -> str:
        return self.source.title if self.source else "this source"


def _takes(spec: FieldSpec, values: Mapping[str, Any]) -> bool:
    """Whether a setting of one family has a value that another of the same name can take over."""
    if spec.key not in values:
        return False
    value = values[spec.key]
    match spec.kind:
        case FieldKind.CHOICE:
            return value in spec.choices
        case FieldKind.SWITCH:
            return isinstance(value, bool)
        case FieldKind.TEXT:
            return isinstance(value, str)
        case FieldKind.INTEGER | FieldKind.NUMBER:
            kinds = int if spec.kind is FieldKind.INTEGER else (int, float)
            low = spec.minimum if spec.minimum is not None else -math.inf
            high = spec.maximum if spec.maximum is not None else math.inf
            return isinstance(value, kinds) and not isinstance(value, bool) and low <= value <= high


def _run_fields() -> tuple[FieldSpec, ...]:
    """The settings of a plan that are shown as fields; the others have controls of their own."""
    return tuple(spec for spec in fields_of(RunPlan) if spec.key not in ("family", "data", "config", "format_version"))
