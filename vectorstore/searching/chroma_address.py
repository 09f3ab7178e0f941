"""Where a Chroma server is and who asks it: the parts of an address such as `https://vectors.example/?tenant=news&database=2026`.

A user, a password and a token are sent to the server and shown nowhere.
"""

from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

CLOUD = "trychroma.com"
"""The domain of Chroma's own cloud, which knows a token by a header of its own and answers whose it is."""
_NAMED = ("tenant", "database")


@dataclass(frozen=True, slots=True)
class ChromaAddress:
    """The parts of an address; `tenant` and `database` are "" where it names none.

    >>> address = ChromaAddress.parse("https://reader:secret@vectors.example/chroma?tenant=news", token="t0ken")
    >>> address.where, address.tenant, sorted(address.headers)
    ('https://vectors.example/chroma', 'news', ['Authorization', 'X-Chroma-Token'])
    >>> "secret" in repr(address) or "t0ken" in repr(address)
    False
    """

    where: str
    """The place as it may be shown."""
    host: str
    port: int
    secure: bool
    path: str = ""
    tenant: str = ""
    database: str = ""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str, token: str = "") -> "ChromaAddress":
        """Reads an address; raises ValueError with what is wrong in it, without the address itself."""
        place = urlsplit(url)
        try:
            # `chroma run` listens on 8000.
            port = place.port or (443 if place.scheme == "https" else 8000)
        except ValueError:
            raise ValueError("its port is no number up to 65535") from None
        if not place.hostname:
            raise ValueError("it names no host")
        # A name without a value is kept, so that an unknown one is told as well.
        named = parse_qs(place.query, keep_blank_values=True)
        if unknown := [name for name in named if name not in _NAMED]:
            raise ValueError(f"behind its question mark stands “{unknown[0][:40]}”, where only tenant and database may")
        tenant, database = (named.get(name, [""])[-1] for name in _NAMED)
        user, password = unquote(place.username or ""), unquote(place.password or "")
        secure, path = place.scheme == "https", place.path.rstrip("/")
        return cls(_shown(place), place.hostname, port, secure, path, tenant, database, user, password, token)

    @property
    def headers(self) -> dict[str, str]:
        """What goes with each request, so that the server knows who asks."""
        found = {"X-Chroma-Token": self.token} if self.token else {}
        if self.user:
            known = f"{self.user}:{self.password}"
            found["Authorization"] = f"Basic {b64encode(known.encode()).decode()}"
        elif self.token and not self.is_cloud:
            # A proxy before a server of one's own knows this header, and not Chroma's.
            found["Authorization"] = f"Bearer {self.token}"
        return found

    @property
    def is_cloud(self) -> bool:
        """Whether the server is Chroma's own cloud."""
        return self.host == CLOUD or self.host.endswith(f".{CLOUD}")

    @property
    def asks_whose(self) -> bool:
        """Whether the server is to say which tenant and database a token is for, as not both are named."""
        return bool(self.token) and not (self.tenant and self.database)


def _shown(place: SplitResult) -> str:
    # Without the user and the password, which stand before the `@`.
    return place._replace(netloc=place.netloc.rpartition("@")[2], query="", fragment="").geturl()
