"""How a page looks: its colours in the light and in the dark, and the style sheet that uses them by name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

LIGHT = {
    "ground": "#f3f5f9", "paper": "#ffffff", "pale": "#eef3fa", "line": "#d5dce7", "bar": "#d3e1f8",
    "text": "#1c2430", "soft": "#5a6676", "accent": "#2f5597", "on-accent": "#ffffff",
    "good": "#1f7a3a", "bad": "#b3261e", "warn": "#8a4b00",
    "s1": "#2f5597", "s2": "#c55a11", "s3": "#00838f", "s4": "#7b4fa3", "s5": "#8d6e00", "s6": "#ad1457",
}  # fmt: skip
DARK = {
    "ground": "#11151c", "paper": "#1a202a", "pale": "#232c3a", "line": "#343e4d", "bar": "#2b4270",
    "text": "#e6eaf0", "soft": "#a2aebe", "accent": "#86aeee", "on-accent": "#0d1420",
    "good": "#6fcb8c", "bad": "#f4918a", "warn": "#f0b35a",
    "s1": "#86aeee", "s2": "#f0a06a", "s3": "#5ec8d2", "s4": "#c3a0e6", "s5": "#dcc15a", "s6": "#f08cb4",
}  # fmt: skip
SERIES = ("@s1", "@s2", "@s3", "@s4", "@s5", "@s6")
"""Colours for the columns of a chart, in order; a chart names a colour with an @ before it."""


def style_sheet() -> str:
    """Return the page's whole style: light, dark where the reader's system or their choice is dark, light on paper."""
    light, dark = _variables(LIGHT), _variables(DARK)
    colours = (
        f":root{{{light};color-scheme:light}}\n"
        f'@media (prefers-color-scheme: dark){{:root:not([data-theme="light"]){{{dark};color-scheme:dark}}}}\n'
        f':root[data-theme="dark"]{{{dark};color-scheme:dark}}\n'
        f"@media print{{:root:root:root{{{light};color-scheme:light}}}}\n"
        f":root.printing.printing{{{light};color-scheme:light}}\n"
    )
    return colours + part("report.css")


def part(name: str) -> str:
    """Return one of the files that every page is made of."""
    return files("crmcli.reports.html").joinpath("page", name).read_text(encoding="utf-8")


def _variables(colours: Mapping[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())
