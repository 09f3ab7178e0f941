"""Words of a question that stand nowhere in the index -> the words there that they are misspellings of.

The lexical index finds the chunks that hold a term nearly like it, and the word is taken from their texts as it is written
there.
"""

import re
from collections import Counter

from rapidfuzz.distance import OSA

from vectorstore.index import Index
from vectorstore.searching.folding import STOP_WORDS, folded, terms
from vectorstore.splitting.language import language_of_question
from vectorstore.splitting.split import CountTokens

LOOKED_AT = 50
"""Chunks in whose texts the word is looked for."""
SHORTEST, LONG = 4, 7
"""Letters: a shorter word is left as it is, one of `LONG` or more may have two wrong letters, others one."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def respelt(text: str, index: Index, count: CountTokens) -> str:
    """The text with its misspelt words as the articles spell them; `count` gives the encoder's tokens of words.

    A word that the encoder knows as one piece is spelt well, if rare. Where a third of the words is known neither here nor
    there, the text is left as it is: it is in another language, or about something else. So is a text in a language that no
    article is in, since its words cannot be misspellings of the articles'. Raises the index's errors.
    """
    if not text:
        return text
    languages = index.catalog.languages()
    # "" is an article whose language is not known, which may be any.
    if "" not in languages and language_of_question(text, languages) not in ("", *languages):
        return text
    written = _WORD.findall(text)
    unknown = {word: chunks for word in dict.fromkeys(written) if (chunks := _near(word, index)) is not None}
    pieces = dict(zip(unknown, count(list(unknown)), strict=True)) if unknown else {}
    # A word of one piece stands in the encoder's vocabulary, so it is spelt well even where no article has it.
    better = {word: _nearest(word, chunks, index) for word, chunks in unknown.items() if pieces[word] > 1}
    if sum(not found for found in better.values()) > len(written) / 3:
        return text
    return _WORD.sub(lambda match: better.get(match[0]) or match[0], text)


def _near(word: str, index: Index) -> list[int] | None:
    """The chunks with a word like this one; None for a word that some chunk has, or that is too short to be told."""
    words, grams = terms(word)
    # Chinese and Japanese are indexed as pairs of characters, among which no spelling can be told.
    if grams or len(words) != 1 or len(word) < SHORTEST or folded(word) in STOP_WORDS:
        return None
    return index.lexical.near(words[0], LOOKED_AT)


def _nearest(word: str, chunks: list[int], index: Index) -> str:
    """The word of those chunks that differs least, of equals the most frequent; "" where all differ too much."""
    wanted = folded(word)
    most = 2 if len(wanted) >= LONG else 1
    texts = (chunk.text for chunk in index.catalog.chunks(chunks).values())
    # People seldom mistake the first letter, so a word that begins otherwise is another word.
    # A word in capitals is an abbreviation, of which no ordinary word is the right spelling: "CITA" is not "city".
    seen = Counter(
        found
        for text in texts
        for found in _WORD.findall(text)
        if folded(found)[:1] == wanted[:1] and found.isupper() >= word.isupper()
    )
    away = {found: OSA.distance(wanted, folded(found), score_cutoff=most) for found in seen}
    return min(
        (found for found in seen if away[found] <= most), key=lambda found: (away[found], -seen[found], found), default=""
    )
