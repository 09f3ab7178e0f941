"""Tables and labelled lists, read as records."""

import pytest

from bot.verification.tables import NOWHERE, Record, tables
from vectorstore.splitting.outline import outline

MARKDOWN = "| Village | Founded |\n|---|---|\n| Aal | 1901 |\n| Bek | 1933 |\n"
ALIGNED = "Village    Founded\nAal        1901\nBek        1933\n"
TABBED = "Village\tFounded\nAal\t1901\nBek\t1933\n"
COMMAS = "Village,Founded\nAal,1901\nBek,1933\n"
RULED = "+---------+---------+\n| Village | Founded |\n+---------+---------+\n| Aal     | 1901    |\n| Bek     | 1933    |\n"


def _read(text: str) -> list[tuple[str, dict[str, str]]]:
    return [(text[slice(*one.key)], _fields(text, one)) for one in tables(outline(text)).records]


def _fields(text: str, one: Record) -> dict[str, str]:
    return {text[slice(*each.name)]: text[slice(*each.value)] for each in one.fields}


@pytest.mark.parametrize("text", [MARKDOWN, ALIGNED, TABBED, COMMAS, RULED])
def test_a_row_is_a_record_with_its_headers(text: str) -> None:
    assert _read(text) == [
        ("Aal", {"Village": "Aal", "Founded": "1901"}),
        ("Bek", {"Village": "Bek", "Founded": "1933"}),
    ]


def test_the_key_is_the_first_column_of_words_that_are_all_different() -> None:
    text = "| Time | Speaker |\n|---|---|\n| 9:00 | Ada |\n| 9:30 | Karl |\n"
    assert [key for key, _ in _read(text)] == ["Ada", "Karl"]


def test_prose_is_no_table() -> None:
    text = "It rained all day.  Nobody came.\nThey went home.  It was late.\nAda stayed.  She slept.\n"
    assert tables(outline(text)).records == ()


def test_labelled_lines_below_a_heading_are_a_record_of_it() -> None:
    text = "# Herrick Bridge\n\n- **Opened:** 1931\n- **Length:** 412 m\n"
    assert _read(text) == [("# Herrick Bridge", {"Opened": "1931", "Length": "412 m"})]


def test_a_label_that_comes_again_begins_the_next_record() -> None:
    text = "Model: Finch 3\nWeight: 1 kg\n\nModel: Heron 5\nWeight: 2 kg\n"
    assert [key for key, _ in _read(text)] == ["Finch 3", "Heron 5"]


def test_a_list_of_figures_alone_has_no_key() -> None:
    (record,) = tables(outline("spring round: 1 March\nautumn round: 15 September\n")).records
    assert record.key == NOWHERE


def test_the_header_is_told_apart() -> None:
    (header,) = tables(outline(MARKDOWN)).headers
    assert "Founded" in MARKDOWN[header.start : header.end]
