"""Answers without a model: sentences of the articles, word for word, each with its footnote; or that the articles do not say.

An abstention says what was looked for, where, and why nothing came of it, and the nearest passages are shown below it. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.extract import Extract
from bot.answering.quotations import Quotation
from bot.phrases import ENGLISH, reply_language, say
from bot.reading.questions import asked_for
from bot.types import Answer, Citation, Cited, Claim, Event, Passage, Question, Token
from vectorstore.searching.vocabulary import Occurrences


@dataclass(frozen=True, slots=True)
class AnswerPieces:
    """An answer's text in the pieces that it is streamed in, and what it claims; `citations[i]` goes before the piece i + 1."""

    pieces: tuple[str, ...]
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    abstained: bool = False

    def events(self) -> Iterator[Event]:
        """The pieces, each footnote just before the piece that carries its marker."""
        for at, piece in enumerate(self.pieces):
            # Piece 0 is the lead, which has no footnote.
            if 0 < at <= len(self.citations):
                yield Cited(self.citations[at - 1])
            yield Token(piece)

    def answer(self) -> Answer:
        """The whole of it; the pipeline adds what it knows of the question and of the search."""
        return Answer(text="".join(self.pieces), abstained=self.abstained, claims=self.claims, citations=self.citations)


@dataclass(frozen=True, slots=True)
class FootnotedLine:
    """Words of an article that stand on a line of an answer, the footnote to them, and what is set before and behind them."""

    words: str
    citation: Citation
    before: str = ""
    behind: str = ""


def footnoted_lines(lead: str, lines: Sequence[FootnotedLine], tail: str = "") -> AnswerPieces:
    """A lead, the lines each with its marker, and a tail, parted by blank lines.

    The words of a line stand in an article, so their verdict is "quoted"; what is around them claims nothing.

    >>> line = FootnotedLine("In 1932.", Citation(1, "bridge.md", "The bridge", 10, 18, "In 1932.", "quoted"))
    >>> found = footnoted_lines("The articles say:", [line])
    >>> found.pieces, found.claims[0].start
    (('The articles say:', '\\n\\nIn 1932. [1]'), 19)
    """
    pieces, claims, at = [lead], list[Claim](), len(lead)
    for n, line in enumerate(lines, 1):
        # No quotation marks of ours: the words may hold some of their own, and the lead says what they are.
        piece = f"\n\n{line.before}{line.words}{line.behind} [{n}]"
        # The claim is the words alone, without the blank line before and the marker behind them.
        start = at + len("\n\n") + len(line.before)
        claims.append(Claim(line.words, start, start + len(line.words), "quoted", (n,)))
        pieces.append(piece)
        at += len(piece)
    if tail:
        pieces.append(f"\n\n{tail}")
    return AnswerPieces(tuple(pieces), tuple(claims), tuple(line.citation for line in lines))


def quotations_text(chosen: Extract, language: str = ENGLISH, lead: str = "lead") -> AnswerPieces:
    """A lead, then a line for each quotation with its footnote.

    The lead, a phrase by its key, says that what follows are quotations, not a written answer.
    """
    lines = [FootnotedLine(one.text, _citation(n, one)) for n, one in enumerate(chosen.quotations, 1)]
    return footnoted_lines(say(lead, language), lines)


def _citation(n: int, quotation: Quotation) -> Citation:
    passage = quotation.passage
    return Citation(n, passage.article, passage.title, quotation.start, quotation.end, quotation.text, "quoted")


NAMED = 3
"""Words that are told of: those that stand in the fewest articles."""
FAR = 0.01
"""Confidence below which nothing that was found is near the question."""


@dataclass(frozen=True, slots=True)
class FailedSearch:
    """What was looked for in vain. `counted` has the question's words, None where they could not be counted.

    `all` is the number of articles where only some were searched, else 0; then `elsewhere` is the title of another one that may
    answer, "" where none does. `far`: what was found is not near the question.
    """

    counted: Occurrences | None = None
    all: int = 0
    elsewhere: str = ""
    far: bool = False


def abstention_text(question: Question, passages: Sequence[Passage], sought: FailedSearch) -> AnswerPieces:
    """What is said instead of an answer: that it is not there, what was looked for, and that something near it is below."""
    language = reply_language(question)
    near = say("far" if sought.far else "near", language) if passages else ""
    why = say("space", language).join(filter(None, (occurrence_note(sought.counted, language), near)))
    lead = say(f"unsaid.{asked_for(question.text)}", language)
    return AnswerPieces(("\n\n".join(filter(None, (lead, why))),), abstained=True)


def occurrence_note(found: Occurrences | None, language: str = ENGLISH) -> str:
    """How many articles were searched, and in how many of them the question's rarest words stand; "" if not known."""
    if found is None or not found.articles:
        return ""
    # The phrases have a form of their own for a collection of one article.
    one = ".one" if found.articles == 1 else ""
    # The rarest words say most about why nothing was found; they are told in the order of the question.
    rare = set(sorted(found.words, key=lambda word: found.words[word])[:NAMED])
    told = [word for word in found.words if word in rare]
    if not told:
        foreign = say("foreign", language) if found.foreign else ""
        return say("space", language).join(filter(None, (say(f"searched{one}", language, articles=found.articles), foreign)))
    parts = (_word(word, found.words[word], one or (".more" if at else ""), language) for at, word in enumerate(told))
    return say(f"counted{one}", language, articles=found.articles, words=say("join", language).join(parts))


def _word(word: str, count: int, form: str, language: str) -> str:
    return say(f"word{form}{'' if count else '.none'}", language, word=word, count=count)


def scope_notes(sought: FailedSearch, language: str = ENGLISH) -> tuple[str, ...]:
    """What the reader must know besides: that only some articles were searched, and whether one of the others may answer."""
    if not sought.all or sought.counted is None:
        return ()
    one = ".one" if sought.counted.articles == 1 else ""
    kept = say(f"scope{one}", language, articles=sought.counted.articles, all=sought.all)
    other = say("elsewhere", language, title=sought.elsewhere) if sought.elsewhere else say("nowhere", language)
    return (f"{kept}{say('space', language)}{other}",)
