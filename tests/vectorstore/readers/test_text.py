"""Scraped pages come apart into their articles; ordinary texts stay whole. All pages but the given one are made up."""

import os
from pathlib import Path

import pytest

from vectorstore.readers import read
from vectorstore.readers.text import PageArticle, split_page
from vectorstore.types import Article

GIVEN = Path(os.environ.get("FOOTNOTE_SCRAPED") or Path(__file__).parents[4] / "shared" / "seeds")

OPENING = (
    "The old tram line between the harbour and the market has been closed for eleven years, and nobody has missed it more "
    "than the people of the lower town.\n"
    "Reopening it would cost the city less than the new car park that it has planned for the same street. The council knows "
    "the figures, as it paid for them.\n"
    "What is lacking is the courage to tell drivers that the street is not theirs alone."
)
BIO = "Marit Solheim is a lecturer in urban planning and a former member of the transport board."
BEES = (
    "A cold April has left beekeepers in the north with half of their hives. The insects had begun to fly in March, when a "
    "fortnight of warm weather woke them. Now many keepers wonder whether they can afford to"
)
CHESS = (
    "Every Thursday evening the back room of the public library fills with people who do not say a word. They come to play "
    "chess, and some of them have come for forty years. The club’s oldest player, who turned ninety in May, says that"
)
STEEL = (
    "Prices of steel fell again last month, as orders from shipyards dried up and furnaces were kept running all the same. "
    "Analysts had expected a modest recovery in the third quarter, which now looks"
)


def lines(*parts: str) -> str:
    return "\n".join(parts)


def spaced(*parts: str) -> str:
    return "\n\n".join(parts)


PAGES = {
    "note on the author, then teasers": (lines(OPENING, BIO, BEES, CHESS, STEEL), 4),
    "translator alone, then teasers": (lines(OPENING, "Translated by Jonas Lindqvist", BEES, CHESS), 3),
    "blank lines between all": (spaced(OPENING.replace("\n", "\n\n"), BIO, BEES, CHESS), 3),
    "byline at the top, none at the end": (lines("By Marit Solheim", OPENING, BEES, CHESS), 3),
    "no credits at all, ellipses": (lines(OPENING, BEES + "…", CHESS + " ...", STEEL + " [...]"), 4),
    "read more behind each": (lines(OPENING, BIO, BEES + "... Read more", CHESS + "... Read more »"), 3),
    "read more on lines of their own": (spaced(OPENING, BIO, BEES, "Continue reading →", CHESS, "Continue reading →"), 3),
    "headings over the teasers": (spaced(OPENING, BIO, "Hard times for bees", BEES, "A silent room", CHESS), 3),
    "headings, bylines and dates over the teasers": (
        spaced(OPENING, BIO, "Hard times for bees", "By Ada Brandt", BEES, "A silent room", "By Pia Moe", CHESS),
        3,
    ),
    "a label before the teasers": (spaced(OPENING, "Related articles", BEES, CHESS), 3),
    "a label and a single teaser": (spaced(OPENING, "Read next", BEES), 2),
    "one teaser after a note on the author": (lines(OPENING, BIO, BEES), 2),
    "one teaser after author and translator": (lines(OPENING, BIO, "Translated by Jonas Lindqvist", BEES), 2),
    "rights line, then teasers": (lines(OPENING, "© 2021 The Lower Town Courier", BEES, CHESS), 3),
    "a foot under the teasers": (spaced(OPENING, BIO, BEES, CHESS, "Subscribe to our newsletter", "© 2021 Courier Media"), 3),
    "a disclaimer between credits and teasers": (
        lines(OPENING, BIO, "The views expressed here are her own and not those of this newspaper.", BEES, CHESS),
        3,
    ),
    "two notes on two authors": (lines(OPENING, BIO, "Per Aas is an architect in Bergen.", BEES, CHESS), 3),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_comes_apart_into_its_articles(name: str) -> None:
    text, articles = PAGES[name]
    assert [piece.cut_off for piece in split_page(text)] == [False] + [True] * (articles - 1)


@pytest.mark.parametrize(
    "label",
    [
        "Ähnliche Artikel",
        "Lire aussi",
        "Te puede interesar",
        "Leia também",
        "Articoli correlati",
        "Lees ook",
        "相关文章",
        "関連記事",
        "관련 기사",
    ],
)
def test_a_label_over_one_teaser_is_known_in_each_language(label: str) -> None:
    assert [piece.cut_off for piece in split_page(spaced(OPENING, label, BEES))] == [False, True]


@pytest.mark.parametrize(
    "more", ["Weiterlesen", "Lire la suite", "Leer más", "Leggi di più", "Lees verder", "阅读全文", "続きを読む", "더 보기"]
)
def test_the_words_for_reading_on_are_known_in_each_language(more: str) -> None:
    assert [one.cut_off for one in split_page(spaced(OPENING, BIO, f"{BEES} {more}", f"{CHESS} {more}"))] == [False, True, True]


def test_a_part_that_was_split_off_names_the_page_it_stood_on(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(spaced(OPENING, BIO, BEES, CHESS), "utf-8")
    articles = [one for one in read(tmp_path / "page.txt", tmp_path) if isinstance(one, Article)]
    assert [one.metadata.get("part_of") for one in articles] == [None, "page.txt", "page.txt"]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_of_a_page_is_lost_between_its_articles(name: str) -> None:
    text, _ = PAGES[name]
    assert "".join("".join(text[p.start : p.end] for p in split_page(text)).split()) == "".join(text.split())


POEM = (
    "The lamps along the quay are lit\nAnd all the boats come in,\nThe gulls upon the railing sit\nAnd raise "
    "their evening din,\n\n"
    "And I who had nowhere to go\nWent down to see the lights,\nAs one who has no need to know\nWill count the stars at nights"
)
WRAPPED = (
    "When the first settlers came up the river they found a ford and a mill\n"
    "that nobody had used for a generation. They mended the wheel and built\n"
    "nine houses, of which three are standing. The church is younger: it was\n"
    "begun in 1711 and has never been finished, for want of money and later\n"
    "for want of people\n\n"
    "The railway came in 1868 and left again in 1959. What it brought in the\n"
    "meantime was a hotel, two banks and a great deal of smoke, and when the\n"
    "trains stopped the banks went first. The hotel lasted until the winter\n"
    "of 1964, which older people still call the year without a spring"
)
TALK = [
    "We began with two rooms and a borrowed press, and for the first year we printed nothing but tickets for the ferry",
    "Then somebody asked for a poster, and we had no large type, so my sister cut the letters out of pine with a knife",
    "After that we were known for the letters, which was never the plan, and people came from other towns to see them",
]
ORDINARY = {
    "several paragraphs": OPENING,
    "the last paragraph lacks its full stop": lines(OPENING, BEES),
    "a poem": POEM,
    "a poem with a note on the poet": spaced(POEM, "Ines Falk is a poet and lives in Lund."),
    "hard-wrapped prose": WRAPPED,
    "a list": "What to bring on the walk:\n- a coat that keeps out rain and weighs no more than a loaf\n- boots\n- bread",
    "a long list without full stops": lines(OPENING, *(f"{n}. {line}" for n, line in enumerate(TALK, 1))),
    "headings without full stops": spaced("The tram line", OPENING, "What it would cost", OPENING, "Conclusion", OPENING),
    "a transcript": lines(*(f"{who}: {line}" for who, line in zip("ABA", TALK, strict=True))),
    "speech without full stops": lines(*TALK, *TALK),
    "a letter signed at its end": spaced("Dear Sir,", OPENING, "Yours faithfully,", "Marit Solheim\nBergen"),
    "a note on a person in the middle": lines(OPENING, BIO, OPENING.replace("tram", "bus")),
    "a note on a person, then what she says, broken off": lines(
        OPENING, BIO, "She believes that the line could be " + "open again, " * 9 + "if"
    ),
    "a person known from the text": lines(
        OPENING, "“It is a shame,” says Marit Solheim.", BIO, BEES.replace("keepers", "members")
    ),
    "an article that a paywall breaks off": lines(
        OPENING, OPENING + " The council and the drivers of the lower town, who know the street"
    ),
    "a story that trails off": lines(
        OPENING, "He walked along the harbour, where the tram had run, and thought of the market and the…"
    ),
    "one paragraph": BEES,
    "a heading alone": "The tram line",
    "teasers alone": lines(BEES, CHESS, STEEL),
}


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_text_stays_whole(name: str) -> None:
    text = ORDINARY[name]
    assert [(piece.start, piece.end, piece.cut_off) for piece in split_page(text)] == [(0, len(text), False)]


def article(*parts: str) -> PageArticle:
    return split_page(lines(*parts))[0]


def test_the_author_is_taken_from_the_note_at_the_end() -> None:
    assert article(OPENING, BIO, BEES).credits.author == "Marit Solheim"


def test_the_author_is_taken_from_the_byline() -> None:
    assert article("By MARIT SOLHEIM", OPENING).credits.author == "Marit Solheim"


def test_two_authors_are_both_named() -> None:
    assert article(OPENING, BIO, "Per Aas is an architect in Bergen.", BEES, CHESS).credits.author == "Marit Solheim, Per Aas"


def test_a_note_at_the_end_of_a_text_without_teasers_names_its_author() -> None:
    assert article(OPENING, BIO).credits.author == "Marit Solheim"


def test_a_note_in_the_middle_names_nobody() -> None:
    assert article(OPENING, BIO, OPENING.replace("tram", "bus")).credits.author == ""


def test_an_encyclopedia_entry_is_not_by_whom_it_is_about() -> None:
    assert article("Marit Solheim", BIO).credits.author == ""


def test_translator_source_and_date_are_taken_from_their_lines() -> None:
    page = (
        "Published: March 4, 2021",
        OPENING,
        BIO,
        "Translated from Norwegian by Jonas Lindqvist",
        "Source: Lower Town Courier",
        BEES,
    )
    found = article(*page).credits
    assert (found.translator, found.source, found.date) == ("Jonas Lindqvist", "Lower Town Courier", "2021-03-04")


def test_the_credit_lines_stay_in_the_articles_text() -> None:
    text = lines(OPENING, BIO, "Translated by Jonas Lindqvist", BEES)
    main = split_page(text)[0]
    assert text[main.start : main.end] == lines(OPENING, BIO, "Translated by Jonas Lindqvist")


def test_the_heading_over_a_teaser_is_its_title() -> None:
    text = spaced(OPENING, BIO, "Hard times for bees", BEES, "A silent room", CHESS)
    assert [text[piece.title :].split("\n")[0] for piece in split_page(text)[1:]] == ["Hard times for bees", "A silent room"]


def test_the_byline_over_a_teaser_is_its_authors() -> None:
    text = spaced(OPENING, BIO, "Hard times for bees", "By Ada Brandt", BEES, "A silent room", "By Pia Moe", CHESS)
    assert [piece.credits.author for piece in split_page(text)] == ["Marit Solheim", "Ada Brandt", "Pia Moe"]


def test_a_title_is_not_made_of_the_byline() -> None:
    text = lines("By Marit Solheim", OPENING)
    assert text[split_page(text)[0].title :].startswith("The old tram")


def test_a_very_long_text_is_not_looked_through() -> None:
    text = lines(OPENING, BIO, BEES, CHESS) + "\n" * 500_000
    assert len(split_page(text)) == 1


needs_page = pytest.mark.skipif(not GIVEN.is_dir(), reason="FOOTNOTE_SCRAPED names no folder with the scraped page")


@needs_page
def test_the_given_page_is_an_op_ed_and_four_teasers() -> None:
    text = next(GIVEN.glob("*.txt")).read_text("utf-8")
    pieces = split_page(text)
    assert [piece.cut_off for piece in pieces] == [False, True, True, True, True]
    assert [text[piece.start :].split(" ")[0] for piece in pieces] == ["Although", "Elon", "Ever", "“There’s", "With"]


@needs_page
def test_the_given_page_names_its_author_and_translator() -> None:
    found = split_page(next(GIVEN.glob("*.txt")).read_text("utf-8"))[0].credits
    assert (found.author, found.translator) == ("Yao Chung-yuan", "Eddy Chang")


@pytest.mark.parametrize(
    "opening", ["Le 3 mai 2021, la digue a cédé.", "Am 12. März 2021 tagte der Rat von Ner.", "2021年3月4日，大坝决堤了。"]
)
def test_a_sentence_with_a_day_in_it_is_no_date_of_the_article(tmp_path: Path, opening: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{opening}\n\n{OPENING}", "utf-8")
    assert [one.date for one in read(path, tmp_path) if isinstance(one, Article)] == [""]


@pytest.mark.parametrize("line", ["Montag, den 12. März 2021", "Publié le 12 mars 2021", "2021年3月12日"])
def test_a_line_that_is_a_date_dates_the_article(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"A title\n\n{line}\n\n{OPENING}", "utf-8")
    assert [one.date for one in read(path, tmp_path) if isinstance(one, Article)] == ["2021-03-12"]
