"""Tables of fields: what a row becomes, what is refused, is the compiled file current."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from codegen import tables
from codegen.cli import main
from codegen.problems import SpecError
from codegen.reading import load
from codegen.tables.rows import Row

DOCUMENT = """\
openapi: 3.1.0
info: {title: Kaede, version: '1.0'}
servers: [{url: https://kaede.example}]
components:
  responses:
    BadGateway: {description: Nothing to read.}
"""
COMMON = """\
source: {document: kit, section: all}
certainty: kit
request: []
result:
  - {name: mstatus, is: Result, enum: Mstatus, codes: [success, failure], required: true,
     example: success}
  - {name: serviceType, is: Service, example: any}
  - {name: vResultCode, is: Code, example: X}
answer: []
notice:
  - {name: orderId, is: Number, required: true, example: A1}
errors: {'502': '#/components/responses/BadGateway'}
"""
SERVICE = """\
service: till
title: Payments at a till.
source: {document: kit, section: till}
certainty: kit
resultCode: D001
commands:
  Authorize:
    summary: Apply
    description: Apply for it.
    path: /v2/Authorize/till
    request:
      - {name: orderId, is: Number of the order, ja: 取引ID, charset: alnum, maxLength: 100,
         required: true, example: A1}
      - {name: amount, is: Amount, type: yen, maxLength: 6, required: true, example: '100'}
      - {name: free, is: Remark, maxBytes: 50, example: memo}
    answer:
      - {name: receiptNo, is: Number for the till, charset: digits, maxLength: 13, example: '1'}
returns:
  - name: tillReturn
    is: The browser comes back
    method: get
    url: successUrl
    'on': [Authorize]
    fields: [{name: orderId, is: Number, example: A1}]
notice:
  is: It was paid
  fields:
    - {name: rcvAmount, is: Amount, type: yen, example: '100'}
"""


COUNTER = """\
service: counter
title: A counter of its own.
source: {document: kit, section: counter}
certainty: kit
servers: [{url: https://counter.example}]
commands:
  ask:
    summary: Ask at the counter
    description: Ask it.
    path: /counter
    plain: true
    request:
      - {name: question, is: What is asked, required: true, example: why}
    answer:
      - {name: reply, is: What is said, example: because}
      - {name: code, is: How, example: '0'}
    answers:
      '200': {is: It replied.}
      '400': {is: It did not., example: {reply: null, code: '1'}}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "specs" / "kaede"
    (folder / "services").mkdir(parents=True)
    (folder / "shared").mkdir()
    (folder / "shared" / "document.yaml").write_text(DOCUMENT, encoding="utf-8")
    (folder / "shared" / "common.yaml").write_text(COMMON, encoding="utf-8")
    (folder / "services" / "till.yaml").write_text(SERVICE, encoding="utf-8")
    return tmp_path


def edit(root: Path, old: str, new: str) -> None:
    path = root / "specs" / "kaede" / "services" / "till.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def compiled(root: Path) -> dict[str, Any]:
    return tables.compile_tables(root / "specs" / "kaede").document


def prop(row: dict[str, Any], *, sent: bool = True) -> dict[str, Any]:
    given = {"name": "x", "is": "Something", "example": "1", **row}
    return Row(given, "here", "kit").property(sent=sent)


@pytest.mark.parametrize(
    ("row", "limits"),
    [
        ({"charset": "alnum", "maxLength": 9}, {"maxLength": 9}),
        ({"charset": "digits", "maxLength": 9}, {"maxLength": 9, "pattern": "^[0-9]{1,9}$"}),
        ({"charset": "digits"}, {"pattern": "^[0-9]+$"}),
        (
            {"charset": "digits", "length": 2},
            {"maxLength": 2, "minLength": 2, "pattern": "^[0-9]{2}$"},
        ),
        ({"length": 28, "mayBeEmpty": True}, {"maxLength": 28}),
        ({"format": "YYYYMMDD"}, {"pattern": "^[0-9]{8}$"}),
        ({"charset": "digits", "format": "HH:mm"}, {"pattern": "^[0-9]{2}:[0-9]{2}$"}),
        ({"required": True}, {"minLength": 1}),
    ],
)
def test_limits_of_what_is_sent(row: dict[str, Any], limits: dict[str, Any]) -> None:
    schema = prop(row)
    assert {k: schema[k] for k in schema if k not in {"type", "description"}} == limits


def test_an_answer_is_held_to_its_length_only() -> None:
    row = {"charset": "digits", "length": 13}
    assert prop(row, sent=False) == {"type": "string", "maxLength": 13, "description": "Something."}


def test_what_nobody_documents_is_marked() -> None:
    assert "x-assumed" not in prop({})
    assert "port" in prop({"certainty": "port"})["x-assumed"]
    assert prop({"certainty": "assumed", "why": "By analogy."})["x-assumed"] == "By analogy."
    assert "encoding" in prop({"maxBytes": 50})["x-assumed"]


def test_a_command_is_an_operation_with_examples(root: Path) -> None:
    document = compiled(root)
    operation = document["paths"]["/v2/Authorize/till"]["post"]
    assert operation["operationId"] == "tillAuthorize"
    sent = operation["requestBody"]["content"]["application/json"]
    assert sent["examples"]["example"]["value"] == {"orderId": "A1", "amount": "100"}
    got = operation["responses"]["200"]["content"]["application/json"]["examples"]["example"]
    assert got["value"]["result"] == {
        "mstatus": "success", "serviceType": "till", "vResultCode": "D001", "receiptNo": "1",
    }  # fmt: skip
    assert operation["responses"]["502"] == {"$ref": "#/components/responses/BadGateway"}
    callback = operation["callbacks"]["tillReturn"]["{$request.body#/successUrl}"]["get"]
    assert callback["operationId"] == "tillReturnAuthorize"
    notice = document["components"]["schemas"]["TillNotice"]
    assert list(notice["properties"]) == ["orderId", "rcvAmount"]


def add_counter(root: Path, text: str = COUNTER) -> None:
    path = root / "specs" / "kaede" / "services" / "counter.yaml"
    path.write_text(text, encoding="utf-8")


def test_a_plain_command_is_what_its_rows_say_and_has_its_own_server(root: Path) -> None:
    add_counter(root)
    document = compiled(root)
    operation = document["paths"]["/counter"]["post"]
    assert operation["operationId"] == "ask"
    assert operation["servers"] == [{"url": "https://counter.example"}]
    assert "servers" not in document["paths"]["/v2/Authorize/till"]["post"]
    answer = document["components"]["schemas"]["AskResponse"]
    assert list(answer["properties"]) == ["reply", "code"]
    shown = {
        status: given["content"]["application/json"]["examples"]["example"]["value"]
        for status, given in operation["responses"].items()
        if "content" in given
    }
    assert shown == {"200": {"reply": "because", "code": "0"}, "400": {"code": "1"}}
    assert operation["responses"]["502"] == {"$ref": "#/components/responses/BadGateway"}


def test_a_plain_command_says_what_each_status_means(root: Path) -> None:
    add_counter(root, COUNTER.partition("    answers:")[0])
    with pytest.raises(SpecError, match="counter/ask: no answers"):
        compiled(root)


def test_the_text_reads_back_as_the_document(root: Path) -> None:
    edit(root, "example: memo", "example: '007'")
    made, changed = tables.write(root, "kaede")
    assert changed
    assert load.read_yaml(root / "specs" / "kaede" / "openapi.yaml") == made.document
    assert tables.write(root, "kaede")[1] is False


def test_codes_that_yaml_could_mistake_stay_texts(root: Path) -> None:
    row = "{name: flag, is: Flag, enum: Flag, codes: ['01', 'no', '1.0', 'true', ''], "
    row += "names: [ONE, NO, DOT, TRUE, NONE], example: '01'}"
    edit(root, "      - {name: free", f"      - {row}\n      - {{name: free")
    tables.write(root, "kaede")
    read = load.read_yaml(root / "specs" / "kaede" / "openapi.yaml")
    assert read["components"]["schemas"]["Flag"]["enum"] == ["01", "no", "1.0", "true", ""]


def test_a_command_says_what_else_is_in_its_example_and_what_is_not(root: Path) -> None:
    def shown() -> set[str]:
        document: Any = tables.compile_tables(root / "specs" / "kaede").document
        body = document["paths"]["/v2/Authorize/till"]["post"]["requestBody"]
        value: dict[str, Any] = body["content"]["application/json"]["examples"]["example"]["value"]
        return set(value)

    assert shown() == {"orderId", "amount"}
    edit(root, "    request:\n", "    shows: [free]\n    hides: [amount]\n    request:\n")
    assert shown() == {"orderId", "free"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("charset: alnum", "chars: alnum", "'chars' is no column"),
        ("is: Remark, ", "", "till/Authorize/request/free: no 'is'"),
        (", example: memo", "", "free: no example"),
        ("type: yen, maxLength: 6", "type: money", "type 'money'"),
        ("name: free", "name: amount", "amount stands there twice"),
        ("maxBytes: 50", "certainty: rumour", "certainty 'rumour'"),
        ("maxBytes: 50", "certainty: assumed", "assumed, but not why"),
        ("maxBytes: 50", "enum: Mstatus, codes: [paid]", "enum Mstatus has other codes"),
        (
            "maxBytes: 50",
            "enum: Mstatus, codes: {success: paid, failure: not paid}",
            "free: enum Mstatus says more than its first row",
        ),
        (
            "maxBytes: 50",
            "enum: Mstatus, codes: [success, failure], names: [YES, NO]",
            "free: enum Mstatus says more than its first row",
        ),
        ("    request:\n", "    shows: [fee]\n    request:\n", "no row fee to show or hide"),
        ("    request:\n", "    hides: [fee]\n    request:\n", "no row fee to show or hide"),
        ("maxBytes: 50", "enum: Nowhere", "enum Nowhere of free has codes nowhere"),
        ("service: till", "service: tills", "service 'tills'"),
        ("'on': [Authorize]", "'on': [Capture]", "no command Capture"),
        ("path: /v2/Authorize/till", "path: ''", "path '' is missing"),
    ],
)
def test_a_mistake_is_named_with_its_row(root: Path, old: str, new: str, said: str) -> None:
    edit(root, old, new)
    with pytest.raises(SpecError, match=re.escape(said)):
        compiled(root)


def test_check_says_when_tables_and_document_differ(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = tables.check(root)
    assert found == ["specs/kaede/openapi.yaml: missing; run python -m codegen tables kaede"]
    assert main(["tables", "--root", str(root)]) == 0
    assert "kaede: 1 services, 1 commands, 4 fields; written" in capsys.readouterr().out
    assert main(["check", "--root", str(root)]) == 0
    assert "kaede: a spec without packages yet" in capsys.readouterr().err
    edit(root, "maxLength: 100", "maxLength: 99")
    assert main(["check", "--root", str(root)]) == 1
    assert "not what the tables say" in capsys.readouterr().out
    assert main(["tables", "kaede", "--json", "--root", str(root)]) == 0
    assert json.loads(capsys.readouterr().out)[0]["changed"] is True
    assert main(["check", "--root", str(root)]) == 0


def test_a_generated_package_that_lost_its_lock_is_still_found(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables.write(root, "kaede")
    (root / "generated" / "kaede").mkdir(parents=True)
    assert main(["check", "--root", str(root)]) == 1
    assert "generated/kaede/codegen.lock: missing" in capsys.readouterr().out


def test_packages_are_begun_by_name_only(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables.write(root, "kaede")
    assert main(["generate", "--root", str(root)]) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "kaede: a spec without packages yet; name it to begin them\n"
    assert not (root / "generated").exists()


def test_only_a_spec_with_tables_can_be_compiled(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tables", "momiji", "--root", str(root)]) == 2
    assert capsys.readouterr().err == "codegen: no tables in specs/momiji; known: kaede\n"
