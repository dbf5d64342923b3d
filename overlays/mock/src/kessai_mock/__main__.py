"""python -m kessai_mock."""

from __future__ import annotations

from .cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main(prog_name="kessai-mock")
