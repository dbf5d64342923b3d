"""Settings from arguments, the environment and the kit's file; every problem, and no secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai import ConfigurationError, Timeout
from kessai_mdk import MdkClient, Settings, SettingsError
from kessai_mdk.properties import Syntax, read_properties

from tests.unit.mdk.scripted import CCID, SECRET

PHP = f"""\
; 3GPSMDK.properties, 設定
[Service]
DUMMY_REQUEST                   = 1
MDK_ERROR_MODE                  = 0

[Connection]
HOST_URL                        = https://api3.veritrans.co.jp:443
CONNECTION_TIMEOUT              = 30   ; seconds
READ_TIMEOUT                    = "120"
CA_CERT_FILE                    =
PROXY_SERVER_URL                =
MERCHANT_CC_ID                  = {CCID}
MERCHANT_SECRET_KEY             = '{SECRET}' ; never show
IGNORE_EOF                      = 1
FGETS_FALSE_COMPLETE_COUNT      = 3
"""

JAVA = f"""\
# 3GPSMDK.properties
! written by the Java kit
DUMMY_REQUEST=0
HOST_URL : https\\://api3.veritrans.co.jp
CONNECTION_TIMEOUT 15
READ_TIMEOUT = \\u0036\\u0030
MERCHANT_CCID={CCID}
MERCHANT_SECRET_KEY={SECRET[:32]}\\
    {SECRET[32:]}
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "3GPSMDK.properties"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems(folder: Path, text: str | bytes, **options: Any) -> list[str]:
    """What is wrong with a file, in the words shown."""
    with pytest.raises(SettingsError) as raised:
        Settings.from_properties(written(folder, text), **options)
    shown = str(raised.value)
    assert SECRET[:8] not in shown
    assert "3GPSMDK.properties cannot be used" in shown
    assert shown.count("\n") == len(raised.value.problems)
    return [str(problem) for problem in raised.value.problems]


def test_the_php_kits_file(tmp_path: Path) -> None:
    settings = Settings.from_properties(written(tmp_path, PHP))
    assert settings.merchant_ccid == CCID
    assert settings.merchant_secret_key == SECRET
    assert settings.dummy
    assert settings.host_url == "https://api3.veritrans.co.jp:443"
    assert settings.timeout == Timeout(connect=30, read=120, write=120, pool=30)
    assert (settings.ca_cert_file, settings.proxy) == (None, None)
    assert settings.notes == (
        "line 14: IGNORE_EOF is about the kit's own sockets and not needed",
        "line 15: FGETS_FALSE_COMPLETE_COUNT is about the kit's own sockets and not needed",
    )
    with MdkClient(settings=settings) as mdk:
        assert f"mdk:{CCID}:test" in repr(vars(mdk))


def test_the_java_kits_file(tmp_path: Path) -> None:
    settings = Settings.from_properties(written(tmp_path, JAVA))
    assert settings.merchant_ccid == CCID
    assert settings.merchant_secret_key == SECRET
    assert not settings.dummy
    assert settings.host_url == "https://api3.veritrans.co.jp"
    assert settings.timeout[:2] == (15.0, 60.0)
    assert settings.notes == ()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("text", [PHP, JAVA])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks(
    tmp_path: Path, newline: str, text: str, mark: bytes
) -> None:
    data = mark + text.replace("\n", newline).encode()
    assert Settings.from_properties(written(tmp_path, data)).merchant_secret_key == SECRET


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "latin-1"])
def test_comments_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    """ソ ends with a backslash in Shift_JIS, and goes on in no next line: it is a comment."""
    comment = "; ソース表" if encoding != "latin-1" else "; é"
    data = f"{comment}\n{PHP.replace('設定', '')}".encode(encoding)
    assert Settings.from_properties(written(tmp_path, data)).merchant_ccid == CCID
    value = PHP.replace("設定", "").replace(
        "PROXY_SERVER_URL                =", "PROXY_SERVER_URL = http://é.example"
    )
    if encoding == "latin-1":
        found = problems(tmp_path, value.encode(encoding))
        assert found == [
            "line 11: PROXY_SERVER_URL is not in ASCII, in a file that is not in UTF-8; "
            "save it as UTF-8"
        ]


def test_utf_16_is_said_in_words(tmp_path: Path) -> None:
    found = problems(tmp_path, PHP.encode("utf-16"))
    assert found == ["line 1: the file is in UTF-16; save it as UTF-8"]


def test_every_problem_at_once_with_its_line(tmp_path: Path) -> None:
    text = """\
[Service]
DUMMY_REQUEST = yes
MDK_ERROR_MODE = 1
[Connection]
HOST_URL = http://api3.veritrans.co.jp
CONNECTION_TIMEOUT = soon
READ_TIMEOUT = 0
CA_CERT_FILE = nowhere.pem
PROXY_SERVER_URL = proxy.example:8080
MERCHANT_CC_ID = A 1
MERCHANT_SECRET_KEY = "0123456789abcdefg"
"""
    found = problems(tmp_path, text)
    assert [line.split(" ")[:3] for line in found] == [
        ["line", "2:", "DUMMY_REQUEST"],
        ["line", "3:", "MDK_ERROR_MODE"],
        ["line", "5:", "HOST_URL"],
        ["line", "6:", "CONNECTION_TIMEOUT"],
        ["line", "7:", "READ_TIMEOUT"],
        ["line", "8:", "CA_CERT_FILE"],
        ["line", "9:", "PROXY_SERVER_URL"],
        ["line", "10:", "MERCHANT_CC_ID"],
        ["line", "11:", "MERCHANT_SECRET_KEY"],
    ]
    assert "hexadecimal" in found[-1]


def test_what_is_missing(tmp_path: Path) -> None:
    assert problems(tmp_path, "") == [
        "MERCHANT_CC_ID is missing; MAP shows it",
        "MERCHANT_SECRET_KEY is missing; MAP shows it",
        "DUMMY_REQUEST is missing; write 1 for dummy mode, 0 for live",
    ]
    with pytest.raises(SettingsError, match="cannot be read") as raised:
        Settings.from_properties(tmp_path / "nowhere")
    assert isinstance(raised.value, ConfigurationError)


def test_the_host_that_was_left(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, PHP.replace("api3.", "api."))
    assert found.startswith("line 7: HOST_URL")
    assert "api3.veritrans.co.jp" in found


def test_unknown_keys_are_noted_and_not_fatal(tmp_path: Path) -> None:
    text = PHP + "LOG_LEVEL = debug\nREAD_TIMEOUT = 7\n"
    settings = Settings.from_properties(written(tmp_path, text))
    assert settings.notes[-2:] == (
        "line 16: LOG_LEVEL is not known and was left out",
        "line 17: READ_TIMEOUT takes the place of line 9",
    )
    assert settings.timeout.read == 7


@pytest.mark.parametrize(
    ("line", "first"),
    [("DUMMY_REQUEST = 0", 3), ("MERCHANT_CCID = 99cc", 12), ("MERCHANT_SECRET_KEY = ab", 13)],
)
def test_who_pays_whom_is_not_said_in_two_ways(tmp_path: Path, line: str, first: int) -> None:
    """A file that is live in one line and a rehearsal in another is neither."""
    (found,) = problems(tmp_path, f"{PHP}{line}\n")
    key = line.split()[0].replace("CCID", "CC_ID")
    assert found == f"line 16: {key} says otherwise than line {first}; leave one of them out"
    again = PHP + "DUMMY_REQUEST = 1\nMERCHANT_CCID = " + CCID + "\n"
    assert Settings.from_properties(written(tmp_path, again)).dummy


def test_the_tail_of_a_wrapped_secret_is_never_shown(tmp_path: Path) -> None:
    """In neither syntax: as a line without a value it is no name of anything."""
    cut = f"MERCHANT_SECRET_KEY={SECRET}\nDEADBEEF\nMERCHANT_CC_ID={CCID}\nDUMMY_REQUEST=1\n"
    settings = Settings.from_properties(written(tmp_path, cut))
    assert settings.notes == ("line 2: a key without a value is not known and was left out",)
    (found,) = problems(tmp_path, "[Connection]\n" + cut)
    assert found == "line 3: is no KEY = value"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('READ_TIMEOUT = "12', "quotes"),
        ("READ_TIMEOUT = '12' 3", "quotes"),
        ("READ_TIMEOUT = ${SECONDS}", "filled in"),
        ("READ_TIMEOUT", "KEY = value"),
    ],
)
def test_php_lines_that_cannot_be_read(tmp_path: Path, line: str, words: str) -> None:
    (found,) = problems(tmp_path, PHP.replace('READ_TIMEOUT                    = "120"', line))
    assert found.startswith("line 9:")
    assert words in found


def test_java_lines_that_cannot_be_read(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, JAVA.replace("\\u0036", "\\u00g6"))
    assert found.startswith("line 6: READ_TIMEOUT")
    assert "hexadecimal" in found


@pytest.mark.parametrize(
    ("text", "syntax", "entries"),
    [
        ("A=1", "auto", [("A", "1", "line 1")]),
        ("A = b = c", "java", [("A", "b = c", "line 1")]),
        ("A:b", "java", [("A", "b", "line 1")]),
        ("A b", "java", [("A", "b", "line 1")]),
        ("A\\ b=c\\=\\:\\\\d\\te", "java", [("A b", "c=:\\d\te", "line 1")]),
        ("A=1,\\\n   2,\\\r\n\t3\nB=x", "java", [("A", "1,2,3", "line 1"), ("B", "x", "line 4")]),
        ("A=1\\\\\nB=2", "java", [("A", "1\\", "line 1"), ("B", "2", "line 2")]),
        ("A=1\\", "java", [("A", "1", "line 1")]),
        ("#A=1\n!B=2\n;C=3\n\n \t\nD", "java", [("D", "", "line 6")]),
        ("A=C:\\certs\\ca.pem", "php", [("A", "C:\\certs\\ca.pem", "line 1")]),
        ("A=x\\\nB=2", "php", [("A", "x\\", "line 1"), ("B", "2", "line 2")]),
        ('A = "b;c" ; d', "php", [("A", "b;c", "line 1")]),
        ("A = b#c ; d", "php", [("A", "b#c", "line 1")]),
        ("[s] ; x\nA=1", "auto", [("A", "1", "line 2")]),
    ],
)
def test_both_ways_of_writing(text: str, syntax: Syntax, entries: list[Any]) -> None:
    found, wrong = read_properties(text.encode(), syntax)
    assert [tuple(entry) for entry in found] == entries
    assert wrong == []


@given(st.binary(max_size=300), st.sampled_from(["auto", "php", "java"]))
def test_no_file_breaks_the_reader(data: bytes, syntax: Syntax) -> None:
    entries, wrong = read_properties(data, syntax)
    for entry in entries:
        assert entry.value == "" or entry.value not in repr(entry) or len(entry.value) < 8
    assert len(entries) + len(wrong) <= data.count(b"\n") + data.count(b"\r") + 1


def test_the_environment() -> None:
    found = Settings.from_environment(
        {
            "KESSAI_MDK_MERCHANT_CC_ID": CCID,
            "KESSAI_MDK_MERCHANT_SECRET_KEY": SECRET,
            "KESSAI_MDK_DUMMY_REQUEST": "0",
            "KESSAI_MDK_READ_TIMEOUT": "60.5",
            "KESSAI_MDK_OTHER": "x",
            "MERCHANT_CC_ID": "not ours",
        }
    )
    assert (found.merchant_ccid, found.dummy, found.timeout.read) == (CCID, False, 60.5)
    assert found.notes == ("variable KESSAI_MDK_OTHER: OTHER is not known and was left out",)
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"SHOP_MERCHANT_SECRET_KEY": "x" + SECRET}, prefix="SHOP_")
    assert SECRET[:8] not in str(raised.value)
    shown = [str(problem) for problem in raised.value.problems]
    assert shown[1].startswith("variable SHOP_MERCHANT_SECRET_KEY: MERCHANT_SECRET_KEY cannot")


def test_the_process_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESSAI_MDK_MERCHANT_CC_ID", CCID)
    monkeypatch.setenv("KESSAI_MDK_MERCHANT_SECRET_KEY", SECRET)
    monkeypatch.setenv("KESSAI_MDK_DUMMY_REQUEST", "1")
    assert Settings.from_environment().merchant_ccid == CCID


def test_arguments() -> None:
    settings = Settings(CCID, SECRET, connection_timeout=5, read_timeout=7.5)
    assert settings.dummy
    assert settings.host_url == "https://api3.veritrans.co.jp"
    assert settings.options() == {"timeout": Timeout(connect=5, read=7.5, write=7.5, pool=5)}
    with pytest.raises(SettingsError) as raised:
        Settings("", "zz", dummy=False, read_timeout=-1, proxy_username="kessai")
    assert [problem.where for problem in raised.value.problems] == [
        "merchant_ccid",
        "merchant_secret_key",
        "read_timeout",
        "proxy_username",
    ]
    assert str(raised.value.problems[0]) == "merchant_ccid: is missing; MAP shows it"
    assert "zz" not in str(raised.value)


def test_a_proxy() -> None:
    settings = Settings(
        CCID,
        SECRET,
        proxy_server_url="http://proxy.example:8080",
        proxy_username="a@b",
        proxy_password="p/w:!",
    )
    assert settings.proxy == "http://a%40b:p%2Fw%3A%21@proxy.example:8080"
    assert settings.options().get("proxy") == settings.proxy
    assert "p/w" not in repr(settings)
    assert Settings(CCID, SECRET, proxy_server_url="http://proxy.example").proxy is not None
    for url in ("ftp://proxy.example", "http://", "http://a:b@proxy.example", "http://x:99999"):
        with pytest.raises(SettingsError, match=r"http://proxy\.example:8080"):
            Settings(CCID, SECRET, proxy_server_url=url)
    with pytest.raises(SettingsError, match="PROXY_USERNAME"):
        Settings(CCID, SECRET, proxy_server_url="http://proxy.example", proxy_password="secret")


def test_certificates(tmp_path: Path) -> None:
    certifi = pytest.importorskip("certifi")
    (tmp_path / "ca.pem").write_bytes(Path(certifi.where()).read_bytes())
    text = PHP.replace("CA_CERT_FILE                    =", "CA_CERT_FILE = ca.pem")
    settings = Settings.from_properties(written(tmp_path, text))
    context = settings.options().get("ssl_context")
    assert context is not None
    assert context.get_ca_certs()
    (tmp_path / "ca.pem").write_bytes(b"no certificate")
    (found,) = problems(tmp_path, text)
    assert found.startswith("line 10: CA_CERT_FILE names no readable file")


def test_a_secret_is_in_no_repr() -> None:
    settings = Settings(CCID, SECRET)
    assert SECRET not in repr(settings)
    assert "dummy=True" in repr(settings)
