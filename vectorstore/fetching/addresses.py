"""Which addresses may be asked: web addresses whose every IP address is a public one; pure but for the lookup."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from vectorstore.errors import FetchError

Resolver = Callable[[str, int], Sequence[str]]
"""(host, port) -> the IP addresses behind it, at least one, or an `OSError`."""

# The prefix under which networks of IPv6 alone reach IPv4 (RFC 6052).
_NAT64 = IPv6Network("64:ff9b::/96")
# Most servers refuse longer addresses.
_MOST_CHARACTERS = 8000


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
