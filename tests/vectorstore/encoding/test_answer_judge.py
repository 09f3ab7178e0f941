"""The answer judge as it is built and run, held against what torch gives (data/make_judge_reference.py)."""

import json
from pathlib import Path
from shutil import copy

import numpy as np
import pytest
from safetensors.numpy import load_file

from vectorstore.encoding import answer_judge, graph, minilm
from vectorstore.encoding.answer_judge import ADAPTER, AnswerJudge, ensure_judge, load_head, merged
from vectorstore.errors import EmbeddingError
from vectorstore.splitting.sentences import sentences
from vectorstore.types import Span

REFERENCE = json.loads(Path(__file__).with_name("data").joinpath("judge_reference.json").read_text("utf-8"))
HERONS = REFERENCE[-1]["text"]


@pytest.fixture(scope="module")
def judging() -> AnswerJudge:
    return ensure_judge()


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> AnswerJudge:
    """The same weights in float32."""
    source = next(minilm.sources())
    trained = load_file(ADAPTER)
    whole = merged(load_file(source.folder / "model.safetensors"), trained)
    target = tmp_path_factory.mktemp("judge") / "float32.onnx"
    target.write_bytes(graph.bert(whole, layers=6, heads=12, width=384, single=True).SerializeToString())
    return AnswerJudge(target, source.folder / "tokenizer.json", load_head(trained))


def passage(text: str) -> tuple[str, list[Span]]:
    return text, sentences(text)


@pytest.mark.parametrize("known", REFERENCE, ids=[known["question"] for known in REFERENCE])
def test_the_merged_weights_give_what_the_adapter_beside_them_gives(exact: AnswerJudge, known: dict[str, list[float]]) -> None:
    (found,) = exact.scores(str(known["question"]), [passage(str(known["text"]))])
    assert found == pytest.approx(known["scores"], abs=0.02)


@pytest.mark.parametrize("known", REFERENCE, ids=[known["question"] for known in REFERENCE])
def test_int8_keeps_the_best_sentence_and_about_its_score(judging: AnswerJudge, known: dict[str, list[float]]) -> None:
    (found,) = judging.scores(str(known["question"]), [passage(str(known["text"]))])
    assert int(found.argmax()) == int(np.argmax(known["scores"]))
    assert float(found.max()) == pytest.approx(max(known["scores"]), abs=1.5)


def test_a_sentence_that_answers_is_likelier_than_not_and_others_are_not(judging: AnswerJudge) -> None:
    (found,) = judging.scores("How many chicks does a pair of herons raise?", [passage(HERONS)])
    assert [score > 0 for score in found] == [False, True, False]


def test_nothing_answers_what_the_passage_is_not_about(judging: AnswerJudge) -> None:
    (found,) = judging.scores("What is the capital of France?", [passage(HERONS)])
    assert float(found.max()) < 0


def test_a_passages_scores_are_the_same_whatever_else_is_judged(judging: AnswerJudge) -> None:
    question, (text, spans) = "When was the bridge opened?", passage(REFERENCE[0]["text"])
    (alone,) = judging.scores(question, [(text, spans)])
    among = judging.scores(question, [passage(HERONS), (text, spans), ("Short.", [(0, 6)])])[1]
    assert alone.tolist() == among.tolist()


def test_a_passage_that_is_too_long_is_read_in_parts(judging: AnswerJudge) -> None:
    filler = "The council met again and spoke about the budget for the coming year at some length. " * 40
    text = f"{filler}The bridge was opened on 4 May 1931. {filler}".strip()
    (found,) = judging.scores("When was the bridge opened?", [passage(text)])
    best = sentences(text)[int(found.argmax())]
    assert text[slice(*best)] == "The bridge was opened on 4 May 1931."


def test_a_sentence_longer_than_can_be_read_has_a_score(judging: AnswerJudge) -> None:
    text = "and so on, " * 400
    (found,) = judging.scores("When was the bridge opened?", [(text, [(0, len(text))])])
    assert np.isfinite(found).all()


@pytest.mark.parametrize("text", ["", "   "])
def test_what_has_no_words_answers_nothing(judging: AnswerJudge, text: str) -> None:
    (found,) = judging.scores("When was the bridge opened?", [(text, [(0, len(text))])])
    assert found.tolist() == [-20.0]


def test_no_passages_have_no_scores(judging: AnswerJudge) -> None:
    assert judging.scores("When was the bridge opened?", []) == []


def test_a_damaged_adapter_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy(ADAPTER, tmp_path / ADAPTER.name)
    with (tmp_path / ADAPTER.name).open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x7f")
    monkeypatch.setattr(answer_judge, "ADAPTER", tmp_path / ADAPTER.name)
    with pytest.raises(EmbeddingError, match=ADAPTER.name):
        ensure_judge(tmp_path)


def test_the_graph_is_built_once(tmp_path: Path) -> None:
    ensure_judge(tmp_path)
    (model,) = tmp_path.glob("answer-judge-*/model.onnx")
    built = model.stat().st_mtime_ns
    ensure_judge(tmp_path)
    assert model.stat().st_mtime_ns == built


def test_the_adapter_is_about_a_megabyte() -> None:
    assert ADAPTER.stat().st_size < 1_200_000
