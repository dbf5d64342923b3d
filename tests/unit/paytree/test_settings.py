"""Settings, from arguments and from WbCPSPay.conf: every rule of the manual, every flaw at once."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai import ConfigurationError
from kessai_paytree.conf import read
from kessai_paytree.keys import KEYS
from kessai_paytree.settings import Settings, SettingsError, SettingsWarning

from tests.unit.paytree.keys import private_pem, public_pem

REQUIRED = {
    "ServerURL": "https://paytree.example.com/api",
    "ApiPathPay": "/pay",
    "ApiPathPayV1": "/v1/pay",
    "ApiPathRefund": "/refund",
    "ApiPathReverse": "/reverse",
    "ApiPathConfirm": "/confirm",
    "ApiPathConfirmV1": "/v1/confirm",
    "PrivateKeyFile": "own.pem",
    "PublicKeyFile": "paytree.pem",
    "MerchantId": "123456789012",
    "TerminalUniquId": "ABCDE00000011",
    "BranchCode": "Branch1",
    "TerminalCode": "Till1",
    "Locale": "JAPAN",
    "TimeZone": "p9",
    "CurrencyCode": "JPY",
    "AppVersion": "windows-WbCPSPay-1.0",
}
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a configuration file: the required keys, changed and added to."""
    (tmp_path / "own.pem").write_bytes(private_pem())
    (tmp_path / "paytree.pem").write_bytes(public_pem())

    def make(changed: dict[str, str | None] | None = None, *more: str, end: str = "\n") -> Path:
        values = {**REQUIRED, **(changed or {})}
        lines = [f"{name} = {value}" for name, value in values.items() if value is not None]
        path = tmp_path / "WbCPSPay.conf"
        path.write_bytes(end.join([*lines, *more, ""]).encode("utf-8"))
        return path

    return make


def problems(path: Path) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_file(path)
    assert str(caught.value).startswith(f"{path}: {len(caught.value.problems)} problem")
    return [str(problem) for problem in caught.value.problems]


def test_the_manual_has_33_keys_and_17_are_required() -> None:
    assert len(KEYS) == 34  # with ApiPathDeposit, which is assumed
    assert {key.name for key in KEYS if key.required} == set(REQUIRED)


def test_required_keys_alone_and_the_defaults(write: Write, tmp_path: Path) -> None:
    settings = Settings.from_file(write())
    assert settings.server_url == "https://paytree.example.com/api"
    assert settings.private_key_file == str(tmp_path / "own.pem")
    assert settings.terminal_unique_id == "ABCDE00000011"
    assert (settings.http_timeout, settings.ignore_certificate_error) == (100, False)
    assert not settings.pay_confirm_polling_mode
    assert settings.pay_confirm_polling_wait == 5
    assert settings.pay_confirm_polling_interval == 3
    assert settings.pay_confirm_polling_timeout == 60
    assert (settings.request_confirm_interval, settings.request_confirm_num) == (1, 1)
    assert (settings.log_level, settings.log_expire) == ("Error", 0)
    assert (settings.app_test_mode, settings.test_sequence_delay) == (False, 1)
    assert settings.api_path_deposit is None
    assert settings.warnings == ()


def test_every_key_is_taken(write: Write) -> None:
    path = write(
        {"ApiPathPay": "v2/pay#the older one"},
        "HttpTimeout=16",
        "PayConfirmPollingMode =yes # by itself",
        "PayConfirmPollingWait= 0",
        "\tPayConfirmPollingInterval = 10",
        "PayConfirmPollingTimeout = 120",
        "RequestConfirmInterval = 2",
        "RequestConfirmNum = 2",
        "LogLevel = 3",
        "LogExpire = 90",
        "AppTestMode = yes",
        "TestSequenceDelay = 0",
        "TestClassPay = 7",
        "TestClassRefund = 1",
        "TestClassReverse = 0",
        "TestClassDeposit = 0",
        "IgnoreCertificateError = no",
        "ApiPathDeposit = /deposit",
    )
    settings = Settings.from_file(path)
    assert settings.api_path_pay == "/v2/pay"
    assert settings.http_timeout == 16
    assert settings.pay_confirm_polling_mode
    assert settings.pay_confirm_polling_wait == 0
    assert settings.pay_confirm_polling_interval == 10
    assert settings.log_level == "Sequence"
    assert settings.log_expire == 90
    assert settings.app_test_mode
    assert (settings.test_class_pay, settings.test_class_refund) == (7, 1)
    assert settings.api_path_deposit == "/deposit"


def test_bom_crlf_and_comments_in_japanese(write: Write) -> None:
    path = write({}, "# 秘密鍵はここに置く = 注意", "HttpTimeout = 30 # 秒", "", end="\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert Settings.from_file(path).http_timeout == 30


def test_a_comment_in_another_encoding_only_warns(write: Write) -> None:
    path = write()
    path.write_bytes(path.read_bytes() + "HttpTimeout = 30 # 秒\n".encode("cp932"))
    with pytest.warns(SettingsWarning, match="line 18: the comment is not UTF-8"):
        assert Settings.from_file(path).http_timeout == 30


def test_every_problem_at_once_with_its_line(write: Write) -> None:
    path = write(
        {
            "ServerURL": "http://paytree.example.com",
            "PrivateKeyFile": "none.pem",
            "MerchantId": "1234",
            "TerminalUniquId": None,
            "BranchCode": "x" * 33,
            "Locale": "japan",
        },
        "HttpTimeout = 15",
        "LogLevel = Debug",
        "MerchantId = 123456789012",
        "AppTestMode = True",
        "TestClassPay = 8",
        "just words",
        "= value",
        "LogExpire =",
        "RequestConfirmNum = ２",
        "HttpTimout = 200",
    )
    found = problems(path)
    assert [text.partition(": ")[0] for text in found[:-1]] == [
        *("line 1", "line 8", "line 10", "line 11", "line 13"),
        *(f"line {number}" for number in range(17, 27)),
    ]
    assert "plain http" in found[0]
    assert "there is no file" in found[1]
    assert "must have 12 characters, has 4" in found[2]
    assert "1 to 32 characters, has 33" in found[3]
    assert "must be JAPAN" in found[4]
    assert "16 or more: looking up a name alone can take 15 seconds" in found[5]
    assert "Basic (0), Error (1), Warning (2), Sequence (3), Transaction (4)" in found[6]
    assert "stands in line 10 already" in found[7]
    assert "yes or no" in found[8]
    assert "from 0 to 7" in found[9]
    assert "neither a comment nor Key = Value" in found[10]
    assert "has no key before =" in found[11]
    assert "LogExpire: has no value" in found[12]
    assert "full-width character ２" in found[13]
    assert "is it HttpTimeout?" in found[14]
    assert found[15] == "TerminalUniquId: is required, and is not there"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ＨttpTimeout = 30", "full-width"),
        ("HttpTimeout　=　30", "full-width space"),
        ("HttpTimeout ＝ 30", "full-width character ＝"),
        ("HttpTimeout = 30秒", "not ASCII"),
        ("HttpTimeout = 3\x000", "control"),
        ("HttpTimeout = -1", "whole number"),
        ("HttpTimeout = 1e3", "whole number"),
        ("HttpTimeout = 9999999999", "whole number"),
        ("HttpTimeout = 100000", "whole number"),
        ("HttpTimeout = 30.5", "whole number"),
        ("httptimeout = 30", "is it HttpTimeout?"),
        ("TestClassReverse = 1", "0 only"),
        ("RequestConfirmNum = 0", "from 1"),
        ("LogLevel = 5", "level"),
        ("LogLevel = sequence", "level"),
        ("IgnoreCertificateError = yes", "in the program as well"),
        ("IgnoreCertificateError = YES", "yes or no"),
        ("PayConfirmPollingInterval = 0", "1 or more"),
    ],
)
def test_one_flaw_and_its_line(write: Write, line: str, said: str) -> None:
    found = problems(write({}, line))
    assert len(found) == 1
    assert found[0].startswith("line 18: ")
    assert said in found[0]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ApiPathPay", "https://elsewhere.example/pay", "path of an API"),
        ("ApiPathPay", "/pay?x=1", "path of an API"),
        ("MerchantId", "1234567890123", "12 characters"),
        ("TerminalUniquId", "ABCDE10000011", "a company code of 5, a zero"),
        ("BranchCode", "a b", "letters and digits"),
        ("TimeZone", "p8", "must be p9"),
        ("CurrencyCode", "USD", "must be JPY"),
        ("AppVersion", "kessai", "must be windows-WbCPSPay-1.0"),
        ("ServerURL", "paytree.example.com", "no https URL"),
        ("ServerURL", "https://user:word@paytree.example.com", "holds credentials"),
        ("PublicKeyFile", ".", "there is no file"),
    ],
)
def test_wrong_values_of_required_keys(write: Write, name: str, value: str, said: str) -> None:
    (found,) = problems(write({name: value}))
    assert f"{name}: " in found
    assert said in found
    assert "word@" not in found


def test_settings_that_are_not_utf8_are_named(write: Write) -> None:
    path = write()
    path.write_bytes(path.read_bytes() + "BranchName = 本店\n".encode("cp932"))
    assert problems(path) == ["line 18: is not UTF-8; save the file as UTF-8"]
    path.write_bytes("ServerURL = x".encode("utf-16"))
    assert problems(path)[0] == "is UTF-16; save it as UTF-8"


def test_a_key_nobody_knows_warns(write: Write) -> None:
    with pytest.warns(SettingsWarning, match="line 18: there is no key PrinterPort"):
        settings = Settings.from_file(write({}, "PrinterPort = 9100"))
    assert len(settings.warnings) == 1


def test_three_confirms_warn(write: Write) -> None:
    with pytest.warns(SettingsWarning, match="agreed on with PAYTREE"):
        assert Settings.from_file(write({}, "RequestConfirmNum = 3")).request_confirm_num == 3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Settings.from_file(write({}, "RequestConfirmNum = 2"))


def test_ignoring_certificates_has_to_be_said_twice(write: Write) -> None:
    path = write({}, "IgnoreCertificateError = yes")
    assert len(problems(path)) == 1
    with pytest.warns(SettingsWarning, match="certificate is not looked at"):
        assert Settings.from_file(path, ignore_certificate_error=True).ignore_certificate_error
    settings = Settings.from_file(write(), ignore_certificate_error=True)
    assert not settings.ignore_certificate_error  # the program alone does not switch it on


@pytest.mark.skipif(os.name == "nt", reason="a path of Windows is one there")
def test_paths_of_windows(write: Write, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "own.pem").write_bytes(private_pem())
    settings = Settings.from_file(write({"PrivateKeyFile": "keys\\own.pem"}))
    assert settings.private_key_file == str(tmp_path / "keys" / "own.pem")
    (found,) = problems(write({"PrivateKeyFile": "C:\\Wellba\\WbPay\\own.pem"}))
    assert "another system" in found


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        Settings.from_file(tmp_path / "none.conf")
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        Settings.from_file(tmp_path)
    (tmp_path / "long.conf").write_bytes(b"#" * 2_000_000)
    with pytest.raises(ConfigurationError, match="no configuration file"):
        Settings.from_file(tmp_path / "long.conf")


ARGUMENTS: dict[str, Any] = {
    "server_url": "https://paytree.example.com",
    "api_path_pay": "/pay",
    "api_path_pay_v1": "/v1/pay",
    "api_path_refund": "/refund",
    "api_path_reverse": "/reverse",
    "api_path_confirm": "/confirm",
    "api_path_confirm_v1": "/v1/confirm",
    "private_key_file": b"private",
    "public_key_file": b"public",
    "merchant_id": "123456789012",
    "terminal_unique_id": "ABCDE00000011",
    "branch_code": "1",
    "terminal_code": "1",
}


def test_arguments_are_held_to_the_same_rules() -> None:
    settings = Settings(**ARGUMENTS)
    assert (settings.locale, settings.time_zone, settings.currency_code) == ("JAPAN", "p9", "JPY")
    wrong: dict[str, Any] = {
        "http_timeout": 15,
        "merchant_id": "1",
        "request_confirm_num": True,
        "log_level": "Debug",
        "app_test_mode": "yes",
        "locale": "JP",
        "test_class_pay": 8,
        "branch_code": "",
        "api_path_pay": None,
        "private_key_file": "",
    }
    with pytest.raises(SettingsError) as caught:
        Settings(**{**ARGUMENTS, **wrong})
    assert {problem.key for problem in caught.value.problems} == set(wrong)
    assert all(problem.line is None for problem in caught.value.problems)


def test_settings_are_not_changed_and_show_no_key() -> None:
    settings = Settings(**ARGUMENTS)
    with pytest.raises(AttributeError, match="cannot be changed"):
        settings.http_timeout = 5
    with pytest.raises(AttributeError, match="cannot be changed"):
        del settings.http_timeout
    assert "private" not in repr(settings)
    misspelt: dict[str, Any] = {"http_timout": 200}
    with pytest.raises(TypeError):
        Settings(**ARGUMENTS, **misspelt)


@given(st.binary(max_size=200))
def test_reading_never_raises(content: bytes) -> None:
    found = read(content)
    assert found.problems  # the required keys are not there
    assert {key.attribute for key in KEYS} >= set(found.values)


@given(
    st.lists(
        st.sampled_from([*"=# \t\r\n０ａ　", "HttpTimeout", "30", "LogLevel", "é"]), max_size=12
    )
)
def test_no_line_is_lost(parts: list[str]) -> None:
    content = "".join(parts).encode()
    found = read(content)
    said = {each.line for each in [*found.problems, *found.warnings]} | set(found.lines.values())
    for number, line in enumerate(
        "".join(parts).replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1
    ):
        if line.partition("#")[0].strip(" \t"):
            assert number in said
