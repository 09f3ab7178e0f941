"""Runs the application until it is stopped: the address it listens on, and an end that lets answers come to theirs."""

import asyncio
import contextlib
import errno
import signal
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from bot.errors import InputError

GRACE = 10
"""Seconds that answers have to come to their end once the server is told to stop."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 is one that is free. Raises InputError where it cannot be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        # Host and port alone: addresses of IPv6 have two parts more.
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        raise InputError(
            _why_not(host, port, error), "Choose another with --host and --port; port 0 is one that is free."
        ) from None


def _why_not(host: str, port: int, error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return f"There is no address called {host}."
    state = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
    return f"Port {port} of {host} {state}."


def address_of(sock: socket.socket) -> str:
    """The address by which a browser or a program of this machine asks, as in http://127.0.0.1:8600."""
    host, port = sock.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def run_server(app: ASGIApp, sock: socket.socket) -> None:
    """Answers requests until Ctrl-C or SIGTERM; then takes no more, and returns once those that are there are answered."""
    config = uvicorn.Config(
        app,
        # Each request's line would hold what somebody asked for; what goes wrong is still logged.
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        # Whoever else may reach this machine must not choose which address a request seems to come from.
        proxy_headers=False,
        # No path speaks WebSocket.
        ws="none",
    )
    server = uvicorn.Server(config)
    with _signals_to(server):
        asyncio.run(server.serve(sockets=[sock]))


@contextlib.contextmanager
def _signals_to(server: uvicorn.Server) -> Iterator[None]:
    """Has signals stop the server alone: uvicorn raises them again once it has stopped, when the home is still to be closed."""
    kept = {number: signal.signal(number, server.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
