"""What the styles and lists of a Word file say of a paragraph: how deep a heading is, and which number Word draws before it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from vectorstore.readers.containers import local_name, stated_number

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""The namespace of the elements of a Word file, as lxml writes it."""
VAL = f"{W}val"

TITLE = 0
"""The level of the paragraph that is the document's title."""

# Word itself names its own styles in English in the file, whatever its language, and gives them outline levels. These are the
# names in files of other programs, which translate them and write no levels.
_HEADING = re.compile(
    r"(?:heading|header|überschrift|titre|título|titolo|titlu|kop|rubrik|overskrift|otsikko|nagłówek|nadpis|naslov|заголовок|"
    r"címsor|başlık|επικεφαλίδα|标题|標題|見出し|제목|عنوان|शीर्षक)\s*([1-9])"
)
_TITLE_WORDS = (
    "title|titel|titre|título|titolo|titlu|tittel|otsikko|tytuł|název|naslov|название|cím|konu başlığı|τίτλος|"
    "标题|標題|表題|제목"
)
_TITLES = frozenset(_TITLE_WORDS.split("|"))
# "%1.%2." as the text of a level's numbers: "%1" stands for the count of the first level.
_LEVEL = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _ParagraphStyle:
    """One style: its name in small letters, the style that it goes on from, its outline level, list and level in it."""

    name: str
    based_on: str = ""
    outline_level: str = ""
    list_id: str = ""
    list_level: str = ""


class WordStyles:
    """The paragraph styles of a file, by the ids that its paragraphs name.

    >>> WordStyles(None).heading_level("Heading2")
    2
    """

    def __init__(self, root: etree._Element | None) -> None:
        """Of the root of `styles.xml`; None where the file has none."""
        self._styles: dict[str, _ParagraphStyle] = {}
        self._default = ""
        for node in root.iterchildren(f"{W}style") if root is not None else ():
            if node.get(f"{W}type", "paragraph") == "paragraph":
                name = node.get(f"{W}styleId", "")
                self._styles[name] = _style(node)
                if node.get(f"{W}default") in ("1", "true"):
                    self._default = name

    def name(self, style: str) -> str:
        """The name of a style in small letters; its id where the file does not define it, "" for the default style."""
        found = self._styles.get(style or self._default)
        return found.name if found else style.casefold()

    def heading_level(self, style: str) -> int | None:
        """The level of the headings in this style, from 1; `TITLE` for the document's title, and None for other text."""
        for one in self._chain(style):
            # The title has no outline level in Word, and has one in files of other programs.
            if one.name in _TITLES:
                return TITLE
            if one.outline_level.isdigit():
                level = int(one.outline_level)
                # Outline levels count from 0, and 9 is that of the text.
                return level + 1 if level < 9 else None
            if named := _HEADING.fullmatch(one.name):
                return int(named[1])
        return None

    def list_of(self, style: str) -> tuple[str, str]:
        """The list that paragraphs in this style are items of, and the level in it; "" and "" where there is none."""
        found = next((one for one in self._chain(style) if one.list_id), None)
        return (found.list_id, found.list_level or "0") if found else ("", "")

    def _chain(self, style: str) -> Iterator[_ParagraphStyle]:
        """The style and those that it is based on; each once, as a damaged file may lead in a circle."""
        name, seen = style or self._default, set[str]()
        if name and name not in self._styles:
            yield _ParagraphStyle(name.casefold())
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = self._styles[name].based_on


def _style(node: etree._Element) -> _ParagraphStyle:
    found = {local_name(child): child.get(VAL, "") for child in node.iter(etree.Element)}
    name = found.get("name", "") or node.get(f"{W}styleId", "")
    return _ParagraphStyle(
        name.casefold(), found.get("basedOn", ""), found.get("outlineLvl", ""), found.get("numId", ""), found.get("ilvl", "")
    )


@dataclass(frozen=True, slots=True)
class _ListLevel:
    """How the items of one level are numbered: the format, the text around the numbers, the first number."""

    format: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class _NumberedList:
    """A list as paragraphs name it: its definition, and the numbers that it begins its levels with anew."""

    definition: str
    starts: dict[int, int] = field(default_factory=dict)


class WordLists:
    """Counts the items of a file's lists as Word does, and writes their numbers.

    >>> WordLists(None).marker("1", 0)
    '-'
    """

    def __init__(self, root: etree._Element | None) -> None:
        """Of the root of `numbering.xml`; None where the file has none."""
        self._levels: dict[str, dict[int, _ListLevel]] = {}
        self._lists: dict[str, _NumberedList] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        for node in root.iterchildren(f"{W}abstractNum") if root is not None else ():
            levels = {stated_number(level.get(f"{W}ilvl")): _list_level(level) for level in node.iterchildren(f"{W}lvl")}
            self._levels[node.get(f"{W}abstractNumId", "")] = levels
        for node in root.iterchildren(f"{W}num") if root is not None else ():
            self._lists[node.get(f"{W}numId", "")] = _numbered_list(node)

    def marker(self, list_id: str, level: int) -> str:
        """What Word draws before the next item of this list: "3.", "b)", "1.2"; "-" for a bullet, "" for nothing."""
        numbered = self._lists.get(list_id)
        levels = self._levels.get(numbered.definition, {}) if numbered else {}
        if numbered is None or level not in levels:
            return "-"
        counts = self._counts.setdefault(numbered.definition, {})
        # Lists of one definition share its counts; one of them begins anew only where it says so, and once.
        if list_id not in self._begun:
            self._begun.add(list_id)
            counts.update({at: start - 1 for at, start in numbered.starts.items()})
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        # An item begins the lists below it anew.
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        if levels[level].format == "bullet":
            return "-"
        return _LEVEL.sub(lambda part: self._counted(levels, counts, int(part[1]) - 1), levels[level].text).strip()

    @staticmethod
    def _counted(levels: dict[int, _ListLevel], counts: dict[int, int], level: int) -> str:
        one = levels.get(level, _ListLevel())
        return number_in_format(counts.get(level, one.start), one.format)


def _list_level(node: etree._Element) -> _ListLevel:
    found = {local_name(child): child.get(VAL, "") for child in node}
    return _ListLevel(found.get("numFmt", "decimal"), found.get("lvlText", ""), stated_number(found.get("start", "1")))


def _numbered_list(node: etree._Element) -> _NumberedList:
    definition = node.find(f"{W}abstractNumId")
    found = _NumberedList(definition.get(VAL, "") if definition is not None else "")
    for override in node.iterchildren(f"{W}lvlOverride"):
        start = override.find(f"{W}startOverride")
        if start is not None:
            found.starts[stated_number(override.get(f"{W}ilvl"))] = stated_number(start.get(VAL))
    return found


def number_in_format(number: int, name: str) -> str:
    """A number as a list writes it, by Word's name of the format; in figures where the format is not known here."""
    match name:
        case "lowerLetter" | "upperLetter" if number > 0:
            # After "z" come "aa" and "bb", as Word writes them.
            letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
            return letters if name == "lowerLetter" else letters.upper()
        case "lowerRoman":
            return roman(number)
        case "upperRoman":
            return roman(number).upper()
        case "decimalZero":
            return f"{number:02}"
        case "none":
            return ""
    return str(number)


def roman(number: int) -> str:
    """A number in small Roman numerals.

    >>> roman(4), roman(1994)
    ('iv', 'mcmxciv')
    """
    written = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        # A damaged file may state any number.
        written += letters * min(times, 10)
    return written
