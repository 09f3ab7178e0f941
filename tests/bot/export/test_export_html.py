"""The HTML file stands for itself, and nothing in it is taken for markup that was not meant as such."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packs import NASTY, full, item, nasty, pack, silent, written

from bot.export import as_html
from bot.types import Answer, Citation

VOID = {"meta", "br"}


class Read(HTMLParser):
    """A page taken apart; `problems` are tags that are not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.words = ""
        self.marked = ""
        self.problems: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.problems += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.attributes |= found.keys()
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.problems.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words += data
        if "mark" in self._open:
            self.marked += data


@pytest.fixture(scope="module")
def page() -> Read:
    return Read(as_html(full()))


def test_every_tag_is_closed(page: Read) -> None:
    assert page.problems == []


def test_nothing_in_it_runs_or_fetches(page: Read) -> None:
    assert not {"script", "img", "link", "iframe", "form", "base", "object"} & set(page.tags)
    assert not {name for name in page.attributes if name.startswith("on") or name in {"src", "style", "action"}}


def test_its_links_lead_to_itself_and_arrive(page: Read) -> None:
    assert page.links and all(link.startswith("#") and link[1:] in page.ids for link in page.links)


def test_every_id_is_there_once(page: Read) -> None:
    assert len(page.ids) == len(set(page.ids))


def test_each_marker_leads_to_its_quotation_and_back() -> None:
    page = Read(as_html(pack(item("When?", written()))))
    assert [link for link in page.links if "-c" in link] == ["#q1-c1", "#q1-c2", "#q1-c3", "#q1-c4"]
    assert [link for link in page.links if "-m" in link] == ["#q1-m1", "#q1-m2", "#q1-m3", "#q1-m4"]


def test_the_quotations_are_marked_in_their_passages() -> None:
    page = Read(as_html(pack(item("When?", written()))))
    assert page.marked == "The bridge was opened in 1932 [1]" + "after four years of work" + "the toll was lifted in 1988"


@pytest.mark.parametrize(
    "words",
    [
        "✓ Accepted by Ann, 2026-03-04 05:06 UTC",
        "It says\nfour years.",
        "Check",
        "No passage 7 was given to the model.",
        "characters 135 to 159",
        "openai:m",
        "minilm 384, splitter 3",
        "Footnote 0.2.0",
        "Feedback: missing source by Ben. There is a\nreport.",
        "The connection ended before the answer did.",
        "Kept to: bridge.txt · since 1990",
        "https://example.org/a?b=1&c",
    ],
)
def test_it_tells_all_that_is_known(page: Read, words: str) -> None:
    assert words in page.words


def test_untrusted_words_are_shown_as_they_are() -> None:
    page = Read(as_html(pack(item(NASTY, nasty()), title=NASTY)))
    assert page.words.count(NASTY) > 5


def test_a_quotation_is_read_without_the_marks_of_markdown() -> None:
    quote = "## The **bridge** at [Ner](https://ner.example)"
    cited = Citation(1, "a.md", "A", 0, len(quote), quote, "quoted")
    answer = Answer("What?", text=f"Word for word:\n\n{quote} [1]", mode="quotes", citations=(cited,))
    page = Read(as_html(pack(item("What?", answer))))
    assert page.marked == "The bridge at Ner"
    assert "**" not in page.words and "](" not in page.words and "##" not in page.words


def test_silence_shows_the_nearest_passages() -> None:
    assert "The nearest passages" in Read(as_html(pack(item("Why?", silent())))).words


@given(st.text())
def test_any_text_can_be_exported(text: str) -> None:
    answer = Answer(text, text, text, False, 0.5, "model", (), (), (), notes=(text,))
    html = as_html(pack(item(text, answer), title=text))
    assert Read(html).problems == []
    assert html.encode()
