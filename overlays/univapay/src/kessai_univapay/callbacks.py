"""Webhooks: what UnivaPay sends by itself, believed only with the shop's own secret.

A webhook is a POST of a JSON object. There is no signature: the gateway sends back, in the header
Authorization, the value that was given for this webhook (``auth_token``). Whoever knows it can
send anything, so it belongs into no log, and for anything that is worth it the charge is read once
more. Delivery is best effort, and the same notice may come more than once.

Source: docs.gopay-services.com, ?p=1434 and en/webhooks; univapay-client-sdk (PyPI), webhook events
(the four members); univapay-php-sdk (two of them).
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from kessai.errors import (
    ConfigurationError,
    MalformedEventError,
    SignatureError,
    TestNoticeError,
)
from kessai.receive import header, json_object, same_secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .events import Event

    AuthTokens: TypeAlias = str | Sequence[str]
    """The Authorization value of the webhook, or the old and the new one while it is changed."""

__all__ = ["THREE_DS_EVENTS", "dedupe_key", "parse_webhook"]

THREE_DS_EVENTS: Final = frozenset({"token_three_d_s_updated", "token_three_ds_updated"})
"""The two spellings of one event; the official libraries do not agree (PyPI has the first)."""

WEBHOOK_LIMIT = 1048576
"""Bytes of a webhook's body; the resources described have under 10,000."""

_FORM: dict[str, type[str]] = {"event": str, "id": str, "created_on": str}


def parse_webhook(
    body: bytes,
    headers: Mapping[str, str],
    *,
    auth_token: AuthTokens,
    allow_test: bool = False,
) -> Event:
    """Read a webhook from its raw body and headers, and believe it by its Authorization.

    ``auth_token`` is the value given for this webhook (the console's Authorization header); several
    while it is being changed. The header is compared in constant time, with and without ``Bearer``
    before it, because no document says which is sent. ``allow_test`` takes notices of test mode,
    and of any other that is not ``live``; those of bank transfers and payouts do not say their
    mode, and are taken either way.

    Both forms of the envelope are read: ``event`` and ``data``, or these with ``id`` and
    ``created_on``. Events, members and values that this version does not know are kept.

    Raises SignatureError (Authorization missing, twice or another), MalformedEventError (size, no
    JSON object, members missing or of the wrong type), TestNoticeError (not live, not allowed),
    ConfigurationError (an empty ``auth_token``). Messages never hold what came.

    Answer 2xx within 3 seconds once it is handled: after anything else the gateway sends it up to
    10 times, and after a redirect never again. ``dedupe_key`` names a notice for
    ``kessai.receive``. Nothing here is signed: read the charge again where it matters.
    """
    if not isinstance(body, bytes):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"body must be the raw bytes of the request, is {type(body).__name__}")
    _believe(headers, auth_token)
    if len(body) > WEBHOOK_LIMIT:
        raise MalformedEventError(f"the webhook is longer than {WEBHOOK_LIMIT} bytes")
    members = json_object(body, "the webhook")
    for name, kind in _FORM.items():
        value = members.get(name)
        if not (isinstance(value, kind) or (value is None and name != "event")):
            raise MalformedEventError(f"the webhook's {name} is missing or no text")
    data = members.get("data")
    if not isinstance(data, dict):
        raise MalformedEventError("the webhook's data is missing or no object")
    mode = cast("dict[str, Any]", data).get("mode", "live")
    if mode != "live" and isinstance(mode, str) and not allow_test:
        raise TestNoticeError(
            "the webhook is of another mode than live, and this receiver is for live ones "
            "(allow_test)"
        )
    return _decoded(members)


def dedupe_key(event: Event) -> str:
    """Name a notice for ``kessai.receive``: a repeat has the same number.

    Where it has none: the event, the resource's id and status, and a digest of all of it. A status
    can come twice (a subscription's monthly payment, a second deposit), and the resource does not
    always say when it was changed. A repeat that came with other values would be handled again.
    """
    if event.id and _short(event.id):
        return event.id
    data: Any = event.data
    members: Mapping[str, Any] = data.to_wire() if hasattr(data, "to_wire") else data
    whole = json.dumps(members, sort_keys=True, default=str).encode()
    names = (str(event.event), *(str(members.get(name)) for name in ("id", "status")))
    return "|".join([*filter(_short, names), sha256(whole).hexdigest()])


def _short(name: str) -> bool:
    """Whether every store of notices takes it as a part of a name."""
    return len(name) <= 64 and name.isascii() and name.isprintable()


def _believe(headers: Mapping[str, str], auth_token: AuthTokens) -> None:
    """Compare with every token, with and without the scheme, each to its end."""
    given = cast("Any", auth_token)
    tokens: list[Any] = (
        [given] if isinstance(given, str) or not hasattr(given, "__iter__") else [*given]
    )
    if not tokens or not all(isinstance(one, str) and one and one == one.strip() for one in tokens):
        raise ConfigurationError(
            "auth_token must be the Authorization value of the webhook, or several: texts, none "
            "empty, and no white space before or after, which a header does not keep"
        )
    came = header(headers, "Authorization")
    if came is None:
        raise SignatureError("the webhook has no Authorization")
    found = False
    for token in tokens:
        bare = token[7:] if token[:7].lower() == "bearer " else token
        for wanted in (token, bare):
            found |= same_secret(came, wanted)
        if came[:7].lower() == "bearer ":
            found |= same_secret(came[7:], bare)
    if not found:
        raise SignatureError("the webhook's Authorization is not the one of this webhook")


def _decoded(members: dict[str, Any]) -> Event:
    from kessai.model import DecodeError
    from kessai_univapay_api.events import WEBHOOKS

    known = WEBHOOKS.get(members["event"])
    if known is None:
        from .events import UnknownEvent

        return UnknownEvent(members)
    try:
        return cast("Event", known.decode(members))
    except DecodeError as error:
        raise MalformedEventError(
            f"the webhook's {error.pointer} is missing or of the wrong type"
        ) from None
