"""Cases proposed from one's own articles, for a person to accept: each is tried by quoting.

Most of them hold what quotes mode can do already: that nothing of it gets lost. One in three, at most, is a question that
quoting does not answer yet though its answer stands in the article; such a case has the tag `unanswered`, and shows what a
better search or a better prompt would gain.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from bot.answering.quotations import is_question
from bot.errors import ModelError
from bot.evals.checks import holds
from bot.evals.records import Case, ExpectedCitation
from bot.prompting import Message, Prompt
from bot.prompting.fence import fenced_passage
from bot.reading.dates import dates
from bot.reading.names import names_in
from bot.reading.quantities import quantities
from bot.reading.words import cleaned
from bot.suggestions.sources import FEWEST, article_headings, content_keys
from bot.types import Answer, Done, Event, Passage, Question
from bot.verification.quotations import find
from vectorstore.splitting.sentences import is_heading, sentences
from vectorstore.types import Article, Span

Ask = Callable[[Question], Iterator[Event]]
Write = Callable[[Sequence[Message]], str]
"""Messages -> what a model replies; raises ModelError."""

PROMPT = "draft-case"
"""The prompt that a model is asked with; its variables are `article` and `most`."""
TRIES = 6
"""Questions on an article that are tried for one case of it: each is a search of some 20 to 50 ms."""
UNANSWERED = "unanswered"
"""The tag of a case that quotes mode does not answer yet."""
MOST_PER_ARTICLE = 4
"""Cases that a model is asked for on one article."""
_CHARACTERS = 6000
"""Of an article, from its beginning."""
_LONGEST = 200
"""Characters of a question."""
_LONGEST_ID = 60

_ANYWHERE: Span = (0, 0)
"""The place of what answers a wide question, which asks for no one thing: no single sentence of the article is the answer."""


@dataclass(frozen=True, slots=True)
class _Proposal:
    """A question on an article, what the answer should hold, and where it is answered."""

    question: str
    article: Article
    place: Span
    must: tuple[str, ...]
    tag: str

    @property
    def wide(self) -> bool:
        """Whether it may be answered from anywhere in the article."""
        return self.place == _ANYWHERE


def draft_cases(articles: Iterable[Article], ask: Ask, most: int) -> tuple[Case, ...]:
    """Up to so many cases from headings, dates, numbers and names, spread over the articles; no model is asked.

    The articles are read one after the other, and no more of them than are needed. What `ask` raises is raised.
    """
    # Each article gives one case and then waits its turn, so that a few long ones do not fill the set.
    made = _DraftedCases(ask, most)
    waiting: deque[Iterator[_Proposal]] = deque()
    # The turn rotates the kinds: otherwise the first case of every article would be about a date.
    begun = (_proposals(article, turn) for turn, article in enumerate(articles))
    for proposals in chain(begun, _drained(waiting)):
        # An article that gave none in this many tries is not tried again, as its other questions are weaker.
        if made.take(islice(proposals, TRIES), 1):
            waiting.append(proposals)
        if made.enough:
            break
    return made.cases


def draft_with_model(articles: Iterable[Article], prompt: Prompt, write: Write, ask: Ask, most: int) -> tuple[Case, ...]:
    """Up to so many cases that a model has written, some on each article.

    `ask` quotes; what its article answers is kept, and a few more.

    What the model says is cited, and what the answer must hold, has to stand in the article. A ModelError is raised where there
    is no case yet; later on, what there is by then is returned.
    """
    made = _DraftedCases(ask, most)
    for article in articles:
        try:
            reply = write(_messages(prompt, article))
        except ModelError:
            if not made.cases:
                # A wrong key is told at once; where the model fails halfway, the cases that were paid for are kept.
                raise
            break
        # A model may write more than it was asked for.
        made.take(_model_proposals(reply, article), MOST_PER_ARTICLE)
        if made.enough:
            break
    return made.cases


def _drained(waiting: deque[Iterator[_Proposal]]) -> Iterator[Iterator[_Proposal]]:
    """What waits, in turn, until nothing does: more may come to wait in between."""
    while waiting:
        yield waiting.popleft()


class _DraftedCases:
    """Collects the cases that proposals become, until there are as many as were asked for."""

    def __init__(self, ask: Ask, most: int) -> None:
        self._ask = ask
        self._most = most
        self._cases: dict[str, Case] = {}
        self._tried: set[str] = set()
        self._hard = 0

    @property
    def cases(self) -> tuple[Case, ...]:
        """In the order in which they were made."""
        return tuple(self._cases.values())

    @property
    def enough(self) -> bool:
        """Whether there are as many as were wanted."""
        return len(self._cases) >= self._most

    def take(self, proposals: Iterable[_Proposal], wanted: int) -> bool:
        """Tries them until so many have become cases; whether any has."""
        found = 0
        for proposal in proposals:
            found += self._became_case(proposal)
            # Asked here, and not of the next proposal, which would be lost to the article's next turn.
            if self.enough or found == wanted:
                break
        return found > 0

    def _became_case(self, proposal: _Proposal) -> bool:
        """Whether the question is new and became a case: its article answers it, or it is one of the few that it does not."""
        # A question that failed once fails again, and a search costs as much the second time.
        if proposal.question.casefold() in self._tried:
            return False
        self._tried.add(proposal.question.casefold())
        answer = _answered(proposal, self._ask)
        # An answer without the fact quotes another part of the article: a hard case, if there is room for one more.
        known = answer is not None and all(holds(answer.text, one) for one in proposal.must)
        hard = not known and self._may_be_hard(proposal)
        if answer is None and not hard:
            return False
        id = self._id(proposal.question)
        self._cases[id] = _case(id, proposal, answer) if answer is not None and not hard else _hard_case(id, proposal)
        self._hard += hard
        return True

    def _may_be_hard(self, proposal: _Proposal) -> bool:
        """Whether a question that quoting does not answer may be a case: its answer is known, and one in three is at most."""
        # After this one more, hard cases may be no more than half as many as the others: one in three of all.
        return bool(proposal.must) and not proposal.wide and 2 * (self._hard + 1) <= len(self._cases) - self._hard

    def _id(self, question: str) -> str:
        name = "-".join(re.findall(r"\w+", question.casefold())) or "case"
        name = name if len(name) <= _LONGEST_ID else name[:_LONGEST_ID].rpartition("-")[0] or name[:_LONGEST_ID]
        # One more name than there are cases, so a free one is always among them.
        names = chain((name,), (f"{name}-{n}" for n in range(2, len(self._cases) + 3)))
        return next(one for one in names if one not in self._cases)


def _answered(proposal: _Proposal, ask: Ask) -> Answer | None:
    """The answer by quotations, where it begins in that very article; to a wide question, where all of it stands there."""
    done = (event.answer for event in ask(Question(proposal.question, model="quotes")) if isinstance(event, Done))
    answer = next(done, None)
    if answer is None or answer.abstained or not answer.citations:
        return None
    # A question about one fact is answered by its first quotation; a wide one is answered by all of them together.
    looked_at = answer.citations if proposal.wide else answer.citations[:1]
    return answer if all(one.article == proposal.article.id for one in looked_at) else None


def _case(id: str, proposal: _Proposal, answer: Answer) -> Case:
    """Where the article answers in other words than expected, only the article is held to."""
    article, (start, end) = proposal.article, proposal.place
    # Only what was really quoted is asked for, else the case would fail from its first run on.
    cited = any(one.article == article.id and one.start < end and start < one.end for one in answer.citations)
    words = " ".join(article.text[start:end].split()) if cited else ""
    must = tuple(one for one in proposal.must if cited and holds(answer.text, one))
    return Case(id, proposal.question, must=must, cites=(ExpectedCitation(article.id, words),), tags=("draft", proposal.tag))


def _hard_case(id: str, proposal: _Proposal) -> Case:
    """A question that quoting does not answer, with the sentence that would answer it."""
    article, (start, end) = proposal.article, proposal.place
    wanted = ExpectedCitation(article.id, " ".join(article.text[start:end].split()))
    return Case(id, proposal.question, must=proposal.must, cites=(wanted,), tags=("draft", proposal.tag, UNANSWERED))


def _proposals(article: Article, turn: int) -> Iterator[_Proposal]:
    """The questions that an article suggests, wide ones last, each kind in its turn; `turn` says which kind is first."""
    made = [*_clozes(article), *_headed(article)]
    first = turn % len(_FACT_FINDERS)
    # Headings come last: they test the search, the facts test the answer as well.
    kinds = (*list(_FACT_FINDERS)[first:], *list(_FACT_FINDERS)[:first], "heading")
    for wide in (False, True):
        by_kind = [[one for one in made if one.tag == kind and one.wide == wide] for kind in kinds]
        yield from (one for row in zip_longest(*by_kind) for one in row if one is not None)


def _headed(article: Article) -> Iterator[_Proposal]:
    """The headings that can be asked as they stand, and the title."""
    # A title that ends so was cut from the first line of an article that has none.
    title = [] if article.title.endswith("…") else [article.title]
    headings = (one.words for one in article_headings(article) if one.clear)
    for words in dict.fromkeys((*title, *headings)):
        # A single word such as “Background” says too little to be searched for.
        if len(content_keys(words)) >= FEWEST and len(words) <= _LONGEST:
            yield _Proposal(words, article, _ANYWHERE, (), "heading")


def _clozes(article: Article) -> Iterator[_Proposal]:
    """The article's sentences with their last date, number or name left out: what is left out is what the answer must hold.

    A cloze asks the same in every language, where a question would need the language's grammar.
    """
    opening = article.text[:_CHARACTERS]
    for start, end in sentences(opening, article.language):
        line = opening[start:end]
        # `isprintable` also leaves out what is broken over lines: a question is one line.
        if len(line) <= _LONGEST and line.isprintable() and not is_question(line) and not is_heading(line):
            for tag, finder in _FACT_FINDERS.items():
                # Its last fact, as a sentence tells its news at the end; a fact that stands twice would give itself away.
                if (found := finder(line)) and line.count(line[slice(*found[-1])]) == 1:
                    (first, last), must = found[-1], _written_out(line, found[-1])
                    yield _Proposal(f"{line[:first]}…{line[last:]}", article, (start, end), (must,), tag)


def _dates(line: str) -> list[Span]:
    # `dates` leaves a bare year to `quantities`.
    years = ((one.start, one.end) for one in quantities(line) if one.is_year)
    return sorted({*((one.start, one.end) for one in dates(line)), *years})


def _numbers(line: str) -> list[Span]:
    """Those in figures: a "two" or a "half" is as often a turn of phrase as a fact."""
    found = ((one.start, one.end) for one in quantities(line) if not one.is_year and not one.tacit)
    # `quantities` reads numbers in words as well.
    return [span for span in found if any(map(str.isdigit, line[slice(*span)]))]


def _names(line: str) -> list[Span]:
    """Those of several words: of one word, it may be no more than the capital that opens a sentence."""
    return [(one.start, one.end) for one in names_in(cleaned(line)) if len(one.text.split()) >= FEWEST]


def _written_out(line: str, span: Span) -> str:
    """The words in the span; a number without its separators too: "14,000|14000"."""
    words = line[slice(*span)]
    number = next((one for one in quantities(line) if (one.start, one.end) == span and not one.is_year and not one.sort), None)
    figures = f"{number.value:f}" if number else words
    return words if words == figures else f"{words}|{figures}"


_FACT_FINDERS: Mapping[str, Callable[[str], list[Span]]] = {"date": _dates, "number": _numbers, "name": _names}
"""What is left out of a sentence, by the tag of its case, and where it stands."""


def _messages(prompt: Prompt, article: Article) -> tuple[Message, ...]:
    opening = article.text[:_CHARACTERS]
    # The opening as one passage, so that it is fenced off like every text of an article.
    passage = Passage(1, article.id, article.title, article.author, article.date, 0, len(opening), opening, 1.0)
    # A version of the prompt may do without `most`; a value that it does not use would be refused.
    values = {"article": fenced_passage(passage), "most": str(MOST_PER_ARTICLE)}
    return prompt.render({name: value for name, value in values.items() if name in prompt.variables})


def _model_proposals(reply: str, article: Article) -> Iterator[_Proposal]:
    """What a model has proposed; an object that is not as it was asked for is passed over."""
    for record in _objects(reply):
        if proposal := _checked_proposal(record, article):
            yield proposal


def _objects(reply: str) -> Iterator[object]:
    """The JSON objects of a reply: small models spread them over lines, put them into a list or between fences."""
    decoder, at = json.JSONDecoder(), reply.find("{")
    while at >= 0:
        try:
            record, end = decoder.raw_decode(reply, at)
        # Brackets nested by the thousand make Python's decoder give up with a RecursionError.
        except (ValueError, RecursionError):
            end = at + 1
        else:
            yield record
        at = reply.find("{", end)


def _checked_proposal(record: object, article: Article) -> _Proposal | None:
    """A proposal whose words stand in the article, and whose answer stands in these words; None for any other."""
    match record:
        case {"question": str(question), "words": str(words), "must": [*must]}:
            place = find(words, article.text)
            # A bar means "either of them" in a case, which a model does not know.
            right = all(isinstance(one, str) and one.strip() and "|" not in one and holds(words, one) for one in must)
            if place and right and question.strip() and len(question) <= _LONGEST and question.isprintable():
                return _Proposal(question.strip(), article, place, tuple(map(str, must)), "model")
    return None
