"""Values of a claim that stand in another cell of a table than the claim puts them in: its row, or its column; pure.

Each cell is a statement: its row has this value under that column. The claim names a column by the words of its header.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from bot.reading.dates import Date
from bot.reading.quantities import Quantity
from bot.reading.words import Word
from bot.verification.pairing import Mismatch, Pairing, holds
from bot.verification.relevance import Relevance
from bot.verification.statements import SourceText, Statement, distance
from bot.verification.tables import NOWHERE, Field, Record

MENTIONED = 0.6
"""A claim has a cell's value where it has such a share of the cell's words."""
_SCALE = re.compile(r"\b(?:m|mn|mio|k|bn|million|thousand|billion|in 1000s?|'?000s?)\b|[$€£](?:m|k|bn)\b", re.IGNORECASE)
# A header such as "($m)" or "in 1000s" counts in one of these; which one it names is not told apart.
_SCALES = tuple(Decimal(10) ** n for n in (3, 6, 9))


@dataclass(frozen=True)
class _Cell:
    """A field of a record beside a claim: where the claim has its value, and which words of the claim name it."""

    name: Statement
    value: Statement
    at: Word | Quantity | Date | None
    naming: tuple[Word, ...]

    @cached_property
    def told(self) -> str:
        """The value as it stands."""
        return " ".join(self.value.text[self.value.start : self.value.end].split())

    @cached_property
    def header(self) -> str:
        """The header as it stands."""
        return " ".join(self.name.text[self.name.start : self.name.end].split())


def wrong_cells(pairing: Pairing, relevance: Relevance) -> Iterator[Mismatch]:
    """What the claim puts in a cell that has something else, for the rows that it rests on."""
    layout = pairing.source.layout
    numbers = dict.fromkeys(relevance.scopes[n].record for n in pairing.chosen)
    records = [layout.tables.records[n] for n in numbers if n is not None]
    # A number that stands in none of the rows is lacking, whatever cell it was meant for.
    yield from _lacking(pairing, records)
    for record in records:
        at = next(n for n in pairing.chosen if relevance.scopes[n].record == layout.tables.records.index(record))
        cells = _cells(pairing.claim, pairing.source, record)
        if problem := _of_another(cells, record, records, pairing, relevance, at) or _wrong(cells, record, pairing, at):
            yield problem
            return


def rests_on_record(relevance: Relevance, chosen: Sequence[int]) -> bool:
    """Whether the best sentence is a row or a labelled value."""
    return relevance.scopes[chosen[0]].record is not None


def _lacking(pairing: Pairing, records: Sequence[Record]) -> Iterator[Mismatch]:
    """Numbers and dates of the claim that none of its rows has, nor what stands over them."""
    # What stands over a row (a heading, the title) may give a number that the row does not repeat.
    near = [*pairing.near, pairing.source.given]
    for one in pairing.claim.facts:
        # Cells are asked one by one: in a row read as one text, neighbours such as "812,1655" could be one number.
        if not any(_has(one, record, pairing.source) for record in records) and not any(
            holds(statement, one) for statement in near
        ):
            yield pairing.lacking(one)


def _has(one: Quantity | Date, record: Record, source: SourceText) -> bool:
    return any(_same(one, source.part(each.value), _header(source, record, each)) for each in record.fields)


def _header(source: SourceText, record: Record, field: Field) -> str:
    """What tells of a cell's unit and scale: the header, and the key of the row."""
    return f"{source.text[slice(*field.name)]} {source.text[slice(*record.key)]}"


def _cells(claim: Statement, source: SourceText, record: Record) -> list[_Cell]:
    names = [source.part(each.name) for each in record.fields]
    found: list[_Cell] = []
    for n, each in enumerate(record.fields):
        value = source.part(each.value)
        others = [name for m, name in enumerate(names) if m != n]
        found.append(
            _Cell(names[n], value, _mention(claim, value, _header(source, record, each)), _naming(claim, names[n], others))
        )
    return found


def _mention(claim: Statement, value: Statement, header: str) -> Word | Quantity | Date | None:
    """Where the claim has a value, in whatever form; None where it has it not."""
    if found := next((one for one in claim.facts if _same(one, value, header)), None):
        return found
    # The unit in a cell ("412 m") is no word that a claim must repeat.
    free = [word for word in value.plain if not any(one.unit and 0 <= word.start - one.end <= 1 for one in value.quantities)]
    if value.facts and not free:
        return None
    # A cell of nothing but small words ("no") is looked for by these.
    stems = {word.stem for word in free} or {word.stem for word in value.words}
    inside = [word for word in claim.words if word.stem in stems]
    # The first of the cell's words stands for the place of the value in the claim.
    return inside[0] if inside and len({word.stem for word in inside}) >= MENTIONED * len(stems) else None


def _same(one: Quantity | Date, value: Statement, header: str) -> bool:
    """Whether a cell has a number or date, also where its header says that it counts in thousands or millions."""
    if holds(value, one):
        return True
    if isinstance(one, Date):
        return False
    counts = [count for other in value.quantities for count in other.values]
    return one.value in counts or (
        _SCALE.search(header) is not None and any(one.value == count * scale for count in counts for scale in _SCALES)
    )


def _naming(claim: Statement, name: Statement, others: Sequence[Statement]) -> tuple[Word, ...]:
    """The words of a claim that name a column: its header's own words, or its year."""
    # Of "Rain (mm)" and "Snow (mm)", "mm" names neither.
    stems = {word.stem for word in name.words if word.telling} - {word.stem for other in others for word in other.words}
    return tuple(word for word in claim.words if word.stem in stems)


def _wrong(cells: Sequence[_Cell], record: Record, pairing: Pairing, at: int) -> Mismatch | None:
    """A value of the row that the claim puts under another column, or a column of which the claim says something else."""
    key = _clean(pairing.source.part(record.key)) if record.key != NOWHERE else ""
    # The key's own cell names the row and is no value of it.
    own = [cell for cell in cells if _clean(cell.value) != key]
    given = [cell for cell in own if cell.at]
    meant = [cell for cell in own if cell.naming]
    unfilled = [cell for cell in meant if not cell.at]
    # A value of the row whose column the claim does not name, while a column that it names goes without its value.
    stray = next((cell for cell in given if cell not in meant), None)
    if stray and unfilled:
        return _instead(_told(record, key, stray, unfilled[0]), at, pairing, record, stray.at, unfilled[0].value)
    if pair := _swapped(meant, pairing.claim):
        return _instead(_told(record, key, *pair), at, pairing, record, pair[0].at, pair[1].value)
    # One number that the row lacks and one named column without its value belong together; with more of either, nobody can
    # tell.
    absent = [one for one in pairing.claim.facts if not _has(one, record, pairing.source)]
    if len(absent) == len(unfilled) == 1 and any(_comparable(absent[0], other) for other in unfilled[0].value.facts):
        reason = f"The passage has “{unfilled[0].told}” under “{unfilled[0].header}” for “{key}”."
        return _instead(reason, at, pairing, record, absent[0], unfilled[0].value)
    return None


def _comparable(one: Quantity | Date, other: Quantity | Date) -> bool:
    """Whether a number or a date could stand in the other's place."""
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.comparable(other)
    return isinstance(one, Date) and isinstance(other, Date) and one.alike(other)


def _instead(
    reason: str, at: int, pairing: Pairing, record: Record, mine: Word | Quantity | Date | None, theirs: Statement
) -> Mismatch:
    """A cell that has something else: a number that differs where the claim names the row, and both are numbers or dates."""
    key = {word.stem for word in pairing.source.part(record.key).words} if record.key != NOWHERE else set[str]()
    # A number only *differs* where the claim names its row in full: else it may mean another row, and is in doubt.
    named = bool(key) and key <= {word.stem for word in pairing.claim.words}
    if named and isinstance(mine, Quantity | Date) and theirs.facts:
        return Mismatch("number", reason, at, (mine.start, mine.end), (theirs.start, theirs.end))
    return Mismatch("", reason, at)


def _told(record: Record, key: str, stray: _Cell, wanted: _Cell) -> str:
    where = "row" if record.row else "list"
    of = f"The {where} of “{key}”" if key else "The passage"
    return f"{of} has “{stray.told}” under “{stray.header}”, not under “{wanted.header}”."


def _clean(statement: Statement) -> str:
    return " ".join(statement.text[statement.start : statement.end].split()).strip("*_# ")


def _swapped(meant: Sequence[_Cell], claim: Statement) -> tuple[_Cell, _Cell] | None:
    """Two columns whose values have changed places in the claim."""
    filled = [cell for cell in meant if cell.at]
    for one in filled:
        for other in filled:
            if one is not other and _nearer(claim, one, other) and _nearer(claim, other, one):
                return one, other
    return None


def _nearer(claim: Statement, one: _Cell, other: _Cell) -> bool:
    """Whether a column's value stands nearer to the words that name another one."""
    value = one.at
    # `_swapped` passes only cells whose value the claim has.
    assert value is not None
    own, theirs = (min(distance(claim, word, value) for word in cell.naming) for cell in (one, other))
    return theirs < own


def _of_another(
    cells: Sequence[_Cell], record: Record, records: Sequence[Record], pairing: Pairing, relevance: Relevance, at: int
) -> Mismatch | None:
    """A value of another row that the claim has in place of this one's."""
    # A row that the claim names as well may give it a value.
    named = {label.text for labels in relevance.named.values() for label in labels if label.group[0] == "row"}
    source = pairing.source
    for other in source.layout.tables.records:
        if (
            other.table != record.table
            or other in records
            or not record.row
            or _clean(source.part(other.key)) in named - {_clean(source.part(record.key))}
        ):
            continue
        for cell, theirs in zip(cells, other.fields, strict=False):
            value = source.part(theirs.value)
            mine = _mention(pairing.claim, value, _header(source, other, theirs))
            if not cell.at and _clean(value) != cell.told and mine:
                key = _clean(source.part(record.key))
                reason = f"The row of “{key}” has “{cell.told}” under “{cell.header}”, not “{_clean(value)}”."
                return _instead(reason, at, pairing, record, mine, cell.value)
    return None
