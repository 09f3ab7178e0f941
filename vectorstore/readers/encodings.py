"""The encoding of a text that is not UTF-8 and carries no byte-order mark, told by which reading of its bytes makes sense.

Of all readings that are possible, the one is taken whose words are written as words are (small letters after the first,
letters of one script) and whose language, as the language model has it, is one that this encoding was made for: a Russian
text in KOI8-R is as tidy in cp1251, but nobody writes "лНЯР".
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from charset_normalizer.constant import FREQUENCIES

from vectorstore.splitting.language import language_likelihoods

SAMPLE_BYTES = 20_000
"""So much of a file is read to tell its encoding."""
LEAST_SENSE = 0.2
"""A reading that makes less sense than this, of 1, is not believed: the file is said not to be text."""

_WESTERN = "en de fr es it pt nl da sv no fi is ca gl eu ga af id ms sq br oc la"
_CENTRAL = "pl cs sk hu sl hr ro bs"
# Encoding -> its name for people, and the languages that it was made for. The commonest first: of two alike it is taken.
_ENCODINGS: Mapping[str, tuple[str, str]] = {
    "utf_16_le": ("UTF-16 without a mark", ""),
    "utf_16_be": ("UTF-16 without a mark", ""),
    "cp1252": ("Windows-1252", _WESTERN),
    "cp1251": ("Windows-1251", "ru uk bg sr mk be"),
    "koi8_r": ("KOI8-R", "ru bg"),
    "koi8_u": ("KOI8-U", "uk"),
    "gb18030": ("GB18030", "zh"),
    "cp932": ("Shift-JIS", "ja"),
    "euc_jp": ("EUC-JP", "ja"),
    "big5": ("Big5", "zh"),
    "cp949": ("EUC-KR", "ko"),
    "cp1250": ("Windows-1250", _CENTRAL),
    "iso8859_2": ("ISO 8859-2", _CENTRAL),
    "cp1253": ("Windows-1253", "el"),
    "cp1254": ("Windows-1254", "tr"),
    "cp1255": ("Windows-1255", "he"),
    "cp1256": ("Windows-1256", "ar fa ur"),
    "mac_roman": ("Mac Roman", _WESTERN),
    "iso8859_15": ("ISO 8859-15", _WESTERN),
    "cp1257": ("Windows-1257", "lt lv et"),
    "cp874": ("Windows-874", "th"),
}
# Names in an archive are bytes without a word on their encoding, mostly in that of the DOS prompt where they were packed.
_NAME_ENCODINGS: Mapping[str, str] = {
    "cp437": _WESTERN,
    "cp850": _WESTERN,
    "cp1252": _WESTERN,
    "cp932": "ja",
    "gb18030": "zh",
    "big5": "zh",
    "cp949": "ko",
    "cp866": "ru uk bg be",
    "cp1251": "ru uk bg sr mk be",
    "cp852": _CENTRAL,
    "cp1250": _CENTRAL,
}
# A national standard has the common characters apart: they are those whose codes begin with these bytes.
_FIRST_LEVELS = {
    # Level 1 of GB 2312, of Big5 and of JIS X 0208 (with its kana), and the Hangul of KS X 1001.
    "gb18030": (("gb2312", 0xB0, 0xD7),),
    "big5": (("big5", 0xA4, 0xC6),),
    "cp932": (("shift_jis", 0x81, 0x97),),
    "euc_jp": (("shift_jis", 0x81, 0x97),),
    "cp949": (("euc_kr", 0xB0, 0xC8),),
}
_ANY_LEVEL = tuple(level for levels in _FIRST_LEVELS.values() for level in levels)
# In a script of one language any bytes are letters; the commonest of that language tell them from a text.
_USUAL_LETTERS = {
    codec: frozenset(letter for language in languages for letter in FREQUENCIES[language][:14])
    for codec, languages in (
        ("cp1251", ("Russian",)),
        ("cp866", ("Russian",)),
        ("koi8_r", ("Russian",)),
        ("koi8_u", ("Ukrainian",)),
        ("cp1253", ("Greek",)),
        ("cp1255", ("Hebrew",)),
        ("cp1256", ("Arabic",)),
        ("cp874", ("Thai",)),
    )
}
# The library's list for Chinese is of simplified characters; a few common traditional ones are added.
_SMALL_WORDS = frozenset(letter for name in ("Chinese", "Korean") for letter in FREQUENCIES[name][:40]) | set("這個與為於")
_LATIN = {"cp437", "cp850", "cp852", "cp1252", "cp1250", "iso8859_2", "cp1254", "mac_roman", "iso8859_15", "cp1257"}
# Tabs, line ends, form feeds, the escape and U+0085 occur in texts, and are let through.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffd\ufffe\uffff]")
_LETTERS = re.compile(r"[^\W\d_]+")
# A sign between two letters is no spelling in any language: it shows a wrong encoding.
_STRANGE = re.compile(r"[^\W\d_][¡¿÷×¬¦§©®°±¶º»«¤¨´¸¯‡†‰√∂∆≈][^\W\d_]")
_UNNAMED = re.compile(r"[^\w\s.,()/\[\]!&'’+–—-]")
# What wrong readings are full of and texts hardly have: half-width kana, rare ideographs, the frames of DOS.
_RARE_LETTER = re.compile(r"[\uff61-\uff9f\u3400-\u4dbf\uf900-\ufaff\u0080-\u00a0\u2500-\u25ff]")


@dataclass(frozen=True, slots=True)
class DetectedEncoding:
    """An encoding by Python's name for it, and by the name that a person is told."""

    codec: str
    name: str


def detected_encoding(data: bytes) -> DetectedEncoding | None:
    """The encoding in which the bytes make the most sense; None where they make none in any.

    >>> detected_encoding("Le café était fermé depuis l'été.".encode("cp1252")).name
    'Windows-1252'
    """
    sample = data[: SAMPLE_BYTES - SAMPLE_BYTES % 2]
    # A character of UTF-16 has two bytes, so no text in it has an odd number of them.
    possible = [codec for codec in _ENCODINGS if not (codec.startswith("utf_16") and len(data) % 2)]
    readings = ((text, codec) for codec in possible if (text := _decoded(sample, codec)) is not None)
    scored = [(_sense(text, codec, _ENCODINGS[codec][1].split()), codec) for text, codec in readings]
    best, codec = max(scored, key=lambda one: one[0], default=(0.0, ""))
    return DetectedEncoding(codec, _ENCODINGS[codec][0]) if best >= LEAST_SENSE else None


def detected_name_encoding(names: Sequence[bytes]) -> str:
    """Python's name for the encoding that the names of one archive are in, all of them together; cp437 where none is likelier.

    >>> detected_name_encoding(["議事録.txt".encode("cp932"), "会議の写真.txt".encode("cp932")])
    'cp932'
    """
    # The ending is English in any language, and says nothing.
    stems = dict.fromkeys(re.sub(rb"\.\w+$", b"", name) for name in names if not name.isascii())
    strange = b"\n".join(stems)[:SAMPLE_BYTES]
    if not strange:
        return "cp437"
    read = {codec: text for codec in _NAME_ENCODINGS if (text := _decoded(strange, codec)) is not None}
    senses = {codec: _sense(text, codec, _NAME_ENCODINGS[codec].split()) * _named(text) for codec, text in read.items()}
    best = max(senses, key=lambda codec: senses[codec], default="cp437")
    return best if senses.get(best, 0.0) >= LEAST_SENSE else "cp437"


def _named(text: str) -> float:
    """The share of the characters that a person puts into a name: hardly anybody calls a file "±¨¸æ"."""
    return 1 - len(_UNNAMED.findall(text)) / len(text)


def _decoded(sample: bytes, codec: str) -> str | None:
    # A character of GB18030 has up to four bytes.
    """The sample in an encoding, without a character that it cuts in two at its end; None where it is in another one."""
    for cut in range(4):
        try:
            return sample[: len(sample) - cut].decode(codec)
        except UnicodeDecodeError as error:
            if error.start < len(sample) - cut - 4:
                return None
    return None


def _sense(text: str, codec: str, made_for: Sequence[str]) -> float:
    """How much sense a reading makes, from 0 to 1, in an encoding that was made for these languages."""
    if _CONTROL.search(text):
        return 0.0
    words = _LETTERS.findall(text)
    if not words:
        return 0.0
    tidy = sum(map(_is_tidy, words)) / len(words)
    strange = (len(_STRANGE.findall(text)) + len(_RARE_LETTER.findall(text))) / len(words)
    # The language shows in so much, and the model's time grows with the text.
    shares = language_likelihoods(text[:2000])
    fits = sum(share for code, share in shares.items() if not made_for or code in made_for)
    # Another language than expected makes a reading unlikely but not impossible: a short text may be taken for a wrong one.
    return max(0.0, tidy - strange) * (0.3 + 0.7 * fits) * _common(text, codec)


def _is_tidy(word: str) -> bool:
    """Whether a word is of one script, and small but for its first letter, or all in capitals."""
    cased = word.islower() or word.isupper() or word[1:].islower() or word.lower() == word.upper()
    # The name of a character begins with its script: "CYRILLIC SMALL LETTER A".
    scripts = {unicodedata.name(letter, "? ").split()[0] for letter in word[:20]}
    # Japanese mixes these within a word.
    return cased and len(scripts - {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}) <= 1


def _common(text: str, codec: str) -> float:
    """How common the characters of a reading are, from 0 to 1, in the languages that the encoding was made for."""
    if levels := _FIRST_LEVELS.get(codec) or (codec.startswith("utf_16") and _ANY_LEVEL):
        wide = [character for character in text if "\u3400" <= character <= "\ud7ff"]
        common = sum(any(_is_within(character, *level) for level in levels) for character in wide)
        # Small words are in every text of a language, so one without them is a worse reading.
        usual = 1.0 if any(character in _SMALL_WORDS for character in wide) else 0.8
        # A text without one wide character hardly needed an East Asian encoding; UTF-16 may hold Latin letters.
        return usual * common / len(wide) if wide else 1.0 if codec.startswith("utf_16") else 0.5
    if codec in _LATIN:
        letters = [letter for letter in text if letter.isalpha()]
        # Languages in Latin letters have accents on fewer than half of them.
        return 1.0 if 2 * sum(letter.isascii() for letter in letters) >= len(letters) else 0.5
    # Of a text's letters, three in four are among the commonest fourteen; of any letters, hardly half.
    foreign = [letter for letter in text.lower() if letter.isalpha() and not letter.isascii()]
    frequent = _USUAL_LETTERS.get(codec, frozenset())
    return 0.4 + 0.6 * sum(letter in frequent for letter in foreign) / len(foreign) if frequent and foreign else 1.0


def _is_within(character: str, codec: str, first: int, last: int) -> bool:
    """Whether the code of a character begins with a byte of these."""
    try:
        return first <= character.encode(codec)[0] <= last
    except UnicodeEncodeError:
        return False
