"""Readings of many numbers, painted by hand: maps of codes and bars. Unlike the plots they do without pyqtgraph."""
