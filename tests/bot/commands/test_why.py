"""`footnote search --why` and `--why-not`: on a fake service to the letter, and on the real index of `seeds/`."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.main import main
from bot.types import Question
from bot.wiring.library import QuestionHits
from tests.bot.fake_service import QUOTE, SECOND, TEXT, FakeService
from vectorstore.types import Scope

QUESTION = "When was the Japan-Taiwan Co-prosperity Leader Alliance launched?"
BATCH = '{"id": "a", "question": "When?"}\n{"id": "b", "question": "boom"}\n{"id": "c", "question": "Where?"}\n'
STAGES = {"dense": {"rank": 1, "score": 0.75}, "lexical": {"rank": 2, "score": 3.5}}

Footnote = Callable[..., tuple[int, str, str]]


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
def footnote(service: FakeService, capsys: pytest.CaptureFixture[str]) -> Footnote:
    """Runs the command on the fake service: its exit code, its output and its errors."""

    def run(*argv: str) -> tuple[int, str, str]:
        code = main(argv, lambda _: service)
        return code, *capsys.readouterr()

    return run


def usage_error(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    with pytest.raises(SystemExit) as caught:
        main(argv, lambda _: FakeService())
    assert caught.value.code == 2
    return capsys.readouterr().err


def test_why_as_json_adds_to_each_hit_of_the_searchs_line(footnote: Footnote) -> None:
    code, out, _ = footnote("search", "When?", "--why", "-k", "1", "--json")
    first = {"start": 0, "end": len(QUOTE), "score": 0.25}
    second = {"start": SECOND[0], "end": SECOND[1], "score": 0.5}
    place = {"article": "bridge.md", "start": 0, "end": len(TEXT), "text": TEXT, "score": 1.25, "stages": STAGES}
    hit = {**place, "words": ["bridg"], "missing": ["harbour"], "sentences": [second, first]}
    assert (code, json.loads(out)) == (0, {"id": None, "query": "when?", "hits": [hit], "ms": {"total": 1.23}})


def test_why_for_people_shows_stages_words_and_the_best_sentences(footnote: Footnote) -> None:
    _, out, _ = footnote("search", "When?", "--why", "-k", "1")
    assert out == (
        f"1. bridge.md 0-67  score 1.250  dense #1 (0.750)  lexical #2 (3.500)\n    {TEXT}\n"
        "  words found: bridg  missing: harbour\n"
        f"  best sentences:\n    0.500  It carries 12 trains a day.\n    0.250  {QUOTE}\n"
    )


def test_why_says_of_a_passage_that_its_sentences_were_not_judged(footnote: Footnote) -> None:
    _, out, _ = footnote("search", "When?", "--why", "-k", "2")
    assert out.endswith(
        "words found: none  missing: bridg, harbour\n  best sentences: none, as this passage was not reranked\n"
    )


def test_why_of_many_questions_is_a_line_each_also_for_one_that_fails(footnote: Footnote, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(BATCH)
    code, out, _ = footnote("search", "--questions", str(tmp_path / "q.jsonl"), "--why", "--json")
    records = [json.loads(line) for line in out.splitlines()]
    assert (code, [record["id"] for record in records]) == (1, ["a", "b", "c"])
    assert ["words" in record.get("hits", [{}])[0] for record in records] == [True, False, True]


def test_what_the_search_did_without_is_told_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    class Damaged(FakeService):
        def search(self, question: Question, k: int) -> QuestionHits:
            return replace(super().search(question, k), notes=("The lexical index is damaged.",))

    assert main(["search", "When?", "--why", "--json"], lambda _: Damaged()) == 0
    assert capsys.readouterr().err == "The lexical index is damaged.\n"


def test_why_not_as_json_is_one_object(footnote: Footnote) -> None:
    code, out, _ = footnote("search", "When?", "--why-not", "12 trains", "--json")
    place = {"article": "bridge.md", "start": 0, "end": len(TEXT), "text": TEXT, "stages": STAGES}
    assert code == 0
    words = {"words": ["bridg"], "missing": []}
    assert json.loads(out) == {"question": "When?", **place, "fell": "It was not reranked.", **words}


def test_why_not_for_people_shows_every_stage_and_ends_with_the_step(footnote: Footnote) -> None:
    _, out, _ = footnote("search", "When?", "--why-not", "12 trains")
    assert out == (
        f"bridge.md 0-67\n    {TEXT}\n  words found: bridg  missing: none\n"
        "  dense     #1 (0.750)\n  lexical   #2 (3.500)\n"
        "  fused     not there\n  passage   not there\n  sentence  not there\n  final     not there\n"
        "It was not reranked.\n"
    )


def test_why_not_of_words_that_stand_nowhere_ends_with_1_and_says_so(footnote: Footnote) -> None:
    code, out, err = footnote("search", "When?", "--why-not", "ghost ships", "--json")
    assert (code, out, err) == (1, "", "footnote: No passage holds the words “ghost ships”.\nGive a few words in a row.\n")


def test_why_not_of_no_words_is_not_taken_for_a_plain_search(footnote: Footnote, service: FakeService) -> None:
    footnote("search", "When?", "--why-not", "")
    assert [call[0] for call in service.calls] == ["why_not"]


@pytest.mark.parametrize(("flags", "name"), [(("--why",), "why"), (("--why-not", "trains"), "why_not")])
def test_k_and_the_scope_hold_for_the_explanation(
    footnote: Footnote, service: FakeService, flags: tuple[str, ...], name: str
) -> None:
    footnote("search", "When?", "-k", "2", "--author", "Brandt", "--since", "1931", *flags)
    called = service.calls[-1]
    assert (called[0], called[1], called[-1]) == (name, Question("When?", (), Scope((), ("Brandt",), "1931")), 2)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("search", "--questions", "q.jsonl", "--why-not", "trains"), "--why-not wants one QUESTION"),
        (("search", "When?", "--why", "--why-not", "trains"), "not allowed with"),
        (("ask", "When?", "--why"), "unrecognized arguments"),
    ],
)
def test_wrong_usage_ends_with_2(capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], said: str) -> None:
    assert said in usage_error(capsys, *argv)


@pytest.mark.parametrize("flags", [("--why",), ("--why-not", "anti-China, pro-Taiwan")])
def test_the_real_index_explains_itself(seeds_home: Path, capsys: pytest.CaptureFixture[str], flags: tuple[str, ...]) -> None:
    assert main(["search", QUESTION, "--json", "--home", str(seeds_home), *flags]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    record = json.loads(line)
    explained = record["hits"][0] if "hits" in record else record
    assert explained["article"] == "co-prosperity-leader-alliance.md"
    assert "launch" in explained["words"]
