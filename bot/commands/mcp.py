"""`footnote mcp`: the tools of an agent, over stdin and stdout, or over HTTP."""

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from bot.commands.arguments import UsageError, add_command
from bot.commands.output import CommandContext
from bot.commands.serve import HOST, add_listening_options, begin_warming, callers_token

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.serving.mcp_server import FootnoteMCPServer

PORT = 8601

_EXAMPLES = """\
The tools are search, ask, check (a text of the agent's against the articles), verify and articles. An agent's program starts
`footnote mcp` by itself and speaks with it over stdin and stdout; most take a configuration such as
  {"mcpServers": {"footnote": {"command": "footnote", "args": ["mcp", "--home", "/home/me/articles/.footnote"]}}}

With --http it is a server that several share, at http://127.0.0.1:8601/mcp. Beyond this machine it asks for a token, as
`footnote serve` does; the other options go with --http.
"""


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command."""
    about = "give agents the tools to search, ask and check (Model Context Protocol)"
    mcp = add_command(commands, common, "mcp", about, _EXAMPLES)
    mcp.add_argument("--http", action="store_true", help="serve HTTP instead of stdin and stdout")
    add_listening_options(mcp, PORT)
    mcp.set_defaults(run=run)


def run(args: argparse.Namespace, context: CommandContext) -> int:
    """Serves until the agent's program closes stdin, or the server is stopped; the exit code."""
    from bot.serving.mcp_server import FootnoteMCPServer  # the SDK takes a second to import
    from bot.wiring import open_service

    given = (args.host, args.serve_port, args.token_file, args.no_token, args.allow_host)
    if not args.http and given != (HOST, PORT, None, False, []):
        raise UsageError("--host, --port, --token-file, --no-token and --allow-host want --http")
    # The articles are prepared for other languages beside the answers, not while an agent waits.
    with closing(open_service(context.settings, background=True)) as service:
        server = FootnoteMCPServer(service, debug=context.debug)
        begin_warming(service)
        _serve_http(server, args, context) if args.http else server.run("stdio")
    return 0


def _serve_http(server: "FootnoteMCPServer", args: argparse.Namespace, context: CommandContext) -> None:
    from bot.serving.access import access_rules
    from bot.serving.mcp_server import mcp_app
    from bot.serving.server import address_of, listen, run_server
    from bot.wiring.accounts import Accounts

    holders = Accounts(context.settings.home).token_holder
    rules = access_rules(args.host, callers_token(args, context), args.allow_host, holders)
    with listen(args.host, args.serve_port) as sock:
        context.output.warn(f"Footnote's tools are at {address_of(sock)}/mcp (Ctrl-C stops it).")
        context.output.flush()
        run_server(mcp_app(server, rules), sock)
