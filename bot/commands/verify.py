"""`footnote verify`: the verifier alone, from lines of {"id", "claim", "source"} to {"id", "verdict", "score", "span"}."""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.commands.arguments import add_command
from bot.commands.jsonlines import BadLine, attempted, open_lines, read_lines, required_text, tell_bad_line
from bot.commands.output import CommandContext
from bot.json_records import Id, judgement_record

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.verification.verify import Verifier

_EXAMPLE = '{"id": "1", "claim": "...", "source": "..."}'
_PAIRS = """\
Each line of FILE is {"id": "1", "claim": "...", "source": "..."} and gives one line, in order:
  {"id": "1", "verdict": "supported", "score": 0.94, "span": [0, 57]}
The verdict is one of: quoted, supported, likely, check, not found, number differs, denied. The span is where in the source
the words stand that support the claim or say something else, or null. A bad line gives {"id", "error"}, the rest goes on,
and the exit code is 1.
"""


@dataclass(frozen=True, slots=True)
class ClaimPair:
    """A claim and the text that it is held against."""

    id: Id
    claim: str
    source: str


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command."""
    about = "judge claims against their sources, without an index: JSON lines in, JSON lines out"
    verify = add_command(commands, common, "verify", about, _PAIRS)
    verify.add_argument("pairs", metavar="FILE", help="claims with their sources, as JSON lines; - reads stdin")
    verify.set_defaults(run=run)


def run(args: argparse.Namespace, context: CommandContext) -> int:
    """Prints a line for each pair, in order, always as JSON; the exit code is 1 where any line was bad."""
    from bot.wiring import open_verifier

    # Without a home there are no reviews of the reader's own, so scores are as they were measured.
    code, verifier = 0, open_verifier()
    with open_lines(args.pairs, "pairs") as lines:
        for one in parse_pairs(lines):
            if isinstance(one, BadLine):
                # This command prints JSON whether --json is given or not.
                tell_bad_line(one, "the input" if args.pairs == "-" else args.pairs, replace(context.output, as_json=True))
                code = 1
            elif not _judged(one, verifier, context):
                code = 1
    return code


def _judged(pair: ClaimPair, verifier: "Verifier", context: CommandContext) -> bool:
    output = context.output

    def judge() -> bool:
        """Prints the verdict."""
        output.record(judgement_record(pair.id, verifier.judge(pair.claim, pair.source)))
        return True

    done, error = attempted(judge, output, context.debug)
    if error:
        output.warn(f"{pair.id}: {error}")
        output.record({"id": pair.id, "error": error})
    return done


def parse_pairs(lines: Iterable[bytes]) -> Iterator[ClaimPair | BadLine]:
    """One result for each line, in order."""
    return read_lines(lines, _pair, _EXAMPLE)


def _pair(record: dict[str, object], id: Id) -> ClaimPair:
    return ClaimPair(id, required_text(record.get("claim"), 'its "claim"'), required_text(record.get("source"), 'its "source"'))
