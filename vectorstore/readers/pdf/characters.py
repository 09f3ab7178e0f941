"""The characters of a PDF as PDFium gives them -> text as it is written: ligatures in letters, hyphens as hyphens; pure."""

import re
from collections.abc import Callable

RTL_LETTER = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")
"""A letter of a script that is written from right to left."""
HYPHENS = {0x02: "-", 0xFFFE: "-"}
"""What PDFium puts for a hyphen at the end of a line."""
_LIGATURES = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
}  # fmt: skip
_LAM = 0x0644
_ALEFS = frozenset((0x0622, 0x0623, 0x0625, 0x0627))


def decoded(codes: list[int]) -> str:
    """Characters as text: ligatures in letters, and what PDFium makes of a hyphen at the end of a line as a hyphen."""
    text = "".join(map(chr, codes))
    if text.isascii() and text.isprintable():
        return text
    # Characters below 32 are control characters, but for the one that stands for a hyphen.
    text = "".join(HYPHENS.get(code) or _LIGATURES.get(code) or chr(code) for code in codes if code >= 32 or code in HYPHENS)
    # Halves of a pair outside of the first plane come one by one.
    pairs = any(0xD800 <= code < 0xE000 for code in codes)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if pairs else text


def turns_between(code: int, following: int) -> bool:
    """Whether one letter is written from right to left and the other one is Latin: "وPython" stands in two places.

    >>> turns_between(0x0648, ord("P")), turns_between(ord("P"), ord("y"))
    (True, False)
    """
    if code < 128 and following < 128:
        return False
    right, latin = RTL_LETTER.match(chr(code)), chr(following).isascii() and chr(following).isalpha()
    left, foreign = chr(code).isascii() and chr(code).isalpha(), RTL_LETTER.match(chr(following))
    return bool((right and latin) or (left and foreign))


def reorder_lam_alef(codes: list[int], is_one_glyph: Callable[[int], bool]) -> None:
    """Puts the lam before the alef in each ligature of the two, in place; `is_one_glyph` tells one by its first character.

    PDFium turns the letters of a line of Arabic around, those within a ligature as well: "ال" for "لا".

    >>> codes = [0x0645, 0x0627, 0x0644]
    >>> reorder_lam_alef(codes, lambda at: at == 1)
    >>> "".join(map(chr, codes)) == "\u0645\u0644\u0627"
    True
    """
    for at in range(len(codes) - 1):
        if codes[at] in _ALEFS and codes[at + 1] == _LAM and is_one_glyph(at):
            codes[at], codes[at + 1] = codes[at + 1], codes[at]
