"""The MDK: rules that are about more than one member's size, and all rows together.

Handwritten from the kit's comments (PHP 2.0.1) and the flow guide (1.0.8): nothing here comes from
the spec files. What only plug-ins or other people's clients say, or nobody, warns.
"""

from __future__ import annotations

from typing import Any, cast

from tests.rules.bodies import ABSENT, Patch
from tests.rules.mdk_bodies import COMMANDS
from tests.rules.mdk_fields import rows
from tests.rules.rows import Row

# A table: several values on a line.
# fmt: off
KIT = "MDK for PHP 2.0.1"
GUIDE = "flow guide 1.0.8"
PLUGIN = "third party: the provider's shop plug-in"
OTHERS = "third party: somebody else's client"

_ITEM: Patch = {"/itemName2": "本", "/itemCount2": "1", "/itemAmount2": "100"}


def _row(
    operation: str, rule: str, good: Any, bad: Any, source: str, *,
    limit: int | str | None = None, setting: Patch | None = None, enforced: bool = True,
    tag: str = "",
) -> Row:
    """A rule written as ``/pointer#code``; a value stands for the member itself, or a patch."""
    pointer, _, code = rule.partition("#")
    return Row(f"{operation}{rule}{tag}", operation, COMMANDS[operation], pointer, code, limit,
               _patch(pointer, good), _patch(pointer, bad), source, setting or {}, enforced)


def _patch(pointer: str, value: Any) -> Patch:
    return cast("Patch", value) if isinstance(value, dict) else {pointer: value}


def _warns(operation: str, rule: str, good: Any, bad: Any, source: str, **more: Any) -> Row:
    return _row(operation, rule, good, bad, source, enforced=False, **more)


_WITHOUT_ORDER = ("alipayCreateIdentityCode", "searchSearch", "token")
_ON_ORDER = [name for name in COMMANDS if name not in _WITHOUT_ORDER]
_DOTTED = [name for name in _ON_ORDER if name.startswith(("cvs", "paypal"))]

ROWS: list[Row] = [
    # An order's number: letters, digits, - and _ (konbini and PayPal: also .); never Search's *
    *(_row(name, "/orderId#charset", "Az09-_", bad, f"{KIT} orderId", tag=f"-{number}")
      for name in _ON_ORDER for number, bad in enumerate(("a*", "a b", "注文", "a/b"))),
    *(_row(name, "/orderId#charset", "a-b", "a.b", f"{KIT} orderId", tag="-dot")
      for name in _ON_ORDER if name not in _DOTTED),
    *(_row(name, "/orderId#charset", "a.b", "a.*", f"{KIT} orderId", tag="-dotted")
      for name in _DOTTED),
    *(_row(name, "/originalOrderId#charset", "Az09-_", "a*", f"{KIT} originalOrderId")
      for name in COMMANDS if name.endswith("ReAuthorize")),
    *(_row(name, "/orderId#min-length", "a", "", f"{KIT} orderId", limit=1) for name in _ON_ORDER),
    # Required: what names order, variant and amount
    *(_row(name, "/orderId#required", {}, ABSENT, f"{KIT} orderId") for name in _ON_ORDER),
    *(_row(name, "/amount#required", {}, ABSENT, f"{KIT} amount")
      for name in ("cardAuthorize", "cardReAuthorize", "mpiAuthorize", "mpiReAuthorize",
                   "cvsAuthorize", "bankAuthorize",
                   "upopAuthorize", "alipayAuthorize", "carrierAuthorize",
                   "carrierReAuthorize", "carrierUpdateAuthorize")),
    *(_row(name, "/originalOrderId#required", {}, ABSENT, f"{KIT} originalOrderId")
      for name in COMMANDS if name.endswith("ReAuthorize")),
    *(_row(name, "/serviceOptionType#required", {}, ABSENT, f"{KIT} serviceOptionType")
      for name in COMMANDS
      if name.startswith(("mpiAuthorize", "mpiRe", "cvs", "bank", "carrier", "paypay", "merpay"))),
    *(_row(name, "/action#required", {}, ABSENT, f"{KIT} action")
      for name in ("paypalAuthorize", "paypalCapture")),
    _row("alipayAuthorize", "/currency#required", {}, ABSENT, f"{KIT} currency"),
    *(_row("token", f"/{name}#required", {}, ABSENT, "plug-ins token.js 2020")
      for name in ("token_api_key", "card_number", "card_expire")),
    _row("token", "/token_api_key#max-length", "a" * 36, "a" * 37, "plug-ins token.js 2020",
         limit=36),
    _warns("token", "/lang#enum", "ja", "fr", "plug-ins token.js 2020"),
    _row("token", "/card_expire#pattern", "12/30", "1230", "plug-ins token.js 2020"),
    # Least and greatest
    *(_row(name, f"/{member}#minimum", str(least), str(least - 1), f"{KIT} {member}", limit=least,
           setting=setting)
      for name, member, least, setting in (
          ("cardAuthorize", "amount", 1, None), ("cardReAuthorize", "amount", 1, None),
          ("mpiAuthorize", "amount", 1, None), ("mpiReAuthorize", "amount", 1, None),
          ("mpiAuthorize", "verifyTimeout", 1, None), ("carrierAuthorize", "amount", 1, None),
          ("carrierCancel", "amount", 1, None), ("carrierReAuthorize", "amount", 1, None),
          ("carrierUpdateAuthorize", "amount", 1, None), ("merpayAuthorize", "amount", 1, None),
          ("merpayCapture", "amount", 1, None), ("merpayReAuthorize", "amount", 1, None),
          ("paypayAuthorize", "amount", 1, None), ("paypayCapture", "amount", 1, None),
          ("paypayReAuthorize", "amount", 1, None), ("paypayRefund", "amount", 1, None),
          ("rakutenAuthorize", "amount", 1, None), ("rakutenAuthorize", "expireMinutes", 1, None),
          ("upopAuthorize", "amount", 1, None), ("alipayAuthorize", "amount", 1, None))),
    *(_row(name, f"/{member}#maximum", str(most), str(most + 1), f"{KIT} {member}", limit=most)
      for name, member, most in (
          ("merpayAuthorize", "amount", 1_000_000), ("merpayCapture", "amount", 1_000_000),
          ("merpayReAuthorize", "amount", 1_000_000),
          ("rakutenAuthorize", "expireMinutes", 1440))),
    _row("alipayAuthorize", "/amount#minimum", "100", "99", f"{KIT} alipay amount, yuan x 100",
         limit=100, setting={"/currency": "CNY"}, tag="-cny"),
    _row("alipayAuthorize", "/amount#maximum", "5000000", "5000001",
         f"{KIT} alipay amount, yuan x 100", limit=5_000_000, setting={"/currency": "CNY"},
         tag="-cny"),
    # Cards and 3-D Secure
    *(_row(name, "/salesDay#with-capture", {"/withCapture": "true"}, {"/withCapture": bad},
           f"{KIT} salesDay", setting={"/salesDay": "20260131"}, tag=f"-{number}")
      for name in ("cardAuthorize", "cardReAuthorize", "mpiAuthorize", "mpiReAuthorize")
      for number, bad in enumerate(("false", ABSENT))),
    *(_row(name, "/salesDay#date", "20260228", "20260230", f"{KIT} salesDay",
           setting={"/withCapture": "true"})
      for name in ("cardAuthorize", "cardReAuthorize", "mpiAuthorize", "mpiReAuthorize")),
    *(_warns("cardAuthorize", "/jpo#pattern", good, bad, f"{PLUGIN} CREDIT_PAY_METHOD", tag=bad)
      for good, bad in (("61C02", "61C01"), ("61C24", "61C25"), ("80", "81"), ("10", "1"))),
    _warns("mpiAuthorize", "/deviceChannel#required", "02", ABSENT, f"{OTHERS} 3-D Secure 2"),
    _warns("mpiAuthorize", "/cardholderName#required", {"/cardholderNameOmitFlag": "true"},
           {"/cardholderNameOmitFlag": "false"}, f"{OTHERS} 3-D Secure 2",
           setting={"/cardholderName": ABSENT}),
    _warns("mpiAuthorize", "/cardholderEmail#required", {"/cardholderMobilePhoneNumber": "901234"},
           {"/cardholderNameOmitFlag": "false"}, f"{OTHERS} 3-D Secure 2",
           setting={"/cardholderEmail": ABSENT}),
    # Konbini
    *(_row("cvsAuthorize", "/telNo#telephone", good, bad, f"{KIT} cvs telNo", tag=f"-{number}")
      for number, (good, bad) in enumerate((
          ("09012345678", "090123456789"), ("03-1234-5678", "03--1234"), ("0901", "+8190"),
          ("0901", "０９０１"), ("0901", "090 1")))),
    _row("cvsAuthorize", "/telNo#max-length", "090-1234-5678", "090-1234-56-78", f"{KIT} cvs telNo",
         limit=13),
    _row("cvsAuthorize", "/paymentType#fixed", "0", "1", f"{KIT} cvs paymentType", limit="0"),
    *(_row("cvsAuthorize", "/payLimitHhmm#time", "23:59", bad, f"{KIT} cvs payLimitHhmm", tag=bad)
      for bad in ("24:00", "10:60")),
    _row("cvsAuthorize", "/payLimit#date", "2026/02/28", "2026/02/30", f"{KIT} cvs payLimit"),
    *(_row("cvsAuthorize", "/payLimit#window", good, bad, f"{KIT} cvs payLimit", limit=60, tag=bad)
      for good, bad in (("2026/01/05", "2026/01/04"), ("2026/03/06", "2026/03/07"))),
    _warns("cvsAuthorize", "/amount#maximum", "299999", "300000", PLUGIN, limit=299_999),
    _warns("cvsAuthorize", "/free1#not-shown", {"/serviceOptionType": "lawson"},
           {"/serviceOptionType": "sej"}, f"{KIT} cvs free1", setting={"/free1": "けっさい"}),
    *(_warns("cvsAuthorize", f"/{name}#max-bytes", "ア" * (most // 2), "ア" * (most // 2) + "a",
             f"{KIT} cvs {name}", limit=most, setting={"/serviceOptionType": store}, tag=store)
      for store, most in (("famima", 38), ("other", 32)) for name in ("free1", "free2")),
    # Banks
    *(_row("bankAuthorize", f"/{name}#excludes", {f"/{name}": value},
           {f"/{name}": value, "/payCsv": "0001"}, f"{GUIDE} 2-4")
      for name, value in (("viewLocale", "ja"), ("termUrl", "https://shop.example/thanks"))),
    *(_row("bankAuthorize", "/termUrl#netbank-pc", {"/serviceOptionType": "netbank-pc"},
           {"/serviceOptionType": kind}, f"{KIT} bank termUrl",
           setting={"/termUrl": "https://shop.example/thanks"}, tag=f"-{kind}")
      for kind in ("atm", "netbank-au")),
    *(_row("bankAuthorize", f"/{name}#pattern", good, bad, f"{KIT} bank {name}", tag=bad)
      for name, good, bad in (
          ("telNo", "031234567", "03123456"), ("telNo", "09012345678", "090123456789"),
          ("telNo", "0312345678", "03-1234-567"), ("post1", "150", "15"), ("post1", "150", "15a"),
          ("post2", "0031", "031"))),
    *(_row("bankAuthorize", f"/{name}#date", "20260228", "20260230", f"{KIT} bank {name}")
      for name in ("payLimit", "agreementDate")),
    # Alipay
    *(_warns("alipayAuthorize", f"/{name}#required", f"https://shop.example/{name}", ABSENT,
             f"{KIT} alipay payType",
             setting={"/payType": "0", "/identityCode": ABSENT,
                      "/successUrl": "https://shop.example/s",
                      "/errorUrl": "https://shop.example/e"})
      for name in ("successUrl", "errorUrl")),
    _warns("alipayAuthorize", "/identityCode#pay-type", {"/payType": "1"}, {"/payType": "2"},
           f"{KIT} alipay identityCode"),
    # Carriers
    *(_row("carrierAuthorize", "/mpDay#day", good, bad, f"{KIT} carrier mpDay",
           setting={"/accountingType": "1", "/mpFirstDate": "20260131"}, tag=f"-{bad}")
      for good, bad in (("1", "0"), ("28", "29"), ("99", "98"))),
    _row("carrierAuthorize", "/mpFirstDate#date", "20260131", "20260132",
         f"{KIT} carrier mpFirstDate", setting={"/accountingType": "1", "/mpDay": "28"}),
    *(_row(name, f"/{member}#month", "202612", "202613", f"{KIT} carrier {member}")
      for name, member in (("carrierCapture", "captureMonth"), ("carrierCancel", "cancelMonth"))),
    *(_warns("carrierAuthorize", f"/{name}#required", value, ABSENT, f"{GUIDE} 2-9",
             setting={"/accountingType": "1", "/mpFirstDate": "20260131", "/mpDay": "28"})
      for name, value in (("mpFirstDate", "20260131"), ("mpDay", "28"))),
    _warns("carrierAuthorize", "/d3Flag#service-option", {"/serviceOptionType": "sb_ktai"},
           {"/serviceOptionType": "docomo"}, f"{KIT} carrier d3Flag", setting={"/d3Flag": "0"}),
    _warns("carrierUpdateAuthorize", "/serviceOptionType#not-served", "au", "docomo",
           f"{KIT} carrier UpdateAuthorize"),
    # Shopping credit
    *(_row("oricoscAuthorize", f"/{name}2#together", _ITEM, {**_ITEM, f"/{name}2": ABSENT},
           f"{KIT} oricosc {name}")
      for name in ("itemName", "itemCount", "itemAmount")),
    # Wallets
    *(_warns(name, "/oneTimeCode#required", "281234", ABSENT, f"{KIT} oneTimeCode",
             setting={"/serviceOptionType": "barcode"})
      for name in ("paypayAuthorize", "merpayAuthorize")),
    # A client's own members
    *(_row("cardAuthorize", f"/{name}#own", {}, "1", "facts of the kit, envelope")
      for name in ("merchantCcid", "txnVersion", "dummyRequest", "authHash")),
]
# fmt: on

FIELD_ROWS: list[Row] = rows()
"""The limits of single members, 670 of them."""
