"""The verdicts: by the real model where paraphrases are judged, by a fake where only the rules are."""

import random

import pytest

from bot.types import Passage, Verdict
from bot.verification.calibration import ScoreCurve
from bot.verification.judging import Judgement, corrected
from bot.verification.verify import AROUND, WHOLE, ArticleTexts, Verifier, context_of
from tests.benchmarks.verdicts import pairs
from tests.bot.verification.fake_likeness import FakeLikeness
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.encoding.late_interaction import TokenSimilarity

BRIDGE = (
    "The bridge at Ner was opened on 4 May 1931 by Queen Maria. It carries 127 trains a day, about 12% more than in 1998, "
    "and cost $3.5 million. Engineers from Poland and Sweden had built it between 1926 and 1931. It was not damaged in the war."
)
COUNCIL = (
    "Ada Brandt, then 34 years old, was elected chair of the council in March 2004. She defeated Karl Weiss by 52 votes to 47. "
    "The council has 99 members and meets from 9 am to 5 pm. The mayor denied that the council had lost any money."
)
OSAKA = "大橋は1931年5月4日に開通した。全長は3500メートルで、戦争で損傷しなかった。"


@pytest.fixture
def rules() -> Verifier:
    return Verifier(FakeLikeness())


def _passage(n: int, text: str, title: str = "") -> Passage:
    return Passage(n, f"{n}.txt", title, "", "", 0, len(text), text, 1.0)


@pytest.mark.parametrize(
    "claim",
    [
        "The bridge at Ner was opened on 4 May 1931 by Queen Maria.",
        "it carries 127 trains a day",
        "It carries **127 trains** a day [1].",
        "According to the passage, it carries 127 trains a day.",
        "The author writes: “It was not damaged in the war.”",
    ],
)
def test_words_that_stand_there_are_quoted(claim: str, rules: Verifier) -> None:
    assert rules.judge(claim, BRIDGE).verdict == "quoted"


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("127 trains cross the bridge every day.", BRIDGE),
        ("Queen Maria opened the bridge on May 4th, 1931.", BRIDGE),
        ("The bridge was opened in May 1931.", BRIDGE),
        ("The bridge cost 3.5 million dollars.", BRIDGE),
        ("Polish and Swedish engineers built the bridge from 1926 to 1931.", BRIDGE),
        ("The war did not damage the bridge.", BRIDGE),
        ("Karl Weiss was defeated by Ada Brandt.", COUNCIL),
        ("The council has ninety-nine members.", COUNCIL),
        ("Ada Brandt was 34 when she was elected chair of the council.", COUNCIL),
    ],
)
def test_a_paraphrase_is_supported(claim: str, source: str, verifier: Verifier) -> None:
    assert verifier.judge(claim, source).verdict == "supported"


def test_undamaged_for_not_damaged_is_likely(verifier: Verifier) -> None:
    assert verifier.judge("The bridge was undamaged in the war.", BRIDGE).verdict == "likely"


def test_what_is_claimed_beside_a_quotation_is_not_quoted_with_it(verifier: Verifier) -> None:
    source = "Karl Weiss wrote “Rip it up and start again” in May. Ada Brandt sings in the choir of the town."
    assert verifier.judge("Ada Brandt sings “Rip it up and start again.”", source).verdict != "quoted"


def test_a_title_in_another_form_is_a_doubt(verifier: Verifier) -> None:
    source = "Ada Brandt sang Mean Old World on the radio in May. The world was old."
    found = verifier.judge("Ada Brandt sang “It's a Mean Old World.”", source)
    assert (found.verdict, found.reason) == ("check", "The words “It's a Mean Old World.” do not stand in the passage.")


def test_a_title_in_quotes_may_have_other_capitals(verifier: Verifier) -> None:
    source = "The song was on the radio in May. It is called rip it up and start again, and Ada Brandt sang it."
    assert verifier.judge("Ada Brandt sang “Rip It Up and Start Again.”", source).verdict != "not found"


@pytest.mark.parametrize(
    ("claim", "source", "theirs", "verdict"),
    [
        ("It carries 172 trains a day.", BRIDGE, "127", "number differs"),
        ("It carries 127 trains a week.", BRIDGE, "day", "check"),
        ("The bridge was opened on 5 May 1931.", BRIDGE, "4 May 1931", "number differs"),
        ("Queen Anna opened the bridge on 4 May 1931.", BRIDGE, "Queen Maria", "check"),
        ("The bridge cost 3.5 million euros.", BRIDGE, "3.5 million", "number differs"),
        ("Engineers from Poland and Norway had built it between 1926 and 1931.", BRIDGE, "Sweden", "check"),
        ("It meets from 9 am to 6 pm.", COUNCIL, "5 pm", "number differs"),
    ],
)
def test_another_fact_in_its_place_is_told_and_only_a_number_is_an_alarm(
    claim: str, source: str, theirs: str, verdict: Verdict, verifier: Verifier
) -> None:
    found = verifier.judge(claim, source)
    assert found.verdict == verdict
    assert f"“{theirs}" in found.reason


@pytest.mark.parametrize(
    ("claim", "source", "verdict"),
    [
        ("It was damaged in the war.", BRIDGE, "denied"),
        ("The bridge was never opened by Queen Maria.", BRIDGE, "denied"),
        ("It isn't true that the bridge was opened by Queen Maria.", BRIDGE, "denied"),
        ("Engineers from Poland and Sweden had not built it.", BRIDGE, "denied"),
        ("Karl Weiss defeated Ada Brandt.", COUNCIL, "check"),
        ("Karl Weiss defeated her by 52 votes to 47.", COUNCIL, "check"),
        ("She defeated Karl Weiss by 47 votes to 52.", COUNCIL, "number differs"),
    ],
)
def test_a_denial_or_an_exchange_is_not_accepted(claim: str, source: str, verdict: Verdict, verifier: Verifier) -> None:
    assert verifier.judge(claim, source).verdict == verdict


@pytest.mark.parametrize(
    "claim", ["The bridge was painted red in 1960.", "The bridge at Ner is the longest in Europe.", "Cats purr."]
)
def test_what_is_not_said_is_not_supported(claim: str, verifier: Verifier) -> None:
    assert not verifier.judge(claim, BRIDGE).holds


def test_a_claim_with_a_clause_that_is_not_said_is_to_be_checked(verifier: Verifier) -> None:
    claim = "The bridge at Ner was opened on 4 May 1931, and the ferry company went bankrupt soon afterwards."
    found = verifier.judge(claim, BRIDGE)
    assert found.verdict == "check"
    assert "the ferry company" in found.reason


def test_an_invented_quotation_is_never_supported(verifier: Verifier) -> None:
    found = verifier.judge("Queen Maria called it “the pride of the nation”.", BRIDGE)
    assert not found.holds
    assert "the pride of the nation" in found.reason


def test_words_that_somebody_denies_are_not_quoted(rules: Verifier) -> None:
    found = rules.judge("the council had lost any money", COUNCIL)
    assert (found.verdict, found.reason) == ("check", "The passage has “denied that” before it.")


def test_words_behind_a_negation_are_denied(rules: Verifier) -> None:
    assert rules.judge("damaged in the war", BRIDGE).verdict == "denied"


def test_a_list_that_is_compared_in_part_is_not_accepted(rules: Verifier) -> None:
    bells = ", ".join(f"{n} kg" for n in range(1000, 1300))
    judgement = rules.judge(f"The bells weigh {bells} and 998 kg.", f"The bells weigh {bells} and 999 kg.")
    assert judgement.verdict == "check"
    assert judgement.reason == "Only the first 60 numbers, dates and names of each kind were compared."


def test_an_address_that_the_passage_lacks_is_told(rules: Verifier) -> None:
    found = rules.judge("It carries [127 trains](https://evil.example/x) a day.", BRIDGE)
    assert found.reason == "The passage does not have the address https://evil.example/x."


def test_the_span_is_the_sentence_that_supports(verifier: Verifier) -> None:
    start, end = verifier.judge("The war did not damage the bridge.", BRIDGE).span or (0, 0)
    assert BRIDGE[start:end] == "It was not damaged in the war."


def test_the_span_of_a_contradiction_is_the_sentence_with_the_other_fact(verifier: Verifier) -> None:
    start, end = verifier.judge("The council has 98 members.", COUNCIL).span or (0, 0)
    assert "99 members" in COUNCIL[start:end]


def test_names_of_the_articles_title_count_as_given(verifier: Verifier) -> None:
    text = "He was elected chair of the council in March 2004."
    claim = "Tom Berg was elected chair of the council in March 2004."
    assert not verifier.judge(claim, text).holds
    assert verifier.judge(claim, text, "Tom Berg: a life").holds


@pytest.mark.parametrize("claim", ["", " [1] ", "..."])
def test_a_claim_without_words_is_not_supported(claim: str, rules: Verifier) -> None:
    assert rules.judge(claim, BRIDGE) == Judgement("not found", 0.0)


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        ("大橋は1931年5月に開通した。", True),
        ("大橋は1932年5月に開通した。", False),
        ("全長は3500メートルである。", True),
        ("全長は3600メートルである。", False),
        ("大橋は戦争で損傷した。", False),
        ("大橋は赤く塗られている。", False),
    ],
)
def test_eastern_claims_are_judged_by_their_characters(claim: str, holds: bool, rules: Verifier) -> None:
    assert rules.judge(claim, OSAKA).holds is holds


def test_a_claim_that_repeats_a_sentence_needs_no_model() -> None:
    likeness = FakeLikeness()
    found = Verifier(likeness).judge("It carries 128 trains a day, about 12% more than in 1998.", BRIDGE)
    assert found.verdict == "number differs"
    assert likeness.grids == 0


def test_passages_are_prepared_in_pieces_that_the_model_sees_whole() -> None:
    likeness = FakeLikeness()
    Verifier(likeness).prepare([_passage(1, BRIDGE), _passage(2, COUNCIL * 8)])
    assert "".join(likeness.prepared).count("Ada Brandt") == 8
    assert all(len(text) < 1100 for text in likeness.prepared)


def test_a_claim_has_the_best_verdict_of_its_citations(verifier: Verifier) -> None:
    found = verifier.check("127 trains cross the bridge every day.", [_passage(1, COUNCIL), _passage(2, BRIDGE)], [])
    assert found.verdict == "supported"
    assert [one.verdict for one in found.judgements] == ["not found", "supported"]


def test_passages_may_support_a_claim_together(verifier: Verifier) -> None:
    first = _passage(1, "The bridge at Ner was opened in 1931.")
    second = _passage(2, "The bridge at Ner was closed in 1998 because of rust.")
    found = verifier.check("The bridge at Ner was opened in 1931 and closed in 1998 because of rust.", [first, second], [])
    assert found.verdict == "supported"
    assert [one.verdict for one in found.judgements] == ["check", "check"]


def test_a_better_source_is_named_where_the_cited_one_does_not_support(verifier: Verifier) -> None:
    cited, other = _passage(1, COUNCIL), _passage(2, BRIDGE)
    found = verifier.check("127 trains cross the bridge every day.", [cited], [_passage(3, "Cats purr."), other])
    assert found.verdict == "not found"
    assert found.better is not None
    assert found.better[0] is other


def test_no_better_source_is_named_where_the_cited_one_supports(verifier: Verifier) -> None:
    found = verifier.check("127 trains cross the bridge every day.", [_passage(1, BRIDGE)], [_passage(2, BRIDGE)])
    assert found.better is None


ARTICLE = "The town has a bridge. The bridge at Ner is open to lorries. By law, the bridge is not open to lorries at night."


def _part(words: str) -> Passage:
    start = ARTICLE.index(words)
    return Passage(1, "a.txt", "", "", "", start, start + len(words), words, 1.0)


def test_what_an_article_says_against_a_claim_is_shown_as_a_doubt(minilm_encoder: LocalEncoder) -> None:
    verifier = Verifier(TokenSimilarity(minilm_encoder.tokens), article=lambda _: ARTICLE)
    found = verifier.check("At Ner, the bridge is open to lorries.", [_part("The bridge at Ner is open to lorries.")], [])
    assert found.verdict == "check" and found.judgements[0].verdict == "check"
    assert found.against is not None and "not" in found.against.reason
    assert ARTICLE[found.against.start : found.against.end] == found.against.quote
    assert found.against.quote == "By law, the bridge is not open to lorries at night."


def test_without_the_article_the_passage_alone_is_looked_at(verifier: Verifier) -> None:
    found = verifier.check("At Ner, the bridge is open to lorries.", [_part("The bridge at Ner is open to lorries.")], [])
    assert (found.verdict, found.against) == ("supported", None)


def test_an_article_that_has_changed_since_is_not_looked_at(minilm_encoder: LocalEncoder) -> None:
    verifier = Verifier(TokenSimilarity(minilm_encoder.tokens), article=lambda _: f"New: {ARTICLE}")
    found = verifier.check("At Ner, the bridge is open to lorries.", [_part("The bridge at Ner is open to lorries.")], [])
    assert found.against is None


def test_an_article_is_read_once(minilm_encoder: LocalEncoder) -> None:
    read: list[str] = []

    def article(id: str) -> str:
        read.append(id)
        return ARTICLE

    verifier = Verifier(TokenSimilarity(minilm_encoder.tokens), article=article)
    for _ in range(2):
        verifier.check("At Ner, the bridge is open to lorries.", [_part("The bridge at Ner is open to lorries.")], [])
    assert read == ["a.txt"]


def test_a_claim_that_cites_nothing_is_uncited(rules: Verifier) -> None:
    assert rules.check("It carries 127 trains a day.", [], []).verdict == "uncited"


def test_what_is_known_of_an_article_is_its_title_author_and_date() -> None:
    passage = Passage(1, "a", "The bridge", "Ada Brandt", "1931-05-04", 0, 1, "x", 1.0)
    assert context_of(passage) == "The bridge\nAda Brandt\n1931-05-04"


def test_a_verdict_does_not_depend_on_what_else_is_judged(minilm_encoder: LocalEncoder) -> None:
    lines = [pair for pair in pairs() if pair["kind"] in ("paraphrase", "altered", "unrelated")][::3]
    asked = [(pair["claim"], pair["source"]) for pair in lines]

    def judged(order: list[int], ahead: int) -> list[Judgement]:
        """By a verifier that has the next sources prepared, so many at a time."""
        verifier = Verifier(TokenSimilarity(minilm_encoder.tokens))
        found: dict[int, Judgement] = {}
        for at in range(0, len(order), ahead):
            here = order[at : at + ahead]
            verifier.prepare([_passage(i, asked[i][1]) for i in here])
            found |= {i: verifier.judge(*asked[i]) for i in here}
        return [found[i] for i in range(len(asked))]

    order = list(range(len(asked)))
    shuffled = random.Random(7).sample(order, len(order))
    assert judged(order, 32) == judged(shuffled, 5)


@pytest.mark.parametrize("claim", ["It was not damaged in the war.", "The bridge carries 128 trains a day."])
def test_the_readers_reviews_change_no_quotation_and_no_named_fault(rules: Verifier, claim: str) -> None:
    as_measured = rules.judge(claim, BRIDGE)
    assert as_measured.measured is None
    assert rules.corrected(ScoreCurve(-3, 0.5)).judge(claim, BRIDGE) == as_measured


def test_the_verdict_goes_by_the_corrected_score() -> None:
    low = corrected(Judgement("supported", 0.8, (0, 3)), ScoreCurve(-3, 1))
    assert (low.verdict, low.measured, low.span) == ("check", 0.8, (0, 3))
    assert low.score == pytest.approx(0.166, abs=0.001)
    high = corrected(Judgement("check", 0.3), ScoreCurve(3, 1))
    assert (high.verdict, high.measured) == ("supported", 0.3)


@pytest.mark.parametrize("judgement", [Judgement("check", 0.3, (0, 3), "“So” is missing."), Judgement("not found", 0.3)])
def test_what_is_missing_stays_missing_however_the_score_is_corrected(judgement: Judgement) -> None:
    found = corrected(judgement, ScoreCurve(3, 1))
    assert found.verdict == judgement.verdict
    assert found.score > judgement.score


def test_the_verifier_that_is_corrected_stays_as_it_was(rules: Verifier) -> None:
    claim = "Engineers had built the bridge."
    before = rules.judge(claim, BRIDGE)
    assert rules.corrected(ScoreCurve(-3, 1)).judge(claim, BRIDGE).score < before.score
    assert rules.judge(claim, BRIDGE) == before


TEXT = "It rained all day. It froze in the night."


def passage(article: str, start: int = 19) -> Passage:
    return Passage(1, article, "", "", "", start, len(TEXT), TEXT[19:], 1.0)


class ReadLog(dict[str, str]):
    """Articles by their ids; it notes which are read."""

    def __init__(self, articles: dict[str, str]) -> None:
        super().__init__(articles)
        self.asked: list[str] = []

    def read(self, id: str) -> str | None:
        self.asked.append(id)
        return self.get(id)


def test_articles_are_remembered_up_to_so_many_characters() -> None:
    log = ReadLog(dict.fromkeys("abc", TEXT))
    texts = ArticleTexts(log.read, most=2 * len(TEXT))
    assert [texts.around(passage(id)) for id in "abcca"] == 5 * [(TEXT, 19)]
    assert (log.asked, len(texts)) == (["a", "b", "c", "a"], 2)


def test_articles_that_are_missing_take_no_room_however_many() -> None:
    texts = ArticleTexts(ReadLog({}).read)
    assert {texts.around(passage(f"{n}.md")) for n in range(100)} == {None}
    assert len(texts) == 0


def test_an_article_that_was_changed_is_read_again() -> None:
    log = ReadLog({"a": "It snowed."})
    texts = ArticleTexts(log.read)
    assert texts.around(passage("a")) is None
    log["a"] = TEXT
    assert (texts.around(passage("a")), len(texts)) == ((TEXT, 19), 1)


def test_an_article_longer_than_the_bound_is_remembered_alone() -> None:
    log = ReadLog({"a": TEXT})
    texts = ArticleTexts(log.read, most=10)
    assert [texts.around(passage("a")) for _ in range(2)] == 2 * [(TEXT, 19)]
    assert log.asked == ["a"]


def test_of_a_very_long_article_only_what_is_near_is_read() -> None:
    text = "\n\n".join(f"Paragraph {n} tells of snow and of nothing else." for n in range(WHOLE // 40))
    start = text.index("Paragraph 9000 ")
    one = Passage(1, "a", "", "", "", start, start + 14, "Paragraph 9000", 1.0)
    around = ArticleTexts({"a": text}.get).around(one)
    assert around is not None
    near, at = around
    assert near[at:].startswith("Paragraph 9000 ")
    assert near in text and 2 * AROUND <= len(near) < WHOLE
