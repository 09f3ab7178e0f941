"""A regression planted in a prompt, found by the command line: a model on loopback does what its prompt tells it to."""

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.commands.main import main
from bot.evals import cases
from bot.evals.records import Case
from bot.prompting import PromptFolder
from bot.resources import prompts_dir
from bot.wiring import open_service
from tests.openai_server import KEY, OpenAIServer
from vectorstore.splitting.sentences import ends_sentence, sentences

PASSAGE = re.compile(r'<passage number="(\d+)"[^>]*>\n(.*?)\n</passage>', re.DOTALL)
BARE = "Write no number in brackets."
OPEN = "Add what you know from elsewhere."
KNOWN = " Most historians agree that bridges were the decisive matter."
SIZE = 40


def obedient(messages: Sequence[dict[str, Any]]) -> str:
    """The first whole sentence of the first passage, cited, unless its prompt wants it otherwise."""
    told = "\n".join(str(message["content"]) for message in messages)
    n, text = PASSAGE.findall(told)[0]
    said = next((text[a:b] for a, b in sentences(text) if ends_sentence(text[a:b]) and b - a > 40), text.split("\n")[0])
    marker = "" if BARE in told else f" [{n}]"
    return f"{' '.join(said.split()).rstrip('.')}{marker}.{KNOWN if OPEN in told else ''}"


@pytest.fixture
def lab(seeds_home: Path, server: OpenAIServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, ...]]:
    """The last options of a command on a home and prompts of its own, with two versions that spoil the answer."""
    server.responder = obedient
    home, prompts = shutil.copytree(seeds_home, tmp_path / "home"), tmp_path / "prompts"
    shutil.copytree(prompts_dir(), prompts)
    strict = PromptFolder(prompts).text("answer", "strict")
    for version, rule in (("bare", BARE), ("open", OPEN), ("copy", "")):
        PromptFolder(prompts).save("answer", strict.replace("# user", f"{rule}\n\n# user"), version, "planted")
    for name, value in (("OPENAI_BASE_URL", server.address), ("OPENAI_API_KEY", KEY), ("FOOTNOTE_PROMPTS", str(prompts))):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FOOTNOTE_MODEL", "openai:fake-model")
    some = tmp_path / "some.yaml"
    # What the model answers is always supported and cited, and seldom what was asked: that is not judged here.
    asked = [Case(one.id, one.question) for one in cases.load(cases.STARTER) if not one.history and one.abstain is not True]
    some.write_text(cases.dump(asked[:SIZE]), encoding="utf-8")
    yield (str(some), "--home", str(home))


def compared(lab: tuple[str, ...], version: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    """What the command says of a version beside the strict one, and how it ends with --fail-if-worse."""
    assert main(["eval", "run", *lab, "--prompt", "strict", "--prompt", version], open_service) == 0
    capsys.readouterr()
    code = main(["eval", "compare", "last~1", "last", "--fail-if-worse", "--json", *lab[1:]], open_service)
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(("version", "metric"), [("bare", "citation_recall"), ("open", "supported")])
def test_a_prompt_that_spoils_every_answer_is_called_worse(
    lab: tuple[str, ...], version: str, metric: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = compared(lab, version, capsys)
    verdicts = {name: one["verdict"] for name, one in found["metrics"].items()}
    assert (code, found["verdict"], verdicts[metric], verdicts["passed"]) == (1, "worse", "worse", "worse")
    assert len({flip["case"] for flip in found["flips"] if not flip["won"]}) == len(found["flips"]) == SIZE


def test_a_copy_of_the_prompt_is_not_called_worse(lab: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code, found = compared(lab, "copy", capsys)
    assert code == 0
    assert {one["verdict"] for one in found["metrics"].values()} <= {"the same", "can't tell", None}
