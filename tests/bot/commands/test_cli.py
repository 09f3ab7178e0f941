"""The command line: its grammar, its JSON to the letter, its exit codes, and what it says when something is wrong."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from bot.commands.main import main
from bot.settings import load_settings
from bot.types import Question, Turn
from tests.bot.fake_service import FAILED, QUOTE, TEXT
from tests.bot.running import Run
from vectorstore.doctor import IndexFinding
from vectorstore.types import Failure, IngestReport, Scope

ROOT = Path(__file__).parents[3]


@pytest.fixture
def questions(tmp_path: Path) -> Callable[..., str]:
    def write(*lines: str | bytes) -> str:
        file = tmp_path / "questions.jsonl"
        file.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines) + b"\n")
        return str(file)

    return write


def usage_error(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2
    return capsys.readouterr().err


def python(*args: str, **options: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, *args], capture_output=True, text=True, cwd=ROOT, check=False, **options)  # type: ignore[call-overload,no-any-return]


# --- grammar


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ((), "COMMAND"),
        (("sing",), "invalid choice"),
        (("ask",), "QUESTION --questions"),
        (("ask", "Who?", "--questions", "q.jsonl"), "not allowed with"),
        (("search", "Who?", "-k", "0"), "whole number from 1 to 1000"),
        (("ui", "--port", "http"), "whole number from 1 to 65535"),
        (("ingest",), "at least one PATH"),
        (("ingest", "--rebuild", "--prune"), "at least one PATH"),
        (("articles", "remove"), "ID"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], said: str
) -> None:
    assert said in usage_error(capsys, *argv)


@pytest.mark.parametrize("argv", [["--help"], ["ask", "--help"], ["articles", "show", "--help"]])
def test_help_tells_of_the_options_that_every_command_takes(capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(argv)
    text = capsys.readouterr().out
    assert caught.value.code == 0
    assert all(option in text for option in ("--home DIR", "--json", "--debug"))


def test_version_is_the_distributions(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.startswith("footnote 0.")


def test_help_imports_none_of_the_heavy_libraries() -> None:
    code = "import sys, bot.commands.main as m; m.build_parser().format_help(); print(*sys.modules)"
    loaded = {name.split(".")[0] for name in python("-c", code).stdout.split()}
    assert "argparse" in loaded
    assert loaded.isdisjoint({"pydantic", "numpy", "rich", "sqlalchemy", "chromadb", "langchain_core", "streamlit"})


@pytest.mark.parametrize(
    "argv", [("--home", "/tmp/a", "articles"), ("articles", "--home", "/tmp/a"), ("articles", "list", "--home", "/tmp/a")]
)
def test_home_may_stand_before_or_after_the_command(run: Run, argv: tuple[str, ...]) -> None:
    assert run(*argv) == 0
    assert run.settings == load_settings(home="/tmp/a")


def test_the_service_is_closed_also_after_an_error(run: Run) -> None:
    run("ask", "boom")
    assert run.service.closed == 1


# --- search and ask


def test_search_as_json_is_what_the_design_says(run: Run) -> None:
    assert run("search", "When?", "-k", "1", "--json") == 0
    stages = {"dense": {"rank": 1, "score": 0.75}, "lexical": {"rank": 2, "score": 3.5}}
    hit = {"article": "bridge.md", "start": 0, "end": len(QUOTE), "text": QUOTE, "score": 1.25, "stages": stages}
    assert run.records() == [{"id": None, "query": "when?", "hits": [hit], "ms": {"total": 1.23}}]


def test_ask_as_json_is_what_the_design_says(run: Run) -> None:
    assert run("ask", "When?", "--json") == 0
    place = {"article": "bridge.md", "title": "The bridge", "start": 0}
    quoted = f"“{QUOTE}”"
    assert run.records() == [
        {
            "id": None,
            "question": "When?",
            "query": "When?",
            "answer": f"{quoted} [1]",
            "abstained": False,
            "confidence": 0.9,
            "mode": "quotes",
            "claims": [{"text": quoted, "start": 0, "end": len(quoted), "verdict": "quoted", "citations": [1]}],
            "citations": [{"n": 1, **place, "end": len(QUOTE), "quote": QUOTE, "verdict": "quoted"}],
            "passages": [{"n": 1, **place, "end": len(TEXT), "text": TEXT, "score": 1.25}],
            "usage": {},
            "ms": {},
        }
    ]


def test_search_for_people_shows_rank_and_score_of_each_stage(run: Run) -> None:
    run("search", "When?")
    assert run.out.startswith(f"1. bridge.md 0-39  score 1.250  dense #1 (0.750)  lexical #2 (3.500)\n    {QUOTE}\n\n2. ")


def test_ask_for_people_streams_the_text_and_lists_the_footnotes(run: Run) -> None:
    assert run("ask", "When?") == 0
    assert run.out == f"“{QUOTE}” [1]\n\n[1] The bridge (bridge.md 0-39), quoted\n    {QUOTE}\n"


def test_a_notice_goes_to_stderr_whatever_the_form(run: Run) -> None:
    for argv in (("ask", "When?"), ("ask", "When?", "--json")):
        run(*argv)
        assert run.err == "The model was busy, so these are quotations.\n"


def test_an_answer_that_abstains_is_done_and_offers_the_nearest_passages(run: Run) -> None:
    assert run("ask", "nothing") == 0
    assert run.out == f"The articles do not say.\n\nThe nearest passages:\nThe bridge (bridge.md 0-67)\n    {TEXT}\n"


def test_an_answer_that_abstains_notes_the_nearest_sentences_in_json(run: Run) -> None:
    run("ask", "nothing", "--json")
    assert json.loads(run.out)["notes"] == [f"Nearest, in The bridge: {TEXT}"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("boom", "footnote: The model did not answer.\nAsk again.\n"),
        ("query", "footnote: There is no word in the question.\nAsk in at least one word.\n"),
        ("  ", "footnote: The question is missing or empty.\nAsk in at least one word.\n"),
        ("\udcff", "footnote: The question is not valid Unicode.\nSend it as UTF-8.\n"),
    ],
)
def test_an_error_is_two_lines_on_stderr_and_exit_code_1(run: Run, question: str, said: str) -> None:
    assert run("ask", question, "--json") == 1
    assert (run.out, run.err) == ("", said)


def test_an_error_that_nobody_foresaw_is_two_lines_as_well(run: Run) -> None:
    assert run("ask", "bug") == 1
    assert run.err.startswith("footnote: Something went wrong that was not foreseen: KeyError: ")
    assert run.err.count("\n") == 2


def test_an_answer_that_breaks_off_is_an_error(run: Run) -> None:
    assert run("ask", "break off", "--json") == 1
    assert "broke off" in run.err


def test_debug_shows_where_an_error_comes_from(run: Run) -> None:
    with pytest.raises(KeyError):
        run("ask", "bug", "--debug")


def test_a_bad_setting_is_told_like_any_other_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_PASSAGES", "none")
    assert run("ask", "When?") == 1
    assert run.err.startswith("footnote: FOOTNOTE_PASSAGES cannot be used: ")


# --- the batch form


def test_a_batch_prints_one_line_each_in_order_with_its_id(run: Run, questions: Callable[..., str]) -> None:
    file = questions('{"id": "b", "question": "One?"}', '{"id": 7, "question": "Two?", "history": null, "extra": 1}')
    assert run("search", "--questions", file, "-k", "2", "--json") == 0
    assert [(record["id"], record["query"], len(cast(list[object], record["hits"]))) for record in run.records()] == [
        ("b", "one?", 2),
        (7, "two?", 2),
    ]


SCOPE = Scope(("a.md", "b.md"), ("Brandt",), "2019", "2021-06", ("de",))
FLAGS = (
    "--article",
    "a.md",
    "--article",
    "b.md",
    "--author",
    "Brandt",
    "--since",
    "2019",
    "--until",
    "2021-06",
    "--language",
    "de",
)


def test_search_keeps_to_the_scope_of_the_flags(run: Run) -> None:
    assert run("search", "When?", *FLAGS) == 0
    assert run.service.calls == [("search", Question("When?", scope=SCOPE), 10)]


def test_ask_keeps_to_the_scope_of_the_flags(run: Run) -> None:
    assert run("ask", "When?", *FLAGS) == 0
    assert run.service.calls == [("ask", Question("When?", scope=SCOPE))]


def test_the_scope_of_a_line_counts_instead_of_what_the_flags_say_of_it(run: Run, questions: Callable[..., str]) -> None:
    own: dict[str, object] = {"articles": [], "since": "2020", "until": None}
    lines = [json.dumps({"id": 1, "question": "A?"}), json.dumps({"id": 2, "question": "B?", "scope": own})]
    assert run("search", "--questions", questions(*lines), *FLAGS) == 0
    scopes = [cast(Question, question).scope for _, question, _ in run.service.calls]
    assert scopes == [SCOPE, Scope((), ("Brandt",), "2020", "2021-06", ("de",))]


def test_a_batch_passes_the_history_on(run: Run, questions: Callable[..., str]) -> None:
    run(
        "search",
        "--json",
        "--questions",
        questions('{"id": "1", "question": "And?", "history": [["user", "A"], ["assistant", "B"]]}'),
    )
    assert run.service.calls == [("search", Question("And?", (Turn("user", "A"), Turn("assistant", "B"))), 10)]


@pytest.mark.parametrize("command", ["search", "ask"])
def test_a_question_that_fails_becomes_its_line_and_the_rest_goes_on(
    run: Run, questions: Callable[..., str], command: str
) -> None:
    lines = [f'{{"id": "{word}", "question": "{word}"}}' for word in ("boom", "bug", "When?")]
    assert run(command, "--json", "--questions", questions(*lines)) == 1
    boom, bug, good = run.records()
    assert boom == {"id": "boom", "error": "The model did not answer."}
    assert "KeyError" in cast(str, bug["error"])
    assert "error" not in good


def test_a_line_that_is_no_question_is_named_and_the_rest_goes_on(run: Run, questions: Callable[..., str]) -> None:
    file = questions("{", '{"id": "1", "question": "When?"}', b'{"id": "2", "question": "\xff"}', "")
    assert run("search", "--json", "--questions", file) == 1
    first, good, *others = run.records()
    assert (first["id"], good["id"]) == (None, "1")
    assert others == [{"id": None, "error": "Line 3: it is not valid UTF-8."}, {"id": None, "error": "Line 4: it is empty."}]
    assert f"{file}, line 1: it is not JSON" in run.err
    assert f"{file}, line 3: it is not valid UTF-8." in run.err


def test_a_batch_for_people_puts_each_answer_under_its_question(run: Run, questions: Callable[..., str]) -> None:
    assert run("ask", "--questions", questions('{"id": "1", "question": "nothing"}', '{"id": "2", "question": "boom"}')) == 1
    assert run.out.startswith("# 1: nothing\nThe articles do not say.")
    assert "2: The model did not answer." in run.err


def test_questions_that_cannot_be_read_are_an_error(run: Run, tmp_path: Path) -> None:
    assert run("ask", "--questions", str(tmp_path / "none.jsonl")) == 1
    assert "cannot be read: No such file or directory." in run.err


# --- ingest, articles, doctor


def test_ingest_reports_as_json(run: Run) -> None:
    assert run("ingest", "a", "b", "--prune", "--json") == 0
    assert run.service.calls == [("ingest", [Path("a"), Path("b")], True, False)]
    nothing: dict[str, list[str]] = {"changed": [], "unchanged": [], "removed": [], "failed": [], "notes": []}
    assert run.records() == [{"added": ["bridge.md"], **nothing, "embedded": 2, "chunks": 3, "seconds": 0.25}]


def test_ingest_says_that_it_waits_for_another_writer(run: Run) -> None:
    assert run("ingest", "a", "--wait", "5", "--json") == 0
    assert "Waiting for it, 5 s at most." in run.err


def test_ingest_for_people_is_one_line(run: Run) -> None:
    run("ingest", "a")
    assert run.out == (
        "Articles: 1 added, 0 changed, 0 unchanged, 0 removed, 0 failed. Passages: 3, of which 2 embedded, in 0.2 s.\n"
    )


def test_ingest_names_what_was_left_out_and_ends_with_1(run: Run) -> None:
    run.service.report = FAILED
    assert run("ingest", "a") == 1
    assert run.err == "Not taken in: photo.png: It is a binary file.\n"


def test_files_left_out_for_one_reason_share_a_line(run: Run) -> None:
    pictures = [Failure(f"{n}.png", "“.png” is not a format that can be read.") for n in range(7)]
    run.service.report = replace(FAILED, failed=(*pictures, *FAILED.failed))
    run("ingest", "a")
    shared, single, formats = run.err.splitlines()
    assert shared == (
        "Not taken in, 7 files: “.png” is not a format that can be read. 0.png, 1.png, 2.png, 3.png, 4.png and 2 more"
    )
    assert single == "Not taken in: photo.png: It is a binary file."
    assert formats.startswith("Formats that can be read: .txt, .md,")


def test_a_note_on_what_went_in_is_not_said_to_be_left_out(run: Run) -> None:
    run.service.report = IngestReport(added=("a.txt",), notes=(Failure("a.txt", "It was read as cp1252.", taken=True),))
    assert run("ingest", "a") == 0
    assert run.err == "Note on a.txt: It was read as cp1252.\n"


def test_addresses_go_in_beside_files(run: Run) -> None:
    run("ingest", "https://example.org/a", "b.txt")
    assert run.service.calls == [("ingest", ["https://example.org/a", Path("b.txt")], False, False)]


def test_rebuild_needs_no_path(run: Run) -> None:
    assert run("ingest", "--rebuild") == 0
    assert run.service.calls == [("ingest", [], False, True)]


def test_articles_lists_one_line_each(run: Run) -> None:
    run("articles", "--json")
    assert [record["id"] for record in run.records()] == ["bridge.md", "harbour.txt"]
    run("articles", "list")
    assert run.out == "bridge.md  The bridge  Ada Brandt  1931-05-04\nharbour.txt  Häfen  cut off in the source\n"


def test_an_articles_terminal_escapes_are_not_obeyed(run: Run) -> None:
    run("articles", "show", "harbour.txt")
    assert "zu. \ufffd[31m Eis!" in run.out


def test_showing_an_unknown_article_is_an_error(run: Run) -> None:
    assert run("articles", "show", "none") == 1
    assert run.err == "footnote: There is no article none.\n`footnote articles` lists those there are.\n"


def test_remove_takes_all_or_none(run: Run) -> None:
    assert run("articles", "remove", "bridge.md", "none") == 1
    assert len(run.service.stored) == 2
    assert run("articles", "remove", "bridge.md", "bridge.md", "--json") == 0
    assert run.records() == [{"removed": ["bridge.md"]}]
    assert list(run.service.stored) == ["harbour.txt"]


def test_export_writes_the_same_lines_to_a_file_and_to_stdout(run: Run, tmp_path: Path) -> None:
    run("articles", "export", "-")
    lines = run.out
    assert run("articles", "export", str(tmp_path / "all.jsonl")) == 0
    assert (tmp_path / "all.jsonl").read_text(encoding="utf-8") == lines
    first = json.loads(lines.splitlines()[0])
    assert (first["id"], first["text"], first["section"]) == ("bridge.md", TEXT, "works")


def test_export_into_a_folder_that_is_not_there_is_an_error(run: Run, tmp_path: Path) -> None:
    assert run("articles", "export", str(tmp_path / "none" / "all.jsonl")) == 1
    assert "No such file or directory." in run.err


def test_doctor_ends_with_1_until_it_has_repaired(run: Run) -> None:
    run.service.findings = (IndexFinding("dense", False, "It is damaged.", "Run `footnote doctor --repair`."),)
    assert run("doctor") == 1
    assert run.out == "BAD  dense: It is damaged.\n     Run `footnote doctor --repair`.\n"
    assert run("doctor", "--repair", "--json") == 0
    assert run.records() == [{"name": "dense", "ok": True, "detail": "Mended.", "help": ""}]


# --- the edge of the process

_SCRIPT = """
import sys
from bot.commands.main import main
from tests.bot.fake_service import FakeService
sys.exit(main(sys.argv[1:], lambda _: FakeService()))
"""


def test_ctrl_c_ends_quietly_with_130() -> None:
    done = python("-c", _SCRIPT, "ingest", "interrupt")
    assert (done.returncode, done.stdout, done.stderr) == (128 + signal.SIGINT, "", "")


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, "search", "When?"],
        cwd=ROOT,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_questions_from_stdin_are_utf_8_whatever_the_locale() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, "ask", "--questions", "-", "--json"],
        cwd=ROOT,
        input='{"id": "ä", "question": "Wann?"}\n'.encode(),
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        check=False,
    )
    record = json.loads(done.stdout.decode("utf-8"))
    assert (record["id"], record["answer"]) == ("ä", f"“{QUOTE}” [1]")
