"""Python names, and document text in docstrings and literals."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen import names
from codegen.ir import text as ir_text
from codegen.problems import SpecError


@pytest.mark.parametrize(
    ("wire", "python"),
    [
        ("tds2Result", "tds2_result"),
        ("threeDSReqAuthData", "three_ds_req_auth_data"),
        ("customData1", "custom_data1"),
        ("clientField1", "client_field1"),
        ("pay-easyPaymentInformation", "pay_easy_payment_information"),
        ("type", "type"),
        ("class", "class_"),
        ("check", "check_"),
        ("unknownMembers", "unknown_members_"),
        ("3ds", "n3ds"),
        ("URL", "url"),
        ("grant_type", "grant_type"),
    ],
)
def test_attributes(wire: str, python: str) -> None:
    assert names.identifier(wire, names.RESERVED) == python


@pytest.mark.parametrize(
    ("operation_id", "tag", "method"),
    [
        ("creditCharge", "credit", "charge"),
        ("creditOnfileCharge", "credit", "onfile_charge"),
        ("tds2FinalizeCharge", "tds2", "finalize_charge"),
        ("walletFrontendVerifyCharge", "wallet", "frontend_verify_charge"),
        ("memberDeleteItem", "member", "delete_item"),
        ("token", "token", "token"),
        ("tokenize", "token", "tokenize"),
        ("listCharges", "charges", "list_charges"),
        ("orderImport", "order", "import_"),
    ],
)
def test_methods(operation_id: str, tag: str, method: str) -> None:
    assert names.method_name(operation_id, tag) == method


@pytest.mark.parametrize(
    ("value", "member"),
    [
        ("sms-pin", "SMS_PIN"), ("01", "VALUE_01"), ("AU_APP", "AU_APP"), ("PayOnly", "PAY_ONLY"),
        ("name", "NAME_"), ("mro", "MRO_"), ("title", "TITLE_"),
    ],
)  # fmt: skip
def test_enum_members(value: str, member: str) -> None:
    assert names.enum_member(value) == member


@pytest.mark.parametrize("name", ["", "---", "値段"])
def test_what_gives_no_name_is_refused(name: str) -> None:
    for make in (names.identifier, names.class_name, names.enum_member):
        with pytest.raises(SpecError):
            make(name)


@given(st.text())
def test_a_literal_is_its_text(text: str) -> None:
    assert ast.literal_eval(ir_text.literal(text)) == text


NASTY = st.text(st.sampled_from("\"\\ \nab'{}%#漢\u3000\u2028\x00\r\t"), max_size=300)


@given(st.lists(NASTY, min_size=1, max_size=4), st.sampled_from([0, 4, 8]))
def test_no_text_leaves_its_docstring(blocks: list[str], indent: int) -> None:
    lines = ir_text.docstring(blocks, indent)
    source = "def f():\n" + "\n".join(" " * (8 - indent) + line for line in lines) + "\n        1"
    tree = ast.parse(source)
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert len(function.body) == (2 if lines else 1)
    found = "".join((ast.get_docstring(function) or "").split())
    said = "".join(c for block in blocks for c in block if c.isprintable() and not c.isspace())
    assert found == said


def test_long_words_and_wide_text_are_wrapped() -> None:
    lines = ir_text.docstring(["word " * 60, "- item " * 40], 4)
    assert max(len(line) for line in lines) <= 100
    assert lines[-1] == '    """'
