"""The command kessai-mock."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Literal

import click

from .command import (
    LOOPBACK,
    Commands,
    host_option,
    port_option,
    repeats,
    seed_option,
    serve_app,
    test_class,
)


def _stop_window(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[time, time] | None:
    if value is None:
        return None
    start, dash, end = value.partition("-")
    try:
        if not dash:
            raise ValueError
        return (
            datetime.strptime(start, "%H:%M").time(),
            datetime.strptime(end, "%H:%M").time(),
        )
    except ValueError:
        raise click.BadParameter("give two times of day, as 01:00-05:30") from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Mock payment gateways on loopback, with a virtual clock and a ledger."""


@main.command(epilog=LOOPBACK)
@port_option(8801)
@host_option
@seed_option
@click.option("--shop-id", help="Accept this shop only (default: any).")
@click.option("--shop-password", help="Accept this password only (default: any).")
@click.option(
    "--in-flight", type=click.IntRange(min=1), help="Limit per endpoint (default: 5, /order/* 10)."
)
@repeats(5, 5, 60.0)
@click.option(
    "--webhook-stop",
    metavar="HH:MM-HH:MM",
    callback=_stop_window,
    help="Send no webhooks in this time of day, but at its end.",
)
def gmo(
    port: int,
    host: str,
    seed: int,
    shop_id: str | None,
    shop_password: str | None,
    in_flight: int | None,
    webhook_repeats: int,
    webhook_interval: float,
    webhook_stop: tuple[time, time] | None,
) -> None:
    """GMO PG, OpenAPI type 1.5.1: the API, /token and /_mock on one port."""
    from .gmo import Settings, create_app
    from .webhooks import Policy

    settings = Settings(
        shop_id=shop_id,
        shop_password=shop_password,
        in_flight=in_flight,
        webhooks=Policy(webhook_repeats, webhook_interval * 60, webhook_stop),
    )
    serve_app("gmo", host, port, seed, lambda: create_app(seed=seed, settings=settings))


@main.command(epilog=LOOPBACK)
@port_option(8802)
@host_option
@seed_option
@click.option("--merchant-ccid", help="The merchant's CCID (default: KESSAI-MOCK-CCID).")
@click.option("--merchant-key", help="The merchant's key (default: in the README).")
@click.option(
    "--key-encoding",
    type=click.Choice(["utf-8", "hex"]),
    default="utf-8",
    show_default=True,
    help="How the merchant key becomes the key of the HMAC.",
)
@click.option("--token", multiple=True, help="Accept this Bearer token only; repeatable.")
@click.option("--in-flight", type=click.IntRange(min=1), help="Requests at once (default: any).")
@repeats(100, 5, 10.0)
def unified(
    port: int,
    host: str,
    seed: int,
    merchant_ccid: str | None,
    merchant_key: str | None,
    key_encoding: Literal["utf-8", "hex"],
    token: tuple[str, ...],
    in_flight: int | None,
    webhook_repeats: int,
    webhook_interval: float,
) -> None:
    """VeriTrans4G Unified API 1.1.1: /fep/command, the wallets' pages and /_mock on one port."""
    from .unified import MERCHANT_CCID, MERCHANT_KEY, Settings, create_app
    from .webhooks import Policy

    try:
        settings = Settings(
            merchant_ccid=merchant_ccid or MERCHANT_CCID,
            merchant_key=merchant_key or MERCHANT_KEY,
            key_encoding=key_encoding,
            tokens=frozenset(token) or None,
            in_flight=in_flight,
            webhooks=Policy(webhook_repeats, webhook_interval * 60, accepted=range(200, 201)),
        )
    except ValueError:
        raise click.ClickException(
            "the merchant key is no hexadecimal text; use --key-encoding utf-8"
        ) from None
    serve_app("unified", host, port, seed, lambda: create_app(seed=seed, settings=settings))


@main.command(epilog=LOOPBACK)
@port_option(8803)
@host_option
@seed_option
@click.option("--merchant-ccid", help="The merchant's CCID (default: in the README).")
@click.option("--merchant-secret-key", help="The merchant's secret key (default: in the README).")
@click.option("--push-url", help="Where PUSHes go that no request has a pushUrl for.")
@click.option(
    "--search-lag",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    help="Seconds until Search shows what was done (of the virtual clock).",
)
@repeats(100, 5, 10.0)
def mdk(
    port: int,
    host: str,
    seed: int,
    merchant_ccid: str | None,
    merchant_secret_key: str | None,
    push_url: str | None,
    search_lag: float,
    webhook_repeats: int,
    webhook_interval: float,
) -> None:
    """VeriTrans4G MDK 2.0.1: live and dummy commands, /4gtoken, pages and /_mock on one port."""
    from .mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY, Settings, create_app
    from .webhooks import Policy

    try:
        settings = Settings(
            merchant_ccid=merchant_ccid or MERCHANT_CCID,
            merchant_secret_key=merchant_secret_key or MERCHANT_SECRET_KEY,
            push_url=push_url,
            search_lag=search_lag,
            webhooks=Policy(webhook_repeats, webhook_interval * 60),
        )
    except ValueError:
        raise click.ClickException(
            "the merchant secret key is no hexadecimal text; it has 64 digits of 0-9 and a-f"
        ) from None
    serve_app("mdk", host, port, seed, lambda: create_app(seed=seed, settings=settings))


@main.command(epilog=LOOPBACK)
@port_option(8804)
@host_option
@seed_option
@click.option(
    "--app-token",
    multiple=True,
    help="Let in this app token only (default: any of test mode); repeatable.",
)
@click.option("--secret", help="The app tokens' secret (default: any).")
@click.option(
    "--processing",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    help="Seconds from a request to its result (of the virtual clock); 0 is at once.",
)
@click.option(
    "--envelope",
    type=click.Choice(["full", "short"]),
    default="full",
    show_default=True,
    help="Webhooks with id and created_on, or with event and data alone.",
)
@click.option("--bearer", is_flag=True, help="Put Bearer before a webhook's auth_token.")
@click.option(
    "--too-quick",
    type=click.Choice(["refuse", "fail"]),
    default="refuse",
    show_default=True,
    help="A second equal charge within 30 s: 400 CHARGE_TOO_QUICK, or payment error 311.",
)
@click.option("--limited", is_flag=True, help="Enforce the rate limits (429).")
def univapay(
    port: int,
    host: str,
    seed: int,
    app_token: tuple[str, ...],
    secret: str | None,
    processing: float,
    envelope: Literal["full", "short"],
    bearer: bool,
    too_quick: Literal["refuse", "fail"],
    limited: bool,
) -> None:
    """UnivaPay: tokens, charges, subscriptions, webhooks, pages and /_mock on one port."""
    from .univapay import Settings, create_app
    from .univapay.jwt import claims_of

    try:
        for token in app_token:
            claims_of(token)
    except ValueError:
        raise click.ClickException(
            "an app token is a JWT signed with HS256: three parts joined by dots; copy it whole"
        ) from None
    settings = Settings(
        app_tokens=frozenset(app_token) or None,
        secret=secret,
        processing_seconds=processing,
        envelope=envelope,
        bearer=bearer,
        too_quick=too_quick,
        limited=limited,
    )
    serve_app("univapay", host, port, seed, lambda: create_app(seed=seed, settings=settings))


@main.command(epilog=LOOPBACK)
@port_option(8805)
@host_option
@seed_option
@click.option(
    "--keys",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for test keys: paytree-public.pem is written there, which verifies the answers; "
    "merchant-public.pem is taken from there, or made together with merchant-private.pem.",
)
@click.option(
    "--merchant-public-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PEM of the key that verifies requests (default: any signature of its length will do).",
)
@click.option("--merchant-id", help="Accept this merchant only (default: any).")
@test_class("pay", 7)
@test_class("refund", 1)
@click.option(
    "--confirms",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Which confirmation finds a payment of class 1, 6 or 7 ended.",
)
def paytree(
    port: int,
    host: str,
    seed: int,
    keys: Path | None,
    merchant_public_key: Path | None,
    merchant_id: str | None,
    pay_class: int,
    refund_class: int,
    confirms: int,
) -> None:
    """PAYTREE at the till: seven operations at the spec's paths and /_mock on one port."""
    try:
        from .paytree import Settings, create_app
        from .paytree.keys import GATEWAY_PUBLIC, merchant_key, read

        registered = None if keys is None else merchant_key(keys)
        if merchant_public_key is not None:
            registered = read(merchant_public_key)
        settings = Settings(
            merchant_id=merchant_id,
            merchant_public_key=registered,
            pay=pay_class,
            refund=refund_class,
            confirms=confirms,
        )
        app = create_app(seed=seed, settings=settings)
        if keys is not None:
            (keys / GATEWAY_PUBLIC).write_bytes(app.state.gateway.public_pem)
    except ImportError as error:
        if not (error.name or "").startswith("cryptography"):
            raise
        raise click.ClickException(
            "this mock signs its answers, which needs cryptography; "
            "run pip install 'kessai-mock[paytree]'"
        ) from None
    except (OSError, ValueError) as error:
        raise click.ClickException(f"the keys cannot be used: {error}") from None
    serve_app("paytree", host, port, seed, lambda: app)
