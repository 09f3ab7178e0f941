"""Transcripts: whole sentences, who says them, and when."""

from pathlib import Path

import pytest

from vectorstore.readers import read
from vectorstore.splitting.outline import outline
from vectorstore.types import Article, Failure, OmittedText

TEAMS = """WEBVTT - The council

1
00:00:01.000 --> 00:00:03.000
<v Ada Brandt>The dam is old,
and it leaks.</v>

2
00:00:03.500 --> 00:00:04.000
<v Ada Brandt>[laughs] We know.</v>

3
01:00:04.000 --> 01:00:05.000
<v Pia Moe>Since when?</v>
"""
ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:03.000
Ada Brandt: The dam is old,

2
00:00:03.000 --> 00:00:05.000
Ada Brandt: and it leaks. We know.

3
01:00:04.000 --> 01:00:05.000
Pia Moe: Since when?
"""
SUBRIP = """1\r
00:00:01,000 --> 00:00:03,000\r
<i>ADA BRANDT: The dam is old,\r
and it leaks.</i>\r
\r
2\r
00:00:03,500 --> 00:00:04,000\r
{\\an8}We know.\r
\r
3\r
01:00:04,000 --> 01:00:05,000\r
PIA MOE: Since when?\r
"""
YOUTUBE = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.470 align:start position:0%
 
the<00:00:00.400><c> dam</c><00:00:00.640><c> is old</c>

00:00:02.470 --> 00:00:02.480 align:start position:0%
the dam is old
 

00:00:02.480 --> 00:00:05.000 align:start position:0%
the dam is old
and<00:00:02.700><c> it leaks</c>

00:01:09.000 --> 00:01:12.000
[Music]
so they close it
"""  # noqa: W293


def take(folder: Path, name: str, content: str) -> Article:
    path = folder / name
    path.write_text(content, "utf-8", newline="")
    (article,) = read(path, folder)
    assert isinstance(article, Article)
    return article


@pytest.mark.parametrize(("name", "content"), [("a.vtt", TEAMS), ("b.vtt", ZOOM), ("c.srt", SUBRIP)])
def test_cues_are_joined_to_the_turns_of_their_speakers(tmp_path: Path, name: str, content: str) -> None:
    article = take(tmp_path, name, content)
    assert article.text == "Ada Brandt: The dam is old, and it leaks. We know.\n\nPia Moe: Since when?"
    assert [(one.kind, one.label, article.text[one.start : one.end][:3]) for one in article.pages] == [
        ("time", "00:01", "Ada"),
        ("time", "1:00:04", "Pia"),
    ]
    assert [one.speaker for one in outline(article.text).blocks] == ["Ada Brandt", "Pia Moe"]


def test_the_header_gives_the_title_and_sounds_are_left_out(tmp_path: Path) -> None:
    article = take(tmp_path, "a.vtt", TEAMS)
    assert (article.title, article.omitted) == ("The council", (OmittedText("sound", "[laughs]"),))


def test_captions_that_repeat_their_lines_are_read_once(tmp_path: Path) -> None:
    article = take(tmp_path, "a.vtt", YOUTUBE)
    assert article.text == "the dam is old and it leaks\n\nso they close it"
    assert ([one.label for one in article.pages], article.language) == (["00:00", "01:09"], "en")


def test_the_name_of_a_recording_gives_its_date(tmp_path: Path) -> None:
    assert take(tmp_path, "GMT20210304-101500_Recording.transcript.vtt", ZOOM).date == "2021-03-04"


def test_dashes_part_two_speakers_in_one_cue(tmp_path: Path) -> None:
    assert take(tmp_path, "a.srt", "1\n00:00:01,000 --> 00:00:02,000\n- Since when?\n- Since May.\n").text == (
        "Since when?\n\nSince May."
    )


def test_a_file_without_cues_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    path.write_text("WEBVTT\n\nhello\n")
    (failure,) = read(path, tmp_path)
    assert isinstance(failure, Failure) and failure.reason.startswith("The transcript has no lines with a time")
