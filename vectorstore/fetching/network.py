"""Which addresses may be asked, and requests that ask no others: web addresses whose every IP address is a public one.

A host is looked up once, and connections are made to the IP addresses that were checked, within one time limit.
"""

import socket
import ssl
import time
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import certifi
import httpcore
import httpx

from vectorstore.errors import FetchError

Resolver = Callable[[str, int], Sequence[str]]
"""(host, port) -> the IP addresses behind it, at least one, or an `OSError`."""

# The prefix under which networks of IPv6 alone reach IPv4 (RFC 6052).
_NAT64 = IPv6Network("64:ff9b::/96")
# Most servers refuse longer addresses.
_MOST_CHARACTERS = 8000
SocketOptions = Iterable[httpcore.SOCKET_OPTION]


@dataclass(frozen=True, slots=True)
class AddressRules:
    """Which IP addresses may be asked beside the public ones: those in `private`, networks such as `10.0.0.0/8`.

    >>> rules = AddressRules()
    >>> [rules.allows(one) for one in ("93.184.216.34", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1")]
    [True, False, False, False, False]
    >>> AddressRules.from_setting("10.0.0.0/8").allows("10.0.0.1")
    True
    """

    private: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def from_setting(cls, value: str) -> "AddressRules":
        """The rules that a setting states: "" for public addresses alone, "all", or networks parted by commas; ValueError."""
        if value.strip().lower() in ("all", "true", "1", "yes"):
            return cls((IPv4Network("0.0.0.0/0"), IPv6Network("::/0")))
        if value.strip().lower() in ("", "false", "0", "no", "none"):
            return cls()
        return cls(tuple(ip_network(part.strip()) for part in value.split(",")))

    def allows(self, address: str) -> bool:
        """Whether an IP address may be connected to; an IPv6 address that stands for one of IPv4 counts as that."""
        # A link-local address may name its interface: `fe80::1%eth0`.
        ip = ip_address(address.partition("%")[0])
        return is_public(ip) or any(_effective(ip) in network for network in self.private)


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Whether an address is reached over the internet: not private, loopback, link-local, shared, multicast or reserved."""
    effective = _effective(ip)
    return effective.is_global and not (effective.is_multicast or effective.is_reserved or effective.is_unspecified)


def _effective(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address that packets come out at: of an IPv6 address that carries one of IPv4, that one."""
    if isinstance(ip, IPv6Address):
        teredo = ip.teredo[1] if ip.teredo else None
        nat64 = IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
        # What was the public range for IPv4 in IPv6 (::a.b.c.d) is reserved, and so refused by itself.
        return ip.ipv4_mapped or ip.sixtofour or teredo or nat64 or ip
    return ip


def lookup(host: str, port: int) -> list[str]:
    """The IP addresses of a host, by the system's resolver."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def allowed_addresses(host: str, port: int, rules: AddressRules, resolver: Resolver) -> list[str]:
    """The IP addresses of a host, looked up once; FetchError where there are none, or one of them may not be asked."""
    try:
        found = list(resolver(host, port))
    # Python raises a UnicodeError for a name that IDNA does not allow, such as one with an empty part.
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise FetchError(f"There is no host {host}, or it cannot be looked up now.", retryable=True)
    # One private address among public ones is an attempt to get there by the second try.
    if refused := [one for one in found if not rules.allows(one)]:
        raise FetchError(
            f"{host} is at {refused[0]}, which is an address of a private network or of this machine; it was not fetched.",
            "If that is meant, allow it: FOOTNOTE_FETCH_PRIVATE takes networks such as 10.0.0.0/8, or `all`.",
        )
    return found


def web_address(url: str) -> httpx.URL:
    """A web address as it is asked for, without what stands behind `#`; FetchError where it is none."""
    try:
        parsed = httpx.URL(url.strip()).copy_with(fragment=None)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise FetchError(f"“{url[:200]}” is not a web address.", _WRITE_LIKE) from None
    if parsed.scheme not in ("http", "https"):
        raise FetchError(f"“{url[:200]}” is not a web address: only http and https are fetched.", _WRITE_LIKE)
    if not parsed.host or len(url) > _MOST_CHARACTERS:
        raise FetchError(f"“{url[:200]}” names no host, or is too long.", _WRITE_LIKE)
    if parsed.userinfo:
        raise FetchError(
            "The address has a name or a password in it; these are not sent.", "Save the page, and ingest the file."
        )
    return parsed


_WRITE_LIKE = "Write it like https://example.org/article."


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
