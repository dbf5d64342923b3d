"""What the call engine has to know about the gateway: envelope, rules, and what answers mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kessai.environment import Environment
from kessai.errors import ConfigurationError
from kessai.gateway import BaseGateway

from ._version import USER_AGENT
from .auth import Envelope
from .reading import HOST_URL
from .standing import MdkLookup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kessai.commands import Reply
    from kessai.constraints import Report
    from kessai.gateway import Codec, Verdict
    from kessai.lookup import Lookup
    from kessai.operation import Operation

__all__ = ["MdkGateway", "MdkServers", "servers_from"]


class MdkServers(Environment):
    """The gateway's servers, for live or for dummy mode: one host, and another path.

    In dummy mode the first part of a path has ``test-`` before it (kit for PHP 2.0.1,
    createSendUrl). The token server has no dummy mode.
    """

    __slots__ = ("dummy",)

    def __init__(self, *, api: str, token: str | None = None, dummy: bool) -> None:
        super().__init__(api=api, token=token, live=not dummy)
        self.dummy: bool = dummy

    def url(self, server: str, path: str) -> str:
        """The full URL of a path on a server."""
        if self.dummy and server == "api":
            path = f"/test-{path.removeprefix('/')}"
        return super().url(server, path)


class MdkGateway(BaseGateway):
    """VeriTrans4G MDK, for one merchant, in live or in dummy mode.

    ``now``: the clock, in seconds since 1970, for days that must not be past.
    """

    __slots__ = ("_answered", "_headers", "_judge", "_now", "_rules", "account", "codec", "lookup")

    name: str = "mdk"
    account: str
    codec: Codec | None
    lookup: Lookup | None

    def __init__(
        self,
        merchant_ccid: str,
        merchant_secret_key: str,
        *,
        dummy: bool,
        not_found_after: float,
        now: Callable[[], float],
    ) -> None:
        # Imported with the first client: when an answer is there, nothing may be missing.
        from . import errors, rules

        self.account = merchant_ccid
        self.codec = Envelope(merchant_ccid, merchant_secret_key, dummy=dummy)
        self.lookup = MdkLookup(dummy=dummy, not_found_after=not_found_after)
        self._answered = errors.answered
        self._judge = errors.judge
        self._rules = rules.check
        self._now = now
        self._headers = {"User-Agent": USER_AGENT, "Accept-Language": "ja"}

    def headers(self, operation: Operation[Any, Any]) -> Mapping[str, str]:
        """Who is calling, with every command."""
        return self._headers

    def rules(self, operation: Operation[Any, Any], request: Any, report: Report) -> None:
        """What the schema cannot say."""
        self._rules(operation, request, report, self._now)

    def judge(self, operation: Operation[Any, Any], reply: Reply) -> Verdict:
        """What an error status means."""
        return self._judge(operation, reply)

    def answered(
        self, operation: Operation[Any, Any], reply: Reply, value: Any, repeat: bool
    ) -> Verdict | None:
        """What mstatus means."""
        return self._answered(operation, value)

    def __repr__(self) -> str:
        return f"MdkGateway({self.account!r})"


def servers_from(
    environment: str | Environment | None, dummy: bool | None, host_url: str | None = None
) -> MdkServers:
    """The gateway's servers, and whether they are in dummy mode. Raises ConfigurationError.

    ``host_url`` and ``dummy`` of settings count where the caller names no other.
    """
    if isinstance(environment, Environment):
        if dummy is None:
            dummy = not environment.live
        elif dummy and environment.live:
            raise ConfigurationError(
                "dummy=True and an Environment(live=True) contradict each other; leave one out"
            )
        named = environment.servers
        return MdkServers(api=named["api"], token=named.get("token"), dummy=dummy)
    if environment not in (None, "sandbox", "live"):
        raise ConfigurationError('environment must be "sandbox", "live" or an Environment')
    if environment is not None:
        if dummy is not None and dummy != (environment == "sandbox"):
            raise ConfigurationError(
                f'environment="{environment}" and dummy={dummy} contradict each other: "sandbox" '
                'is dummy mode, "live" moves money; leave one out'
            )
        dummy = environment == "sandbox"
    host = host_url or HOST_URL
    return MdkServers(api=host, token=host, dummy=dummy is not False)
