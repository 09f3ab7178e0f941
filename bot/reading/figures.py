"""What figures may mean: the values of "12.500", "70,48,250" and "3.10"; pure."""

import re
from decimal import Decimal

LONGEST = 24
"""Figures of a number at most; more are an identifier, or nonsense."""
# Blanks part thousands only where every group has three figures and no further figure is near: "in 2019 300 came" has two
# numbers.
FIGURES = (
    r"(?<!\d )\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?! ?\d)|(?<!\d , )\d{1,3}(?: , \d{3})+(?! ?[\d,])|"
    r"\d+(?:(?:[.,']| @[.,]@ )\d+)*"
)
"""A pattern for a number in figures, in a text whose blanks and quotes are plain; corpora also write "5 , 000", "5 @,@ 000"."""

# Wikipedia corpora set blanks and "@" around the separators in a number.
_SEPARATOR = re.compile(r" @([.,])@ |([.,' ])")
_THOUSANDS = 3


def readings(figures: str, comma_decimal: bool = False) -> tuple[Decimal, ...]:
    """The values that figures may have, the likeliest first; none where they are no number ("2.0.1", "1,2,3").

    `comma_decimal` is whether the text's language writes "12,5" for twelve and a half.

    >>> readings("48,250"), readings("48.250")
    ((Decimal('48250'),), (Decimal('48.250'), Decimal('48250')))
    """
    figures = figures.replace(" , ", ",")
    # The marks between the groups of figures, in order: ".," for "7.048,25".
    marks = "".join(one or other for one, other in _SEPARATOR.findall(figures))
    groups = re.findall(r"\d+", figures)
    if sum(map(len, groups)) > LONGEST:
        return ()
    if not marks:
        return (Decimal(figures),)
    # As a whole number: one kind of mark, and groups as long as thousands are.
    whole = (Decimal("".join(groups)),) if len(set(marks)) == 1 and _grouped(groups, marks[0]) else ()
    # Decimals stand behind a point or a comma that comes once, at the end.
    if marks[-1] not in ".," or marks.count(marks[-1]) > 1 or not _joined(groups[:-1], marks[:-1]):
        return whole
    part = (Decimal("".join(groups[:-1]) + "." + groups[-1]),)
    if not whole:
        return part
    # "12,500" in English is never twelve and a half; "12.500" may be either wherever it stands.
    if marks == ",":
        return part + whole if comma_decimal else whole
    return whole + part if comma_decimal else part + whole


def version(figures: str) -> Decimal:
    """The parts of "3.10" or "2.0.1" as one number by which versions are told apart: 3.10 is not 3.1."""
    first, *rest = re.findall(r"\d+", figures)
    # Six decimals a part: no version has a million in one.
    return Decimal(first) + sum((Decimal(part).scaleb(-6 * n) for n, part in enumerate(rest, 1)), Decimal(0))


def _grouped(groups: list[str], mark: str) -> bool:
    """Whether these are groups of three figures, or, with commas, India's of two before the last."""
    first, *rest = groups
    # "0.250" has no group of thousands.
    if not rest or first.startswith("0") or len(first) > _THOUSANDS:
        return False
    thousands = all(len(each) == _THOUSANDS for each in rest)
    indian = (
        mark == "," and len(rest[-1]) == _THOUSANDS and all(len(each) == _THOUSANDS - 1 for each in [first, *rest[:-1]][1:])
    )
    return thousands or (indian and len(rest) > 1 and len(first) < _THOUSANDS)


def _joined(groups: list[str], marks: str) -> bool:
    """Whether what stands before the decimals is one number: a single group, or several with one other mark between."""
    return not marks or (len(set(marks)) == 1 and _grouped(groups, marks[0]))
