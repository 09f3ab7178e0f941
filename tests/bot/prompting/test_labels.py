"""Labels of versions: names such as production, each for one version at a time."""

from pathlib import Path
from shutil import copytree

import pytest

from bot.errors import PromptError
from bot.prompting import PromptFolder
from bot.resources import prompts_dir


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
