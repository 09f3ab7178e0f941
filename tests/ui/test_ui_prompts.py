"""All prompts with their versions, as the page shows them."""

from fake_rooms import Rooms
from streamlit.testing.v1 import AppTest

GOOD = "---\ndescription: One.\nvariables: [passages, question]\n---\n# system\nPay $$5.\n# user\n$passages\n\n$question\n"


def put(rooms: Rooms, version: str, text: str, name: str = "answer") -> None:
    folder = rooms.home / "prompts" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{version}.md").write_text(text, encoding="utf-8")
    (rooms.home / "prompts" / "in-force.yaml").write_text(
        "answer: one\ncondense: plain\ndraft-case: plain\nfollow-up: plain\njudge: plain\nsecond-opinion: plain\n",
        encoding="utf-8",
    )


def drawn(rooms: Rooms) -> AppTest:
    app = AppTest.from_function(_listed, kwargs={"service": rooms}, default_timeout=30).run()
    assert not app.exception
    return app


def _listed(service: "Rooms") -> None:
    from bot.ui.lab.prompt_views import prompt_list

    prompt_list(service.prompts())


def faults(app: AppTest) -> str:
    return "\n".join(one.value for one in app.error).replace("\\", "")


def test_the_version_in_force_stands_first_and_open(rooms: Rooms) -> None:
    put(rooms, "one", GOOD)
    put(rooms, "a-newer", GOOD)
    found = [(one.label, one.proto.expanded) for one in drawn(rooms).expander]
    assert found == [("**one** :green-badge[in force]", True), ("**a\\-newer**", False)]


def test_a_broken_version_is_told_with_its_file_and_line(rooms: Rooms) -> None:
    put(rooms, "one", GOOD)
    put(rooms, "two", GOOD.replace("$$5", "$ 5"))
    app = drawn(rooms)
    assert app.expander[1].label == "**two** :red-badge[cannot be used]"
    assert "prompts/answer/two.md, line 6:" in faults(app)


def test_a_prompt_that_cannot_be_used_says_why(rooms: Rooms) -> None:
    put(rooms, "one", GOOD)
    app = drawn(rooms)
    assert "There is no prompts/condense/plain.md." in faults(app)
    assert "It has no version yet." in [one.value for one in app.text]


def test_what_nothing_uses_comes_last_and_needs_no_version_in_force(rooms: Rooms) -> None:
    put(rooms, "one", GOOD)
    put(rooms, "short", "---\nvariables: [text]\n---\n# user\n$text\n", "a-title")
    app = drawn(rooms)
    names = [one.value.replace("\\", "") for one in app.subheader]
    assert names == ["answer", "condense", "draft-case", "follow-up", "judge", "second-opinion", "a-title"]
    assert "Footnote does not use it." in [one.value for one in app.text]
    assert "names no version of “a-title”" not in faults(app)


def test_the_prompts_that_ship_are_drawn(rooms: Rooms) -> None:
    app = AppTest.from_function(_page, kwargs={"service": rooms}, default_timeout=30).run()
    assert not app.exception
    names = [one.value.replace("\\", "") for one in app.subheader]
    assert names[-6:] == ["answer", "condense", "draft-case", "follow-up", "judge", "second-opinion"]


def _page(service: "Rooms") -> None:
    from bot.ui.pages.prompts import page

    page(service)
