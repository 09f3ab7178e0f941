"""The articles that are remembered: read once, up to a bound, and as they are now."""

from bot.types import Passage
from bot.verification.article_texts import AROUND, WHOLE, ArticleTexts

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
