"""Tokens: the answer to a request for one is of the request's own means of payment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack, overload

from kessai_univapay_api.tokens import AsyncTokensOperations, TokensOperations

if TYPE_CHECKING:
    from kessai.operation import CallOptions
    from kessai_univapay_api import models as m

__all__ = ["AsyncTokens", "Tokens"]


class Tokens(TokensOperations):
    """Transaction tokens: who pays, and by what means.

    One for a card needs PCI DSS, because card numbers pass through the merchant's machines; one for
    a konbini does not.
    """

    __slots__ = ()

    @overload
    def create(
        self, request: m.KonbiniTokenRequest, **options: Unpack[CallOptions]
    ) -> m.KonbiniToken: ...
    @overload
    def create(
        self, request: m.CardTokenRequest, **options: Unpack[CallOptions]
    ) -> m.CardToken: ...
    @overload
    def create(
        self, request: m.OnlineTokenRequest, **options: Unpack[CallOptions]
    ) -> m.OnlineToken: ...
    @overload
    def create(
        self, request: m.BankTransferTokenRequest, **options: Unpack[CallOptions]
    ) -> m.BankTransferToken: ...
    @overload
    def create(
        self, request: m.QrScanTokenRequest, **options: Unpack[CallOptions]
    ) -> m.QrScanToken: ...
    @overload
    def create(
        self, request: m.QrMerchantTokenRequest, **options: Unpack[CallOptions]
    ) -> m.QrMerchantToken: ...
    @overload
    def create(
        self, request: m.PaidyTokenRequest, **options: Unpack[CallOptions]
    ) -> m.PaidyToken: ...
    @overload
    def create(self, request: m.TokenRequest, **options: Unpack[CallOptions]) -> m.Token: ...
    def create(self, request: m.TokenRequest, **options: Unpack[CallOptions]) -> m.Token:
        """Make a token; see ``TokensOperations.create``.

        The answer names the means of payment that was asked for, so its type is known.
        """
        return super().create(request, **options)


class AsyncTokens(AsyncTokensOperations):
    """Transaction tokens: who pays, and by what means. See ``Tokens``."""

    __slots__ = ()

    @overload
    async def create(
        self, request: m.KonbiniTokenRequest, **options: Unpack[CallOptions]
    ) -> m.KonbiniToken: ...
    @overload
    async def create(
        self, request: m.CardTokenRequest, **options: Unpack[CallOptions]
    ) -> m.CardToken: ...
    @overload
    async def create(
        self, request: m.OnlineTokenRequest, **options: Unpack[CallOptions]
    ) -> m.OnlineToken: ...
    @overload
    async def create(
        self, request: m.BankTransferTokenRequest, **options: Unpack[CallOptions]
    ) -> m.BankTransferToken: ...
    @overload
    async def create(
        self, request: m.QrScanTokenRequest, **options: Unpack[CallOptions]
    ) -> m.QrScanToken: ...
    @overload
    async def create(
        self, request: m.QrMerchantTokenRequest, **options: Unpack[CallOptions]
    ) -> m.QrMerchantToken: ...
    @overload
    async def create(
        self, request: m.PaidyTokenRequest, **options: Unpack[CallOptions]
    ) -> m.PaidyToken: ...
    @overload
    async def create(self, request: m.TokenRequest, **options: Unpack[CallOptions]) -> m.Token: ...
    async def create(self, request: m.TokenRequest, **options: Unpack[CallOptions]) -> m.Token:
        """Make a token; see ``Tokens.create``."""
        return await super().create(request, **options)
