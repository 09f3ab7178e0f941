"""`footnote search`: the passages for a question, why they were found, and why another one was not."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.arguments import UsageError, scope_of, whole_number
from bot.commands.output import CommandContext, Output, indented
from bot.commands.questions import QuestionInput, add_question_command, each_question, typed, warn_of
from bot.json_records import search_record, why_not_record, why_record
from vectorstore.types import Hit, Stage

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.wiring.library import Library, QuestionHits
    from vectorstore.searching.explain import HitExplanation, MissExplanation

SHOWN = 3
"""Sentences of a passage that people are shown; JSON has them all."""
# In the order in which the search goes through them.
_STAGES = ("dense", "lexical", "fused", "passage", "sentence", "final")


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command."""
    about = "print the passages for a question, with the rank and score of each stage"
    search = add_question_command(commands, common, "search", about)
    search.add_argument("-k", type=whole_number(1, 1000), default=10, metavar="N", help="how many passages (default: 10)")
    explained = search.add_mutually_exclusive_group()
    explained.add_argument("--why", action="store_true", help="with the words and sentences of each passage that matched")
    explained.add_argument(
        "--why-not", metavar="WORDS", help="find the passage that holds these words, and say where the search dropped it"
    )
    search.set_defaults(run=run)


def run(args: argparse.Namespace, context: CommandContext) -> int:
    """Prints the k best passages for each question, or what became of the passage that `--why-not` names; the exit code."""
    # argparse cannot say this, as QUESTION and --questions exclude each other already.
    if args.why_not is not None and args.questions is not None:
        raise UsageError("--why-not wants one QUESTION; it does not go with --questions")
    with context.service() as service:
        library, output = service.library, context.output
        if args.why_not is not None:
            return _why_not(args, library, output)
        one = _explained if args.why else _found
        return each_question(args, context, lambda asked: one(library, output, asked, args.k))


def _found(library: "Library", output: Output, asked: QuestionInput, k: int) -> bool:
    result = library.search(asked.question, k)
    output.record(search_record(asked.id, result)) if output.as_json else output.say(search_text(result))
    warn_of(output, asked.id, result.notes)
    return True


def _explained(library: "Library", output: Output, asked: QuestionInput, k: int) -> bool:
    # The times and the notes are the search's; the explanation searches once more for all that was thought on the way.
    result = library.search(asked.question, k)
    whys = library.why(asked.question, k)
    if output.as_json:
        output.record(why_record(asked.id, replace(result, hits=tuple(one.hit for one in whys)), whys))
    else:
        output.say(why_text(whys))
    warn_of(output, asked.id, result.notes)
    return True


def _why_not(args: argparse.Namespace, library: "Library", output: Output) -> int:
    question = typed(args.question, scope_of(args)).question
    found = library.why_not(question, args.why_not, args.k)
    output.record(why_not_record(question.text, found)) if output.as_json else output.say(why_not_text(found))
    return 0


# For people


def search_text(result: "QuestionHits") -> str:
    """A search for people: each passage under its place, its score, and its rank and score in every stage."""
    return "\n\n".join(_hit_text(n, hit) for n, hit in enumerate(result.hits, start=1)) or "No passage was found."


def why_text(whys: "Sequence[HitExplanation]") -> str:
    """The passages for people, each with what speaks for it."""
    return "\n\n".join(_why_text(n, why) for n, why in enumerate(whys, start=1)) or "No passage was found."


def why_not_text(found: "MissExplanation") -> str:
    """The passage that was missed for people: what became of it, and its rank and score at each stage."""
    head = f"{found.article} {found.start}-{found.end}\n{indented(found.text)}"
    stages = [f"  {name:<9} {_stage_text(found.stages.get(name))}" for name in _STAGES]
    return "\n".join([head, _words_text(found.words, found.missing), *stages, found.fell])


def _hit_text(n: int, hit: Hit) -> str:
    stages = "  ".join(f"{name} #{stage.rank} ({stage.score:.3f})" for name, stage in hit.stages.items())
    head = f"{n}. {hit.article} {hit.start}-{hit.end}  score {hit.score:.3f}  {stages}"
    return f"{head}\n  the same as in {hit.copy_of}, of which it is a copy" if hit.copy_of else f"{head}\n{indented(hit.text)}"


def _why_text(n: int, why: "HitExplanation") -> str:
    # A score of 0 is that of a sentence that was never judged, as the passage was not among those reranked.
    best = [_sentence_text(why, start, end, score) for (start, end), score in why.sentences[:SHOWN] if score]
    sentences = ["  best sentences:", *best] if best else ["  best sentences: none, as this passage was not reranked"]
    return "\n".join([_hit_text(n, why.hit), _words_text(why.words, why.missing), *sentences])


def _sentence_text(why: "HitExplanation", start: int, end: int, score: float) -> str:
    text = why.hit.text[start - why.hit.start : end - why.hit.start]
    return f"    {score:.3f}  {' '.join(text.split())}"


def _stage_text(stage: Stage | None) -> str:
    return f"#{stage.rank} ({stage.score:.3f})" if stage else "not there"


def _words_text(words: Sequence[str], missing: Sequence[str]) -> str:
    """As they are matched, that is without case, accents and endings."""
    return f"  words found: {', '.join(words) or 'none'}  missing: {', '.join(missing) or 'none'}"
