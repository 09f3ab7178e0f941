"""A folder of prompts: read anew at each load, listed with what is wrong, and never left."""

from pathlib import Path

import pytest

from bot.errors import PromptError
from bot.prompting import PROMPT_VARIABLES, PromptFolder, PromptListing
from tests.bot.prompting.files import BODY, HEAD


def test_the_version_in_force_is_the_one_that_is_loaded(folder: Path) -> None:
    assert PromptFolder(folder).load("answer").version == "one"


def test_roles_and_their_texts_are_told_apart(folder: Path) -> None:
    assert PromptFolder(folder).load("answer").messages == (("system", "Be brief."), ("user", "$passages\n\n$question"))


def test_an_edit_counts_from_the_next_load_on(folder: Path) -> None:
    prompts = PromptFolder(folder)
    prompts.load("answer")
    (folder / "answer" / "one.md").write_text(HEAD + BODY.replace("brief", "long"), encoding="utf-8")
    assert prompts.load("answer").messages[0][1] == "Be long."


def test_a_missing_file_is_told_without_the_folders_above_it(folder: Path) -> None:
    with pytest.raises(PromptError) as caught:
        PromptFolder(folder).load("answer", "two")
    assert caught.value.message == "There is no prompts/answer/two.md."
    assert "`footnote prompts list`" in caught.value.help


@pytest.mark.parametrize("version", ["../one", "One", "a/b", "."])
def test_a_version_s_name_is_never_a_path(folder: Path, version: str) -> None:
    with pytest.raises(PromptError, match="is no name"):
        PromptFolder(folder).load("answer", version)


@pytest.mark.parametrize(
    ("content", "told"), [("answer: [", "broken"), ("- answer", "names no version"), ("", "names no version")]
)
def test_a_broken_choice_of_version_is_told(folder: Path, content: str, told: str) -> None:
    (folder / "in-force.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(PromptError, match=told):
        PromptFolder(folder).load("answer")


def test_bytes_that_are_no_text_are_told(folder: Path) -> None:
    (folder / "answer" / "one.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PromptError, match="not UTF-8"):
        PromptFolder(folder).load("answer")


def listing(folder: Path, name: str) -> PromptListing:
    return next(one for one in PromptFolder(folder).listed() if one.name == name)


def test_all_versions_are_listed_with_the_one_in_force(folder: Path) -> None:
    (folder / "answer" / "two.md").write_text(HEAD + BODY, encoding="utf-8")
    found = listing(folder, "answer")
    assert (found.in_force, [one.version for one in found.versions]) == ("one", ["one", "two"])
    assert found.versions[0].prompt == PromptFolder(folder).load("answer", "one")


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


def test_an_empty_folder_lists_what_is_missing(tmp_path: Path) -> None:
    assert {one.name for one in PromptFolder(tmp_path).listed()} == PROMPT_VARIABLES.keys()


def test_the_text_of_a_version_is_the_file_also_where_it_is_broken(folder: Path) -> None:
    (folder / "answer" / "one.md").write_text("broken", encoding="utf-8")
    assert PromptFolder(folder).text("answer") == "broken"


def test_a_version_may_be_called_by_a_number(folder: Path) -> None:
    (folder / "answer" / "2.md").write_text(HEAD + BODY, encoding="utf-8")
    (folder / "in-force.yaml").write_text("answer: 2\n", encoding="utf-8")
    assert PromptFolder(folder).load("answer").version == "2"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"^The folder of the prompts is not there\.$") as caught:
        PromptFolder(tmp_path / "none").load("answer")
    assert "FOOTNOTE_PROMPTS" in caught.value.help


def test_a_difference_is_a_unified_diff(folder: Path) -> None:
    (folder / "answer" / "two.md").write_text(HEAD + BODY.replace("brief", "long"), encoding="utf-8")
    lines = PromptFolder(folder).diff("answer", "one", "two")
    assert lines[:2] == ["--- answer/one", "+++ answer/two"]
    assert [line for line in lines[2:] if line[0] in "+-"] == ["-Be brief.", "+Be long."]


def test_versions_that_are_the_same_have_no_difference(folder: Path) -> None:
    assert PromptFolder(folder).diff("answer", "one", "one") == []


def test_a_version_for_small_models_names_the_one_it_stands_for(folder: Path) -> None:
    assert PromptFolder(folder).for_small_models("answer") == ""
    (folder / "answer" / "two.md").write_text(HEAD.replace("---\n", "---\ninstead_of: one\n", 1) + BODY, encoding="utf-8")
    assert PromptFolder(folder).for_small_models("answer") == "two"


def test_a_version_that_was_chosen_is_given_to_small_models_too(folder: Path) -> None:
    (folder / "answer" / "two.md").write_text(HEAD.replace("---\n", "---\ninstead_of: one\n", 1) + BODY, encoding="utf-8")
    PromptFolder(folder).use("answer", "two")
    assert PromptFolder(folder).for_small_models("answer") == ""
