"""What the command line prints: the JSON records of the design, the same for people, complaints, and progress."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TextIO

from bot.answering.cited import groups
from bot.answering.tally import FOUND, spent, summary
from bot.errors import FootnoteError
from bot.types import Answer, Checked, Citation, Claim, Passage, SecondOpinion
from bot.verification.verdicts import opinion_told
from bot.wiring.engine import Progress
from bot.wiring.library import SearchResult
from vectorstore.errors import VectorstoreError
from vectorstore.splitting.language import language_name
from vectorstore.storage.rows import Summary
from vectorstore.types import Article, Hit, IngestReport, Stage

if TYPE_CHECKING:
    from vectorstore.doctor import Finding

Id = str | int | None
Record = Mapping[str, object]

NEAREST = 3
"""Passages that are shown where the articles do not say."""

# An article may hold terminal escapes; they are shown as a mark and never obeyed.
_CONTROLS = {code: "\ufffd" for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if chr(code) not in "\n\t"}


@dataclass(frozen=True, slots=True)
class Output:
    """Where a command writes: results to `out`, in JSON lines or for people, and all else to `err`."""

    out: TextIO
    err: TextIO
    as_json: bool = False

    def record(self, record: Record) -> None:
        """One JSON line, at once, so that a reader at the other end of a pipe can begin."""
        self.out.write(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")
        self.out.flush()

    def say(self, text: str = "") -> None:
        """One or more lines for people."""
        self.out.write(text.translate(_CONTROLS) + "\n")

    def piece(self, text: str) -> None:
        """A part of a line, at once."""
        self.out.write(text.translate(_CONTROLS))
        self.out.flush()

    def warn(self, text: str) -> None:
        """A line on stderr, after all that was printed before it."""
        self.out.flush()
        self.err.write(text.translate(_CONTROLS) + "\n")

    def working(self, what: str, done: int, of: int) -> None:
        """A line on stderr, written over by the next one, about work that nobody asked for but that has to be done first."""
        if self.err.isatty():
            end = "\n" if done >= of else ""
            print(f"\r{what}: {done:,} of {of:,}", end=end, file=self.err, flush=True)

    @contextmanager
    def progress(self) -> Iterator[Progress | None]:
        """A bar on stderr while the block runs; None where nobody watches."""
        if not self.err.isatty():
            yield None
            return
        from rich.console import Console  # most runs show no bar
        from rich.progress import Progress as Bar

        with Bar(console=Console(file=self.err), transient=True) as bar:
            task = bar.add_task("Starting", total=None)
            yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total or None)


def search_record(id: Id, result: SearchResult) -> Record:
    """The JSON of a search, as the design has it."""
    return {"id": id, "query": result.query, "hits": [_hit_record(hit) for hit in result.hits], "ms": _ms(result.ms)}


def _hit_record(hit: Hit) -> Record:
    place = {"article": hit.article, "start": hit.start, "end": hit.end, "text": hit.text}
    return {**place, "score": rounded(hit.score), "stages": stages_record(hit.stages)}


def stages_record(stages: Mapping[str, Stage]) -> Record:
    """The rank and score of each stage."""
    return {name: {"rank": stage.rank, "score": rounded(stage.score)} for name, stage in stages.items()}


def answer_record(id: Id, answer: Answer) -> Record:
    """The JSON of an answer, as the design has it; what only some answers have is there only where they have it."""
    more: dict[str, object] = {"model": answer.model} if answer.model else {}
    if notes := [*answer.notes, *_nearest_notes(answer)]:
        more["notes"] = notes
    if answer.trouble:
        more["incomplete"] = {"message": answer.trouble.message, "help": answer.trouble.help}
    return {
        "id": id,
        "question": answer.question,
        "query": answer.query,
        "answer": answer.text,
        "abstained": answer.abstained,
        "confidence": rounded(answer.confidence),
        "mode": answer.mode,
        "claims": [_claim_record(claim) for claim in answer.claims],
        "citations": [_citation_record(citation) for citation in answer.citations],
        "passages": [_passage_record(passage) for passage in answer.passages],
        "usage": dict(answer.usage),
        "ms": _ms(answer.ms),
        **more,
    }


def _nearest_notes(answer: Answer) -> Iterator[str]:
    """What comes nearest, a sentence of each passage, where the articles do not say."""
    for passage in answer.passages[:NEAREST] if answer.abstained else ():
        yield f"Nearest, in {passage.title}: {' '.join(passage.words(passage.nearest).split())}"


def _claim_record(c: Claim) -> Record:
    said: Record = {"text": c.text, "start": c.start, "end": c.end, "verdict": c.verdict, "citations": list(c.citations)}
    others = {"better": c.better, "against": c.against}
    more: Record = {name: _citation_record(one) for name, one in others.items() if one}
    return {**said, **more, **_opinion_record(c.opinion)}


def _opinion_record(opinion: SecondOpinion | None) -> Record:
    """What a model says of a claim, where it was asked; only what it says."""
    if opinion is None:
        return {}
    known = {"words": opinion.words, "margin": opinion.margin, "reason": opinion.reason}
    more = {name: value for name, value in known.items() if value not in ("", None)}
    return {"second_opinion": {"says": opinion.says, "model": opinion.model, **more}}


def _citation_record(c: Citation) -> Record:
    place: Record = {"n": c.n, "article": c.article, "title": c.title, "start": c.start, "end": c.end}
    said: Record = {"quote": c.quote, "verdict": c.verdict}
    more: Record = {**({"reason": c.reason} if c.reason else {}), **({"found": True} if c.found else {})}
    return {**place, **said, **more}


def _passage_record(p: Passage) -> Record:
    place = {"n": p.n, "article": p.article, "title": p.title, "start": p.start, "end": p.end}
    return {**place, "text": p.text, "score": rounded(p.score)}


def checked_record(one: Checked) -> Record:
    """The JSON of a sentence of a draft."""
    place: Record = {"text": one.text, "start": one.start, "end": one.end, "verdict": one.verdict}
    place = {**place, **_opinion_record(one.opinion)}
    if (source := one.source) is None:
        return {**place, "source": None}
    found: Record = {"article": source.article, "title": source.title, "start": source.start, "end": source.end}
    against: Record = {"against": _citation_record(one.against)} if one.against else {}
    return {**place, "source": {**found, "quote": source.quote, "reason": source.reason}, **against}


def checked_text(one: Checked) -> str:
    """A sentence of a draft for people: its verdict, itself, and what it rests on."""
    head = f"{one.verdict.upper()}: {one.text}"
    if (source := one.source) is None:
        return head
    why = f"\n  {source.reason}" if source.reason else ""
    label = "" if source.quote else "nearest: "
    words = f"\n{indented(source.quote)}" if source.quote else ""
    opinion = f"\n  {opinion_told(one.opinion)}" if one.opinion else ""
    against = f"\n  against it:\n{indented(one.against.quote)}" if one.against else ""
    return f"{head}{why}\n  {label}{source.title} ({source.article} {source.start}-{source.end}){words}{against}{opinion}"


def checked_tally(found: Sequence[Checked]) -> str:
    """How the sentences of a draft came out, in one line."""
    if not found:
        return "The draft holds no sentence that states anything."
    counts = Counter(one.verdict for one in found)
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
    return f"{len(found)} sentence{'' if len(found) == 1 else 's'} checked: {told}."


def report_record(report: IngestReport) -> Record:
    """The JSON of an ingest."""
    return {
        "added": list(report.added),
        "changed": list(report.changed),
        "unchanged": list(report.unchanged),
        "removed": list(report.removed),
        "failed": [{"where": failure.where, "reason": failure.reason} for failure in report.failed],
        "embedded": report.embedded,
        "chunks": report.chunks,
        "seconds": round(report.seconds, 3),
    }


def article_record(article: Article) -> Record:
    """An article as a JSON line that can be ingested again, its text last."""
    known: dict[str, object] = {
        "id": article.id,
        "title": article.title,
        "author": article.author,
        "translator": article.translator,
        "date": article.date,
        "source": article.source,
        "cut_off": article.cut_off,
        "language": article.language,
    }
    return {**article.metadata, **known, "text": article.text}


def summary_record(summary: Summary) -> Record:
    """The JSON of an article in a list; `chars` and `chunks` are its sizes."""
    return asdict(summary)


def finding_record(finding: "Finding") -> Record:
    """The JSON of one finding."""
    return {"name": finding.name, "ok": finding.ok, "detail": finding.detail, "help": finding.help}


def search_text(result: SearchResult) -> str:
    """A search for people: each passage under its place, its score, and its rank and score in every stage."""
    if not result.hits:
        return "No passage was found."
    return "\n\n".join(hit_text(n, hit) for n, hit in enumerate(result.hits, start=1))


def hit_text(n: int, hit: Hit) -> str:
    """A passage for people, the nth of its search."""
    stages = "  ".join(f"{name} #{stage.rank} ({stage.score:.3f})" for name, stage in hit.stages.items())
    return f"{n}. {hit.article} {hit.start}-{hit.end}  score {hit.score:.3f}  {stages}\n{indented(hit.text)}"


def footnotes_text(answer: Answer) -> str:
    """What stands under an answer: its footnotes, or the nearest passages where it has none."""
    if answer.citations:
        # A passage may be cited for several claims, and often for the same words.
        lines = dict.fromkeys(_citation_text(one.citation, group.claim) for group in groups(answer) for one in group.cited)
        return "\n".join([*lines, *_loose_ends(answer)])
    if not answer.passages:
        return ""
    return "The nearest passages:\n" + "\n".join(map(_nearest_text, answer.passages[:NEAREST]))


def _nearest_text(p: Passage) -> str:
    """The sentence of a passage that fits the question best, and its place."""
    start, end = p.nearest
    return f"{p.title} ({p.article} {start}-{end})\n{indented(p.words((start, end)))}"


def _citation_text(c: Citation, claim: Claim | None) -> str:
    why = f": {c.reason}" if c.reason else ""
    if c.found and claim:  # its marker is not in the text that was printed as it came
        why += f", {FOUND} for “{claim.text}”"
    if not c.article:
        return f"[{c.n}] {c.verdict}{why}"
    head = f"[{c.n}] {c.title} ({c.article} {c.start}-{c.end}), {c.verdict}{why}"
    return f"{head}\n{indented(c.quote)}" if c.quote else head


def _loose_ends(answer: Answer) -> list[str]:
    """The claims that no footnote carries, and those that another passage carries better."""
    lines = [f"Uncited: {claim.text}" for claim in answer.claims if claim.verdict == "uncited"]
    for claim in answer.claims:
        if (better := claim.better) is not None:
            lines.append(f"A better source for “{claim.text}”: passage {better.n}, {better.title}\n{indented(better.quote)}")
        if claim.opinion is not None:
            lines.append(f"On “{claim.text}”: {opinion_told(claim.opinion)}")
    return lines


def summary_line(answer: Answer) -> str:
    """How many claims hold, and what the answer cost; "" for quotations, which all hold and cost nothing."""
    if answer.mode != "model":
        return ""
    parts = [f"Written by {answer.model}.", summary(answer.claims, answer.citations), *spent(answer.usage, answer.ms)]
    return " ".join(filter(None, parts))


def report_text(report: IngestReport) -> str:
    """An ingest for people, in one line."""
    names = ("added", "changed", "unchanged", "removed", "failed")
    counts = ", ".join(f"{len(getattr(report, name))} {name}" for name in names)
    return f"Articles: {counts}. Passages: {report.chunks}, of which {report.embedded} embedded, in {report.seconds:.1f} s."


def summary_text(summary: Summary) -> str:
    """An article in a list: id, title, author, date and language where they are known."""
    cut, language = "cut off in the source" if summary.cut_off else "", language_name(summary.language)
    return "  ".join(part for part in (summary.id, summary.title, summary.author, summary.date, language, cut) if part)


def article_text(article: Article) -> str:
    """An article for people: what is known of it, a blank line, its text."""
    record = article_record(article)
    head = [f"{name}: {value}" for name, value in record.items() if name != "text" and value not in ("", False)]
    return "\n".join([*head, "", article.text])


def findings_text(findings: "Sequence[Finding]") -> str:
    """A doctor's report for people."""
    return "\n".join(_finding_text(finding) for finding in findings)


def _finding_text(finding: "Finding") -> str:
    line = f"{'ok ' if finding.ok else 'BAD'}  {finding.name}: {finding.detail}"
    return line if finding.ok or not finding.help else f"{line}\n     {finding.help}"


def describe(error: Exception) -> tuple[str, str]:
    """What is wrong and what to do, as sentences, for any error."""
    if isinstance(error, FootnoteError | VectorstoreError):
        return error.message, error.help
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return (
            f"{where}{error.strerror}.",
            "Check that the file or folder is there, may be written, and that the disk is not full.",
        )
    first = (str(error).splitlines() or [""])[0]
    return f"Something went wrong that was not foreseen: {type(error).__name__}: {first}", FootnoteError.help


def indented(text: str) -> str:
    """The text set in under its heading."""
    return "\n".join(f"    {line}" for line in text.splitlines())


def rounded(value: float) -> float:
    """A score as JSON shows it, of whatever kind of number it is."""
    return round(float(value), 6)


def _ms(times: Mapping[str, float]) -> Record:
    return {name: round(float(value), 2) for name, value in times.items()}
