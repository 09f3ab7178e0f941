"""Prompt files: checked before anything is sent, read anew when they change, and blind to what is put into them."""

from pathlib import Path

import pytest

from bot.errors import PromptError
from bot.prompting import WANTS, Listing, Prompts, parse, runs
from bot.resources import prompts_dir

HEAD = "---\ndescription: One.\nvariables: [passages, question]\n---\n"
BODY = "# system\nBe brief.\n\n# user\n$passages\n\n$question\n"


def refused(text: str, name: str = "answer") -> str:
    with pytest.raises(PromptError) as caught:
        parse(text, name, "one")
    return caught.value.message


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "answer").mkdir()
    (tmp_path / "answer" / "one.md").write_text(HEAD + BODY, encoding="utf-8")
    (tmp_path / "in-force.yaml").write_text("answer: one\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", sorted(WANTS))
def test_the_prompts_that_ship_can_be_loaded_and_rendered(name: str) -> None:
    prompts = Prompts(prompts_dir())
    for version in prompts.versions(name):
        prompt = prompts.load(name, version)
        rendered = prompt.render(dict.fromkeys(prompt.variables, "VALUE"))
        assert rendered[0][0] == "system" and "VALUE" in rendered[-1][1]


def test_the_version_in_force_is_the_one_that_is_loaded(folder: Path) -> None:
    assert Prompts(folder).load("answer").version == "one"


def test_roles_and_their_texts_are_told_apart(folder: Path) -> None:
    assert Prompts(folder).load("answer").messages == (("system", "Be brief."), ("user", "$passages\n\n$question"))


def test_an_edit_counts_from_the_next_load_on(folder: Path) -> None:
    prompts = Prompts(folder)
    prompts.load("answer")
    (folder / "answer" / "one.md").write_text(HEAD + BODY.replace("brief", "long"), encoding="utf-8")
    assert prompts.load("answer").messages[0][1] == "Be long."


def test_what_is_put_in_is_not_read_again() -> None:
    rendered = parse(HEAD + BODY, "answer", "one").render({"passages": "$question $$ ${x}", "question": "Who?"})
    assert rendered[1][1] == "$question $$ ${x}\n\nWho?"


def test_two_dollars_are_one() -> None:
    rendered = parse(HEAD + BODY.replace("brief", "$$5"), "answer", "one").render({"passages": "", "question": ""})
    assert rendered[0][1] == "Be $5."


def test_an_empty_value_leaves_no_hole() -> None:
    rendered = parse(HEAD + BODY.replace("$passages", "A\n\n$passages"), "answer", "one").render(
        {"passages": "", "question": "Who?"}
    )
    assert rendered[1][1] == "A\n\nWho?"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BODY, "line 1: front matter is missing"),
        ("---\ndescription: One.\n" + BODY, "line 1: the front matter has no end"),
        ("---\ndescription: [\n---\n" + BODY, "the front matter is broken, line"),
        ("---\ntitle: One\n---\n" + BODY, "it does not know title"),
        ("---\nvariables: passages\n---\n" + BODY, "`variables` must be a list"),
        (HEAD + "Hello\n" + BODY, "line 5: text stands under no role"),
        (HEAD + "# system\n\n# user\n$passages $question", "line 5: the role system is empty"),
        (HEAD + BODY + "# assistant\nYes.", "the last role must be user"),
        (HEAD + BODY.replace("brief", "$ 5"), "line 6: a lone $"),
        (HEAD + BODY + "$pasages", "the variable $pasages is not known here"),
        (HEAD + BODY + "$conversation", "$conversation is used, but not declared"),
        (HEAD.replace("question]", "question, conversation]") + BODY, "$conversation is declared, but not used"),
        (HEAD.replace("passages, ", "") + BODY.replace("$passages", "x"), "$passages is needed, but not used"),
    ],
)
def test_a_fault_is_refused_with_its_file_and_place(text: str, told: str) -> None:
    message = refused(text)
    assert message.startswith("prompts/answer/one.md") and told in message


def test_a_missing_file_is_told_without_the_folders_above_it(folder: Path) -> None:
    with pytest.raises(PromptError) as caught:
        Prompts(folder).load("answer", "two")
    assert caught.value.message == "There is no prompts/answer/two.md."


@pytest.mark.parametrize("version", ["../one", "One", "a/b", "."])
def test_a_version_s_name_is_never_a_path(folder: Path, version: str) -> None:
    with pytest.raises(PromptError, match="is no name"):
        Prompts(folder).load("answer", version)


@pytest.mark.parametrize(
    ("content", "told"), [("answer: [", "broken"), ("- answer", "names no version"), ("", "names no version")]
)
def test_a_broken_choice_of_version_is_told(folder: Path, content: str, told: str) -> None:
    (folder / "in-force.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(PromptError, match=told):
        Prompts(folder).load("answer")


def test_bytes_that_are_no_text_are_told(folder: Path) -> None:
    (folder / "answer" / "one.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PromptError, match="not UTF-8"):
        Prompts(folder).load("answer")


def listing(folder: Path, name: str) -> Listing:
    return next(one for one in Prompts(folder).listed() if one.name == name)


def test_all_versions_are_listed_with_the_one_in_force(folder: Path) -> None:
    (folder / "answer" / "two.md").write_text(HEAD + BODY, encoding="utf-8")
    found = listing(folder, "answer")
    assert (found.in_force, [one.version for one in found.versions]) == ("one", ["one", "two"])
    assert found.versions[0].prompt == Prompts(folder).load("answer", "one")


def test_a_broken_version_is_listed_with_its_line(folder: Path) -> None:
    (folder / "answer" / "two.md").write_text(HEAD + BODY.replace("brief", "$ 5"), encoding="utf-8")
    broken = listing(folder, "answer").versions[1]
    assert (broken.version, broken.prompt) == ("two", None)
    assert broken.problem[0].startswith("prompts/answer/two.md, line 6:")


def test_a_prompt_with_no_version_in_force_is_listed_with_why(folder: Path) -> None:
    found = listing(folder, "condense")
    assert (found.in_force, found.versions) == ("", ())
    assert "names no version of “condense”" in found.problem[0]


def test_a_version_in_force_that_is_missing_is_told(folder: Path) -> None:
    (folder / "in-force.yaml").write_text("answer: three\n", encoding="utf-8")
    found = listing(folder, "answer")
    assert (found.in_force, found.problem[0]) == ("", "There is no prompts/answer/three.md.")
    assert [one.version for one in found.versions] == ["one"]


def test_a_prompt_that_nothing_uses_yet_is_listed_too(folder: Path) -> None:
    (folder / "title").mkdir()
    (folder / "title" / "short.md").write_text("---\nvariables: [text]\n---\n# user\n$text\n", encoding="utf-8")
    assert [one.version for one in listing(folder, "title").versions] == ["short"]


def test_variables_are_told_from_the_text_around_them() -> None:
    assert runs("Ask $question, pay $$5 for ${passages}s.") == (
        ("Ask ", False),
        ("question", True),
        (", pay ", False),
        ("$", False),
        ("5 for ", False),
        ("passages", True),
        ("s.", False),
    )


def test_an_empty_folder_lists_what_is_missing(tmp_path: Path) -> None:
    assert {one.name for one in Prompts(tmp_path).listed()} == WANTS.keys()
