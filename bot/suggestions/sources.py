"""What an article itself suggests to ask, in its own language: its headings, its names and its title; pure.

What is offered are the article's own questions, English headings turned into questions, and names in one of Footnote's phrases
("What do the articles say about Ada Brandt?"), as there are in each language that Footnote speaks. What would not read as a
question that somebody asks is left out, and so is what leans on words that stand before it in the article.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.answering.as_read import read_plain
from bot.answering.quotations import is_question
from bot.conversation.dialogue import ASKING, AUXILIARY, leans, subject_words
from bot.phrases import ENGLISH, SPOKEN, say
from bot.reading.names import names_in
from bot.reading.words import FUNCTION_WORDS, cleaned
from bot.suggestions.direct_questions import IsWord, direct_question
from vectorstore.searching.folding import folded, terms
from vectorstore.splitting.language import chinese_script
from vectorstore.splitting.outline import outline
from vectorstore.splitting.sentences import sentences
from vectorstore.types import Article

Kind = Literal["section", "subject", "overview", "written"]
"""What a question was made of; "written" is one of a model's own, which names no place in an article."""

LONGEST = 120
"""Characters of a question: a longer one takes more than a line of its button."""
READ = 20_000
"""Characters of an article that are read, from its beginning: nobody asked for suggestions, so they must cost little."""
FEWEST = 2
"""Words of a heading, or of a name, that can be understood by one who has not seen the article."""
UNBENDING = ("zh-Hans", "zh-Hant", "ja")
"""Languages in which a heading goes into a phrase as it stands."""
CAPITALIZING = ("de",)
"""Languages in which a capital does not tell a name from any other noun."""
OFTEN = 2
"""How often the last word of a name stands in the article at least: of what is named once, it says no more than that."""

_NUMBERED = re.compile(r"^\s*(?:\d{1,3}|[IVX]{1,5}|[a-z])[.)]\s+")
_ASKED = re.compile(rf"(?:(?:in|on|at|by|to|for|from|with|of) )?(?:{ASKING}|{AUXILIARY})\b", re.IGNORECASE)
_AUTHOR = re.compile(r"\b(?:I|we|me|us|my|our)\b", re.IGNORECASE)
_ARTICLES = {"en": "the", "es": "el|la|los|las", "fr": "le|la|les"}
"""The articles that go with names, by language."""
_HIDDEN = re.compile(r"\b(?:an?|una?|une?|del|al|du|des|au|aux|l['’]) ?$", re.IGNORECASE)
"""What goes before a kind of things, or is one word with the article of a name: that name is not asked about."""
_GOES_ON = re.compile(r" (?P<word>[^\W\d_]+)")


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


@dataclass(frozen=True, slots=True)
class ArticleHeading:
    """A heading with text below it, which reaches from `start` to `end`, or a question that the article answers.

    `clear`: it takes up a word of the title, or of what the reader asked, so that it can be understood without the article.
    """

    words: str
    start: int
    end: int
    clear: bool


def suggested_questions(article: Article, about: str = "", known: IsWord = lambda _: False) -> Iterator[SuggestedQuestion]:
    """The questions that the article suggests to a reader who has asked `about` something, if anything.

    `known` tells whether a string is a word of English, for what becomes a question by another form of its verb.
    """
    made = (
        *_sections(article, about, known),
        *_subjects(article),
        *_overview(article, known),
    )
    seen = set[str]()
    for one in made:
        # An article may hold marks that turn the direction of writing, which a button must not do.
        if len(one.text) <= LONGEST and one.text.isprintable() and folded(one.text) not in seen:
            seen.add(folded(one.text))
            yield one


def article_headings(article: Article, about: str = "") -> Iterator[ArticleHeading]:
    """The headings with text below them, and the questions that stand in the article with their answers."""
    text = article.text[:READ]
    read = outline(text)
    topic = content_keys(article.title) | content_keys(about)
    heads = [block for block in read.blocks if block.kind in ("heading", "question")]
    for head, end in zip(heads, [*(block.start for block in heads), len(text)][1:], strict=True):
        words = _NUMBERED.sub("", read_plain(" ".join(read.words(head).split())))
        answered = any(block.quotable and head.end <= block.start < end for block in read.blocks)
        if answered and folded(words) != folded(article.title):
            own = content_keys(words)
            yield ArticleHeading(words, head.start, end, len(own) >= FEWEST and bool(own & topic))


def content_keys(text: str) -> frozenset[str]:
    """The words of a text as they are compared: folded and stemmed, without those that only ask; of Chinese, its characters.

    >>> sorted(content_keys("How was the old bridge built?"))
    ['bridg', 'built']
    """
    words, pairs = terms(" ".join(subject_words(text)), stop=True)
    return frozenset((*words, *pairs))


def _sections(article: Article, about: str, known: IsWord) -> Iterator[SuggestedQuestion]:
    for one in article_headings(article, about):
        if asked := _question_of(one.words, article, known):
            yield SuggestedQuestion(asked, "section", one.words, article.id, one.start, one.end, one.clear)


def _question_of(words: str, article: Article, known: IsWord) -> str:
    """A heading or a title as the question that it is itself, or that it answers; "" where it is none, or leans on more."""
    language = _spoken_in(article)
    if is_question(words):
        asked = words if language != ENGLISH or _ASKED.match(words) else ""
    elif language == ENGLISH:
        # "What I would do" is asked of the author, who is not there.
        asked = "" if _AUTHOR.search(words) else direct_question(words, known)
    else:
        # Nothing in these languages bends with the words around it.
        asked = say("ask.subject", language, name=words) if language in UNBENDING else ""
    return asked if asked and not leans(asked) else ""


def _subjects(article: Article) -> Iterator[SuggestedQuestion]:
    """The names in the article of which it says more than that."""
    language, text = _spoken_in(article), article.text[:READ]
    if not language or language in CAPITALIZING:
        return
    for start, end in sentences(text, article.language):
        for one in names_in(cleaned(text[start:end])):
            name, place = text[start + one.start : start + one.end], (start + one.start, start + one.end)
            often = len(re.findall(rf"\b{re.escape(name.split()[-1])}\b", text))
            # A single word that looks like a name may just begin a sentence; of a longer one that is unlikely.
            if len(name.split()) >= FEWEST and often >= OFTEN and (shown := _with_article(name, text, language)):
                asked = say("ask.subject", language, name=shown)
                yield SuggestedQuestion(asked, "subject", name, article.id, *place)


def _with_article(name: str, text: str, language: str) -> str:
    """A name as it is written within a sentence, "the Soviet Union" or "Ada Brandt"; "" where the text does not tell.

    In "the Cold Knap wind farm", what stands before the name belongs to the noun behind it.
    """
    shown = list[str]()
    for found in re.finditer(rf"\b{re.escape(name)}\b", text):
        before, behind = text[max(0, found.start() - 8) : found.start()], _GOES_ON.match(text, found.end())
        the = re.search(rf"\b({_ARTICLES[language]}) $", before, re.IGNORECASE) if language in _ARTICLES else None
        alone = behind is None or behind["word"].casefold() in FUNCTION_WORDS or behind["word"].endswith(("ed", "s"))
        if not _HIDDEN.search(before) and (alone or not the):
            shown.append(f"{the[1].lower()} {name}" if the else name)
    return max(shown, key=len, default="")


def _overview(article: Article, known: IsWord) -> Iterator[SuggestedQuestion]:
    """What the whole is about, where it has a title: one that ends with dots was made of the first words."""
    language = _spoken_in(article)
    if language and article.title and not article.title.endswith("…"):
        # "How a compost heap works" asks for the whole as well.
        asked = "" if language in UNBENDING else _question_of(article.title, article, known)
        text = asked or say("ask.overview", language, name=article.title)
        yield SuggestedQuestion(text, "overview", article.title, article.id, 0, len(article.text))


def _spoken_in(article: Article) -> str:
    """The language of `SPOKEN` that the article is in, which is taken to be English where it is not known; "" for any other."""
    code = article.language or ENGLISH
    tag = chinese_script(article.text[:READ]) if code == "zh" else code
    return tag if tag in SPOKEN else ""
