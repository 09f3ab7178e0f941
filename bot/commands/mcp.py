"""`footnote mcp`: the tools of an agent, over stdin and stdout, or over HTTP."""

import argparse
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.commands.arguments import UsageError, add_command, whole_number
from bot.commands.output import CommandContext
from bot.errors import FootnoteError
from vectorstore.errors import VectorstoreError

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.wiring import Service

ADDRESS = "127.0.0.1"
PORT = 8503

_CONFIGURATION = """\
An agent's program starts it by itself; most take a configuration such as
  {"mcpServers": {"footnote": {"command": "footnote", "args": ["mcp", "--home", "/home/me/.footnote"]}}}
With --http it is a server, for agents that are to share it: http://127.0.0.1:8503/mcp
"""


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command."""
    about = "give an agent tools: search and ask the articles, check its text against them (Model Context Protocol)"
    mcp = add_command(commands, common, "mcp", about, _CONFIGURATION)
    mcp.add_argument("--http", action="store_true", help="serve HTTP instead of stdin and stdout")
    mcp.add_argument("--host", metavar="NAME", help=f"with --http: the address to listen at (default: {ADDRESS})")
    number = whole_number(1, 65535)
    mcp.add_argument("--port", dest="mcp_port", type=number, metavar="N", help=f"with --http: the port (default: {PORT})")
    mcp.set_defaults(run=run)


def run(args: argparse.Namespace, context: CommandContext) -> int:
    """Serves until the agent's program closes stdin, or the server is stopped."""
    from bot.serving.mcp_server import FootnoteMCPServer, serve_http  # the SDK takes a second to import

    if not args.http and (args.host or args.mcp_port):
        raise UsageError("--host and --port want --http")
    with context.service() as service:
        server = FootnoteMCPServer(service, debug=context.debug)
        threading.Thread(target=_warm, args=(service,), name="warm", daemon=True).start()
        if args.http:
            serve_http(server, args.host or ADDRESS, args.mcp_port or PORT)
        else:
            server.run("stdio")
    return 0


def _warm(service: "Service") -> None:
    """Opens what the first call needs while the agent says hello; what stands in the way is told by the tools."""
    with suppress(FootnoteError, VectorstoreError):
        service.chat.warm()
