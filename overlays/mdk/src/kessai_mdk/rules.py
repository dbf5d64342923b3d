"""What the schema of the requests cannot say, for every service; what is one service's own is in
``rules_services``.

Rules run after the schema's own limits and report into the same list. A rule never raises and never
names a value. What the kit or the flow guide states is enforced; what is known from the provider's
shop plug-in, from clients that others wrote, or assumed, only warns.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from kessai.prepare import plain, pointed

from .auth import OWN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kessai.constraints import Report
    from kessai.operation import Operation

__all__ = ["KIT", "PLUGIN", "RANGES", "THIRD", "Look", "check"]

KIT: Final = "VeriTrans4G MDK for PHP 2.0.1"
PLUGIN: Final = "the provider's shop plug-in for EC-CUBE, whose limit it is"
THIRD: Final = "assumed: clients that others wrote, citing the provider's guide"
ASSUMED: Final = "assumed: no document says so"

RANGES: Final[Mapping[str, tuple[tuple[str, int, int], ...]]] = {
    "cardAuthorize": (("amount", 1, 99_999_999),),
    "cardReAuthorize": (("amount", 1, 99_999_999),),
    "mpiAuthorize": (
        ("amount", 1, 99_999_999),
        ("mcAmount", 1, 99_999_999),
        ("verifyTimeout", 1, 999),
    ),
    "mpiReAuthorize": (
        ("amount", 1, 99_999_999),
        ("mcAmount", 1, 99_999_999),
        ("verifyTimeout", 1, 999),
    ),
    "carrierAuthorize": (("amount", 1, 999_999_999_999),),
    "carrierCancel": (("amount", 1, 999_999_999_999),),
    "carrierReAuthorize": (("amount", 1, 999_999_999_999),),
    "carrierUpdateAuthorize": (("amount", 1, 999_999_999_999),),
    "merpayAuthorize": (
        ("amount", 1, 1_000_000),
        ("listPrice", 1, 1_000_000),
        ("unitPrice", 1, 1_000_000),
    ),
    "merpayCapture": (("amount", 1, 1_000_000),),
    "merpayReAuthorize": (("amount", 1, 1_000_000),),
    "paypayAuthorize": (("amount", 1, 9_999_999),),
    "paypayCapture": (("amount", 1, 9_999_999),),
    "paypayReAuthorize": (("amount", 1, 9_999_999),),
    "paypayRefund": (("amount", 1, 9_999_999),),
    "rakutenAuthorize": (("amount", 1, 99_999_999), ("expireMinutes", 1, 1440)),
    "upopAuthorize": (("amount", 1, 999_999_999_999),),
}
"""Operation -> members with the least and the greatest value; the spec's tables say the same."""

_ORDER_ID = re.compile(r"[0-9A-Za-z_-]*")
_ORDER_ID_DOT = re.compile(r"[0-9A-Za-z_.-]*")
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?")
_DOTTED = ("cvs", "paypal")


class Look:
    """A request's members, and where what is wrong with them is reported."""

    __slots__ = ("now", "report", "wire")

    def __init__(self, wire: Mapping[str, Any], report: Report, now: Callable[[], float]) -> None:
        self.wire: Mapping[str, Any] = wire
        self.report: Report = report
        self.now: Callable[[], float] = now

    def text(self, name: str) -> str | None:
        """A member that is a text and not empty, else None: the schema reports wrong types."""
        value = self.wire.get(name)
        return str.__str__(value) if isinstance(value, str) and value else None

    def has(self, name: str) -> bool:
        """Whether a member would be sent: empty ones are left out."""
        return self.wire.get(name) not in (None, "", [], {})

    def refuse(self, name: str, code: str, message: str, *, limit: str | int | None = None) -> None:
        """Report what the kit or the flow guide states."""
        self.report.add(f"/{name}", code, message, limit=limit, source=KIT)

    def warn(
        self,
        name: str,
        code: str,
        message: str,
        *,
        limit: str | int | None = None,
        source: str = ASSUMED,
    ) -> None:
        """Report what no document of the gateway states."""
        self.report.add(f"/{name}", code, message, limit=limit, source=source, enforced=False)


def check(
    operation: Operation[Any, Any], request: Any, report: Report, now: Callable[[], float]
) -> None:
    """Report every rule that a request breaks, beside what the schema's limits found.

    ``now``: seconds since 1970, for dates that must not be past. Parts of the wrong type are the
    schema's to report.
    """
    try:
        wire: Mapping[str, Any] = request.to_wire()
    except (AttributeError, TypeError, ValueError):
        return  # not a request: the schema's check says where
    if operation.server == "token":
        return
    look = Look(wire, report, now)
    for name in (*OWN, "authHash"):
        if name in wire:
            look.refuse(name, "own", "is the client's own, and no member of a request")
    if operation.name != "searchSearch":
        _order_ids(look, operation.group)
    for name, least, greatest in RANGES.get(operation.name, ()):
        _range(look, name, least, greatest)
    from .rules_services import SERVICES

    service = SERVICES.get(operation.name)
    if service is not None:
        service(look)


def _order_ids(look: Look, group: str) -> None:
    """Letters of an order's number. ``*`` would stand for any letters when it is searched for."""
    dotted = group in _DOTTED
    form = _ORDER_ID_DOT if dotted else _ORDER_ID
    for name in ("orderId", "originalOrderId", "payNowIdParam/orderParam/originalOrderId"):
        value = plain(pointed(look.wire, f"/{name}"))
        if value is not None and form.fullmatch(value) is None:
            letters = "letters, digits, - _ and ." if dotted else "letters, digits, - and _"
            look.refuse(name, "charset", f"may have half-width {letters} only")


def _range(look: Look, name: str, least: int, greatest: int) -> None:
    value = look.text(name)
    if value is None or _NUMBER.fullmatch(value) is None:
        return  # what is no number is the schema's to report
    from decimal import Decimal

    number = Decimal(value)
    if number < least:
        look.refuse(name, "minimum", f"must be {least} or more", limit=least)
    elif number > greatest:
        look.refuse(name, "maximum", f"must be {greatest} or less", limit=greatest)
