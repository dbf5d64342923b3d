"""The mock of PAYTREE as one object: the simulation in a world of its own, and its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..clock import Clock, text
from ..webhooks import Policy, threaded_deliver
from ..world import World
from . import signatures
from .settings import Settings
from .simulation import CLASSES, Simulation

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey


class Gateway(World):
    """All state of one mock. Code that touches it holds `lock`; nothing awaits under it.

    The keys outlive a reset. Raises ValueError for a key or a test class that is none.
    """

    simulation: Simulation

    def __init__(
        self, settings: Settings | None = None, *, seed: int = 1, clock: Clock | None = None
    ) -> None:
        self.settings: Settings = settings or Settings()
        pem = self.settings.private_key or signatures.KeyPair.generate().private_pem
        self.private_key: RSAPrivateKey = signatures.private_key(pem)
        registered = self.settings.merchant_public_key
        self.merchant_key: RSAPublicKey | None = (
            None if registered is None else signatures.public_key(registered)
        )
        # There are no notices: PAYTREE is asked.
        super().__init__(seed=seed, policy=Policy(0), deliver=threaded_deliver, clock=clock)

    def _begin(self) -> None:
        super()._begin()
        settings = self.settings
        self.simulation = Simulation(
            confirms=settings.confirms,
            outage=settings.outage,
            approval_seconds=settings.approval_seconds,
            clock=self.clock,
            ids=self.ids,
            ledger=self.ledger,
        )
        self.choose({name: getattr(settings, name) for name in CLASSES})

    def choose(self, classes: dict[str, Any]) -> None:
        """Set test classes by operation. Raises ValueError for one that does not exist."""
        for name, chosen in classes.items():
            count = CLASSES.get(name)
            if count is None:
                raise ValueError(f"there are test classes of {', '.join(CLASSES)}")
            if isinstance(chosen, bool) or chosen not in range(count):
                raise ValueError(f"the test class of {name} is a number from 0 to {count - 1}")
        for name, chosen in classes.items():
            setattr(self.simulation, name, chosen)

    @property
    def classes(self) -> dict[str, int]:
        """The test class of each operation."""
        return {name: getattr(self.simulation, name) for name in CLASSES}

    @property
    def public_pem(self) -> bytes:
        """The key that verifies this mock's answers, as PEM."""
        return signatures.public_pem(self.private_key.public_key())

    def describe(self) -> dict[str, Any]:
        """A summary for GET /_mock."""
        return {
            "gateway": "paytree",
            **super().describe(),
            "now": text(self.clock.now),
            "orders": len(self.simulation.orders),
            "classes": self.classes,
            "verifies": self.merchant_key is not None,
        }
