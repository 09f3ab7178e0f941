"""`footnote prompts`: what there is, what is different, what is in force, and what a model would be sent."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.commands.arguments import UsageError, add_command, add_scope_options, scope_of
from bot.commands.output import CommandContext
from bot.commands.questions import typed
from bot.errors import InputError
from bot.json_records import Record
from bot.types import Passage, Question, Turn
from vectorstore.types import EVERYWHERE, Scope

if TYPE_CHECKING:
    from bot.answering.rendering import Rendered
    from bot.commands.arguments import Subcommands
    from bot.prompting import Prompt, PromptFolder, PromptListing, PromptVersion


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command and its actions."""
    about = "list, show and compare the prompts, see what a model would be sent, and put one in force"
    prompts = add_command(commands, common, "prompts", about)
    prompts.set_defaults(run=list_prompts)
    actions = prompts.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", parents=[common], help="all versions, one line each (the default)")
    show = actions.add_parser("show", parents=[common], help="the file of one version")
    show.add_argument("which", metavar="NAME[/VERSION]", help="without VERSION, the one in force")
    show.set_defaults(run=show_prompt)
    diff = actions.add_parser("diff", parents=[common], help="what is different between two versions")
    diff.add_argument("name", metavar="NAME")
    diff.add_argument("a", metavar="A")
    diff.add_argument("b", metavar="B")
    diff.set_defaults(run=diff_prompts)
    use = actions.add_parser("use", parents=[common], help="put a version in force, or with --back the one before")
    use.add_argument("name", metavar="NAME")
    use.add_argument("version", nargs="?", metavar="VERSION")
    use.add_argument("--back", action="store_true", help="go back to the version that was in force before")
    use.set_defaults(run=use_prompt)
    label = actions.add_parser("label", parents=[common], help="give a version a name such as production or staging")
    label.add_argument("name", metavar="NAME")
    label.add_argument("label", metavar="LABEL")
    label.add_argument("version", nargs="?", default="", metavar="VERSION", help="without one the label is taken away")
    label.set_defaults(run=label_prompt)
    _add_render(actions, common)


def _add_render(actions: "Subcommands", common: argparse.ArgumentParser) -> None:
    render = actions.add_parser("render", parents=[common], help="what a model would be sent for a question; nothing is sent")
    render.add_argument("which", metavar="NAME[/VERSION]", help="without VERSION, the one in force")
    render.add_argument("--question", required=True, metavar="QUESTION")
    said = "what was said before: the reader's words, then Footnote's, in turn; may be given several times"
    render.add_argument("--said", action="append", default=[], metavar="TEXT", help=said)
    add_scope_options(render)
    render.set_defaults(run=render_prompt)


def label_prompt(args: argparse.Namespace, context: CommandContext) -> int:
    """Puts a label on a version, wherever it was before, or takes it away."""
    prompts, output = _prompt_folder(context), context.output
    # "" where the label was new.
    was = prompts.label(args.name, args.version, args.label)
    if output.as_json:
        output.record({"name": args.name, "label": args.label, "version": args.version, "before": was})
        return 0
    before = f" Before, it was {was}." if was not in ("", args.version) else ""
    now = f"is {args.name}/{args.version} now" if args.version else "is no version now"
    output.say(f"The label {args.label} of {args.name} {now}.{before}")
    return 0


def _prompt_folder(context: CommandContext) -> "PromptFolder":
    """The folder of the prompts. All actions but `render` need no more: no home is opened."""
    from bot.audit import AuditLog
    from bot.prompting import PromptFolder
    from bot.resources import prompts_dir

    return PromptFolder(prompts_dir(context.settings.prompts), AuditLog(context.settings.home))


def list_prompts(_args: argparse.Namespace, context: CommandContext) -> int:
    """Lists every version; 1 where one that is in force cannot be used."""
    listings, output = _prompt_folder(context).listed(), context.output
    for listing in listings:
        for version in listing.versions:
            output.record(_listed(listing, version)) if output.as_json else output.say(_line(listing, version))
    # A version that is not in force may be as broken as it likes: nobody is answered by it.
    troubles = [problem for listing in listings if (problem := _problem(listing))]
    for message, help in troubles:
        output.warn(f"{message} {help}".rstrip())
    return 1 if troubles else 0


def show_prompt(args: argparse.Namespace, context: CommandContext) -> int:
    """Prints a version's file as it stands; 1 where it cannot be used, with why."""
    prompts, output = _prompt_folder(context), context.output
    name, version = _name_and_version(args.which)
    version = version or prompts.in_force(name)
    text = prompts.text(name, version)
    if not output.as_json:
        output.say(text.rstrip("\n"))  # also where it is broken: that is when it has to be read
        # After the text: this raises where the version is broken.
        prompts.load(name, version)
        return 0
    prompt = prompts.load(name, version)
    messages = [{"role": role, "text": said} for role, said in prompt.messages]
    output.record({**_prompt_record(prompt), "messages": messages, "text": text})
    return 0


def diff_prompts(args: argparse.Namespace, context: CommandContext) -> int:
    """Prints what is different in version B; the exit code is 0 whether or not anything is."""
    (name, a, b), output = (args.name, args.a, args.b), context.output
    lines = _prompt_folder(context).diff(name, a, b)
    if output.as_json:
        output.record({"name": name, "a": a, "b": b, "diff": lines})
        return 0
    output.say("\n".join(lines) if lines else f"{name}/{a} and {name}/{b} are the same.")
    return 0


def use_prompt(args: argparse.Namespace, context: CommandContext) -> int:
    """Puts a version in force, or with `--back` that which was before."""
    # Exactly one of the two; argparse has no group for a positional argument and an option.
    if (args.version is None) != args.back:
        raise UsageError("prompts use wants a VERSION, or --back for the one before")
    prompts, output, name = _prompt_folder(context), context.output, args.name
    if args.back:
        was = prompts.in_force(name)
        version = prompts.roll_back(name)
    else:
        version = args.version
        was = prompts.use(name, version)
    if output.as_json:
        output.record({"name": name, "in_force": version, "before": was})
        return 0
    # Said, as it is what `--back` would go back to.
    before = f" Before, it was {was}." if was not in ("", version) else ""
    output.say(f"{name}/{version} is {'already ' if was == version else ''}in force.{before}")
    return 0


def render_prompt(args: argparse.Namespace, context: CommandContext) -> int:
    """Prints what a model would be sent for a question, to the letter, and how long it is. Nothing is sent."""
    from bot.answering.rendering import needs_passages, rendered
    from bot.wiring.chat import retrieved
    from vectorstore.encoding.embed import LocalEncoder

    output, question = context.output, question_with_history(args.question, args.said, scope_of(args))
    prompt = _prompt_folder(context).load(*_name_and_version(args.which))
    # A prompt without passages needs no index, and no home has to be there.
    found: tuple[Passage, ...] = ()
    if needs_passages(prompt):
        with context.service() as service:
            _, found = retrieved(service.chat, question)
    # By the local encoder's tokens, which is an estimate: the model's own tokenizer is not here.
    result = rendered(prompt, question, found, context.settings.context_tokens, LocalEncoder().count_tokens)
    if output.as_json:
        messages = [{"role": role, "text": text} for role, text in result.messages]
        fitted = {"passages": [passage.n for passage in result.passages], "left_out": result.left}
        output.record({**_prompt_record(prompt), "messages": messages, "tokens": result.tokens, **fitted})
        return 0
    for role, text in result.messages:
        output.say(f"# {role}\n{text}\n")
    output.say(_length_line(prompt, result))
    return 0


def question_with_history(text: str, said: Sequence[str], scope: Scope = EVERYWHERE) -> Question:
    """A question with what was said before it: the reader's words and Footnote's, in turn. Raises InputError."""
    # The conversation alternates, and it ends with Footnote: the question is what comes next.
    if len(said) % 2:
        raise InputError("--said has to be given in pairs.", "Give the reader's words, then what Footnote answered.")
    question = typed(text).question
    turns = tuple(Turn("user" if n % 2 == 0 else "assistant", one) for n, one in enumerate(said))
    return Question(question.text, turns, scope)


def _name_and_version(which: str) -> tuple[str, str]:
    """NAME/VERSION or NAME; "" is the version in force."""
    name, _, version = which.partition("/")
    return name, version


def _problem(listing: "PromptListing") -> tuple[str, str] | None:
    """What keeps a prompt that Footnote uses from being used."""
    from bot.prompting import PROMPT_VARIABLES

    # A folder that nothing renders keeps nobody from being answered.
    if listing.name not in PROMPT_VARIABLES:
        return None
    broken = next((one.problem for one in listing.versions if one.version == listing.in_force and one.prompt is None), None)
    return broken or (listing.problem if listing.problem[0] else None)


def _listed(listing: "PromptListing", version: "PromptVersion") -> Record:
    known = _prompt_record(version.prompt) if version.prompt else {"name": listing.name, "version": version.version}
    return {**known, "in_force": version.version == listing.in_force, "problem": version.problem[0] or None}


def _prompt_record(prompt: "Prompt") -> Record:
    settings = {"temperature": prompt.settings.temperature, "max_tokens": prompt.settings.max_tokens}
    return {
        "name": prompt.name,
        "version": prompt.version,
        "description": prompt.description,
        "message": prompt.message,
        "variables": sorted(prompt.variables),
        "settings": {name: value for name, value in settings.items() if value is not None},
    }


def _line(listing: "PromptListing", version: "PromptVersion") -> str:
    state = "in force" if version.version == listing.in_force else ""
    if version.prompt is None:
        return f"{listing.name}/{version.version}  {'in force, but ' if state else ''}cannot be used: {version.problem[0]}"
    about = version.prompt.message or version.prompt.description
    return "  ".join(filter(None, (f"{listing.name}/{version.version}", state, about)))


def _length_line(prompt: "Prompt", result: "Rendered") -> str:
    """How long it is, and what did not go in, in a line."""
    from bot.answering.rendering import needs_passages

    passages = len(result.passages)
    held = f", with {passages} passage{'' if passages == 1 else 's'}" if needs_passages(prompt) else ""
    left = f"; {result.left} more did not fit" if result.left else ""
    return f"{prompt.name}/{prompt.version}: about {result.tokens:,} tokens{held}{left}. Nothing was sent."
