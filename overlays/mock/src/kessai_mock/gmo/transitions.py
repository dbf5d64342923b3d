"""The states of orders and verifications, and which may follow which.

The names are documented enumerations; which follows which is read from the manual's
sequences. Marked `assumed` where the manual is silent. A mock that tried any other step
would be wrong, so it stops with `TransitionError` instead.
"""

from __future__ import annotations

from ..transitions import NEW, Transition, steps

CREDIT = steps(
    "CREDIT",
    {
        NEW: "UNPROCESSED AUTHENTICATED AUTH CAPTURE CHECK",
        # A failed order may be tried again under its orderId (assumed: documented retries
        # of failures could never succeed otherwise).
        "UNPROCESSED": "UNPROCESSED AUTHENTICATED AUTH CAPTURE CHECK",
        "AUTHENTICATED": "UNPROCESSED AUTH CAPTURE CHECK",
        "AUTH": "AUTH CAPTURE SALES CANCEL",
        "CAPTURE": "AUTH CAPTURE CANCEL",
        "SALES": "AUTH CAPTURE CANCEL",
    },
)
WALLET = steps(
    "WALLET",
    {
        NEW: "UNPROCESSED REQSUCCESS AUTH CAPTURE",
        "UNPROCESSED": "UNPROCESSED REQSUCCESS AUTH CAPTURE",
        "REQSUCCESS": "AUTHPROCESS EXPIRED",
        "AUTHPROCESS": "AUTH CAPTURE REGISTER PAYFAIL EXPIRED",
        "AUTH": "AUTH SALES CANCEL",
        "CAPTURE": "CAPTURE CANCEL REQRETURN",
        "SALES": "SALES CANCEL REQRETURN",
        "REQRETURN": "RETURN SALES CAPTURE",  # back to where it was: assumed, refund failed
        "REGISTER": "END",
    },
)
CASH = steps(
    "CASH",
    {
        NEW: "UNPROCESSED REQSUCCESS TRADING",
        "UNPROCESSED": "UNPROCESSED REQSUCCESS TRADING",
        "REQSUCCESS": "PAYSUCCESS EXPIRED CANCEL",
        "TRADING": "TRADING PAYSUCCESS EXPIRED STOP",
        "PAYSUCCESS": "PAYSUCCESS",  # a second deposit to the same virtual account
    },
)
VERIFICATION = steps("VERIFICATION", {NEW: "REQSUCCESS", "REQSUCCESS": "SUCCESS FAILURE CANCEL"})
TRANSITIONS: frozenset[Transition] = CREDIT | WALLET | CASH | VERIFICATION
