"""vResultCode taken apart: four blocks of four characters, and what is known of them.

The first block is the main service's, the others belong to what ran beside it (a card after 3-D
Secure, the member service), ``0000`` stands where nothing did. Whether a command succeeded is told
by ``mstatus`` and by nothing else. The provider has a full list; only a part of it was readable,
so an unknown block is no mistake.

Sources: kit for PHP 2.0.1 and its samples; the provider's pages; the shop plug-ins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BLOCKS", "KIT_CODES", "ResultCode"]

BLOCKS: Final[Mapping[str, str]] = {
    "A001": "the card command succeeded",
    "G001": "3-D Secure can begin",
    "G011": "the authentication succeeded",
    "G012": "the authentication succeeded",
    "G021": "the result of a 3-D Secure payment was read",
    "X001": "the member service succeeded",
    "N001": "the search succeeded",
    "D001": "the convenience store command succeeded",
    "E001": "the electronic money command succeeded",
    "L001": "the PayPal command succeeded",
    "W001": "the carrier command succeeded",
    "W003": "the carrier command succeeded",
    "F001": "the Rakuten Pay command succeeded",
    "K001": "the Merpay command succeeded",
    "1001": "the PayPay command succeeded",
    "NH02": "the state of the order does not allow this command",
    "OC09": "the token is missing, was used before, or is older than 15 minutes",
    "WGU1": "the customer broke it off at the carrier",
    "WGU3": "an error after the payment at the carrier",
    **{
        f"AG{number}": "the card was refused"
        for number in (33, 39, 41, *range(44, 50), 51, 61, 64, 70, 71, 72)
    },
}
"""What is known of single blocks; of bank, UnionPay, Alipay and Orico, not even a success is."""

KIT_CODES: Final[Mapping[str, str]] = {
    "MA01": "a setting is missing",
    "MA02": "a setting has a wrong value",
    "MA03": "a file is missing",
    "MA05": "the kit's own",
    "MA07": "a member of the request is no text",
    "MA99": "an error inside the kit",
    "MB01": "no settings were found",
    "MB02": "the kit's own",
    "MB03": "no TLS socket could be opened",
    "MB99": "an error inside the kit",
    "MF01": "the proxy could not be reached",
    "MF02": "no connection; in PHP, any other HTTP status too",
    "MF03": "a timeout",
    "MF05": "HTTP 500",
    "MF06": "HTTP 502",
    "MF07": "HTTP 503",
    "MF99": "an answer without mstatus, or an error inside the kit",
}
"""Codes that the provider's kits make up themselves, with mstatus failure, for whoever reads their
old logs. kessai never returns them: settings raise SettingsError or ConfigurationError, and where
the kit says MF02 to MF99 the order may well have been carried out, so it is OutcomeUnknown here."""

_NONE = "0000"
_REFUSED_CARD = re.compile(r"AG[0-9A-Z]{2}")
_FAILED_3DS = re.compile(r"GE[0-9A-Z]{2}")


class ResultCode:
    """A vResultCode.

    ``text``: as it came (16 characters; some pages print fewer). ``blocks``: four characters each,
    the last one shorter if the text is. Equal to another of the same text, and to the text.
    """

    __slots__ = ("blocks", "text")

    text: str
    blocks: tuple[str, ...]

    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks = tuple(text[at : at + 4] for at in range(0, len(text), 4))

    @property
    def main(self) -> str:
        """The main service's block; empty for an empty code."""
        return self.blocks[0] if self.blocks else ""

    @property
    def options(self) -> tuple[str, ...]:
        """The blocks of what ran beside it, in order, without ``0000``."""
        return tuple(block for block in self.blocks[1:] if block.strip("0"))

    @property
    def meaning(self) -> str | None:
        """What the main block means, or None."""
        return _meaning(self.main)

    @property
    def meanings(self) -> tuple[str, ...]:
        """What every block means, in order, as far as it is known."""
        found = (_meaning(block) for block in self.blocks if block != _NONE)
        return tuple(meaning for meaning in found if meaning is not None)

    def __contains__(self, block: object) -> bool:
        """Whether one of the blocks is this one: ``"OC09" in code``."""
        return block in self.blocks

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ResultCode):
            return self.text == other.text
        return self.text == other if isinstance(other, str) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"ResultCode({self.text!r})"


def _meaning(block: str) -> str | None:
    known = BLOCKS.get(block) or KIT_CODES.get(block)
    if known is not None:
        return known
    if _REFUSED_CARD.fullmatch(block):
        return "the card was refused"
    return "3-D Secure failed" if _FAILED_3DS.fullmatch(block) else None
