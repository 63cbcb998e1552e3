"""The colour of events, the same on the curves and on the history."""

from typing import assert_never

from PySide6.QtGui import QColor

from gen_studio.core.events import MarkKind
from gen_studio.ui.theme import tokens


def mark_color(kind: MarkKind) -> QColor:
    match kind:
        case MarkKind.USER:
            return tokens().accent
        case MarkKind.ALARM:
            return tokens().warning
        case _:
            assert_never(kind)
