"""in-force.yaml: a change is one line and what was before it, and everything else stays as it was written."""

from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PromptError
from bot.prompting import PromptFolder
from bot.prompting.choices import KEPT, PromptsInForce, with_version_in_force
from bot.resources import prompts_dir

PAST = "in force before:  # the latest first; to roll back is to take the first\n"
TEXT = "# Which.\nanswer: strict  # for now\n\n# Follow-ups.\ncondense: plain\n"
names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)


def test_a_change_is_one_line_and_what_was_before() -> None:
    now = with_version_in_force(TEXT, "answer", "terse", ("strict",))
    assert now == TEXT.replace("strict", "terse") + PAST + "  answer: [strict]\n"


def test_a_second_change_leaves_one_record_of_what_was_before() -> None:
    now = with_version_in_force(with_version_in_force(TEXT, "answer", "terse", ("strict",)), "condense", "short", ("plain",))
    assert now.partition(PAST)[2] == "  answer: [strict]\n  condense: [plain]\n"


def test_what_is_no_longer_to_go_back_to_leaves_no_trace() -> None:
    assert with_version_in_force(with_version_in_force(TEXT, "answer", "terse", ("strict",)), "answer", "strict", ()) == TEXT


def test_a_prompt_without_a_line_gets_one() -> None:
    assert with_version_in_force("answer: strict", "title", "one", ()) == "answer: strict\ntitle: one\n"


def test_a_file_that_is_not_there_yet_begins_with_what_it_is() -> None:
    assert with_version_in_force("", "answer", "one", ()) == "# The version of each prompt that Footnote uses.\nanswer: one\n"


def test_a_name_that_begins_another_is_not_taken_for_it() -> None:
    assert with_version_in_force("answer-long: a\nanswer: b\n", "answer", "c", ()) == "answer-long: a\nanswer: c\n"


def test_only_the_latest_versions_are_remembered() -> None:
    now = with_version_in_force(TEXT, "answer", "terse", tuple(f"v{n}" for n in range(KEPT + 5)))
    assert PromptsInForce.read(now).before["answer"] == tuple(f"v{n}" for n in range(KEPT))


@pytest.mark.parametrize("text", ["{answer: strict, condense: plain}\n", "- answer\n", '"answer": strict\n"answer": terse\n'])
def test_a_file_in_another_form_is_left_as_it_is(text: str) -> None:
    with pytest.raises(PromptError, match="so it was left as it is") as caught:
        with_version_in_force(text, "answer", "one", ("strict",))
    assert "`answer: one`" in caught.value.help


@pytest.mark.parametrize("text", ["in force before: soon\n", "in force before:\n  answer: strict\n", "in force before:\n"])
def test_an_odd_record_of_what_was_before_keeps_nothing_from_being_used(text: str) -> None:
    assert PromptsInForce.read(f"answer: one\n{text}").current["answer"] == "one"


@given(st.dictionaries(names, names, max_size=4), names, names, st.lists(names, max_size=KEPT).map(tuple))
def test_a_change_is_read_back_and_nothing_else_is_changed(
    current: dict[str, str], name: str, version: str, before: tuple[str, ...]
) -> None:
    text = "".join(f"{one}: {its}  # said\n" for one, its in current.items())
    found = PromptsInForce.read(with_version_in_force(text, name, version, before))
    assert found.current == {**current, name: version}
    assert found.before == ({name: before} if before else {})


@pytest.fixture
def files(tmp_path: Path) -> PromptFolder:
    copytree(prompts_dir(), tmp_path / "prompts")
    return PromptFolder(tmp_path / "prompts")


def test_a_label_moves_from_one_version_to_another(files: PromptFolder) -> None:
    assert files.label("answer", "strict", "production") == ""
    assert files.label("answer", "terse", "production") == "strict"
    assert (files.labels().of("answer", "terse"), files.labels().of("answer", "strict")) == (("production",), ())
    assert files.label("answer", "", "production") == "terse"
    assert files.labels().of("answer", "terse") == ()


def test_a_label_is_named_like_a_version_and_leads_to_it(files: PromptFolder) -> None:
    files.label("answer", "terse", "staging")
    assert files.load("answer", "staging").version == "terse"
    assert files.text("answer", "staging") == files.text("answer", "terse")


@pytest.mark.parametrize(("version", "label"), [("strict", "terse"), ("strict", "Not One"), ("nothing", "staging")])
def test_a_label_that_would_mislead_is_refused(files: PromptFolder, version: str, label: str) -> None:
    with pytest.raises(PromptError):
        files.label("answer", version, label)


def test_a_broken_file_of_labels_is_told(files: PromptFolder, tmp_path: Path) -> None:
    (tmp_path / "prompts" / "labels.yaml").write_text("answer: [", encoding="utf-8")
    with pytest.raises(PromptError, match=r"labels\.yaml is broken"):
        files.labels()
