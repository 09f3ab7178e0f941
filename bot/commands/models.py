"""`footnote models`: the models that answers can be written with, as on the page Models."""

import argparse
import os
import sys
from getpass import getpass
from typing import TYPE_CHECKING

from bot.commands.arguments import UsageError, add_command, whole_number
from bot.commands.output import CommandContext
from bot.errors import InputError
from bot.json_records import Record

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.models import ModelChoice
    from bot.wiring.model_choices import ModelDirectory, ModelEntry

_EXAMPLES = """\
examples:
  footnote models add "At home" --provider ollama --model qwen3:8b
  footnote models add Work --provider openai --model gpt-4.1 --default     asks for the key
  pass openai | footnote models add Work --provider openai --model gpt-4.1 --key -
  footnote models add Box --address http://box:8080/v1                     the server's first model
  footnote models try "At home"
  footnote models default quotes
  footnote ask "Who translated the op-ed?" --model "At home"

A key is kept in the system's keyring where the package `keyring` is installed, else in a file that only you can read. It is
sent to no other address than the one that it was entered for. FOOTNOTE_MODEL, where it is set, goes before the default.
"""
PROVIDER_IDS = (
    "openai",
    "ollama",
    "lmstudio",
    "llamacpp",
    "vllm",
    "openrouter",
    "groq",
    "deepseek",
    "mistral",
    "gemini",
    "compatible",
    "anthropic",
    "google",
    "langchain",
)
"""Those of `bot.models.PROVIDERS`, which is not imported for `footnote --help`."""
_KEY_HELP = (
    "where the key is read from: - is stdin, NAME an environment variable; on a terminal it is asked for where one is needed"
)


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command and its actions."""
    models = add_command(commands, common, "models", "list, add, try and remove models, and choose the default", _EXAMPLES)
    models.set_defaults(run=list_models)
    actions = models.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", parents=[common], help="all models, one line each (the default)")
    _add_adding(actions, common)
    trial = actions.add_parser("try", parents=[common], help="ask a model for one word, and say how long it took")
    trial.add_argument("name", nargs="?", default="", metavar="NAME", help="without it, the default")
    trial.set_defaults(run=try_model)
    remove = actions.add_parser("remove", parents=[common], help="forget a model and its key")
    remove.add_argument("name", metavar="NAME")
    remove.set_defaults(run=remove_model)
    default = actions.add_parser("default", parents=[common], help="choose what answers unless a question says otherwise")
    chosen = default.add_mutually_exclusive_group(required=True)
    chosen.add_argument("name", nargs="?", metavar="NAME", help="a model, or quotes")
    chosen.add_argument("--environment", action="store_true", help="what the environment says, as without any choice")
    default.set_defaults(run=choose_default)


def _add_adding(actions: "Subcommands", common: argparse.ArgumentParser) -> None:
    add = actions.add_parser("add", parents=[common], help="add a model, or change the one of that name")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--provider", choices=PROVIDER_IDS, help="who answers (default: compatible)")
    add.add_argument(
        "--address", metavar="URL", help="the server's http(s):// address, where it is not the provider's usual one"
    )
    add.add_argument("--model", metavar="MODEL", help="without it, the server's first")
    add.add_argument("--key", metavar="-|NAME", help=_KEY_HELP)
    add.add_argument("--temperature", type=float, metavar="T", help="0 to 2; without it, the prompt's")
    add.add_argument("--max-answer-tokens", type=whole_number(50, 100_000), metavar="N", help="the most that it may write")
    add.add_argument(
        "--context-tokens", type=whole_number(200, 1_000_000), metavar="N", help="how much of the passages it is given"
    )
    add.add_argument("--default", action="store_true", help="make it the default")
    add.set_defaults(run=add_model)


def list_models(_args: argparse.Namespace, context: CommandContext) -> int:
    """Lists the models; none is asked."""
    with context.service() as service:
        entries, default = service.models.entries(), service.models.default()
    output = context.output
    # Nothing else is the default where no model is listed as such.
    quotes = default == "quotes" or not any(entry.default for entry in entries)
    for entry in entries:
        output.record(entry_record(entry)) if output.as_json else output.say(_line(entry))
    if not output.as_json:
        output.say(f"quotes  no model: quotations, word for word{'  default' if quotes else ''}")
    return 0


def add_model(args: argparse.Namespace, context: CommandContext) -> int:
    """Keeps a model, or changes the one of that name; it is not asked."""
    with context.service() as service:
        models = service.models
        # The environment's entry has no choice, and cannot be changed here.
        before = next((one.choice for one in models.entries() if one.choice and _same_name(one.name, args.name)), None)
        choice = _choice(args, before)
        saved = models.save(choice, _key(args, choice, before, models), before=before.name if before else "")
        if args.default:
            models.make_default(saved.name)
        entry = next(one for one in models.entries() if one.name == saved.name)
    output = context.output
    if output.as_json:
        output.record(entry_record(entry))
        return 0
    output.say(_line(entry))
    output.say(f'{"Changed" if before else "Added"}. `footnote models try "{saved.name}"` asks it for a word.')
    # `save` has forgotten the key with the address; silence would be noticed only with the next question.
    if before and before.address != saved.address and entry.key == "none":
        output.warn("Its address is another one now, so its key was forgotten: enter it again with --key.")
    return 0


def try_model(args: argparse.Namespace, context: CommandContext) -> int:
    """Asks a model for one word; 1 where it does not answer, with why."""
    with context.service() as service:
        trial = service.models.try_kept(args.name)
    output = context.output
    if output.as_json:
        output.record({"model": trial.model, "seconds": round(trial.seconds, 3)})
    else:
        output.say(f"{trial.model} answered in {trial.seconds:.1f} s.")
    return 0


def remove_model(args: argparse.Namespace, context: CommandContext) -> int:
    """Forgets a model and its key."""
    with context.service() as service:
        service.models.remove(args.name)
    context.output.record({"removed": args.name}) if context.output.as_json else context.output.say(f"{args.name} is removed.")
    return 0


def choose_default(args: argparse.Namespace, context: CommandContext) -> int:
    """Chooses what answers unless a question says otherwise."""
    name = "" if args.environment else args.name
    with context.service() as service:
        service.models.make_default(name)
        default = service.models.default()
    output = context.output
    if output.as_json:
        output.record({"default": default or None})
    else:
        output.say(f"The default is {default or 'what the environment says'}.")
    if context.settings.model:
        output.warn("FOOTNOTE_MODEL is set, and goes before it.")
    return 0


def entry_record(entry: "ModelEntry") -> Record:
    """The JSON of a model; the name of the environment's is null, as it can't be changed here."""
    choice = entry.choice
    own = {
        "temperature": choice.temperature if choice else None,
        "max_answer_tokens": choice.max_answer_tokens if choice else None,
        "context_tokens": choice.context_tokens if choice else None,
    }
    return {
        "name": entry.name or None,
        "provider": choice.provider if choice else None,
        "address": entry.address or None,
        "model": entry.model or None,
        "key": entry.key if choice else "environment",
        "default": entry.default,
        "from_environment": choice is None,
        **{name: value for name, value in own.items() if value is not None},
        **({"missing": entry.missing} if entry.missing else {}),
    }


def _line(entry: "ModelEntry") -> str:
    if entry.choice is None:
        name, key = "(environment)", "cannot be changed here"
    else:
        name, key = entry.name, {"keyring": "key in the keyring", "file": "key in a file", "none": "no key"}[entry.key]
    parts = [name, entry.provider, entry.model or "its first model", entry.address, key, "default" if entry.default else ""]
    return "  ".join(filter(None, [*parts, entry.missing]))


def _choice(args: argparse.Namespace, before: "ModelChoice | None") -> "ModelChoice":
    """What is asked for; of a model that there is, what is not named stays, its address only with its provider."""
    from bot.models import checked_choice

    given = {
        name: value
        for name in ("provider", "address", "model", "temperature", "max_answer_tokens", "context_tokens")
        if (value := getattr(args, name)) is not None
    }
    # The id stays in it, so that the same choice is changed.
    old = before.model_dump(exclude={"name", "revision"}) if before else {}
    # Another provider has another usual address, and must not be asked at the old one.
    if before and args.provider not in (None, before.provider):
        old.pop("address")
    return checked_choice(**{**old, **given, "name": args.name})


def _key(args: argparse.Namespace, choice: "ModelChoice", before: "ModelChoice | None", models: "ModelDirectory") -> str:
    """The key, from where it is asked for; "" for none. It is no argument, as others can see those."""
    if args.key == "-":
        return _nonempty(sys.stdin.readline(), "stdin")
    if args.key is not None:
        # A key that is typed as an argument stands in the shell's history, and other users see it among the processes.
        if not args.key.isidentifier():
            raise UsageError("models add takes - or an environment variable's name for --key, and never the key itself")
        return _nonempty(os.environ.get(args.key, ""), args.key)
    # A server on one's own machine needs none, and a key that is kept stays: nobody is asked.
    local = next(one.local for one in models.providers() if one.id == choice.provider)
    same = before is not None and before.address == choice.address and before.provider == choice.provider
    if local or same or not sys.stdin.isatty():
        return ""
    return getpass("Key (is not shown; empty for none): ").strip()


def _nonempty(key: str, place: str) -> str:
    if not key.strip():
        raise InputError(f"There is no key in {place}.", "Give it there, or leave --key out.")
    return key.strip()


def _same_name(one: str, other: str) -> bool:
    # As the store compares names (`ModelChoices.find`).
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
