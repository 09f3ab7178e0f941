"""Article text -> chunks of whole sentences with exact character offsets; pure.

A paragraph that fits into the limit is not cut, and small neighbours share a chunk. A long paragraph is cut between sentences
into parts of about the same size; a sentence over the limit at a full stop, clause mark or space near even parts, else between
characters, and each part then counts as a sentence. A heading stays with what follows it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vectorstore.splitting.markup import without_data
from vectorstore.splitting.sentences import is_heading, paragraphs, sentences, sentences_within, trimmed
from vectorstore.types import Chunk, Span

__all__ = ["SPLITTER_VERSION", "CountTokens", "paragraphs", "sentences", "split"]

SPLITTER_VERSION = "2"
"""Part of the index's manifest: change it whenever the same text would be cut differently."""

CountTokens = Callable[[Sequence[str]], list[int]]
"""Texts -> the number of model tokens of each."""

CHARACTERS_PER_TOKEN = 12
"""A text weighs at least a token for so many characters: a word piece model takes the longest word for one unknown token."""
COUNT_AT_ONCE = 4096
"""Sentences per call of `count`, so that a huge article does not need all its tokens in memory."""
HEADINGS_IN_A_ROW = 3
"""More heading-like lines in a row than this are a list, and a list may be cut."""

# Where to cut a long sentence, best first, and how far from the even place as a share of a part.
_CUTS = (
    (re.compile(r"[.!?…][\"'”’»)\]]*\s+|[。！？｡][”’」』）]*"), 0.25),
    (re.compile(r"[,;:][\"'”’»)\]]*\s+|\s[—–-]\s|—|[，；：、]"), 0.25),
    (re.compile(r"\s+"), 0.5),
)
_WORD = re.compile(r"\w")
# The zero-width joiner, which makes one emoji of two.
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class _SplitSentence:
    """A sentence, or a part of one that is over the limit, with its weight in tokens and the number of its paragraph."""

    start: int
    end: int
    paragraph: int
    weight: int


def split(text: str, limit: int, count: CountTokens, fill: int | None = None, language: str = "en") -> list[Chunk]:
    """Cuts `text` into chunks of at most `limit` tokens, in order; together they hold every character that is not white space.

    The data of images is in none of them: nobody asks for it, and a picture in base64 would be hundreds of chunks.

    `fill` is the number of tokens up to which neighbouring paragraphs are put together: `limit` if not given, 0 for never. A
    chunk's size is the sum of its sentences'. Only what cannot be cut (one character with all its marks) may be over the limit.

    >>> count = lambda texts: [len(text.split()) for text in texts]
    >>> text = "It rained all day. It hailed at night. Then the sun shone."
    >>> [chunk.text for chunk in split(text, 8, count)]
    ['It rained all day. It hailed at night.', 'Then the sun shone.']
    """
    fill = limit if fill is None else min(fill, limit)
    regions = [(start, text[start:end]) for start, end in without_data(text)]
    # Where data was taken out, a bracket or a comma may be left alone.
    kept = [(start, region) for start, region in regions if len(regions) == 1 or _WORD.search(region)]
    return [_moved(chunk, start) for start, region in kept for chunk in _split_region(region, limit, count, fill, language)]


def _moved(chunk: Chunk, by: int) -> Chunk:
    spans = tuple((start + by, end + by) for start, end in chunk.sentences)
    return Chunk(chunk.start + by, chunk.end + by, chunk.text, spans) if by else chunk


def _split_region(text: str, limit: int, count: CountTokens, fill: int, language: str) -> list[Chunk]:
    """The chunks of a text without images' data."""
    places = paragraphs(text)
    headings = [is_heading(text[start:end]) for start, end in places]
    pieces = [(span, number) for number, place in enumerate(places) for span in sentences_within(text, *place, language)]
    fitting = _fitted(text, pieces, limit, count)
    # Never across the limit, seldom inside a paragraph, and a heading never alone: in this order.
    parts = [part for unit in _units(fitting, headings) for part in _balanced(unit, limit, headings)]
    return [_chunk(text, part) for part in _packed(parts, fill)]


def _weighed(text: str, spans: Sequence[tuple[Span, int]], count: CountTokens) -> list[_SplitSentence]:
    texts = [text[start:end] for (start, end), _ in spans]
    tokens = [n for at in range(0, len(texts), COUNT_AT_ONCE) for n in count(texts[at : at + COUNT_AT_ONCE])]
    # -(-a // b) rounds up, here and below.
    sizes = [max(n, -(-len(one) // CHARACTERS_PER_TOKEN)) for n, one in zip(tokens, texts, strict=True)]
    return [_SplitSentence(start, end, number, size) for ((start, end), number), size in zip(spans, sizes, strict=True)]


def _fitted(text: str, spans: Sequence[tuple[Span, int]], limit: int, count: CountTokens) -> list[_SplitSentence]:
    """Pieces of at most `limit` tokens: what is over is cut and counted again, all that is over in one call."""
    pieces = _weighed(text, spans, count)
    # A part may still be over the limit, as tokens are not spread evenly over characters; so it goes on until none is.
    while True:
        cuts = {piece: _cut(text, piece, -(-piece.weight // limit)) for piece in pieces if piece.weight > limit}
        # What cannot be cut stays over the limit.
        cuts = {piece: parts for piece, parts in cuts.items() if len(parts) > 1}
        if not cuts:
            return pieces
        counted = iter(_weighed(text, [(span, piece.paragraph) for piece, parts in cuts.items() for span in parts], count))
        pieces = [part for piece in pieces for part in ((next(counted) for _ in cuts[piece]) if piece in cuts else (piece,))]


def _cut(text: str, piece: _SplitSentence, parts: int) -> list[Span]:
    """The piece in about `parts` even parts; just one when it cannot be cut."""
    # Even parts: a short rest at the end would be a chunk that says little by itself.
    step = (piece.end - piece.start) / parts
    places = sorted({_place(text, piece, piece.start + step * n, step) for n in range(1, parts)})
    edges = [piece.start, *places, piece.end]
    spans = (trimmed(text, a, b) for a, b in pairwise(edges) if a < b)
    return [span for span in spans if span[0] < span[1]]


def _place(text: str, piece: _SplitSentence, wanted: float, step: float) -> int:
    """The best place to cut near `wanted`."""
    # The better the place to cut, the farther from the even place it may lie.
    for pattern, share in _CUTS:
        low, high = max(piece.start, int(wanted - step * share)), min(piece.end, int(wanted + step * share) + 1)
        found = [at for match in pattern.finditer(text, low, high) if piece.start < (at := match.end()) < piece.end]
        if found:
            return min(found, key=lambda at: abs(at - wanted))
    near = max(piece.start, min(piece.end, round(wanted)))
    around = (at for far in range(int(step) + 2) for at in (near - far, near + far) if piece.start < at < piece.end)
    return next((at for at in around if between_characters(text, at)), piece.end)


def between_characters(text: str, at: int) -> bool:
    """Whether `at` is no place inside what a reader sees as one character (marks, joined emoji, flags, Hangul syllables)."""
    before, after = text[at - 1], text[at]
    # Marks and joiners belong to the character before them; cut off, they would show as something else.
    if _JOINER in (before, after) or unicodedata.category(after) in ("Mn", "Mc", "Me", "Cf"):
        return False
    # A skin tone belongs to the emoji before it, and a Hangul vowel or final to the syllable that it completes.
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\u1160" <= after <= "\u11ff":
        return False
    # Two regional letters are one flag.
    return not all("\U0001f1e6" <= flag <= "\U0001f1ff" for flag in (before, after))


def _units(pieces: Sequence[_SplitSentence], headings: Sequence[bool]) -> Iterator[list[_SplitSentence]]:
    """The pieces of each paragraph, together with the headings that stand over it."""
    unit: list[_SplitSentence] = []
    for piece in pieces:
        if unit and unit[-1].paragraph != piece.paragraph:
            # A heading does not end a unit, so that it goes with what follows; too many in a row are a list and may be parted.
            over = [one for one in unit if headings[one.paragraph]]
            if not headings[unit[-1].paragraph] or len({one.paragraph for one in over}) >= HEADINGS_IN_A_ROW:
                yield unit
                unit = []
        unit.append(piece)
    if unit:
        yield unit


def _balanced(unit: list[_SplitSentence], limit: int, headings: Sequence[bool]) -> Iterator[list[_SplitSentence]]:
    """The unit in parts of about the same size within the limit, none of them a heading alone if that can be helped."""
    # The target is the mean of what is left, so that parts stay even after one that came out large.
    rest = sum(piece.weight for piece in unit)
    part: list[_SplitSentence] = []
    size, target = 0, rest / -(-rest // limit) if rest else 0.0
    for piece in unit:
        # A piece that crosses the target goes to the side on which most of it lies, but never away from its heading.
        enough = size + piece.weight / 2 > target and part and not headings[part[-1].paragraph]
        if part and (enough or size + piece.weight > limit):
            yield part
            rest -= size
            target = rest / -(-rest // limit)
            part, size = [], 0
        part.append(piece)
        size += piece.weight
    yield part


def _packed(parts: Sequence[list[_SplitSentence]], fill: int) -> Iterator[list[_SplitSentence]]:
    """Neighbouring parts put together as long as they weigh at most `fill`."""
    held: list[_SplitSentence] = []
    size = 0
    for part in parts:
        weight = sum(piece.weight for piece in part)
        if held and size + weight > fill:
            yield held
            held, size = [], 0
        held = held + part
        size += weight
    if held:
        yield held


def _chunk(text: str, pieces: Sequence[_SplitSentence]) -> Chunk:
    start, end = pieces[0].start, pieces[-1].end
    return Chunk(start, end, text[start:end], tuple((piece.start, piece.end) for piece in pieces))
