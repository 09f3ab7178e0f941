"""The recipes of `docs/recipes.md`: each is run as it stands, or its configuration is held against what it names."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import yaml

from bot.commands.main import build_parser, main
from bot.serving.app import serving_app
from bot.settings import Settings
from bot.wiring import open_service
from tests.bot.serving.conftest import served
from tests.openai_server import KEY, Raw, serving, words

RECIPES = Path(__file__).parents[1] / "docs" / "recipes.md"
DENO = str(Path(sys.executable).with_name("deno"))
ALLIANCE = "co-prosperity-leader-alliance.md"
TRUE, FALSE = "The launch took place in Tokyo on Dec. 23.", "The launch took place in Osaka on Dec. 25."


def blocks(heading: str, language: str) -> list[str]:
    """The code in that language under a heading."""
    section = RECIPES.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)


def run(code: str) -> None:
    exec(compile(code, str(RECIPES), "exec"), {"__name__": "recipe"})


@pytest.fixture
def here(seeds_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the example articles in its index."""
    shutil.copytree(seeds_home, tmp_path / ".footnote")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOOTNOTE_EMBEDDING", "minilm")
    return tmp_path


def tool_call(name: str, arguments: dict[str, str]) -> Raw:
    """A model's call of a tool, in OpenAI's protocol."""
    call = {"id": "1", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
    choice = {
        "index": 0,
        "finish_reason": "tool_calls",
        "message": {"role": "assistant", "content": None, "tool_calls": [call]},
    }
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": "gpt-4.1-mini", "choices": [choice]}
    return Raw(json.dumps(body), "application/json")


def test_the_agent_searches_is_sent_back_and_cites(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = blocks("An agent that cites, and is checked", "python")
    with serving() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.address)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        server.script(
            tool_call("search_articles", {"query": "launch of the alliance"}), words(FALSE), words(f"{TRUE} It is big.")
        )
        run(code)
    first, second, third = server.chats
    assert [tool["function"]["name"] for tool in first["tools"]] == ["search_articles"]
    assert "Dec. 23" in second["messages"][-1]["content"]
    assert f"“{FALSE}”: number differs" in third["messages"][-1]["content"]
    text, *lines = capsys.readouterr().out.splitlines()
    assert text == f"{TRUE} It is big."
    assert lines[0].startswith("quoted: “The launch took place in Tokyo on Dec. 23")
    assert len(lines) == 2


@pytest.fixture(scope="module")
def address(seeds_home: Path) -> Iterator[str]:
    """A running server of the example articles, which quotes."""
    settings = Settings(home=seeds_home, model="quotes", embedding="minilm")
    with closing(open_service(settings)) as service, served(serving_app(service)) as address:
        yield address


def test_the_editors_start_the_mcp_server() -> None:
    for block in blocks("Your articles in an editor's agent", "json"):
        (servers,) = json.loads(block).values()
        assert servers["footnote"]["command"] == "footnote"
        args = build_parser().parse_args(servers["footnote"]["args"])
        assert (args.command, args.home) == ("mcp", "/home/me/articles/.footnote")


def test_a_chat_client_has_the_answer_and_its_citations(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    (start,), (code,) = blocks("Any chat client", "sh"), blocks("Any chat client", "python")
    assert build_parser().parse_args(shlex.split(start)[1:]).command == "serve"
    run(code.replace("http://127.0.0.1:8600", address))
    said = capsys.readouterr().out
    assert "Dec. 23" in said
    assert f"The Japan-Taiwan Co-prosperity Leader Alliance: {address}/v1/articles/{ALLIANCE}" in said


def test_promptfoos_tests_hold(address: str) -> None:
    (block,) = blocks("promptfoo against your articles", "yaml")
    config = yaml.safe_load(block)
    (provider,), (prompt,) = config["providers"], config["prompts"]
    checks = list[str]()
    for test in config["tests"]:
        question = prompt.replace("{{question}}", test["vars"]["question"])
        body = {name: value.replace("{{prompt}}", question) for name, value in provider["config"]["body"].items()}
        url = provider["id"].replace("http://127.0.0.1:8600", address)
        record = httpx.post(url, json=body, headers=provider["config"]["headers"]).raise_for_status().text
        checks += [f"((output) => {one['value']})({record})" for one in test["assert"]]
    script = f"console.log(JSON.stringify([{','.join(checks)}]))"
    done = subprocess.run([DENO, "eval", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [True] * 4


def test_the_stages_have_spans(tmp_path: Path) -> None:
    (code,) = blocks("Spans of the stages", "python")
    # A process has one tracer provider, so this one has its own.
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout == "footnote.verify\n"


def commands(script: str, home: Path) -> list[list[str]]:
    """The arguments of each `footnote` in a shell script, with that folder in the place of $HOME."""
    # $HOME itself stays as it is: the encoder's graph is kept there.
    lines = [line.replace("$HOME", str(home)) for line in script.splitlines() if not line.startswith("#")]
    return [shlex.split(one) for one in re.findall(r"^footnote ([^>|&]+)", "\n".join(lines), re.MULTILINE)]


def test_the_standing_questions_speak_up_when_an_answer_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (script,) = blocks("Questions that stand, asked by cron", "sh")
    assert subprocess.run(["sh", "-n", "-c", script], check=True).returncode == 0
    articles = tmp_path / "articles"
    articles.mkdir()
    monkeypatch.setenv("FOOTNOTE_HOME", str(articles / ".footnote"))
    monkeypatch.setenv("FOOTNOTE_EMBEDDING", "minilm")
    ingest, watch = commands(script, tmp_path)
    (articles / "bridge.txt").write_text("The bridge at Ner opened on 4 May 1931. It carries 12 trains a day.")
    assert main(ingest) == 0
    assert main(["watch", "add", "When did the bridge at Ner open?"]) == 0
    assert main(watch) == 0
    (articles / "bridge.txt").write_text("The bridge at Ner opened on 6 June 1932. It carries 12 trains a day.")
    assert main(ingest) == 0
    capsys.readouterr()
    assert main(watch) == 1
    assert "6 June 1932" in capsys.readouterr().out


def test_the_crontab_has_five_times_and_the_script() -> None:
    (line,) = blocks("Questions that stand, asked by cron", "crontab")
    *times, command = line.strip().split(maxsplit=5)
    assert len(times) == 5
    assert command in {"$HOME/bin/standing-questions"}
