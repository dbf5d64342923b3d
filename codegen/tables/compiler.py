"""Tables to document: commands become operations, notices webhooks, returns callbacks."""

from __future__ import annotations

from pathlib import Path

from codegen.problems import SpecError
from codegen.reading.load import read_yaml
from codegen.reading.tree import SCHEMAS, Json, Object, arr, obj, strings, text
from codegen.tables import rows as tables_rows
from codegen.tables.rows import Row, record

_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_MOST = 4  # so many members are named that share an enum


class Compiler:
    """Reads shared/ when made, then one service after the other; ``finish`` gives the document."""

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
                for key in ("description", "x-enum-varnames"):
                    if known and key in schema and schema[key] != known.get(key):
                        raise SpecError(
                            f"{row.where}: enum {name} says more than its first row", "say it there"
                        )
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
            add = self.plain if obj(given).get("plain") is True else self.command
            add(name, command, obj(given), table)
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
        shown = tables_rows.example(result)
        shown["serviceType"] = service
        # The codes of some services are not known: then the example shows none.
        code = text(given.get("resultCode") or table.get("resultCode"))
        shown.pop("vResultCode", None)
        if code:
            shown["vResultCode"] = code
        responses: Object = {
            "200": {
                "description": "Processed; `result.mstatus` tells what came of it.",
                **_content(_JSON, answered, {"result": shown}),
            }
        }
        body = _body(_JSON, request, _sample(given, asked))
        self.place(service + command, where, given, table, body, responses)

    def plain(self, service: str, command: str, given: Object, table: Object) -> None:
        """A command that is no command of the kit: its rows are the whole body and answer."""
        where, title = f"{service}/{command}", _pascal(command)
        source = obj(given.get("source") or table.get("source"))
        asked = self.rows(given.get("request"), f"{where}/request", table)
        got = self.rows(given.get("answer"), f"{where}/answer", table)
        self.commands += 1
        self.fields += len(asked) + len(got)
        summary = text(given.get("summary"))
        request = self.add(
            title + "Request", record(f"{summary}: what is sent.", asked, source, sent=True)
        )
        answer = self.add(
            title + "Response", record(f"{summary}: the answer.", got, source, sent=False)
        )
        responses: Object = {}
        for status, told in obj(given.get("answers")).items():
            example = {**tables_rows.example(got), **obj(obj(told).get("example"))}
            shown: Object = {key: value for key, value in example.items() if value is not None}
            responses[status] = {
                "description": text(obj(told).get("is")),
                **_content(_JSON, answer, shown),
            }
        if not responses:
            raise SpecError(f"{where}: no answers", "say what each status means")
        body = _body(_JSON, request, _sample(given, asked))
        self.place(command, where, given, table, body, responses)

    def place(
        self, name: str, where: str, given: Object, table: Object, body: Object, responses: Object
    ) -> None:
        """Put an operation at its path, on the service's own servers if it has some."""
        operation: Object = {
            "operationId": name,
            "tags": [text(table.get("service"))],
            "summary": text(given.get("summary")),
            "description": text(given.get("description")),
            "x-source": obj(given.get("source") or table.get("source")),
        }
        if arr(table.get("servers")):
            operation["servers"] = table["servers"]
        operation["requestBody"] = body
        errors = obj(self.common.get("errors"))
        operation["responses"] = {**responses, **{s: {"$ref": r} for s, r in errors.items()}}
        path = text(given.get("path"))
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


def _sample(given: Object, asked: list[Row]) -> Object:
    """The example of a request: what is required and what the samples set, as the table says."""
    adds, hides = ({*strings(given.get(key))} for key in ("shows", "hides"))
    for name in sorted((adds | hides) - {row.name for row in asked}):
        raise SpecError(f"{text(given.get('path'))}: no row {name} to show or hide", "correct it")
    shows = adds.union(row.name for row in asked if row.shown) - hides
    return tables_rows.example([row for row in asked if row.name in shows])


def _pascal(name: str) -> str:
    return name[:1].upper() + name[1:]
