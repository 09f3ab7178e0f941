"""A service for the pages around the chat: a real history with made-up answers, and findings that can be wrong."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from fake_home import FakeHome
from fake_pages import ARTICLES, PASSAGES, cite

from bot.conversation.history import AskedQuestion, Decision, History, Rating
from bot.types import Answer, Claim, Verdict
from bot.verification.calibration import OwnCalibration, own_calibration
from bot.wiring.about import InstallationFacts
from vectorstore.doctor import IndexFinding
from vectorstore.errors import VectorstoreError

WORDS = "Ferries stayed at their berths for nine days."
ABOUT = InstallationFacts((("Articles", "3"), ("Home folder", "/<b>home</b>")), (("OPENAI_API_KEY", "set, never shown"),))
RIGHT = (IndexFinding("catalog", True, "3 articles in 5 chunks"), IndexFinding("lexical", True, "5 chunks, a sample found"))
WRONG = (RIGHT[0], IndexFinding("lexical", False, "The lexical index is missing.", "Run `footnote doctor --repair`."))


@dataclass
class Rooms(FakeHome):
    """What Health, Quality, Prompts and the list of conversations ask of Footnote; `trouble` is what looking runs into."""

    home: Path
    findings: tuple[IndexFinding, ...] = RIGHT
    mended: tuple[IndexFinding, ...] = RIGHT
    trouble: Exception | None = None
    delay: float = 0.0
    kept: History | None = None
    looks: list[str] = field(default_factory=list)

    def chosen_models(self) -> tuple[str, ...]:
        """None was entered on the page Models."""
        return ()

    def history(self) -> History:
        """Opened once."""
        self.kept = self.kept or History.open(self.home)
        return self.kept

    def own_calibration(self) -> OwnCalibration:
        """By the reviews that are kept."""
        return own_calibration(self.history().opinions.scores())

    def examples(self) -> Sequence[str]:
        """None, as there are no articles."""
        return ()

    def about(self) -> InstallationFacts:
        """A little."""
        return ABOUT

    def diagnose(self) -> Sequence[IndexFinding]:
        """Takes its time."""
        self.looks.append("diagnose")
        return self._found()

    def repair(self) -> Sequence[IndexFinding]:
        """Whatever the test wants to be mended by it."""
        self.looks.append("repair")
        if not isinstance(self.trouble, VectorstoreError):
            self.findings = self.mended
        return self._found()

    def _found(self) -> Sequence[IndexFinding]:
        time.sleep(self.delay)
        if self.trouble is not None:
            raise self.trouble
        return self.findings


def answered(history: History, question: str, *verdicts: Verdict, title: str = "") -> tuple[str, str]:
    """A conversation of one question, whose answer has a claim and a citation for each verdict; the ids of both."""
    conversation = history.create(question)
    if title:
        history.rename(conversation, title)
    citations = tuple(replace(cite(n, ARTICLES[0], WORDS), verdict=verdict) for n, verdict in enumerate(verdicts, 1))
    claims = tuple(Claim(WORDS, 0, len(WORDS), verdict, (n,)) for n, verdict in enumerate(verdicts, 1))
    answer = Answer(question, question, WORDS, False, 0.9, "quotes", claims, citations, PASSAGES)
    turn = history.begin(conversation, AskedQuestion(question))
    history.save(turn, replace(answer, searched=True))
    return conversation, turn


def judge(history: History, turn: str, *decisions: Decision, note: str = "") -> None:
    """Reviews of the first citations of a turn, by Ann."""
    for at, decision in enumerate(decisions):
        history.opinions.review(turn, at, decision, note or f"Note {at}", "Ann")


def rate(history: History, turn: str, verdict: Rating) -> None:
    """Feedback on a turn, by Ann."""
    history.opinions.rate(turn, verdict, "The 1988 report is better.", "Ann")
