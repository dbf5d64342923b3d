"""From the engine's ``Send`` to httpx2's transports and back, and what their faults prove.

The transports are used without ``httpx2.Client``: it would keep cookies between calls, prepare a
request for every redirect, and spend half of a call's time on merging settings that never change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict, cast

import httpx2

from kessai.commands import Fault, Reply
from kessai.errors import ConfigurationError

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterable, Callable, Iterable

    from kessai.commands import Send

#: Only these prove that not a byte of the request has left. A reset before and one after the server
#: processed the request look alike (ReadError), and so do a stall and a lost answer (ReadTimeout).
PROOF_OF_NOT_SENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)

#: Bytes after which an answer is given up; the longest documented ones have a few thousand.
LONGEST_ANSWER: Final = 8 * 1024 * 1024

#: Parsed URLs that are kept; a gateway has a few dozen operations.
MOST_URLS: Final = 256


_PROXIES: Final = ("http://", "https://", "socks5://", "socks5h://")


class _TransportOptions(TypedDict):
    verify: ssl.SSLContext
    trust_env: bool
    proxy: str | None
    limits: httpx2.Limits


class Wiring:
    """How connections are made: TLS, proxy and how many. Builds the transports."""

    __slots__ = ("_context", "_max_connections", "_proxy")

    def __init__(
        self, ssl_context: ssl.SSLContext | None, proxy: str | None, max_connections: int
    ) -> None:
        if ssl_context is not None:
            _check_context(ssl_context)
        if proxy is not None and not str(proxy).startswith(_PROXIES):
            raise ConfigurationError(
                "proxy takes a URL: http://, https:// or socks5://, and a host"
            )
        self._context = ssl_context
        self._proxy = proxy
        self._max_connections = max_connections

    def pooled(self) -> httpx2.HTTPTransport:
        """Return a transport that keeps connections for later calls."""
        return httpx2.HTTPTransport(**self._options(fresh=False))

    def fresh(self) -> httpx2.HTTPTransport:
        """Return a transport that opens a connection for each call."""
        return httpx2.HTTPTransport(**self._options(fresh=True))

    def pooled_async(self) -> httpx2.AsyncHTTPTransport:
        """``pooled`` for an event loop."""
        return httpx2.AsyncHTTPTransport(**self._options(fresh=False))

    def fresh_async(self) -> httpx2.AsyncHTTPTransport:
        """``fresh`` for an event loop."""
        return httpx2.AsyncHTTPTransport(**self._options(fresh=True))

    def _options(self, *, fresh: bool) -> _TransportOptions:
        if self._context is None:
            self._context = default_context()
        return {
            "verify": self._context,
            # A proxy or a trust store named in the environment would redirect money calls unasked.
            "trust_env": False,
            "proxy": self._proxy,
            "limits": httpx2.Limits(
                max_connections=self._max_connections,
                max_keepalive_connections=0 if fresh else 20,
                keepalive_expiry=5.0,
            ),
        }


class Requests:
    """Makes httpx2 requests; the URLs in use are parsed once."""

    __slots__ = ("_urls",)

    def __init__(self) -> None:
        self._urls: dict[str, tuple[httpx2.URL, tuple[str, str]]] = {}

    def make(self, send: Send) -> httpx2.Request:
        """Return the request for an attempt, with its length, host and timeouts."""
        known = self._urls.get(send.url)
        if known is None:
            if len(self._urls) >= MOST_URLS:
                self._urls.clear()  # URLs with an order's number in them have no end
            url = httpx2.URL(send.url)
            known = self._urls[send.url] = (url, ("Host", url.netloc.decode("ascii")))
        url, host = known
        headers = [host, *send.headers, ("Content-Length", str(len(send.content)))]
        if send.fresh:
            headers.append(("Connection", "close"))
        timeout = send.timeout
        return httpx2.Request(
            send.method,
            url,
            headers=headers,
            stream=httpx2.ByteStream(send.content),
            extensions={
                "timeout": {
                    "connect": timeout.connect,
                    "read": timeout.read,
                    "write": timeout.write,
                    "pool": timeout.pool,
                }
            },
        )


def fault(error: Exception) -> Fault:
    """Say what an exception of the transport proves. Whatever is not known counts as maybe sent."""
    return Fault("no" if isinstance(error, PROOF_OF_NOT_SENT) else "maybe", error)


def read(response: httpx2.Response, until: float, monotonic: Callable[[], float]) -> Reply:
    """Read an answer to its end, but not beyond ``until`` on the monotonic clock."""
    try:
        chunks: list[bytes] = []
        length = 0
        for chunk in cast("Iterable[bytes]", response.stream):
            chunks.append(chunk)
            length += len(chunk)
            _check_progress(length, until, monotonic)
    finally:
        response.close()
    return _reply(response, b"".join(chunks))


async def read_async(
    response: httpx2.Response, until: float, monotonic: Callable[[], float]
) -> Reply:
    """``read`` for an event loop."""
    try:
        chunks: list[bytes] = []
        length = 0
        async for chunk in cast("AsyncIterable[bytes]", response.stream):
            chunks.append(chunk)
            length += len(chunk)
            _check_progress(length, until, monotonic)
    finally:
        await response.aclose()
    return _reply(response, b"".join(chunks))


def _check_progress(length: int, until: float, monotonic: Callable[[], float]) -> None:
    # The read timeout starts anew with each chunk: a server that drips would hold us for ever.
    if monotonic() > until:
        raise httpx2.ReadTimeout("the deadline ended while the answer was being read")
    if length > LONGEST_ANSWER:
        raise httpx2.RemoteProtocolError("the answer is longer than any gateway sends")


def _reply(response: httpx2.Response, content: bytes) -> Reply:
    torn, encoding = False, b"identity"
    for name, value in response.headers.raw:
        key = name.lower()
        if key == b"content-length":
            torn = torn or value.strip() != b"%d" % len(content)
        elif key == b"content-encoding":
            encoding = value.strip().lower() or encoding
    if encoding != b"identity" and not torn:
        content, torn = _inflate(content, encoding)
    return Reply(response.status_code, response.headers, content, torn)


def _inflate(content: bytes, encoding: bytes) -> tuple[bytes, bool]:
    """Undo a compression that was not asked for; torn when it cannot be undone."""
    import zlib

    if encoding not in {b"gzip", b"x-gzip", b"deflate"}:
        return content, True
    try:
        inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)
        plain = inflater.decompress(content, LONGEST_ANSWER)
    except zlib.error:
        return content, True
    return plain, not inflater.eof


def default_context() -> ssl.SSLContext:
    """Return a TLS context: TLS 1.2 or later, the operating system's trust, names verified."""
    import ssl

    context = httpx2.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _check_context(context: ssl.SSLContext) -> None:
    import ssl

    if not isinstance(context, ssl.SSLContext):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(
            "ssl_context takes an ssl.SSLContext; there is no switching verification off"
        )
    if context.verify_mode != ssl.CERT_REQUIRED or not context.check_hostname:
        raise ConfigurationError(
            "this ssl_context does not verify who answers; load the right certificates into it "
            "(load_verify_locations) instead of switching verification off"
        )
    if context.minimum_version < ssl.TLSVersion.TLSv1_2:
        raise ConfigurationError(
            "this ssl_context allows TLS below 1.2; set its minimum_version to TLSv1_2"
        )
