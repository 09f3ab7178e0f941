"""Requests over connections that are made to a checked IP address, within one time limit."""

import ssl
import time
import typing
from collections.abc import Iterable, Iterator
from functools import cache

import certifi
import httpcore
import httpx

from vectorstore.fetching.addresses import AddressRules, Resolver, allowed_addresses

SocketOptions = Iterable[httpcore.SOCKET_OPTION]


class CheckedBackend(httpcore.NetworkBackend):
    """Looks a host up once, checks all its addresses, and connects to these: no second lookup can give another answer.

    `deadline` is the moment, by `time.monotonic`, after which nothing is waited for.
    """

    def __init__(self, rules: AddressRules, resolver: Resolver, deadline: float) -> None:
        self._rules = rules
        self._resolver = resolver
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of the host's addresses that answers."""
        failed: Exception | None = None
        # The socket is given the checked address and not the name, so nothing is looked up again.
        for address in allowed_addresses(host, port, self._rules, self._resolver):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, seconds_left(self._deadline, timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return TimedStream(stream, self._deadline)
        raise failed or httpcore.ConnectError("no address")


class TimedStream(httpcore.NetworkStream):
    """A connection on which no read or write waits longer than until the deadline, be it a byte at a time."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Bytes, at most so many; ReadTimeout where none come in time."""
        return self._stream.read(max_bytes, seconds_left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Sends all of it."""
        self._stream.write(buffer, seconds_left(self._deadline, timeout))

    def close(self) -> None:
        """Closes the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The connection, encrypted, with the certificate checked against the host's name and not against the address."""
        # The deadline goes on with the encrypted stream.
        return TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, seconds_left(self._deadline, timeout)), self._deadline
        )

    def get_extra_info(self, info: str) -> typing.Any:
        """What is known of the connection."""
        return self._stream.get_extra_info(info)


class CheckedTransport(httpx.BaseTransport):
    """What httpx sends its requests through: one pool over a `CheckedBackend`."""

    def __init__(self, rules: AddressRules, resolver: Resolver, deadline: float) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_certificates(), network_backend=CheckedBackend(rules, resolver, deadline), retries=0
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request; the body of the response is read as it is asked for."""
        url = request.url
        sent = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        response = self._pool.handle_request(sent)
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        """Closes the connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    """A response's bytes as they come, still compressed."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._response.iter_stream())

    def close(self) -> None:
        """Ends the response."""
        self._response.close()


def seconds_left(deadline: float, timeout: float | None) -> float:
    """Seconds that may be waited; raises ReadTimeout where none are left."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout("the time is over")
    return seconds if timeout is None else min(timeout, seconds)


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())
