"""Operations: constants, methods in groups, answers by status, and what may be raised."""

from __future__ import annotations

from typing import Any

from codegen import ir, names
from codegen.ir.asking import ask
from codegen.ir.build import Models
from codegen.ir.docs import raises
from codegen.ir.fields import Needs, decoder
from codegen.ir.parameters import parameters
from codegen.ir.reader import Reading
from codegen.ir.text import docstring, literal, paragraphs, sentence
from codegen.normalising import shape
from codegen.problems import SpecError
from codegen.reading import tree


class Operations:
    """Builds what stands beside ``models``: operations and their groups."""

    def __init__(self, models: Models, document: dict[str, Any], reading: Reading) -> None:
        self.models = models
        self.document = document
        self.reading = reading

    def build(self) -> list[ir.Group]:
        """Every operation, in its group; refuses one that only one of the two readings has."""
        found: dict[str, list[ir.Operation]] = {}
        needs: dict[str, Needs] = {}
        count: set[str] = set()
        for path, item in self.document.get("paths", {}).items():
            shared = tree.arr(item.get("parameters"))
            for verb, operation in item.items():
                if verb in shape.METHODS:
                    tag = next(iter(tree.strings(operation.get("tags"))), "")
                    used = needs.setdefault(tag, Needs())
                    built = self._operation(path, verb, operation, item, shared, used)
                    if built.operation_id in count:
                        raise SpecError(f"two operations {built.operation_id!r}", "rename one")
                    count.add(built.operation_id)
                    found.setdefault(tag, []).append(built)
        if count != set(self.reading.operations):
            listed = ", ".join(sorted(count ^ set(self.reading.operations)))
            raise SpecError(f"only one reading has operations {listed}", "mend them")
        everything = [operation for group in found.values() for operation in group]
        names.unique([(o.operation_id, o.constant) for o in everything], "operations")
        return [self._group(tag, operations, needs[tag]) for tag, operations in found.items()]

    def _group(self, tag: str, operations: list[ir.Operation], needs: Needs) -> ir.Group:
        names.unique([(o.operation_id, o.method) for o in operations], f"group {tag}")
        listed = [t for t in self.document.get("tags", ()) if t.get("name") == tag]
        text = str(listed[0].get("description", "")) if listed else ""
        blocks = [sentence(block) for block in paragraphs(text)] or [f"Operations of ``{tag}``."]
        name = names.identifier(tag, ("api", "events", "models", "operations", "codes"))
        patterns = [(constant, literal(source)) for source, constant in needs.patterns.items()]
        return ir.Group(
            tag, name, names.class_name(tag), docstring(blocks, 4), operations,
            sorted(needs.checks), patterns,
        )  # fmt: skip

    def _operation(
        self, path: str, verb: str, operation: dict[str, Any], item: dict[str, Any],
        shared: list[Any], needs: Needs,
    ) -> ir.Operation:  # fmt: skip
        where = tree.join("/paths", path, verb)
        operation_id, tags = operation.get("operationId"), operation.get("tags")
        if not operation_id or not tags:
            raise SpecError(f"{where}: no operationId or no tag", "add them in the overlay")
        media, request, kind_names = self._request(operation, where)
        accepted = [f"models.{name}" for name in self._shapes(kind_names)] or [request]
        optional = self._optional(operation, kind_names)
        if optional:
            accepted.append("NoBody")
        statuses = self._answers(operation, operation_id, where)
        answers, imports, value, answer_names = self._value(statuses)
        declared = [*shared, *tree.arr(operation.get("parameters"))]
        used = Needs(checks=needs.checks, patterns=needs.patterns)
        arguments, ignored = parameters(self.models, declared, path, where, used)
        late = self.models.imports(used.refs, used.tables)
        self._count(operation_id, declared, where)
        errors = sorted(
            int(s) for s in operation.get("responses", {}) if s.isdigit() and int(s) >= 300
        )
        summary = sentence(str(operation.get("summary") or operation_id))
        has_own_server = bool(operation.get("servers") or item.get("servers"))
        assumed = operation.get("x-assumed")
        if assumed:
            self.models.assumed.append((operation_id, str(assumed)))
        return ir.Operation(
            operation_id=operation_id,
            constant=names.upper(operation_id),
            group=names.identifier(tags[0]),
            method=names.method_name(operation_id, tags[0]),
            verb=verb.upper(),
            path=path,
            server=names.identifier(tags[0]) if has_own_server else "api",
            media=media,
            request=f"{request} | NoBody" if optional else request,
            request_name=request,
            optional=optional,
            accepted=accepted,
            value=value,
            answers=answers,
            answer_imports=imports,
            arguments=self._arguments(operation, errors, ignored, where),
            parameters=arguments,
            has_body=bool(media),
            late=[ir.Import(f".models{item.module}", item.names) for item in late],
            doc=self._doc(
                operation,
                operation_id,
                verb,
                path,
                statuses,
                errors,
                arguments,
                self.models.money({*kind_names, *answer_names}),
            ),
            type_names=sorted({*kind_names, *answer_names}),
            summary=summary,
            assumed=str(assumed) if assumed else None,
        )

    def _count(self, operation_id: str, declared: list[Any], where: str) -> None:
        read = self.reading.operations.get(operation_id)
        if read is None:
            return
        ours: set[tuple[str, str]] = set()
        for parameter in declared:
            found = tree.obj(tree.deref(self.document, parameter))
            ours.add((tree.text(found.get("in")), tree.text(found.get("name"))))
        if ours != set(read.parameters):
            raise SpecError(f"{where}/parameters: the two readings differ", "mend them")

    def _request(self, operation: dict[str, Any], where: str) -> tuple[str, str, list[str]]:
        """Media type, type and public names of the request body."""
        body = tree.obj(tree.deref(self.document, operation.get("requestBody")))
        content = tree.obj(body.get("content"))
        if not content:
            return "", "NoBody", []
        if len(content) > 1:
            raise SpecError(
                f"{where}/requestBody: several media types", "leave one, in the overlay"
            )
        media, described = next(iter(content.items()))
        if media not in {"application/json", "application/x-www-form-urlencoded"}:
            raise SpecError(
                f"{where}/requestBody: {media} is not supported yet", "use JSON or a form"
            )
        kind = self.models.types.type_of(tree.obj(described).get("schema"), f"{where}/requestBody")
        if kind.kind not in {"model", "union"}:
            raise SpecError(f"{where}/requestBody: no object", "describe it as an object")
        return media, kind.annotation, kind.refs()

    def _optional(self, operation: dict[str, Any], components: list[str]) -> bool:
        """Whether the body may be left out: it is not required, and nothing in it is."""
        body = tree.obj(tree.deref(self.document, operation.get("requestBody")))
        if not components or body.get("required") is True:
            return False
        branches = [
            b for c in components if self.models.is_(c, "union") for b in self.models.branches(c)
        ]
        return not any(
            required
            for name in [*components, *branches]
            for _, required, _ in self.models.members.get(name, {}).values()
        )

    def _shapes(self, components: list[str]) -> list[str]:
        """The classes behind a request's component: its own, or those of a union's branches."""
        found: dict[str, None] = {}
        for name in components:
            if self.models.is_(name, "union"):
                found.update(dict.fromkeys(self._shapes(self.models.branches(name))))
            else:
                found[names.class_name(name)] = None
        return list(found)

    def _answers(
        self, operation: dict[str, Any], operation_id: str, where: str
    ) -> list[tuple[int, dict[str, Any] | None, str]]:
        """Status, schema (or None) and description of every good answer."""
        read = self.reading.operations.get(operation_id)
        said = operation.get("responses", {})
        if read is not None and set(said) != set(read.answers):
            listed = ", ".join(sorted(set(said) ^ set(read.answers)))
            raise SpecError(f"{where}/responses: only one reading has {listed}", "mend them")
        found: list[tuple[int, dict[str, Any] | None, str]] = []
        for status, response in said.items():
            if not status.startswith("2"):
                continue
            if not status.isdigit():
                raise SpecError(f"{where}/responses/{status}: a range", "name the statuses")
            answer = tree.obj(tree.deref(self.document, response))
            content = tree.obj(answer.get("content"))
            if len(content) > 1:
                raise SpecError(f"{where}/responses/{status}: several media types", "leave one")
            media = next(iter(content.values()), None)
            schema = tree.obj(media).get("schema") if media is not None else None
            text = tree.text(answer.get("description"))
            found.append((int(status), tree.obj(schema) if schema is not None else None, text))
        if not found:
            raise SpecError(f"{where}/responses: no 2xx answer", "describe one")
        return sorted(found, key=lambda entry: entry[0])

    def _value(
        self, statuses: list[tuple[int, dict[str, Any] | None, str]]
    ) -> tuple[list[tuple[int, str]], list[ir.Import], str, list[str]]:
        """Decoders by status, their imports, the type of the value, its public names."""
        answers: list[tuple[int, str]] = []
        needs, types, public = Needs(), list[str](), set[str]()
        for status, schema, _ in statuses:
            if schema is None:
                needs.wire.add("decode_nothing")
                answers.append((status, "decode_nothing"))
                types.append("None")
                continue
            kind = self.models.types.type_of(schema, f"answer {status}")
            function = decoder(kind, needs)
            if function is None:
                raise SpecError(f"answer {status}: a plain {kind.kind}", "not supported yet")
            answers.append((status, function))
            types.append(kind.annotation)
            public |= set(kind.refs())
        listed = self.models.imports(set(), needs.tables, needs.decoders)
        imports = [ir.Import(f".models{item.module}", item.names) for item in listed]
        runtime = sorted(needs.wire - {"partial"})
        if "partial" in needs.wire:
            imports.insert(0, ir.Import("functools", ("partial",)))
        if runtime:
            imports.insert(0, ir.Import("kessai.wire", tuple(runtime)))
        return answers, imports, " | ".join(dict.fromkeys(types)), sorted(public)

    def _arguments(
        self, operation: dict[str, Any], errors: list[int], headers: set[str], where: str
    ) -> list[str]:
        """Further keyword arguments of the constant."""
        said = [f"errors=frozenset({{{', '.join(str(e) for e in errors)}}})"] if errors else []
        idempotency = operation.get("x-idempotency")
        if idempotency:
            header = idempotency["header"]
            if header not in headers:
                raise SpecError(f"{where}/x-idempotency: no header {header!r}", "declare it")
            said.append(
                f"idempotency=Idempotency({literal(header)}, {idempotency['max-length']}, "
                f"{idempotency['window']})"
            )
        if operation.get("x-in-flight"):
            limit = operation["x-in-flight"]
            said.append(f"in_flight=InFlight(live={limit['live']}, test={limit['test']})")
        if operation.get("x-safe") is True:
            said.append("safe=True")
        if operation.get("x-outcome"):
            said.append(f"ask={ask(operation['x-outcome'], where)}")
        return said

    def _doc(
        self, operation: dict[str, Any], operation_id: str, verb: str, path: str,
        statuses: list[tuple[int, dict[str, Any] | None, str]], errors: list[int],
        arguments: list[ir.Parameter], money: bool,
    ) -> list[str]:  # fmt: skip
        blocks = [sentence(str(operation.get("summary") or operation_id))]
        units = " Amounts are in yen." if money else ""
        blocks.append(f"``{operation_id}``: {verb.upper()} ``{path}``.{units}")
        blocks += [sentence(b) for b in paragraphs(str(operation.get("description") or ""))]
        if arguments:
            said = [f"- ``{p.name}``: {' '.join(p.doc) or sentence(p.wire)}" for p in arguments]
            blocks.append("Parameters:\n" + "\n".join(said))
        blocks.append("Answers:\n" + "\n".join(self._answer_line(*entry) for entry in statuses))
        safe = operation.get("x-safe") is True
        blocks.append(raises(errors, safe))
        if operation.get("x-assumed"):
            blocks.append(f"Assumed: {sentence(str(operation['x-assumed']))}")
        source = self.models.sources.name(operation.get("x-source"))
        if source:
            blocks.append(f"Source: {sentence(source)}")
        return docstring(blocks, 8)

    def _answer_line(self, status: int, schema: dict[str, Any] | None, text: str) -> str:
        kind = "nothing" if schema is None else self.models.types.type_of(schema, "").annotation
        text = " ".join(text.split())
        return f"- {status} ``{kind}``" + (f": {sentence(text)}" if text else "")
