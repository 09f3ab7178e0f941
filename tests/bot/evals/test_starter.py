"""The cases that ship: what each asks for is true of the articles in `seeds/`, whoever answers."""

from collections import Counter
from collections.abc import Mapping

import pytest

from bot.evals.cases import STARTER, dump, load
from bot.evals.checks import holds, within
from bot.evals.records import Case
from bot.resources import seeds_dir
from vectorstore.index import Index

CASES = load(STARTER)
ANSWERED = [case for case in CASES if case.cites]
ABSENT = [case for case in CASES if case.abstain]
_KINDS = {"date", "number", "name", "follow-up", "comparison", "unanswerable", "missing-subject", "fact", "opinion", "unsaid"}


@pytest.fixture(scope="module")
def texts(seeds_index: Index) -> Mapping[str, str]:
    catalog = seeds_index.catalog
    return {one.id: article.text for one in catalog.articles() if (article := catalog.article(one.id)) is not None}


def test_there_are_enough_of_each_kind() -> None:
    tags = Counter(tag for case in CASES for tag in case.tags)
    assert len(CASES) >= 40
    assert {kind for kind in _KINDS if tags[kind] < 4} == set()


def test_every_article_that_cases_are_for_is_asked_about() -> None:
    # The others show which formats and languages can be read; no case was written for them.
    shown = {"compost-heap.pdf", "lichens.html", "tofu-zh.md", "violin-parts.docx"}
    asked = {wanted.article for case in CASES for wanted in case.cites}
    assert asked == {path.name for path in seeds_dir().iterdir()} - shown


def test_no_question_stands_there_twice() -> None:
    assert len({(case.question.casefold(), case.history) for case in CASES}) == len(CASES)


def test_every_case_asks_for_something() -> None:
    assert [case.id for case in CASES if not (case.cites or case.abstain)] == []


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case.id)
def test_the_words_to_be_cited_stand_in_their_article(case: Case, texts: Mapping[str, str]) -> None:
    assert [wanted.words for wanted in case.cites if not within(wanted.words, texts[wanted.article])] == []


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case.id)
def test_what_the_answer_must_hold_stands_in_what_it_should_cite(case: Case, texts: Mapping[str, str]) -> None:
    cited = "\n".join(texts[wanted.article] for wanted in case.cites)
    assert case.must
    assert [one for one in case.must if not holds(cited, one)] == []


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case.id)
def test_forbidden_words_do_not_stand_in_the_words_to_be_cited(case: Case) -> None:
    assert [one for one in case.must_not for wanted in case.cites if holds(wanted.words, one)] == []


@pytest.mark.parametrize("case", ABSENT, ids=lambda case: case.id)
def test_what_the_articles_do_not_say_stands_in_none_of_them(case: Case, texts: Mapping[str, str]) -> None:
    assert [one for one in case.must_not if holds("\n".join(texts.values()), one)] == []


def test_what_is_asked_back_has_no_subject_before_it() -> None:
    assert [case.id for case in CASES if "missing-subject" in case.tags and case.history] == []


def test_follow_ups_have_something_before_them() -> None:
    assert [case.id for case in CASES if ("follow-up" in case.tags) != bool(case.history)] == []


def test_they_are_read_again_as_they_are_written(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("starter") / "again.yaml"
    path.write_text(dump(CASES), encoding="utf-8")
    assert [(case.id, case.must, case.cites, case.history) for case in load(path)] == [
        (case.id, case.must, case.cites, case.history) for case in CASES
    ]
