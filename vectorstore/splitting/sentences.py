"""Text -> paragraphs -> sentences, as exact character spans; pure.

Line ends decide the paragraphs: a blank line always parts them, a single one only where the lines are not the wrapped lines of
one paragraph. Inside a paragraph `segmenting` finds the sentence ends by language, and the rules below mend what it gets wrong.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vectorstore.splitting.segmenting import ENDS, goes_on, segments
from vectorstore.types import Span

MIN_WRAP = 45
"""Lines that are all shorter than this are verse, a list or an address, not wrapped prose."""
MAX_WRAP = 140
"""A line longer than this is a paragraph of its own: nobody wraps so wide."""
LONG_SENTENCE = 400
"""A sentence of more characters is parted at the full stops inside its quotations and brackets too."""

_LINE_END = re.compile(r"[\n\v\f\x85\u2028\u2029]")
_CLOSERS = "\"'”’»›)\\]}」』）】》*_`"
# A mark that ends a sentence, closing marks, and the numbers of notes: `It rained.”[3]`.
_ENDED = re.compile(rf"[{ENDS}][{_CLOSERS}]*(?:\[\d+\])*$")
# An item, a heading, a row of a table, or a line of dashes.
_ITEM = re.compile(r"\s*(?:[-*+•–—]\s|\(?\d{1,3}[.)]\s|#{1,6}\s|\||[-=*_~]{3,}\s*$)")
_UNDERLINE = re.compile(r"\s*(?:=+|-{3,})\s*$")
_MARKED_HEADING = re.compile(r"\s*#{1,6}\s")
_ENDS_WITH_LINE = re.compile(r"\s*(?:#{1,6}\s|\||(?:>\s*)+\[![\w-]+\])")
"""A heading, a row of a table, and the title of a callout."""
_WORD = re.compile(r"\w")
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_RUN_TOGETHER = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_QUOTES = re.compile(r"[\"“”«»„‟「」『』()\[\]]")
_OPENED_LAST = re.compile(r"(?<=\s)[\"“«„‘「『(\[]+\s*$")
_SURROGATE = re.compile("[\ud800-\udfff]")

_BLOCK_ID = re.compile(r"\^[A-Za-z\d-]+$")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]$")
_BEFORE_NUMBER = re.compile(
    r"\b(?:nos?|vols?|ch|chap|sect?|figs?|pp?|arts?|approx|ca|tel|ext|paras?|eqs?|est|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.$",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(
    r"\b(?:etc|al|approx|est|vs?|cf|ca|inc|co|corp|ltd|ed|eds|[ap]\.m|e\.g|i\.e|[A-Z](?:\.[A-Z])+)\.$", re.I
)
_CLOCK = re.compile(r"\b[ap]\.m\.$", re.IGNORECASE)
_CLOCK_GOES_ON = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|[A-Z]{2,4}\b|(?:Eastern|Pacific|Central|Greenwich)\b"
)
_QUOTE_END = re.compile(r"[\"”’»」』]$")
_SAID = "said|says|asked|asks|added|adds|wrote|writes|told|replied|answered|explained|noted|warned|argued|insisted|claimed"
_ATTRIBUTION = re.compile(
    rf"(?:[^\W\d_][\w.’'-]*\s){{1,4}}(?:{_SAID})\.$|(?:{_SAID})(?:\s[^\W\d_][\w’'-]*){{1,4}}\.$|と|って|\w{{1,6}}[说說道问問]。$"
)


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the lines of one block are set: `wrapped` prose, `verse`, or (neither) a paragraph or an item a line."""

    width: int
    wrapped: bool
    verse: bool


def ends_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does: a full stop or its like, quotes, brackets and note marks after it apart.

    >>> ends_sentence("It froze.”[3]"), ends_sentence("The last ferry")
    (True, False)
    """
    return _ENDED.search(text.rstrip()[-60:]) is not None


def is_heading(text: str) -> bool:
    """Whether a paragraph looks like a heading: marked as one, or one short line of words with no punctuation at its end.

    >>> is_heading("## Ferries"), is_heading("The last ferry"), is_heading("The last ferry was late.")
    (True, True, False)
    """
    line = text.strip()
    if _MARKED_HEADING.match(line):
        return True
    # A heading ends without a full stop; a comma or semicolon means that the line goes on in the next one.
    short = len(line) <= 100 and "\n" not in line and size_in_words(line) <= 14
    return (
        short and _WORD.search(line) is not None and line[-1] not in ",;" and not _ITEM.match(line) and not ends_sentence(line)
    )


def size_in_words(line: str) -> float:
    """How many words a line has; where words are not set apart, about so many as it has room for."""
    # Chinese and Japanese count two characters a word, scripts such as Thai four, since they put no spaces between words.
    words = len(line.split())
    return words if line.isascii() else words + len(_IDEOGRAPH.findall(line)) / 2 + len(_RUN_TOGETHER.findall(line)) / 4


def paragraphs(text: str) -> list[Span]:
    """Spans of the paragraphs, in order and without the white space around them; headings and list items are paragraphs."""
    found: list[Span] = []
    for block in _blocks(_lines(text), text):
        found += _parted(block, text)
    return [span for span in (trimmed(text, *span) for span in found) if span[0] < span[1]]


def part_around(text: str, start: int, end: int, step: int, whole: int = 0) -> Span:
    """The paragraphs around `text[start:end]`: at least `step` characters before it and after it, where there are so many.

    A text of at most `whole` characters is one part.

    Places near each other have the same part, so that what is made of it can be remembered. It begins and ends at a blank line,
    or at a line's end where there is no blank one for `step` characters.

    >>> text = "One.\\n\\nTwo.\\n\\nThree.\\n\\nFour.\\n\\nFive.\\n\\nSix."
    >>> start, end = part_around(text, 12, 18, 4)
    >>> text[start:end]
    'Two.\\n\\nThree.\\n\\nFour.\\n\\n'
    """
    if len(text) <= whole:
        return 0, len(text)
    low, high = (start // step - 2) * step, (end // step + 2) * step
    return _after_blank_line(text, low, step) if low > 0 else 0, _after_blank_line(text, high, step)


def _after_blank_line(text: str, at: int, step: int) -> int:
    """The end of the first blank line, or else of the first line, from a place on; the place itself where there is none."""
    for mark in ("\n\n", "\n"):
        if (found := text.find(mark, at, at + step)) >= 0:
            return found + len(mark)
    return min(at, len(text))


def sentences(text: str, language: str = "en") -> list[Span]:
    """Spans of the sentences, in order, apart from each other, with all of the text in them but white space.

    `language` is an ISO 639-1 code; a text whose language is not known ("") is read as English.

    >>> text = "Dr. Li came at 9 a.m. Monday. “Why?” he asked."
    >>> [text[start:end] for start, end in sentences(text)]
    ['Dr. Li came at 9 a.m. Monday.', '“Why?” he asked.']
    """
    return [span for start, end in paragraphs(text) for span in sentences_within(text, start, end, language)]


def sentences_within(text: str, start: int, end: int, language: str = "en") -> list[Span]:
    """Spans of the sentences of the one paragraph `text[start:end]`, as offsets into `text`."""
    # sentencex takes one line of text that can be encoded; both replacements keep every offset.
    flat = _SURROGATE.sub("\ufffd", _LINE_END.sub(" ", text[start:end]))
    pieces = [part for piece in segments(flat, language) for part in _unquoted(flat, piece, language)]
    spans = _joined(flat, _opened(flat, pieces), language)
    return [(start + a, start + b) for a, b in spans]


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without the white space at its ends; an empty span where there is nothing else."""
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip())
    return (start + left, max(start + left, start + len(inner.rstrip())))


def _lines(text: str) -> list[Span]:
    ends = [match.start() for match in _LINE_END.finditer(text)]
    return list(zip([0, *(end + 1 for end in ends)], [*ends, len(text)], strict=True))


def _blocks(lines: list[Span], text: str) -> list[list[Span]]:
    """Runs of lines with no blank line between them."""
    blocks: list[list[Span]] = [[]]
    for start, end in lines:
        if text[start:end].strip():
            blocks[-1].append((start, end))
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _parted(block: list[Span], text: str) -> list[Span]:
    """The paragraphs of one block."""
    # Whether a line end means anything depends on how the whole block is set.
    lines = [text[start:end].rstrip() for start, end in block]
    shape = _shape(lines)
    found = [block[0]]
    for (above, below), span in zip(pairwise(lines), block[1:], strict=True):
        if _parts(above, below, shape):
            found.append(span)
        else:
            found[-1] = (found[-1][0], span[1])
    return found


def _shape(lines: Sequence[str]) -> _Shape:
    inner = lines[:-1]
    width = max((len(line) for line in lines if len(line) <= MAX_WRAP), default=0)
    if not inner or width == 0:
        return _Shape(width, False, False)
    share = len(inner) / 2
    # In wrapped prose most lines stop in mid-sentence and are about as long as the longest.
    running = sum(not ends_sentence(line) for line in inner) >= share
    even = sum(0.75 * width <= len(line) <= MAX_WRAP for line in inner) >= share
    # Lines of verse are short, and many of them end with a comma in the midst of the sentence.
    verse = len(lines) >= 3 and width <= 90 and sum(line[-1] in ",;—–" for line in lines) >= len(lines) / 4
    return _Shape(width, width >= MIN_WRAP and running and even, verse)


def _parts(above: str, below: str, shape: _Shape) -> bool:
    """Whether the line end between two lines of a block parts paragraphs."""
    # A row of dashes under a line makes it a heading, and belongs to it.
    if _UNDERLINE.match(below):
        return not is_heading(above)
    if _ITEM.match(below) or _ENDS_WITH_LINE.match(above) or _UNDERLINE.match(above):
        return True
    # A small letter at the start of a line goes on with the line above.
    ended, goes_on = ends_sentence(above), below.lstrip(' \t>"“‘(')[:1].islower()
    # So long a line was not broken for its width; it ends a paragraph unless the sentence plainly goes on.
    if len(above) > MAX_WRAP:
        return ended or not goes_on
    if goes_on:
        return False
    # A line is full when the next one's first word would not have fitted: there the wrapping broke it, not the writer.
    first_word = len(below.split(maxsplit=1)[0])
    if shape.wrapped and len(above) + 1 + first_word > 0.75 * shape.width:
        return False
    return ended or not shape.verse


def _unquoted(flat: str, span: Span, language: str) -> list[Span]:
    """A very long sentence parted at the sentence ends inside its quotations; any other as it is."""
    start, end = span
    if end - start <= LONG_SENTENCE:
        return [span]
    # The segmenter does not look inside quotations; with blanks in the place of their marks, as many characters, it does.
    return [(start + a, start + b) for a, b in segments(_QUOTES.sub(" ", flat[start:end]), language)]


def _opened(flat: str, pieces: list[Span]) -> Iterator[Span]:
    """The pieces, with an opening quote at the end of one moved to the start of the next, which it opens."""
    at = 0
    for _, end in pieces:
        last = _OPENED_LAST.search(flat, at, end) if end < len(flat) else None
        edge = last.start() if last else end
        yield (at, edge)
        at = edge


def _joined(flat: str, pieces: Iterable[Span], language: str) -> list[Span]:
    """Trimmed sentences, with those that were cut at an abbreviation or a quotation's end put together again."""
    found: list[Span] = []
    for piece in pieces:
        start, end = trimmed(flat, *piece)
        if start == end:
            continue
        before, after = flat[slice(*found[-1])] if found else "", flat[start:end]
        # The two halves of a sentence that was cut in error are put together, and may take the next one, too.
        if found and (_belongs(before, after) or goes_on(before, after, language)):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _belongs(before: str, after: str) -> bool:
    """Whether `after` goes on with the sentence `before` in spite of the full stop between them."""
    tail, head = before[-12:], after[:1]
    # "1." or "(a)" before a sentence is its number, a piece without a word a stray mark, and "^a1" the id of the block.
    if _ENUMERATOR.match(before) or not _WORD.search(after) or _BLOCK_ID.match(after):
        return True
    # The number in "No. 5" and "Jan. 14" belongs to the abbreviation before it.
    if head.isdigit() and _BEFORE_NUMBER.search(tail):
        return True
    # A small letter goes on after a question that is quoted ("Why?" he asked) and after "etc.".
    if head.islower() and (tail.endswith(("!", "?")) or _ABBREVIATION.search(tail)):
        return True
    # "at 9 a.m. Monday" is one sentence; most other capitals after "a.m." begin another.
    if _CLOCK.search(tail) and _CLOCK_GOES_ON.match(after):
        return True
    # Who says it belongs to what is said: “It rained.” said Ada Brandt.
    return _QUOTE_END.search(tail) is not None and len(after) <= 60 and _ATTRIBUTION.match(after) is not None
