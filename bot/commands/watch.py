"""`footnote watch`: questions that stand, asked again when the articles have changed, and what changed in their answers."""

import argparse
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bot.answering.tally import spent
from bot.commands.arguments import add_command, add_scope_options, scope_of
from bot.commands.ask import footnotes_text
from bot.commands.output import CommandContext, Output, indented
from bot.commands.questions import typed
from bot.json_records import Record, citation_record

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.conversation.answer_changes import AnswerChange, BrokenFootnote
    from bot.conversation.history import StandingQuestion
    from bot.types import Answer
    from bot.wiring.standing import StandingOutcome
    from vectorstore.types import Scope

# Continues "Footnote [1] no longer holds, ".
_BROKEN = {
    "article gone": "its article is gone",
    "file gone": "the file of its article is gone",
    "words changed": "its words were changed",
    "words gone": "its words are not in the article any more",
}
_ANSWERED = {"now": "The articles answer this now.", "no longer": "The articles do not answer this any more."}
_FAIL_HELP = "end with 1 where the answer to a question has changed"


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command and its actions."""
    about = "ask your standing questions again after the articles have changed, and print what changed in the answers"
    watch = add_command(commands, common, "watch", about)
    watch.add_argument("--fail-if-changed", action="store_true", help=_FAIL_HELP)
    watch.set_defaults(run=ask_due)
    actions = watch.add_subparsers(dest="action", metavar="ACTION")
    add = actions.add_parser("add", parents=[common], help="keep a question, and ask it a first time")
    add.add_argument("question", metavar="QUESTION", help="in quotation marks, so that the shell keeps it whole")
    add.add_argument(
        "--model", default="", metavar="MODEL", help="quotes, or what is to write its answers (default: FOOTNOTE_MODEL)"
    )
    add_scope_options(add)
    add.set_defaults(run=add_question)
    listed = actions.add_parser("list", parents=[common], help="the questions that are kept")
    listed.set_defaults(run=list_questions)
    remove = actions.add_parser("remove", parents=[common], help="keep a question no longer")
    remove.add_argument("ids", nargs="+", metavar="ID")
    remove.set_defaults(run=remove_questions)
    again = actions.add_parser("run", parents=[common], help="ask some questions, or all, also where no article has changed")
    again.add_argument("ids", nargs="*", metavar="ID")
    # The default is that of the command itself: a default here would undo what was said before the action.
    again.add_argument("--fail-if-changed", action="store_true", default=argparse.SUPPRESS, help=_FAIL_HELP)
    again.set_defaults(run=run_questions)


def ask_due(args: argparse.Namespace, context: CommandContext) -> int:
    """Asks the questions that are due, and prints what changed; 1 where one failed, or changed with --fail-if-changed."""
    with context.service() as service:
        outcomes = service.standing.ask_due()
        # Nothing is due until the articles change, so silence is explained by how many questions there are.
        code, count = _print_outcomes(outcomes, context.output, fail_if_changed=args.fail_if_changed)
        if not count and not context.output.as_json:
            kept = len(service.standing.questions())
            context.output.say(_nothing_due(kept))
    return code


def run_questions(args: argparse.Namespace, context: CommandContext) -> int:
    """Asks the named questions, or all, whether they are due or not."""
    with context.service() as service:
        standing = service.standing
        # Named or not, they are asked anew: whoever says `run` does not mean "where something changed".
        ids = args.ids or [one.id for one in standing.questions()]
        code, count = _print_outcomes(
            (standing.ask(id, anew=True) for id in ids), context.output, fail_if_changed=args.fail_if_changed
        )
        if not count and not context.output.as_json:
            context.output.say(_nothing_due(0))
    return code


def add_question(args: argparse.Namespace, context: CommandContext) -> int:
    """Keeps a question, asks it, and prints its answer; 1 where it could not be asked, which does not lose it."""
    from dataclasses import replace

    question = replace(typed(args.question, scope_of(args)).question, model=args.model)
    with context.service() as service:
        kept = service.standing.add(question)
        return _print_outcomes([service.standing.ask(kept.id)], context.output, fail_if_changed=False)[0]


def list_questions(_args: argparse.Namespace, context: CommandContext) -> int:
    """Prints the questions that are kept."""
    output = context.output
    with context.service() as service:
        questions = service.standing.questions()
        due = {one.id for one in service.standing.due()}
    for one in questions:
        output.record(question_record(one, due=one.id in due)) if output.as_json else output.say(_listed(one, one.id in due))
    if not questions and not output.as_json:
        output.say(_nothing_due(0))
    return 0


def remove_questions(args: argparse.Namespace, context: CommandContext) -> int:
    """Takes questions out of the list."""
    with context.service() as service:
        for id in args.ids:
            service.standing.remove(id)
            if not context.output.as_json:
                context.output.say(f"Removed: {id}.")
    return 0


def _print_outcomes(outcomes: "Iterable[StandingOutcome]", output: Output, *, fail_if_changed: bool) -> tuple[int, int]:
    """Prints what came of each question as soon as it is there; the exit code, and how many there were."""
    code = count = 0
    for outcome in outcomes:
        count += 1
        if output.as_json:
            output.record(outcome_record(outcome))
        else:
            output.say("\n".join(_outcome_lines(outcome)) + "\n")
        if outcome.failure or (fail_if_changed and outcome.change):
            code = 1
    return code, count


# As JSON


def outcome_record(outcome: "StandingOutcome") -> Record:
    """The JSON of what came of a standing question."""
    one: Record = {"id": outcome.question.id, "question": outcome.question.asked.question}
    answer = outcome.answer
    if outcome.failure or answer is None:
        return {**one, "error": outcome.failure}
    return {
        **one,
        "first": outcome.first,
        "changed": bool(outcome.change),
        **change_record(outcome.change),
        "answer": answer.text,
        "abstained": answer.abstained,
        "mode": answer.mode,
        "citations": [citation_record(citation) for citation in answer.citations],
        # What was not asked of the model again did not cost anything again.
        "usage": {} if outcome.spared else dict(answer.usage),
    }


def change_record(change: "AnswerChange | None") -> Record:
    """The JSON of what changed; the same keys with empty lists where nothing did."""
    from bot.conversation.answer_changes import AnswerChange

    found = change or AnswerChange()
    return {
        "answered": found.answered,
        "new": list(found.new),
        "gone": list(found.gone),
        "reworded": [{"before": one.before, "now": one.now} for one in found.reworded],
        "verdicts": [{"text": one.text, "before": one.before, "now": one.now} for one in found.verdicts],
        "broken": [_broken_record(one) for one in found.broken],
    }


def _broken_record(one: "BrokenFootnote") -> Record:
    return {"n": one.n, "article": one.article, "title": one.title, "quote": one.quote, "why": one.why, "now": one.now}


def question_record(one: "StandingQuestion", *, due: bool) -> Record:
    """The JSON of a question that is kept."""
    last = one.last
    return {
        "id": one.id,
        "question": one.asked.question,
        # In the form that `--questions` reads, so that a list can be asked again elsewhere.
        "scope": scope_record(one.asked.scope),
        "model": one.model,
        "due": due,
        "added": one.added.isoformat(),
        "asked": last.asked.isoformat() if last else None,
        # A first answer is no change.
        "changed": last.came.isoformat() if last and one.changes else None,
        "changes": one.changes,
        **({"error": one.failure} if one.failure else {}),
    }


def scope_record(scope: "Scope") -> Record:
    """What a scope states, by field, as a questions file takes it."""
    from dataclasses import asdict

    return {name: value for name, value in asdict(scope).items() if value}


# For people


def _outcome_lines(outcome: "StandingOutcome") -> Iterator[str]:
    yield f"# {outcome.question.id}: {outcome.question.asked.question}"
    answer = outcome.answer
    if outcome.failure or answer is None:
        yield f"Not asked: {outcome.failure}"
        return
    if outcome.first:
        yield answer.text
        if below := footnotes_text(answer):
            yield f"\n{below}"
    elif outcome.change:
        yield from change_lines(outcome.change)
    else:
        yield "Nothing new."
    yield from _cost_lines(answer, spared=outcome.spared)


def change_lines(change: "AnswerChange") -> Iterator[str]:
    """What changed, line by line: + is new, - is gone, ~ is said otherwise, ! is a footnote or a verdict to look at."""
    if change.answered:
        yield _ANSWERED[change.answered]
    yield from (f"+ {text}" for text in change.new)
    for pair in change.reworded:
        yield f"~ {pair.before}"
        yield f"  now: {pair.now}"
    yield from (f"- {text}" for text in change.gone)
    for verdict in change.verdicts:
        yield f"! {verdict.before} before, {verdict.now} now: {verdict.text}"
    for one in change.broken:
        yield f"! Footnote [{one.n}] no longer holds, {_BROKEN[one.why]}: {one.title} ({one.article})"
        yield indented(one.quote)
        if one.now:
            yield f"  {'There now' if one.why == 'words changed' else 'Nearest there now'}:"
            yield indented(one.now)


def _cost_lines(answer: "Answer", *, spared: bool) -> Iterator[str]:
    if answer.mode != "model":
        return
    if spared:
        yield f"The passages are the same, so {answer.model} was not asked again."
    else:
        yield " ".join([f"Written by {answer.model}.", *spent(answer.usage, {})])


def _listed(one: "StandingQuestion", due: bool) -> str:
    scope = "; ".join(f"{name}: {_joined(value)}" for name, value in scope_record(one.asked.scope).items())
    changes = f"{one.changes} change{'' if one.changes == 1 else 's'}"
    asked = f"asked {one.last.asked.astimezone():%Y-%m-%d %H:%M}, {changes}" if one.last else "not asked yet"
    parts = [asked, scope, f"by {one.model}" if one.model else "", "due" if due else "", one.failure]
    return f"{one.id}  {one.asked.question}\n{indented('; '.join(filter(None, parts)))}"


def _joined(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _nothing_due(kept: int) -> str:
    if not kept:
        return "No question is kept yet. `footnote watch add QUESTION` keeps one."
    questions = f"{kept} question{'' if kept == 1 else 's'}"
    return f"Nothing new: the articles have not changed since {questions} {'was' if kept == 1 else 'were'} asked."
