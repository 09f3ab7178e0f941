"""The prompts as the page shows them."""

import json
from pathlib import Path

import pytest
from fake_rooms import Rooms
from streamlit.testing.v1 import AppTest

from bot.ui.components.prompts.view import PromptData, prompts_data

GOOD = "---\ndescription: One.\nvariables: [passages, question]\n---\n# system\nPay $$5.\n# user\n$passages\n\n$question\n"


@pytest.fixture
def rooms(tmp_path: Path) -> Rooms:
    return Rooms(tmp_path)


def put(rooms: Rooms, version: str, text: str, name: str = "answer") -> None:
    folder = rooms.home / "prompts" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{version}.md").write_text(text, encoding="utf-8")
    (rooms.home / "prompts" / "in-force.yaml").write_text(
        "answer: one\ncondense: plain\ndraft-case: plain\nfollow-up: plain\nsecond-opinion: plain\n", encoding="utf-8"
    )


def shown(rooms: Rooms, name: str = "answer") -> PromptData:
    return next(one for one in prompts_data(rooms.prompts()) if one["name"] == name)


def test_the_version_in_force_stands_first(rooms: Rooms) -> None:
    put(rooms, "one", GOOD)
    put(rooms, "a-newer", GOOD)
    assert [(one["name"], one["current"]) for one in shown(rooms)["versions"]] == [("one", True), ("a-newer", False)]


def test_messages_are_told_by_role_with_their_variables_apart(rooms: Rooms) -> None:
    put(rooms, "one", GOOD)
    version = shown(rooms)["versions"][0]
    assert (version["description"], version["variables"]) == ("One.", ["passages", "question"])
    assert [(one["role"], [(run["text"], run["variable"]) for run in one["runs"]]) for one in version["messages"]] == [
        ("System", [("Pay ", False), ("$", False), ("5.", False)]),
        ("User", [("passages", True), ("\n\n", False), ("question", True)]),
    ]


def test_a_broken_version_is_told_with_its_file_and_line(rooms: Rooms) -> None:
    put(rooms, "one", GOOD)
    put(rooms, "two", GOOD.replace("$$5", "$ 5"))
    broken = shown(rooms)["versions"][1]
    assert broken["problem"][0][0]["text"].startswith("prompts/answer/two.md, line 6:")
    assert broken["messages"] == []


def test_a_prompt_that_cannot_be_used_says_why(rooms: Rooms) -> None:
    put(rooms, "one", GOOD)
    found = shown(rooms, "condense")
    assert found["problem"][0][0]["text"] == "There is no prompts/condense/plain.md."
    assert found["versions"] == []


def test_what_nothing_uses_comes_last_and_needs_no_version_in_force(rooms: Rooms) -> None:
    put(rooms, "one", GOOD)
    put(rooms, "short", "---\nvariables: [text]\n---\n# user\n$text\n", "a-title")
    found = prompts_data(rooms.prompts())
    assert [one["name"] for one in found] == ["answer", "condense", "draft-case", "follow-up", "second-opinion", "a-title"]
    assert (found[5]["problem"], found[5]["use"]) == ([], "Footnote does not use it.")


def test_the_prompts_that_ship_are_drawn(rooms: Rooms) -> None:
    at = AppTest.from_function(_page, kwargs={"service": rooms}, default_timeout=30).run()
    *_, last = at.get("bidi_component")
    drawn: dict[str, list[PromptData]] = json.loads(last.proto.json)
    assert [one["name"] for one in drawn["prompts"]] == ["answer", "condense", "draft-case", "follow-up", "second-opinion"]
    assert not any(one["problem"] for one in drawn["prompts"])


def _page(service: "Rooms") -> None:
    from bot.ui.pages.prompts import page

    page(service)
