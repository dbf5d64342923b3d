"""Result codes, and how a command is refused.

A vResultCode is four blocks of four characters: the main service's, then those of what was
done along with it, then 0000. Codes that begin with Z are this mock's own, because no
document at hand says the real ones: the README's table lists them as assumed.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Mstatus = Literal["success", "failure", "pending"]


class Known(NamedTuple):
    """What a block says."""

    mstatus: Mstatus
    message: str


def _ok(message: str = "Success.") -> Known:
    return Known("success", message)


def _no(message: str) -> Known:
    return Known("failure", message)


_DECLINES = (
    "AG33", "AG39", "AG41", "AG44", "AG45", "AG46", "AG47", "AG48", "AG49", "AG51", "AG61",
    "AG64", "AG70", "AG71", "AG72",
)  # fmt: skip
CODES: dict[str, Known] = {
    # From documents (facts of the kit, its ports and plug-ins).
    "A001": _ok(),  # card
    "D001": _ok(),  # cvs
    "F001": _ok(),  # rakuten
    "G001": _ok("3DS can be run."),  # mpi Authorize
    "G011": _ok(),  # mpi verification
    "G021": _ok(),  # mpi GetResult
    "K001": _ok(),  # merpay
    "L001": _ok(),  # paypal
    "N001": _ok(),  # search
    "W001": _ok(),  # carrier
    "W003": _ok(),  # carrier
    "X001": _ok(),  # member service, as a further block
    "1001": _ok(),  # paypay
    "NH02": _no("Not possible in the order's state."),
    "OC09": _no("The token is unknown, used or older than 15 minutes."),
    "WGU1": _no("Cancelled by the customer."),
    "WGU3": _no("Error after the payment."),
    **dict.fromkeys(_DECLINES, _no("Declined by the card company.")),
    # From the sandbox tables of the same provider's Unified API, which give these very blocks.
    "K003": _ok(),  # merpay
    "WG02": _no("The carrier refused."),
    "WG04": _no("The customer cannot pay this."),
    "1GD1": _no("PayPay refused."),
    "1G02": _no("The balance does not suffice."),
    "FG24": _no("Rakuten Pay refused."),
    "FG26": _no("Too late."),
    "KG10": _no("Merpay refused."),
    "KGU1": _no("Cancelled by the customer."),
    "1E50": Known("pending", "PayPay has not decided."),
    "1G21": Known("pending", "The customer is asked to pay."),
    "FED1": Known("pending", "Rakuten Pay has not decided."),
    "KED1": Known("pending", "Merpay has not decided."),
    # Assumed.
    "ZB01": _ok(),  # bank
    "ZO01": _ok(),  # oricosc
    "ZP01": _ok(),  # alipay
    "ZU01": _ok(),  # upop
    "ZA01": _no("The body cannot be read."),
    "ZA02": _no("No such merchantCcid."),
    "ZA03": _no("The authHash does not fit."),
    "ZA04": _no("dummyRequest and the address do not fit."),
    "ZA05": _no("Wrong txnVersion."),
    "ZF01": _no("Wrong parameter."),
    "ZF02": _no("The amount is larger than what is left."),
    "ZN01": _no("No such order."),
    "ZN02": _no("The orderId is in use."),
    "ZX01": _no("No such member or card."),
    "ZD01": _no("Declined."),
    "ZD02": _no("The customer gave up."),
    "ZD03": _no("Too late."),
    "GE01": _no("The customer was not authenticated."),  # GExx is known, which means what is not
    "GE02": _no("The authentication was not finished."),
    "GE03": _no("The authentication did not work."),
    "ZW00": Known("pending", "Not yet decided."),
    "ZS99": _no("A fault of the mock; see /_mock."),
}
DECLINES: tuple[str, ...] = _DECLINES


class RefusalError(Exception):
    """A command the gateway refuses: mstatus failure with this code."""

    def __init__(self, code: str, detail: str | None = None) -> None:
        super().__init__(code, detail)
        self.code: str = code
        self.detail: str | None = detail


def v_result_code(*blocks: str) -> str:
    """16 characters: the blocks, and 0000 for those that are not used."""
    return "".join(blocks).ljust(16, "0")


def message(code: str, detail: str | None = None) -> str:
    """merrMsg: what the code says, and in brackets what it is about."""
    known = CODES[code].message
    return known if detail is None else f"{known} ({detail})"
