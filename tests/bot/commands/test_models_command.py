"""`footnote models`: adding, listing, trying, removing and choosing, on a home of its own and the tests' own server."""

import io
import json
from pathlib import Path

import pytest

from bot.commands.main import main
from bot.commands.models import PROVIDER_IDS
from bot.models import PROVIDERS
from bot.types import Question
from tests.bot.running import Run
from tests.openai_server import KEY, OpenAIServer, words


class Shell:
    """Runs `footnote models` on one home, and keeps what it printed."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.home, self._capsys, self._monkeypatch = home, capsys, monkeypatch
        self.out = self.err = ""

    def __call__(self, *argv: str, stdin: str = "") -> int:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        try:
            code = main(["models", *argv, "--home", str(self.home)])
        except SystemExit as ended:
            code = int(str(ended.code))
        self.out, self.err = self._capsys.readouterr()
        return code

    def listed(self) -> list[dict[str, object]]:
        assert self("list", "--json") == 0
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path / "home", capsys, monkeypatch)


def test_the_providers_are_those_that_there_are() -> None:
    assert tuple(one.id for one in PROVIDERS) == PROVIDER_IDS


def test_a_new_home_lists_quotations_alone(shell: Shell) -> None:
    assert shell() == 0
    assert shell.out == "quotes  no model: quotations, word for word  default\n"
    assert shell.listed() == []


def test_a_model_is_added_listed_and_tried(shell: Shell, server: OpenAIServer) -> None:
    server.script(words("ready"))
    assert shell("add", "At home", "--address", server.address, "--model", "m", "--key", "-", stdin=f"{KEY}\n") == 0
    assert "Added." in shell.out
    assert shell.listed() == [
        {
            "name": "At home",
            "provider": "compatible",
            "address": server.address,
            "model": "m",
            "key": "file",
            "default": True,
            "from_environment": False,
        }
    ]
    assert shell("try", "at home") == 0
    assert shell.out.startswith("openai:m answered in ")
    assert shell("--json", "try") == 0
    assert json.loads(shell.out)["model"] == "openai:m"


def test_a_key_is_read_from_a_variable_and_never_printed(
    shell: Shell, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    assert shell("add", "One", "--address", server.address, "--model", "m", "--key", "MY_KEY") == 0
    printed = shell.out + shell.err
    server.script(words("ready"))
    assert shell("try", "One") == 0
    shell.listed()
    assert KEY not in printed + shell.out


@pytest.mark.parametrize("given", ["sk-a-key-itself", KEY])
def test_a_key_as_an_argument_is_refused_and_not_repeated(shell: Shell, given: str) -> None:
    assert shell("add", "One", "--provider", "ollama", "--key", given) == 2
    assert given not in shell.err
    assert shell.listed() == []


def test_what_is_not_named_stays_as_it_was(shell: Shell, server: OpenAIServer) -> None:
    shell("add", "One", "--address", server.address, "--model", "m", "--temperature", "0.5", "--key", "-", stdin=KEY)
    assert shell("add", "one", "--model", "n", "--context-tokens", "900") == 0
    assert "Changed." in shell.out
    (entry,) = shell.listed()
    assert (entry["model"], entry["temperature"], entry["context_tokens"], entry["key"]) == ("n", 0.5, 900, "file")


def test_another_address_forgets_the_key_and_says_so(shell: Shell, server: OpenAIServer) -> None:
    shell("add", "One", "--address", server.address, "--model", "m", "--key", "-", stdin=KEY)
    assert shell("add", "One", "--address", "http://127.0.0.1:9/v1") == 0
    assert "enter it again" in shell.err
    assert shell.listed()[0]["key"] == "none"


def test_a_model_that_does_not_answer_is_told_with_help(shell: Shell) -> None:
    shell("add", "One", "--address", "http://127.0.0.1:9/v1", "--model", "m")
    assert shell("try", "One") == 1
    assert "cannot be reached: nothing listens there" in shell.err
    assert "`footnote models add`" in shell.err


def test_the_default_is_chosen_and_left_to_the_environment(
    shell: Shell, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    shell("add", "One", "--address", server.address, "--model", "m")
    assert [(entry["name"], entry["key"], entry["default"]) for entry in shell.listed()] == [
        (None, "environment", True),
        ("One", "none", False),
    ]
    assert (shell("default", "ONE"), shell.out) == (0, "The default is One.\n")
    assert (shell("default", "--environment"), shell.out) == (0, "The default is what the environment says.\n")
    monkeypatch.setenv("FOOTNOTE_MODEL", "quotes")
    shell("default", "One")
    assert shell.err == "FOOTNOTE_MODEL is set, and goes before it.\n"


def test_a_model_is_removed_and_asked_for_in_vain(shell: Shell) -> None:
    shell("add", "One", "--provider", "ollama")
    assert (shell("remove", "one"), shell.listed()) == (0, [])
    for action in ("remove", "try", "default"):
        assert shell(action, "One") == 1
        assert "There is no model called One." in shell.err


def test_a_damaged_file_is_told_and_stays(shell: Shell) -> None:
    shell.home.mkdir()
    shell.home.joinpath("models.json").write_text("{")
    assert shell("add", "One", "--provider", "ollama") == 1
    assert "cannot be read" in shell.err
    assert shell.home.joinpath("models.json").read_text() == "{"


def test_a_question_is_asked_of_the_model_that_is_named(run: Run) -> None:
    run("ask", "Who translated it?", "--model", "At home")
    assert run.service.calls == [("ask", Question("Who translated it?", model="At home"))]
