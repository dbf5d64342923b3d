"""The two proofs of a browser's result: over its values, or only of who sent it, and when."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from kessai.errors import MalformedEventError, SignatureError

from .signing import auth_params, check_auth_info, same, v_auth_info

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "MAX_AGE",
    "OtherOrderError",
    "StaleResultError",
    "core",
    "fresh",
    "prove_parameters",
    "prove_sender",
]

MAX_AGE = 600.0
"""Seconds for which an authInfo is good unless set otherwise; no document says how long."""

_WHAT = "the result"
_DIGEST = re.compile(r"[0-9a-f]{64}|[0-9A-F]{64}")
_AHEAD = 300.0  # seconds by which the gateway's clock may be before ours
_MPI_CORE: Final = ("OrderId", "mpiMstatus")
_CORE: Final = ("orderId", "mstatus")


class OtherOrderError(SignatureError):
    """A genuine result of another order, put in place of this one's."""


class StaleResultError(SignatureError):
    """A genuine authInfo that is too old, or of the future: an old result sent again."""


def core(service: str) -> tuple[str, str]:
    """The order's number and its status, without which a result says nothing."""
    return _MPI_CORE if service == "mpi" else _CORE


def prove_parameters(
    fields: Mapping[str, str], service: str, merchant_ccid: str, keys: list[str]
) -> dict[str, str]:
    """Prove the values by vAuthInfo; return the fields that it covers, and itself."""
    came = fields.get("vAuthInfo", "")
    if _DIGEST.fullmatch(came) is None or not fields.get("authParams"):
        raise SignatureError(f"{_WHAT} has no vAuthInfo and authParams of the documented form")
    names = auth_params(fields["authParams"])
    if not all(name in fields for name in names):
        raise SignatureError(f"{_WHAT} lacks a field that its vAuthInfo covers")
    if not set(core(service)) <= set(names):
        raise SignatureError(f"{_WHAT}'s vAuthInfo does not cover the order and its status")
    values = [fields[name] for name in names]
    found = False
    for key in keys:  # each to its end: the time taken tells nothing
        found |= same(came.lower(), v_auth_info(merchant_ccid, values, key))
    if not found:
        raise SignatureError(f"{_WHAT}'s vAuthInfo is not that of its values")
    kept = {*names, "vAuthInfo", "authParams"}
    return {name: value for name, value in fields.items() if name in kept}


def prove_sender(
    fields: Mapping[str, str], service: str, merchant_ccid: str, keys: list[str]
) -> datetime:
    """Prove the sender by authInfo; return when that was made. The fields stay unproven."""
    if not fields.get("authInfo"):
        raise SignatureError(f"{_WHAT} has no authInfo")
    for name in _CORE:
        if name not in fields:
            raise MalformedEventError(f"{_WHAT} has no {name}")
    if fields.get("serviceType", service) != service:
        raise MalformedEventError(f"{_WHAT} is of another service")
    wrong: SignatureError | None = None
    for key in keys:
        try:
            return check_auth_info(fields["authInfo"], merchant_ccid, key)
        except SignatureError as error:
            wrong = error
    raise wrong or SignatureError(f"{_WHAT} has no key to be proven with")


def fresh(made: datetime, max_age: float, now: datetime | None) -> None:
    """Refuse an authInfo that is too old, or of the future."""
    age = ((datetime.now(UTC) if now is None else now) - made).total_seconds()
    if not age <= max_age:
        raise StaleResultError(f"{_WHAT}'s authInfo was made longer ago than max_age")
    if -age > _AHEAD:
        raise StaleResultError(f"{_WHAT}'s authInfo is of the future; are the clocks right?")
