"""Tables of fields, compiled to the OpenAPI document that the generators read.

For a gateway that has no OpenAPI document, ``specs/<provider>/services/*.yaml`` holds a table per
service and ``shared/`` what all of them have; ``openapi.yaml`` is compiled from these and
committed.
The rest of codegen reads the compiled file and does not know where it came from.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

from codegen.problems import SpecError
from codegen.reading.load import read_yaml
from codegen.reading.tree import SCHEMAS, Json, Object, arr, obj, strings, text
from codegen.tables import rows as tables_rows
from codegen.tables.rows import Row, record

NAME = "openapi.yaml"
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_MOST = 4  # so many members are named that share an enum
_BANNER = (
    "# Compiled from services/ and shared/ by `python -m codegen tables {provider}`. Do not edit:\n"
    "# correct the tables, or add to overlay.yaml.\n"
)


class Compiled(NamedTuple):
    """What the tables of a provider say, and the text of the document."""

    provider: str
    document: Object
    text: str
    services: int
    commands: int
    fields: int  # rows of requests and answers, without what every command has


def providers(root: Path) -> list[str]:
    """The providers whose document is compiled from tables."""
    return sorted(path.parent.name for path in (root / "specs").glob("*/services") if path.is_dir())


def write(root: Path, provider: str) -> tuple[Compiled, bool]:
    """Compile and put ``openapi.yaml`` in place; the second says whether it changed."""
    compiled = compile_tables(root / "specs" / provider)
    path = root / "specs" / provider / NAME
    data = compiled.text.encode()
    if path.is_file() and path.read_bytes() == data:
        return compiled, False
    path.write_bytes(data)
    return compiled, True


def check(root: Path) -> list[str]:
    """Where a committed document is not what its tables say, one line each."""
    found: list[str] = []
    for provider in providers(root):
        path = root / "specs" / provider / NAME
        remedy = f"run python -m codegen tables {provider}"
        compiled = compile_tables(path.parent)
        if not path.is_file():
            found.append(f"specs/{provider}/{NAME}: missing; {remedy}")
        elif path.read_bytes() != compiled.text.encode():
            found.append(f"specs/{provider}/{NAME}: not what the tables say; {remedy}")
    return found


def compile_tables(folder: Path) -> Compiled:
    """Compile the tables of one spec folder; raises SpecError naming table and row."""
    if not (folder / "services").is_dir():
        raise SpecError(f"specs/{folder.name} has no services/", "only tables are compiled")
    work = _Compiler(folder)
    for path in sorted((folder / "services").glob("*.yaml")):
        work.service(path.stem, read_yaml(path))
    document = work.finish()
    printed = _BANNER.format(provider=folder.name) + _yaml(document)
    counted = (work.services, work.commands, work.fields)
    return Compiled(folder.name, document, printed, *counted)


class _Compiler:
    def __init__(self, folder: Path) -> None:
        shared = folder / "shared"
        self.document: Object = read_yaml(shared / "document.yaml")
        self.common = read_yaml(shared / "common.yaml")
        self.schemas: Object = {}
        self.paths: Object = {}
        self.webhooks: Object = {}
        self.tags: list[Json] = []
        self.users: dict[str, list[str]] = {}  # enum: the members that have it
        self.services = self.commands = self.fields = 0
        for name in ("request", "result", "answer", "notice"):
            self.rows(obj(self.common).get(name), f"common/{name}", self.common)
        for path in sorted(shared.glob("objects*.yaml")):
            self.objects(read_yaml(path), path.stem)

    def rows(self, given: Json, where: str, table: Object) -> list[Row]:
        """Read rows and add the enums they describe."""
        found = tables_rows.rows(given, where, text(table.get("certainty")))
        for row in found:
            if "enum" in row.row:
                users = self.users.setdefault(text(row.row["enum"]), [])
                users += [row.name] if row.name not in users else []
            named = row.component(obj(table.get("source")))
            if named is not None:
                name, schema = named
                known = obj(self.schemas.get(name))
                if known and set(strings(known["enum"])) != set(strings(schema["enum"])):
                    raise SpecError(f"{row.where}: enum {name} has other codes", "name it apart")
                self.schemas.setdefault(name, schema)
        return found

    def add(self, name: str, schema: Object) -> Object:
        if name in self.schemas:
            raise SpecError(f"component {name} comes twice", "rename one")
        self.schemas[name] = schema
        return {"$ref": SCHEMAS + name}

    def objects(self, table: Object, where: str) -> None:
        for name, given in obj(table.get("objects")).items():
            one = obj(given)
            listed = self.rows(one.get("fields"), f"{where}/{name}", {**table, **one})
            source, why = obj(one.get("source") or table.get("source")), text(one.get("why"))
            schema = record(
                text(one.get("is")), listed, source, sent=bool(one.get("sent")), why=why
            )
            if not listed:
                schema = {k: v for k, v in schema.items() if k != "properties"}
                schema["additionalProperties"] = True
            self.add(name, schema)

    def common_rows(self, name: str) -> list[Row]:
        return self.rows(obj(self.common).get(name), f"common/{name}", self.common)

    def service(self, stem: str, table: Object) -> None:
        name = text(table.get("service"))
        if name != stem:
            raise SpecError(f"services/{stem}.yaml: service {name!r}", "call it as its file")
        self.services += 1
        self.tags.append({"name": name, "description": text(table.get("title"))})
        for command, given in obj(table.get("commands")).items():
            self.command(name, command, obj(given), table)
        for given in arr(table.get("returns")):
            self.returned(name, obj(given), table)
        notice = obj(table.get("notice"))
        if notice:
            self.notice(name, notice, table)

    def command(self, service: str, command: str, given: Object, table: Object) -> None:
        where, title = f"{service}/{command}", _pascal(service) + command
        source = obj(given.get("source") or table.get("source"))
        asked = self.rows(given.get("request"), f"{where}/request", table)
        got = self.rows(given.get("answer"), f"{where}/answer", table)
        self.commands += 1
        self.fields += len(asked) + len(got)
        if given.get("common") is not False:
            asked += self.common_rows("request")
        own = {row.name for row in got}
        result = [row for row in self.common_rows("result") if row.name not in own] + got
        called = f"`{command}` of `{service}`"
        request = self.add(
            title + "Request", record(f"What {called} is sent.", asked, source, sent=True)
        )
        inner = record(f"What came of {called}.", result, source, sent=False)
        self.add(title + "Result", inner)
        outer = self.common_rows("answer")
        answer = record(f"The answer to {called}.", outer, source, sent=False)
        answer["required"] = ["result"]
        obj(answer["properties"])["result"] = {
            "$ref": SCHEMAS + title + "Result",
            "description": "What came of it.",
        }
        answered = self.add(title + "Response", answer)
        path = text(given.get("path"))
        shown = tables_rows.example(result)
        shown["serviceType"] = service
        # The codes of some services are not known: then the example shows none.
        code = text(given.get("resultCode") or table.get("resultCode"))
        shown.pop("vResultCode", None)
        if code:
            shown["vResultCode"] = code
        shows = {*strings(given.get("shows")), *(row.name for row in asked if row.shown)}
        sample = tables_rows.example([row for row in asked if row.name in shows])
        operation: Object = {
            "operationId": service + command,
            "tags": [service],
            "summary": text(given.get("summary")),
            "description": text(given.get("description")),
            "x-source": source,
            "requestBody": _body(_JSON, request, sample),
            "responses": {
                "200": {
                    "description": "Processed; `result.mstatus` tells what came of it.",
                    **_content(_JSON, answered, {"result": shown}),
                },
                **{s: {"$ref": r} for s, r in obj(self.common.get("errors")).items()},
            },
        }
        if path in self.paths or not path:
            raise SpecError(f"{where}: path {path!r} is missing or taken", "give it its own")
        self.paths[path] = {"post": operation}

    def returned(self, service: str, given: Object, table: Object) -> None:
        """A result that the customer's browser brings: a callback of the commands named."""
        merged = {**table, **given}
        listed = self.rows(given.get("fields"), f"{service}/returns", merged)
        source, name = obj(merged.get("source")), text(given.get("name"))
        why = text(given.get("why"))
        schema = self.add(
            _pascal(name), record(text(given.get("is")), listed, source, sent=False, why=why)
        )
        value = tables_rows.example(listed)
        for command in strings(given.get("on")):
            path = text(obj(obj(table.get("commands")).get(command)).get("path"))
            operation = obj(obj(self.paths.get(path)).get("post"))
            if not operation:
                raise SpecError(f"{service}/returns: no command {command}", "correct `on`")
            method = text(given.get("method"))
            inner: Object = {
                "operationId": name + command,
                "summary": text(given.get("is")),
                "x-source": source,
            }
            if why:
                inner["x-assumed"] = why
            if method == "get":
                inner["parameters"] = [
                    {
                        "name": "result", "in": "query", "required": True, "style": "form",
                        "explode": True, "schema": schema,
                        "description": "The members of this object are the query parameters.",
                        "examples": {"example": {"value": value}},
                    }
                ]  # fmt: skip
            else:
                inner["requestBody"] = _body(_FORM, schema, value)
            inner["responses"] = {"2XX": {"description": "The page that the customer sees."}}
            key = "{$request.body#/" + text(given.get("url")) + "}"
            callbacks = operation.setdefault("callbacks", {})
            obj(callbacks)[name] = {key: {method: inner}}

    def notice(self, service: str, given: Object, table: Object) -> None:
        """A record of a PUSH notice: a webhook."""
        merged = {**table, **given}
        listed = self.rows(given.get("fields"), f"{service}/notice", merged)
        own = {row.name for row in listed}
        listed = [row for row in self.common_rows("notice") if row.name not in own] + listed
        source, why = obj(merged.get("source")), text(given.get("why"))
        name = service + "Notice"
        schema = self.add(
            _pascal(name), record(text(given.get("is")), listed, source, sent=False, why=why)
        )
        operation: Object = {
            "operationId": name,
            "summary": text(given.get("is")),
            "description": text(given.get("description")),
            "x-source": source,
            "requestBody": _body(_FORM, schema, tables_rows.example(listed)),
            "responses": {"2XX": {"description": "Taken; the body is not looked at."}},
        }
        if why:
            operation["x-assumed"] = why
        self.webhooks[name] = {"post": operation}

    def finish(self) -> Object:
        for name, users in self.users.items():
            schema = obj(self.schemas.get(name))
            if not schema:
                raise SpecError(f"enum {name} of {users[0]} has codes nowhere", "write `codes`")
            members = ", ".join(f"`{user}`" for user in users[:_MOST])
            more = f" and {len(users) - _MOST} more" if len(users) > _MOST else ""
            said = f"Values of {members}{more}. {schema.get('description', '')}"
            schema["description"] = said.strip()
        document = dict(self.document)
        document["tags"] = self.tags
        document["paths"] = self.paths
        document["webhooks"] = self.webhooks
        components = dict(obj(document.pop("components", {})))
        components["schemas"] = dict(sorted(self.schemas.items()))
        document["components"] = components
        return document


def _body(media: str, schema: Object, value: Object) -> Object:
    return {"required": True, **_content(media, schema, value)}


def _content(media: str, schema: Object, value: Object) -> Object:
    return {"content": {media: {"schema": schema, "examples": {"example": {"value": value}}}}}


def _pascal(name: str) -> str:
    return name[:1].upper() + name[1:]


def _yaml(value: Json, indent: int = 0) -> str:
    """Block YAML in a fixed layout; texts that YAML could take for something else are quoted."""
    pad = "  " * indent
    if isinstance(value, dict) and value:
        return "".join(f"{pad}{_scalar(key)}:{_below(item, indent)}" for key, item in value.items())
    if isinstance(value, list) and value:
        return "".join(f"{pad}-{_below(item, indent)}" for item in value)
    return pad + _scalar(value) + "\n"


def _below(value: Json, indent: int) -> str:
    nested = isinstance(value, (dict, list)) and bool(value)
    return "\n" + _yaml(value, indent + 1) if nested else f" {_scalar(value)}\n"


def _scalar(value: Json) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
