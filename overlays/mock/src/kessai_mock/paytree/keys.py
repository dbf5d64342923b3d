"""Test keys in a folder of their own, for a mock that is started from the command line."""

from __future__ import annotations

import os
from pathlib import Path

from .signatures import KeyPair, public_key

GATEWAY_PUBLIC = "paytree-public.pem"
MERCHANT_PRIVATE = "merchant-private.pem"
MERCHANT_PUBLIC = "merchant-public.pem"


def merchant_key(folder: Path) -> bytes:
    """The merchant's public key in `folder`; a pair is made there if there is none.

    Raises OSError for a folder that cannot be used, ValueError for a file that is no key.
    """
    folder.mkdir(parents=True, exist_ok=True)
    public = folder / MERCHANT_PUBLIC
    if not public.exists():
        pair = KeyPair.generate()
        # Only its owner may read a private key, even one for tests.
        handle = os.open(folder / MERCHANT_PRIVATE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pair.private_pem)
        public.write_bytes(pair.public_pem)
    return read(public)


def read(path: Path) -> bytes:
    """A public key's PEM. Raises OSError or ValueError, naming the file."""
    pem = path.read_bytes()
    try:
        public_key(pem)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None
    return pem
