"""Watching as the page's server does it: in a thread, for one home, and standing questions are asked beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import InputError
from bot.settings import Settings
from bot.types import Question
from bot.wiring import Service, open_service, watching
from bot.wiring.watched_places import FILE
from tests.waiting import until

BRIDGE = "The bridge at Ner opened on 4 May 1931. It carries 12 trains a day.\n"


def opened(home: Path) -> Service:
    return open_service(Settings(home=home, embedding="minilm"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    (made / "bridge.md").write_text(BRIDGE)
    return made


@pytest.fixture
def service(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service whose thread is in a hurry."""
    monkeypatch.setattr(watching, "PAUSE", 0.1)
    monkeypatch.setattr(watching, "QUIET", 0.3)
    made = opened(home)
    yield made
    made.close()


def ids(service: Service) -> list[str]:
    return [one.id for one in service.library.articles()] if service.library.has_index() else []


def test_a_folder_that_is_added_is_followed(service: Service, folder: Path) -> None:
    service.watching.start()
    service.watching.add_folder(folder)
    until(lambda: ids(service) == ["bridge.md"])
    (folder / "mill.md").write_text("The mill at Ostrow was sold.\n")
    until(lambda: [one.report.added for one in service.watching.status().batches] == [("mill.md",), ("bridge.md",)])
    assert service.watching.status().here


def test_nothing_is_followed_while_it_is_switched_off(service: Service, folder: Path) -> None:
    service.watching.add_folder(folder)
    service.watching.switch(False)
    service.watching.start()
    assert not service.watching.status().here
    service.watching.switch(True)
    until(lambda: service.watching.status().here)
    service.watching.switch(False)
    until(lambda: not service.watching.status().here)


def test_a_removed_folder_is_not_followed_any_more(service: Service, folder: Path) -> None:
    service.watching.start()
    service.watching.add_folder(folder)
    until(lambda: service.watching.status().here)
    service.watching.remove_folder(str(folder))
    until(lambda: not service.watching.status().here)


def test_the_file_of_a_removed_article_takes_it_along_if_wanted(service: Service, folder: Path) -> None:
    (folder / "mill.md").write_text("The mill at Ostrow was sold.\n")
    service.watching.start()
    service.watching.add_folder(folder, prune=True)
    until(lambda: len(ids(service)) == 2)
    (folder / "bridge.md").unlink()
    until(lambda: ids(service) == ["mill.md"])


def test_another_process_goes_on_when_the_first_one_ends(service: Service, home: Path, folder: Path) -> None:
    other = opened(home)
    service.watching.add_folder(folder)
    service.watching.start()
    until(lambda: service.watching.status().here)
    other.watching.start()
    service.watching.close()
    until(lambda: other.watching.status().here)
    other.close()


def test_standing_questions_are_asked_when_the_articles_have_come_to_rest(service: Service, folder: Path) -> None:
    service.watching.add_folder(folder)
    kept = service.standing.add(Question("When did the bridge at Ner open?"))
    service.watching.start()
    until(lambda: service.standing.questions()[0].last is not None)
    (folder / "bridge.md").write_text(BRIDGE.replace("4 May 1931", "9 June 1932"))
    until(lambda: service.standing.questions()[0].changes == 1)
    assert service.standing.questions()[0].id == kept.id


def test_what_another_process_takes_in_has_standing_questions_asked(service: Service, home: Path, folder: Path) -> None:
    service.standing.add(Question("When did the bridge at Ner open?"))
    service.watching.start()
    other = opened(home)
    other.library.ingest([folder], prune=False, rebuild=False, progress=None)
    other.close()
    until(lambda: service.standing.questions()[0].last is not None)


def test_a_folder_that_is_not_there_is_named(service: Service, folder: Path) -> None:
    service.watching.add_folder(folder)
    folder.rename(folder.with_name("moved"))
    assert service.watching.status().missing == (str(folder),)


@pytest.mark.parametrize("name", ["nothing", "articles/bridge.md", "home/originals"])
def test_what_cannot_be_watched_is_refused(service: Service, home: Path, folder: Path, name: str) -> None:
    (home / "originals").mkdir(parents=True)
    with pytest.raises(InputError):
        service.watching.add_folder(folder.parent / name)


def test_a_damaged_file_is_told_and_stops_nothing(service: Service, home: Path) -> None:
    home.mkdir()
    (home / FILE).write_text("{")
    assert "cannot be read" in service.watching.status().problem
    service.watching.start()
    (home / FILE).unlink()
    service.watching.add_folder(home.parent)
    until(lambda: service.watching.status().here)


def test_a_moved_file_keeps_the_id_of_its_article(service: Service, folder: Path) -> None:
    service.watching.start()
    service.watching.add_folder(folder)
    until(lambda: service.watching.status().batches)
    (folder / "2026").mkdir()
    (folder / "bridge.md").rename(folder / "2026" / "crossing.md")
    until(lambda: len(service.watching.status().batches) == 2)
    newest = service.watching.status().batches[0]
    assert (newest.moved, newest.report.added, newest.report.gone) == (("bridge.md",), (), ())


def test_a_removed_file_is_said_to_be_gone_and_its_article_stays(service: Service, folder: Path) -> None:
    service.watching.start()
    service.watching.add_folder(folder)
    until(lambda: service.watching.status().batches)
    (folder / "bridge.md").unlink()
    until(lambda: [one.gone for one in service.library.articles()] == [True])
    (folder / "bridge.md").write_text(BRIDGE)
    until(lambda: [one.gone for one in service.library.articles()] == [False])
    until(lambda: [one.report.gone for one in service.watching.status().batches] == [(), ("bridge.md",), ()])


def test_a_removed_folder_takes_all_its_files_along(service: Service, folder: Path) -> None:
    (folder / "old").mkdir()
    (folder / "old" / "mill.md").write_text("The mill at Ostrow was sold.\n")
    service.watching.start()
    service.watching.add_folder(folder)
    until(lambda: service.watching.status().batches)
    (folder / "old").rename(folder.parent / "elsewhere")
    until(lambda: [one.id for one in service.library.articles() if one.gone] == ["old/mill.md"])


def test_an_article_that_is_taken_out_of_its_file_is_removed_with_prune(service: Service, folder: Path) -> None:
    lines = [f'{{"id": "{n}", "title": "Note {n}", "text": "Note {n} tells of the mill."}}' for n in range(3)]
    (folder / "notes.jsonl").write_text("\n".join(lines))
    service.watching.start()
    service.watching.add_folder(folder, prune=True)
    until(lambda: len(ids(service)) == 4)
    (folder / "notes.jsonl").write_text("\n".join(lines[:2]))
    until(lambda: len(ids(service)) == 3)
    until(lambda: service.watching.status().batches[0].report.removed == ("2",))
