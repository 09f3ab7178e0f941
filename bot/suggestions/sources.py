"""What an article itself suggests to ask: its headings, its title and its most central sentences; pure.

What is offered are the article's own questions and English headings turned into questions; all else is the article's own words
in a frame ("What is “…” about?"), which is one of Footnote's phrases, as there are in each language that Footnote speaks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.answering.collection.overview import central_sentences
from bot.answering.quotations import is_question
from bot.conversation.dialogue import subject_words
from bot.phrases import ENGLISH, say
from bot.reading.names import names
from bot.suggestions.direct_questions import IsWord, direct_question, is_indirect
from vectorstore.searching.folding import folded, terms
from vectorstore.splitting.outline import outline
from vectorstore.splitting.sentences import sentences
from vectorstore.storage.records import StoredChunk
from vectorstore.types import Article, Span

Kind = Literal["section", "subject", "overview", "sentence", "written"]
"""What a question was made of; "written" is one of a model's own, which names no place in an article."""

LONGEST = 120
"""Characters of a question: a longer one takes more than a line of its button."""
READ = 20_000
"""Characters of an article that are read, from its beginning: nobody asked for suggestions, so they must cost little."""
FEWEST = 2
"""Words of a heading that can be understood by one who has not seen the article."""
CENTRAL = 8
"""Central sentences of an article that are looked at; many of them are too long to be offered."""


@dataclass(frozen=True, slots=True)
class SuggestedQuestion:
    """A question that an article suggests; an answer to the point begins in [start, end) of the article.

    `words` are those of the article in it. `clear`: it can be understood without the article, by one who has not seen it.
    """

    text: str
    kind: Kind
    words: str
    article: str
    start: int
    end: int
    clear: bool = True


def suggested_questions(
    article: Article, language: str, about: str = "", known: IsWord = lambda _: False
) -> Iterator[SuggestedQuestion]:
    """The questions that the article suggests to a reader of `language`, who has asked `about` something if anything.

    `known` tells whether a string is a word of English, for headings that become questions by another form of their verb.
    """
    central = _central(article)
    made = (
        *_sections(article, language, about, known),
        *_subjects(article, language, about, central),
        *_overview(article, language, known),
        *(_about("ask.more", "sentence", one, article, language) for one in central),
    )
    # An article may hold marks that turn the direction of writing, which a button must not do.
    yield from (one for one in made if len(one.text) <= LONGEST and one.text.isprintable())


def content_keys(text: str) -> frozenset[str]:
    """The words of a text as they are compared: folded and stemmed, without those that only ask; of Chinese, its characters.

    >>> sorted(content_keys("How was the old bridge built?"))
    ['bridg', 'built']
    """
    words, pairs = terms(" ".join(subject_words(text)), stop=True)
    return frozenset((*words, *pairs))


def _sections(article: Article, language: str, about: str, known: IsWord) -> Iterator[SuggestedQuestion]:
    """The headings with text below them, and the questions that stand in the article with their answers.

    A heading is clear where it takes up a word of the title or of what the reader asked: "What Musk said", but not "The case
    for caution".
    """
    text = article.text[:READ]
    read = outline(text)
    heads = [block for block in read.blocks if block.kind in ("heading", "question")]
    # A section ends where the next heading or question begins.
    for head, end in zip(heads, [*(block.start for block in heads), len(text)][1:], strict=True):
        words = " ".join(read.words(head).split())
        answered = any(block.quotable and head.end <= block.start < end for block in read.blocks)
        if answered and folded(words) != folded(article.title):
            own, few = content_keys(words), len(content_keys(words)) < FEWEST
            clear = not few and bool(own & (content_keys(article.title) | content_keys(about)))
            if shown := _asked(words, article, language, known):
                yield SuggestedQuestion(shown, "section", words, article.id, head.start, end, clear)


def _asked(heading: str, article: Article, language: str, known: IsWord) -> str:
    """A heading as a question to its section; "" where it begins as one does and cannot be made one."""
    if asked := _own_question(heading, article, language, known):
        return asked
    # "What Taiwan proposed", put into "What do the articles say about “…”?", would be no English.
    begun = language == ENGLISH and language.startswith(article.language or language) and is_indirect(heading)
    return "" if begun else say("ask.subject", language, name=heading)


def _own_question(words: str, article: Article, language: str, known: IsWord) -> str:
    """A heading or a title as the question that it is itself, or that it answers; "" where it is none to this reader."""
    # By its beginning, as the reader's may name a script ("zh-Hant") and an article's is a code of two letters.
    if not language.startswith(article.language or language):
        return ""
    return words if is_question(words) else direct_question(words, known) if language == ENGLISH else ""


def _subjects(article: Article, language: str, about: str, central: Sequence[Span]) -> Iterator[SuggestedQuestion]:
    """The names that the reader used, as far as they stand in the article, and the whole ones in its central sentences."""
    own = {name: article.text.find(name) for name in names(about)}
    for start, end in central:
        # A single word that looks like a name may just begin a sentence; of a longer one that is unlikely.
        own |= {name: article.text.find(name, start) for name in names(article.text[start:end]) if len(name.split()) >= FEWEST}
    for name, at in own.items():
        if at >= 0:
            yield _about("ask.subject", "subject", (at, at + len(name)), article, language)


def _overview(article: Article, language: str, known: IsWord) -> Iterator[SuggestedQuestion]:
    """What the whole is about, where it has a title: one that ends with dots was made of the first words."""
    if article.title and not article.title.endswith("…"):
        # "How a compost heap works" asks for the whole as well.
        asked = _own_question(article.title, article, language, known)
        text = asked or say("ask.overview", language, name=article.title)
        yield SuggestedQuestion(text, "overview", article.title, article.id, 0, len(article.text))


def _central(article: Article) -> list[Span]:
    """The spans of the most central sentences, in reading order."""
    text = article.text[:READ]
    whole = StoredChunk(0, article.id, 0, 0, len(text), text, tuple(sentences(text, article.language)))
    return [(one.start, one.end) for one in central_sentences([whole], article.title, CENTRAL)]


def _about(frame: str, kind: Kind, span: Span, article: Article, language: str) -> SuggestedQuestion:
    """A question about words of the article: these words in one of Footnote's phrases."""
    words = " ".join(article.text[slice(*span)].split())
    return SuggestedQuestion(say(frame, language, name=words), kind, words, article.id, *span)
