"""Where a client sends, and how long it waits."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from kessai.errors import ConfigurationError

#: Names that never leave a local network (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal).
_LOCAL_SUFFIXES = (".local", ".localdomain", ".internal", ".lan", ".home.arpa")

#: Seconds (30 years): above it a socket refuses the timeout, and by then something may have left.
LONGEST_WAIT: Final = 1e9
#: A name as DNS carries it; an international one in its xn-- form.
_HOST: Final = re.compile(r"(?!.*\.\.)[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_.])?")


class Timeout(NamedTuple):
    """How long one attempt waits, in seconds, for each of its parts.

    ``connect``: to open a connection, TLS included; ``read``: for the next bytes of the answer;
    ``write``: to send the next bytes; ``pool``: for a free connection. The call's deadline bounds
    them all together.
    """

    connect: float = 5.0
    read: float = 90.0
    write: float = 90.0
    pool: float = 5.0


def timeout_from(value: Timeout | float) -> Timeout:
    """Check a timeout; a number counts for all four. ``ConfigurationError`` if it never ends."""
    timeout = value if isinstance(value, Timeout) else Timeout(value, value, value, value)
    for name, seconds in zip(Timeout._fields, timeout, strict=True):
        positive(f"timeout.{name}", seconds)
    return timeout


def positive(name: str, seconds: object) -> float:
    """Return ``seconds`` if they are a finite number above zero, else ``ConfigurationError``."""
    if (
        isinstance(seconds, bool)
        or not isinstance(seconds, int | float)
        or not 0 < seconds < LONGEST_WAIT
    ):
        raise ConfigurationError(
            f"{name} must be a finite number of seconds above zero (and below {LONGEST_WAIT:g}); a "
            "call that may wait for ever leaves its outcome open for ever"
        )
    return float(seconds)


class Environment:
    """The servers of a gateway by name, and whether they move real money.

    ``Environment(api="https://...", token="https://...", live=True)``. Only https on its default
    port and public hosts are taken; plain http, private hosts and other ports only for loopback
    (a mock). Anything else raises ``ConfigurationError``.
    """

    __slots__ = ("live", "servers")

    def __init__(
        self, *, api: str, token: str | None = None, live: bool = False, **servers: str
    ) -> None:
        named = {"api": api, **servers}
        if token is not None:
            named["token"] = token
        self.servers: dict[str, str] = {name: _checked(name, url) for name, url in named.items()}
        self.live: bool = live

    def url(self, server: str, path: str) -> str:
        """Return the full URL of ``path`` on the server of that name."""
        base = self.servers.get(server)
        if base is None:
            raise ConfigurationError(
                f"this environment has no server named {server!r}; pass Environment({server}=...)"
            )
        return base + path

    def __repr__(self) -> str:
        """Show the servers."""
        servers = ", ".join(f"{name}={url!r}" for name, url in self.servers.items())
        return f"Environment({servers}, live={self.live})"


def _checked(name: str, url: str) -> str:
    """Return ``url`` without its trailing slash, or say what is wrong with it."""
    from urllib.parse import urlsplit

    try:
        if not isinstance(url, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except (AttributeError, TypeError, ValueError):
        raise ConfigurationError(
            f"the address of {name!r} is no URL; write it like https://api.example.com"
        ) from None
    if parts.username is not None or parts.password is not None:
        # The URL is not shown: what stands before the @ is a secret.
        raise ConfigurationError(
            f"the address of {name!r} holds credentials; pass them to the client instead"
        )
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in url):
        raise ConfigurationError(f"the address of {name!r} holds spaces or control characters")
    problem = _problem(parts.scheme, host, port)
    if problem is None and ("?" in url or "#" in url):  # empty ones too: the path would go there
        problem = "has a query or fragment; give scheme, host and perhaps a path"
    if problem is not None:
        raise ConfigurationError(f"the address of {name!r}, {url}, {problem}")
    return url.rstrip("/")


def _problem(scheme: str, host: str, port: int | None) -> str | None:
    if scheme not in {"http", "https"}:
        return "is no https URL; write it like https://api.example.com"
    if not host:
        return "names no host; write it like https://api.example.com"
    if ":" not in host and _HOST.fullmatch(host) is None:
        return "has a character that no host name has; write an international name as xn--..."
    private = _privacy(host)
    if private == "loopback":
        return None
    if scheme == "http":
        return "is plain http, which is only for a mock on loopback; use https"
    if private is not None:
        return f"{private}; only loopback mocks may be private, use the gateway's public host"
    if port not in {None, 443}:
        return "has a port of its own, which is only for a mock on loopback; leave the port out"
    return None


def _privacy(host: str) -> str | None:
    """Return ``loopback``, what makes the host a private one, or None."""
    import ipaddress

    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return "loopback"
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        # A numeric last label is an address in one of its odd spellings (127.1, 0x7f000001).
        last = name.rpartition(".")[2]
        if "." not in name or last.isdigit() or last.startswith("0x"):
            return "is not the full name of a public host"
        if name.endswith(_LOCAL_SUFFIXES):
            return "is a name of local networks"
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    if address.is_loopback or (mapped is not None and mapped.is_loopback):
        return "loopback"
    return None if address.is_global and not address.is_multicast else "is a private address"
