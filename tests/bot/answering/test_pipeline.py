"""The story of an answer, told in events: their order, and that text, claims and footnotes fit together to the letter."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from bot.answering.pipeline import Bot
from bot.answering.retrieval import SPARE, Limits
from bot.phrases import say
from bot.types import Answer, Citation, Cited, Condensed, Done, Event, Notice, Part, Passage, Question, Retrieved, Token, Turn
from vectorstore.errors import QueryError
from vectorstore.index import Index
from vectorstore.searching.search import Query, Searcher, SearchHits
from vectorstore.searching.vocabulary import WordCounter
from vectorstore.splitting.sentences import sentences
from vectorstore.storage.records import ArticleSummary
from vectorstore.types import Hit, Scope, Stage

BRIDGE = "The bridge at Ner opened on 4 May 1931. It carries 12 trains a day. It is made of iron. Ada Brandt drew its plans."
LAUNCH = Question("When was the Japan-Taiwan Co-prosperity Leader Alliance launched?")
FAINT = 0.57
"""Late interaction that answers nothing."""
BORN = Question("When was Yao Chung-yuan's dog born?")


class Canned:
    """A search over one article that always finds it whole; keeps what it was asked."""

    def __init__(self, text: str = BRIDGE, evidence: float = 0.9, notes: tuple[str, ...] = ()) -> None:
        spans = tuple(sentences(text))
        stages = {"passage": Stage(1, evidence), "dense": Stage(1, evidence)}
        hit = Hit("bridge.md", 0, len(text), text, 1.0, stages, 1, 0, spans, (evidence,) * len(spans))
        self.found = SearchHits((hit,) if text else (), {"embed": 1.5, "total": 2.0}, notes)
        self.asked: list[tuple[Query, int]] = []

    def __call__(self, query: Query, k: int) -> SearchHits:
        self.asked.append((query, k))
        return self.found


def about(ids: Sequence[str]) -> dict[str, ArticleSummary]:
    return {id: ArticleSummary(id, "The bridge", "Ada Brandt", "1931-05-04", "", False, len(BRIDGE), 1) for id in ids}


def told(search: Canned, question: str | Question, limits: Limits | None = None) -> list[Event]:
    asked = question if isinstance(question, Question) else Question(question)
    return list(Bot(search, about, limits or Limits()).stream(asked))


def answer(events: Sequence[Event]) -> Answer:
    done = events[-1]
    assert isinstance(done, Done)
    return done.answer


@pytest.fixture(scope="module")
def seeds_bot(seeds_searcher: Searcher, seeds_index: Index) -> Bot:
    return Bot(seeds_searcher.search, seeds_index.catalog.summaries, Limits())


@pytest.fixture(scope="module")
def counting_bot(seeds_searcher: Searcher, seeds_index: Index) -> Bot:
    """One that knows in how many articles a word stands, as the program's own does."""
    return Bot(seeds_searcher.search, seeds_index.catalog.summaries, Limits(), count=WordCounter(seeds_index).count)


def test_the_events_come_in_the_order_of_the_story() -> None:
    kinds = [type(event) for event in told(Canned(), "When did the bridge open?", Limits(quotes=1))]
    assert kinds == [Condensed, Retrieved, Token, Cited, Token, Done]


def test_an_abstention_has_no_footnotes_on_the_way() -> None:
    kinds = [type(event) for event in told(Canned("It is made of iron.", FAINT), "When did the bridge open?")]
    assert kinds == [Condensed, Retrieved, Token, Done]


def test_a_question_without_a_subject_is_asked_back_and_not_searched() -> None:
    search = Canned()
    events = told(search, "When did it open?")
    assert ([type(event) for event in events], search.asked) == ([Condensed, Token, Done], [])
    made = answer(events)
    assert made.text.endswith("?")
    assert (made.abstained, made.citations, made.passages) == (True, (), ())


def test_what_the_search_notes_is_told_before_the_passages_and_kept() -> None:
    events = told(Canned(notes=("The dense index is damaged.",)), "When did the bridge open?")
    assert events[1] == Notice("The dense index is damaged.")
    assert answer(events).notes == ("The dense index is damaged.",)


def test_done_is_the_last_event_and_comes_once(seeds_bot: Bot) -> None:
    kinds = [type(event) for event in seeds_bot.stream(LAUNCH)]
    assert kinds.index(Done) == len(kinds) - 1


@pytest.mark.parametrize("question", [LAUNCH, BORN])
def test_the_tokens_together_are_the_text(seeds_bot: Bot, question: Question) -> None:
    events = list(seeds_bot.stream(question))
    assert "".join(event.text for event in events if isinstance(event, Token)) == answer(events).text


def test_the_answer_begins_by_saying_that_these_are_quotations(seeds_bot: Bot) -> None:
    assert answer(list(seeds_bot.stream(LAUNCH))).text.startswith(f"{say('lead')}\n\n")


def test_each_claim_stands_where_it_says(seeds_bot: Bot) -> None:
    made = answer(list(seeds_bot.stream(LAUNCH)))
    assert made.claims
    assert all(made.text[claim.start : claim.end] == claim.text for claim in made.claims)


def test_claims_come_in_order_and_apart(seeds_bot: Bot) -> None:
    claims = answer(list(seeds_bot.stream(LAUNCH))).claims
    assert all(one.end < other.start for one, other in pairwise(claims))


def test_each_claim_is_followed_by_the_marker_of_its_footnote(seeds_bot: Bot) -> None:
    made = answer(list(seeds_bot.stream(LAUNCH)))
    for number, claim in enumerate(made.claims, 1):
        assert claim.citations == (number,)
        assert made.text[claim.end :].startswith(f" [{number}]")


def test_each_quotation_stands_in_its_article_as_the_footnote_says(seeds_bot: Bot, seeds_index: Index) -> None:
    made = answer(list(seeds_bot.stream(LAUNCH)))
    for citation in made.citations:
        article = seeds_index.catalog.article(citation.article)
        assert article is not None
        assert (article.text[citation.start : citation.end], article.title) == (citation.quote, citation.title)


def test_claims_and_footnotes_have_the_same_words_and_the_verdict_quoted(seeds_bot: Bot) -> None:
    made = answer(list(seeds_bot.stream(LAUNCH)))
    assert [claim.text for claim in made.claims] == [citation.quote for citation in made.citations]
    assert {one.verdict for one in (*made.claims, *made.citations)} == {"quoted"}


def test_each_footnote_is_told_just_before_the_piece_with_its_marker(seeds_bot: Bot) -> None:
    events = list(seeds_bot.stream(LAUNCH))
    cited = [at for at, event in enumerate(events) if isinstance(event, Cited)]
    for number, at in enumerate(cited, 1):
        piece = events[at + 1]
        assert isinstance(piece, Token)
        assert piece.text.endswith(f" [{number}]")
    assert [event.citation for event in events if isinstance(event, Cited)] == list(answer(events).citations)


def test_the_passages_are_told_and_kept(seeds_bot: Bot) -> None:
    events = list(seeds_bot.stream(LAUNCH))
    (retrieved,) = [event for event in events if isinstance(event, Retrieved)]
    assert retrieved.passages == answer(events).passages
    assert len(retrieved.passages) == Limits().passages


def test_a_question_that_the_articles_answer_is_answered_from_them(seeds_bot: Bot) -> None:
    made = answer(list(seeds_bot.stream(LAUNCH)))
    assert not made.abstained
    assert "Dec. 23" in made.citations[0].quote


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who translated the op-ed?", "Eddy Chang"),
        ("How many local leaders launched the alliance?", "127"),
        ("When was the Soviet Union dissolved?", "1991"),
        ("Who praised Chinese workers?", "Musk"),
    ],
)
def test_the_thing_asked_for_stands_in_the_first_quotation(seeds_bot: Bot, question: str, words: str) -> None:
    assert words in answer(list(seeds_bot.stream(Question(question)))).citations[0].quote


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("When was the tower built?", "The articles do not say when.\n\nThe nearest passages are below."),
        ("How many towers are there?", "The articles do not give the number.\n\nThe nearest passages are below."),
        ("Who is the owner?", "The articles do not say who.\n\nThe nearest passages are below."),
    ],
)
def test_an_abstention_says_what_is_missing(question: str, text: str) -> None:
    assert answer(told(Canned("It is made of iron.", FAINT), question)).text == text


def test_an_abstention_claims_and_cites_nothing_but_offers_the_passages() -> None:
    made = answer(told(Canned("It is made of iron.", FAINT), "When did the bridge open?"))
    assert (made.abstained, made.claims, made.citations, len(made.passages)) == (True, (), (), 1)


def test_a_when_that_asks_for_no_date_is_no_reason_to_abstain() -> None:
    made = answer(told(Canned("Water the fern as soon as its soil is dry."), "When should I water the fern?"))
    assert [citation.quote for citation in made.citations] == ["Water the fern as soon as its soil is dry."]


def test_an_abstention_counts_the_articles_with_the_questions_words(counting_bot: Bot, seeds_index: Index) -> None:
    made = answer(list(counting_bot.stream(BORN)))
    said = (
        f"{seeds_index.catalog.counts()[0]} articles were searched: “Yao” stands in 7 of them, “dog” in none, “born” in none."
    )
    assert made.text.startswith(f"The articles do not say when.\n\n{said}")


def test_an_abstention_in_a_scope_names_an_article_outside_it(counting_bot: Bot, seeds_index: Index) -> None:
    made = answer(list(counting_bot.stream(replace(LAUNCH, scope=Scope(("new-space-race.md",))))))
    assert made.abstained
    (note,) = made.notes
    assert note.startswith(f"Only one chosen article of {seeds_index.catalog.counts()[0]} was searched. Among the others, “")


def test_an_abstention_in_a_scope_says_that_the_others_fail_too(counting_bot: Bot, seeds_index: Index) -> None:
    made = answer(list(counting_bot.stream(replace(BORN, scope=Scope(("new-space-race.md",))))))
    (note,) = made.notes
    searched = f"Only one chosen article of {seeds_index.catalog.counts()[0]} was searched."
    assert note == f"{searched} The others do not seem to answer the question either."


def test_a_question_that_leaves_the_subject_is_not_searched_with_it(counting_bot: Bot) -> None:
    history = (Turn("user", LAUNCH.text), Turn("assistant", "On Dec. 23."), Turn("user", "What does it want?"))
    made = answer(list(counting_bot.stream(Question("What is the capital of France?", history))))
    assert (made.abstained, made.query) == (True, "What is the capital of France?")


def test_an_abstention_without_passages_offers_none() -> None:
    made = answer(told(Canned(""), "Why is the bridge red?"))
    assert (made.text, made.passages) == ("The articles do not say.", ())


def test_too_little_confidence_is_an_abstention() -> None:
    sure = answer(told(Canned(), "What is the bridge made of?", Limits(abstain_below=0.0)))
    unsure = answer(told(Canned(), "What is the bridge made of?", Limits(abstain_below=1.0)))
    assert (sure.abstained, unsure.abstained) == (False, True)
    assert sure.confidence == unsure.confidence


def test_confidence_lies_between_none_and_certainty(seeds_bot: Bot) -> None:
    sure, unsure = (answer(list(seeds_bot.stream(question))).confidence for question in (LAUNCH, BORN))
    assert 0 <= unsure < sure <= 1


def test_no_more_sentences_are_quoted_than_allowed() -> None:
    made = answer(told(Canned(), "What about the bridge?", Limits(quotes=2)))
    assert sum(len(sentences(citation.quote)) for citation in made.citations) == 2


def test_spare_passages_are_searched_to_stand_in_for_copies() -> None:
    search = Canned()
    told(search, "What about the bridge?", Limits(passages=3))
    assert search.asked[0][1] == 3 + SPARE


def test_a_follow_up_is_searched_with_the_question_before_it() -> None:
    search = Canned()
    history = (Turn("user", "When did the bridge open?"), Turn("assistant", "In 1931."))
    events = told(search, Question("And who drew it?", history))
    assert search.asked[0][0].before == "When did the bridge open?"
    assert events[0] == Condensed("When did the bridge open? And who drew it?")
    assert (answer(events).question, answer(events).query) == ("And who drew it?", "When did the bridge open? And who drew it?")


def test_a_follow_up_is_answered_about_the_subject_of_the_question_before(seeds_bot: Bot) -> None:
    history = (
        Turn("user", "When was the Japan-Taiwan Co-prosperity Leader Alliance launched?"),
        Turn("assistant", "On Dec. 23."),
    )
    made = answer(list(seeds_bot.stream(Question("And by how many leaders?", history))))
    assert "127" in made.citations[0].quote


def test_the_same_question_gives_the_same_answer(seeds_bot: Bot) -> None:
    def timeless() -> tuple[object, ...]:
        made = answer(list(seeds_bot.stream(LAUNCH)))
        return (made.text, made.claims, made.citations, made.passages, made.confidence)

    assert timeless() == timeless()


def test_milliseconds_are_told_by_step_and_by_stage_of_the_search() -> None:
    ms = answer(told(Canned(), "When did the bridge open?")).ms
    assert set(ms) == {"condense", "search", "extract", "total", "search.embed", "search.pack"}
    assert ms["total"] >= ms["search"]


def test_an_empty_question_is_refused(seeds_bot: Bot) -> None:
    with pytest.raises(QueryError):
        list(seeds_bot.stream(Question("  ")))


@pytest.mark.parametrize("text", ["\ud800", "🚀", "?", "a" * 3000, "鄧小平是誰？"])
def test_any_question_comes_to_an_end(seeds_bot: Bot, text: str) -> None:
    assert answer(list(seeds_bot.stream(Question(text)))).question == text


def test_a_question_without_its_subject_is_asked_back_and_not_searched() -> None:
    search = Canned()
    made = answer(told(search, "How much is it?"))
    assert (made.text, made.abstained, made.confidence) == ("What is “it” in your question?", True, 0.0)
    assert (made.claims, made.citations, made.passages, search.asked) == ((), (), (), [])


def test_a_question_whose_other_words_find_the_answer_is_answered() -> None:
    made = answer(told(Canned(), "How many trains does it carry a day?"))
    assert made.citations[0].quote == "It carries 12 trains a day."


def test_a_question_without_a_subject_or_an_answer_is_asked_back() -> None:
    made = answer(told(Canned("It is made of iron.", FAINT), "How many passengers does it carry on Sundays?"))
    assert made.text == "What is “it” in your question?"


def test_a_question_back_is_told_in_events_like_any_answer() -> None:
    assert [type(event) for event in told(Canned(), "How much is it?")] == [Condensed, Token, Done]


def place(one: Citation | Passage) -> Part:
    return Part(one.article, one.start, one.end)


def without(bot: Bot, question: Question, *parts: Part) -> Answer:
    return answer(list(bot.stream(replace(question, without=parts))))


def touching(made: Answer, part: Part) -> list[Passage]:
    return [one for one in made.passages if one.article == part.article and one.start < part.end and part.start < one.end]


def test_no_passage_touches_what_the_answer_must_do_without(seeds_bot: Bot) -> None:
    cited = place(answer(list(seeds_bot.stream(LAUNCH))).citations[0])
    made = without(seeds_bot, LAUNCH, cited)
    assert touching(made, cited) == []
    assert made.text != answer(list(seeds_bot.stream(LAUNCH))).text


def test_the_other_passages_are_those_that_were_there_before(seeds_bot: Bot) -> None:
    before = answer(list(seeds_bot.stream(LAUNCH))).passages
    after = without(seeds_bot, LAUNCH, place(before[0])).passages
    assert [place(one) for one in after[: len(before) - 1]] == [place(one) for one in before[1:]]


def test_there_are_as_many_passages_without_several_parts(seeds_bot: Bot) -> None:
    parts = tuple(map(place, answer(list(seeds_bot.stream(LAUNCH))).passages[:5]))
    assert len(without(seeds_bot, LAUNCH, *parts).passages) == Limits().passages


def test_an_answer_that_stood_in_that_place_alone_is_not_given_again(seeds_bot: Bot) -> None:
    who = Question("Who translated the op-ed?")
    parts = [place(one) for one in answer(list(seeds_bot.stream(who))).passages if "Eddy Chang" in one.text]
    assert "Eddy Chang" not in without(seeds_bot, who, *parts).text


class Copies:
    """A search that finds the same words in two articles, then a third that says something else."""

    def __call__(self, query: Query, k: int) -> SearchHits:
        del query
        texts = {"bridge.md": BRIDGE, "copy.md": BRIDGE, "iron.md": "The bridge at Ner was painted in 1950."}
        hits = tuple(Canned(text).found.hits[0] for text in texts.values())
        named = (replace(hit, article=id) for hit, id in zip(hits, texts, strict=True))
        return SearchHits(tuple(named)[:k], {}, ())


def test_a_copy_in_another_article_is_used_instead() -> None:
    made = without(Bot(Copies(), about, Limits()), Question("When did the bridge open?"), Part("bridge.md", 0, 10))
    assert [(one.n, one.article, one.also) for one in made.passages] == [(1, "copy.md", ()), (2, "iron.md", ())]
    assert made.citations[0].article == "copy.md"


def test_a_copy_that_must_be_done_without_is_not_named_beside_the_first() -> None:
    made = without(Bot(Copies(), about, Limits()), Question("When did the bridge open?"), Part("copy.md", 0, 10))
    assert [(one.article, one.also) for one in made.passages] == [("bridge.md", ()), ("iron.md", ())]


def test_nothing_left_is_an_abstention() -> None:
    made = without(Bot(Canned(), about, Limits()), Question("When did the bridge open?"), Part("bridge.md", 0, 1))
    assert (made.abstained, made.passages) == (True, ())


def test_a_quotation_was_written_by_no_model() -> None:
    assert answer(told(Canned(), "When did the bridge open?")).trace is None


def test_a_short_question_is_not_drowned_by_the_one_before(seeds_bot: Bot) -> None:
    before = Turn("user", "How many local leaders launched the alliance in Tokyo?")
    told = answer([*seeds_bot.stream(Question("Who translated the op-ed?", (before,)))])
    assert "Eddy Chang" in told.citations[0].quote


def test_passages_that_are_given_are_answered_from_without_a_search() -> None:
    search = Canned()
    passage = Passage(3, "other.md", "Other", "", "", 0, len(BRIDGE), BRIDGE, 1.0, sentences=tuple(sentences(BRIDGE)))
    given = replace(
        passage, evidence=(0.9,) * len(passage.sentences), stages={"passage": Stage(1, 0.9), "dense": Stage(1, 0.9)}
    )
    told = answer([*Bot(search, about, Limits()).stream(Question("When did the bridge open?", given=(given,)))])
    assert (search.asked, told.passages, told.citations[0].article) == ([], (given,), "other.md")


def test_a_given_passage_that_is_to_be_done_without_is_not_used() -> None:
    given = Passage(1, "other.md", "Other", "", "", 0, len(BRIDGE), BRIDGE, 1.0)
    told = answer(
        [*Bot(Canned(), about, Limits()).stream(Question("When did it?", given=(given,), without=(Part("other.md", 5, 6),)))]
    )
    assert told.passages == ()
