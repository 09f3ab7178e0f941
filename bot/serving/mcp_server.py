"""The MCP server: Footnote's tools and the articles' texts, over stdin and stdout or over HTTP.

Over stdin and stdout, nothing but the protocol is written to stdout: the SDK keeps it for itself while it serves, and what a
library prints goes to stderr.
"""

from importlib.metadata import version
from typing import TYPE_CHECKING

from mcp.server.mcpserver import Context, MCPServer, ResourceSecurity
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError, ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, InputRequiredResult, TextContent, ToolAnnotations
from pydantic import ValidationError
from starlette.types import ASGIApp

from bot.errors import FootnoteError, describe
from bot.serving.mcp_tools import AgentTools
from bot.serving.requests import LARGEST_BODY
from bot.wiring import Service
from vectorstore.errors import VectorstoreError

if TYPE_CHECKING:
    from bot.serving.access import AccessRules

INSTRUCTIONS = """\
Footnote answers from the user's own articles and shows the exact words that each sentence rests on.
Ask it (`ask`) instead of answering from memory what the articles may say, or search them (`search`) and quote the passages.
Before you show a text that you wrote about them, check it (`check`): each sentence comes back with a verdict and its source.
`verify` holds one claim against any text that you have; `articles` lists what there is.
"""

ARTICLE = "footnote://articles/{+id}"
"""The address of an article's text; its id may hold slashes."""

_TITLES = {
    "search": "Search the articles",
    "ask": "Ask the articles",
    "check": "Check a text against the articles",
    "verify": "Hold a claim against a source",
    "articles": "List the articles",
}


class FootnoteMCPServer(MCPServer[None]):
    """The SDK's server, which tells errors as Footnote does: a sentence, and what to do about it.

    >>> server = FootnoteMCPServer(open_service(load_settings()))
    >>> server.run("stdio")
    """

    def __init__(self, service: Service, *, debug: bool = False) -> None:
        super().__init__(
            "footnote",
            title="Footnote",
            instructions=INSTRUCTIONS,
            version=version("footnote"),
            # To stderr: stdout belongs to the protocol.
            log_level="DEBUG" if debug else "WARNING",
        )
        self._debug = debug
        self._library = service.library
        self._add_tools(AgentTools(service))
        # An id may look like a path, as it is mostly that of a file; it is only ever looked up in the catalog.
        by_id = self.resource(
            ARTICLE, title="An article", mime_type="text/plain", security=ResourceSecurity(exempt_params={"id"})
        )
        by_id(self.article)

    def _add_tools(self, tools: AgentTools) -> None:
        for name, title in _TITLES.items():
            # All of them only read, and none asks the world outside the home but the model that the settings name.
            hints = ToolAnnotations(title=title, read_only_hint=True, open_world_hint=False)
            # The method's name is the tool's, and its docstring what the agent reads of it.
            self.add_tool(getattr(tools, name), title=title, annotations=hints)

    def article(self, id: str) -> str:
        """The text of an article as it is stored: the offsets of citations and passages count in it."""
        try:
            found = self._library.article(id)
        except (FootnoteError, VectorstoreError) as error:
            raise ResourceError("\n".join(describe(error))) from error
        if found is None:
            raise ResourceNotFoundError(f"There is no article {id}. The tool `articles` lists those there are.")
        return found.text

    async def call_tool(
        self, name: str, arguments: dict[str, object], context: Context[None, object] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """The result of a tool; what goes wrong is a result too, as the agent has to read what to do about it."""
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            cause = error.__cause__
            # A fault of the program goes on to the SDK, which logs where it comes from and tells the agent nothing of it.
            if isinstance(cause, FootnoteError | VectorstoreError | OSError):
                return _failed("\n".join(describe(cause)))
            if isinstance(cause, ValidationError):
                return _failed(_wrong_arguments(name, cause))
            raise


def _failed(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)


def _wrong_arguments(name: str, error: ValidationError) -> str:
    """What is wrong with the arguments of a call, without the values: they may be as long as a book."""
    places = ((".".join(map(str, one["loc"])) or "arguments", one["msg"]) for one in error.errors(include_input=False))
    told = (f"{place}: {why.removeprefix('Value error, ')}" for place, why in places)
    return f"The tool {name} cannot be called so. {'; '.join(told)}.\nSee its input schema."


def mcp_app(server: FootnoteMCPServer, rules: "AccessRules") -> ASGIApp:
    """The server as an ASGI application that answers at /mcp whom the rules let in."""
    from bot.serving.access import (  # it brings FastAPI, for which an agent over stdin need not wait
        AccessMiddleware,
        CallerMiddleware,
    )

    # The rules refuse foreign names and pages already; the SDK would know none but this machine's own.
    unchecked = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app = server.streamable_http_app(transport_security=unchecked, max_request_body_size=LARGEST_BODY)
    return CallerMiddleware(AccessMiddleware(app, rules, LARGEST_BODY), "mcp")
