"""What both clients share: settings, keys, lock, log, one request at a time, what is open."""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from typing import TYPE_CHECKING, Any, Literal, TypedDict
from urllib.parse import urlsplit

from kessai.environment import Environment, positive
from kessai.errors import ConfigurationError
from kessai.gateway import NoAuth
from kessai.system import System

from .errors import ClosedError, OpenPaymentError, RequestInProgressError, UnsettledError
from .lock import MachineLock
from .logs import DailyFile, Level, Log
from .settings import Settings

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence

    from kessai.driver import ClientOptions
    from kessai.hooks import Event as Hooked
    from kessai.operation import CallOptions
    from kessai.setup import Setup

    from .order import Till
    from .practice import Practice
    from .requests import TillRequest
    from .signing import Canonical
    from .steps import Mailbox, Steps

__all__ = ["Desk", "TillOptions"]

_MARK = {"kessai": "the key by which this till knows a customer's code again"}


class TillOptions(TypedDict, total=False):
    """What a client may be told beside its settings.

    - ``canonical``: from a message to the bytes that are signed, in place of ``signing.canonical``
    - ``one_per``: one client at a time on a ``"machine"`` (the manual's rule), or for each
      ``"terminal"`` (assumed to do no harm); ``lock_directory``: where the lock's file lies
    - ``cashier_wait``: seconds after which a payment that waits for the cashier's word is stopped
      (600, assumed; the manual waits for ever)
    - ``log_directory``: a folder for the manual's daily files
    - ``hooks``, ``lift``, ``digest_key``, ``proxy``, ``ssl_context``, ``system``: as in
      ``kessai.ClientOptions``
    """

    canonical: Canonical
    one_per: Literal["machine", "terminal"]
    lock_directory: str | os.PathLike[str]
    cashier_wait: float
    log_directory: str | os.PathLike[str]
    hooks: Sequence[Callable[[Hooked], object]]
    lift: Sequence[str]
    digest_key: bytes
    proxy: str
    ssl_context: ssl.SSLContext
    system: System


class Desk:
    """One till. Raises ConfigurationError for what cannot work, before anything is sent."""

    def __init__(
        self,
        settings: Settings | str | os.PathLike[str] | None,
        test_mode: bool,
        options: TillOptions,
    ) -> None:
        unknown = options.keys() - TillOptions.__annotations__.keys()
        if unknown:
            raise ConfigurationError(f"no such client option: {', '.join(sorted(unknown))}")
        from . import gateway as g
        from .codec import PlainCodec, SignedCodec

        self.settings: Settings = _settings(settings, test_mode)
        settings = self.settings
        self.practising: bool = test_mode or settings.app_test_mode
        self.system: System = options.get("system") or System()
        self.cashier_wait: float = positive("cashier_wait", options.get("cashier_wait", 600.0))
        self.environment: Environment = _environment(settings, self.practising)
        deposit = "/deposit" if self.practising else None
        self.operations: g.Operations = g.Operations(settings, deposit=deposit)
        if self.practising:
            codec, self._secret = PlainCodec(), os.urandom(32)
        else:
            codec, self._secret = _signed(settings, options, SignedCodec)
        self._common = g.common(settings)
        self._code_member = g.CODE
        lookup = g.PaytreeLookup(settings, self.operations, self._new_id, self.digest)
        self.gateway: g.PaytreeGateway = g.PaytreeGateway(settings, codec, lookup)
        self.auth: NoAuth = NoAuth()
        self.options: ClientOptions = _client_options(settings, options, self.system, self._secret)
        self._loose = settings.ignore_certificate_error and not self.practising
        if self._loose:
            if options.get("ssl_context") is not None:
                raise ConfigurationError(
                    "ssl_context and ignore_certificate_error exclude each other"
                )
            from kessai.transport import default_context

            self.options["ssl_context"] = default_context()
        self.unsettled: dict[str, UnsettledError] = {}
        self.loaded: bool = False
        self._codes: dict[str, str] = {}
        self._gate = threading.Lock()
        self._closed = False
        self._practice: Practice | None = None
        if self.practising:
            from .practice import Practice

            server = self.environment.servers["api"]
            self._practice = Practice(settings, self.operations, server, self.system.wall)
        # The lock and the log's file last: what raises above has taken nothing.
        self._lock = None if self.practising else _lock(settings, options)
        try:
            self.log: Log = _log(settings, options, self.system)
        except BaseException:
            self._unlock()
            raise
        self._greet()

    @property
    def practice(self) -> Practice | None:
        """What answers in place of the network, in test mode."""
        return self._practice

    def engaged(self) -> None:
        """After the driver is made: switch checking certificates off, where that was said twice.

        kessai has no switch for it, on purpose. The context is its own, and loosened here alone.
        """
        context = self.options.get("ssl_context")
        if self._loose and context is not None:
            import ssl

            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE

    def till(self, setup: Setup) -> Till:
        """What the sequences of this client share."""
        from .order import Till

        return Till(
            setup, self.settings, self.operations, self._common, self.log, self.cashier_wait
        )

    def steps(
        self, request: TillRequest[Any], setup: Setup, options: CallOptions, mailbox: Mailbox
    ) -> Steps[Any]:
        """The sequence of a request."""
        from . import requests as r
        from . import sequences as run

        till = self.till(setup)
        if isinstance(request, r.PayRequest):
            return run.pay(till, request, options, mailbox)
        if isinstance(request, r.RefundRequest):
            return run.refund(till, request, options, mailbox)
        if isinstance(request, r.ReverseRequest):
            return run.reverse(till, request, options, mailbox)
        if isinstance(request, r.DepositRequest):
            return run.deposit(till, request, options, mailbox)
        if isinstance(request, r.ConfirmRequest):
            return run.confirm(till, request, options, mailbox)
        raise TypeError(
            "request must be a PayRequest, RefundRequest, ReverseRequest, DepositRequest or "
            f"ConfirmRequest, is {type(request).__name__}"
        )

    def begin(self, code: str | None) -> None:
        """Take the place of the one request under way. ``code``: what it charges, as a digest."""
        if self._closed:
            raise ClosedError().about(code="CLOSED", message="this client is closed; make another")
        if self._lock is not None and not self._lock.held:
            raise ClosedError().about(
                code="CLOSED", message="this client belongs to the process that made it"
            )
        if not self._gate.acquire(blocking=False):
            raise RequestInProgressError().about(
                code="IN_PROGRESS",
                message="another request or its sequence is not at its end; nothing was sent",
            )
        held = None if code is None else self._codes.get(code)
        if held is not None:
            self._gate.release()
            raise OpenPaymentError().about(
                code="OPEN",
                message="an earlier request on this code is open, and may have been carried out: "
                "settle it first (recover, or settled once the call centre has said); nothing was "
                "sent",
                request_id=held,
            )

    def end(self) -> None:
        """Free the place."""
        self._gate.release()

    @property
    def busy(self) -> bool:
        """Whether a request is under way."""
        return self._gate.locked()

    def leave_open(self, error: UnsettledError) -> None:
        """Remember what nobody knows the end of, and the code it charges."""
        request_id = error.request_id or ""
        self.unsettled[request_id] = error
        code = error.reference.get(self._code_member)
        if code is not None:
            self._codes[code] = request_id

    def settle(self, request_id: str) -> None:
        """Forget what has been settled."""
        self.unsettled.pop(request_id, None)
        self._codes = {code: held for code, held in self._codes.items() if held != request_id}

    def load(self, found: Sequence[UnsettledError]) -> None:
        """Take over what an earlier process left open."""
        for error in found:
            self.leave_open(error)
        self.loaded = True

    def digest(self, code: str) -> str:
        """A customer's code, as this till knows it again. Nobody without the key can search it."""
        made = hmac.new(self._secret, code.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return made.hexdigest()[:32]

    def close(self) -> None:
        """End it: another client may be made."""
        if self._closed:
            return
        self._closed = True
        if self.busy:
            self.log.write(Level.ERROR, "closed while a request was under way")
        self.log.write(Level.BASIC, "client closed")
        self.log.close()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()

    def _new_id(self) -> str:
        from .order import number_from

        return number_from(self.system.new_key())

    def _greet(self) -> None:
        settings = self.settings
        self.log.write(
            Level.BASIC,
            "client opened",
            terminal=settings.terminal_unique_id,
            server=settings.server_url,
            test_mode="yes" if self.practising else None,
        )
        for text in settings.warnings:
            self.log.write(Level.WARNING, text)

    def __repr__(self) -> str:
        mode = ", test mode" if self.practising else ""
        return f"{self.settings.terminal_unique_id}{mode}"


def _settings(given: Settings | str | os.PathLike[str] | None, test_mode: bool) -> Settings:
    if isinstance(given, Settings):
        return given
    if given is not None:
        return Settings.from_file(given)
    if not test_mode:
        raise ConfigurationError(
            "settings are missing: pass Settings(...), or the path of a WbCPSPay.conf; without "
            "either there is only test_mode=True"
        )
    from .practice import settings_for_practice

    return settings_for_practice()


def _environment(settings: Settings, practising: bool) -> Environment:
    host = (urlsplit(settings.server_url).hostname or "").rstrip(".")
    local = host == "localhost" or host.endswith(".localhost") or host in ("127.0.0.1", "::1")
    return Environment(api=settings.server_url, live=not (practising or local))


def _signed(
    settings: Settings, options: TillOptions, codec: Callable[..., Any]
) -> tuple[Any, bytes]:
    """The codec with its keys, and a secret of this till's own that stays the same."""
    from .signing import canonical, load_private_key, load_public_key, sign

    private_key = load_private_key(settings.private_key_file)
    public_key = load_public_key(settings.public_key_file)
    if private_key.public_key().public_numbers() == public_key.public_numbers():
        raise ConfigurationError(
            "PublicKeyFile holds this till's own public key; the gateway's belongs there, or no "
            "answer would ever be believed"
        )
    secret = hashlib.sha256(sign(_MARK, private_key).encode()).digest()
    return codec(private_key, public_key, options.get("canonical", canonical)), secret


def _client_options(
    settings: Settings, options: TillOptions, system: System, secret: bytes
) -> ClientOptions:
    seconds = float(settings.http_timeout)
    found: ClientOptions = {
        "timeout": seconds,
        "deadline": seconds,
        "system": system,
        "digest_key": options.get("digest_key", secret),
        "hooks": options.get("hooks", ()),
        "lift": options.get("lift", ()),
        "proxy": options.get("proxy"),
        "ssl_context": options.get("ssl_context"),
    }
    return found


def _lock(settings: Settings, options: TillOptions) -> MachineLock:
    per = options.get("one_per", "machine")
    if per not in ("machine", "terminal"):
        raise ConfigurationError('one_per must be "machine" or "terminal"')
    terminal = settings.terminal_unique_id if per == "terminal" else None
    return MachineLock(terminal, directory=options.get("lock_directory"))


def _log(settings: Settings, options: TillOptions, system: System) -> Log:
    directory = options.get("log_directory")
    file = None
    if directory is not None:
        file = DailyFile(directory, expire_days=settings.log_expire, wall=system.wall)
    return Log(Level[settings.log_level.upper()], file)
