"""Lists page by page, as one iterator.

Source: the provider's Java SDK, ``doc/``: ``limit`` (10 unless told, at most 100), ``cursor`` (the
id of the last item seen), ``cursor_direction``; ``has_more`` says whether another page follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

__all__ = ["Page", "paginate", "paginate_async"]

P = ParamSpec("P")


class _Item(Protocol):
    @property
    def id(self) -> str: ...


ItemT = TypeVar("ItemT", bound=_Item)
ItemT_co = TypeVar("ItemT_co", bound=_Item, covariant=True)


class Page(Protocol[ItemT_co]):
    """One page of a list, as every ``list`` operation gives it."""

    @property
    def items(self) -> Sequence[ItemT_co]:
        """What is on it."""
        ...

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        ...


def paginate(
    list_page: Callable[P, Page[ItemT]], *args: P.args, **filters: P.kwargs
) -> Iterator[ItemT]:
    """Go through a whole list, fetching a page when it is needed.

    ``list_page`` is a ``list`` operation, and ``filters`` are its own arguments, which the editor
    completes; ``limit`` is the size of a page, ``cursor`` where to begin.

    >>> for charge in paginate(univapay.charges.list, limit=100, currency="JPY"):  # doctest: +SKIP
    ...     print(charge.id)

    Raises what the operation raises, in the middle of the loop. An item that is made while the loop
    runs may be seen or not; none is seen twice.
    """
    ends: set[str] = set()
    while True:
        page = list_page(*args, **filters)
        if _again(page, ends):
            return
        yield from page.items
        if not page.has_more or not page.items:
            return
        filters["cursor"] = page.items[-1].id


async def paginate_async(
    list_page: Callable[P, Awaitable[Page[ItemT]]], *args: P.args, **filters: P.kwargs
) -> AsyncIterator[ItemT]:
    """``paginate`` for an event loop: ``async for charge in paginate_async(...)``."""
    ends: set[str] = set()
    while True:
        page = await list_page(*args, **filters)
        if _again(page, ends):
            return
        for item in page.items:
            yield item
        if not page.has_more or not page.items:
            return
        filters["cursor"] = page.items[-1].id


def _again(page: Page[_Item], ends: set[str]) -> bool:
    """Whether a page ends where an earlier one did: the cursor was ignored, so no endless loop."""
    if not page.items:
        return False
    last = page.items[-1].id
    if last in ends:
        return True
    ends.add(last)
    return False
