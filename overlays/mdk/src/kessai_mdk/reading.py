"""What is wrong with a merchant's settings, whatever they were read from: all of it at once.

Values are never quoted: each of them may be a secret, or stand where one belongs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from kessai.environment import Environment
from kessai.errors import ConfigurationError

from .auth import check_credentials
from .properties import Entry, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["HOST_URL", "KEYS", "Reading", "SettingsError"]

HOST_URL: Final = "https://api3.veritrans.co.jp"
"""The gateway's host, for live and dummy mode alike (kit for PHP 2.0.1)."""

_OLD_HOST = "api.veritrans.co.jp"
_ALIASES = {"MERCHANT_CCID": "MERCHANT_CC_ID"}
KEYS: Final = (
    "MERCHANT_CC_ID",
    "MERCHANT_SECRET_KEY",
    "DUMMY_REQUEST",
    "MDK_ERROR_MODE",
    "HOST_URL",
    "CONNECTION_TIMEOUT",
    "READ_TIMEOUT",
    "CA_CERT_FILE",
    "PROXY_SERVER_URL",
    "PROXY_USERNAME",
    "PROXY_PASSWORD",
)
_ONE_WAY = ("MERCHANT_CC_ID", "MERCHANT_SECRET_KEY", "DUMMY_REQUEST")
"""Whose payments they are, and whether money moves: not to be guessed from what came last."""
_WITHOUT_MEANING = ("IGNORE_EOF", "FGETS_FALSE_COMPLETE_COUNT")


class SettingsError(ConfigurationError):
    """Settings that cannot work: all their problems, each with its line. Shows no value."""

    def __init__(self, origin: str, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        lines = "".join(f"\n  {problem}" for problem in self.problems)
        super().__init__(f"{origin} cannot be used:{lines}")


class Reading:
    """The settings of one origin on their way to being checked."""

    def __init__(
        self, origin: str, entries: list[Entry], problems: list[Problem], folder: Path
    ) -> None:
        self._origin = origin
        self._problems = problems
        self._folder = folder
        self._found: dict[str, Entry] = {}
        self.notes: list[str] = []
        for entry in entries:
            self._note(entry)

    def _note(self, entry: Entry) -> None:
        key = _ALIASES.get(entry.key, entry.key)
        if key in _WITHOUT_MEANING:
            self.notes.append(f"{entry.where}: {key} is about the kit's own sockets and not needed")
        elif key not in KEYS:
            # A key without a value may be the end of a secret that was wrapped.
            name = key if entry.value else "a key without a value"
            self.notes.append(f"{entry.where}: {name} is not known and was left out")
        else:
            before = self._found.get(key)
            self._found[key] = entry
            if before is None or before.value == entry.value:
                return
            if key in _ONE_WAY:
                self._say(key, f"says otherwise than {before.where}; leave one of them out")
            else:
                self.notes.append(f"{entry.where}: {key} takes the place of {before.where}")

    def credentials(self) -> tuple[str, str]:
        """CCID and secret, each checked by itself."""
        ccid, secret = self._text("MERCHANT_CC_ID"), self._text("MERCHANT_SECRET_KEY")
        for key, value, given in (
            ("MERCHANT_CC_ID", ccid, (ccid, "00")),
            ("MERCHANT_SECRET_KEY", secret, ("ccid", secret)),
        ):
            if not value:
                self._say(key, "is missing; MAP shows it")
                continue
            try:
                check_credentials(*given)
            except ConfigurationError as error:
                self._say(key, f"cannot be right: {error}")
        return ccid, secret

    def dummy(self) -> bool:
        """Dummy mode. That it is said is asked for: the other mode moves money."""
        value = self._text("DUMMY_REQUEST")
        if value not in ("0", "1"):
            missing = "DUMMY_REQUEST" not in self._found
            self._say(
                "DUMMY_REQUEST",
                f"{'is missing' if missing else 'is neither'}; write 1 for dummy mode, 0 for live",
            )
        if self._text("MDK_ERROR_MODE") not in ("", "0"):
            self._say(
                "MDK_ERROR_MODE",
                "makes every call fail in the kit, which kessai does not do; set it to 0, and in "
                "tests give the client a transport that fails",
            )
        return value != "0"

    def host(self) -> str:
        """The host, as an https address."""
        value = self._text("HOST_URL") or HOST_URL
        try:
            Environment(api=value)
        except ConfigurationError:
            self._say("HOST_URL", f"is no https address of a public host; write {HOST_URL}")
        else:
            if urlsplit(value).hostname == _OLD_HOST:
                self._say(
                    "HOST_URL", f"had to be left by the end of February 2025; write {HOST_URL}"
                )
        return value

    def seconds(self, key: str, default: float) -> float:
        """A timeout: a number of seconds above zero."""
        value = self._text(key)
        if not value:
            return default
        try:
            number = float(value) if value.isascii() and "_" not in value else 0.0
        except ValueError:
            number = 0.0
        if not 0 < number < 86400:
            self._say(key, "must be a number of seconds above 0")
            return default
        return number

    def trust(self) -> str | None:
        """The file of certificates, which has to be there and to be readable."""
        value = self._text("CA_CERT_FILE")
        if not value:
            return None
        import ssl

        path = str(self._folder / value)
        try:
            ssl.create_default_context(cafile=path)
        except (OSError, ValueError):
            self._say(
                "CA_CERT_FILE",
                "names no readable file of certificates; leave it out to trust what the operating "
                "system trusts",
            )
        return path

    def proxy(self) -> str | None:
        """The proxy's URL, with name and password in it."""
        url = self._text("PROXY_SERVER_URL")
        name, password = self._text("PROXY_USERNAME"), self._text("PROXY_PASSWORD")
        if not url:
            for key, value in (("PROXY_USERNAME", name), ("PROXY_PASSWORD", password)):
                if value:
                    self._say(key, "goes with PROXY_SERVER_URL, which is missing")
            return None
        try:
            parts = urlsplit(url)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname)
            usable = usable and (parts.port is None or parts.port > 0) and "@" not in parts.netloc
        except ValueError:
            parts, usable = urlsplit(""), False
        if not usable:
            self._say("PROXY_SERVER_URL", "must be like http://proxy.example:8080, without a name")
            return None
        if password and not name:
            self._say("PROXY_PASSWORD", "goes with PROXY_USERNAME, which is missing")
        if not name:
            return url
        return f"{parts.scheme}://{quote(name, safe='')}:{quote(password, safe='')}@{parts.netloc}"

    def end(self) -> None:
        """Raise SettingsError if there was a problem."""
        if self._problems:
            raise SettingsError(self._origin, sorted(self._problems, key=_line))

    def _text(self, key: str) -> str:
        entry = self._found.get(key)
        return "" if entry is None else entry.value.strip()

    def _say(self, key: str, message: str) -> None:
        entry = self._found.get(key)
        where = "" if entry is None else entry.where
        if entry is not None and not where.startswith(("line ", "variable ")):
            key = ""  # an argument's own name is enough
        self._problems.append(Problem(where, key, message))


def _line(problem: Problem) -> int:
    number = problem.where.removeprefix("line ")
    return int(number) if number.isdecimal() else 0
