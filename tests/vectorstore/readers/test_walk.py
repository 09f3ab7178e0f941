"""Under a folder: what can be read, in order, and the reason for the rest."""

import errno
import os
from pathlib import Path

import pytest

from tests.vectorstore.fake_encoder import open_index
from vectorstore.readers import walk
from vectorstore.types import Failure


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("Hello there.")


def names(folder: Path) -> list[str]:
    return [found.relative_to(folder).as_posix() for found in walk(folder) if isinstance(found, Path)]


def failures(folder: Path) -> list[Failure]:
    return [found for found in walk(folder) if isinstance(found, Failure)]


def test_files_come_in_the_order_of_their_names_folder_by_folder(tmp_path: Path) -> None:
    make(tmp_path, "b.md", "a/2.txt", "a/10.txt", "c/d/e.jsonl", "B.TXT")
    assert names(tmp_path) == ["B.TXT", "a/10.txt", "a/2.txt", "b.md", "c/d/e.jsonl"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    make(tmp_path, ".git/a.txt", ".b.txt", "c.txt")
    assert [found.name for found in walk(tmp_path) if isinstance(found, Path)] == ["c.txt"]


def test_other_formats_are_named(tmp_path: Path) -> None:
    make(tmp_path, "a/b.exe")
    assert failures(tmp_path) == [Failure("a/b.exe", "“.exe” is not a format that can be read.", no_article=True)]


def test_a_root_that_is_a_file_is_that_file(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    assert list(walk(tmp_path / "a.txt")) == [tmp_path / "a.txt"]


def test_a_root_that_is_not_there_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert list(walk(gone)) == [Failure(str(gone), "The folder cannot be read: no such file or directory.")]


def test_a_folder_that_cannot_be_read_is_named_and_the_rest_goes_in(tmp_path: Path) -> None:
    make(tmp_path, "a/x.txt", "b/y.txt")

    def scan(folder: Path) -> list[os.DirEntry[str]]:
        if folder.name == "a":
            raise PermissionError(errno.EACCES, "Permission denied")
        return list(os.scandir(folder))

    assert list(walk(tmp_path, scan)) == [
        Failure("a", "The folder cannot be read: permission denied."),
        tmp_path / "b" / "y.txt",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder, whatever its permissions")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    make(tmp_path, "a/x.txt")
    (tmp_path / "a").chmod(0)
    found = failures(tmp_path)
    (tmp_path / "a").chmod(0o700)
    assert found == [Failure("a", "The folder cannot be read: permission denied.")]


@pytest.mark.parametrize("target", ["outside", "outside/x.txt"])
def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, target: str) -> None:
    make(tmp_path, "outside/x.txt", "root/a.txt")
    (tmp_path / "root" / "link").symlink_to(tmp_path / target)
    found = failures(tmp_path / "root")
    assert [(one.where, one.reason.split(";")[0]) for one in found] == [("link", "The symbolic link leads out of the folder")]


def test_a_link_that_stays_inside_does_not_double_its_target(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    assert (names(tmp_path), failures(tmp_path)) == (["a.txt"], [])


def test_a_link_to_a_hidden_file_inside_is_taken_by_the_links_name(tmp_path: Path) -> None:
    make(tmp_path, "..data/a.txt")
    (tmp_path / "a.txt").symlink_to(tmp_path / "..data" / "a.txt")
    assert names(tmp_path) == ["a.txt"]


def test_a_loop_of_folders_ends(tmp_path: Path) -> None:
    make(tmp_path, "a/x.txt")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    assert names(tmp_path) == ["a/x.txt"]


def test_links_in_a_circle_and_to_nothing_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "c.txt").symlink_to(tmp_path / "gone.txt")
    assert failures(tmp_path) == [
        Failure("a.txt", "The symbolic link leads in a circle; remove it."),
        Failure("b.txt", "The symbolic link leads in a circle; remove it."),
        Failure("c.txt", "The symbolic link leads to nothing; remove it."),
    ]


def test_a_root_reached_through_a_link_is_walked(tmp_path: Path) -> None:
    make(tmp_path, "real/a.txt")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert names(tmp_path / "link") == ["a.txt"]


def test_what_a_browser_saves_with_a_page_is_passed_over(tmp_path: Path) -> None:
    for name in ("Slow clocks.html", "Slow clocks_files/frame.html", "my_files/note.txt"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("It rained.", encoding="utf-8")
    assert [file.name for file in walk(tmp_path) if isinstance(file, Path)] == ["Slow clocks.html", "note.txt"]


def test_a_home_in_the_folder_is_passed_over_with_its_originals(tmp_path: Path) -> None:
    index = open_index(tmp_path / "index")
    with index.writing():
        home = index.home
    index.close()
    (home.originals / "1").mkdir(parents=True)
    for file in (home.originals / "1" / "kept.txt", tmp_path / "own.txt"):
        file.write_text("It rained.")
    assert names(tmp_path) == ["own.txt"]
    assert names(home.path) == ["originals/1/kept.txt"]
