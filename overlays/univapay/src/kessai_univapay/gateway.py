"""What the call engine has to know about the gateway: headers, rules, and what its answers mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kessai.environment import Environment
from kessai.errors import ConfigurationError
from kessai.gateway import BaseGateway, Verdict

from ._version import USER_AGENT
from .standing import COVERED, UnivapayLookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kessai.commands import Reply
    from kessai.constraints import Report
    from kessai.lookup import Lookup
    from kessai.operation import Operation

    from .auth import AppToken
    from .tokens import TokenTypes

__all__ = ["API", "IDEMPOTENCY_STATUS", "UnivapayGateway", "environment_from"]

API: Final = "https://api.univapay.com"
"""The gateway, for test and live alike: the app token says which (PyPI univapay-client-sdk)."""

IDEMPOTENCY_STATUS: Final = "Idempotency-Status"
"""The answer header that says what became of the idempotency key."""

#: Answers whose ``status`` may be failed or error: the call that made them raises.
_MADE = frozenset({"charges_create", "cancels_create", "refunds_create"})
#: Where a second one would move money, and keys are best effort.
_ONCE = frozenset({"refunds_create", "subscriptions_create"})
#: Only this one says that the answer is the first one, and holds for the attempts before.
_REPLAYED = "retrieved_idempotent_response"
#: A repeat with another one than these (error, not_stored, disabled, one that is new) was processed
#: again, or nobody knows.
_STOPPED = frozenset({_REPLAYED, "successfully_stored", "no_status", ""})


class UnivapayGateway(BaseGateway):
    """UnivaPay, for one app token. ``account`` is its store, or its merchant."""

    __slots__ = ("_judge", "_live", "_payment_error", "_types", "account", "lookup")

    name = "univapay"
    account: str
    lookup: Lookup | None

    def __init__(
        self, app: AppToken, types: TokenTypes, *, reference_key: str, not_found_after: float
    ) -> None:
        # Imported with the first client: when an answer is there, nothing may be missing.
        from .errors import judge, payment_error

        self._judge = judge
        self._payment_error = payment_error
        self._live = app.mode == "live"
        self._types = types
        self.account = app.store_id or app.merchant_id or app.token_id or "app_token"
        self.lookup = UnivapayLookup(app.store_id, types, reference_key, not_found_after)

    def lookup_for(self, operation: Operation[Any, Any]) -> Lookup | None:
        """Money is asked for by its token or charge; the rest as the spec says."""
        return self.lookup if operation.name in COVERED else None

    def headers(self, operation: Operation[Any, Any]) -> Mapping[str, str]:
        """Who is calling."""
        return {"User-Agent": USER_AGENT}

    def rules(self, operation: Operation[Any, Any], request: Any, report: Report) -> None:
        """What the schema cannot say."""
        from . import rules

        rules.check(operation, request, report)

    def judge(self, operation: Operation[Any, Any], reply: Reply) -> Verdict:
        """What an error answer means, for any operation."""
        return self._judge(reply)

    def answered(
        self, operation: Operation[Any, Any], reply: Reply, value: Any, repeat: bool
    ) -> Verdict | None:
        """A failed payment, and a repeat that was processed again, are no successes."""
        if operation.group == "tokens":
            self._types.learn(value)
        status = ""
        if repeat and not operation.safe:
            status = reply.headers.get(IDEMPOTENCY_STATUS.lower(), "").strip().lower()
            if status not in _STOPPED:
                from .refusals import ProcessedAgainError

                return Verdict("pending", ProcessedAgainError(status=reply.status))
        if operation.name in _MADE:
            error = self._payment_error(value)
            if error is not None and repeat:
                # A repeat of its own may fail because the first one was paid (311).
                return Verdict("final" if status == _REPLAYED else "pending", error)
            if error is not None:
                return Verdict("failed", error)
        return None

    def repeatable(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> bool:
        """Not where a second one would move money again: keys are best effort.

        A one-time token can be charged once only, so a charge of one may be repeated.
        """
        if operation.name == "charges_create":
            return self._types.kind(str(wire.get("transaction_token_id"))) == "one_time"
        return operation.repeatable and operation.name not in _ONCE

    def __repr__(self) -> str:
        return f"UnivapayGateway({self.account!r}, live={self._live})"


def environment_from(environment: str | Environment, app: AppToken) -> Environment:
    """The gateway's server, once the app token's mode agrees. Raises ConfigurationError."""
    if isinstance(environment, Environment):
        live = environment.live
        servers = environment
    elif environment in ("sandbox", "live"):
        live = environment == "live"
        servers = Environment(api=API, live=live)
    else:
        raise ConfigurationError('environment must be "sandbox", "live" or an Environment')
    if live != (app.mode == "live"):
        meant = "live" if live else "test"
        raise ConfigurationError(
            f"the app token is for {app.mode} mode and this client for {meant}: "
            f'pass a token of the other mode, or environment="{"sandbox" if live else "live"}"'
        )
    return servers
