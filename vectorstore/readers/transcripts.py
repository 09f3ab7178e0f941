"""`.vtt` and `.srt` -> one article: cues joined to whole sentences, who says them, and at what time.

A cue is as much as fits on a screen, so sentences run over several of them. YouTube's captions repeat each line in the next
cue; Zoom's and Teams' name the speaker in the words or in a tag. What is only heard ("[Music]") is left out, and said to be.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from vectorstore.errors import ReadError
from vectorstore.readers.converted import OmittedParts
from vectorstore.readers.document import DocumentBlock, DocumentPage, rendered
from vectorstore.readers.fields import article_fields, build_article
from vectorstore.readers.files import open_text_file, printable
from vectorstore.splitting.sentences import ends_sentence
from vectorstore.types import Article, Failure

PAUSE = 3.0
"""Seconds of silence after which a new paragraph begins."""
LONG = 400
"""Characters after which a paragraph ends with the sentence."""
LONGEST = 900
"""Characters after which it ends in any case: machines that listen often set no full stops."""

# `00:01.000 --> 00:04.000`, with or without hours; SRT has a comma before the thousandths.
_TIMING = re.compile(r"^[ \t]*((?:\d+:)?\d{1,2}:\d\d[.,]\d{1,3})[ \t]*-->[ \t]*((?:\d+:)?\d{1,2}:\d\d[.,]\d{1,3})")
# Who speaks, in WebVTT: `<v Ada>`, with classes `<v.loud Ada>`.
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>", re.IGNORECASE)
# Tags, times inside of a line (`<00:01.500>`), and codes for its place that SRT took from other formats (`{\an8}`).
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}")
# "[Music]", "♪ la la ♪", "(laughs)", "(LAUGHTER)".
_SOUND = re.compile(r"\[[^\[\]]{1,60}\]|[♪♫]+[^♪♫]*[♪♫]+|[♪♫]|\((?:[a-z][a-z ]{1,30}|[A-Z][A-Z ]{1,30})\)")
# ">> ADA BRANDT: ...", "- Ada: ...", "Speaker 2: ...", "Ada (Ner): ...".
_SPEAKER = re.compile(
    r"(?:>>+\s*|[-–]\s+)?(?P<who>[^\W\d_][\w.’'-]*(?: (?:[^\W\d_][\w.’'-]*|\d{1,2}|\([^()]{1,30}\))){0,4})\s?[:：]\s+(?=\S)"
)
_CHANGE = re.compile(r"(?:>>+|[-–])\s+")
_HEADER_TITLE = re.compile(r"WEBVTT[ \t]*(?:[-–—][ \t]*)?(\S.*)?")
_HEADER_FIELD = re.compile(r"(Title|Language|Date|Author|Source|URL):\s*(\S.*)", re.IGNORECASE)
# `GMT20240211-091400_Recording.transcript.vtt`.
_ZOOM_NAME = re.compile(r"GMT(\d{8})-\d{6}")


@dataclass(frozen=True, slots=True)
class TranscriptCue:
    """One line of a transcript: when it is said, in seconds, by whom ("" where it is not told), and the words."""

    start: float
    end: float
    speaker: str
    words: str
    changes: bool = False


def read_transcript(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """One article, of which each paragraph has its time as its page. Raises `ReadError` where there are no cues."""
    file = open_text_file(path, max_bytes)
    omitted = OmittedParts()
    found = list(transcript_cues(file.text, omitted))
    if not found:
        raise ReadError("The transcript has no lines with a time (such as 00:01.000 --> 00:04.000) and words.")
    text, pages = rendered(_paragraphs(found))
    stated = article_fields(_header(file.text) | _named(path), text)
    media_type = "text/vtt" if path.suffix.lower() == ".vtt" else "application/x-subrip"
    article = build_article(where, text, path, stated, printable(path.stem).removesuffix(".transcript").replace("_", " "))
    yield replace(article, pages=pages, omitted=omitted.collected(), media_type=media_type)
    yield from (Failure(where, note, taken=True) for note in (*file.notes, *stated.notes))


def _header(text: str) -> dict[str, object]:
    """What the lines above the first cue state."""
    head = re.split(r"\n[ \t]*\n", text.lstrip(), maxsplit=1)[0].splitlines()
    if not head or not (first := _HEADER_TITLE.match(head[0])):
        return {}
    fields: dict[str, object] = {
        found[1].lower(): found[2] for line in head if (found := _HEADER_FIELD.fullmatch(line.strip()))
    }
    return {"title": first[1], **fields} if first[1] and "-->" not in first[1] else fields


def _named(path: Path) -> dict[str, object]:
    """The day that Zoom writes into the name of a recording."""
    found = _ZOOM_NAME.search(path.name)
    return {"date": found[1]} if found else {}


def transcript_cues(text: str, omitted: OmittedParts) -> Iterator[TranscriptCue]:
    """The cues in order, each line once, one for each speaker in it.

    >>> cues = transcript_cues("WEBVTT\\n\\n00:01.000 --> 00:02.500\\n<v Ada>It is old.\\n", OmittedParts())
    >>> [(cue.start, cue.speaker, cue.words) for cue in cues]
    [(1.0, 'Ada', 'It is old.')]
    """
    lines = text.splitlines()
    speaker, before = "", ""
    at = 0
    while at < len(lines):
        timing = _TIMING.match(lines[at])
        at += 1
        if not timing:
            continue
        said: list[str] = []
        # Only an empty line ends a cue: YouTube sets lines with nothing but a space inside of one.
        while at < len(lines) and not _TIMING.match(lines[at]) and lines[at]:
            said.append(lines[at])
            at += 1
        # In SRT a number stands over the next cue, without a blank line where a program was careless.
        if said and at < len(lines) and _TIMING.match(lines[at]) and said[-1].strip().isdecimal():
            said.pop()
        for line in said:
            # Captions that roll repeat the last line in the next cue.
            named, changes, words = _spoken(line, omitted)
            if not words or words == before:
                continue
            before = words
            # Whoever spoke last goes on, unless a dash says that it is another one.
            speaker = named or ("" if changes else speaker)
            yield TranscriptCue(_seconds(timing[1]), _seconds(timing[2]), speaker, words, changes)


def _spoken(line: str, omitted: OmittedParts) -> tuple[str, bool, str]:
    """The speaker who is named, whether another one begins, and the words of a line."""
    voice = _VOICE.search(line)
    plain = " ".join(html.unescape(_TAG.sub("", line)).split())
    for sound in _SOUND.findall(plain):
        omitted.add("sound", sound)
    plain = " ".join(_SOUND.sub(" ", plain).split())
    label = _SPEAKER.match(plain)
    if label and _is_name(label["who"]):
        return label["who"].title() if label["who"].isupper() else label["who"], False, plain[label.end() :]
    change = _CHANGE.match(plain)
    words = plain[change.end() :] if change else plain
    return (voice[1].strip() if voice else ""), bool(change), words


def _is_name(words: str) -> bool:
    """Whether a label can be a speaker: each word begins with a capital, or the script has none."""
    return all(not word[0].islower() for word in words.replace("(", "").split())


def _seconds(stamp: str) -> float:
    parts: list[float] = [float(part.replace(",", ".")) for part in stamp.split(":")]
    return sum(part * 60.0**power for power, part in enumerate(reversed(parts)))


def _paragraphs(cues: Iterable[TranscriptCue]) -> Iterator[DocumentBlock]:
    """Cues of one speaker joined to paragraphs of whole sentences."""
    held: list[TranscriptCue] = []
    number = 0
    for cue in cues:
        if held and _begins_anew(held, cue):
            number += 1
            yield _block(held, number)
            held = []
        held.append(cue)
    if held:
        yield _block(held, number + 1)


def _begins_anew(held: list[TranscriptCue], cue: TranscriptCue) -> bool:
    if cue.speaker != held[-1].speaker or cue.changes:
        return True
    size = sum(len(one.words) + 1 for one in held)
    ended = ends_sentence(held[-1].words)
    return cue.start - held[-1].end > PAUSE or (ended and size > LONG) or size > LONGEST


def _block(held: list[TranscriptCue], number: int) -> DocumentBlock:
    words = " ".join(cue.words for cue in held)
    page = DocumentPage("time", number, time_label(held[0].start))
    # A group each: between two paragraphs a blank line is to stand.
    return DocumentBlock("turn", words, speaker=held[0].speaker, group=number, page=page)


def time_label(seconds: float) -> str:
    """A time as players show it.

    >>> time_label(83.4), time_label(3725)
    ('01:23', '1:02:05')
    """
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes:02}:{rest:02}"
