"""A service with two articles in memory, for the command line's tests; what is asked decides what happens."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.errors import ModelError
from bot.types import (
    Answer,
    Checked,
    Citation,
    Claim,
    Condensed,
    Done,
    DraftAdvice,
    Event,
    Notice,
    Passage,
    Problem,
    Question,
    Retraction,
    Retrieved,
    SecondOpinion,
    Token,
)
from bot.wiring.engine import Progress
from bot.wiring.library import QuestionHits
from tests.parts import EveryPart
from vectorstore.doctor import IndexFinding
from vectorstore.errors import QueryError
from vectorstore.searching.explain import HitExplanation, MissExplanation
from vectorstore.storage.records import ArticleSummary
from vectorstore.types import Article, Failure, Hit, IngestReport, Stage

TEXT = "The bridge at Ner opened on 4 May 1931. It carries 12 trains a day."
BRIDGE = Article("bridge.md", TEXT, "The bridge", "Ada Brandt", date="1931-05-04", metadata={"section": "works"})
HARBOUR = Article("harbour.txt", "Der Hafen fror zu. \x1b[31m Eis!", "Häfen", cut_off=True)
QUOTE = "The bridge at Ner opened on 4 May 1931."
SECOND = (len(QUOTE) + 1, len(TEXT))
STAGES = {"dense": Stage(1, 0.75), "lexical": Stage(2, 3.5)}


ADDED = IngestReport(added=("bridge.md",), chunks=3, embedded=2, seconds=0.25)
FAILED = IngestReport(failed=(Failure("photo.png", "It is a binary file."),))


@dataclass
class FakeService(EveryPart):
    """Asked "boom" or "query", it raises a foreseen error; "bug", another; "nothing", it abstains; "break off", it stops.

    Asked to "write", it answers as a model does; "write half", one that broke off; "think", its thoughts are taken back.
    """

    stored: dict[str, Article] = field(default_factory=lambda: {article.id: article for article in (BRIDGE, HARBOUR)})
    report: IngestReport = ADDED
    calls: list[tuple[object, ...]] = field(default_factory=list)
    findings: tuple[IndexFinding, ...] = (IndexFinding("catalog", True, "2 articles."),)
    indexed: bool = True
    advising: bool = False
    closed: int = 0

    def has_index(self) -> bool:
        return self.indexed

    def ingest(
        self,
        paths: Sequence[Path],
        *,
        prune: bool,
        rebuild: bool,
        progress: Progress | None,
        addresses: Sequence[str] = (),
        wait: float = 60,
        waiting: Callable[[str], None] | None = None,
    ) -> IngestReport:
        if any(path.name == "interrupt" for path in paths):
            raise KeyboardInterrupt
        self.calls.append(("ingest", [*addresses, *paths], prune, rebuild))
        if waiting and wait != 60:
            waiting(f"Waiting for it, {wait:.0f} s at most.")
        if progress:
            progress("Embedding", 1, 2)
        return self.report

    def advises(self) -> bool:
        return self.advising

    def advise(self, found: Sequence[Checked]) -> DraftAdvice:
        opinion = SecondOpinion("no", "openai:m")
        told = tuple(replace(one, opinion=opinion) if one.verdict == "not found" else one for one in found)
        return DraftAdvice(told, {"input_tokens": 90, "output_tokens": 10}, "The model was slow.")

    def search(self, question: Question, k: int) -> QuestionHits:
        self._upset(question)
        self.calls.append(("search", question, k))
        hit = Hit(
            "bridge.md", 0, len(QUOTE), QUOTE, 1.25, STAGES, chunk=7, ordinal=0, sentences=((0, len(QUOTE)),), evidence=(0.8,)
        )
        return QuestionHits(question.text.lower(), (hit,) * min(k, 2), {"total": 1.2345})

    def why(self, question: Question, k: int) -> Sequence[HitExplanation]:
        self.calls.append(("why", question, k))
        seen = Hit("bridge.md", 0, len(TEXT), TEXT, 1.25, STAGES, 7, 0, ((0, len(QUOTE)), SECOND), (0.25, 0.5))
        unseen = Hit("bridge.md", 0, len(QUOTE), QUOTE, 0.5, {}, 8, 1, ((0, len(QUOTE)),), (0.0,))
        return [
            HitExplanation(seen, ("bridg",), ("harbour",), ((SECOND, 0.5), ((0, len(QUOTE)), 0.25))),
            HitExplanation(unseen, (), ("bridg", "harbour"), (((0, len(QUOTE)), 0.0),)),
        ][:k]

    def why_not(self, question: Question, words: str, k: int) -> MissExplanation:
        if words not in TEXT:
            raise QueryError(f"No passage holds the words “{words}”.", "Give a few words in a row.")
        self.calls.append(("why_not", question, words, k))
        return MissExplanation("bridge.md", 0, len(TEXT), TEXT, STAGES, "It was not reranked.", ("bridg",), ())

    def stream(self, question: Question) -> Iterator[Event]:
        self._upset(question)
        self.calls.append(("ask", question))
        yield Condensed(question.text)
        yield Retrieved((PASSAGE,))
        if question.text == "break off":
            return
        if question.text == "nothing":
            yield Done(
                Answer(question.text, question.text, "The articles do not say.", True, 0.1, "quotes", (), (), (PASSAGE,))
            )
            return
        if question.text.startswith("write"):
            trouble = Problem("The answer broke off.", "Ask again.", True) if question.text.endswith("half") else None
            yield Done(written(question.text, trouble))
            return
        if question.text == "think":
            yield Token("Let me see.")
            yield Retraction()
        yield Token(f"“{QUOTE}”")
        yield Notice("The model was busy, so these are quotations.")
        yield Token(" [1]")
        yield Done(answer(question.text))

    def check(self, draft: str) -> Iterator[Checked]:
        self.calls.append(("check", draft))
        if "nothing" in draft:
            return
        yield Checked(QUOTE, 0, len(QUOTE), "quoted", CITATION)
        wrong = replace(CITATION, verdict="number differs", reason="The passage has “1931” where the claim has “1932”.")
        yield Checked("It opened in 1932.", 40, 58, "number differs", wrong)
        yield Checked("It is blue.", 59, 70, "not found", replace(CITATION, end=0, quote="", verdict="not found"))
        yield Checked("Who cares.", 71, 81, "not found", None)

    def articles(self) -> Sequence[ArticleSummary]:
        return [
            ArticleSummary(a.id, a.title, a.author, a.date, a.source, a.cut_off, len(a.text), 1) for a in self.stored.values()
        ]

    def article(self, id: str) -> Article | None:
        return self.stored.get(id)

    def remove(self, ids: Sequence[str]) -> None:
        for id in ids:
            del self.stored[id]

    def diagnose(self) -> Sequence[IndexFinding]:
        return self.findings

    def repair(self) -> Sequence[IndexFinding]:
        return [IndexFinding(finding.name, True, "Mended.") for finding in self.findings]

    def close(self) -> None:
        self.closed += 1

    def _upset(self, question: Question) -> None:
        match question.text:
            case "boom":
                raise ModelError("The model did not answer.")
            case "query":
                raise QueryError("There is no word in the question.")
            case "bug":
                raise KeyError("secret\nsecond line")
            case "pipe":
                raise BrokenPipeError


CITATION = Citation(1, "bridge.md", "The bridge", 0, len(QUOTE), QUOTE, "quoted")
PASSAGE = Passage(1, "bridge.md", "The bridge", "Ada Brandt", "1931-05-04", 0, len(TEXT), TEXT, 1.25, STAGES)


def answer(question: str) -> Answer:
    """An answer of one quotation, as `FakeService.stream` ends with."""
    text = f"“{QUOTE}” [1]"
    claim = Claim(f"“{QUOTE}”", 0, len(QUOTE) + 2, "quoted", (1,))
    return Answer(question, question, text, False, 0.9, "quotes", (claim,), (CITATION,), (PASSAGE,))


def written(question: str, trouble: Problem | None = None) -> Answer:
    """An answer that a model wrote: one claim holds, one cites words that say something else, one cites nothing."""
    said = ("It opened on 4 May 1931 [1].", " It carries 40 trains [1][9].", " It is loved.")
    wrong = replace(CITATION, verdict="number differs", reason="The passage has “12” where the claim has “40”.")
    failed = Citation(9, "", "", 0, 0, "", "no such passage", "No passage 9 was given to the model.")
    starts = (0, len(said[0]) + 1, len(said[0]) + len(said[1]) + 1)
    claims = (
        Claim("It opened on 4 May 1931", 0, 23, "supported", (1,)),
        Claim("It carries 40 trains", starts[1], starts[1] + 20, "number differs", (1, 9)),
        Claim("It is loved.", starts[2], starts[2] + 12, "uncited", (), CITATION),
    )
    usage = {"input_tokens": 1234, "output_tokens": 56, "cost_usd": 0.0012}
    citations = (replace(CITATION, verdict="supported"), wrong, failed)
    times = {"first_token": 250.0, "write": 1500.0}
    return Answer(
        question, question, "".join(said), False, 0.9, "model", claims, citations, (PASSAGE,), usage, times,
        model="openai:gpt-4.1", trouble=trouble,
    )  # fmt: skip
