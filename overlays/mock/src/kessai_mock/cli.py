"""The command kessai-mock."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

if TYPE_CHECKING:
    from starlette.types import ASGIApp

Command = TypeVar("Command", bound=Callable[..., Any])


class Mistake(click.ClickException):
    """What was asked for cannot be: one line, exit status 2."""

    exit_code = 2


@contextmanager
def _in_one_line() -> Generator[None]:
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        path = "kessai-mock" if error.ctx is None else error.ctx.command_path
        said = error.format_message().rstrip(".")
        raise Mistake(f"{said}; see `{path} --help`") from None


class Commands(click.Group):
    """A group whose mistakes are told in one line, without the usage around it."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the group's own arguments."""
        with _in_one_line():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Read a command's arguments and run it."""
        with _in_one_line():
            return super().invoke(ctx)


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


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Mock payment gateways on loopback, with a virtual clock and a ledger."""


def _port(number: int) -> Callable[[Command], Command]:
    return click.option(
        "--port",
        type=click.IntRange(0, 65535),
        default=number,
        show_default=True,
        help="0 takes a free port.",
    )


_host = click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
_seed = click.option(
    "--seed", default=1, show_default=True, help="Decides every id the mock makes up."
)


def _repeats(most: int, default: int, minutes: float) -> Callable[[Command], Command]:
    """The two options on repeated webhooks."""
    count = click.option(
        "--webhook-repeats",
        type=click.IntRange(min=0, max=most),
        default=default,
        show_default=True,
        help="How often an unanswered webhook is sent again.",
    )
    interval = click.option(
        "--webhook-interval",
        type=click.FloatRange(min=1),
        default=minutes,
        show_default=True,
        help="Minutes between repeats (of the virtual clock).",
    )

    def both(command: Command) -> Command:
        return count(interval(command))

    return both


def _serve(name: str, host: str, port: int, seed: int, app: Callable[[], ASGIApp]) -> None:
    """Serve until interrupted; a port that cannot be had is a mistake in one line."""
    from .server import ServeError, bind, serve, url_of

    try:
        listener = bind(host, port)
    except ServeError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"kessai-mock {name} is ready on {url_of(listener)} (seed {seed}, Ctrl-C ends it)")
    try:
        serve(app(), listener)
    except KeyboardInterrupt:
        click.echo("stopped")


@main.command(epilog=_LOOPBACK)
@_port(8801)
@_host
@_seed
@click.option("--shop-id", help="Accept this shop only (default: any).")
@click.option("--shop-password", help="Accept this password only (default: any).")
@click.option(
    "--in-flight", type=click.IntRange(min=1), help="Limit per endpoint (default: 5, /order/* 10)."
)
@_repeats(5, 5, 60.0)
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
    _serve("gmo", host, port, seed, lambda: create_app(seed=seed, settings=settings))


@main.command(epilog=_LOOPBACK)
@_port(8802)
@_host
@_seed
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
@_repeats(100, 5, 10.0)
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
    _serve("unified", host, port, seed, lambda: create_app(seed=seed, settings=settings))


@main.command(epilog=_LOOPBACK)
@_port(8803)
@_host
@_seed
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
@_repeats(100, 5, 10.0)
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
    _serve("mdk", host, port, seed, lambda: create_app(seed=seed, settings=settings))
