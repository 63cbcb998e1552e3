"""Sentences that are also said on the command line, as the window says them."""

import re

_OPTION = re.compile(r" with --[a-z-]+")


def for_the_window(sentence: str) -> str:
    """Without the options that a terminal takes: the window has buttons for them."""
    return _OPTION.sub("", sentence)
