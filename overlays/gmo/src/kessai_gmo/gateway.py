"""What the call engine has to know about GMO: headers, rules, and what its errors mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from kessai.environment import Environment
from kessai.errors import ConfigurationError
from kessai.gateway import BaseGateway

from ._version import USER_AGENT
from .errors import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kessai.commands import Reply
    from kessai.constraints import Report
    from kessai.gateway import Verdict
    from kessai.operation import Operation

__all__ = ["API_VERSION", "LIVE", "SANDBOX", "GmoGateway", "environment_from"]

API_VERSION: Final = "2023-06"
"""The only version of the API so far (バージョン管理)."""

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")

SANDBOX: Final = Environment(
    api="https://stg.openapi.mul-pay.jp",
    token="https://stg.oauth.mul-pay.jp",  # noqa: S106 - an address
)
LIVE: Final = Environment(
    api="https://openapi.mul-pay.jp",
    token="https://oauth.mul-pay.jp",  # noqa: S106 - an address
    live=True,
)
"""The gateway's servers (1.5.1, 環境とFQDN and 認可サーバー)."""


class GmoGateway(BaseGateway):
    """GMO PG OpenAPI type, for one shop.

    ``api_version`` is a month, YYYY-MM, sent with every call as X-MP-Version: the gateway takes a
    malformed or missing one for the latest, silently. Raises ConfigurationError for a malformed
    month, and for one before the first version. ``clock`` gives seconds since the epoch; rules on
    deadlines ask it for the day in Japan.
    """

    __slots__ = ("_clock", "_headers", "_live", "account")

    name: str = "gmo"
    account: str

    def __init__(
        self, shop_id: str, *, api_version: str, live: bool, clock: Callable[[], float]
    ) -> None:
        if _MONTH.fullmatch(str(api_version)) is None:
            raise ConfigurationError(
                f'api_version must be a month as YYYY-MM, such as "{API_VERSION}"; '
                "the gateway takes anything else for its latest version"
            )
        if api_version < API_VERSION:
            raise ConfigurationError(
                f"api_version is before the first version of the API, {API_VERSION}"
            )
        self.account = shop_id
        self._live = live
        self._clock = clock
        self._headers = {"X-MP-Version": api_version, "User-Agent": USER_AGENT}

    def headers(self, operation: Operation[Any, Any]) -> Mapping[str, str]:
        """The API's version and who is calling, with every operation."""
        return self._headers

    def rules(self, operation: Operation[Any, Any], request: Any, report: Report) -> None:
        """What the schema cannot say."""
        from . import rules

        rules.check(operation, request, report, live=self._live, clock=self._clock)

    def judge(self, operation: Operation[Any, Any], reply: Reply) -> Verdict:
        """What an error answer means, for any operation."""
        return judge(reply)

    def __repr__(self) -> str:
        return f"GmoGateway({self.account!r}, live={self._live})"


def environment_from(environment: str | Environment) -> Environment:
    """The gateway's servers by name, or the caller's own. Raises ConfigurationError."""
    if isinstance(environment, Environment):
        if "token" not in environment.servers:
            raise ConfigurationError(
                "the Environment names no token server; pass Environment(api=..., token=...)"
            )
        return environment
    if environment == "sandbox":
        return SANDBOX
    if environment == "live":
        return LIVE
    raise ConfigurationError('environment must be "sandbox", "live" or an Environment')
