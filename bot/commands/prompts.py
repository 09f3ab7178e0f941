"""`footnote prompts`: what there is, what is different, what is in force, and what a model would be sent."""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import cast

from bot.answering.rendering import Rendered, needs_passages, rendered
from bot.answering.steps.generate import Count
from bot.commands.output import Output, Record
from bot.commands.questions import typed
from bot.errors import InputError
from bot.prompting import WANTS, Listing, Prompt, Prompts, Version
from bot.types import Event, Passage, Question, Retrieved, Token, Turn
from bot.wiring.service import Service
from vectorstore.types import EVERYWHERE, Scope


def show_all(prompts: Prompts, output: Output) -> int:
    """Lists every version; 1 where one that is in force cannot be used."""
    listings = prompts.listed()
    for listing in listings:
        for version in listing.versions:
            output.record(_listed(listing, version)) if output.as_json else output.say(_line(listing, version))
    troubles = [problem for listing in listings if (problem := _problem(listing))]
    for message, help in troubles:
        output.warn(f"{message} {help}".rstrip())
    return 1 if troubles else 0


def show(prompts: Prompts, output: Output, which: str) -> int:
    """Prints a version's file as it stands; 1 where it cannot be used, with why."""
    name, version = _parted(which)
    version = version or prompts.in_force(name)
    text = prompts.text(name, version)
    if not output.as_json:
        output.say(text.rstrip("\n"))  # also where it is broken: that is when it has to be read
        prompts.load(name, version)
        return 0
    prompt = prompts.load(name, version)
    messages = [{"role": role, "text": said} for role, said in prompt.messages]
    output.record({**_known(prompt), "messages": messages, "text": text})
    return 0


def diff(prompts: Prompts, output: Output, name: str, a: str, b: str) -> int:
    """Prints what is different in version `b`; the exit code is 0 whether or not anything is."""
    lines = prompts.diff(name, a, b)
    if output.as_json:
        output.record({"name": name, "a": a, "b": b, "diff": lines})
        return 0
    output.say("\n".join(lines) if lines else f"{name}/{a} and {name}/{b} are the same.")
    return 0


def use(prompts: Prompts, output: Output, name: str, version: str | None) -> int:
    """Puts a version in force, or where none is named that which was before."""
    if version is None:
        was = prompts.in_force(name)
        version = prompts.roll_back(name)
    else:
        was = prompts.use(name, version)
    if output.as_json:
        output.record({"name": name, "in_force": version, "before": was})
        return 0
    before = f" Before, it was {was}." if was not in ("", version) else ""
    output.say(f"{name}/{version} is {'already ' if was == version else ''}in force.{before}")
    return 0


def render(
    service: Service, prompts: Prompts, output: Output, which: str, question: Question, budget: int, count: Count
) -> int:
    """Prints what a model would be sent for a question, to the letter, and how long it is. Nothing is sent."""
    prompt = prompts.load(*_parted(which))
    found = _found(service, question) if needs_passages(prompt) else ()
    result = rendered(prompt, question, found, budget, count)
    if output.as_json:
        messages = [{"role": role, "text": text} for role, text in result.messages]
        output.record({**_known(prompt), "messages": messages, "tokens": result.tokens, **_fitted(result)})
        return 0
    for role, text in result.messages:
        output.say(f"# {role}\n{text}\n")
    output.say(_sums(prompt, result))
    return 0


def asked(text: str, said: Sequence[str], scope: Scope = EVERYWHERE) -> Question:
    """A question with what was said before it: the reader's words and Footnote's, in turn. Raises InputError."""
    if len(said) % 2:
        raise InputError("--said has to be given in pairs.", "Give the reader's words, then what Footnote answered.")
    question = typed(text).question
    turns = tuple(Turn("user" if n % 2 == 0 else "assistant", one) for n, one in enumerate(said))
    return Question(question.text, turns, scope)


def _found(service: Service, question: Question) -> tuple[Passage, ...]:
    """The passages that an answer would be written from: those of quotes mode, which asks no model."""
    told = ""
    # A generator in truth: to close it is to have no answer made, which nobody asked for.
    with closing(cast("Generator[Event]", service.chat.stream(replace(question, model="quotes")))) as events:
        for event in events:
            match event:
                case Retrieved(passages):
                    return passages
                case Token(text):
                    told += text
    raise InputError("This question is not searched, so no prompt is sent.", told or "Put it in other words.")


def _parted(which: str) -> tuple[str, str]:
    """NAME/VERSION or NAME; "" is the version in force."""
    name, _, version = which.partition("/")
    return name, version


def _problem(listing: Listing) -> tuple[str, str] | None:
    """What keeps a prompt that Footnote uses from being used."""
    if listing.name not in WANTS:
        return None
    broken = next((one.problem for one in listing.versions if one.version == listing.in_force and one.prompt is None), None)
    return broken or (listing.problem if listing.problem[0] else None)


def _listed(listing: Listing, version: Version) -> Record:
    known = _known(version.prompt) if version.prompt else {"name": listing.name, "version": version.version}
    return {**known, "in_force": version.version == listing.in_force, "problem": version.problem[0] or None}


def _known(prompt: Prompt) -> Record:
    settings = {"temperature": prompt.settings.temperature, "max_tokens": prompt.settings.max_tokens}
    return {
        "name": prompt.name,
        "version": prompt.version,
        "description": prompt.description,
        "message": prompt.message,
        "variables": sorted(prompt.variables),
        "settings": {name: value for name, value in settings.items() if value is not None},
    }


def _line(listing: Listing, version: Version) -> str:
    state = "in force" if version.version == listing.in_force else ""
    if version.prompt is None:
        return f"{listing.name}/{version.version}  {'in force, but ' if state else ''}cannot be used: {version.problem[0]}"
    about = version.prompt.message or version.prompt.description
    return "  ".join(filter(None, (f"{listing.name}/{version.version}", state, about)))


def _fitted(result: Rendered) -> Record:
    return {"passages": [passage.n for passage in result.passages], "left_out": result.left}


def _sums(prompt: Prompt, result: Rendered) -> str:
    """How long it is, and what did not go in, in a line."""
    passages = len(result.passages)
    held = f", with {passages} passage{'' if passages == 1 else 's'}" if needs_passages(prompt) else ""
    left = f"; {result.left} more did not fit" if result.left else ""
    return f"{prompt.name}/{prompt.version}: about {result.tokens:,} tokens{held}{left}. Nothing was sent."
