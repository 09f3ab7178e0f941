"""A passage and what was judged of it -> the footnote that a reader opens. Pure."""

from bot.types import Citation, Passage
from bot.verification.judging import Judgement


def footnote(passage: Passage, judgement: Judgement) -> Citation:
    """A footnote to exactly the words that bear on the claim; to the passage as such, and no words, where none do."""
    start, end = judgement.span or (0, 0)
    place = (passage.start + start, passage.start + end)
    words = passage.text[start:end]
    said = judgement.verdict, judgement.reason
    return Citation(passage.n, passage.article, passage.title, *place, words, *said, score=judgement.measured)
