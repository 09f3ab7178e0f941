"""The rows that the parts give, and the table that they make."""

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

_NAMED = ("footnote", "onnxruntime", "chromadb", "tantivy", "streamlit")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what was measured, what it must reach ("" for nothing), what came out, and by which command or where."""

    measure: str
    target: str
    measured: str
    where: str


def at_least(measure: str, value: float, floor: float, where: str, form: str = "{:.3f}") -> Row:
    """A row whose value must not be below `floor`; `form` shows both."""
    return Row(measure, f"at least {form.format(floor)}", form.format(value) + ("" if value >= floor else "  MISSED"), where)


def under(measure: str, value: float, ceiling: float, where: str, form: str = "{:.2f} s") -> Row:
    """A row whose value must be below `ceiling`; `form` shows both."""
    return Row(measure, f"under {form.format(ceiling)}", form.format(value) + ("" if value < ceiling else "  MISSED"), where)


def info(measure: str, measured: str, where: str) -> Row:
    """A row that nothing is asked of."""
    return Row(measure, "", measured, where)


def missing(part: str) -> Row:
    """The row of a part that needs public data which are not here."""
    return info(
        part, "not measured", "FOOTNOTE_BENCH names no folder of the public data; docs/figures.md says what belongs in it"
    )


def table(rows: Sequence[Row]) -> str:
    """The rows in aligned columns under their headings."""
    lines = [("measure", "target", "measured", "where"), *((r.measure, r.target, r.measured, r.where) for r in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    lines.insert(1, ("-" * widths[0], "-" * widths[1], "-" * widths[2], "-----"))
    shown = ("  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[3]]) for line in lines)
    return "\n".join(line.rstrip() for line in shown)


def machine() -> str:
    """What the figures were measured on; the load says how much else the machine had to do."""
    versions = ", ".join(f"{name} {version(name)}" for name in _NAMED)
    load = f"load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else "load unknown"
    python = f"Python {platform.python_version()} on {sys.platform} {platform.machine()}"
    return f"{os.cpu_count()} cores, {load}; {python}; {versions}"
