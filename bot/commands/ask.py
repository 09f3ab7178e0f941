"""`footnote ask`: the cited answer to a question, streamed for people, one record for programs."""

import argparse
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bot.answering.cited import groups
from bot.answering.tally import FOUND, spent, summary
from bot.commands.jsonlines import Id
from bot.commands.output import CommandContext, Output, Record, indented, milliseconds, rounded_score
from bot.commands.questions import QuestionInput, add_question_command, each_question, warn_of
from bot.errors import ModelError
from bot.types import Answer, Citation, Claim, Done, Notice, Passage, Retraction, SecondOpinion, Token
from bot.verification.verdicts import opinion_told

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.wiring.chat import Chat

NEAREST = 3
"""Passages that are shown where the articles do not say."""


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command."""
    ask = add_question_command(commands, common, "ask", "print the cited answer to a question")
    ask.set_defaults(run=run)


def run(args: argparse.Namespace, context: CommandContext) -> int:
    """Prints the cited answer to each question; the exit code, 1 where any of them failed or broke off."""
    answered = _as_json if context.output.as_json else _for_people
    with context.service() as service:
        chat = service.chat
        return each_question(args, context, lambda asked: answered(chat, context.output, asked))


def _as_json(chat: "Chat", output: Output, asked: QuestionInput) -> bool:
    # A record is printed whole, so the pieces of the text are let go as they come.
    answer, notes = _follow(chat, asked, lambda _: None)
    output.record(answer_record(asked.id, answer))
    warn_of(output, asked.id, notes)
    return answer.trouble is None


def _for_people(chat: "Chat", output: Output, asked: QuestionInput) -> bool:
    shown: list[str] = []

    def show(text: str) -> None:
        """Prints a piece, and remembers that there was one."""
        shown.append(text)
        output.piece(text)

    answer, notes = _follow(chat, asked, show)
    # Where no piece came, the text is printed at the end.
    output.say("" if shown else answer.text)
    if below := footnotes_text(answer):
        output.say("\n" + below)
    if sums := summary_line(answer):
        output.say("\n" + sums)
    warn_of(output, asked.id, notes)
    return answer.trouble is None


def _follow(chat: "Chat", asked: QuestionInput, show: Callable[[str], None]) -> tuple[Answer, list[str]]:
    """Passes on the text as it comes; returns the answer and what else the reader must know, why it broke off last."""
    notes: list[str] = []
    for event in chat.stream(asked.question):
        match event:
            case Token(text):
                show(text)
            case Retraction():
                show("\n\n(So far the model thought aloud. Its answer:)\n\n")
            case Notice(text):
                notes.append(text)
            case Done(answer):
                trouble = [f"{answer.trouble.message} {answer.trouble.help}"] if answer.trouble else []
                # A note may come with the stream and again with the answer; it is told once, in its first place.
                return answer, list(dict.fromkeys([*notes, *answer.notes, *trouble]))
    # A failure has an error of its own, so this should not happen; half an answer must not pass for a whole one all the same.
    raise ModelError("The answer broke off before its end.")


# As JSON


def answer_record(id: Id | None, answer: Answer) -> Record:
    """The JSON of an answer, as the design has it; what only some answers have is there only where they have it."""
    # Scripts test for a key, so a key that says nothing is left out rather than null.
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
        # numpy's floats are no JSON numbers, and a digit past the sixth is noise of the encoder.
        "confidence": rounded_score(answer.confidence),
        "mode": answer.mode,
        "claims": [_claim_record(claim) for claim in answer.claims],
        "citations": [citation_record(citation) for citation in answer.citations],
        "passages": [_passage_record(passage) for passage in answer.passages],
        "usage": dict(answer.usage),
        "ms": milliseconds(answer.ms),
        **more,
    }


def citation_record(citation: Citation) -> Record:
    """The JSON of a footnote."""
    one = citation
    place: Record = {"n": one.n, "article": one.article, "title": one.title, "start": one.start, "end": one.end}
    said: Record = {"quote": one.quote, "verdict": one.verdict}
    place = {**place, **page_record(one)}
    more: Record = {**({"reason": one.reason} if one.reason else {}), **({"found": True} if one.found else {})}
    return {**place, **said, **more}


def page_record(citation: Citation) -> Record:
    """The page of a footnote's words, as `{"page": "3"}` ("3–4" over two, "slide 4" of slides); {} where there is none."""
    label = citation.page.removeprefix("p. ").removeprefix("pp. ")
    return {"page": label} if label else {}


def place_text(citation: Citation) -> str:
    """Where a footnote's words stand, for people: `report.pdf, p. 3, 120-180`."""
    page = f", {citation.page}," if citation.page else ""
    return f"{citation.article}{page} {citation.start}-{citation.end}"


def opinion_record(opinion: SecondOpinion | None) -> Record:
    """What a model says of a claim, where it was asked; only what it says."""
    if opinion is None:
        return {}
    known = {"words": opinion.words, "margin": opinion.margin, "reason": opinion.reason}
    more = {name: value for name, value in known.items() if value not in ("", None)}
    return {"second_opinion": {"says": opinion.says, "model": opinion.model, **more}}


def _nearest_notes(answer: Answer) -> Iterator[str]:
    """What comes nearest, a sentence of each passage, where the articles do not say."""
    for passage in answer.passages[:NEAREST] if answer.abstained else ():
        yield f"Nearest, in {passage.title}: {' '.join(passage.words(passage.nearest).split())}"


def _claim_record(c: Claim) -> Record:
    said: Record = {"text": c.text, "start": c.start, "end": c.end, "verdict": c.verdict, "citations": list(c.citations)}
    others = {"better": c.better, "against": c.against}
    more: Record = {name: citation_record(one) for name, one in others.items() if one}
    return {**said, **more, **opinion_record(c.opinion)}


def _passage_record(p: Passage) -> Record:
    place = {"n": p.n, "article": p.article, "title": p.title, "start": p.start, "end": p.end}
    return {**place, "text": p.text, "score": rounded_score(p.score)}


# For people


def footnotes_text(answer: Answer) -> str:
    """What stands under an answer: its footnotes, or the nearest passages where it has none."""
    if answer.citations:
        # A passage may be cited for several claims, and often for the same words.
        lines = dict.fromkeys(_citation_text(one.citation, group.claim) for group in groups(answer) for one in group.cited)
        return "\n".join([*lines, *_loose_ends(answer)])
    if not answer.passages:
        return ""
    return "The nearest passages:\n" + "\n".join(map(_nearest_text, answer.passages[:NEAREST]))


def summary_line(answer: Answer) -> str:
    """How many claims hold, and what the answer cost; "" for quotations, which all hold and cost nothing."""
    if answer.mode != "model":
        return ""
    parts = [f"Written by {answer.model}.", summary(answer.claims, answer.citations), *spent(answer.usage, answer.ms)]
    return " ".join(filter(None, parts))


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
    head = f"[{c.n}] {c.title} ({place_text(c)}), {c.verdict}{why}"
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
