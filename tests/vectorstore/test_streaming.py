"""Ingest streams: what memory it takes does not grow with the folder, be it of many files or of many articles in one."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.vectorstore.ingest_memory import ARTICLE, FORMS

FEW, MANY = 20, 50
"""Even the fewer are more than the few batches that memory may hold at once."""
SPARE = 500_000
"""Bytes by which two runs may differ all the same: each of three functions remembers up to 200 kB of texts, or much less."""


@pytest.mark.parametrize("form", FORMS)
def test_twice_the_articles_take_no_more_memory(tmp_path: Path, form: str) -> None:
    command = [sys.executable, "-m", "tests.vectorstore.ingest_memory", form, str(tmp_path), str(FEW), str(MANY)]
    few, many = (int(line) for line in subprocess.check_output(command, text=True).splitlines())
    assert many - few < SPARE < (MANY - FEW) * ARTICLE / 2
