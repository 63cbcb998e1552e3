"""Every widget test starts in the dark scheme, whatever the test before it did."""

import pytest
from PySide6.QtWidgets import QApplication

from gen_studio.ui.theme import Scheme, apply_theme


@pytest.fixture(autouse=True)
def app(qapp: QApplication) -> QApplication:
    apply_theme(qapp, Scheme.DARK)
    return qapp
