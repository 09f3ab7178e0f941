"""What in a text of Markdown's family is markup and no words: never quoted, and an image's data never even searched."""

import pytest

from vectorstore.splitting.markup import blanked, image_data
from vectorstore.splitting.outline import outline
from vectorstore.splitting.split import split

DATA = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"

MARKUP = {
    "an import of MDX": "import Chart from './chart.js'",
    "an export of MDX": "export const meta = {\n  year: 2018,\n}",
    "a component": "<Chart year={2018} on={() => go({a: 1})} />",
    "an embed of Obsidian": "![[map.png]]",
    "a remark of Obsidian": "%% a private remark %%",
    "tags": "#water #dams/old",
    "the title of a callout": "> [!note] On height",
    "a shortcode of Hugo": "{{< youtube w7Ft2ymGmfc >}}",
    "a tag of Liquid": "{% include foot.html %}",
    "attributes": "{: .wide}",
    "a directive": ":::note",
    "an image of Markdown": f"![a tower]({DATA})",
    "an image of HTML": f'<img alt="a tower" src="{DATA}">',
    "the address of an image": f"[image1]: <{DATA}>",
    "a drawing": "<svg><text>No words</text>\n\n<path d='M0 0'/></svg>",
    "a script": "<script>\n\nlet words = 'no words';\n\n</script>",
    "base64 alone": "iVBORw0KGgoAAAANSUhEUg1" * 40,
}


@pytest.mark.parametrize("name", MARKUP)
def test_markup_is_not_quotable_and_what_stands_beside_it_is(name: str) -> None:
    text = f"The gate is old.\n\n{MARKUP[name]}\n\nThe dam is high.\n"
    found = outline(text)
    assert [found.words(one) for one in found.blocks if one.quotable] == ["The gate is old.", "The dam is high."]


@pytest.mark.parametrize("name", [name for name in MARKUP if "image" in name or name in ("a drawing", "base64 alone")])
def test_an_images_data_is_in_no_chunk(name: str) -> None:
    text = f"The gate is old. {MARKUP[name]}\n\nThe dam is high.\n" if "address" not in name else f"A gate.\n\n{MARKUP[name]}\n"
    chunks = split(text, 50, lambda texts: [len(one.split()) for one in texts])
    assert all(text[one.start : one.end] == one.text for one in chunks)
    assert not any(sign in one.text for one in chunks for sign in ("iVBOR", "<path", "data:"))


def test_a_comment_with_code_in_it_is_one_comment() -> None:
    assert not blanked("<!-- The key `target` is old. Use `sites`. -->").strip()


@pytest.mark.parametrize("tags", ["`code`\n#one #two", "`code`#one", "5 % of it\n #one", "[x] and\n[toc]", "[x] and ^id"])
def test_tags_and_ids_are_blanked_beside_code_and_signs(tags: str) -> None:
    assert not any(sign in blanked(tags) for sign in ("#", "toc", "^"))


def test_blanks_keep_every_offset() -> None:
    text = "\n\n".join(MARKUP.values())
    assert len(blanked(text)) == len(text) and blanked(text).count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "The rate is 5 % or 6 % of it.",
        "`{{ name }}` stands for the name.",
        "```\nimport x from 'y'\n```",
        "Import duties rose from 2 to 5.",
        "#1 is the best of them.",
        "A < B and B > C.",
        "See data: it is there.",
        "{not} a tag",
    ],
)
def test_plain_words_stay(text: str) -> None:
    assert (blanked(text), image_data(text)) == (text, [])


def test_a_sentence_with_the_id_of_its_block_is_no_heading() -> None:
    text = "The dam is 40 metres high. ^height\n\nIt is old.\n"
    assert [one.kind for one in outline(text).blocks] == ["paragraph", "paragraph"]


def test_what_is_shown_of_a_wikilink_are_the_words() -> None:
    found = outline("The dam at [[places/brenn|Brenn]] near [[Auer]] is high.\n")
    assert found.words(found.blocks[0]) == "The dam at Brenn near Auer is high."


@pytest.mark.parametrize(
    "line",
    [
        "Facebook Twitter WhatsApp",
        "Share on Facebook | LinkedIn | E-Mail",
        "Home | News | Sport | Culture | Weather",
        "Teilen: 微信 微博",
    ],
)
def test_a_row_of_links_is_not_quotable(line: str) -> None:
    found = outline(f"The gate is old.\n\n{line}\n\nThe dam is high.\n")
    assert [found.words(one) for one in found.blocks if one.quotable] == ["The gate is old.", "The dam is high."]


@pytest.mark.parametrize(
    "line", ["She left Facebook for Twitter in the year of the flood.", "Vik · 4 June 2019 · Ada Brandt · 3 minutes"]
)
def test_a_line_about_services_or_dates_is_no_row_of_links(line: str) -> None:
    assert outline(f"The gate is old.\n\n{line}\n\nThe dam is high.\n").blocks[1].kind != "links"
