# A shop that knows UnivaPay by its official library alone. Run by test_univapay_official_sdk.py in
# an environment of its own, where neither kessai nor this repository's tools can be imported; its
# library has no types.
# mypy: ignore-errors
# pyright: basic, reportMissingImports=false
"""Pay a konbini order with the official SDK: `python univapay_sdk_shop.py URL APP_TOKEN SECRET`.

What it saw is printed as one JSON object.
"""

from __future__ import annotations

import json
import sys
import urllib.request

from univapayclientsdk.exceptions.api_error_exception import ApiErrorException
from univapayclientsdk.http.auth.oauth_2 import BearerAuthCredentials
from univapayclientsdk.models.charge_create_request import ChargeCreateRequest
from univapayclientsdk.models.refund_create_request import RefundCreateRequest
from univapayclientsdk.models.token_create_konbini_data import TokenCreateKonbiniData
from univapayclientsdk.models.token_create_phone_number import TokenCreatePhoneNumber
from univapayclientsdk.models.transaction_token_create_request import (
    TransactionTokenCreateRequest,
)
from univapayclientsdk.models.transaction_token_create_request_metadata import (
    TransactionTokenCreateRequestMetadata,
)
from univapayclientsdk.models.webhook_create_request import WebhookCreateRequest
from univapayclientsdk.univapay_client_sdk_client import UnivapayClientSdkClient


def loopback_only(event: str, arguments: tuple) -> None:
    """Gateways forbid tests against their servers: another host than this machine ends the shop."""
    if event == "socket.connect" and arguments[1][0] not in {"127.0.0.1", "::1"}:
        raise SystemExit("the shop may talk to this machine only")


def admin(url: str, path: str) -> None:
    """A route of the mock's own."""
    request = urllib.request.Request(f"{url}/_mock/{path}", b"{}", method="POST")
    urllib.request.urlopen(request, timeout=30).close()


def main(url: str, app_token: str, secret: str) -> None:
    """From token to paid, and what the gateway refuses on the way."""
    credentials = BearerAuthCredentials(secret_key=secret, jwt_token=app_token)
    sdk = UnivapayClientSdkClient(base_url=url, bearer_auth_credentials=credentials)
    store_id = sdk.stores.list_stores().body.items[0].id
    sdk.webhooks.create_webhook(
        store_id,
        WebhookCreateRequest(triggers=["charge_finished"], url="http://127.0.0.1:9/notices"),
    )
    token = sdk.transaction_tokens.create_transaction_token(
        TransactionTokenCreateRequest(
            payment_type="konbini",
            mtype="one_time",
            email="taro@shop.example",
            data=TokenCreateKonbiniData(
                customer_name="決済 太郎",
                convenience_store="seven_eleven",
                expiration_period="P7D",
                phone_number=TokenCreatePhoneNumber("81", "0312345678"),
            ),
            metadata=TransactionTokenCreateRequestMetadata(univapay_reference_id="book-1"),
        ),
        idempotency_key="book-1-token",
    ).body
    order = ChargeCreateRequest(
        transaction_token_id=token.id,
        amount=1100,
        currency="jpy",
        metadata=None,
    )
    charge = sdk.charges.create_charge(idempotency_key="book-1", body=order)
    again = sdk.charges.create_charge(idempotency_key="book-1", body=order)
    seen = [charge.body.status]
    waiting = sdk.charges.poll_charge(store_id, charge.body.id).body
    seen.append(waiting.status)
    admin(url, f"pay/{charge.body.id}")
    paid = sdk.charges.poll_charge(store_id, charge.body.id).body
    seen.append(paid.status)
    try:
        body = RefundCreateRequest(amount=1100, currency="JPY")
        sdk.refunds.create_refund(store_id, paid.id, body)
        refused = None
    except ApiErrorException as error:
        refused = [error.response_code, error.code]
    listed = sdk.charges.list_all_charges(transaction_token_id=token.id).body
    print(  # noqa: T201 - its answer
        json.dumps(
            {
                "token": [token.payment_type, token.mtype, token.data.expiration_period],
                "replayed": [str(again.body.id) == str(charge.body.id), dict(again.headers)],
                "seen": seen,
                "metadata": waiting.metadata.additional_properties,
                "paid": [paid.charged_amount, paid.charged_currency],
                "refused": refused,
                "listed": [len(listed.items), listed.has_more, listed.total_hits],
            },
            default=str,
        )
    )


if __name__ == "__main__":
    sys.addaudithook(loopback_only)
    main(*sys.argv[1:])
