"""Widgets of the Attributes panel that are painted by hand."""
