"""What the reader's own reviews change, through the whole program: from the history to the next verdict."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.conversation.history import Asked, History, Outcome
from bot.errors import HistoryError
from bot.settings import Settings
from bot.types import Citation
from bot.verification.verify import Judgement
from bot.wiring import Service, open_service

CLAIM, SOURCE = "Engineers had put up the bridge.", "The bridge at Ner opened in 1931. Engineers from Poland had built it."
CITATION = Citation(1, "bridge.txt", "The bridge", 0, 10, "The bridge", "supported", score=0.9)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Service]:
    opened = open_service(Settings(home=tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def strict_reader(tmp_path: Path) -> Path:
    """A home whose reader accepts half of thirty citations with high scores and none of thirty others."""
    history = History.open(tmp_path)
    for at in range(60):
        cited = (replace(CITATION, score=0.9 if at % 2 else 0.6),)
        turn = history.begin(history.create("Why?"), Asked("Why?"))
        history.save(turn, Outcome("Why?", True, "Because. [1]", cited), "done")
        history.opinions.review(turn, 0, "accepted" if at % 4 == 1 else "rejected")
    history.close()
    return tmp_path


def judged(app: Service, *, own: bool = True) -> Judgement:
    return app.verifier(own=own).judge(CLAIM, SOURCE)


def test_the_readers_reviews_count_for_the_next_verdict(strict_reader: Path, app: Service) -> None:
    found = judged(app)
    assert found.measured == judged(app, own=False).score
    assert found.score < found.measured


def test_what_is_compared_over_months_goes_by_no_review(strict_reader: Path, app: Service) -> None:
    plain = judged(app, own=False)
    assert plain.score == plain.measured


def test_a_setting_keeps_scores_as_measured(strict_reader: Path) -> None:
    app = open_service(Settings(home=strict_reader, own_reviews=False))
    assert judged(app) == judged(app, own=False)
    assert (app.archive.own_calibration().reviews, app.archive.own_calibration().wanted) == (60, False)
    app.close()


def test_reviews_made_since_count_once_they_are_asked_for(app: Service, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    before = judged(app)
    request.getfixturevalue("strict_reader")
    assert judged(app) == before
    assert app.archive.own_calibration().in_force
    assert judged(app).score < before.score


def test_a_verdict_makes_no_history(app: Service, tmp_path: Path) -> None:
    judged(app)
    app.archive.own_calibration()
    assert list(tmp_path.iterdir()) == []


def test_a_history_that_cannot_be_read_spoils_no_verdict(app: Service, tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").write_bytes(b"this is no database" * 100)
    assert judged(app) == judged(app, own=False)
    with pytest.raises(HistoryError):
        app.archive.own_calibration()
