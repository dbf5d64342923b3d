"""The keys of ``WbCPSPay.conf``: their names, kinds, ranges and defaults, as the manual has them.

One table for the file and for settings given as arguments. Source: WbPay library specification 1.0,
section 2.6; ``ApiPathDeposit`` is in no document (assumed, and optional).
"""

from __future__ import annotations

import re
from typing import Any, Final, Literal, NamedTuple

from kessai.environment import Environment
from kessai.errors import ConfigurationError

__all__ = ["BY_NAME", "KEYS", "LEVELS", "Key", "convert", "problem"]

Kind = Literal["text", "url", "api path", "key file", "whole number", "yes or no", "level"]

#: The log's levels by name; the value is what LogLevel may also be given as.
LEVELS: Final = {"Basic": 0, "Error": 1, "Warning": 2, "Sequence": 3, "Transaction": 4}

#: Seconds and counts above it are slips of the pen (a day).
_LONGEST = 86_400


class Key(NamedTuple):
    """One key. ``name`` as in the file, ``attribute`` as in ``Settings``.

    ``least``, ``most``: of a number, or of a text's length. ``only``: the one value allowed.
    """

    name: str
    attribute: str
    kind: Kind
    required: bool = False
    least: int = 0
    most: int = _LONGEST
    only: str = ""
    pattern: str = ""
    because: str = ""


_LETTERS = "[0-9A-Za-z]+"
_TERMINAL = "[0-9A-Za-z]{5}0[0-9A-Za-z]{7}"

KEYS: Final[tuple[Key, ...]] = (
    Key("ServerURL", "server_url", "url", True),
    Key("ApiPathPay", "api_path_pay", "api path", True),
    Key("ApiPathPayV1", "api_path_pay_v1", "api path", True),
    Key("ApiPathRefund", "api_path_refund", "api path", True),
    Key("ApiPathReverse", "api_path_reverse", "api path", True),
    Key("ApiPathConfirm", "api_path_confirm", "api path", True),
    Key("ApiPathConfirmV1", "api_path_confirm_v1", "api path", True),
    Key("ApiPathDeposit", "api_path_deposit", "api path"),
    Key(
        "HttpTimeout",
        "http_timeout",
        "whole number",
        least=16,
        because="looking up a name alone can take 15 seconds",
    ),
    Key("IgnoreCertificateError", "ignore_certificate_error", "yes or no"),
    Key("PrivateKeyFile", "private_key_file", "key file", True),
    Key("PublicKeyFile", "public_key_file", "key file", True),
    Key("MerchantId", "merchant_id", "text", True, 12, 12),
    Key("TerminalUniquId", "terminal_unique_id", "text", True, 13, 13, pattern=_TERMINAL),
    Key("BranchCode", "branch_code", "text", True, 1, 32, pattern=_LETTERS),
    Key("TerminalCode", "terminal_code", "text", True, 1, 32, pattern=_LETTERS),
    Key("Locale", "locale", "text", True, only="JAPAN"),
    Key("TimeZone", "time_zone", "text", True, only="p9"),
    Key("CurrencyCode", "currency_code", "text", True, only="JPY"),
    Key("AppVersion", "app_version", "text", True, only="windows-WbCPSPay-1.0"),
    Key("PayConfirmPollingMode", "pay_confirm_polling_mode", "yes or no"),
    Key("PayConfirmPollingWait", "pay_confirm_polling_wait", "whole number"),
    Key("PayConfirmPollingInterval", "pay_confirm_polling_interval", "whole number", least=1),
    Key("PayConfirmPollingTimeout", "pay_confirm_polling_timeout", "whole number", least=1),
    Key("RequestConfirmInterval", "request_confirm_interval", "whole number"),
    Key("RequestConfirmNum", "request_confirm_num", "whole number", least=1, most=100),
    Key("LogLevel", "log_level", "level"),
    Key("LogExpire", "log_expire", "whole number"),
    Key("AppTestMode", "app_test_mode", "yes or no"),
    Key("TestSequenceDelay", "test_sequence_delay", "whole number"),
    Key("TestClassPay", "test_class_pay", "whole number", most=7),
    Key("TestClassRefund", "test_class_refund", "whole number", most=1),
    Key("TestClassReverse", "test_class_reverse", "whole number", most=0),
    Key("TestClassDeposit", "test_class_deposit", "whole number", most=0),
)
"""The 33 keys of the manual, and ApiPathDeposit."""

BY_NAME: Final[dict[str, Key]] = {key.name: key for key in KEYS}


def convert(key: Key, text: str) -> Any:
    """Return the value that a text in the file means; ValueError with the reason for none."""
    if key.kind == "yes or no":
        if text not in ("yes", "no"):
            raise ValueError("must be yes or no, in small letters")
        return text == "yes"
    if key.kind == "whole number":
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise ValueError(f"must be a whole number{_range(key)}")
        return int(text)
    if key.kind == "level":
        named = {str(value): name for name, value in LEVELS.items()}
        return named.get(text, text)
    return text


def problem(key: Key, value: object) -> str | None:
    """Return what is wrong with a value, or None. Whether a key file is there is not asked here."""
    if key.kind == "yes or no":
        return None if isinstance(value, bool) else "must be True or False"
    if key.kind == "whole number":
        right = type(value) is int and key.least <= value <= key.most
        return None if right else f"must be a whole number{_range(key)}"
    if key.kind == "level":
        named = isinstance(value, str) and value in LEVELS
        return None if named else f"must be a level's name or value: {_levels()}"
    if key.kind == "key file":
        return None if value else "must name a file"
    if not isinstance(value, str):
        return "must be a text"
    if key.only:
        return None if value == key.only else f"must be {key.only}: the gateway takes no other"
    if not value.isascii() or not value.isprintable() or value != value.strip() or not value:
        return "must be made of ASCII letters, digits and symbols, and not empty"
    if key.kind == "url":
        return _url(value)
    if key.kind == "api path":
        return _path(value)
    if not key.least <= len(value) <= key.most:
        return f"must have {_length(key)} characters, has {len(value)}"
    if key.pattern and not re.fullmatch(key.pattern, value):
        if key.pattern == _TERMINAL:
            return "must be a company code of 5, a zero, a store code of 6, and a terminal number"
        return "must be made of ASCII letters and digits"
    return None


def _url(value: str) -> str | None:
    try:
        Environment(api=value)
    except ConfigurationError as error:
        return str(error).replace("the address of 'api'", "the address")
    return None


def _path(value: str) -> str | None:
    if any(letter in value for letter in "?#{}\\ ") or "://" in value:
        return "must be the path of an API on the server: /part/part"
    return None


def _range(key: Key) -> str:
    least, most = key.least, key.most
    if most == _LONGEST:
        said = f" of {least} or more"
    elif least == most:
        said = f", {least} only"
    else:
        said = f" from {least} to {most}"
    return said + (f": {key.because}" if key.because else "")


def _length(key: Key) -> str:
    return str(key.most) if key.least == key.most else f"{key.least} to {key.most}"


def _levels() -> str:
    return ", ".join(f"{name} ({value})" for name, value in LEVELS.items())
