"""What a killed process left behind is found; what a living one writes is left alone."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from making import Opening, answer

from bot.conversation.history import ABANDONED, AskedQuestion, Exchange, History
from bot.conversation.history.database import Database
from bot.conversation.history.process_locks import AdvisoryLocks, FileLocks, process_locks
from bot.conversation.history.schema import address
from bot.types import Answer

HERE = Path(__file__).parent


@contextmanager
def writing(home: Path, catalog: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """Another process in the middle of an answer; the process, the conversation and the turn."""
    command = [sys.executable, str(HERE / "killed_child.py"), str(home), *([catalog] if catalog else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(HERE.parents[2])}) as child:
        assert child.stdout is not None
        conversation, turn = child.stdout.readline().split()
        try:
            yield child, conversation, turn
        finally:
            child.kill()


def only_turn(history: History, conversation: str) -> Exchange:
    found = history.conversation(conversation)
    assert found is not None
    (turn,) = found.turns
    return turn


def test_after_a_kill_the_partial_answer_is_there_and_says_so(tmp_path: Path, catalog: str, opening: Opening) -> None:
    with writing(tmp_path, catalog) as (child, conversation, _):
        child.kill()
        child.wait()
    turn = only_turn(opening(), conversation)
    found = turn.answer
    assert (found.status, found.text, found.searched) == ("stopped", "Because of the", True)
    assert found.trouble == ABANDONED


def test_a_kill_is_noticed_by_those_who_have_it_open(tmp_path: Path, catalog: str, opening: Opening) -> None:
    history = opening()
    with writing(tmp_path, catalog) as (child, conversation, _):
        assert only_turn(history, conversation).answer.status == "running"
        child.kill()
        child.wait()
        assert only_turn(history, conversation).answer.status == "stopped"


def test_a_living_process_goes_on(tmp_path: Path, catalog: str, opening: Opening) -> None:
    with writing(tmp_path, catalog) as (_, conversation, _):
        history = opening()
        assert history.recover() == 0
        assert only_turn(history, conversation).answer.status == "running"


def test_two_in_one_process_tell_each_other_apart(opening: Opening) -> None:
    one, other = opening(), opening()
    conversation = one.create("Why?")
    one.begin(conversation, AskedQuestion("Why?"))
    assert only_turn(other, conversation).answer.status == "running"
    one.close()
    assert only_turn(other, conversation).answer.status == "stopped"


def test_the_owner_has_the_last_word(opening: Opening) -> None:
    one, other = opening(), opening()
    conversation = one.create("Why?")
    turn = one.begin(conversation, AskedQuestion("Why?"))
    one._locks.close()
    assert other.recover() == 1
    one.save(turn, Answer("Why?", text="More", status="running"))
    assert only_turn(other, conversation).answer.status == "stopped"
    one.save(turn, answer())
    assert only_turn(other, conversation).answer == answer()


def test_a_reopened_history_is_alive_again(opening: Opening) -> None:
    one, other = opening(), opening()
    conversation = one.create("Why?")
    one.begin(conversation, AskedQuestion("Why?"))
    one._locks.close()
    one.begin(conversation, AskedQuestion("Why?"))
    assert other.recover() == 0


def test_each_database_has_its_kind_of_lock(tmp_path: Path, catalog: str) -> None:
    database = Database.open(address(tmp_path, catalog))
    assert isinstance(process_locks(database.engine), AdvisoryLocks if catalog else FileLocks)
    database.close()


def test_no_files_are_left_behind(tmp_path: Path) -> None:
    with writing(tmp_path, "") as (child, _, _):
        child.kill()
        child.wait()
    history = History.open(tmp_path)
    history.begin(history.create("Why?"), AskedQuestion("Why?"))
    history.close()
    assert list((tmp_path / "history.running").iterdir()) == []
