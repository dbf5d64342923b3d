"""A merchant's settings: from arguments, from the environment, or from the kit's own file.

Whoever migrates from the provider's kit keeps its ``3GPSMDK.properties``. Every problem is named
with its line, all of them at once, and no secret is ever shown.

Source: kit for PHP 2.0.1, 3GPSMDK.properties. What there is no counterpart for is refused or noted.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kessai.environment import Timeout

from .properties import Entry, Problem, Syntax, read_properties
from .reading import HOST_URL, KEYS, Reading, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kessai.client import ClientOptions

__all__ = ["HOST_URL", "PREFIX", "Settings", "SettingsError"]

PREFIX: Final = "KESSAI_MDK_"
"""Before a key of the file, its name as an environment variable: ``KESSAI_MDK_MERCHANT_CC_ID``."""


class Settings:
    """What a client has to know about its merchant.

    ``merchant_ccid`` and ``merchant_secret_key`` as MAP shows them; ``dummy``: dummy mode, in which
    no money moves; ``host_url``; ``timeout`` in seconds; ``ca_cert_file``: trust these certificates
    instead of the operating system's; ``proxy_server_url`` with name and password. ``notes``: what
    was read and means nothing here, in words.

    Raises SettingsError with every problem.
    """

    __slots__ = (
        "_proxy",
        "ca_cert_file",
        "dummy",
        "host_url",
        "merchant_ccid",
        "merchant_secret_key",
        "notes",
        "timeout",
    )

    merchant_ccid: str
    merchant_secret_key: str
    dummy: bool
    host_url: str
    timeout: Timeout
    ca_cert_file: str | None
    notes: tuple[str, ...]

    def __init__(
        self,
        merchant_ccid: str,
        merchant_secret_key: str,
        *,
        dummy: bool = True,
        host_url: str = HOST_URL,
        connection_timeout: float = 30.0,
        read_timeout: float = 120.0,
        ca_cert_file: str | os.PathLike[str] | None = None,
        proxy_server_url: str | None = None,
        proxy_username: str | None = None,
        proxy_password: str | None = None,
    ) -> None:
        given = {
            "merchant_ccid": merchant_ccid,
            "merchant_secret_key": merchant_secret_key,
            "dummy": "1" if dummy else "0",
            "host_url": host_url,
            "connection_timeout": str(connection_timeout),
            "read_timeout": str(read_timeout),
            "ca_cert_file": os.fspath(ca_cert_file or ""),
            "proxy_server_url": proxy_server_url or "",
            "proxy_username": proxy_username or "",
            "proxy_password": proxy_password or "",
        }
        keys = [key for key in KEYS if key != "MDK_ERROR_MODE"]
        entries = [
            Entry(key, value, name) for key, (name, value) in zip(keys, given.items(), strict=True)
        ]
        self._take(Reading("the settings", entries, [], Path()))

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] | None = None, *, prefix: str = PREFIX
    ) -> Settings:
        """Read environment variables: the keys of the file, each after ``KESSAI_MDK_``."""
        found = os.environ if environ is None else environ
        entries = [
            Entry(name.removeprefix(prefix), value, f"variable {name}")
            for name, value in sorted(found.items())
            if name.startswith(prefix)
        ]
        self = cls.__new__(cls)
        self._take(Reading("the environment", entries, [], Path()))
        return self

    @classmethod
    def from_properties(cls, path: str | os.PathLike[str], *, syntax: Syntax = "auto") -> Settings:
        """Read an existing 3GPSMDK.properties of the kit for PHP or for Java.

        ``syntax``: ``"php"`` or ``"java"``, where ``"auto"`` guesses wrong (a file with sections is
        PHP's). A relative CA_CERT_FILE is looked for beside the file.
        """
        file = Path(path)
        try:
            data = file.read_bytes()
        except OSError as error:
            problem = Problem("", "", f"it cannot be read ({type(error).__name__})")
            raise SettingsError(str(file), [problem]) from None
        entries, problems = read_properties(data, syntax)
        if problems and not entries:
            raise SettingsError(str(file), problems)
        self = cls.__new__(cls)
        self._take(Reading(str(file), entries, problems, file.parent))
        return self

    @property
    def proxy(self) -> str | None:
        """The proxy's URL with its credentials: a secret."""
        return self._proxy

    def options(self) -> ClientOptions:
        """What of it a client of kessai is told: timeouts, proxy, trust."""
        options: ClientOptions = {"timeout": self.timeout}
        if self._proxy is not None:
            options["proxy"] = self._proxy
        if self.ca_cert_file is not None:
            import ssl

            options["ssl_context"] = ssl.create_default_context(cafile=self.ca_cert_file)
        return options

    def _take(self, reading: Reading) -> None:
        self.merchant_ccid, self.merchant_secret_key = reading.credentials()
        self.dummy = reading.dummy()
        self.host_url = reading.host()
        connect, read = (
            reading.seconds("CONNECTION_TIMEOUT", 30),
            reading.seconds("READ_TIMEOUT", 120),
        )
        self.timeout = Timeout(connect=connect, read=read, write=read, pool=connect)
        self.ca_cert_file = reading.trust()
        self._proxy = reading.proxy()
        reading.end()
        self.notes = tuple(reading.notes)

    def __repr__(self) -> str:
        return (
            f"Settings({self.merchant_ccid!r}, ***, dummy={self.dummy}, host_url={self.host_url!r})"
        )
