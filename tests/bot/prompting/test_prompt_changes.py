"""A new version is saved and never overwrites one; another is put in force, and rolled back."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import PromptError
from bot.prompting import PromptFolder
from bot.resources import bundled_dir
from tests.bot.prompting.files import BODY, HEAD

OTHER = HEAD + BODY.replace("brief", "long")


def refused(folder: Path, text: str, version: str, message: str = "") -> PromptError:
    with pytest.raises(PromptError) as caught:
        PromptFolder(folder).save("answer", text, version, message)
    return caught.value


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_saved_version_is_loaded_as_it_was_saved(folder: Path) -> None:
    saved = PromptFolder(folder).save("answer", OTHER, "two", "Longer: it left too much out")
    assert saved == PromptFolder(folder).load("answer", "two")
    assert (saved.message, saved.messages[0][1]) == ("Longer: it left too much out", "Be long.")
    assert files(folder) == ["in-force.yaml", "one.md", "two.md"]


def test_only_the_message_is_put_into_the_text(folder: Path) -> None:
    PromptFolder(folder).save("answer", OTHER, "two", "Why: “it” #1")
    added = [line for line in PromptFolder(folder).diff("answer", "one", "two")[2:] if line[0] == "+"]
    assert added == ["+message: 'Why: “it” #1'", "+Be long."]


def test_the_message_of_the_version_that_was_edited_is_not_kept(folder: Path) -> None:
    PromptFolder(folder).save("answer", OTHER, "two", "First,\nand more")
    PromptFolder(folder).save("answer", PromptFolder(folder).text("answer", "two"), "three", "Second")
    PromptFolder(folder).save("answer", PromptFolder(folder).text("answer", "two"), "four")
    text = PromptFolder(folder).text
    assert (text("answer", "three").count("message:"), text("answer", "four")) == (1, OTHER)
    assert PromptFolder(folder).load("answer", "two").message == "First, and more"


def test_a_message_of_several_lines_in_the_file_is_replaced_whole(folder: Path) -> None:
    text = OTHER.replace("description: One.\n", "message: >\n  One\n  thing\ndescription: One.\n")
    assert PromptFolder(folder).save("answer", text, "two", "Second").message == "Second"
    assert "thing" not in PromptFolder(folder).text("answer", "two")


def test_line_ends_of_a_browser_become_plain_ones(folder: Path) -> None:
    PromptFolder(folder).save("answer", OTHER.replace("\n", "\r\n"), "two")
    assert PromptFolder(folder).text("answer", "two") == OTHER


def test_a_version_is_never_overwritten(folder: Path) -> None:
    error = refused(folder, OTHER, "one")
    assert error.message.startswith("There is a version “one” of “answer” already")
    assert (PromptFolder(folder).text("answer", "one"), files(folder)) == (HEAD + BODY, ["in-force.yaml", "one.md"])


def test_of_many_who_save_under_one_name_one_does(folder: Path) -> None:
    def save(n: int) -> bool:
        try:
            return bool(PromptFolder(folder).save("answer", OTHER, "two", f"By {n}"))
        except PromptError:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(save, range(16))) == 1
    assert files(folder) == ["in-force.yaml", "one.md", "two.md"]


def test_a_broken_version_is_not_saved(folder: Path) -> None:
    error = refused(folder, OTHER.replace("long", "$ 5"), "two", "A message")
    assert error.message == "prompts/answer/two.md, line 6: a lone $ stands for nothing."
    assert files(folder) == ["in-force.yaml", "one.md"]


@pytest.mark.parametrize("version", ["../two", "Two", "", "a b"])
def test_a_name_that_is_none_is_refused(folder: Path, version: str) -> None:
    assert "is no name of a prompt" in refused(folder, OTHER, version).message


@pytest.mark.parametrize(("text", "message"), [(OTHER + "\udcff", ""), (OTHER, "\udcff")])
def test_half_a_character_is_refused(folder: Path, text: str, message: str) -> None:
    assert "not valid Unicode" in refused(folder, text, "two", message).message


def test_front_matter_in_which_no_message_can_be_put_is_refused(folder: Path) -> None:
    text = "---\n{variables: [passages, question]}\n---\n" + BODY
    assert refused(folder, text, "two", "Why").message.startswith("The front matter of “answer/two” must have each field")


def test_the_first_version_of_a_new_prompt_is_saved(folder: Path) -> None:
    PromptFolder(folder).save("title", "---\nvariables: [text]\n---\n# user\n$text\n", "short")
    assert PromptFolder(folder).versions("title") == ["short"]


def test_a_folder_that_cannot_be_written_is_told_with_what_to_do(folder: Path) -> None:
    (folder / "title").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(PromptError, match="cannot be written") as caught:
        PromptFolder(folder).save("title", "---\nvariables: [text]\n---\n# user\n$text\n", "short")
    assert f"Copy {folder} to a folder of your own, and set FOOTNOTE_PROMPTS" in caught.value.help


def test_the_prompts_of_an_installed_copy_are_not_written() -> None:
    with pytest.raises(PromptError, match="came with an installed Footnote") as caught:
        PromptFolder(bundled_dir() / "prompts").save("answer", OTHER, "two")
    assert "set FOOTNOTE_PROMPTS" in caught.value.help


# Which is in force


@pytest.fixture
def prompts(folder: Path) -> PromptFolder:
    for version in ("two", "three"):
        (folder / "answer" / f"{version}.md").write_text(OTHER, encoding="utf-8")
    return PromptFolder(folder)


def test_what_is_put_in_force_is_used_from_then_on(prompts: PromptFolder) -> None:
    assert prompts.use("answer", "two") == "one"
    assert (prompts.load("answer").version, prompts.previous("answer")) == ("two", "one")


def test_to_put_in_force_what_is_changes_nothing(prompts: PromptFolder, folder: Path) -> None:
    before = (folder / "in-force.yaml").read_text(encoding="utf-8")
    assert prompts.use("answer", "one") == "one"
    assert (folder / "in-force.yaml").read_text(encoding="utf-8") == before


def test_rolling_back_goes_back_step_by_step(prompts: PromptFolder) -> None:
    prompts.use("answer", "two")
    prompts.use("answer", "three")
    assert [prompts.roll_back("answer"), prompts.roll_back("answer")] == ["two", "one"]
    assert (prompts.in_force("answer"), prompts.previous("answer")) == ("one", None)


def test_with_nothing_before_there_is_nothing_to_roll_back_to(prompts: PromptFolder) -> None:
    with pytest.raises(PromptError, match="no version of “answer” to go back to"):
        prompts.roll_back("answer")


def test_a_version_whose_file_is_gone_is_not_gone_back_to(prompts: PromptFolder, folder: Path) -> None:
    prompts.use("answer", "two")
    prompts.use("answer", "three")
    (folder / "answer" / "two.md").unlink()
    assert prompts.previous("answer") == "one"


def test_a_change_by_hand_counts_for_what_was_before(prompts: PromptFolder, folder: Path) -> None:
    prompts.use("answer", "two")
    path = folder / "in-force.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("answer: two", "answer: one"), encoding="utf-8")
    assert prompts.previous("answer") is None


@pytest.mark.parametrize("text", [None, "broken"])
def test_a_version_that_cannot_be_used_is_not_put_in_force(prompts: PromptFolder, folder: Path, text: str | None) -> None:
    if text:
        (folder / "answer" / "four.md").write_text(text, encoding="utf-8")
    with pytest.raises(PromptError, match=r"prompts/answer/four\.md"):
        prompts.use("answer", "four")
    assert prompts.in_force("answer") == "one"


def test_the_file_is_made_where_there_is_none(prompts: PromptFolder, folder: Path) -> None:
    (folder / "in-force.yaml").unlink()
    assert prompts.use("answer", "two") == ""
    assert (prompts.in_force("answer"), prompts.previous("answer")) == ("two", None)


def test_a_link_to_the_file_stays_one(prompts: PromptFolder, folder: Path) -> None:
    real = folder / "elsewhere.yaml"
    (folder / "in-force.yaml").rename(real)
    (folder / "in-force.yaml").symlink_to(real)
    prompts.use("answer", "two")
    assert (folder / "in-force.yaml").is_symlink() and "answer: two" in real.read_text(encoding="utf-8")


def test_whoever_reads_while_it_is_changed_reads_a_whole_file(prompts: PromptFolder) -> None:
    def change(n: int) -> str:
        return prompts.use("answer", ("one", "two", "three")[n % 3])

    with ThreadPoolExecutor(4) as pool:
        changing = pool.map(change, range(60))
        read = [prompts.load("answer").version for _ in range(200)]
        list(changing)
    assert set(read) <= {"one", "two", "three"}
