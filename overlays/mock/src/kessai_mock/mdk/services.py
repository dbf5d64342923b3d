"""Every service of the mock. Another one is one import and one entry (service.py tells how)."""

from __future__ import annotations

from . import (
    alipay,
    bank,
    card,
    carrier,
    cvs,
    merpay,
    mpi,
    oricosc,
    paypal,
    paypay,
    rakuten,
    search,
    upop,
)
from .service import Service

SERVICES: tuple[Service, ...] = (
    card.SERVICE,
    mpi.SERVICE,
    cvs.SERVICE,
    bank.SERVICE,
    upop.SERVICE,
    paypal.SERVICE,
    alipay.SERVICE,
    carrier.SERVICE,
    oricosc.SERVICE,
    paypay.SERVICE,
    rakuten.SERVICE,
    merpay.SERVICE,
    search.SERVICE,
)
