"""What every gateway's client offers beside its operations: raw answers, resolving, closing.

A generated ``<Gateway>Api`` adds the groups of operations, an overlay's client the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from kessai.closing import AsyncClosing, Closing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kessai.client import AsyncClient, Client
    from kessai.errors import OutcomeUnknown
    from kessai.operation import Answer, CallOptions, Operation, Request, RequestT, ValueT
    from kessai.outcome import Outcome

__all__ = ["AsyncFacade", "Facade"]


class _Base:
    def _operations(self) -> Mapping[str, Operation[Any, Any]]:
        """Every operation of the gateway by its name, imported when it is first asked for."""
        raise NotImplementedError


class Facade(_Base, Closing):
    """A gateway's client for threads, which may share it."""

    _client: Client

    def __init__(self, client: Client) -> None:
        self._client = client

    def raw(
        self,
        operation: Operation[RequestT, ValueT],
        request: RequestT,
        **options: Unpack[CallOptions],
    ) -> Answer[ValueT]:
        """Run an operation and keep everything around its answer.

        Status, headers, attempts, idempotency key and bytes beside the value. The operations are
        the constants of the generated package's ``operations`` module. Raises what the operation
        itself raises.
        """
        return self._client.raw(operation, request, options)

    def resolve(
        self,
        unknown: OutcomeUnknown,
        *,
        complete: bool = False,
        request: Request | None = None,
        wait: float = 0.0,
    ) -> Outcome:
        """Ask the gateway what became of a call whose outcome is unknown: Paid, NotPaid, Open, ...

        It only asks. With ``complete=True`` and the same ``request`` it repeats the order under its
        first key where the question settles nothing, which pays now if the first attempt never
        landed. With ``wait`` it goes on asking for so many seconds while the outcome is open, with
        pauses as the gateway wants them. What each gateway can say, and what it cannot, stands in
        its package's README.
        """
        return self._client.resolve(
            unknown,
            operations=self._operations(),
            complete=complete,
            request=request,
            wait=wait,
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __repr__(self) -> str:
        return repr(self._client).replace("Client", type(self).__name__, 1)


class AsyncFacade(_Base, AsyncClosing):
    """``Facade`` for an event loop: the same methods, with ``await``."""

    _client: AsyncClient

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def raw(
        self,
        operation: Operation[RequestT, ValueT],
        request: RequestT,
        **options: Unpack[CallOptions],
    ) -> Answer[ValueT]:
        """Run an operation and keep everything around its answer; see ``Facade.raw``."""
        return await self._client.raw(operation, request, options)

    async def resolve(
        self,
        unknown: OutcomeUnknown,
        *,
        complete: bool = False,
        request: Request | None = None,
        wait: float = 0.0,
    ) -> Outcome:
        """Ask the gateway what became of a call; see ``Facade.resolve``."""
        return await self._client.resolve(
            unknown,
            operations=self._operations(),
            complete=complete,
            request=request,
            wait=wait,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def __repr__(self) -> str:
        return repr(self._client).replace("AsyncClient", type(self).__name__, 1)
