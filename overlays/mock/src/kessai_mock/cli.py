"""The command kessai-mock."""

from __future__ import annotations

from datetime import datetime, time

import click

_LOOPBACK = "The mock answers on this machine only."


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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Mock payment gateways on loopback, with a virtual clock and a ledger."""


@main.command(epilog=_LOOPBACK)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8801,
    show_default=True,
    help="0 takes a free port.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--seed", default=1, show_default=True, help="Decides every id the mock makes up.")
@click.option("--shop-id", help="Accept this shop only (default: any).")
@click.option("--shop-password", help="Accept this password only (default: any).")
@click.option(
    "--in-flight", type=click.IntRange(min=1), help="Limit per endpoint (default: 5, /order/* 10)."
)
@click.option(
    "--webhook-repeats",
    type=click.IntRange(min=0, max=5),
    default=5,
    show_default=True,
    help="How often an unanswered webhook is sent again.",
)
@click.option(
    "--webhook-interval",
    type=click.FloatRange(min=1),
    default=60.0,
    show_default=True,
    help="Minutes between repeats (of the virtual clock).",
)
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
    from .server import ServeError, bind, serve, url_of
    from .webhooks import Policy

    settings = Settings(
        shop_id=shop_id,
        shop_password=shop_password,
        in_flight=in_flight,
        webhooks=Policy(webhook_repeats, webhook_interval * 60, webhook_stop),
    )
    try:
        listener = bind(host, port)
    except ServeError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"kessai-mock gmo is ready on {url_of(listener)} (seed {seed}, Ctrl-C ends it)")
    try:
        serve(create_app(seed=seed, settings=settings), listener)
    except KeyboardInterrupt:
        click.echo("stopped")
