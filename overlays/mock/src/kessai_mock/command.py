"""What every command of kessai-mock shares: its options, mistakes in one line, serving."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from starlette.types import ASGIApp

Command = TypeVar("Command", bound=Callable[..., Any])
LOOPBACK = "The mock answers on this machine only."


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


def port_option(number: int) -> Callable[[Command], Command]:
    """The port, with the gateway's own as default."""
    return click.option(
        "--port",
        type=click.IntRange(0, 65535),
        default=number,
        show_default=True,
        help="0 takes a free port.",
    )


def host_option(command: Command) -> Command:
    """The address to listen on."""
    words = "A loopback address."
    return click.option("--host", default="127.0.0.1", show_default=True, help=words)(command)


def seed_option(command: Command) -> Command:
    """The seed of everything the mock makes up."""
    words = "Decides every id the mock makes up."
    return click.option("--seed", default=1, show_default=True, help=words)(command)


def repeats(most: int, default: int, minutes: float) -> Callable[[Command], Command]:
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


def serve_app(name: str, host: str, port: int, seed: int, app: Callable[[], ASGIApp]) -> None:
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


def test_class(name: str, most: int) -> Callable[[Command], Command]:
    """Which of its answers for tests an operation gives."""
    return click.option(
        f"--{name}-class",
        type=click.IntRange(0, most),
        default=0,
        show_default=True,
        help=f"Test class of {name}.",
    )
