"""Text that is made to take long: each of these took minutes while its time grew with the square of its length."""

import time
from random import Random

import pytest

from bot.answering.markers import Markers
from bot.reading.dates import dates
from bot.reading.quantities import quantities
from bot.reading.words import cleaned
from bot.verification.layout import label_of, named_labels
from bot.verification.roles import turned_verb
from bot.verification.statements import claimed
from vectorstore.readers.document import DocumentPage
from vectorstore.readers.pdf.blocks import ReadPage, document_blocks
from vectorstore.readers.pdf.columns import Region, reading_order
from vectorstore.readers.pdf.runs import LOWERED, RAISED, Rule, TextRun
from vectorstore.readers.pdf.tables import table_rows
from vectorstore.splitting.language import language_of
from vectorstore.splitting.sentences import sentences

_DATES = "The bridge was closed on " + ", ".join(f"{n % 28 + 1} May {1900 + n % 100}" for n in range(4_000)) + "."


def test_a_million_apostrophes_are_no_work_for_the_splitter() -> None:
    text = "'" * 1_000_000
    assert sentences(text) == [(0, len(text))]


def test_twenty_thousand_dates_are_read_in_one_pass() -> None:
    text = " ".join(f"{n % 28 + 1} May {1900 + n % 100}" for n in range(20_000))
    assert len(dates(text, "en")) == 20_000


def test_the_language_of_one_endless_word_is_told_in_one_pass() -> None:
    start = time.process_time()
    language_of("The astronauts were " + "<div>" * 8_000)
    assert time.process_time() - start < 2


def test_a_text_of_empty_lines_is_cleaned_in_one_pass() -> None:
    text = "a" + "\n" * 200_000 + "- b"
    assert cleaned(text) == "a" + " " * 200_002 + "b"


@pytest.mark.parametrize(
    "text",
    ["a <" + "b" * 20_000, "a" + " " * 20_000 + "b", "a <b " + "/on" * 7_000, "[1" + "\t" * 5_000 + "a]"],
    ids=["name", "blanks", "on", "label"],
)
def test_what_a_model_writes_is_read_in_one_pass_however_it_comes(text: str) -> None:
    start = time.process_time()
    markers = Markers()
    shown = "".join(str(part) for at in range(0, len(text), 7) for part in markers.feed(text[at : at + 7]))
    assert (shown + "".join(map(str, markers.end()))).replace("< ", "<") == text
    assert time.process_time() - start < 2


def test_a_claim_of_four_thousand_dates_is_taken_apart_in_one_pass() -> None:
    claim = claimed(_DATES)
    assert claim.verbs == (3,)
    assert turned_verb(claim, [(claim, None)]) is None


def test_numbers_beside_four_thousand_dates_are_read_in_one_pass() -> None:
    assert quantities(_DATES) == ()


def test_one_of_twenty_thousand_rows_is_named_in_one_pass() -> None:
    labels = [label_of(("row", 0, 0), f"Town {n}") for n in range(20_000)]
    assert named_labels({("row", 0, 0): labels}, "Town 1717 has a bridge.") == {("row", 0, 0): (labels[1717],)}


def test_a_table_of_twenty_thousand_cells_is_found_in_one_pass() -> None:
    cells = [TextRun("12", 20 + 25 * n, 30 + 25 * n, 12.0 * row, 8, False) for row in range(1_000) for n in range(20)]
    (table,) = reading_order(cells)
    assert len(table_rows(table, [Rule(20, 12 * row + 3, 520, 12 * row + 3) for row in range(1_000)])) == 1_000


def test_twenty_thousand_labels_on_a_map_are_read_from_the_top() -> None:
    chance = Random(1)
    labels = [
        TextRun("oak", x, x + 5, chance.uniform(0, 3_000), 3, False) for x in (chance.uniform(0, 3_000) for _ in range(20_000))
    ]
    assert sum(region.kind == "table" for region in reading_order(labels)) == 0


def test_a_paragraph_of_twenty_thousand_lines_is_joined_in_one_pass() -> None:
    lines = tuple(TextRun("anunbrokenwordoflettersofthirty", 50, 290, 12.0 * n, 10, False) for n in range(20_000))
    page = ReadPage(DocumentPage("page", 1, "1"), (Region("column", lines, 50, 290),), ())
    (block,) = document_blocks([page])
    assert block.text.count(" ") == 19_999


def test_the_notes_of_5000_pages_are_looked_for_on_their_page() -> None:
    pages = [ReadPage(DocumentPage("page", at, str(at)), _noted_page(), ()) for at in range(1, 5_001)]
    assert sum(block.kind == "note" for block in document_blocks(pages)) == 15_000


def _noted_page() -> tuple[Region, ...]:
    text = [TextRun(f"It was said.{RAISED}{n}{LOWERED}", 50, 290, 100 + 40.0 * n, 10, False) for n in (1, 2, 3)]
    notes = [TextRun(f"{RAISED}{n}{LOWERED} See there.", 50, 200, 500 + 10.0 * n, 7, False) for n in (1, 2, 3)]
    return (Region("column", (*text, *notes), 50, 290),)
