"""schemathesis behind a narrow, typed door: cases in, verdicts out.

Cases of both phases, coverage and fuzzing, are made as a list before anything is sent, so that
a run is the same every time and a failure does not hide the next one. Parts of schemathesis
that its public names do not reach are touched here and nowhere else; it is pinned exactly.
"""

from __future__ import annotations

import contextlib
import copy
import functools
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core import NotSet
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.generation.overrides import Override

from tests.support.contract_asgi import ORIGIN, Answer, App

# Its annotations leave much open; behind this line nothing of it is believed to have a type.
_library: Any = schemathesis

FUZZED = 30  # cases of each mode and operation
_MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
# What an answer has to keep to, whatever was asked.
_CHECKS = (
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
)


_PATIENT = [
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.large_base_example,
]


class Request(NamedTuple):
    """One generated request in its final form."""

    method: str
    url: str
    headers: list[tuple[str, str]]
    content: bytes


class Case:
    """One generated case. `positive`: its data keep to the spec."""

    def __init__(self, case: Any) -> None:
        self._case = case

    @property
    def positive(self) -> bool:
        """Whether all of its data are as the spec wants them, by schemathesis' own account."""
        meta = self._case.meta
        return meta is not None and bool(meta.generation.mode.is_positive)

    @property
    def method(self) -> str:
        """GET, POST, ..."""
        return str(self._case.method)

    @property
    def body(self) -> Any:
        """The generated body; None when there is none."""
        return None if isinstance(self._case.body, NotSet) else self._case.body

    def members(self) -> dict[str, Any] | None:
        """A copy of the generated body, if it is an object."""
        body: Any = self._case.body
        return copy.deepcopy(body) if body.__class__ is dict else None

    @property
    def headers(self) -> dict[str, str]:
        """The generated headers."""
        headers: dict[Any, Any] = self._case.headers or {}
        return {str(name): str(value) for name, value in headers.items()}

    def with_body(self, body: Any) -> Case:
        """The same case with another body."""
        derived = self._case.derive()
        derived.body = body
        return Case(derived)

    def with_path(self, values: Mapping[str, str]) -> Case:
        """The same case about other things: parameters of its path, by name."""
        derived = self._case.derive()
        derived.path_parameters = {**(derived.path_parameters or {}), **values}
        return Case(derived)

    def request(self, headers: Mapping[str, str]) -> Request:
        """The request on the wire, with more headers."""
        import requests

        kwargs = self._case.as_transport_kwargs(base_url=ORIGIN, headers=dict(headers))
        prepared = requests.Request(
            **{name: kwargs[name] for name in kwargs if name not in {"timeout", "verify"}}
        ).prepare()
        content: Any = prepared.body or b""
        return Request(
            str(prepared.method),
            str(prepared.url),
            [(str(name), _text(value)) for name, value in prepared.headers.items()],
            content if isinstance(content, bytes) else str(content).encode(),
        )

    def verdict(self, request: Request, answer: Answer) -> list[str]:
        """What is wrong with an answer to this case; one line each."""
        _library.checks.load_all_checks()
        checks: list[Any] = _library.checks.CHECKS.get_by_names(list(_CHECKS))
        try:
            self._case.validate_response(_response(request, answer), checks=checks)
        except FailureGroup as group:
            return [_line(failure) for failure in group.exceptions]
        return []


class Operation:
    """One operation of a loaded document, fuzzed with so many cases of each mode."""

    def __init__(self, operation: Any, fuzzed: int = FUZZED) -> None:
        self._operation = operation
        self._fuzzed = fuzzed
        definition: dict[str, Any] = operation.definition.raw
        self.id: str = definition["operationId"]
        self.path: str = operation.path
        self.method: str = str(operation.method).upper()
        self.in_flight: int = definition.get("x-in-flight", {}).get("test", 0)
        self.statuses = sorted(
            int(status) for status in definition["responses"] if status.isdigit()
        )

    @functools.cached_property
    def cases(self) -> list[Case]:
        """Every case of both phases, made once; do not change them.

        Coverage is each limit of each member, one at a time; fuzzing is cases in order and as many
        broken ones, always the same.
        """
        operation = self._operation
        generator: Any = CoverageGenerator(
            operation=operation,
            generation_modes=_MODES,
            generation_config=operation.schema.config.generation_for(
                operation=operation, phase="coverage"
            ),
            auth_storage=None,
            override=Override(),
            feedback=FeedbackSources(),
        )
        made = [Case(case) for case in generator]
        for mode in _MODES:
            _collect(operation.as_strategy(generation_mode=mode), made, self._fuzzed)
        return made

    def mistakes(self, request: Request, answer: Answer) -> list[str]:
        """What is wrong with an answer, whoever sent the request; one line each.

        Status and content type first, which schemathesis does not look at here.
        """
        documented = self._documented(answer.status)
        if documented is None:
            return [f"Undocumented status: {answer.status}"]
        media = (answer.header("content-type") or "").partition(";")[0].strip()
        if "content" in documented and media not in documented["content"]:
            return [f"Undocumented content type: {media or 'none'} with {answer.status}"]
        try:
            self._operation.validate_response(_response(request, answer))
        except FailureGroup as group:
            return [_line(failure) for failure in group.exceptions]
        except Exception as failure:
            if not hasattr(failure, "title"):
                raise
            return [_line(failure)]
        return []

    def _documented(self, status: int) -> Mapping[str, Any] | None:
        """The response object for a status, references followed."""
        responses: Mapping[str, Any] = self._operation.definition.raw["responses"]
        names = (str(status), f"{status // 100}XX", "default")
        found: Any = next((responses[name] for name in names if name in responses), None)
        while found is not None and "$ref" in found:
            reference: str = found["$ref"]
            found = self._operation.schema.raw_schema
            for step in reference.removeprefix("#/").split("/"):
                found = found[step]
        return found


def _collect(strategy: Any, made: list[Case], count: int) -> None:
    """Draw so many examples, deterministically and without keeping any on disk."""

    @hypothesis.settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=_PATIENT,
        verbosity=Verbosity.quiet,
    )
    @hypothesis.given(strategy)
    def collect(case: Any) -> None:
        made.append(Case(case))

    # An operation that takes nothing cannot be asked anything broken.
    with contextlib.suppress(Unsatisfiable):
        cast("Any", collect)()


class Schema:
    """A loaded document and its operations by operationId."""

    def __init__(self, document: Mapping[str, Any], *, fuzzed: int = FUZZED) -> None:
        config: Any = _library.Config.from_dict(
            {
                "seed": 1,
                "continue-on-failure": True,
                "base-url": ORIGIN,
                "generation": {
                    "deterministic": True,
                    "database": "none",
                    # Credentials are set by the tests, right ones and wrong ones.
                    "with-security-parameters": False,
                },
                "analysis": {"constants": {"enabled": False}},
                "phases": {"examples": {"enabled": False}, "stateful": {"enabled": False}},
            }
        )
        loaded: Any = _library.openapi.from_dict(dict(document), config=config)
        found = [Operation(result.ok(), fuzzed) for result in loaded.get_all_operations()]
        self.operations = {operation.id: operation for operation in found}

    def __iter__(self) -> Iterator[Operation]:
        return iter(self.operations.values())

    def __getitem__(self, operation_id: str) -> Operation:
        return self.operations[operation_id]


def spread(cases: list[Case], most: int) -> list[Case]:
    """At most so many cases, from all of a list: coverage and fuzzing are both among them."""
    return cases[:: len(cases) // most + 1]


def send(app: App, request: Request) -> Answer:
    """Send a generated request to an application in this process."""
    return app.send(request.method, request.url, request.headers, request.content)


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _line(failure: Any) -> str:
    title = str(getattr(failure, "title", type(failure).__name__))
    message = " ".join(str(getattr(failure, "message", failure)).split())
    return f"{title}: {message.partition(' Schema at')[0]}"[:300]


def _response(request: Request, answer: Answer) -> Any:
    import requests

    prepared = requests.Request(
        request.method, request.url, headers=dict(request.headers), data=request.content
    ).prepare()
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        headers.setdefault(name, []).append(value)
    return _library.Response(
        status_code=answer.status,
        headers=headers,
        content=answer.content,
        request=prepared,
        elapsed=0.0,
        verify=False,
    )
