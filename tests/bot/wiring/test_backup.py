"""A home as one file: written while the home is used, restored whole, and refused where it is not what it should be."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest

from bot.conversation.history import History
from bot.errors import InputError
from bot.settings import Settings, load_settings
from bot.wiring.backup import CONTENTS, back_up, restore
from tests.vectorstore.fake_encoder import FakeEncoder, open_index, prose, write
from vectorstore.ingest import Ingestor

ENCODER = FakeEncoder()
CONTENTS_TEXT = '{"format": 1, "footnote": "0.2.0", "made": "2026-11-27T12:00:00+00:00"}'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home, of an article, a conversation, a kept original, a model choice and a key, and with prompts."""
    folder = tmp_path_factory.mktemp("made")
    index = open_index(folder / "home")
    Ingestor(index, ENCODER, limit=60).ingest([write(folder / "articles", {"heron.txt": prose("heron", 4)})])
    index.close()
    history = History.open(folder / "home")
    history.create("What did the heron do?")
    history.close()
    write(folder / "home", {"originals/ab/heron.txt": "It flew.", "models.json": "{}", "model-keys.json": '{"keys": {}}'})
    write(folder / "prompts", {"answer/plain.md": "Answer."})
    return folder


@pytest.fixture(scope="module")
def saved(made: Path) -> Path:
    settings = load_settings(home=made / "home", prompts=str(made / "prompts"), embedding="minilm")
    back_up(settings, made / "saved.zip")
    return made / "saved.zip"


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> Settings:
    """That home, to be changed."""
    return load_settings(home=shutil.copytree(made / "home", tmp_path / "home"), prompts=str(made / "prompts"))


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "restored")


def packed(file: Path, *members: tuple[str | ZipInfo, str]) -> Path:
    with ZipFile(file, "w") as archive:
        for name, text in members:
            archive.writestr(name, text)
    return file


def test_a_restored_home_is_searched_with_nothing_embedded_again(saved: Path, empty: Settings) -> None:
    assert restore(empty, saved).articles == 1
    index = open_index(empty.home)
    index.prepare()
    chunks = index.catalog.counts()[1]
    assert (index.dense.count(), index.lexical.count(), len(index.lexical.query([("heron", 1.0)], 9))) == (
        chunks,
        chunks,
        chunks,
    )
    assert [index.find_damage(name) for name in ("dense", "lexical")] == ["", ""]
    index.close()


def test_files_and_settings_come_along_and_keys_do_not(saved: Path, empty: Settings) -> None:
    report = restore(empty, saved)
    assert (empty.home / "originals/ab/heron.txt").read_text() == "It flew."
    assert (empty.home / "prompts/answer/plain.md").read_text() == "Answer."
    history = History.open(empty.home)
    assert [one.title for one in history.conversations().items] == ["What did the heron do?"]
    history.close()
    assert (report.contents.settings, (empty.home / "model-keys.json").exists()) == ({"FOOTNOTE_EMBEDDING": "minilm"}, False)


def test_keys_come_along_where_they_are_asked_for(settings: Settings, empty: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "keys.zip", keys=True)
    restore(empty, tmp_path / "keys.zip")
    kept = empty.home / "model-keys.json"
    assert (kept.read_text(), kept.stat().st_mode & 0o077) == ('{"keys": {}}', 0)


@pytest.fixture
def writing(settings: Settings, tmp_path: Path) -> Iterator[list[str]]:
    """An ingest that goes on in another thread; the articles that it has reported."""
    done, reported = threading.Event(), list[str]()
    folder = write(tmp_path / "more", {f"{n}.txt": prose(f"subject{n}", 2) for n in range(40)})

    def ingest() -> None:
        index = open_index(settings.home)
        ingestor = Ingestor(index, ENCODER, limit=60)
        for n in range(40):
            if not done.is_set():
                reported.extend(ingestor.ingest([folder / f"{n}.txt"]).added)
        index.close()

    thread = threading.Thread(target=ingest)
    thread.start()
    yield reported
    done.set()
    thread.join()


def test_a_backup_of_a_home_in_use_is_of_one_moment(
    settings: Settings, empty: Settings, writing: list[str], tmp_path: Path
) -> None:
    before = list(writing)
    back_up(settings, tmp_path / "busy.zip")
    restore(empty, tmp_path / "busy.zip")
    index = open_index(empty.home)
    index.prepare()
    assert set(before) <= set(index.catalog.known_articles())
    assert [index.find_damage(name) for name in ("dense", "lexical")] == ["", ""]
    index.close()


def test_a_home_that_is_used_is_kept_beside(settings: Settings, saved: Path) -> None:
    with pytest.raises(InputError, match="something in"):
        restore(settings, saved)
    moved = restore(settings, saved, force=True).moved
    assert moved is not None and (moved / "catalog.sqlite").exists() and (moved / "model-keys.json").exists()


def test_a_file_that_is_there_is_not_written_over(settings: Settings, saved: Path) -> None:
    with pytest.raises(InputError, match="already"):
        back_up(settings, saved)


def test_a_backup_into_a_folder_that_is_not_there_names_the_folder(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"^There is no folder {tmp_path / 'none'}\.$"):
        back_up(settings, tmp_path / "none" / "home.zip")


HOSTILE = (
    *("../evil", "/etc/passwd", "originals/../../evil", "originals\\..\\evil", "C:/evil", "originals/a:b", "bin/sh"),
    *("originals//a", "originals/a\nb", "originals/", "writer.lock", "dense-1/chroma.sqlite3"),
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_refused(name: str, saved: Path, empty: Settings, tmp_path: Path) -> None:
    with ZipFile(saved) as archive:
        catalog = archive.read("catalog.sqlite")
    with ZipFile(tmp_path / "hostile.zip", "w") as archive:
        archive.writestr(CONTENTS, CONTENTS_TEXT)
        archive.writestr("catalog.sqlite", catalog)
        archive.writestr(name, "evil")
    with pytest.raises(InputError, match="no backup does"):
        restore(empty, tmp_path / "hostile.zip")
    assert [file.name for file in empty.home.iterdir()] == []


def test_a_link_in_a_backup_is_refused(empty: Settings, tmp_path: Path) -> None:
    link = ZipInfo("originals/link")
    link.external_attr = 0o120777 << 16
    file = packed(tmp_path / "link.zip", (CONTENTS, CONTENTS_TEXT), ("catalog.sqlite", "x"), (link, "/etc/passwd"))
    with pytest.raises(InputError, match="no backup does"):
        restore(empty, file)


@pytest.mark.parametrize(
    "damage", ["cut", "flipped", "emptied", "no zip", "another zip", "no catalog", "a broken catalog", "newer"]
)
def test_what_is_no_whole_backup_is_refused(damage: str, saved: Path, empty: Settings, tmp_path: Path) -> None:
    file, data = tmp_path / "broken.zip", saved.read_bytes()
    at = data.index(b"catalog.sqlite") + 600
    if damage == "another zip":
        packed(file, ("a.txt", "a"))
    elif damage == "no catalog":
        packed(file, (CONTENTS, CONTENTS_TEXT))
    elif damage == "a broken catalog":
        packed(file, (CONTENTS, CONTENTS_TEXT), ("catalog.sqlite", "no database" * 100))
    elif damage == "newer":
        packed(file, (CONTENTS, CONTENTS_TEXT.replace("1", "9", 1)), ("catalog.sqlite", "x"))
    else:
        flipped = data[:at] + bytes(255 - byte for byte in data[at : at + 50]) + data[at + 50 :]
        file.write_bytes({"cut": data[:at], "flipped": flipped, "emptied": b"", "no zip": b"no zip" * 50}[damage])
    with pytest.raises(InputError):
        restore(empty, file)
    assert not (empty.home / "catalog.sqlite").exists()
