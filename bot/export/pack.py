"""What an evidence pack holds, and where an answer's text names its footnotes; pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.answering.as_read import ReadLine, read_lines
from bot.answering.cited import PlacedCitation
from bot.answering.tally import summary
from bot.conversation.history import Conversation, Exchange, Feedback, Review
from bot.types import Answer, Citation, Passage


@dataclass(frozen=True, slots=True)
class PackItem:
    """A question with its answer, and what people said of it; `reviews` are by the citation's place in the answer, from 0."""

    exchange: Exchange
    reviews: Mapping[int, Review] = field(default_factory=dict)
    feedback: Feedback | None = None

    @property
    def question(self) -> str:
        """The question as it was put."""
        return self.exchange.asked.question

    @property
    def answer(self) -> Answer:
        """What there is of its answer."""
        return self.exchange.answer

    @property
    def prompt(self) -> str:
        """The version of the prompt that the answer was written with; "" where it is not known."""
        return self.answer.trace.prompt if self.answer.trace else ""


@dataclass(frozen=True, slots=True)
class EvidencePack:
    """What is to be exported: `index` is the fingerprint of the index that was searched, `made` the time of the export.

    >>> from bot.conversation.history import AskedQuestion
    >>> item = PackItem(Exchange("a1", AskedQuestion("When?"), Answer("When?", text="In 1932.", status="stopped")))
    >>> pack = EvidencePack("The bridge", (item,), datetime(2026, 3, 4, 5, 6))
    >>> facts(pack)
    [('Model', 'none (quotations, word for word)'), ('Exported', '2026-03-04 05:06')]
    >>> state(pack.items[0])
    ['This answer was stopped before its end.']
    """

    title: str
    items: tuple[PackItem, ...]
    made: datetime
    index: str = ""
    program: str = ""
    """The program's name and version."""


def pack_of(conversation: Conversation, made: datetime, *, index: str = "", program: str = "") -> EvidencePack:
    """The pack of the branch that a conversation shows; `dataclasses.replace` its `items` to keep fewer of them."""
    reviews, feedback = conversation.reviews, conversation.feedback
    items = (PackItem(turn, reviews.get(turn.id, {}), feedback.get(turn.id)) for turn in conversation.turns)
    return EvidencePack(conversation.head.title, tuple(items), made, index, program)


def quoted_lines(cited: PlacedCitation) -> list[ReadLine]:
    """The lines of the quotation's passage as they are read, with what is quoted `within`; where it does not stand there to the
    letter, those of the quotation alone.
    """
    passage, citation = cited.passage, cited.citation
    if passage is not None:
        # A passage may be another one of the same article: its own words are no surroundings of this quotation.
        start, end = citation.start - passage.start, citation.end - passage.start
        if passage.text[start:end] == citation.quote:
            return read_lines(passage.text, [(start, end)])
    return read_lines(citation.quote, [(0, len(citation.quote))])


def nearest(answer: Answer) -> tuple[Passage, ...]:
    """The passages to show where the answer is that the articles do not say."""
    # As many as `json_records.NEAREST`, which stands in a layer above this one.
    return answer.passages[:3] if answer.abstained else ()


def tallies(pack: EvidencePack) -> list[str]:
    """How many claims hold and how far the review has come, as sentences."""
    claims = [claim for item in pack.items for claim in item.answer.claims]
    citations = [citation for item in pack.items for citation in item.answer.citations]
    decisions = Counter(review.decision for item in pack.items for review in item.reviews.values())
    reviewed = f"{decisions['accepted']} of {len(citations)} citations accepted, {decisions['rejected']} rejected by review."
    # Without any review "0 of 40 accepted" would read like a result.
    return [line for line in (summary(claims, citations), reviewed if decisions else "") if line]


def byline(citation: Citation, passage: Passage | None) -> list[str]:
    """Author, date, the article's id, the page and the place in its text, and its own address, as far as they are known."""
    # A number that was never given to the model cites no article.
    if not citation.article:
        return []
    known = [passage.author, passage.date] if passage else []
    place = f"characters {citation.start:,} to {citation.end:,}"
    return [part for part in (*known, citation.article, citation.page, place, passage.source if passage else "") if part]


def facts(pack: EvidencePack) -> list[tuple[str, str]]:
    """What the pack rests on, by name: models, prompts, index, program, date."""
    # Each once, in the order in which they answered.
    models = dict.fromkeys(item.answer.model or "none (quotations, word for word)" for item in pack.items)
    prompts = dict.fromkeys(item.prompt for item in pack.items if item.prompt)
    rows = (
        ("Model", ", ".join(models)),
        ("Prompt version", ", ".join(prompts)),
        ("Index", pack.index),
        ("Made by", pack.program),
        ("Exported", day_and_time(pack.made)),
    )
    return [row for row in rows if row[1]]


def day_and_time(at: datetime) -> str:
    """A time to the minute, with its zone where it has one."""
    return f"{at:%Y-%m-%d %H:%M %Z}".strip()


def state(item: PackItem) -> list[str]:
    """What a reader must know of an answer that is not whole."""
    # What went wrong says more than that it is not whole.
    trouble = item.answer.trouble
    if trouble:
        return [trouble.message]
    unfinished = {"running": "This answer was still being written.", "stopped": "This answer was stopped before its end."}
    unfinished["failed"] = "This answer ended in an error."
    return [unfinished[item.answer.status]] if item.answer.status in unfinished else []
