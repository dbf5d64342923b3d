"""How contract tests draw: the same in every run, nothing kept, no clock."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings


def drawing(examples: int) -> settings:
    """Settings for so many examples."""
    return settings(
        phases=[Phase.generate, Phase.shrink],
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
