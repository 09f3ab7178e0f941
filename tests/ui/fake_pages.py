"""A service for the pages' tests: real types and events, made-up articles, no index. What is asked decides what happens."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from fake_diary import TEXTS, diary, told
from fake_home import FakeHome
from fake_library import FakeLibrary, scratch_folder

from bot.answering.drafting import draft_statements
from bot.answering.rendering import Rendered, rendered
from bot.conversation.history import AskedQuestion, History, StandingQuestion
from bot.errors import HistoryError, ModelError
from bot.evals.records import Setup
from bot.evals.runner import RunContext
from bot.prompting import Prompt
from bot.types import (
    Answer,
    Checked,
    Citation,
    Cited,
    Claim,
    Condensed,
    Done,
    Event,
    FollowUps,
    Judged,
    Notice,
    Passage,
    Problem,
    Question,
    Retrieved,
    Token,
    Verdict,
)
from bot.verification.calibration import OwnCalibration, own_calibration
from bot.wiring.about import InstallationFacts
from vectorstore.doctor import IndexFinding
from vectorstore.errors import IndexMissing, QueryError
from vectorstore.types import Article, Scope, Span

HARBOUR = "\n\n".join(
    [
        "The harbour of Lindmark froze for the first time in forty years. Ferries stayed at their berths for nine days.",
        "“We had the ice-breaker ready,” said Ada Brandt, the harbour master, “but nobody had fuel for it.” 🧊 The town "
        "council met on Jan. 14 and voted 7 to 2 for a reserve of 300 tonnes.",
        *(
            f"Paragraph {n} tells of the winters before, and of what was written down about them in the parish books."
            for n in range(30)
        ),
        "The reserve was first used in March. It lasted eleven days, two more than anybody had planned for.",
    ]
)
NASTY = """A page about markup.
<script>window.hacked = true</script> is only text here, and <img src=x onerror="window.hacked = true"> too.
So is [a link](javascript:window.hacked=true), and **bold** with $x^2$ and :red[colour]."""
CUT = "The lighthouse at Ner was sold last week for a single crown. The buyer, who did not want to be named, said that"

ARTICLES = (
    Article(
        "harbour.md",
        HARBOUR,
        "The winter the harbour froze",
        "Mara Lund",
        "Jon Vik",
        "2024-01-20",
        "https://example.org/harbour",
    ),
    Article("nasty.md", NASTY, "On <b>markup</b> and [links](x)", "A. *Star*", "", "2023", "The Test Gazette"),
    Article("cut.txt", CUT, "Lighthouse sold", "", "", "2022-07", "The Ner Courier", cut_off=True),
)
EXAMPLES = (
    "How long did the ferries stay at their berths?",
    "What is $x$ in <b>[this](page)</b> *really*?",
    "Who bought the lighthouse?",
)


@dataclass
class FakePages(FakeHome, FakeLibrary):
    """Answers by the words of the question; `asked` keeps every question as it came."""

    stored: dict[str, Article] = field(default_factory=lambda: {one.id: one for one in ARTICLES})
    delay: float = 0.0
    trouble: tuple[str, str] | None = None
    name: str = "quotes"
    others: tuple[str, ...] | ModelError = ("quotes",)
    chosen: tuple[str, ...] = ()
    asked: list[Question] = field(default_factory=list)
    home: Path = field(default_factory=lambda: scratch_folder("footnote-pages-"))
    mended: bool = False
    kept: History | HistoryError | None = None
    diary: str = TEXTS["read"]
    answered: list[tuple[Setup, Question]] = field(default_factory=list)

    def stream(self, question: Question) -> Iterator[Event]:
        """ "fail", "crash", "nowhere", "markup", "slow" and "invented" in the question each do what they say."""
        self.asked.append(question)
        words = question.text.casefold()
        before = [turn.text for turn in question.history if turn.role == "user"]
        query = question.searched or (f"{before[-1]} {question.text}" if before else question.text)
        yield from self._paced(Condensed(query), Retrieved(PASSAGES if question.given is None else question.given))
        if "fail" in words:
            raise ModelError("The model at example.test refused the key.", "Set `FOOTNOTE_API_KEY` to a valid key.")
        if "crash" in words:
            raise ZeroDivisionError("a bug")
        if "diary" in words:
            self.diary = TEXTS[words.split()[0]]
            yield from self._paced(*told(question.text, ARTICLES[0]))
            return
        model = question.model or ("some-model" if "invented" in words else self.name)
        yield from self._paced(
            *(written(question, query, model) if model != "quotes" else _events(words, question.text, query))
        )

    def _paced(self, *events: Event) -> Iterator[Event]:
        for event in events:
            time.sleep(self.delay)
            yield event

    def statements(self, draft: str) -> Sequence[Span]:
        """The real ones; "unreadable" in the text is an error."""
        if "unreadable" in draft:
            raise ModelError("The model at example.test is gone.", "Start it again.")
        return draft_statements(draft)

    def check(self, draft: str, spans: Sequence[Span] | None = None) -> Iterator[Checked]:
        """By the words of each sentence, see `checked`; "crash" in one is a bug."""
        for start, end in draft_statements(draft) if spans is None else spans:
            time.sleep(self.delay)
            if "crash" in draft[start:end]:
                raise ZeroDivisionError("a bug")
            yield checked(draft, start, end)

    def article(self, id: str) -> Article | None:
        """The article, if there is one of this id."""
        return diary(self.diary) if id == "diary.md" else super().article(id)

    def questions(self) -> tuple[StandingQuestion, ...]:
        """The standing ones."""
        return self.history().standing.questions()

    def add(self, question: Question) -> StandingQuestion:
        """Keeps a standing one."""
        standing = self.history().standing
        kept = standing.question(standing.add(AskedQuestion(question.text, question.searched, question.scope), question.model))
        assert kept is not None
        return kept

    def within(self, scope: Scope) -> int:
        """Compares years only; a date that begins with no digit is none."""
        for date in (scope.since, scope.until):
            if date and not date[0].isdigit():
                raise QueryError(f"“{date}” is not a date.", "Write it like 2021, 2021-12 or 2021-12-23.")
        found = [article for article in ARTICLES if _in(article, scope)]
        if not found:
            raise QueryError("None of the 3 articles is in there.", "Widen the scope.")
        return len(found)

    def own_calibration(self) -> OwnCalibration:
        """By the reviews that are kept."""
        return own_calibration(self.history().opinions.scores())

    def history(self) -> History:
        """A real one, in a folder of its own."""
        if isinstance(self.kept, HistoryError):
            raise self.kept
        if self.kept is None:
            self.kept = History.open(self.home)
        return self.kept

    def fingerprint(self) -> str:
        """Made up."""
        return "no model · 3 articles"

    def followups(self, question: Question, answer: Answer, wanted: Callable[[], bool]) -> FollowUps:  # noqa: ARG002
        """Two; the same ones for every answer."""
        return FollowUps(() if answer.abstained else ("When did the council meet?", "Who bought the lighthouse?"))

    def rendered(self, prompt: Prompt, question: Question, passages: Sequence[Passage]) -> Rendered:
        """The real one; a token is a word."""
        return rendered(prompt, question, tuple(passages), 1000, lambda texts: [len(text.split()) for text in texts])

    def setup(self, model: str = "", prompt: str = "") -> Setup:
        """As the real one; "broken-model" cannot be had."""
        model = model or self.name
        if model == "broken-model":
            raise ModelError("The server of broken-model cannot be reached.", "Start it.")
        if model == "quotes":
            return Setup("quotes")
        version = prompt.removeprefix("answer/")
        files = self.prompt_files()
        loaded = files.load("answer", version)
        text, settings = files.text("answer", version), loaded.settings
        return Setup(model, model, f"answer/{loaded.version}", text, settings.temperature)

    def answerer(self, setup: Setup) -> Callable[[Question], Iterator[Event]]:
        """Streams as that model would; `answered` keeps every setup with its question."""

        def answer(question: Question) -> Iterator[Event]:
            self.answered.append((setup, question))
            yield from self.stream(replace(question, model=setup.model))

        return answer

    def evaluating(self, setup: Setup) -> RunContext:
        """Answers, and judges nothing."""
        return RunContext(self.answerer(setup), text={article.id: article.text for article in ARTICLES}.get)

    def diagnose(self) -> Sequence[IndexFinding]:
        """One thing is right, and one wrong until it is mended."""
        return (
            IndexFinding("Articles", True, "3 articles."),
            IndexFinding("Word index", self.mended, "It lacks 2 passages.", "Mend it."),
        )

    def repair(self) -> Sequence[IndexFinding]:
        """Mends the word index."""
        self.mended = True
        return self.diagnose()

    def about(self) -> InstallationFacts:
        """Made up."""
        return InstallationFacts((("Articles", "3"), ("Home folder", "/nowhere")), (("OPENAI_API_KEY", "not set"),))

    def examples(self) -> Sequence[str]:
        """Three, the second one full of markup."""
        return EXAMPLES

    def mode(self) -> str:
        """Quotes, unless told otherwise."""
        return self.name

    def advises(self) -> bool:
        """Never unless a question asks for it."""
        return False

    def models(self) -> Sequence[str]:
        """Quotes alone, unless told otherwise."""
        if isinstance(self.others, ModelError):
            raise self.others
        return self.others

    def chosen_models(self) -> Sequence[str]:
        """None unless told otherwise."""
        return self.chosen

    def has_index(self) -> bool:
        """Whether any article is left."""
        return bool(self.stored)

    def problem(self) -> tuple[str, str] | None:
        """Whatever the test wants."""
        return self.trouble


def _in(article: Article, scope: Scope) -> bool:
    year = article.date[:4]
    chosen = article.id in (scope.articles or (article.id,)) and article.author in (scope.authors or (article.author,))
    return chosen and (scope.since[:4] or year) <= year <= (scope.until[:4] or year)


def broken() -> FakePages:
    """A factory that fails as the real one does where there is no index."""
    raise IndexMissing("There is no index in this folder.")


def _passage(n: int, article: Article, words: str) -> Passage:
    start = article.text.index(words)
    return Passage(n, article.id, article.title, article.author, article.date, start, start + len(words), words, 1 / n)


PASSAGES = (
    _passage(
        1,
        ARTICLES[0],
        "The harbour of Lindmark froze for the first time in forty years. Ferries stayed at their berths for nine days.",
    ),
    _passage(2, ARTICLES[0], "🧊 The town council met on Jan. 14 and voted 7 to 2 for a reserve of 300 tonnes."),
    _passage(
        3, ARTICLES[0], "The reserve was first used in March. It lasted eleven days, two more than anybody had planned for."
    ),
    _passage(4, ARTICLES[1], "<script>window.hacked = true</script> is only text here"),
    _passage(5, ARTICLES[2], "The lighthouse at Ner was sold last week for a single crown."),
)


def cite(n: int, article: Article, words: str) -> Citation:
    """A footnote for words that stand in the article."""
    start = article.text.index(words)
    return Citation(n, article.id, article.title, start, start + len(words), words, "quoted")


def _events(words: str, question: str, query: str) -> Iterator[Event]:
    if "nowhere" in words:
        yield _done(question, query, "The articles do not say.", (), abstained=True)
        return
    footnotes = _footnotes(words)
    text = "Word for word from the articles:"
    yield Token(text)
    if "notice" in words:
        yield Notice("The model did not answer, so these are quotations.")
    for footnote in footnotes:
        piece = f"\n\n{footnote.quote} [{footnote.n}]"
        yield Cited(footnote)
        yield Token(piece)
        text += piece
    if "slow" in words:
        filler = ["\n\n", *(f"word{n} " for n in range(1000))]
        yield from (Token(piece) for piece in filler)
        text += "".join(filler)
    yield _done(question, query, text, footnotes)


def _footnotes(words: str) -> tuple[Citation, ...]:
    if "markup" in words:
        return (cite(1, ARTICLES[1], "<script>window.hacked = true</script> is only text here"),)
    return (
        cite(1, ARTICLES[0], "Ferries stayed at their berths for nine days."),
        cite(2, ARTICLES[0], "It lasted eleven days, two more than anybody had planned for."),
    )


def _done(question: str, query: str, text: str, citations: tuple[Citation, ...], abstained: bool = False) -> Done:
    return Done(Answer(question, query, text, abstained, 0.9, "quotes", (), citations, PASSAGES))


NINE = "Ferries stayed at their berths for nine days."
WRITTEN = (
    "**Ferries** stayed for nine days [1].\n- They stayed for ten days [1][9].\n- The lighthouse at Ner was sold for one crown."
)


def written(question: Question, query: str, model: str) -> Iterator[Event]:
    """A model's answer: a claim that holds, one with another number and no such passage, one uncited with a better source."""
    trouble = Problem("The connection broke off.", "Ask again.", True) if "broken" in question.text.casefold() else None
    nine = cite(1, ARTICLES[0], NINE)
    ten = replace(nine, verdict="number differs", reason="The passage has “nine” where the claim has “ten”.")
    never = Citation(9, "", "", 0, 0, "", "no such passage", "No passage 9 was given to the model.")
    crown = replace(cite(5, ARTICLES[2], PASSAGES[4].text), verdict="supported")
    claims = (
        claim("**Ferries** stayed for nine days", "supported", (1,)),
        claim("They stayed for ten days", "number differs", (1, 9)),
        claim("The lighthouse at Ner was sold for one crown.", "uncited", (), crown),
    )
    if "notice" in question.text.casefold():
        yield Notice("The question could not be rewritten for the search.")
    yield Cited(replace(nine, quote=PASSAGES[0].text, verdict=None))
    yield Token("**Ferries** stayed for nine days [1].")
    yield Judged(claims[0], 0, (nine,))
    yield from (Cited(replace(ten, verdict=None, reason="")), Cited(never))
    yield Token("\n- They stayed for ten days [1][9].")
    yield Judged(claims[1], 1, (ten, never))
    yield Token("\n- The lighthouse at Ner was sold for one crown.")
    yield Judged(claims[2], 3, ())
    usage = {"input_tokens": 1000.0, "output_tokens": 50.0, "cost_usd": 0.001}
    ms = {"first_token": 200.0, "write": 1500.0}
    footnotes = (nine, ten, never)
    answer = Answer(
        question.text, query, WRITTEN, False, 0.9, "model", claims, footnotes, PASSAGES, usage, ms, (), model, trouble
    )
    yield Done(answer)


def claim(words: str, verdict: Verdict, numbers: tuple[int, ...], better: Citation | None = None) -> Claim:
    """A claim of the written answer."""
    start = WRITTEN.index(words)
    return Claim(words, start, start + len(words), verdict, numbers, better)


def checked(draft: str, start: int, end: int) -> Checked:
    """A sentence of a draft: "Ferries" hold, "eleven" differs, "lighthouse" is to be checked, "void" has no passage.

    The article of "council" speaks for it and against it; of "crown", one speaks for it, and another one against.
    """
    text = draft[start:end]
    found: dict[str, tuple[Verdict, Citation | None]] = {
        "Ferries": ("quoted", cite(1, ARTICLES[0], "Ferries stayed at their berths for nine days.")),
        "eleven": (
            "number differs",
            replace(cite(1, ARTICLES[0], "It lasted eleven days"), reason="“eleven” is “twelve” here."),
        ),
        "lighthouse": ("check", replace(cite(1, ARTICLES[2], "sold last week for a single crown"), reason="Part is missing.")),
        "void": ("not found", None),
        "council": ("likely", cite(1, ARTICLES[0], "voted 7 to 2 for a reserve of 300 tonnes")),
        "crown": ("likely", cite(1, ARTICLES[2], "sold last week for a single crown")),
    }
    others = {
        "council": replace(cite(1, ARTICLES[0], "but nobody had fuel for it"), verdict="denied", reason="Nobody had."),
        "crown": replace(cite(1, ARTICLES[1], "A page about markup."), verdict="denied"),
    }
    nearest = cite(1, ARTICLES[0], "Paragraph 20 tells")
    none = replace(nearest, end=nearest.start, quote="", verdict="not found")
    verdict, source = next((one for word, one in found.items() if word in text), ("not found", none))
    against = next((one for word, one in others.items() if word in text), None)
    return Checked(text, start, end, verdict, source and replace(source, verdict=verdict), against=against)
