"""The prompt lab's page, run by Streamlit itself without a browser."""

import json
from collections.abc import Mapping
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from fake_pages import EXAMPLES, FakePages
from fake_rooms import answered
from streamlit.testing.v1 import AppTest

from bot.errors import ModelError
from bot.resources import prompts_dir
from vectorstore.errors import IndexMissing

KEY = "footnote-lab"


@pytest.fixture
def pages(tmp_path: Path) -> FakePages:
    copytree(prompts_dir(), tmp_path / "prompts")
    return FakePages(name="some-model", others=("quotes", "some-model"), home=tmp_path)


def _page(service: "FakePages") -> None:
    from bot.ui.pages.prompts import page

    page(service)


def opened(pages: FakePages, section: str = "Versions", **address: str) -> AppTest:
    at = AppTest.from_function(_page, kwargs={"service": pages}, default_timeout=30)
    for name, value in address.items():
        at.query_params[name] = value
    at.run()
    if section != "Versions":
        at.segmented_control[0].set_value(section)
        at.run()
    assert not at.exception
    return at


def settled(at: AppTest) -> None:
    """Run the page, and once more when all answers are there."""
    at.run()
    trial = at.session_state[KEY].trial
    for one in trial.answers:
        assert one.running is None or one.running.join(10)
    at.run()
    assert not at.exception


def drawn(at: AppTest, has: str) -> Mapping[str, Any]:
    """What the first component was given whose data have this field."""
    found = (json.loads(one.proto.json) for one in at.get("bidi_component") if one.proto.json)
    return next(one for one in found if has in one)


def faults(at: AppTest) -> str:
    """What is said to be wrong, without the signs that keep it from being Markdown."""
    return " ".join(one.value for one in at.error).replace("\\", "")


def texts(at: AppTest) -> str:
    return " ".join(one.value for one in at.text)


def test_the_version_in_force_stands_in_the_editor_beside_its_rendering(pages: FakePages) -> None:
    at = opened(pages)
    assert at.text_area[0].value == pages.prompt_files().text("answer", "strict")
    assert at.text_input(key=f"{KEY}-beside-question").value == EXAMPLES[0]
    assert "with 5 passages" in texts(at)
    assert any(EXAMPLES[0] in one.value for one in at.code)


def test_an_edit_is_rendered_at_once_and_compared_with_its_file(pages: FakePages) -> None:
    at = opened(pages)
    area = at.text_area[0]
    area.set_value((area.value or "").replace("You answer questions", "You answer all questions"))
    at.run()
    assert at.code[0].value.startswith("You answer all questions")
    assert "From strict to strict, edited, not saved: 1 line added, 1 line removed." in texts(at)
    at.button(key=f"{KEY}-undo").click().run()
    assert at.text_area[0].value == pages.prompt_files().text("answer", "strict")


def test_a_mistake_is_told_with_its_line_and_nothing_is_rendered(pages: FakePages) -> None:
    at = opened(pages)
    area = at.text_area[0]
    area.set_value((area.value or "").replace("$question", "$qestion"))
    at.run()
    assert not at.exception
    assert "the variable $qestion" in faults(at)
    assert "Once the text can be used" in texts(at)


def test_an_edit_is_saved_as_a_new_version_and_put_in_force(pages: FakePages) -> None:
    at = opened(pages)
    area = at.text_area[0]
    area.set_value((area.value or "").replace("briefly", "shortly"))
    at.run()
    at.text_input(key=f"{KEY}-save-as").set_value("short")
    at.text_input(key=f"{KEY}-message").set_value("Shorter.")
    at.button(key=f"FormSubmitter:{KEY}-save-Save as new version").click().run()
    assert "not in force yet" in at.success[0].value
    assert pages.prompt_files().load("answer", "short").message == "Shorter."
    at.button(key=f"{KEY}-use").click().run()
    assert pages.prompt_files().in_force("answer") == "short"
    at.button(key=f"{KEY}-back").click().run()
    assert pages.prompt_files().in_force("answer") == "strict"


def test_what_was_typed_last_is_what_is_saved(pages: FakePages) -> None:
    at = opened(pages)
    area = at.text_area[0]
    area.set_value((area.value or "").replace("briefly", "shortly"))
    at.text_input(key=f"{KEY}-save-as").set_value("short")
    at.button(key=f"FormSubmitter:{KEY}-save-Save as new version").click().run()  # with no run in between
    assert "shortly" in pages.prompt_files().text("answer", "short")


def test_a_version_that_is_there_is_not_overwritten(pages: FakePages) -> None:
    at = opened(pages)
    before = pages.prompt_files().text("answer", "terse")
    at.text_input(key=f"{KEY}-save-as").set_value("terse")
    at.button(key=f"FormSubmitter:{KEY}-save-Save as new version").click().run()
    assert "never overwritten" in faults(at)
    assert pages.prompt_files().text("answer", "terse") == before


def test_a_broken_version_can_be_opened_and_mended(pages: FakePages) -> None:
    (pages.home / "prompts" / "answer" / "bad.md").write_text("nothing", encoding="utf-8")
    at = opened(pages)
    at.selectbox(key=f"{KEY}-version").set_value("bad")
    at.run()
    assert (at.text_area[0].value, list(at.exception)) == ("nothing", [])
    assert "front matter is missing" in faults(at)


def test_every_prompt_can_be_opened(pages: FakePages) -> None:
    at = opened(pages)
    for name in ("condense", "draft-case"):
        at.selectbox(key=f"{KEY}-name").set_value(name)
        at.run()
        assert not at.exception
        assert at.text_area[0].label == f"Text of {name}/plain"


class Unindexed(FakePages):
    """Has no articles."""

    def examples(self) -> list[str]:
        raise IndexMissing("There is no index in this folder.")


def test_without_an_index_the_prompts_can_be_read_and_edited(tmp_path: Path) -> None:
    at = opened(Unindexed(home=tmp_path))
    assert at.text_area[0].value.startswith("---")
    assert "There is no question yet." in texts(at)


def test_two_versions_answer_side_by_side(pages: FakePages) -> None:
    at = opened(pages, "Try")
    assert at.selectbox(key=f"{KEY}-pick-0").value == "strict"
    assert at.selectbox(key=f"{KEY}-pick-1").value == "small"
    at.button(key=f"{KEY}-answer").click()
    settled(at)
    data = drawn(at, "answers")
    assert [one["title"] for one in data["answers"]] == ["1. strict", "2. small"]
    assert data["state"] == "Both answers are there."


def test_a_column_keeps_its_settings_when_one_is_added_or_taken_away(pages: FakePages) -> None:
    at = opened(pages, "Try")
    at.number_input(key=f"{KEY}-temperature-0").set_value(0.5)
    at.number_input(key=f"{KEY}-most-0").set_value(200)
    at.run()
    at.button(key=f"{KEY}-add").click().run()
    at.button(key=f"{KEY}-add").click().run()
    assert at.button(key=f"{KEY}-add").disabled
    at.button(key=f"{KEY}-remove").click().run()
    at.button(key=f"{KEY}-answer").click()
    settled(at)
    setups = sorted((setup.prompt, setup.temperature, setup.max_tokens) for setup, _ in pages.answered)
    assert ("answer/strict", 0.5, 200) in setups
    assert len(setups) == 3


def test_a_text_that_is_not_saved_can_be_tried(pages: FakePages) -> None:
    at = opened(pages)
    area = at.text_area[0]
    area.set_value((area.value or "").replace("briefly", "shortly"))
    at.run()
    at.segmented_control[0].set_value("Try")
    at.run()
    at.selectbox(key=f"{KEY}-pick-1").set_value("edited:strict")
    at.run()
    at.button(key=f"{KEY}-answer").click()
    settled(at)
    assert drawn(at, "answers")["answers"][1]["title"] == "2. strict, edited, not saved"
    assert any("shortly" in setup.prompt_text for setup, _ in pages.answered)


def test_without_a_model_quotations_answer_and_what_is_missing_is_said(tmp_path: Path) -> None:
    at = opened(FakePages(home=tmp_path), "Try")
    assert "To try prompts, a model is needed." in texts(at)
    assert "add one on the page Models" in texts(at)
    assert at.button(key=f"{KEY}-add").disabled
    at.button(key=f"{KEY}-answer").click()
    settled(at)
    assert drawn(at, "answers")["answers"][0]["sum"][0]["text"] == "2 quotations"


def test_a_server_that_does_not_tell_its_models_is_told_of(pages: FakePages) -> None:
    pages.others = ModelError("The server of the models is gone.", "Start it again.")
    at = opened(pages, "Try")
    assert "The server of the models is gone." in faults(at)
    pages.others = ("quotes", "some-model")
    at.button(key=f"{KEY}-again").click().run()
    assert not [one for one in at.button if one.key == f"{KEY}-again"]


def test_an_address_holds_a_turn_of_the_chat_still_until_it_is_left(pages: FakePages) -> None:
    conversation, turn = answered(pages.history(), "What froze?", "supported")
    at = opened(pages, conversation=conversation, turn=turn)
    assert "held still: its question, what was searched, and its 5 passages" in texts(at)
    at.button(key=f"{KEY}-answer").click()
    settled(at)
    assert drawn(at, "answers")["given"].endswith("held still from the chat")
    at.button(key=f"{KEY}-try-anew").click().run()
    assert "the passages are searched anew" in texts(at)
    at.button(key=f"{KEY}-try-leave").click().run()
    assert at.text_input(key=f"{KEY}-try-question").value == EXAMPLES[0]
    assert not at.query_params


def test_an_address_of_nothing_is_told_and_the_page_goes_on(pages: FakePages) -> None:
    at = opened(pages, conversation="ab", turn="cd")
    assert "not kept any more" in faults(at)
    assert at.text_input(key=f"{KEY}-try-question").value == EXAMPLES[0]


def test_the_runs_have_a_section_of_their_own(pages: FakePages) -> None:
    assert "two runs over the same cases tell what a change did" in texts(opened(pages, "Runs"))
