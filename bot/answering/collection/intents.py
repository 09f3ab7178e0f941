"""What a question asks of the collection or of the program, recognised by its likeness to the examples in `intents.toml`.

A question is compared twice: as it stands, and with one word in the place of all that the examples never say, from the first
such word to the last. So "which are about the space race?" is like "Which are about {subject}?" and the words that were taken
out are its subject. What is nearest to an example of `none`, "What is the latest {subject}?", is left to the search: these
counterexamples and not a rule tell "what is the latest?" from "what is the latest missile?".
"""

import re
import tomllib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
from numpy.typing import NDArray

from bot.conversation.dialogue import subject_words, substance
from vectorstore.searching.folding import folded
from vectorstore.splitting.language import known_language

Floats = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]
"""Texts -> unit vectors, shape (n, dim)."""

LIKE = 0.7
"""The least likeness to an example, a cosine of centred vectors: chosen on utterances that are kept apart, see the tests."""
LENIENT = 0.15
"""How much less is enough for a question to the program itself: few questions about anything else are near one."""
SHARED, UNSPACED = 0.4, 0.6
"""The least share of words, of characters in scripts without spaces, that a question and its example have in common: an encoder
takes two sentences for alike in a script that it can't read."""
WORDS = 0.2
"""What the share of words in common counts beside the cosine, where examples compete."""
LONGEST = 30
"""Words in a question of this kind, at the most."""

OTHER = "none"
"""The intent of the counterexamples."""
ABOUT_ARTICLES = frozenset(
    (
        *("list", "count", "latest", "oldest", "period", "authors", "who_wrote", "when_published", "where_published", "title"),
        *("overview", "overview_all", "languages", "longest", "shortest"),
    )
)
"""The intents that may name a subject, an author, a language or a date."""
TALK = frozenset(("greeting", "thanks", "bye", "acknowledged", "presence", "feeling"))
"""What is said to be polite. The other intents ask what the program is."""

OPENERS = frozenset(["and", "so", "but", "then", "now", "well", "und", "also", "y", "entonces", "et", "alors"])
"""Words before a question that say nothing of what is asked."""
LONGEST_NAME = 9
"""Words, or characters of a script without spaces, in the name of a subject, at the most."""
LONGEST_CODE = 3
"""Letters of a language's code: only its name is what a reader writes."""

# A word that no example and hardly any question has; a date keeps the shape of one.
_FILLER = {"subject": "zebra", "author": "zebra", "language": "zebra", "date": "1987"}
_SLOT = re.compile(r"\{(subject|author|language|date)\}")
_EASTERN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_TOKEN = re.compile(rf"{_EASTERN.pattern}|[^\W\u3040-\u30ff\u3400-\u9fff]+(?:['’][^\W\u3040-\u30ff\u3400-\u9fff]+)*")
_CLAUSES = re.compile(r"[，；：。、;:?!]")
_DATE = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?:-\d\d?){0,2}(?!\d)")


@dataclass(frozen=True, slots=True)
class RecognisedIntent:
    """What is asked: the intent, the language of the example, and what fills its slots.

    `named` is those words as the reader wrote them, `as_author` whether they stand where an author's name is expected and
    `as_language` whether they are the name of a language where one is. `dates` are the ISO dates in the question. `likeness` is
    the cosine with the nearest example.
    """

    intent: str
    language: str
    likeness: float
    named: str = ""
    as_author: bool = False
    as_language: bool = False
    dates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as it is compared: `whole`, and `masked` with a stand-in for what it names, which is `named`."""

    whole: str
    masked: str
    named: str
    dates: tuple[str, ...]

    @property
    def variants(self) -> tuple[str, str]:
        """Both ways in which it is compared."""
        return self.whole, self.masked


@dataclass(frozen=True, slots=True)
class Example:
    """One phrasing of an intent, as the file has it; `text` has stand-ins for its slots."""

    intent: str
    language: str
    pattern: str

    @property
    def text(self) -> str:
        """The phrasing as it is encoded."""
        return _plain(_SLOT.sub(lambda found: _FILLER[found[1]], self.pattern))

    @property
    def slots(self) -> frozenset[str]:
        """What it leaves open: "subject", "author", "language", "date"."""
        return frozenset(_SLOT.findall(self.pattern))


def shipped_examples() -> list[Example]:
    """All examples of `intents.toml`."""
    read = tomllib.loads((Path(__file__).parent / "intents.toml").read_text(encoding="utf-8"))
    return [Example(intent, language, one) for intent, by in read.items() for language, said in by.items() for one in said]


class IntentRecogniser:
    """Tells what a question asks. Threads may share it; the examples are encoded at the first question."""

    def __init__(
        self, encode: Encode, examples: Sequence[Example] | None = None, least: float = LIKE, kept: Path | None = None
    ) -> None:
        """`kept` is a file for the examples' vectors, made where it is missing; it must be another for another encoder."""
        self._encode = encode
        self._kept = kept
        self._examples = list(shipped_examples() if examples is None else examples)
        self._least = least
        self._other = np.array([one.intent == OTHER for one in self._examples])
        self._words = _Words([one.text for one in self._examples])
        asking = (set(_tokens(one.text)) for one in self._examples if one.intent in ABOUT_ARTICLES)
        self._vocabulary = frozenset[str]().union(*asking)
        self._dated = np.array(["date" in one.slots for one in self._examples])
        self._named = np.array([bool(one.slots & {"subject", "author", "language"}) for one in self._examples])
        self._of_language = np.array(["language" in one.slots for one in self._examples])
        self._of_program = np.array([one.intent not in (OTHER, *ABOUT_ARTICLES, *TALK) for one in self._examples])
        self._of_articles = np.array([one.intent in ABOUT_ARTICLES for one in self._examples])

    def recognise(self, text: str) -> RecognisedIntent | None:
        """What the question asks of the collection or of the program; None where it asks neither."""
        asked = self._read(text)
        if not 0 < len(_TOKEN.findall(asked.whole)) <= LONGEST:
            return None
        shared = np.stack([self._words.shared(one) for one in asked.variants])
        fitting = self._fitting(asked) & (shared >= (UNSPACED if _EASTERN.search(asked.whole) else SHARED))
        used = [at for at, one in enumerate(fitting) if one.any()]
        # Most questions share no words with any example that has their form, and cost no more than this.
        if not used:
            return None
        # A variant that fits no example is not encoded, and must not win.
        cosines = np.full(shared.shape, -1.0, np.float32)
        cosines[used] = self._centred(self._encode([_plain(asked.variants[at]) for at in used])) @ self._vectors.T
        ranks = cosines + WORDS * shared
        # Only what is nearer to its example than to any counterexample counts.
        ahead = ranks > ranks[:, self._other].max(axis=1, keepdims=True, initial=-1.0)
        # The place in the flattened table, as variant and example.
        variant, best = divmod(int(np.where(fitting & ahead, ranks, -2.0).argmax()), len(self._examples))
        found, likeness = self._examples[best], float(cosines[variant, best])
        if not (fitting & ahead).any() or likeness < self._least - LENIENT * bool(self._of_program[best]):
            return None
        named = asked.named if self._named[best] else ""
        slots = found.slots
        return RecognisedIntent(
            found.intent, found.language, likeness, named, "author" in slots, "language" in slots, asked.dates
        )

    def warm(self) -> None:
        """Encodes the examples before the first question needs them."""
        _ = self._vectors

    @cached_property
    def _centre(self) -> Floats:
        return np.asarray(self._raw.mean(axis=0), np.float32)

    @cached_property
    def _raw(self) -> Floats:
        """The examples' vectors: encoding a thousand takes a second, which a command line would pay for at each question."""
        texts = [one.text for one in self._examples]
        if self._kept is None:
            return self._encode(texts)
        # Other examples have another file, so that an upgrade never reads the vectors of older ones.
        name = sha256("\n".join(texts).encode()).hexdigest()[:16]
        path = self._kept.with_name(f"{self._kept.stem}-{name}.npy")
        # A file that can't be read or written, or that was cut short, costs a second and no answer.
        with suppress(OSError, ValueError, EOFError):
            return np.asarray(np.load(path, allow_pickle=False), np.float32)
        made = self._encode(texts)
        with suppress(OSError):
            _write(path, made)
        return made

    @cached_property
    def _vectors(self) -> Floats:
        return self._centred(self._raw)

    def _centred(self, vectors: Floats) -> Floats:
        """Less what all examples have in common, at unit length: some encoders give any two texts a cosine of 0.8."""
        moved = vectors - self._centre
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12), np.float32)

    def _read(self, text: str) -> _Asked:
        """The question as it is compared."""
        dates = tuple(found.group() for found in _DATE.finditer(text))
        whole = _DATE.sub(_FILLER["date"], _opened(text))
        # From the first word that no example has to the last one: that is what the question names.
        strange = [found.span() for found in _TOKEN.finditer(whole) if folded(found.group()) not in self._vocabulary]
        start, end = (strange[0][0], strange[-1][1]) if strange else (0, 0)
        masked = whole[:start] + _FILLER["subject"] + whole[end:] if strange else whole
        return _Asked(whole, masked, whole[start:end], dates)

    def _fitting(self, asked: _Asked) -> NDArray[np.bool_]:
        """Whether each example has the slots that each variant fills, (variants, examples)."""
        # A question with a date is only like examples with one, and the other way round.
        mine = ~self._other & (self._dated == bool(asked.dates))
        whole = mine & (~self._of_articles | (~self._named & (not asked.named)))
        nameable = _names_something(asked.named)
        speakable = ~self._of_language | bool(len(asked.named) > LONGEST_CODE and known_language(asked.named))
        masked = mine & self._of_articles & self._named & nameable & speakable
        return np.stack([whole, masked])


class _Words:
    """The words of texts, to be compared with those of another."""

    def __init__(self, texts: Sequence[str]) -> None:
        bags = [set(_tokens(text)) for text in texts]
        self._places = {word: at for at, word in enumerate(sorted(set[str]().union(*bags)))}
        self._sizes = np.array([len(bag) for bag in bags])
        self._having = np.zeros((len(self._places), len(bags)), np.bool_)
        for at, bag in enumerate(bags):
            self._having[[self._places[word] for word in bag], at] = True

    def shared(self, text: str) -> Floats:
        """Dice's coefficient of the text's words and those of each text, shape (n,)."""
        words = set(_tokens(text))
        rows = self._having[[self._places[word] for word in words if word in self._places]]
        return np.asarray(2 * rows.sum(axis=0) / np.maximum(self._sizes + len(words), 1), np.float32)


def _write(path: Path, vectors: Floats) -> None:
    """Whole or not at all, whoever else writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, since only there `replace` is atomic.
    with NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
        np.save(file, vectors)
    Path(file.name).replace(path)


def _names_something(words: str) -> bool:
    """Whether the words could name a subject or a person: no pronoun, no whole sentence."""
    return bool(subject_words(words)) and len(_TOKEN.findall(words)) <= LONGEST_NAME and not _CLAUSES.search(words)


def _opened(text: str) -> str:
    """The question without what only leads up to it: "So, what can you do?"."""
    bare = substance(text) or text
    first = _TOKEN.search(bare)
    rest = bare[first.end() :].lstrip(" ,") if first and folded(first.group()) in OPENERS else ""
    return rest if _TOKEN.search(rest) else bare


def _plain(text: str) -> str:
    """The text as it is encoded: case and the marks at its ends say nothing."""
    return " ".join(text.strip(" .,;:!?¿¡…。？！、，\n\t").casefold().split())


def _tokens(text: str) -> list[str]:
    return [folded(found) for found in _TOKEN.findall(text)]
