"""Browser results: what the customer's browser brings back, believed only with its proof.

Three mechanisms, which ``parse_result`` keeps apart by the service:

- 3-D Secure posts a form to ``redirectionUri`` whose ``vAuthInfo`` proves the values.
- Carriers, Rakuten Pay, PayPay, Merpay and Orico come by GET, with ``vAuthInfo`` too.
- UnionPay and Alipay post a form with ``authInfo``, which proves who sent it and when, and nothing
  of what it says.

A bank's Thanks page gets no parameter at all, and PayPal's return only a token to go on with: there
is nothing to read or prove. Whatever a browser brings can be lost, and can come again.

Sources: kit for PHP 2.0.1 (TGMDK_AuthHashUtil) and its samples; shop plug-ins (checkAuthInfo).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeAlias, TypeVar, cast, overload

from kessai.errors import ConfigurationError, MalformedEventError

from .notices_kinds import TXN_KINDS, Kind, Status, authenticated
from .records_form import check_media, read_form, secrets
from .results_proof import (
    MAX_AGE,
    OtherOrderError,
    StaleResultError,
    core,
    fresh,
    prove_parameters,
    prove_sender,
)
from .signing import same

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import NotRequired, TypedDict, Unpack

    from kessai_mdk_api import models as m

    from .records_form import Secrets

    class ResultOptions(TypedDict):
        """The keywords of ``parse_result`` beside ``service``."""

        merchant_ccid: str
        secret: Secrets
        order_id: NotRequired[str | None]
        command: NotRequired[Literal["Authorize", "ReAuthorize", "Terminate"]]
        max_age: NotRequired[float]
        now: NotRequired[datetime | None]


__all__ = ["OtherOrderError", "Result", "ResultService", "StaleResultError", "parse_result"]

ModelT = TypeVar("ModelT")

ResultService: TypeAlias = Literal[
    "mpi", "carrier", "oricosc", "paypay", "rakuten", "merpay", "upop", "alipay"
]
"""The services whose browser results are proven."""

RESULT_LIMIT = 65536
"""Bytes of a result; the longest described has under 2,000."""

_URL = re.compile(rb"(?:[A-Za-z][A-Za-z0-9+.-]*://|/|\?)")
_BY_SENDER: Final = frozenset({"upop", "alipay"})
_BY_GET: Final = frozenset({"carrier", "oricosc", "paypay", "rakuten", "merpay"})
_WHAT = "the result"

_STATUSES: Final[Mapping[str, Status]] = {
    "success": "success",
    "failure": "failure",
    "pending": "pending",
}


class Result(Generic[ModelT]):
    """What a browser brought back.

    ``verified`` says what its proof covers. ``"parameters"``: every value in ``values``, though not
    its name; what the proof does not cover was left out. ``"sender"`` (UnionPay, Alipay): only that
    the gateway made ``authInfo`` at ``made``; every value may have been changed on the way, so look
    the order up, or wait for the PUSH, before anything happens.

    ``kind`` and ``status`` are those of the same step's PUSH notice. Of shopping credit a browser
    knows that the customer applied and not what the screening says, so a success is ``pending``.
    ``values`` has all members, as they came.
    """

    __slots__ = ("kind", "made", "order_id", "service", "status", "values", "verified")

    service: ResultService
    verified: Literal["parameters", "sender"]
    order_id: str
    kind: Kind
    status: Status | None
    made: datetime | None
    values: ModelT

    def __init__(
        self,
        service: ResultService,
        values: ModelT,
        fields: Mapping[str, str],
        made: datetime | None,
        command: str,
    ) -> None:
        """Made by ``parse_result`` from proven fields."""
        self.service = service
        self.values = values
        self.made = made
        self.verified = "parameters" if made is None else "sender"
        self.order_id = fields[core(service)[0]]
        self.kind = TXN_KINDS[command]
        self.status = _STATUSES.get(fields.get("mstatus", ""))
        if service == "mpi":
            self.kind, self.status = authenticated(fields)[:2]
        elif service == "alipay":
            self.kind = "capture"  # authorization and capture are one there (flow guide 2-8)
        elif service == "oricosc" and self.kind == "authorization":
            # The customer has applied; the screening is told later, by PUSH (flow guide 2-10).
            self.kind = "screening"
            self.status = "pending" if self.status == "success" else self.status

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result):
            return False
        theirs = cast("Result[object]", other)
        return (self.service, self.made, self.values) == (
            theirs.service,
            theirs.made,
            theirs.values,
        )

    def __hash__(self) -> int:
        return hash((self.service, self.order_id))

    def __repr__(self) -> str:
        return f"Result({self.service}, verified={self.verified}, {self.status}, {self.values!r})"


@overload
def parse_result(
    received: bytes | str,
    headers: Mapping[str, str] | None = None,
    *,
    service: Literal["mpi"],
    **options: Unpack[ResultOptions],
) -> Result[m.MpiReturn]: ...
@overload
def parse_result(
    received: bytes | str,
    headers: Mapping[str, str] | None = None,
    *,
    service: Literal["carrier"],
    **options: Unpack[ResultOptions],
) -> Result[m.CarrierReturn]: ...
@overload
def parse_result(
    received: bytes | str,
    headers: Mapping[str, str] | None = None,
    *,
    service: Literal["oricosc"],
    **options: Unpack[ResultOptions],
) -> Result[m.OricoscReturn]: ...
@overload
def parse_result(
    received: bytes | str,
    headers: Mapping[str, str] | None = None,
    *,
    service: Literal["paypay"],
    **options: Unpack[ResultOptions],
) -> Result[m.PaypayReturn]: ...
@overload
def parse_result(
    received: bytes | str,
    headers: Mapping[str, str] | None = None,
    *,
    service: Literal["rakuten"],
    **options: Unpack[ResultOptions],
) -> Result[m.RakutenReturn]: ...
@overload
def parse_result(
    received: bytes | str,
    headers: Mapping[str, str] | None = None,
    *,
    service: Literal["merpay"],
    **options: Unpack[ResultOptions],
) -> Result[m.MerpayReturn]: ...
@overload
def parse_result(
    received: bytes | str,
    headers: Mapping[str, str] | None = None,
    *,
    service: Literal["upop"],
    **options: Unpack[ResultOptions],
) -> Result[m.UpopReturn]: ...
@overload
def parse_result(
    received: bytes | str,
    headers: Mapping[str, str] | None = None,
    *,
    service: Literal["alipay"],
    **options: Unpack[ResultOptions],
) -> Result[m.AlipayReturn]: ...
@overload
def parse_result(
    received: bytes | str,
    headers: Mapping[str, str] | None = None,
    *,
    service: ResultService,
    **options: Unpack[ResultOptions],
) -> Result[Any]: ...
def parse_result(
    received: bytes | str,
    headers: Mapping[str, str] | None = None,
    *,
    service: ResultService,
    merchant_ccid: str,
    secret: Secrets,
    order_id: str | None = None,
    command: Literal["Authorize", "ReAuthorize", "Terminate"] = "Authorize",
    max_age: float = MAX_AGE,
    now: datetime | None = None,
) -> Result[Any]:
    """Read a browser's result, and prove it.

    ``received`` is the body of the POST (3-D Secure, UnionPay, Alipay), or the URL or its query
    (the others). ``headers`` are those of a POST, for its content type and charset; left out, both
    go unchecked. ``service`` is known from the URL: give each its own. ``order_id`` is the order
    this customer is in, if a session or the URL's path tells: a whole old result of another order
    verifies too. ``command`` is what was sent (``"Terminate"`` for carriers and PayPay).
    ``secret`` may be several while it is being changed. ``max_age`` (seconds) is how old an
    authInfo may be, ``now`` (aware) what time it is.

    vAuthInfo covers the fields that ``authParams`` names, which have to be there, the order's
    number and its status among them; others are left out. Its values are joined without
    separators and without their names, and ``authParams`` is not covered: a customer can cut two
    neighbours elsewhere, or give values each other's names (mpiMstatus and cardMstatus). Before
    goods leave, wait for the PUSH (``OrderState.by_push``), or ask (Search, GetResult).

    Raises MalformedEventError (content type, a charset other than UTF-8, a field twice, a member
    missing or of the wrong type), SignatureError (no proof, a wrong one, or one that does not cover
    the order), StaleResultError, OtherOrderError (both are SignatureErrors), ConfigurationError (an
    empty secret or CCID, another service). Messages never hold values.

    A result is a page to show, and comes before the PUSH, after it, or never: ``kessai_mdk.join``
    brings both to the same end.
    Source: kit for PHP 2.0.1 and its samples; shop plug-ins.
    """
    keys = secrets(secret)
    if not merchant_ccid or order_id == "":
        raise ConfigurationError("merchant_ccid and order_id must not be empty")
    if service not in _BY_GET | _BY_SENDER | {"mpi"} or command not in TXN_KINDS:
        raise ConfigurationError("service and command must be ones whose results are proven")
    if headers is not None and service not in _BY_GET:
        check_media(headers, _WHAT)
    fields = read_form(_query(received, service in _BY_GET), _WHAT)
    made: datetime | None = None
    if service in _BY_SENDER:
        made = prove_sender(fields, service, merchant_ccid, keys)
        fresh(made, max_age, now)
    else:
        fields = prove_parameters(fields, service, merchant_ccid, keys)
    if not fields[core(service)[0]]:
        raise MalformedEventError(f"{_WHAT} names no order")
    if order_id is not None and not same(fields[core(service)[0]], order_id):
        raise OtherOrderError("the result belongs to another order")
    return Result(service, _decoded(service, fields), fields, made, command)


def _query(received: bytes | str, is_url: bool) -> bytes:
    data = received.encode("utf-8", "surrogatepass") if isinstance(received, str) else received
    if len(data) > RESULT_LIMIT:
        raise MalformedEventError(f"{_WHAT} is longer than {RESULT_LIMIT} bytes")
    if is_url and _URL.match(data):
        return data.partition(b"?")[2].partition(b"#")[0]
    return data


def _decoded(service: str, fields: Mapping[str, str]) -> Any:
    from kessai.model import DecodeError
    from kessai_mdk_api.events import CALLBACKS

    try:
        return CALLBACKS[f"{service}Return"].decode(dict(fields))
    except DecodeError as error:
        raise MalformedEventError(f"{_WHAT}'s {error.pointer[1:]} has the wrong type") from None
