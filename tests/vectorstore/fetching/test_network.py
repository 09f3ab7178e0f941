"""Which addresses may be asked."""

import pytest

from vectorstore.errors import FetchError
from vectorstore.fetching.network import AddressRules, allowed_addresses, web_address

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_of_a_private_network_is_allowed(address: str) -> None:
    assert not AddressRules().allows(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_a_public_address_is_allowed(address: str) -> None:
    assert AddressRules().allows(address)


def test_all_addresses_are_allowed_where_the_setting_says_so() -> None:
    rules = AddressRules.from_setting("all")
    assert all(rules.allows(address) for address in PRIVATE)


def test_a_network_that_is_no_network_is_refused() -> None:
    with pytest.raises(ValueError, match="10"):
        AddressRules.from_setting("10.0.0.0/80")


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    with pytest.raises(FetchError, match=r"news\.example is at 10\.0\.0\.1"):
        allowed_addresses("news.example", 80, AddressRules(), lambda *_: ["93.184.216.34", "10.0.0.1"])


def test_a_host_that_is_not_found_is_said_to_be_so() -> None:
    def fails(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(FetchError, match="There is no host nowhere"):
        allowed_addresses("nowhere.example", 80, AddressRules(), fails)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://site.example/", "javascript:alert(1)", "example", "", "http://"])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(FetchError):
        web_address(url)


def test_a_password_in_an_address_is_not_sent() -> None:
    with pytest.raises(FetchError, match="a name or a password"):
        web_address("https://ada:secret@site.example/")
