"""What is fuzzed: for each surface, the inputs and what is done with one; what that raises, beyond what it may, is a fault."""

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from hypothesis import strategies as st

from bot.answering.marker_shapes import FETCHING_TAG
from bot.answering.markers import Literal, Marker, Markers, RemovedLink
from bot.commands.jsonlines import BadLine
from bot.commands.questions import parse_questions
from bot.commands.verify import parse_pairs
from bot.errors import InputError, PromptError, SettingsError
from bot.evals import cases
from bot.models.thoughts import ReplyFilter
from bot.prompting.template import parse_prompt
from bot.settings import Settings, load_settings, variable
from bot.types import Passage
from tests.fuzz.inputs import HOSTILE, changed_files, changed_lines, changed_texts
from vectorstore.readers import SUFFIXES, read_as
from vectorstore.types import Article

CORPUS = Path(__file__).parents[1] / "corpus"
PROMPTS = Path(__file__).parents[2] / "prompts"
VERDICTS = Path(__file__).parents[1] / "verdicts" / "pairs.jsonl"

QUESTION_LINES = (
    b'{"id": "1", "question": "Who signed it?", "history": [["user", "The treaty?"], ["assistant", "In 1899."]]}\n'
    b'{"id": 2, "question": "When?", "scope": {"articles": ["a.md"], "authors": ["Brandt"], "since": "2019"}}\n',
    b'\n{"id": "x"}\nnull\n[]\n{"id": true, "question": "a"}\n',
)
PAIR_LINES = (b'{"id": "1", "claim": "It opened in 1899.", "source": "The bridge was opened in 1899."}\n\n{"id": 2}\n',)
CASES = """\
defaults:
  abstain: false
cases:
  - id: opening
    question: When was the bridge opened?
    history: [[user, "The bridge?"], [assistant, "It is iron."]]
    cites: [{article: bridge.md, words: opened in 1899}]
    must: ["1899", "/189[0-9]/"]
    must_not: ["1900"]
    notes: A note.
    tags: [bridge]
    given: [{text: "The bridge was opened in 1899.", article: bridge.md}]
  - {id: unknown, question: Who painted it?, abstain: true}
"""
ANSWERS = (
    "It was opened in 1899 [1], and closed [2, 3]. See 【2:0†bridge.md】 and <sup>1</sup>, ¹ and (1).\n\n- **Nine** [1].\n",
    "According to passage 1 it rained.\n\n```python\na[1] = b[2]\n```\n\nThe area is $a^2$ and \\[x\\].\n\nSources:\n[1]: It\n",
    '[see <img src="http://a.test">] and [here](http://a.test "t") and ![x](http://b.test). <think>No.</think>Yes [cite: 1].',
)
PASSAGES = tuple(
    Passage(n, f"a{n}.md", f"The bridge {n}", "", "", 0, 40, "The bridge was opened in 1899. See a[1].", 0.9) for n in (1, 2, 3)
)


@dataclass(frozen=True, slots=True)
class Surface:
    """Where strangers' words come in: the inputs that are tried, and the work that is done with one."""

    inputs: Callable[[], st.SearchStrategy[object]]
    work: Callable[[object], None]


# Readers


def _examples() -> list[tuple[str, bytes]]:
    """Small files of all kinds that can be read."""
    files = (file for file in sorted(CORPUS.rglob("*")) if file.suffix.lower() in SUFFIXES and file.stat().st_size < 20_000)
    return [(file.suffix.lower(), file.read_bytes()) for file in files]


_UNFORESEEN = re.compile(r"could not be read \(\w+: |takes more memory")
"""What is said of an error that no reader has a sentence for."""


def _read_file(case: object) -> None:
    """Reads a file as an ingest does. What a reader has no sentence of its own for is a fault here."""
    assert isinstance(case, tuple)
    suffix, content = case
    file = _folder() / f"file{suffix}"
    file.write_bytes(content)
    for one in read_as(file, file.name):
        if isinstance(one, Article):
            one.text.encode()
            json.dumps([one.title, one.author, *one.metadata.items()]).encode()
        elif _UNFORESEEN.search(one.reason):
            raise AssertionError(one.reason)


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="footnote-fuzz-"))


# What a model writes


def _mark(text: object) -> None:
    """Reads a reply in pieces of several sizes: no tag that fetches something comes through, however it is cut."""
    assert isinstance(text, str)
    # A single character at a time is the hardest, and for a long text the slowest.
    for size in (1 if len(text) < 3000 else 97, 7, len(text) or 1):
        shown = _shown(text[at : at + size] for at in range(0, len(text), size))
        if found := FETCHING_TAG.search(shown):
            raise AssertionError(f"the tag {found[0][:80]!r} is let through in pieces of {size}")


def _shown(pieces: Iterable[str]) -> str:
    """What a reader is shown of a reply."""
    reply, markers, shown = ReplyFilter(), Markers(PASSAGES), list[str]()
    for part in chain(chain.from_iterable(map(reply.feed, pieces)), reply.end()):
        if part.kind == "retraction":
            markers, shown = Markers(PASSAGES), []
        elif part.kind == "answer":
            shown += map(_as_shown, markers.feed(part.text))
    return "".join([*shown, *map(_as_shown, markers.end())])


def _as_shown(part: object) -> str:
    if isinstance(part, Marker):
        return f"[{part.n}]"
    # What is kept to the letter is code or mathematics, and known as such by whoever shows it.
    return "\ufffc" if isinstance(part, Literal | RemovedLink) else str(part)


# Prompts, settings, batches, verdicts


def _prompt(text: object) -> None:
    with suppress(PromptError):
        parse_prompt(str(text), "answer", "fuzzed")


def _settings(values: object) -> None:
    assert isinstance(values, dict)
    with _environment(values), suppress(SettingsError):
        load_settings()


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    kept = dict(os.environ)
    try:
        os.environ.update(values)
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


def _setting_values() -> st.SearchStrategy[object]:
    names = st.sampled_from([*map(variable, Settings.model_fields), "FOOTNOTE_NO_SUCH"])
    said = (
        "1",
        "0.5",
        "true",
        "auto",
        "minilm",
        "openai:x",
        "http://a:b@c:1/d?e",
        "10.0.0.0/8,all",
        "text=body,title=a",
        "~x",
        "off",
    )
    pieces = [piece.decode("utf-8", "surrogateescape") for piece in HOSTILE if b"\0" not in piece]
    values = st.one_of(
        st.sampled_from(said), st.sampled_from(pieces), st.text(st.characters(exclude_characters="\0", codec="utf-8"))
    )
    return st.dictionaries(names, values, min_size=1, max_size=4)


def _batch(content: object) -> None:
    """Each line gives one result, and each result has an id or says why it has none."""
    assert isinstance(content, bytes)
    lines = content.splitlines(keepends=True)
    for parse in (parse_questions, parse_pairs):
        found = list(parse(content.split(b"\n")))
        if len(found) != content.count(b"\n") + 1:
            raise AssertionError(f"{len(found)} results for {len(lines)} lines")
        for one in found:
            json.dumps(one.reason if isinstance(one, BadLine) else one.id).encode()


def _cases(content: object) -> None:
    assert isinstance(content, bytes)
    for suffix in (".yaml", ".jsonl"):
        file = _folder() / f"cases{suffix}"
        file.write_bytes(content)
        with suppress(InputError):
            cases.dump(cases.load(file))


def _judge(pair: object) -> None:
    """Judges a claim; the place that is shown stands in the source, and does not cut a character."""
    assert isinstance(pair, tuple)
    claim, source = pair
    judgement = _verifier().judge(claim, source)
    if judgement.span is not None:
        start, end = judgement.span
        if not 0 <= start < end <= len(source):
            raise AssertionError(f"{judgement.span} is no place in a source of {len(source)} characters")
    if not 0.0 <= judgement.score <= 1.0:
        raise AssertionError(f"the score is {judgement.score}")


@cache
def _verifier():  # type: ignore[no-untyped-def]  # its module is loaded when it is needed
    from bot.wiring import open_verifier

    found = open_verifier()
    # Both models are loaded before anything is measured; the second one comes with the first text in another language.
    found.judge("Die Brücke wurde im Jahr 1899 eröffnet.", "Im Jahr 1899 wurde die Brücke über den Fluss eröffnet.")
    return found


def _pairs() -> st.SearchStrategy[object]:
    _verifier()
    records = [json.loads(line) for line in VERDICTS.read_text(encoding="utf-8").splitlines()[:200]]
    claims, sources = [one["claim"] for one in records], [one["source"] for one in records]
    return st.tuples(changed_texts(claims), changed_texts(sources))


SURFACES = {
    "readers": Surface(lambda: changed_files(_examples()), _read_file),
    "markers": Surface(lambda: changed_texts(ANSWERS), _mark),
    "prompts": Surface(lambda: changed_texts([one.read_text(encoding="utf-8") for one in PROMPTS.rglob("*.md")]), _prompt),
    "settings": Surface(_setting_values, _settings),
    "batches": Surface(lambda: changed_lines([*QUESTION_LINES, *PAIR_LINES]), _batch),
    "cases": Surface(lambda: changed_lines([CASES.encode(), *QUESTION_LINES]), _cases),
    "verdicts": Surface(_pairs, _judge),
}
