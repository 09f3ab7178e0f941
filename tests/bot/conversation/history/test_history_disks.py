"""Conversations on a disk that is full: writing stops with a sentence, reading goes on, and with room again so does writing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.conversation.history import AskedQuestion, History
from bot.errors import HistoryError
from bot.types import Answer
from tests.disks import filled, mounted

QUESTION = "When was the bridge opened?"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB."""
    yield from mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=4m", "tmpfs")


def asked(history: History, text: str) -> str:
    """A conversation with one answer; its id."""
    conversation = history.create(QUESTION)
    turn = history.begin(conversation, AskedQuestion(QUESTION))
    history.save(turn, Answer(QUESTION, text=text))
    return conversation


def answers(history: History) -> list[str]:
    """The last answer of each conversation."""
    opened = [history.conversation(head.id) for head in history.conversations().items]
    return [one.turns[-1].answer.text for one in opened if one and one.turns and one.turns[-1].answer.text]


def test_a_full_disk_stops_writing_conversations_and_not_reading_them(small_disk: Path) -> None:
    history = History.open(small_disk / "home")
    asked(history, "In 1932.")
    filling = filled(small_disk)
    with pytest.raises(HistoryError, match=r"full|written|space") as caught:
        for _ in range(100):
            asked(history, "In 1933. " * 500)
    assert caught.value.help
    kept = answers(history)
    assert kept[-1] == "In 1932." and history.search("1932").items
    history.close()
    again = History.open(small_disk / "home")
    assert answers(again) == kept
    filling.unlink()
    asked(again, "In 1934.")
    assert "In 1934." in answers(again)
    again.close()
