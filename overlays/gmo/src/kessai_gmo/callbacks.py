"""Callbacks and webhooks: what the gateway tells the merchant, believed only with its token.

A callback is the customer's browser coming back (GET with ``p``, base64url of a JSON object); a
webhook is a POST of a JSON object. Neither is signed: the CSRF token the merchant gave with the
request is the only proof, and neither says whether anything was paid. Pass the event to
``gmo.follow(event)``, which asks the gateway.

Source: GMO PG OpenAPI type 1.5.1, リダイレクトとコールバック and Webhook通知.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from kessai.errors import (
    ConfigurationError,
    CsrfTokenError,
    MalformedEventError,
    SourceAddressError,
)
from kessai.receive import header, json_object, same_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Literal

    from kessai.environment import Environment
    from kessai_gmo_api import models as m

    CsrfToken: TypeAlias = str | Callable[[str], str | None]
    """The token given with the request, or a function that finds it by access id."""

    Webhook: TypeAlias = (
        m.CashWebhookRequest
        | m.AmazonPayCancelWebhookRequest
        | m.WalletFrontendWebhook
        | "UnknownEvent"
    )
    Event: TypeAlias = m.Callback | Webhook

__all__ = ["SENDERS", "UnknownEvent", "parse_callback", "parse_webhook"]

SENDERS = {"sandbox": "210.197.108.196", "live": "210.175.7.20"}
"""Where webhooks come from, by environment (1.5.1, 通知APIの仕様)."""

CALLBACK_LIMIT = 8192
"""Characters of a callback URL; a whole one with the longest members has under 400."""

WEBHOOK_LIMIT = 65536
"""Bytes of a webhook body; the documented ones have under 200."""

_ACCESS_ID = re.compile(r"[a-zA-Z0-9]{32}")
_EVENT = re.compile(r"[!-~]{1,64}")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+(={0,2})")
_SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*://|/|\?)")


class UnknownEvent:
    """A webhook event this version does not know, proven by its token.

    ``access_id``: the order it is about; ``event``: its name; ``members``: the names of what else
    came with it, whose values are left out because nothing says what they hold.
    """

    __slots__ = ("access_id", "event", "members")

    access_id: str
    event: str
    members: tuple[str, ...]

    def __init__(self, access_id: str, event: str, members: tuple[str, ...] = ()) -> None:
        self.access_id = access_id
        self.event = event
        self.members = members

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnknownEvent) and (
            (self.access_id, self.event, self.members)
            == (other.access_id, other.event, other.members)
        )

    def __hash__(self) -> int:
        return hash((self.access_id, self.event, self.members))

    def __repr__(self) -> str:
        return f"UnknownEvent(access_id={self.access_id!r}, event={self.event!r})"


def parse_callback(query_or_url: str | bytes, *, csrf_token: CsrfToken) -> m.Callback:
    """Read the callback with which the customer's browser comes back, and prove its token.

    ``query_or_url`` is the URL as requested, or its query string with or without ``?`` (bytes, as
    ASGI servers give them, will do). ``csrf_token`` is the token given with the request
    (``merchant.csrfToken``), or a function that finds it by access id; it is compared in constant
    time. An event this version does not know is kept: ``callback.event.is_known`` is False.

    Raises MalformedEventError for what is no callback (``p`` absent, twice or unreadable),
    CsrfTokenError for a token that is missing, unknown or wrong, ConfigurationError for an empty
    ``csrf_token``. Messages never hold what came.

    A callback does not say that anything was paid; ``gmo.follow(callback)`` asks the gateway.
    Source: 1.5.1, コールバック. Accepting ``p`` with and without padding is an extension of it.
    """
    from kessai.model import DecodeError
    from kessai_gmo_api.models import Callback

    members = _object(_decoded(_parameter(_text(query_or_url))))
    _prove(members, csrf_token)
    try:
        return Callback.from_wire(members)
    except DecodeError as error:
        raise MalformedEventError(f"the callback's {error.pointer} has the wrong type") from None


def parse_webhook(
    body: bytes,
    headers: Mapping[str, str],
    *,
    csrf_token: CsrfToken,
    source_ip: str | None = None,
    environment: Literal["sandbox", "live"] | Environment = "live",
) -> Webhook:
    """Read a webhook from its raw body and headers, and prove its token.

    ``body`` must be the bytes as they came. ``csrf_token`` is usually a function that finds the
    token by access id, because a webhook has no session. ``source_ip``, when given, has to be the
    documented sender of ``environment``; behind a proxy, pass the address the proxy vouches for,
    not a header the sender can write. For an ``Environment`` on loopback any loopback address will
    do.

    Raises SourceAddressError, MalformedEventError (content type, size, JSON, members),
    CsrfTokenError (missing, unknown or wrong), ConfigurationError (empty ``csrf_token``).
    Events this version does not know come back as ``UnknownEvent``.

    A webhook does not say how much was paid; ``gmo.follow(event)`` asks. Answer 2xx only when the
    event is handled: anything else makes the gateway repeat it, five times, an hour apart.
    Source: 1.5.1, Webhook通知.
    """
    raw = _raw(body)
    if source_ip is not None:
        _check_source(source_ip, environment)
    _check_content_type(headers)
    if len(raw) > WEBHOOK_LIMIT:
        raise MalformedEventError(f"the webhook is longer than {WEBHOOK_LIMIT} bytes")
    members = _object(raw)
    _prove(members, csrf_token)
    return _webhook(members)


def _webhook(members: dict[str, Any]) -> Webhook:
    from kessai.model import DecodeError
    from kessai_gmo_api import models as m

    event: str = members["event"]
    try:
        if m.CashEvent(event).is_known:
            return m.CashWebhookRequest.from_wire(members)
        if m.AmazonPayCancelEvent(event).is_known:
            return m.AmazonPayCancelWebhookRequest.from_wire(members)
        if m.WalletFrontendEvent(event).is_known:
            return m.WalletFrontendWebhook.from_wire(members)
    except DecodeError as error:
        raise MalformedEventError(f"the webhook's {error.pointer} has the wrong type") from None
    known = ("accessId", "event", "csrfToken")
    others = tuple(name for name in members if name not in known)
    return UnknownEvent(members["accessId"], event, others)


def _raw(body: object) -> bytes:
    """The bytes as they came; a text or a parsed object has lost what was proven."""
    if isinstance(body, bytes):
        return body
    raise TypeError(f"body must be the raw bytes of the request, is {type(body).__name__}")


def _text(given: str | bytes) -> str:
    if isinstance(given, bytes):
        given = given.decode("latin-1")
    if len(given) > CALLBACK_LIMIT:
        raise MalformedEventError(f"the callback is longer than {CALLBACK_LIMIT} characters")
    return given


def _parameter(given: str) -> str:
    """The value of ``p``, which has to be there once."""
    from urllib.parse import parse_qsl

    query = given
    if _SCHEME.match(given):
        query = given.partition("?")[2].partition("#")[0]
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise MalformedEventError("the callback's query has too many parameters") from None
    values = [value for name, value in pairs if name == "p"]
    if len(values) != 1:
        raise MalformedEventError(f"the callback needs p once, and has it {len(values)} times")
    return values[0]


def _decoded(value: str) -> bytes:
    """Base64url, with its padding or without, and nothing else."""
    from base64 import urlsafe_b64decode, urlsafe_b64encode
    from binascii import Error

    form = _BASE64URL.fullmatch(value)
    bare = value.rstrip("=")
    if form is None or (form[1] and len(value) % 4):
        raise MalformedEventError("the callback's p is not base64url")
    try:
        decoded = urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except Error:
        raise MalformedEventError("the callback's p is not base64url") from None
    if urlsafe_b64encode(decoded).rstrip(b"=") != bare.encode():  # spare bits set: made by hand
        raise MalformedEventError("the callback's p is not base64url")
    return decoded


def _object(data: bytes) -> dict[str, Any]:
    """A JSON object with an access id, an event, and no member twice."""
    members = json_object(data, "the event")
    for name, form in (("accessId", _ACCESS_ID), ("event", _EVENT)):
        value = members.get(name)
        if not isinstance(value, str) or form.fullmatch(value) is None:
            raise MalformedEventError(f"the event's {name} is missing or malformed")
    return members


def _prove(members: dict[str, Any], csrf_token: CsrfToken) -> None:
    """Compare the token that came with the one given out, in constant time."""
    if callable(csrf_token):
        expected = csrf_token(members["accessId"])
        if not expected:
            raise CsrfTokenError("no csrf token is known for the event's access id")
    else:
        expected = csrf_token
        if not expected:
            raise ConfigurationError(
                "csrf_token is empty; pass the merchant.csrfToken given with the request"
            )
    if not isinstance(expected, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(f"csrf_token must be a text, is {type(expected).__name__}")
    came = members.get("csrfToken")
    if not isinstance(came, str) or not came:
        raise CsrfTokenError("the event carries no csrf token")
    if not same_secret(came, expected):
        raise CsrfTokenError("the event's csrf token is not the one given out")


def _check_content_type(headers: Mapping[str, str]) -> None:
    value = header(headers, "content-type", error=MalformedEventError)
    media = (value or "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise MalformedEventError("the webhook's content type is not application/json")


def _check_source(source_ip: str, environment: Literal["sandbox", "live"] | Environment) -> None:
    from ipaddress import ip_address

    try:
        address = ip_address(source_ip)
    except ValueError:
        raise SourceAddressError("source_ip is no IP address") from None
    address = getattr(address, "ipv4_mapped", None) or address
    if isinstance(environment, str):
        wanted = SENDERS.get(environment)
        if wanted is None:
            raise ConfigurationError('environment must be "sandbox", "live" or an Environment')
    else:
        if address.is_loopback and _on_loopback(environment):
            return
        wanted = SENDERS["live" if environment.live else "sandbox"]
    if address != ip_address(wanted):
        raise SourceAddressError("the webhook came from an address that is not the gateway's")


def _on_loopback(environment: Environment) -> bool:
    from ipaddress import ip_address
    from urllib.parse import urlsplit

    host = urlsplit(environment.servers["api"]).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
