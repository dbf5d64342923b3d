"""Redirects and webhooks: what comes back, believed only with its digest.

A redirect is the consumer's browser coming back with the result in its query; a webhook is a POST
of a JSON object. Both are proven with the merchant key. The same may come more than once.

Source: VeriTrans4G Unified API 1.1.1 RC, リダイレクト, リダイレクト受信時の検証について, Webhook.
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING, TypeAlias

from kessai.errors import ConfigurationError, MalformedEventError, SignatureError
from kessai.receive import header, json_object

from .auth import CONTENT_HMAC
from .signing import content_hmac, v_auth_info

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kessai_unified_api import models as m

    from .signing import KeyEncoding

    MerchantKeys: TypeAlias = str | Sequence[str]
    """The merchant key, or the old and the new one while it is being changed."""

__all__ = ["OtherPaymentError", "Webhook", "dedupe_key", "parse_redirect", "parse_webhook"]

WEBHOOK_ID = "X-VT-webhook-id"

REDIRECT_LIMIT = 32768
"""Characters of a redirect's URL: its two longest parameters have up to 4000, percent-encoded."""

WEBHOOK_LIMIT = 262144
"""Bytes of a webhook's body; the longest described has under 2000."""

_CORE = (
    "status",
    "actionCode",
    "resultCode",
    "command",
    "paymentId",
    "fepOrderId",
    "fepReferenceId",
)
_OWN = ("merchantRequestKey1", "merchantRequestKey2")
_FORMS = {
    "status": re.compile(r"[0-9A-Za-z]{1,10}"),
    "actionCode": re.compile(r"[0-9A-Za-z_-]{0,64}"),
    "resultCode": re.compile(r"[A-Z]{2}-[A-Z0-9]{3}-[0-9]{3}"),
    "command": re.compile(r"[0-9A-Za-z_-]{1,20}"),
    "paymentId": re.compile(r"[0-9A-Za-z_-]{1,64}"),
    "fepOrderId": re.compile(r"[0-9A-Za-z_-]{1,100}"),
    "fepReferenceId": re.compile(r"[0-9A-Za-z_-]{1,100}"),
    "merchantRequestKey1": re.compile(r"[!-~]{0,100}"),
    "merchantRequestKey2": re.compile(r"[!-~]{0,100}"),
    "vAuthInfo": re.compile(r"[0-9a-f]{128}|[0-9A-F]{128}"),
    "authParams": re.compile(r"[0-9A-Za-z+/]{4,4000}={0,2}"),
}
_MARK = re.compile(r"h=([^;=]+);s=([^;]+);v=([0-9a-f]{128}|[0-9A-F]{128})")
_ID = re.compile(r"[0-9A-Za-z_-]{1,128}")
_SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*://|/|\?)")


class OtherPaymentError(SignatureError):
    """A genuine redirect of another payment: an old one, put in place of this one's."""


class Webhook:
    """A webhook, proven by its digest.

    ``id`` is the gateway's number of the notice, the same each time it is sent; ``notice`` is the
    body. The number travels in a header, which the digest does not cover.
    """

    __slots__ = ("id", "notice")

    id: str
    notice: m.PushRequest

    def __init__(self, id: str, notice: m.PushRequest) -> None:
        self.id = id
        self.notice = notice

    @property
    def command(self) -> m.Command:
        """The command whose result this is; ``deregistraction`` is spelled as the gateway does."""
        return self.notice.transaction.command

    @property
    def result(self) -> m.Result:
        """What came of it."""
        return self.notice.result

    @property
    def payment_id(self) -> str | None:
        """The merchant's number of the payment."""
        return self.notice.order.payment_id if self.notice.order is not None else None

    @property
    def fep_order_id(self) -> str | None:
        """The gateway's number of the order."""
        return self.notice.order.fep_order_id if self.notice.order is not None else None

    @property
    def fep_reference_id(self) -> str | None:
        """The number of the request, to ask about it."""
        return self.notice.transaction.fep_reference_id

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Webhook) and ((self.id, self.notice) == (other.id, other.notice))

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"Webhook({self.id!r}, {self.notice!r})"


def parse_redirect(
    query_or_url: str | bytes, *, merchant_ccid: str, merchant_key: MerchantKeys, payment_id: str
) -> m.Redirect:
    """Read the redirect with which the consumer's browser comes back, and prove it.

    ``query_or_url`` is the URL as requested, or its query string with or without ``?`` (bytes, as
    ASGI servers give them, will do). ``merchant_key`` may be several while it is being changed.
    ``payment_id`` is the one this consumer's payment was applied with, from the session or the
    landing URL, not from this query: a whole old redirect verifies too.

    The digest covers the parameters that ``authParams`` names, in that order, repeats included; all
    seven the gateway always sends have to be among them. What it does not cover is left out, be it
    a parameter of the merchant's own URL. The digest's digits may be lower case or upper case, not
    both.

    Raises MalformedEventError (a parameter missing, twice or of the wrong form; too long),
    SignatureError (wrong digest, or it does not cover everything), OtherPaymentError (genuine, and
    of another payment), ConfigurationError (an empty key or id). Messages never hold what came.

    A redirect is a summary, and the digest joins its values without separators: before goods leave,
    call ``get_transaction_result`` with its ``fep_reference_id`` and compare ``payment_id`` there,
    or wait for the webhook.
    Source: 1.1.1 RC, リダイレクト. That it comes as a GET is assumed.
    """
    from kessai.model import DecodeError
    from kessai_unified_api.models import Redirect

    keys = _keys(merchant_key)
    if not payment_id:
        raise ConfigurationError("payment_id is empty; pass the one the payment was applied with")
    parameters = _parameters(_query(query_or_url))
    order = _order(parameters["authParams"], parameters)
    came = parameters["vAuthInfo"]
    values = [parameters[name] for name in order]
    if not _matches(came, [v_auth_info(merchant_ccid, values, key) for key in keys]):
        raise SignatureError("the redirect's vAuthInfo is not that of its parameters")
    if not hmac.compare_digest(parameters["paymentId"].encode(), payment_id.encode()):
        raise OtherPaymentError("the redirect belongs to another payment")
    covered = {*order, "vAuthInfo", "authParams"}
    wire = {name: value for name, value in parameters.items() if name in covered}
    try:
        return Redirect.from_wire(wire)
    except DecodeError as error:
        raise MalformedEventError(f"the redirect's {error.pointer} has the wrong form") from None


def parse_webhook(
    body: bytes,
    headers: Mapping[str, str],
    *,
    merchant_ccid: str,
    merchant_key: MerchantKeys,
    hmac_key_encoding: KeyEncoding = "utf-8",
) -> Webhook:
    """Read a webhook from its raw body and headers, and prove it.

    ``body`` must be the bytes as they came. ``merchant_key`` may be several while it is being
    changed; ``hmac_key_encoding`` as for the client. The header X-VT-Content-hmac has to name
    HmacSHA512 and this CCID, and its digest has to be that of the body.

    Raises SignatureError (header missing, twice, of another algorithm or CCID; wrong digest),
    MalformedEventError (content type, size, JSON, members, no X-VT-webhook-id), ConfigurationError.
    Commands and members this version does not know are kept.

    Answer 200 once it is handled: anything else makes the gateway send it again for a while. It may
    also come again after a 200, so remember ``webhook.id`` (``dedupe_key``, ``kessai.receive``).
    Source: 1.1.1 RC, Webhook.
    """
    if not isinstance(body, bytes):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"body must be the raw bytes of the request, is {type(body).__name__}")
    keys = _keys(merchant_key)
    if len(body) > WEBHOOK_LIMIT:
        raise MalformedEventError(f"the webhook is longer than {WEBHOOK_LIMIT} bytes")
    _prove(body, headers, merchant_ccid, keys, hmac_key_encoding)
    media = header(headers, "Content-Type", error=MalformedEventError) or ""
    if media.partition(";")[0].strip().lower() != "application/json":
        raise MalformedEventError("the webhook's content type is not application/json")
    number = header(headers, WEBHOOK_ID, error=MalformedEventError)
    if number is None or _ID.fullmatch(number) is None:
        raise MalformedEventError(f"the webhook has no {WEBHOOK_ID} of the documented form")
    return Webhook(number, _notice(body))


def dedupe_key(webhook: Webhook) -> str:
    """Name a webhook for ``kessai.receive``: a repeat has the same X-VT-webhook-id."""
    return webhook.id


def _keys(merchant_key: MerchantKeys) -> list[str]:
    keys = [merchant_key] if isinstance(merchant_key, str) else list(merchant_key)
    if not keys or not all(keys):
        raise ConfigurationError("merchant_key must be a key, or several, and none of them empty")
    return keys


def _matches(came: str, digests: list[str]) -> bool:
    """Compare with every digest, each to its end: the time taken tells nothing."""
    found = False
    for digest in digests:
        wanted = digest if came == came.lower() else digest.upper()
        found |= hmac.compare_digest(came.encode(), wanted.encode())
    return found


def _query(given: str | bytes) -> str:
    if isinstance(given, bytes):
        given = given.decode("latin-1")
    if len(given) > REDIRECT_LIMIT:
        raise MalformedEventError(f"the redirect is longer than {REDIRECT_LIMIT} characters")
    if _SCHEME.match(given):
        return given.partition("?")[2].partition("#")[0]
    return given


def _parameters(query: str) -> dict[str, str]:
    """The gateway's parameters, each there once and of its documented form."""
    from urllib.parse import parse_qsl

    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=100, errors="strict")
    except ValueError:
        raise MalformedEventError(
            "the redirect's query has too many parameters, or is not in UTF-8"
        ) from None
    found: dict[str, str] = {}
    for name, value in pairs:
        form = _FORMS.get(name)
        if form is None:
            continue  # a parameter of the merchant's own URL
        if name in found:
            raise MalformedEventError(f"the redirect has {name} more than once")
        if form.fullmatch(value) is None:
            raise MalformedEventError(f"the redirect's {name} has the wrong form")
        found[name] = value
    for name in (*_CORE, "vAuthInfo", "authParams"):
        if name not in found:
            raise MalformedEventError(f"the redirect has no {name}")
    return found


def _order(auth_params: str, parameters: Mapping[str, str]) -> list[str]:
    """The names whose values the digest covers, in order, repeats included."""
    from base64 import b64decode
    from binascii import Error

    try:
        names = b64decode(auth_params, validate=True).decode("ascii").split(",")
    except (Error, ValueError):
        raise MalformedEventError("the redirect's authParams is no list of names") from None
    if not all(name in _CORE or name in _OWN for name in names):
        raise SignatureError("the redirect's authParams names what is no parameter of it")
    if not all(name in parameters for name in names):
        raise SignatureError("the redirect lacks a parameter that its digest covers")
    if not set(_CORE) <= set(names):
        raise SignatureError("the redirect's digest does not cover all of it")
    return names


def _prove(
    body: bytes,
    headers: Mapping[str, str],
    merchant_ccid: str,
    keys: list[str],
    encoding: KeyEncoding,
) -> None:
    given = header(headers, CONTENT_HMAC)
    mark = _MARK.fullmatch(given) if given is not None else None
    if mark is None:
        raise SignatureError(f"the webhook has no {CONTENT_HMAC} of the documented form")
    digests = [content_hmac(merchant_ccid, body, key, key_encoding=encoding) for key in keys]
    if mark[1] != "HmacSHA512":
        raise SignatureError(f"the webhook's {CONTENT_HMAC} names another algorithm")
    if not hmac.compare_digest(mark[2].encode(), merchant_ccid.encode()):
        raise SignatureError("the webhook is for another merchant CCID")
    if not _matches(mark[3], digests):
        raise SignatureError(f"the webhook's {CONTENT_HMAC} is not that of its body")


def _notice(body: bytes) -> m.PushRequest:
    """The body as a notice; a member twice could be read in two ways."""
    from kessai.model import DecodeError
    from kessai_unified_api.models import PushRequest

    try:
        return PushRequest.from_wire(json_object(body, "the webhook"))
    except DecodeError as error:
        raise MalformedEventError(f"the webhook's {error.pointer} has the wrong type") from None
