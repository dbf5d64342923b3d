"""Merchant, order, payer: what every payment shares."""

from __future__ import annotations

from tests.rules import bodies as b
from tests.rules.rows import Member, Row, S

# A table: several values on a line.
# fmt: off
_M = Member("creditCharge", b.credit_charge, "/merchant")
_O = Member("creditCharge", b.credit_charge, "/order")
_I = Member("creditCharge", b.credit_charge, "/order/items/0", {"/order/items": [b.item()]})
_A = Member("creditCharge", b.credit_charge, "/order/shippingAddress",
            {"/order/shippingAddress": b.address()})
_F = Member("creditCharge", b.credit_charge, "/order/clientFields")
_P = Member("creditCharge", b.credit_charge, "/payer")
_T = Member("creditCharge", b.credit_charge, "/payer/phones/0")

_URL = "https://books.example.com/"
_MAIL = "@books.example.com"
_LABELS = ".".join(["b" * 60] * 3)
LONG_MAIL = ("a" * 59 + "@" + _LABELS + ".example.com", "a" * 60 + "@" + _LABELS + ".example.com")
"""An address of 254 characters, and one of 255."""

ROWS: list[Row] = [
    # Merchant
    *_M.required(
        f"{S} merchant",
        "name", "nameKana", "nameAlphabet", "nameShort", "contactName", "contactEmail",
        "contactPhone", "contactOpeningHours",
    ),
    *_M.lengths(f"{S} merchant", name=30, nameAlphabet=25, nameShort=30, contactName=42),
    *_M.lengths(f"{S} merchant", "0", contactPhone=13, csrfToken=36),
    *_M.utf8(f"{S} merchant", name=45, nameShort=45, contactName=63),
    _M.row("nameKana", "max-bytes", 60, "ア" * 20, "ア" * 21, f"{S} merchant.nameKana"),
    *_M.patterns(
        f"{S} merchant",
        nameKana=("ケッサイ　ショテン", "ケッサイ ショテン", "けっさい", "ｹｯｻｲ", "KESSAI",
                  "ケッサイ\n"),
        nameAlphabet=("Kessai Books, No.1-/", "Kessai_Books", "Kessai+Books", "Ｋｅｓｓａｉ"),
        contactPhone=("03-0000-0000", "03(0000)0000", "０３-0000", "+81-3"),
        contactOpeningHours=("9:00-23:59", "24:00-25:00", "10:60-18:00", "10:00", "10:00-18:00 "),
        csrfToken=("abc-DEF-012", "abc_def", "abc=def", "ａｂｃ"),
    ),
    _M.row("contactEmail", "format", "email", "a.b+c" + _MAIL, "a..b" + _MAIL,
           f"{S} merchant.contactEmail"),
    _M.row("contactEmail", "format", "email", "a" + _MAIL, "no-address",
           f"{S} merchant.contactEmail", tag="no-at"),
    _M.row("contactEmail", "max-length", 254, *LONG_MAIL, f"{S} merchant.contactEmail"),
    _M.row("contactOpeningHours", "max-length", 11, "10:00-18:00", "10:00-18:000",
           f"{S} merchant.contactOpeningHours"),
    *(
        row
        for name in ("contactUrl", "callbackUrl", "webhookUrl")
        for row in (
            _M.row(name, "max-length", 256, _URL + "a" * (256 - len(_URL)),
                   _URL + "a" * (257 - len(_URL)), f"{S} merchant.{name}"),
            _M.row(name, "format", "uri", _URL, "books.example.com/", f"{S} merchant.{name}"),
        )
    ),
    # Order
    *_O.required(f"{S} order", "orderId", "amount", "transactionType"),
    *_O.lengths(f"{S} order", orderId=27),
    *_O.patterns(
        f"{S} order",
        orderId=("A-1001-z", "A_1001", "A 1001", "Ａ1001", "注文1"),
        currency=("JPY", "jpy", "JP", "JPYE"),
    ),
    _O.row("amount", "max-length", 15, "9" * 15, "1" + "0" * 15, f"{S} order.amount"),
    _O.row("currency", "currency", "JPY", "JPY", "USD", f"{S} order.currency"),
    Row("one-address", "creditCharge", b.credit_charge, "/order/addressMatch", "one-address",
        None, {"/order/billingAddress": b.ABSENT}, {"/order/billingAddress": b.address()},
        f"{S} order.addressMatch",
        {"/order/addressMatch": True, "/order/shippingAddress": b.address()}),
    # Client fields: EUC-JP, where a Japanese letter takes two bytes and half-width kana too
    *(
        row
        for name in ("clientField1", "clientField2", "clientField3")
        for row in (
            _F.row(name, "max-bytes", 100, "あ" * 50, "あ" * 50 + "a", f"{S} clientFields.{name}"),
            _F.row(name, "max-bytes", 100, "ｱ" * 50, "ｱ" * 51, f"{S} clientFields.{name}",
                   tag="half-width-kana"),
            _F.row(name, "max-length", 100, "a" * 100, "a" * 101, f"{S} clientFields.{name}"),
        )
    ),
    # Items
    *_I.required(f"{S} order.items", "name", "quantity", "type", "price"),
    *_I.lengths(f"{S} order.items", name=128, description=120, productId=30, productCode=13),
    *_I.utf8(f"{S} order.items", name=192, description=180),
    *_I.patterns(
        f"{S} order.items",
        category=("5942", "594", "59420", "５９４２", "food"),
        productId=("ISBN 4-00ｱ", "ＩＳＢＮ", "本"),
        productCode=("4900000000000", "４９", "本"),
    ),
    _I.row("quantity", "maximum", 9999, 9999, 10000, f"{S} order.items.quantity"),
    _I.row("price", "max-length", 15, "9" * 15, "1" + "0" * 15, f"{S} order.items.price",
           setting={"/order/amount": "9" * 15}),
    _I.row("price", "price-at-most-amount", None, "3980", "3981", f"{S} order.items.price"),
    # Addresses
    *_A.required(f"{S} order.shippingAddress", "name", "line1", "city", "state", "postCode"),
    *_A.lengths(f"{S} order.shippingAddress", name=40, line1=50, line2=50, line3=50, city=50),
    *_A.lengths(f"{S} order.shippingAddress", "0", postCode=16),
    *_A.utf8(f"{S} order.shippingAddress", name=60, line1=75, line2=75, line3=75, city=75),
    *_A.patterns(
        f"{S} order.shippingAddress",
        state=("013", "13", "Tokyo", "０１３"),
        postCode=("1500031", "150 0031", "１５０", "〒150"),
        country=("392", "JP", "JPN", "39"),
    ),
    _A.row("state", "prefecture", "001-047", "047", "048", f"{S} order.shippingAddress.state"),
    _A.row("state", "prefecture", "001-047", "001", "000", f"{S} order.shippingAddress.state",
           tag="low"),
    _A.row("country", "country", None, "392", "081", f"{S} order.shippingAddress.country"),
    _A.row("country", "country", None, "840", "001", f"{S} order.shippingAddress.country",
           tag="telephone-code"),
    Row("billing-prefecture", "creditCharge", b.credit_charge, "/order/billingAddress/state",
        "prefecture", "001-047", {"/order/billingAddress/state": "013"},
        {"/order/billingAddress/state": "048"}, f"{S} order.billingAddress.state",
        {"/order/billingAddress": b.address()}),
    # Payer
    *_P.required(f"{S} payer", "name"),
    *_P.lengths(f"{S} payer", name=40, nameAlphabet=30, accountId=60, ip=39, httpUserAgent=512),
    *_P.utf8(f"{S} payer", name=60),
    _P.row("nameKana", "max-bytes", 60, "ア" * 20, "ア" * 21, f"{S} payer.nameKana"),
    *_P.patterns(
        f"{S} payer",
        nameKana=("ヤマダ　ハナコ", "ヤマダ ハナコ", "やまだ", "ﾔﾏﾀﾞ", "ヤマダ1"),
        nameAlphabet=("Hanako Yamada", "Hanako_Yamada", "山田"),
        dateOfBirth=("20000229", "2000-02-29", "200002", "２０００0229"),
        accountId=("user@1_.-", "user 1", "user/1", "ユーザ"),
        httpUserAgent=("Mozilla/5.0 (X11)", "ブラウザ", "tab\there"),
    ),
    _P.row("dateOfBirth", "date", None, "20240229", "20230229", f"{S} payer.dateOfBirth"),
    *(
        row
        for name in ("email", "deliveryEmail")
        for row in (
            _P.row(name, "format", "email", "a" + _MAIL, "a@", f"{S} payer.{name}"),
            _P.row(name, "max-length", 254, *LONG_MAIL, f"{S} payer.{name}"),
        )
    ),
    *_T.lengths(f"{S} payer.phones", "0", number=13),
    *_T.patterns(
        f"{S} payer.phones",
        number=("09000000000", "090 0000", "+819000000000", "０９０"),
        countryCode=("81", "+81", "8181", "８１"),
    ),
]
