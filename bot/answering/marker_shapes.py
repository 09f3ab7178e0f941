r"""The shapes that a footnote's marker comes in, and what begins something that keeps its brackets: patterns. Pure.

`markers.py` decides with them, and with what is known of the answer, what a piece of text is.
"""

import re

LONGEST, FARTHEST = 300, 2000
"""Characters of a bracket, and of a link's address or a formula, that are waited for; what is longer is plain text."""
WIDEST = 20
"""The most numbers that a range stands for: `[1-999]` is two numbers and no list."""

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_NAME = (
    r"(?:passages?|sources?|refs?|references?|articles?|docs?|documents?|notes?|footnotes?|ids?|cite|cit|citations?|context|chunks?"
    r"|excerpts?|quellen?|fuentes?|fonti?e?|bronn?en?|источник|nos?\.?|第)?"
)
_SEPARATOR = r"(?:[,;，、；&]|and|und|et|y|en|和|-|–|—|−|~|～|to)"
_NUMBERS = re.compile(
    rf"\s*\^?\s*{_NAME}\s*[#:：]?\s*(\d{{1,3}}(?:\s*{_SEPARATOR}\s*{_NAME}\s*[#:：]?\s*\^?\d{{1,3}})*)"
    r"\s*(?::\d{1,3})?\s*(?:†[^\[\]]*)?\s*",
    re.IGNORECASE,
)
_TITLED = re.compile(r"\s*(\d{1,3})\s*[:：|–—-]\s*(?=[^\W\d])[^\[\]]*")
_RANGE = re.compile(r"(\d{1,3})\s*(?:-|–|—|−|~|～|to)\s*(\d{1,3})|(\d{1,3})", re.IGNORECASE)
_IN_ROUND = re.compile(
    r"\s*(?:(?:see|cf\.?|siehe|vgl\.?|voir|ver)\s+)?(?:passages?|sources?|refs?\.?|references?|citations?|documents?|quellen?|fuentes?)"
    rf"\s*[#:：]?\s*(\d{{1,3}}(?:\s*{_SEPARATOR}\s*(?:passages?\s*)?\d{{1,3}})*)\s*",
    re.IGNORECASE,
)
# Figures, or a word that begins like "see", "source", "ref", "cf.", "passage", "document", "Quelle", "fuente", "voir".
_BEGUN_ROUND = re.compile(
    r"[(（]\s*(?:\d[\d\s,;，、–-]*|(?:s|r|c|p|d|q|f|v)[a-zé]*\.?(?:\s[\w\s.,;:#&–-]*|[\d#:][\w\s.,;:#&–-]*)?)?", re.IGNORECASE
)
NAMED = re.compile(
    r"passages?[ \t]+(?:(?:number|nos?\.?)[ \t]*|#)?"
    rf"(\d{{1,3}}(?:[ \t]*{_SEPARATOR}[ \t]*(?:passages?[ \t]+)?\d{{1,3}})*)(?!\.?\d)\b",
    re.IGNORECASE,
)
"""A passage named in running text, by the word that the prompt has for it."""
BRACKET = re.compile(r"(!?)[\[【［]([^\[\]【】［］\n]*)[\]】］]")
DOUBLED = re.compile(r"()\[\[([^\[\]\n]*)\]\]")
TARGET = re.compile(r"\(([^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)")
ROUND = re.compile(r"[(（]([^()（）\[\]\n]{0,60})[)）]")
RAISED = re.compile(rf"[⁽]?([{_RAISED}]+)[⁾]?")
RAISED_TAG = re.compile(
    r"<(sup|cite|ref|citation|footnote)\b[^<>\n]{0,80}>\s*[\[(]?([^<>\n\[\]()]{0,40})[\])]?\s*</\1>", re.IGNORECASE
)
_BEGUN_TAG = re.compile(
    r"<(?:s|su|sup|c|ci|cit|cita|citat|citati|citatio|cite|r|re|ref|f|fo\w*|citation)(?:[\s>][^\n]{0,140})?", re.IGNORECASE
)
# Markup that fetches, sends or runs something where it is shown; other angle brackets are text.
_FETCHING = (
    r"(?:img|a|applet|area|audio|base|bgsound|body|embed|form|frame|iframe|image|input|link|meta|object|picture|script|source|style"
    r"|svg|track|video)(?![\w:-])"
)
_FETCHING_ATTRIBUTE = (
    r"[\s/\"'](?:on[a-z]+|style|src\w*|(?:xlink:)?href|background|poster|data|ping|action|formaction|manifest)\s*="
)
FETCHING_TAG = re.compile(rf"<(/?)({_FETCHING}|[a-z][\w:-]*+(?=[^<>]*{_FETCHING_ATTRIBUTE}))([^<>]*)>", re.IGNORECASE)
FETCHING_BEGUN = re.compile(rf"</?(?:{_FETCHING}|[a-z][\w:-]*+(?=[^<>]*{_FETCHING_ATTRIBUTE}))", re.IGNORECASE)
"""Such a tag as far as its name or its attribute; whether it is closed is not asked."""
WHOLE_TAG = re.compile(r"<[^<>\n\[\]()`$\\]*>")
"""Any tag, closed, that holds nothing of which a part could be taken out."""
_OPEN_TAG = re.compile(r"<(?=/?[A-Za-z])(?![^<>\n]*>)")
MATHEMATICS = re.compile(r"\$\$[^$]+?\$\$|\$(?=[^\s\d$])[^$\n]*?(?<=\S)\$(?!\d)")
LINE_START = re.compile(r"[ \t>]*(?:(?:[-*+•]|\d{1,3}[.)])[ \t]+)*[ \t>*_]*")
"""What may stand before the first word of a line: bullets, quotation marks of Markdown, and the beginning of emphasis."""
BRACKET_BEGUN = re.compile(r"!|!?[\[【［][^\[\]【】［］\n]*")
DOUBLED_BEGUN = re.compile(r"\[\[[^\[\]\n]{0,80}\]?")
USED_AS_ELEMENT = re.compile(r"\.[a-z_]|\s?[-+*/%]?=|[A-Za-z_]")
"""What is done with an element of an array right behind its index."""
AHEAD = 24
"""Characters behind a passage's name in which its numbers may go on: " and passage 12"."""
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
GLUED = re.compile(r"([A-Za-z_]\w*)$")
# "10⁶", "2³", "m²", "km²": a power of ten, of a single figure, of a letter, of a unit of two; and of a formula in brackets.
_POWER = re.compile(
    r"(?:(?<![\w.,])\d|(?<![\d.,])10|(?<![^\W\d_])[^\W\d_]{1,2}|(?<![^\W\d_])(?:mol|sec|rad)|\((?:[^()]*[-+*/=^][^()]*|[^()]{1,3})\))$"
)
# What may go on in the next piece ends with \Z, as $ stands before a line end as well, which ends all of these.
_OPENER = re.compile(
    rf"(?P<newline>\n)|(?P<ticks>`+|~{{3,}})|(?P<dollar>\$)|(?P<escape>\\)|(?P<bracket>!?[\[【［]|!\Z)|(?P<closing>\](?=\(|\Z))"
    rf"|(?P<round>[(（])|(?P<tag><(?=/?[A-Za-z]|/?\Z))|(?P<raised>[⁽{_RAISED}])"
    r"|(?P<word>(?<!\w)[Pp](?:assages?(?!\w)|(?:a(?:s(?:s(?:a(?:g(?:e)?)?)?)?)?)?\Z))"
)


def opener(text: str) -> re.Match[str] | None:
    """The first place where something may begin that is not plain text; the name of its group says what."""
    return _OPENER.search(text)


def without_open_tag(text: str) -> str:
    """The text with a blank behind a `<` that begins a tag and is not closed here, so that nothing that follows makes it one.

    >>> without_open_tag("a <i"), without_open_tag("a <i> b")
    ('a < i', 'a <i> b')
    """
    return _OPEN_TAG.sub("< ", text)


def numbers(label: str) -> tuple[int, ...]:
    """The numbers that a bracket with this label cites; none where it is no marker.

    >>> numbers("1, 3-5"), numbers("ID:2"), numbers("1:0†bridge.md"), numbers("sic"), numbers("2019")
    ((1, 3, 4, 5), (2,), (1,), (), ())
    """
    # White space may stand in several places beside each other: a long run of it could be shared out in millions of ways.
    found = _NUMBERS.fullmatch(" ".join(label.split()))
    return listed(found[1]) if found else ()


def titled(label: str) -> tuple[int, ...]:
    """The number before a title, as in `[1: The bridge]`."""
    found = _TITLED.fullmatch(label)
    return (int(found[1]),) if found else ()


def in_round(label: str) -> tuple[int, ...]:
    """The numbers in round brackets that name them as those of passages, as in `(see passage 2)`."""
    found = _IN_ROUND.fullmatch(label)
    return listed(found[1]) if found else ()


def bare_round(label: str) -> tuple[int, ...]:
    """The numbers of round brackets that hold nothing else."""
    return listed(label) if re.fullmatch(r"\s*\d{1,3}(?:\s*[,;，、]\s*\d{1,3})*\s*", label) else ()


def may_be_round(held: str) -> bool:
    """Whether round brackets that have begun may still hold numbers."""
    return len(held) <= 60 and _BEGUN_ROUND.fullmatch(held) is not None


def may_be_raised(held: str) -> bool:
    """Whether a tag that has begun may still become a raised number."""
    # Twelve characters hold a closing tag that is still coming ("</footnote>"); one further back has closed something else.
    return "\n" not in held and "</" not in held[1:-12] and _BEGUN_TAG.fullmatch(held) is not None


def raised(run: str, given: set[int]) -> tuple[int, ...]:
    """What raised figures cite: one number, or one a figure where only these were given. `¹²` may be 12, or 1 and 2."""
    figures = "".join(str(_RAISED.index(figure)) for figure in run)
    # Where passage 12 was given, `¹²` is 12.
    whole = int(figures)
    return (whole,) if whole in given else tuple(int(figure) for figure in figures)


def is_power(before: str) -> bool:
    """Whether a raised number behind this text says a power, as in `m²`, and cites nothing."""
    # The end is enough: the longest that counts is a formula in brackets.
    return _POWER.search(before[-40:]) is not None


def listed(text: str) -> tuple[int, ...]:
    """The numbers of a list with ranges, in order."""
    found: list[int] = []
    for match in _RANGE.finditer(text):
        if match[3]:
            found.append(int(match[3]))
            continue
        first, last = int(match[1]), int(match[2])
        found += range(first, last + 1) if first <= last < first + WIDEST else (first, last)
    return tuple(found)
