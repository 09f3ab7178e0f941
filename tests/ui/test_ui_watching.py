"""The switch of watching over a real home: what is watched is shown, added, removed and switched off."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from bot.settings import Settings
from bot.ui.components.watching import told
from bot.wiring import Service, open_service


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    return made


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = open_service(Settings(home=tmp_path / "home", embedding="minilm"))
    yield made
    made.close()


def started(service: Service) -> AppTest:
    return AppTest.from_function(_page, kwargs={"service": service}, default_timeout=30).run()


def _page(service: "Service") -> None:
    from bot.ui.components.watching import watching_switch

    watching_switch(service)


def test_a_folder_is_added_by_its_path(service: Service, folder: Path) -> None:
    at = started(service)
    at.text_input(key="footnote-watching-place").input(str(folder))
    at.button(key="footnote-watching-add").click().run()
    assert [one.path for one in service.watching.status().places.folders] == [str(folder)]


def test_what_is_no_folder_is_a_sentence(service: Service, folder: Path) -> None:
    at = started(service)
    at.text_input(key="footnote-watching-place").input(str(folder / "nothing"))
    at.button(key="footnote-watching-add").click().run()
    assert "is no folder" in at.error[0].value.replace("\\", "")


def test_a_folder_is_removed_by_its_button(service: Service, folder: Path) -> None:
    service.watching.add_folder(folder)
    started(service).button(key=f"footnote-watching-folder-{folder}").click().run()
    assert service.watching.status().places.folders == ()


def test_the_switch_turns_watching_off_and_the_folder_stays(service: Service, folder: Path) -> None:
    service.watching.add_folder(folder)
    at = started(service)
    at.toggle(key="footnote-watching-on").set_value(False).run()
    places = service.watching.status().places
    assert (places.on, len(places.folders)) == (False, 1)
    assert told(service.watching.status()) == "Switched off: nothing is taken in by itself."


def test_without_a_folder_it_is_said_what_to_do(service: Service) -> None:
    assert told(service.watching.status()).startswith("Nothing is watched yet")
