"""Every service of the mock. Another one is one import and one entry (service.py tells how)."""

from __future__ import annotations

from . import card
from .service import Service

SERVICES: tuple[Service, ...] = (card.SERVICE,)
