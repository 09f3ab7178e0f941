"""Two texts line by line, as the difference component draws them. Pure."""

from difflib import SequenceMatcher
from typing import Literal, TypedDict

Kind = Literal["same", "added", "removed", "left out"]
AROUND = 3
"""Lines that are shown on each side of a change."""


class LineData(TypedDict):
    """A line, or the words that stand for those that are left out."""

    kind: Kind
    text: str


class DifferenceData(TypedDict):
    """Everything that the component needs: what differs, in a sentence, and the lines."""

    sum: str
    lines: list[LineData]


def difference_data(old: str, new: str, names: tuple[str, str]) -> DifferenceData:
    """What is different in the new text; `names` are those of the two."""
    before, after = old.splitlines(), new.splitlines()
    lines, at = list[LineData](), 0
    for group in SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(AROUND):
        if before == after:
            break  # two equal texts are one group of equal lines
        lines += _left_out(group[0][1] - at)
        for tag, i, j, k, m in group:
            same = tag == "equal"
            lines += _lines("same", before[i:j]) if same else [*_lines("removed", before[i:j]), *_lines("added", after[k:m])]
        at = group[-1][2]
    lines += _left_out(len(before) - at) if lines else []
    return DifferenceData(sum=_sum(lines, names), lines=lines)


def _lines(kind: Kind, texts: list[str]) -> list[LineData]:
    return [LineData(kind=kind, text=text) for text in texts]


def _left_out(count: int) -> list[LineData]:
    return [LineData(kind="left out", text=f"{count} line{'' if count == 1 else 's'} the same")] if count > 0 else []


def _sum(lines: list[LineData], names: tuple[str, str]) -> str:
    added, removed = (sum(1 for one in lines if one["kind"] == kind) for kind in ("added", "removed"))
    if not added and not removed:
        return f"{names[0]} and {names[1]} are the same."
    return f"From {names[0]} to {names[1]}: {_counted(added)} added, {_counted(removed)} removed."


def _counted(count: int) -> str:
    return f"{count} line{'' if count == 1 else 's'}"
