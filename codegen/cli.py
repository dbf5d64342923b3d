"""The command line: generate, check, lint, diff, tables.

Results go to standard output, progress and repairs to standard error. A user's mistake is one
line ``codegen: <cause>; <remedy>`` with exit status 2; 1 means that something was found.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from codegen.problems import SpecError

_ROOT = click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    help="The workspace's root (default: the nearest folder upwards that holds specs/).",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
_NAME = "python -m codegen"
_PROVIDERS = click.argument("providers", nargs=-1, metavar="[PROVIDER]...")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Compile gateway specs into typed packages."""


@cli.command()
@_PROVIDERS
@_ROOT
@_JSON
def generate(providers: tuple[str, ...], root: Path | None, as_json: bool) -> None:
    """Write generated/<provider> and the mock's models (default: every spec that has packages).

    A new gateway's packages are begun by naming it.
    """
    from codegen import tables
    from codegen.generate import generate as run

    place = _root(root)
    results: list[dict[str, Any]] = []
    unbuilt = [] if providers else _unbuilt(place)
    for provider in unbuilt:
        click.echo(f"{provider}: a spec without packages yet; name it to begin them", err=True)
    for provider in _chosen(place, providers):
        if provider in unbuilt:
            continue
        if provider in tables.providers(place):
            tables.write(place, provider)
        with _progress(f"{provider}: ") as progress:
            result = run(provider, place, progress)
        for repair in result.repairs:
            click.echo(f"{provider}: repaired {repair}", err=True)
        if as_json:
            repairs = [repair._asdict() for repair in result.repairs]
            results.append({**result._asdict(), "repairs": repairs})
            continue
        click.echo(
            f"{provider} {result.spec_version}: {result.operations} operations, "
            f"{result.events} events, {result.schemas} schemas; {result.files} files, "
            f"{len(result.written)} written, {len(result.removed)} removed, "
            f"{len(result.repairs)} repairs"
        )
    if as_json:
        click.echo(json.dumps(results, ensure_ascii=False, indent=2))


@cli.command()
@click.option("--full", is_flag=True, help="Generate beside and compare, instead of hashes.")
@_ROOT
@_JSON
def check(full: bool, root: Path | None, as_json: bool) -> None:
    """Say whether generated/ is what specs/ and codegen/ print; exit 1 if not."""
    from codegen import tables
    from codegen.lock import check as run

    place = _root(root)
    with _progress("checking ") as progress:
        progress("every file" if full else "hashes")
        unbuilt = _unbuilt(place)
        missing = tuple(f"generated/{provider}/codegen.lock: missing" for provider in unbuilt)
        found = run(place, full)
        problems = [*tables.check(place), *(f for f in found if not f.startswith(missing))]
    for provider in unbuilt:
        click.echo(
            f"{provider}: a spec without packages yet; only its tables are checked", err=True
        )
    if as_json:
        click.echo(json.dumps({"ok": not problems, "problems": problems}, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(problem)
        if not problems:
            click.echo(f"generated/ is up to date ({'regenerated' if full else 'by hashes'})")
    _exit(bool(problems))


@cli.command("tables")
@_PROVIDERS
@click.option("--matrix", is_flag=True, help="Print service x command as Markdown instead.")
@_ROOT
@_JSON
def compile_tables(
    providers: tuple[str, ...], matrix: bool, root: Path | None, as_json: bool
) -> None:
    """Compile specs/<provider>/services/ to its openapi.yaml (default: every such spec)."""
    from codegen import tables
    from codegen.tables.matrix import matrix as printed

    place = _root(root)
    known = tables.providers(place)
    for provider in providers:
        if provider not in known:
            remedy = f"known: {', '.join(known)}" if known else "write specs/<provider>/services/"
            raise SpecError(f"no tables in specs/{provider}", remedy)
    results: list[dict[str, Any]] = []
    for provider in list(dict.fromkeys(providers)) or known:
        if matrix:
            click.echo(printed(place / "specs" / provider), nl=False)
            continue
        with _progress(f"{provider}: ") as progress:
            progress("compiling the tables")
            done, changed = tables.write(place, provider)
        counts = {"services": done.services, "commands": done.commands, "fields": done.fields}
        results.append({"provider": provider, "changed": changed, **counts})
        if not as_json:
            counted = ", ".join(f"{count} {what}" for what, count in counts.items())
            click.echo(f"{provider}: {counted}; {'written' if changed else 'unchanged'}")
    if as_json and not matrix:
        click.echo(json.dumps(results, indent=2))


@cli.command()
@_PROVIDERS
@click.option("--rules", is_flag=True, help="List the rules instead.")
@_ROOT
@_JSON
def lint(providers: tuple[str, ...], rules: bool, root: Path | None, as_json: bool) -> None:
    """Hold specs against the rules; one line per finding, exit 1 if there is one."""
    from codegen.linting import RULES
    from codegen.linting import lint as run

    if rules:
        listed = [{"code": rule.code, "says": rule.says} for rule in RULES]
        lines = [f"{rule['code']:16} {rule['says']}" for rule in listed]
        click.echo(json.dumps(listed, indent=2) if as_json else "\n".join(lines))
        return
    place = _root(root)
    reports: list[dict[str, Any]] = []
    for provider in _chosen(place, providers):
        with _progress(f"{provider}: ") as progress:
            report = run(place, provider, progress)
        findings = [finding._asdict() for finding in report.findings]
        reports.append({"provider": provider, "counts": report.counts, "findings": findings})
        if not as_json:
            for finding in report.findings:
                click.echo(str(finding))
            if not findings:
                counted = ", ".join(f"{count} {what}" for what, count in report.counts.items())
                click.echo(f"{provider}: OK ({counted})")
    found = any(report["findings"] for report in reports)
    if as_json:
        click.echo(json.dumps({"ok": not found, "specs": reports}, ensure_ascii=False, indent=2))
    _exit(found)


@cli.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--fail-on-breaking", is_flag=True, help="Exit 1 if a change breaks callers.")
@_JSON
def diff(old: Path, new: Path, fail_on_breaking: bool, as_json: bool) -> None:
    """Tell what changed from OLD to NEW: spec files, or spec folders with their overlays."""
    from codegen.diffing import compare_files
    from codegen.diffing.report import show

    with _progress("comparing ") as progress:
        progress(f"{old.name} and {new.name}")
        changes = compare_files(old, new)
    if as_json:
        click.echo(json.dumps([c._asdict() for c in changes], ensure_ascii=False, indent=2))
    else:
        show(changes, terminal=sys.stdout.isatty())
    _exit(fail_on_breaking and any(change.breaking for change in changes))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status and never lets a traceback out."""
    try:
        done = cli.main(args=arguments, prog_name=_NAME, standalone_mode=False)
        return done if isinstance(done, int) else 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort:
        click.echo("codegen: interrupted; run it again", err=True)
        return 130
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.ClickException as error:
        said = " ".join(error.format_message().split()).rstrip(".")
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else _NAME
        click.echo(f"codegen: {said}; see `{path} --help`", err=True)
    except SpecError as error:
        for line in _lines(error):
            click.echo(f"codegen: {line}", err=True)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"codegen: {place}{error.strerror}; check the path and its rights", err=True)
    return 2


def _lines(error: SpecError) -> Iterator[str]:
    if len(error.problems) > 1:
        yield from map(str, error.problems)
    else:
        yield str(error)


def _exit(found: bool) -> None:
    if found:
        raise click.exceptions.Exit(1)


def _root(given: Path | None) -> Path:
    if given is not None:
        if not (given / "specs").is_dir():
            raise SpecError(f"{given} holds no specs/", "name the workspace's root")
        return given
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "specs").is_dir():
            return folder
    raise SpecError("no specs/ here or above", "go to the workspace, or give --root")


def _chosen(root: Path, providers: tuple[str, ...]) -> list[str]:
    known = sorted(path.parent.name for path in root.glob("specs/*/openapi.yaml"))
    if not known:
        raise SpecError("specs/ holds no openapi.yaml", "write specs/<provider>/openapi.yaml")
    for provider in providers:
        if provider not in known:
            raise SpecError(f"no spec specs/{provider}", f"known: {', '.join(known)}")
    return list(dict.fromkeys(providers)) or known


def _unbuilt(root: Path) -> list[str]:
    """Providers that have a spec and neither a generated package nor one on top of it."""
    return [
        provider
        for provider in sorted(path.parent.name for path in root.glob("specs/*/openapi.yaml"))
        if not any((root / folder / provider).exists() for folder in ("generated", "overlays"))
    ]


@contextmanager
def _progress(prefix: str) -> Generator[Callable[[str], None]]:
    """A spinner on a terminal's standard error; silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _said: None
        return
    from rich.console import Console

    with Console(stderr=True).status(prefix) as status:
        yield lambda said: status.update(prefix + said)
