"""The two drivers: the same cases through both, over httpx2's own mock transport."""

from __future__ import annotations

import gzip
import json
import warnings
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx2
import pytest
from kessai.errors import (
    ConfigurationError,
    NotSentError,
    OutcomeUnknown,
    RequestWarning,
    UnreadableAnswerError,
    ValidationError,
)
from kessai.hooks import CallEnded
from kessai.outcome import Paid
from kessai.stores.memory import MemoryJournal, MemorySlots

from tests.support.core_clients import Both, Handler
from tests.support.core_fake import (
    LOOK,
    OPERATIONS,
    PAY,
    PAY_BARE,
    LookRequest,
    PayRequest,
    Receipt,
)

BODY = b'{"id": "R-1", "state": "AUTH", "amount": 100}'
Make = Callable[..., Both]


def good(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, content=BODY, headers={"X-Request-Id": "req-1"})


def answering(response: Callable[[], httpx2.Response]) -> Handler:
    """Answers whatever is asked with what the function makes."""

    def handler(request: httpx2.Request) -> httpx2.Response:
        return response()

    return handler


def noting(seen: list[httpx2.Request]) -> Handler:
    """Notes each request and answers well."""

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return good(request)

    return handler


@pytest.fixture(params=["sync", "async"])
def make(request: pytest.FixtureRequest) -> Iterator[Make]:
    """Makes clients of one flavour, and closes them."""
    made: list[Both] = []

    def build(handler: Any = good, **options: Any) -> Both:
        made.append(Both(request.param, handler, **options))
        return made[-1]

    yield build
    for client in made:
        client.finish()


def test_a_call(make: Make) -> None:
    """run gives the value, raw everything around it."""
    client = make()
    assert client.run(PAY, PayRequest()) == Receipt("R-1", "AUTH")
    answer = client.raw(PAY, PayRequest())
    assert (answer.status, answer.content, answer.request_id) == (200, BODY, "req-1")
    assert answer.headers["CONTENT-LENGTH"] == str(len(BODY))


def test_what_the_transport_gets(make: Make) -> None:
    """Whole requests: host, length, marks, timeouts; no cookies, no wish for compression."""
    seen: list[httpx2.Request] = []

    def watch(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, content=BODY, headers={"Set-Cookie": "sid=1; Path=/"})

    client = make(watch, timeout=7.0)
    for _ in range(2):
        client.run(PAY, PayRequest())
    client.run(PAY_BARE, PayRequest())
    for request in seen:
        assert request.method == "POST"
        assert request.headers["host"] == "gateway.example"
        assert request.headers["content-length"] == str(len(request.content))
        assert json.loads(request.content) == PayRequest().to_wire()
        assert request.headers["authorization"].startswith("Mark 1/")
        assert request.headers["accept-encoding"] == "identity"
        assert "cookie" not in request.headers
        assert request.extensions["timeout"] == dict.fromkeys(
            ("connect", "read", "write", "pool"), 7.0
        )
        names = [name.lower() for name, _ in request.headers.raw]
        assert len(names) == len(set(names))
    assert [request.headers.get("connection") for request in seen] == [None, None, "close"]
    assert [request.headers.get("idempotency-key") for request in seen] == ["key-1", "key-2", None]


@pytest.mark.parametrize(
    ("error", "sent"),
    [
        (httpx2.ConnectError("x"), "no"),
        (httpx2.ConnectTimeout("x"), "no"),
        (httpx2.PoolTimeout("x"), "no"),
        (httpx2.ReadError("x"), "maybe"),
        (httpx2.ReadTimeout("x"), "maybe"),
        (httpx2.WriteError("x"), "maybe"),
        (httpx2.WriteTimeout("x"), "maybe"),
        (httpx2.CloseError("x"), "maybe"),
        (httpx2.RemoteProtocolError("x"), "maybe"),
        (httpx2.LocalProtocolError("x"), "maybe"),
        (httpx2.ProxyError("x"), "maybe"),
        (httpx2.UnsupportedProtocol("x"), "maybe"),
        (httpx2.DecodingError("x"), "maybe"),
        (OSError("x"), "maybe"),
        (LookupError("a transport's mistake"), "maybe"),
    ],
)
def test_what_a_fault_proves(make: Make, error: Exception, sent: str) -> None:
    """Three exceptions prove that nothing left; nothing else does."""

    def broken(request: httpx2.Request) -> httpx2.Response:
        raise error

    client = make(broken)
    expected = NotSentError if sent == "no" else OutcomeUnknown
    with pytest.raises(expected) as raised:
        client.run(PAY, PayRequest())
    assert [attempt.sent for attempt in raised.value.attempts] == [sent] * 3  # type: ignore[attr-defined]
    assert client.slept == [0.5, 1.0]


def test_retries_carry_one_key(make: Make) -> None:
    """Lost, refused, answered: one key, the same bytes."""
    seen: list[tuple[str, bytes]] = []
    faults: list[Exception] = [httpx2.ReadError("x"), httpx2.ConnectError("x")]

    def flaky(request: httpx2.Request) -> httpx2.Response:
        seen.append((request.headers["idempotency-key"], request.content))
        if faults:
            raise faults.pop(0)
        return good(request)

    assert make(flaky).raw(PAY, PayRequest()).idempotency_key == "key-1"
    assert len(seen) == 3
    assert len(set(seen)) == 1


def test_redirects_are_not_followed(make: Make) -> None:
    """Neither here nor there: a money call goes where it was sent, or nowhere."""
    seen: list[str] = []

    def moved(request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return httpx2.Response(307, headers={"Location": "https://elsewhere.example/pay"})

    with pytest.raises(OutcomeUnknown):
        make(moved).run(PAY, PayRequest())
    assert seen == ["https://gateway.example/pay"] * 3


def read_one(make: Make, response: Callable[[], httpx2.Response]) -> Any:
    """One read, and what it ends with."""
    client = make(answering(response))
    return client.raw(LOOK, LookRequest("A-1"), {"max_attempts": 1})


def test_bodies_that_are_not_whole(make: Make) -> None:
    """Fewer bytes than promised, or more, are no answer."""
    for promised in ("3", str(len(BODY) + 1)):
        headers = {"Content-Length": promised}
        with pytest.raises(UnreadableAnswerError, match="shorter than promised"):
            read_one(make, lambda: httpx2.Response(200, headers=headers, content=BODY))  # noqa: B023


@pytest.mark.parametrize("packed", [gzip.compress(BODY, mtime=0), zlib.compress(BODY)])
def test_compressed_all_the_same(make: Make, packed: bytes) -> None:
    """It was not asked for, but it is a whole answer."""
    encoding = "gzip" if packed[:2] == b"\x1f\x8b" else "deflate"

    def response(content: bytes, name: str = encoding) -> httpx2.Response:
        stream = httpx2.ByteStream(content)
        return httpx2.Response(200, headers={"Content-Encoding": name}, stream=stream)

    assert read_one(make, lambda: response(packed)).content == BODY
    for content, name in ((packed[:-9], encoding), (b"no gzip", encoding), (BODY, "br")):
        with pytest.raises(UnreadableAnswerError):
            read_one(make, lambda: response(content, name))  # noqa: B023


class Drip(httpx2.AsyncByteStream, httpx2.SyncByteStream):
    """A body in chunks, with time passing between them."""

    def __init__(self, chunks: int, chunk: bytes, between: Callable[[], None]) -> None:
        self.chunks = chunks
        self.chunk = chunk
        self.between = between
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self.chunks):
            self.between()
            yield self.chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


def test_a_body_that_drips_beyond_the_deadline(make: Make) -> None:
    """Each read is within its timeout; all of them together are not."""
    streams: list[Drip] = []

    def dripping(request: httpx2.Request) -> httpx2.Response:
        def between() -> None:
            client.now += 60.0

        streams.append(Drip(1000, b" ", between))
        return httpx2.Response(200, stream=streams[-1])

    client = make(dripping)
    with pytest.raises(OutcomeUnknown) as raised:
        client.run(PAY, PayRequest(), {"deadline": 200.0})
    assert [attempt.error for attempt in raised.value.attempts] == ["ReadTimeout"]
    assert client.now == 240.0
    assert streams[0].closed == 1


def test_a_body_without_end(make: Make) -> None:
    """Given up after 8 MiB."""
    stream = Drip(100, b" " * 1024 * 1024, lambda: None)
    client = make(answering(lambda: httpx2.Response(200, stream=stream)))
    with pytest.raises(OutcomeUnknown) as raised:
        client.run(PAY, PayRequest(), {"max_attempts": 1})
    assert raised.value.attempts[0].error == "RemoteProtocolError"


def test_resolve(make: Make) -> None:
    """A lost answer is asked for."""
    faults = [httpx2.ReadError("x")] * 3

    def flaky(request: httpx2.Request) -> httpx2.Response:
        if faults:
            raise faults.pop()
        return good(request)

    client = make(flaky)
    with pytest.raises(OutcomeUnknown) as raised:
        client.run(PAY, PayRequest())
    assert type(client.resolve(raised.value, OPERATIONS)) is Paid


def test_stores(make: Make) -> None:
    """Journal and slots are reached through both drivers."""
    journal, slots = MemoryJournal(), MemorySlots()
    client = make(journal=journal, slots=slots)
    client.run(PAY, PayRequest())
    entry = journal.get("fake:shop1:test:pay:orderId=A-1")
    assert entry is not None
    assert entry.end == "done"


def test_warnings_point_at_the_caller(make: Make) -> None:
    """At the line that made the call, not at kessai's own."""
    client = make()
    with pytest.warns(RequestWarning, match=r"pay: /order/amount: is an odd sum \[odd\]") as caught:
        client.run(PAY, PayRequest(amount=7))
    assert "kessai" not in caught[0].filename.rpartition("/src/")[2]
    assert caught[0].filename.endswith(("core_clients.py", "runners.py", "events.py"))


def test_a_warning_made_an_error_sends_nothing(make: Make) -> None:
    """Whoever makes warnings errors wants them before anything leaves."""
    seen: list[httpx2.Request] = []
    client = make(noting(seen))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RequestWarning):
            client.run(PAY, PayRequest(amount=7))
    assert seen == []


def test_a_hook_that_raises_breaks_nothing(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    """It becomes a warning; where warnings are errors, a log line."""

    def hook(event: object) -> None:
        raise LookupError("secret")

    client = make(hooks=[hook])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert client.run(PAY, PayRequest()).id == "R-1"
    assert {str(warning.message) for warning in caught} >= {
        "a hook raised LookupError at CallEnded; the call goes on"
    }
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert client.run(PAY, PayRequest()).id == "R-1"
    assert "a hook raised LookupError" in caplog.text
    assert "secret" not in caplog.text


def test_an_interrupt_leaves_a_trace(make: Make) -> None:
    """KeyboardInterrupt goes through; the hooks learn that an order may have left."""
    events: list[Any] = []

    def interrupted(request: httpx2.Request) -> httpx2.Response:
        raise KeyboardInterrupt

    client = make(interrupted, hooks=[events.append])
    with pytest.raises(KeyboardInterrupt):
        client.run(PAY, PayRequest())
    last = events[-1]
    assert isinstance(last, CallEnded)
    assert (last.end, last.maybe_sent, last.error) == ("abandoned", True, "KeyboardInterrupt")


def test_invalid_requests_never_reach_the_transport(make: Make) -> None:
    """Nor does anything else happen."""
    seen: list[httpx2.Request] = []
    client = make(noting(seen))
    with pytest.raises(ValidationError):
        client.run(PAY, PayRequest(amount=5000))
    assert seen == []


def test_marks_that_cannot_be_sent(make: Make) -> None:
    """A header no one can write proves that nothing was sent."""

    class Odd:
        grant = None

        def sign(self, outgoing: Any) -> Any:
            yield from ()
            return {"Authorization": "印"}

    with pytest.raises(NotSentError):
        make(auth=Odd()).run(PAY, PayRequest(), {"max_attempts": 1})


def test_a_closed_client_says_so(make: Make) -> None:
    """Instead of an error from deep inside."""
    client = make()
    client.close()
    with pytest.raises(ConfigurationError, match="closed"):
        client.run(PAY, PayRequest())


def test_a_client_shows_no_secrets(make: Make) -> None:
    """Its repr names gateway, shop and environment."""
    client = make()
    shown = repr(client.sync or client.asynchronous)
    assert shown in {"<Client fake:shop1:test>", "<AsyncClient fake:shop1:test>"}


def test_options_are_checked(make: Make) -> None:
    """A misspelt one, and one that cannot work."""

    async def later(event: object) -> None:
        """A hook that nobody would await."""

    bad: list[dict[str, Any]] = [
        {"max_attempt": 1},
        {"timeout": 0},
        {"deadline": -1},
        {"lift": "x"},
        {"hooks": [later]},
        {"hooks": ["print"]},
        {"hooks": 5},
    ]
    for options in bad:
        with pytest.raises(ConfigurationError):
            make(**options)
