"""What all tests share: values are drawn the same, whatever else a run has imported.

Hypothesis also draws constants it finds in the project's imported modules. So the same test would
try other values beside other tests, and after every change of code; a failure could not be had
again by running its test alone. Nothing public turns that off; Hypothesis is pinned.
"""

from __future__ import annotations

from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants


def _no_constants() -> Constants:
    return Constants()


assert callable(providers._get_local_constants)  # pyright: ignore[reportPrivateUsage]
providers._get_local_constants = _no_constants  # pyright: ignore[reportPrivateUsage]
