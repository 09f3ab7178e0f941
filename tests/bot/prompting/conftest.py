"""A folder with one prompt in one version."""

from pathlib import Path

import pytest

from tests.bot.prompting.files import BODY, HEAD


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "answer").mkdir()
    (tmp_path / "answer" / "one.md").write_text(HEAD + BODY, encoding="utf-8")
    (tmp_path / "in-force.yaml").write_text("answer: one\n", encoding="utf-8")
    return tmp_path
