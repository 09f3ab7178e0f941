"""Questions about the collection and the program, answered from the catalog and from what the program is.

The text of the articles goes first where it may be meant: a question that is merely like one of these, and one that names what
the catalog does not know, is answered here only where the search finds no sure answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answering.collection.catalog import ArticleLookup, ArticlePart, LocatedArticle, bare_name, by_date, dated
from bot.answering.collection.intents import ABOUT_ARTICLES, IntentRecogniser, RecognisedIntent
from bot.answering.collection.overview import central_sentences
from bot.answering.collection.rows import CollectionReply, Row, known_of, listing, passages_of, plain_text, quotation
from bot.answering.quoting import AnswerPieces
from bot.conversation.condense import condense
from bot.phrases import ENGLISH, say
from bot.types import Question
from vectorstore.readers import SUFFIXES
from vectorstore.splitting.language import chinese_script, known_language, language_name
from vectorstore.storage.records import ArticleSummary

CLEAR, PLAIN = 0.9, 0.75
"""With less likeness than this to an example, an answer that the search is sure of goes first; less is enough of a question
about articles that names nothing, or that names an article by its title."""
ABOUT_ONE = frozenset(("who_wrote", "when_published", "where_published", "overview"))
SURE = 0.5
"""How sure the search must be of its answer for that."""
ROWS, COUNTED, OVERVIEWS = 20, 5, 12
"""The most rows of a list, of a count and of an overview of many articles."""
CENTRAL = 4
"""Sentences in the overview of one article."""


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """What answers about the program need to know: the model that writes ("" for none), what embeds, and the servers in use."""

    model: str = ""
    embedding: str = ""
    servers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Turn:
    """A question of this kind, with the articles in its scope; `sure` asks the search how sure it is of an answer."""

    question: Question
    asked: RecognisedIntent
    articles: Sequence[ArticleSummary]
    sure: Callable[[], float]

    def words(self, key: str, **values: str | int) -> str:
        """What is said under a key, in the language of the example that the question is like."""
        language = self.asked.language
        return say(f"collection.{key}", chinese_script(self.question.text) if language == "zh" else language, **values)

    @property
    def name(self) -> str:
        """What the question names, bare."""
        return bare_name(self.asked.named)

    @property
    def says_none(self) -> bool:
        """Whether it may be said that no article has what is named: in another language than theirs it may be there."""
        return self.asked.likeness >= CLEAR and (not self.name or self.asked.language == ENGLISH) and self.sure() < SURE


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The articles that a question is about; `conditions` say which, () for all."""

    located: Sequence[LocatedArticle]
    conditions: tuple[str, ...] = ()


class Collection:
    """Answers what it recognises. Threads may share it."""

    def __init__(self, recogniser: IntentRecogniser, lookup: ArticleLookup) -> None:
        self._recogniser = recogniser
        self._lookup = lookup
        self._answers: dict[str, Callable[[_Turn], AnswerPieces | CollectionReply | None]] = {
            "list": lambda turn: self._listed(turn, ROWS),
            "count": lambda turn: self._listed(turn, COUNTED),
            "latest": lambda turn: self._ordered(turn, latest=True),
            "oldest": lambda turn: self._ordered(turn, latest=False),
            "longest": lambda turn: self._by_size(turn, longest=True),
            "shortest": lambda turn: self._by_size(turn, longest=False),
            "period": self._period,
            "authors": self._authors,
            "languages": self._languages,
            "who_wrote": lambda turn: self._stated(turn, lambda one: one.author),
            "when_published": lambda turn: self._stated(turn, lambda one: one.date),
            "where_published": lambda turn: self._stated(turn, lambda one: one.source),
            "title": self._title,
            "overview": self._overview,
            "overview_all": self._overview_all,
        }

    def reply(self, question: Question, facts: ProgramFacts, sure: Callable[[], float]) -> CollectionReply | None:
        """The answer; None where the question is for the articles' text. `sure` is asked only in doubt.

        Raises QueryError for a scope that is not understood or holds nothing.
        """
        # Whoever chooses what is searched, or from which passages to answer, asks for the text.
        if question.searched.strip() or question.given is not None or question.without:
            return None
        asked = self._recogniser.recognise(question.text)
        if asked is None:
            return None
        turn = _Turn(question, asked, self._lookup.articles(question.scope), sure)
        # In this order: `sure` costs a search.
        if not self._clear(turn) and sure() >= SURE:
            return None
        answer = self._answers.get(asked.intent)
        found = answer(turn) if answer else plain_text(_of_the_program(turn, facts))
        return CollectionReply(found, asked.likeness) if isinstance(found, AnswerPieces) else found

    def warm(self) -> None:
        """Makes ready what the first question would have to wait for."""
        self._recogniser.warm()

    def _clear(self, turn: _Turn) -> bool:
        """Whether the question is plainly of this kind, whatever the articles' text says."""
        asked = turn.asked
        if asked.likeness >= CLEAR or asked.likeness < PLAIN or asked.dates or asked.intent not in ABOUT_ARTICLES:
            return asked.likeness >= CLEAR
        return not turn.name or (asked.intent in ABOUT_ONE and bool(self._lookup.titled(turn.name, turn.articles)))

    # Which articles

    def _chosen(self, turn: _Turn) -> _Chosen | None:
        """The articles by the author, about the subject, in the language, of the dates that are named; None for the text's."""
        articles, conditions = _of_dates(turn)
        if not turn.name:
            return _Chosen([LocatedArticle(one) for one in articles], tuple(conditions))
        if turn.asked.as_language:
            code = known_language(turn.name)
            condition = turn.words("in_language", name=language_name(code))
            return _Chosen([LocatedArticle(one) for one in articles if one.language == code], (condition, *conditions))
        author, written = self._lookup.by_author(turn.name, articles)
        # A name that is both an author and in a title means the subject, unless the question asks for an author.
        if written and (turn.asked.as_author or not self._lookup.titled(turn.name, articles)):
            return _Chosen([LocatedArticle(one) for one in written], (turn.words("by", name=author), *conditions))
        if turn.asked.as_author:
            return None
        about = self._lookup.about(turn.name, articles, turn.question.scope)
        return _Chosen(about, (turn.words("about", name=turn.name), *conditions))

    def _listed(self, turn: _Turn, most: int) -> AnswerPieces | None:
        chosen = self._chosen(turn)
        if chosen is None:
            return self._no_author(turn, most)
        n, of = len(chosen.located), len(turn.articles)
        if not n and not turn.says_none:
            return None
        if chosen.conditions:
            lead = turn.words("part" if n else "none", conditions=", ".join(chosen.conditions), n=n, of=of)
        else:
            lead = turn.words("all" if of > 1 else "all_one", of=of)
        return self._rows(turn, lead, chosen.located, most)

    def _no_author(self, turn: _Turn, most: int) -> AnswerPieces | None:
        """Nobody of that name is stated as an author: that is said, with the articles that mention the name."""
        if not turn.says_none:
            return None
        stated = "; ".join(dict.fromkeys(one.author for one in turn.articles if one.author)) or "–"
        about = self._lookup.about(turn.name, turn.articles, turn.question.scope)
        lead = turn.words("no_author", name=turn.name, authors=stated)
        if not about:
            return plain_text(lead)
        mention = turn.words("mention", name=turn.name, n=len(about), of=len(turn.articles))
        return self._rows(turn, f"{lead}\n\n{mention}", about, most)

    def _ordered(self, turn: _Turn, *, latest: bool) -> AnswerPieces | None:
        """The latest or the oldest of the chosen articles; all that share its date."""
        chosen = self._chosen(turn)
        if chosen is None or not chosen.located:
            return self._listed(turn, ROWS)
        places = {one.article.id: one for one in chosen.located}
        order = by_date([one.article for one in chosen.located], latest=latest)
        if not order:
            return plain_text(turn.words("undated", of=len(chosen.located)))
        first = [places[one.id] for one in order if one.date == order[0].date]
        key = "latest" if latest else "oldest"
        lead = turn.words(key) if len(first) == 1 else turn.words(f"{key}_same", n=len(first), when=order[0].date)
        return self._rows(turn, lead, first, ROWS)

    def _by_size(self, turn: _Turn, *, longest: bool) -> AnswerPieces | None:
        """The longest or the shortest of the chosen articles; all that are of its size."""
        chosen = self._chosen(turn)
        if chosen is None or not chosen.located:
            return self._listed(turn, ROWS)
        size = (max if longest else min)(one.article.chars for one in chosen.located)
        found = [one for one in chosen.located if one.article.chars == size]
        return self._rows(turn, turn.words("longest" if longest else "shortest", n=size), found, ROWS)

    def _period(self, turn: _Turn) -> AnswerPieces:
        order = by_date(turn.articles, latest=False)
        if not order:
            return plain_text(turn.words("undated", of=len(turn.articles)))
        first, last = order[0], by_date(turn.articles, latest=True)[0]
        if first.date == last.date:
            return self._rows(turn, turn.words("period_same", first=first.date), [LocatedArticle(first)], 1)
        return self._rows(
            turn, turn.words("period", first=first.date, last=last.date), [LocatedArticle(first), LocatedArticle(last)], 2
        )

    def _authors(self, turn: _Turn) -> AnswerPieces:
        by: dict[str, list[ArticleSummary]] = {}
        for one in turn.articles:
            by.setdefault(one.author, []).append(one)
        # Articles that state no author.
        by.pop("", None)
        if not by:
            return plain_text(turn.words("no_authors", of=len(turn.articles)))
        return self._grouped(turn, "authors", by)

    def _languages(self, turn: _Turn) -> AnswerPieces:
        by: dict[str, list[ArticleSummary]] = {}
        for one in turn.articles:
            by.setdefault(language_name(one.language) if one.language else "–", []).append(one)
        return self._grouped(turn, "languages", by)

    def _grouped(self, turn: _Turn, key: str, by: Mapping[str, Sequence[ArticleSummary]]) -> AnswerPieces:
        """Each group with how many articles it has, the largest first; its footnote opens the first of them."""
        order = sorted(by.items(), key=lambda each: (-len(each[1]), each[0]))
        rows = [self._row(LocatedArticle(own[0]), name, counted=f" · {len(own)}") for name, own in order[:ROWS]]
        return listing(turn.words(key, n=len(by)), rows, _more(turn, len(by), ROWS))

    # What one article states

    def _stated(self, turn: _Turn, field: Callable[[ArticleSummary], str]) -> AnswerPieces | None:
        """What the article that is meant states of itself; None where it does not: its text may."""
        meant = self._meant(turn)
        if not meant and turn.name and turn.says_none:
            return plain_text(turn.words("none", conditions=turn.words("about", name=turn.name), of=len(turn.articles)))
        rows = [self._row(LocatedArticle(one.article), known_of(one.article, first=field(one.article))) for one in meant]
        # Where one of them does not state it, its text may tell.
        if not meant or not all(field(one.article) for one in meant):
            return None
        return listing(turn.words(turn.asked.intent), rows[:ROWS], _more(turn, len(rows), ROWS))

    def _title(self, turn: _Turn) -> AnswerPieces | None:
        meant = self._meant(turn)
        return self._rows(turn, turn.words("title"), meant, ROWS) if meant else None

    def _meant(self, turn: _Turn) -> Sequence[LocatedArticle]:
        """The articles that the question names, or the one that the conversation is about."""
        if turn.name:
            return self._named(turn)
        pointed = self._pointed(turn)
        return [pointed] if pointed else []

    def _named(self, turn: _Turn) -> Sequence[LocatedArticle]:
        """The articles with the name in their titles, else those about the subject, else those by the author of that name."""
        titled = self._lookup.titled(turn.name, turn.articles)
        if titled:
            return [LocatedArticle(one) for one in titled]
        if not turn.asked.as_author and (about := self._lookup.about(turn.name, turn.articles, turn.question.scope)):
            return about
        return [LocatedArticle(one) for one in self._lookup.by_author(turn.name, turn.articles)[1]]

    def _pointed(self, turn: _Turn) -> LocatedArticle | None:
        """The article that the last answer cites first, else that of the last question; else the only one there is."""
        history, scope = turn.question.history, turn.question.scope
        said = next((one.text for one in reversed(history) if one.role == "assistant"), "")
        if said and (found := self._lookup.quoted_in(said, turn.articles, scope)):
            return found
        # Without an answer that cites, the last question is searched again for its best article.
        last = next((at for at in range(len(history) - 1, -1, -1) if history[at].role == "user"), None)
        if last is not None:
            query = condense(Question(history[last].text, history[:last]))
            return self._lookup.found_for(replace(query, scope=scope), turn.articles)
        return LocatedArticle(turn.articles[0]) if len(turn.articles) == 1 else None

    # Overviews

    def _overview(self, turn: _Turn) -> CollectionReply | None:
        """The central sentences of one article; of several by one author, the most central of each."""
        meant = self._meant(turn)
        if not meant:
            return None
        if turn.asked.as_author and len(meant) > 1:
            return self._overviews(turn, meant)
        article = meant[0].article
        found = central_sentences(self._lookup.chunks(article.id), article.title, CENTRAL)
        if not found:
            return None
        rows = [quotation(one, article) for one in found]
        lead = turn.words("overview", title=article.title)
        return CollectionReply(listing(lead, rows), turn.asked.likeness, passages_of([(one, article) for one in found]))

    def _overview_all(self, turn: _Turn) -> CollectionReply | None:
        chosen = self._chosen(turn)
        return self._overviews(turn, chosen.located) if chosen and chosen.located else None

    def _overviews(self, turn: _Turn, meant: Sequence[LocatedArticle]) -> CollectionReply | None:
        """The most central sentence of each article, under its title."""
        some = [one.article for one in meant[:OVERVIEWS]]
        central = [(central_sentences(self._lookup.chunks(one.id), one.title, 1), one) for one in some]
        found = [(sentence, one) for sentences, one in central for sentence in sentences]
        if not found:
            return None
        rows = [quotation(sentence, one, heading=known_of(one)) for sentence, one in found]
        lead = turn.words("overview_all")
        return CollectionReply(listing(lead, rows, _more(turn, len(meant), OVERVIEWS)), turn.asked.likeness, passages_of(found))

    # Rows

    def _rows(self, turn: _Turn, lead: str, located: Sequence[LocatedArticle], most: int) -> AnswerPieces:
        rows = [self._row(one, known_of(one.article)) for one in located[:most]]
        return listing(lead, rows, _more(turn, len(located), most))

    def _row(self, one: LocatedArticle, words: str, counted: str = "") -> Row:
        place: ArticlePart = one.place or self._lookup.head(one.article.id, one.article.title)
        return Row(words, one.article, place, counted)


def _more(turn: _Turn, n: int, most: int) -> str:
    return turn.words("more", n=n - most) if n > most else ""


SINCE = frozenset(["since", "after", "seit", "nach", "ab", "desde", "después", "depuis", "après"])
UNTIL = frozenset(["before", "until", "till", "vor", "bis", "antes", "hasta", "avant"])
"""Words before a year that leave the range open at one end, in the languages of the examples."""


def _of_dates(turn: _Turn) -> tuple[Sequence[ArticleSummary], list[str]]:
    """The articles of the dates in the question, and the condition in words."""
    dates = turn.asked.dates
    if not dates:
        return turn.articles, []
    first, last = min(dates), max(dates)
    if len(dates) > 1:
        return dated(turn.articles, first, last), [turn.words("between", when=f"{first} – {last}")]
    # The word right before the year: "since 2019", "before 2019".
    before = turn.question.text.casefold().split(first)[0].split()[-1:]
    if before and before[0] in UNTIL:
        return dated(turn.articles, "", first), [turn.words("until", when=first)]
    if before and before[0] in SINCE:
        return dated(turn.articles, first, ""), [turn.words("since", when=first)]
    return dated(turn.articles, first, first), [turn.words("in", when=first)]


def _of_the_program(turn: _Turn, facts: ProgramFacts) -> str:
    """What the program says of itself."""
    key = turn.asked.intent
    if key == "model":
        key = "model_writes" if facts.model else "model_quotes"
    elif key == "privacy":
        key = "privacy_hosted" if facts.servers else "privacy_local"
    values: dict[str, str | int] = {"of": len(turn.articles), "model": facts.model, "embedding": facts.embedding}
    return turn.words(key, **values, servers=", ".join(facts.servers), suffixes=", ".join(SUFFIXES))
