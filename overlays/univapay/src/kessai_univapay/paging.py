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
    cursor: str | None = None
    while True:
        if cursor is not None:
            filters["cursor"] = cursor
        page = list_page(*args, **filters)
        yield from page.items
        following = _following(page, cursor)
        if following is None:
            return
        cursor = following


async def paginate_async(
    list_page: Callable[P, Awaitable[Page[ItemT]]], *args: P.args, **filters: P.kwargs
) -> AsyncIterator[ItemT]:
    """``paginate`` for an event loop: ``async for charge in paginate_async(...)``."""
    cursor: str | None = None
    while True:
        if cursor is not None:
            filters["cursor"] = cursor
        page = await list_page(*args, **filters)
        for item in page.items:
            yield item
        following = _following(page, cursor)
        if following is None:
            return
        cursor = following


def _following(page: Page[_Item], cursor: str | None) -> str | None:
    """Where the next page begins. A page that moves nothing on ends the list: no endless loop."""
    if not page.has_more or not page.items or page.items[-1].id == cursor:
        return None
    return page.items[-1].id
