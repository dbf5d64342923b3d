"""What the call engine has to know about the gateway: headers, rules, and what its answers mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from kessai.environment import Environment
from kessai.errors import ConfigurationError
from kessai.gateway import BaseGateway

from ._version import USER_AGENT
from .standing import UnifiedLookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kessai.commands import Reply
    from kessai.constraints import Report
    from kessai.gateway import Verdict
    from kessai.lookup import Lookup
    from kessai.operation import Operation

__all__ = ["SERVERS", "UnifiedGateway", "environment_from"]

SERVERS: Final = {
    ("sandbox", "new"): Environment(api="https://api.sandbox.unified.veritrans.jp/fep/command"),
    ("live", "new"): Environment(api="https://api.unified.veritrans.jp/fep/command", live=True),
    ("sandbox", "old"): Environment(api="https://api.sandbox.unified.veritrans.co.jp/fep/command"),
    ("live", "old"): Environment(api="https://api.unified.veritrans.co.jp/fep/command", live=True),
}
"""The gateway's servers (1.1.1 RC, HTTPリクエスト詳細); the old domain was to end in July 2025."""


class UnifiedGateway(BaseGateway):
    """VeriTrans4G Unified API, for one merchant.

    ``account`` names the merchant in stores. ``environment`` says whether rules on public addresses
    hold: not for a gateway on loopback.
    """

    __slots__ = ("_api", "_headers", "_judge", "_live", "account", "lookup")

    name: str = "unified"
    key_pattern: str | None = "[0-9A-Za-z_-]+"
    account: str
    lookup: Lookup | None

    def __init__(self, account: str, environment: Environment) -> None:
        # Imported with the first client: when an answer is there, nothing may be missing.
        from .errors import judge

        self.account = account
        self._judge = judge
        self.lookup = UnifiedLookup()
        self._live = environment.live
        self._api = environment.servers["api"]
        self._headers = {"User-Agent": USER_AGENT}

    def headers(self, operation: Operation[Any, Any]) -> Mapping[str, str]:
        """Who is calling, with every command."""
        return self._headers

    def rules(self, operation: Operation[Any, Any], request: Any, report: Report) -> None:
        """What the schema cannot say."""
        from . import rules

        loopback = rules.is_loopback(self._api)
        rules.check(operation, request, report, live=self._live, loopback=loopback)

    def judge(self, operation: Operation[Any, Any], reply: Reply) -> Verdict:
        """What an error answer means, for any command."""
        return self._judge(reply)

    def __repr__(self) -> str:
        return f"UnifiedGateway({self.account!r}, live={self._live})"


def environment_from(
    environment: str | Environment, domain: Literal["new", "old"] | str
) -> Environment:
    """The gateway's servers by name, or the caller's own. Raises ConfigurationError."""
    if domain not in ("new", "old"):
        raise ConfigurationError('domain must be "new" (veritrans.jp) or "old" (veritrans.co.jp)')
    if isinstance(environment, Environment):
        if domain == "old":
            raise ConfigurationError(
                'domain="old" goes with environment="sandbox" or "live"; '
                "an Environment names its server itself"
            )
        return environment
    servers = SERVERS.get((environment, domain))
    if servers is None:
        raise ConfigurationError('environment must be "sandbox", "live" or an Environment')
    return servers
