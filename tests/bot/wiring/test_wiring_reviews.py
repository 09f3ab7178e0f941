"""What the reader's own reviews change, through the whole program: from the history to the next verdict."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.conversation.history import AskedQuestion, History
from bot.errors import HistoryError
from bot.settings import Settings
from bot.types import Answer, Citation
from bot.verification.judging import Judgement
from bot.wiring.answering import AnswerFactory
from bot.wiring.archive import Archive
from bot.wiring.engine import SearchEngine
from bot.wiring.model_choices import ModelDirectory

CLAIM, SOURCE = "Engineers had put up the bridge.", "The bridge at Ner opened in 1931. Engineers from Poland had built it."
CITATION = Citation(1, "bridge.txt", "The bridge", 0, 10, "The bridge", "supported", score=0.9)


class Reader:
    """One who reviews and asks for verdicts: the archive of a home, and the verifier that goes by it."""

    def __init__(self, settings: Settings) -> None:
        self.archive = Archive(settings)
        self._answers = AnswerFactory(settings, SearchEngine(settings), self.archive, ModelDirectory(settings))

    def judged(self, *, own: bool = True) -> Judgement:
        return self._answers.verifier(own=own).judge(CLAIM, SOURCE)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    opened = Reader(Settings(home=tmp_path))
    yield opened
    opened.archive.close()


@pytest.fixture
def strict_reader(tmp_path: Path) -> Path:
    """A home whose reader accepts half of thirty citations with high scores and none of thirty others."""
    history = History.open(tmp_path)
    for at in range(60):
        cited = (replace(CITATION, score=0.9 if at % 2 else 0.6),)
        turn = history.begin(history.create("Why?"), AskedQuestion("Why?"))
        history.save(turn, Answer("Why?", "Why?", "Because. [1]", citations=cited))
        history.opinions.review(turn, 0, "accepted" if at % 4 == 1 else "rejected")
    history.close()
    return tmp_path


def test_the_readers_reviews_count_for_the_next_verdict(strict_reader: Path, reader: Reader) -> None:
    found = reader.judged()
    assert found.measured == reader.judged(own=False).score
    assert found.score < found.measured


def test_what_is_compared_over_months_goes_by_no_review(strict_reader: Path, reader: Reader) -> None:
    plain = reader.judged(own=False)
    assert plain.score == plain.measured


def test_a_setting_keeps_scores_as_measured(strict_reader: Path) -> None:
    reader = Reader(Settings(home=strict_reader, own_reviews=False))
    assert reader.judged() == reader.judged(own=False)
    assert (reader.archive.own_calibration().reviews, reader.archive.own_calibration().wanted) == (60, False)
    reader.archive.close()


def test_reviews_made_since_count_once_they_are_asked_for(
    reader: Reader, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before = reader.judged()
    request.getfixturevalue("strict_reader")
    assert reader.judged() == before
    assert reader.archive.own_calibration().in_force
    assert reader.judged().score < before.score


def test_a_verdict_makes_no_history(reader: Reader, tmp_path: Path) -> None:
    reader.judged()
    reader.archive.own_calibration()
    assert list(tmp_path.iterdir()) == []


def test_a_history_that_cannot_be_read_spoils_no_verdict(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").write_bytes(b"this is no database" * 100)
    assert reader.judged() == reader.judged(own=False)
    with pytest.raises(HistoryError):
        reader.archive.own_calibration()
