"""What a client is told: as arguments, or by an existing ``WbCPSPay.conf``, under the same rules.

Source: WbPay library specification 1.0, sections 2.4 and 2.6.
"""

from __future__ import annotations

import warnings as _warnings
from os import PathLike, fspath
from os import name as _os_name
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeAlias

from kessai.errors import ConfigurationError

from .conf import Problem, read
from .keys import KEYS, problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .signing import KeySource

__all__ = ["LevelName", "Settings", "SettingsError", "SettingsWarning"]

LevelName: TypeAlias = Literal["Basic", "Error", "Warning", "Sequence", "Transaction"]

_CONFIRMS: Final = (
    "confirms of 3 or more have to be agreed on with PAYTREE and the payment platforms, some of "
    "which limit them"
)
_CERTIFICATE: Final = (
    "yes lets anybody on the way read customers' codes. Set it to no; or, if it has to be, say "
    "ignore_certificate_error=True in the program as well"
)
_LONGEST = 1024 * 1024  # bytes; a file with all keys and comments has under 5000


class SettingsWarning(UserWarning):
    """A setting that works, and should be looked at."""


class SettingsError(ConfigurationError):
    """Settings that cannot work. ``problems`` holds all of them, each with its line and key."""

    def __init__(self, problems: Sequence[Problem], *, source: str = "settings") -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.source: str = source
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n  ".join([f"{source}: {count}", *map(str, problems)]))


class Settings:
    """All settings of a client, checked. They cannot be changed.

    Names are those of the file in snake case. Times are whole seconds.

    - ``server_url``, ``api_path_*``: where the gateway is. ``api_path_deposit`` is in no document
      (assumed); without it there are no deposits
    - ``private_key_file``: own key, PKCS1 PEM, 2048 bits; ``public_key_file``: the gateway's. A
      path, or what stands in the file. Never shown
    - ``merchant_id`` (12 characters), ``terminal_unique_id`` (13), ``branch_code`` and
      ``terminal_code`` (at most 32): as agreed with CPS
    - ``http_timeout``: seconds for a request and its answer; 16 or more, because looking up a name
      alone can take 15
    - ``ignore_certificate_error``: talk to a server that cannot prove who it is. Warns each time
    - ``request_confirm_interval``, ``request_confirm_num``: the wait before each confirm, and how
      many, when a request's result is not known. 3 or more warns: it has to be agreed on
    - ``pay_confirm_polling_mode`` and ``_wait``, ``_interval``, ``_timeout``: ask for the
      customer's approval by itself; otherwise the cashier says when
    - ``log_level``: the name of the highest level written; ``log_expire``: days that files of the
      log are kept (0: for ever)
    - ``app_test_mode``, ``test_sequence_delay``, ``test_class_*``: simulate, and what

    Raises SettingsError with every problem at once. ``warnings`` holds what was warned about.
    """

    __slots__ = (*(key.attribute for key in KEYS), "source", "warnings")

    api_path_confirm: str
    api_path_confirm_v1: str
    api_path_deposit: str | None
    api_path_pay: str
    api_path_pay_v1: str
    api_path_refund: str
    api_path_reverse: str
    app_test_mode: bool
    app_version: str
    branch_code: str
    currency_code: str
    http_timeout: int
    ignore_certificate_error: bool
    locale: str
    log_expire: int
    log_level: LevelName
    merchant_id: str
    pay_confirm_polling_interval: int
    pay_confirm_polling_mode: bool
    pay_confirm_polling_timeout: int
    pay_confirm_polling_wait: int
    private_key_file: KeySource
    public_key_file: KeySource
    request_confirm_interval: int
    request_confirm_num: int
    server_url: str
    source: str
    terminal_code: str
    terminal_unique_id: str
    test_class_deposit: int
    test_class_pay: int
    test_class_refund: int
    test_class_reverse: int
    test_sequence_delay: int
    time_zone: str
    warnings: tuple[str, ...]

    def __init__(
        self,
        *,
        server_url: str,
        api_path_pay: str,
        api_path_pay_v1: str,
        api_path_refund: str,
        api_path_reverse: str,
        api_path_confirm: str,
        api_path_confirm_v1: str,
        api_path_deposit: str | None = None,
        private_key_file: KeySource,
        public_key_file: KeySource,
        merchant_id: str,
        terminal_unique_id: str,
        branch_code: str,
        terminal_code: str,
        locale: str = "JAPAN",
        time_zone: str = "p9",
        currency_code: str = "JPY",
        app_version: str = "windows-WbCPSPay-1.0",
        http_timeout: int = 100,
        ignore_certificate_error: bool = False,
        pay_confirm_polling_mode: bool = False,
        pay_confirm_polling_wait: int = 5,
        pay_confirm_polling_interval: int = 3,
        pay_confirm_polling_timeout: int = 60,
        request_confirm_interval: int = 1,
        request_confirm_num: int = 1,
        log_level: LevelName = "Error",
        log_expire: int = 0,
        app_test_mode: bool = False,
        test_sequence_delay: int = 1,
        test_class_pay: int = 0,
        test_class_refund: int = 0,
        test_class_reverse: int = 0,
        test_class_deposit: int = 0,
    ) -> None:
        given = dict(locals())
        self._take({key.attribute: given[key.attribute] for key in KEYS}, "settings", ())

    @classmethod
    def from_file(
        cls, path: str | PathLike[str], *, ignore_certificate_error: bool = False
    ) -> Self:
        """Read an existing ``WbCPSPay.conf``. Paths of key files count from its folder.

        ``IgnoreCertificateError = yes`` is refused unless ``ignore_certificate_error=True`` says
        so here as well. Raises SettingsError with every problem and its line, and
        ConfigurationError when the file cannot be opened.
        """
        place = Path(fspath(path))
        try:
            with place.open("rb") as file:
                content = file.read(_LONGEST + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise ConfigurationError(f"{place} cannot be opened: {reason}") from None
        if len(content) > _LONGEST:
            raise ConfigurationError(f"{place} is no configuration file: it is over 1 MiB long")
        found = read(content)
        problems = list(found.problems)
        if found.values.get("ignore_certificate_error") and not ignore_certificate_error:
            problems.append(
                Problem(
                    found.lines["IgnoreCertificateError"], "IgnoreCertificateError", _CERTIFICATE
                )
            )
        for key in KEYS:
            if key.kind == "key file" and key.attribute in found.values:
                beside, flaw = _key_file(place, found.values[key.attribute])
                found.values[key.attribute] = beside
                if flaw is not None:
                    problems.append(Problem(found.lines[key.name], key.name, flaw))
        if problems:
            problems.sort(key=lambda each: (each.line is None, each.line or 0))
            raise SettingsError(problems, source=str(place))
        settings = cls.__new__(cls)
        values = {key.attribute: None for key in KEYS} | _defaults() | found.values
        settings._take(values, str(place), [str(each) for each in found.warnings])
        return settings

    def _take(self, values: dict[str, Any], source: str, warnings: Sequence[str]) -> None:
        problems: list[Problem] = []
        for key in KEYS:
            value = values[key.attribute]
            wrong = None if value is None and not key.required else problem(key, value)
            if wrong is not None:
                problems.append(Problem(None, key.attribute, wrong))
            if key.kind == "api path" and isinstance(value, str) and not value.startswith("/"):
                value = "/" + value
            object.__setattr__(self, key.attribute, value)
        if problems:
            raise SettingsError(problems, source=source)
        said = list(warnings)
        if self.request_confirm_num >= 3:
            said.append(f"RequestConfirmNum: {_CONFIRMS}")
        if self.ignore_certificate_error:
            said.append("IgnoreCertificateError: the server's certificate is not looked at")
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "warnings", tuple(said))
        for text in said:
            _warnings.warn(f"{source}: {text}", SettingsWarning, stacklevel=3)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"settings cannot be changed ({name}); make new ones")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"settings cannot be changed ({name}); make new ones")

    def __repr__(self) -> str:
        """Show whose settings these are, and where from; no key."""
        who = f"terminal_unique_id={self.terminal_unique_id!r}"
        return f"<Settings {self.server_url} {who} from {self.source!r}>"


def _defaults() -> dict[str, Any]:
    from inspect import Parameter, signature

    parameters = signature(Settings.__init__).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not Parameter.empty}


def _key_file(conf: Path, text: str) -> tuple[str, str | None]:
    """The path of a key file beside the configuration file, and what is wrong with it."""
    windows = PureWindowsPath(text)
    if _os_name != "nt" and "\\" in text:
        if windows.is_absolute() or windows.drive:
            return text, "is a path on another system; write it relative to this file"
        text = windows.as_posix()
    path = conf.parent / text
    if not path.is_file():
        return str(path), f"there is no file {path}"
    return str(path), None
