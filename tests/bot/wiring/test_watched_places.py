"""The file of what a home watches: it outlives the process, and another process sees what is added."""

from pathlib import Path

import pytest

from bot.errors import InputError
from bot.wiring.watched_places import FILE, FollowedFeed, WatchedFolder, WatchedPlaces, WatchedPlacesFile

NOTES, FEED = WatchedFolder("/home/ada/notes"), FollowedFeed("https://example.org/feed.xml")


@pytest.fixture
def file(tmp_path: Path) -> WatchedPlacesFile:
    return WatchedPlacesFile(tmp_path)


def test_a_home_without_the_file_watches_nothing(file: WatchedPlacesFile, tmp_path: Path) -> None:
    assert file.places() == WatchedPlaces()
    assert not file.places().followed
    assert list(tmp_path.iterdir()) == []


def test_what_is_added_is_seen_by_another_process(file: WatchedPlacesFile, tmp_path: Path) -> None:
    other = WatchedPlacesFile(tmp_path)
    assert other.places().folders == ()
    file.add_folder(NOTES)
    file.add_feed(FEED)
    assert other.places() == WatchedPlaces((NOTES,), (FEED,))


def test_a_folder_is_watched_once_and_as_was_said_last(file: WatchedPlacesFile) -> None:
    file.add_folder(NOTES)
    assert file.add_folder(WatchedFolder(NOTES.path, prune=True)).folders == (WatchedFolder(NOTES.path, prune=True),)


def test_what_is_removed_is_watched_no_more(file: WatchedPlacesFile) -> None:
    file.add_folder(NOTES)
    file.add_feed(FEED)
    file.remove_folder(NOTES.path)
    assert file.remove_feed(FEED.url) == WatchedPlaces()


def test_what_is_switched_off_stays_known(file: WatchedPlacesFile) -> None:
    file.add_folder(NOTES)
    off = file.switch(False)
    assert (off.folders, off.followed) == ((NOTES,), False)


def test_a_look_at_a_feed_that_was_removed_does_not_bring_it_back(file: WatchedPlacesFile) -> None:
    file.add_feed(FEED)
    file.remove_feed(FEED.url)
    assert file.note(FollowedFeed(FEED.url, due=1.0)).feeds == ()


def test_a_damaged_file_is_a_sentence_and_is_left_as_it_is(file: WatchedPlacesFile, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        file.places()
    with pytest.raises(InputError, match="cannot be read"):
        file.add_folder(NOTES)
    assert (tmp_path / FILE).read_text() == "{"
