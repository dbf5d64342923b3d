"""PUSH notices: what the gateway reports by itself, believed only with its Content-Hmac.

One PUSH is a form that bundles up to 50 records, which may be of several orders. A record comes
again until it was answered with 2xx, then possibly bundled with others under another pushId: so
each record has a key of its own (``Notice.key``), made of what it says.

Sources: flow guide 1.0.8, 2-2 to 2-10; kit for PHP 2.0.1 and its samples.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from kessai.errors import ConfigurationError, MalformedEventError, TestNoticeError

from .notices_kinds import CARRIER_KINDS, Kind, Status, Words, report
from .records import read_records
from .records_form import secrets
from .records_services import Service, tell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from kessai_mdk_api import models as m

    from .records_form import Secrets

    Record: TypeAlias = (
        m.AlipayNotice
        | m.BankNotice
        | m.CarrierNotice
        | m.CvsNotice
        | m.MerpayNotice
        | m.MpiNotice
        | m.OricoscNotice
        | m.PaypalNotice
        | m.PaypayNotice
        | m.RakutenNotice
        | m.UpopNotice
        | "UnknownRecord"
    )
    """What a record says, by service; ``isinstance`` tells which."""

__all__ = ["Notice", "Push", "UnknownRecord", "dedupe_key", "parse_push"]

_READ: Final = frozenset(
    {
        "alipay", "bank", "carrier", "cvs", "merpay", "mpi", "oricosc", "paypal", "paypay",
        "rakuten", "upop",
    }
)  # fmt: skip
_NO_WORDS: Final[Mapping[str, Status]] = {}


class UnknownRecord:
    """A record of a service that is not read, or of one that nothing tells.

    ``values`` are its fields as they came, the PUSH's header beside them; repr shows their names.
    """

    __slots__ = ("values",)

    values: Mapping[str, str]

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnknownRecord) and self.values == other.values

    def __hash__(self) -> int:
        return hash(frozenset(self.values.items()))

    def __repr__(self) -> str:
        return f"UnknownRecord({', '.join(self.values)})"


class Notice:
    """One record of a PUSH.

    ``kind`` is the step of the order it reports and ``status`` how that went (None: not said, or in
    a word this version does not know); ``record`` has all its members. ``service`` is None where
    nothing tells the service. ``month`` of a monthly charge is ``subject``; a refund's is the
    number that tells it from others. ``at`` is when, as the gateway writes it for this service.

    ``key`` names what is reported: two records that say the same have the same key, whatever PUSH
    they came in. It holds nothing readable. ``index`` is the record's number in its PUSH.
    """

    __slots__ = ("at", "confirmed", "index", "key", "kind", "record", "service", "status",
                 "subject", "test")  # fmt: skip

    service: str | None
    kind: Kind
    status: Status | None
    subject: str
    at: str
    confirmed: bool
    test: bool
    record: Record
    index: int
    key: str

    def __init__(
        self,
        fields: Mapping[str, str],
        record: Record,
        *,
        service: str | None,
        index: int,
        key: str,
        words: Words,
    ) -> None:
        """Made by ``parse_push`` from a record's fields, header included."""
        self.service = service
        self.record = record
        self.index = index
        self.key = key
        self.kind, self.status, self.subject, self.at = report(service, fields, words)
        self.confirmed = fields.get("fixed") == "1"
        self.test = fields.get("dummy", "0") not in {"", "0"}

    @property
    def order_id(self) -> str | None:
        """The merchant's number of the order; None only in an ``UnknownRecord``."""
        if isinstance(self.record, UnknownRecord):
            return self.record.values.get("orderId")
        return self.record.order_id

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Notice) and (
            (self.service, self.index, self.record) == (other.service, other.index, other.record)
        )

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        said = f"{self.service}, {self.kind}, {self.status}"
        return f"Notice({said}, {self.record!r})"


class Push:
    """A PUSH, proven by its digest.

    ``notices`` are to be handled each for itself, whichever order they stand in. ``tests`` are
    notices of dummy mode that came together with live ones and are set aside; no money moved.
    ``id`` is not unique and not the same in a repeat. ``time`` is when it was sent, as written.
    """

    __slots__ = ("header", "id", "notices", "tests", "time")

    notices: tuple[Notice, ...]
    tests: tuple[Notice, ...]
    header: Mapping[str, str]
    id: str | None
    time: str | None

    def __init__(
        self, notices: tuple[Notice, ...], tests: tuple[Notice, ...], header: Mapping[str, str]
    ) -> None:
        self.notices = notices
        self.tests = tests
        self.header = header
        self.id = header.get("pushId")
        self.time = header.get("pushTime")

    @property
    def sent_at(self) -> datetime | None:
        """When it was sent, in Japan's time (assumed); None if it is not said readably."""
        from kessai.timestamp import JST

        try:
            return datetime.strptime(self.time or "", "%Y%m%d%H%M%S").replace(tzinfo=JST)
        except ValueError:
            return None

    def __repr__(self) -> str:
        return f"Push({list(self.notices)!r})"


def parse_push(
    body: bytes,
    headers: Mapping[str, str],
    *,
    merchant_ccid: str,
    secret: Secrets,
    allow_test: bool = False,
    service: Service | None = None,
    carrier_kinds: Mapping[str, Kind] = CARRIER_KINDS,
    screening: Mapping[str, Status] = _NO_WORDS,
) -> Push:
    """Read a PUSH from its raw body and headers, and prove it.

    ``body`` must be the bytes as they came. ``secret`` may be several while it is being changed.
    ``allow_test`` takes notices of dummy mode (``dummy`` 1) too. ``service`` is for a URL that only
    one service's notices come to: it decides where a record's own fields do not tell (see
    ``records_services``). ``carrier_kinds`` (txnType to kind) and ``screening`` (orderStateCode to
    status) are words that no document at hand has; see ``notices_kinds``.

    Raises SignatureError (Content-Hmac missing, twice, of another algorithm or CCID; wrong digest),
    MalformedEventError (size, content type, a charset other than UTF-8, a field twice, numbers of
    records that do not fit, a member of the wrong type), TestNoticeError (dummy mode only, and not
    allowed), ConfigurationError (an empty secret or CCID). Messages never hold values.

    Unknown services, fields and words are kept. Answer 2xx only when every notice is handled:
    anything else makes the gateway send it again, and ``PushReceiver`` skips what was done.
    Source: kit for PHP 2.0.1 and its samples.
    """
    keys = secrets(secret)
    if not merchant_ccid:
        raise ConfigurationError("merchant_ccid is empty")
    if service is not None and service not in _READ:
        raise ConfigurationError("service must be one whose notices are read")
    found = read_records(body, headers, merchant_ccid=merchant_ccid, keys=keys)
    words = Words(carrier_kinds, screening)
    notices = tuple(
        _notice(index, found.header, fields, service, words)
        for index, fields in enumerate(found.records)
    )
    live = notices if allow_test else tuple(notice for notice in notices if not notice.test)
    if not live:
        raise TestNoticeError(
            "the PUSH is of dummy mode, and this receiver is for live ones (allow_test)"
        )
    tests = () if allow_test else tuple(notice for notice in notices if notice.test)
    return Push(live, tests, found.header)


def dedupe_key(notice: Notice) -> str:
    """Name a notice for ``kessai.receive``: a repeat says the same, whatever PUSH it comes in."""
    return notice.key


def _notice(
    index: int,
    header: Mapping[str, str],
    own: Mapping[str, str],
    given: Service | None,
    words: Words,
) -> Notice:
    service = tell(own, given)
    fields = {**header, **own}
    record = _decoded(index, service, fields) if service in _READ else UnknownRecord(fields)
    key = _key(own, fields.get("fixed", ""))
    return Notice(fields, record, service=service, index=index, key=key, words=words)


def _decoded(index: int, service: str, fields: Mapping[str, str]) -> Any:
    from kessai.model import DecodeError
    from kessai_mdk_api.events import WEBHOOKS

    try:
        record: Any = WEBHOOKS[f"{service}Notice"].decode(dict(fields))
    except DecodeError as error:
        wrong = error.pointer[1:]
    else:
        if record.order_id:
            return record
        wrong = "orderId"
    raise MalformedEventError(
        f"record {index:04} of the PUSH is of {service}, and its {wrong} is missing or of the "
        "wrong type"
    )


def _key(own: Mapping[str, str], fixed: str) -> str:
    """A digest of all a record says, and of ``fixed`` from the header, which changes its meaning.

    All of it, because no field but orderId is in every service's records. Two partial refunds
    that are told in the very same words (Alipay has no time) would be taken for one.
    """
    from hashlib import sha256
    from json import dumps

    return sha256(dumps([fixed, sorted(own.items())]).encode()).hexdigest()
