"""Which sentences are quoted, how they are joined and ordered, and how sure that is."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.extract import UNASKED, Extract, confidence, extract
from bot.types import Passage
from vectorstore.splitting.sentences import sentences
from vectorstore.types import Stage

BRIDGE = (
    "The bridge at Ner is made of iron. The bridge at Ner opened on 4 May 1931. The mayor came to the opening. "
    "It carries 12 trains a day. Ada Brandt drew the plans of the bridge."
)
HARBOUR = "The harbour of Ner froze over. Ships waited outside for weeks. Nobody could land."


def passage(text: str, *evidence: float, n: int = 1, start: int = 0, article: str = "a.md", score: float = 1.0) -> Passage:
    """A passage whose sentences have this evidence; the last number goes for all further ones."""
    spans = tuple((start + a, start + b) for a, b in sentences(text))
    each = (evidence + evidence[-1:] * len(spans))[: len(spans)]
    stages = {"passage": Stage(n, max(each, default=0.0))}
    return Passage(n, article, "Title", "", "", start, start + len(text), text, score, stages, spans, each)


FAR = passage("This is not. " * 4, 0.1, n=9, article="far.md")


def quoted(found: Extract) -> list[str]:
    return [quotation.text for quotation in found.quotations]


def test_the_sentence_that_answers_is_quoted_word_for_word() -> None:
    found = extract("When did the bridge open?", "", [passage(BRIDGE, 0.5, 0.8, 0.4, 0.2, 0.3)], 1)
    assert quoted(found) == ["The bridge at Ner opened on 4 May 1931."]


def test_a_quotation_is_a_slice_of_its_article() -> None:
    article = "Before it. " + BRIDGE + " After it."
    (quotation,) = extract("When did the bridge open?", "", [passage(BRIDGE, 0.5, 0.8, 0.4, start=11)], 1).quotations
    assert article[quotation.start : quotation.end] == quotation.text == "The bridge at Ner opened on 4 May 1931."


def test_the_questions_words_count_beside_the_evidence() -> None:
    found = extract("Who drew the plans of the bridge?", "", [passage(BRIDGE, 0.5)], 1)
    assert quoted(found) == ["Ada Brandt drew the plans of the bridge."]


def test_who_somebody_is_is_answered_by_the_sentence_that_says_so() -> None:
    text = "Ada Brandt crossed the bridge at noon. The engineer Ada Brandt was born in Ner. Ada Brandt liked rain."
    assert quoted(extract("Who is Ada Brandt?", "", [passage(text, 0.6)], 1)) == ["The engineer Ada Brandt was born in Ner."]


@pytest.mark.parametrize("question", ["How long are soybeans soaked before tofu is made?", "Who sent Ada Brandt the beans?"])
def test_the_kind_that_is_asked_for_is_not_missed_in_another_language(question: str) -> None:
    text = "做豆腐要经过浸泡、磨浆、煮浆和点卤几个步骤。干大豆先要在清水里浸泡八到十二个小时。"
    found = extract(question, "", [replace(passage(text, 0.3, 0.5), language="zh")], 1)
    assert (found.features["lacking"], found.features["unmet"], quoted(found)) == (0, 0, [text[22:]])


def test_words_of_the_turn_before_count_as_well() -> None:
    text = "The tower opened in 1802. The bridge opened in 1931."
    found = extract("And when did that open?", "Where is the bridge?", [passage(text, 0.5)], 1)
    assert quoted(found) == ["The bridge opened in 1931."]


def test_the_better_passage_counts() -> None:
    worse = passage("It opened in 1802.", 0.5, n=1, score=0.1)
    better = passage("It opened in 1931.", 0.5, n=2, score=2.0)
    assert quoted(extract("When did it open?", "", [worse, better], 1)) == ["It opened in 1931."]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("When did the bridge open?", "The bridge at Ner opened on 4 May 1931."),
        ("How many trains does it carry?", "It carries 12 trains a day."),
        ("Who drew the bridge at Ner?", "Ada Brandt drew the plans of the bridge."),
    ],
)
def test_a_sentence_about_the_subject_without_the_thing_is_not_quoted(question: str, wanted: str) -> None:
    # The first sentence fits as well by its evidence, but it has no date, no number and no new name.
    assert quoted(extract(question, "", [passage(BRIDGE, 0.6)], 1)) == [wanted]


@pytest.mark.parametrize("question", ["When did it freeze?", "How many ships waited?", "Who landed at the harbour of Ner?"])
def test_less_is_sure_where_no_sentence_has_the_thing(question: str) -> None:
    text = "The harbour of Ner froze over. Ships waited outside. Nobody could land at the ships."
    found = extract(question, "", [passage(text, 0.9)], 4)
    assert found.features["unmet"] == 1
    assert found.confidence < confidence({**found.features, "unmet": 0.0, "lacking": 0.0}) / 2


@pytest.mark.parametrize("question", ["When should I water the fern?", "When does a fern want water?", "When can it be cut?"])
def test_a_when_that_may_ask_for_a_condition_demands_no_date(question: str) -> None:
    found = extract(question, "", [passage("Water the fern as soon as its soil is dry. Cut it then.", 0.9)], 4)
    assert (found.features["unmet"], found.features["lacking"]) == (0, 0)
    assert found.quotations


def test_a_date_far_from_the_question_is_not_the_one_asked_for() -> None:
    text = "The bridge at Ner opened to great joy. " + "The weather was fine. " * 8 + "A dog died in 1950."
    found = extract("When did the bridge at Ner open?", "", [passage(text, 0.9, 0.2)], 4)
    assert found.features["unmet"] == 1
    assert "1950" not in quoted(found)[0]


def test_the_date_may_stand_in_the_sentence_after_the_name() -> None:
    text = (
        "The bridge at Ner was opened by the mayor. " + "The ceremony took place on 4 May 1931. " + "The weather was fine. " * 8
    )
    found = extract("When was the bridge at Ner opened?", "", [passage(text, 0.9, 0.7, 0.3)], 4)
    assert quoted(found) == ["The bridge at Ner was opened by the mayor. The ceremony took place on 4 May 1931."]


def test_with_room_for_one_sentence_it_is_the_one_with_the_thing() -> None:
    text = "The bridge at Ner was opened by the mayor. The ceremony took place on 4 May 1931. " + "The weather was fine. " * 8
    found = extract("When was the bridge at Ner opened?", "", [passage(text, 0.9, 0.7, 0.3)], 1)
    assert quoted(found) == ["The ceremony took place on 4 May 1931."]


def test_a_date_in_the_sentence_before_the_name_is_not_taken() -> None:
    text = "The dog died in 1950. The bridge at Ner was opened by the mayor. " + "The weather was fine. " * 8
    found = extract("When was the bridge at Ner opened?", "", [passage(text, 0.5, 0.9, 0.3)], 4)
    assert found.features["unmet"] == 1
    assert "1950" not in quoted(found)[0]


@pytest.mark.parametrize(
    "unfit",
    ["# When the bridge opened in 1931\n\n", "The opening of the bridge in 1931\n\n", "Did the bridge open in 1931? "],
)
def test_headings_and_questions_are_not_quoted(unfit: str) -> None:
    found = extract("When did the bridge open?", "", [passage(unfit + "It opened in May 1932.", 0.9, 0.8)], 4)
    assert quoted(found) == ["It opened in May 1932."]


@pytest.mark.parametrize("text", ["“Did it open in 1931?”", "它什么时候在1931年开放？"])
def test_a_quoted_or_chinese_question_is_a_question(text: str) -> None:
    assert extract("When did it open?", "", [passage(text, 0.9)], 4) == Extract((), 0.0)


def test_neighbours_are_joined() -> None:
    found = extract("What about the harbour?", "", [passage(HARBOUR, 0.9, 0.9, 0.1)], 2)
    assert quoted(found) == ["The harbour of Ner froze over. Ships waited outside for weeks."]


def test_sentences_apart_are_not_joined() -> None:
    found = extract("What about it?", "", [passage(HARBOUR, 0.9, 0.1, 0.9)], 2)
    assert quoted(found) == ["The harbour of Ner froze over.", "Nobody could land."]


def test_neighbours_in_different_passages_are_not_joined() -> None:
    passages = [passage("It froze over.", 0.9, n=1), passage("Ships waited.", 0.9, n=2, start=15)]
    assert quoted(extract("What about it?", "", passages, 2)) == ["It froze over.", "Ships waited."]


def test_the_best_comes_first_and_the_others_in_reading_order() -> None:
    text = "One thing is so. Two is not. Three is so. Four is not. Five is so. Six is not. Seven is so."
    found = extract("What?", "", [passage(text, 0.7, 0.1, 0.6, 0.1, 0.9, 0.1, 0.8)], 4)
    assert quoted(found) == ["Five is so.", "One thing is so.", "Three is so.", "Seven is so."]


def test_passages_of_one_article_are_quoted_in_reading_order() -> None:
    later, earlier = passage("Later is so.", 0.8, n=2, start=500), passage("Earlier is so.", 0.7, n=3, start=100)
    best = passage("Best is so.", 0.9, n=1, article="b.md")
    assert quoted(extract("What?", "", [best, later, earlier, FAR], 3)) == ["Best is so.", "Earlier is so.", "Later is so."]


def test_articles_come_in_the_order_of_their_best_passages() -> None:
    passages = [passage(f"{name} is so.", 0.9 - n / 10, n=n, article=name) for n, name in enumerate(("Zoo", "Ark", "Nil"), 1)]
    assert quoted(extract("What?", "", [*passages, FAR], 3)) == ["Zoo is so.", "Ark is so.", "Nil is so."]


@pytest.mark.parametrize("most", [1, 2, 3, 4])
def test_there_are_at_most_so_many_sentences(most: int) -> None:
    found = extract("What about the bridge?", "", [passage(BRIDGE, 0.9)], most)
    assert sum(len(sentences(text)) for text in quoted(found)) == most


def test_a_sentence_far_behind_the_best_is_not_added() -> None:
    text = "The bridge is iron. " + "It is so. " * 6
    found = extract("What is the bridge?", "", [passage(text, 0.9, 0.1)], 4)
    assert quoted(found) == ["The bridge is iron."]


def test_no_passages_give_nothing() -> None:
    assert extract("What?", "", [], 4) == Extract((), 0.0)


def test_passages_without_sentences_give_nothing() -> None:
    assert extract("What?", "", [passage("", 0.5)], 4) == Extract((), 0.0)


def test_equal_sentences_are_taken_in_their_order() -> None:
    assert quoted(extract("What?", "", [passage("It is so. It is so. It is so.", 0.5)], 1)) == ["It is so."]
    (quotation,) = extract("What?", "", [passage("It is so. It is so. It is so.", 0.5)], 1).quotations
    assert quotation.start == 0


EVIDENCE = st.lists(st.floats(0, 1, width=32), min_size=5, max_size=5)


@given(EVIDENCE, st.integers(1, 4), st.sampled_from(["When was it?", "How many?", "Who was it?", "What is the bridge?"]))
def test_the_same_is_quoted_every_time_and_always_as_it_stands(evidence: list[float], most: int, question: str) -> None:
    passages = [passage(BRIDGE, *evidence), passage(HARBOUR, *reversed(evidence), n=2, article="b.md")]
    found = extract(question, "", passages, most)
    assert found == extract(question, "", passages, most)
    assert all(text and (text in BRIDGE or text in HARBOUR) for text in quoted(found))
    assert sum(len(sentences(text)) for text in quoted(found)) <= most


@given(EVIDENCE)
def test_confidence_lies_between_none_and_certainty(evidence: list[float]) -> None:
    assert 0 <= extract("What is the bridge?", "", [passage(BRIDGE, *evidence)], 4).confidence <= 1


@given(st.floats(0, 0.9), st.floats(0.01, 0.1))
def test_confidence_grows_with_the_evidence(evidence: float, more: float) -> None:
    def sure(strongest: float) -> float:
        return extract("What is the bridge?", "", [passage(BRIDGE, 0.0, strongest)], 4).confidence

    assert sure(evidence) < sure(evidence + more)


def test_passages_that_were_not_reranked_can_be_quoted() -> None:
    one = passage("It is iron.", 0.0)
    bare = Passage(1, "a.md", "Title", "", "", 0, len(one.text), one.text, 0.0, {}, one.sentences, (0.0,))
    assert quoted(extract("What is it?", "", [bare], 4)) == ["It is iron."]


def test_an_answer_is_likelier_where_more_than_the_name_is_met() -> None:
    known = replace(passage(BRIDGE, 0.6), asked={"Who": 0.1, "is": 0.2, "Ada": 0.9, "Brandt": 0.9, "wife": 0.8})
    unknown = replace(known, asked={**known.asked, "wife": 0.2})
    said, unsaid = (extract("Who is Ada Brandt's wife?", "", [one], 1).features for one in (known, unknown))
    assert (said["rest"], unsaid["rest"]) == (0.8, 0.2)
    assert confidence(said) > confidence(unsaid)


def test_a_question_that_only_names_something_lacks_nothing() -> None:
    found = extract("Who is Ada Brandt?", "", [replace(passage(BRIDGE, 0.6), asked={"Who": 0.1, "Ada": 0.9, "Brandt": 0.9})], 1)
    assert found.features["rest"] == UNASKED
