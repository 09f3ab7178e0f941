"""`footnote ask`: the cited answer to a question, streamed for people, one record for programs."""

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answering.cited import groups
from bot.answering.tally import FOUND, spent, summary
from bot.commands.output import CommandContext, Output, indented
from bot.commands.questions import QuestionInput, add_question_command, each_question, warn_of
from bot.commands.streamed_text import StreamedText
from bot.errors import ModelError
from bot.json_records import NEAREST, answer_record
from bot.types import Answer, Citation, Claim, Done, Notice, Passage, Retraction, Token
from bot.verification.verdicts import opinion_told

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.wiring.chat import Chat


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command."""
    ask = add_question_command(commands, common, "ask", "print the cited answer to a question")
    name = "a model of `footnote models`, provider:model of the environment's server, or quotes (default: the default there)"
    ask.add_argument("--model", default="", metavar="NAME", help=name)
    ask.set_defaults(run=run)


def run(args: argparse.Namespace, context: CommandContext) -> int:
    """Prints the cited answer to each question; the exit code, 1 where any of them failed or broke off."""
    answered = _as_json if context.output.as_json else _for_people
    with context.service() as service:
        chat = service.chat

        def handle(asked: QuestionInput) -> bool:
            """Answers a question with the model that was asked for."""
            return answered(chat, context.output, replace(asked, question=replace(asked.question, model=args.model)))

        return each_question(args, context, handle)


def _as_json(chat: "Chat", output: Output, asked: QuestionInput) -> bool:
    # A record is printed whole, so the pieces of the text are let go as they come.
    answer, notes = _follow(chat, asked)
    output.record(answer_record(asked.id, answer))
    warn_of(output, asked.id, notes)
    return answer.trouble is None


def _for_people(chat: "Chat", output: Output, asked: QuestionInput) -> bool:
    text = StreamedText(output)
    try:
        answer, notes = _follow(chat, asked, text)
    finally:
        # Also where the answer broke off: what was shown must not run into the next line.
        text.end()
    # Where no piece came, the text is printed at the end.
    # The text itself has no line end.
    output.say("" if text.shown else answer.text)
    if below := footnotes_text(answer):
        output.say("\n" + below)
    if sums := summary_line(answer):
        output.say("\n" + sums)
    warn_of(output, asked.id, notes)
    return answer.trouble is None


def _follow(chat: "Chat", asked: QuestionInput, shown: StreamedText | None = None) -> tuple[Answer, list[str]]:
    """Shows the text as it comes; returns the answer and what else the reader must know, why it broke off last."""
    notes: list[str] = []
    for event in chat.stream(asked.question):
        match event:
            case Token(text) if shown is not None:
                shown.add(text)
            case Retraction() if shown is not None:
                shown.retract()
            case Notice(text):
                notes.append(text)
            case Done(answer):
                trouble = [f"{answer.trouble.message} {answer.trouble.help}"] if answer.trouble else []
                # A note may come with the stream and again with the answer; it is told once, in its first place.
                return answer, list(dict.fromkeys([*notes, *answer.notes, *trouble]))
    # A failure has an error of its own, so this should not happen; half an answer must not pass for a whole one all the same.
    raise ModelError("The answer broke off before its end.")


def place_text(citation: Citation) -> str:
    """Where a footnote's words stand, for people: `report.pdf, p. 3, 120-180`."""
    page = f", {citation.page}," if citation.page else ""
    return f"{citation.article}{page} {citation.start}-{citation.end}"


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
