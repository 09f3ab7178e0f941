"""A process that ends while one of its threads is inside the model ends with its own code; native code would abort it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

BUSY = """
import sys, time
from threading import Thread
from bot.commands.main import run
from vectorstore.encoding.embed import LocalEncoder

encoder = LocalEncoder()
texts = [f"The bridge number {n} at Ner opened in 1931 and carries {n} trains a day over the river. " * 8 for n in range(200)]
Thread(target=lambda: [encoder.encode(texts) for _ in range(100)], daemon=True).start()
time.sleep(float(sys.argv.pop(1)))
run()
"""


def footnote(moment: float, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """`footnote` in a process whose other thread has been inside the model for so many seconds."""
    command = [sys.executable, "-c", BUSY, str(moment), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("moment", [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
def test_a_command_that_went_well_ends_with_0_and_all_that_it_printed(moment: float) -> None:
    done = footnote(moment, "prompts", "show", "answer")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.rstrip().endswith(whole().rstrip()[-40:])


def whole() -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bot.commands.main", "prompts", "show", "answer"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize(("arguments", "code"), [(("--version",), 0), (("nonsense",), 2), (("prompts", "show", "nothing"), 1)])
def test_each_other_end_keeps_its_code(arguments: tuple[str, ...], code: int) -> None:
    done = footnote(0.3, *arguments)
    assert done.returncode == code
    assert done.stdout + done.stderr != ""


def test_a_reader_that_has_gone_is_no_failure() -> None:
    script = f"{sys.executable} -m bot.commands.main prompts show answer | head -c 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
