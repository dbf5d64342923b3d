"""Which model module needs which, and which models a request can hold."""

from __future__ import annotations

from typing import Any

from codegen.normalising import shape
from codegen.reading import tree


class Graph:
    """The components' references, as modules see them."""

    def __init__(self, edges: dict[str, list[str]], document: dict[str, Any]) -> None:
        self.edges = edges
        self._circles = self._strong()
        self.sent = self.reachable(request_roots(document))

    def late(self, name: str) -> set[str]:
        """The components a model must import inside its functions: those of its own circle."""
        circle = self._circles.get(name, frozenset())
        return {other for other in self.edges.get(name, ()) if other in circle and other != name}

    def reachable(self, roots: set[str]) -> set[str]:
        """The components that values of these components can hold, themselves included."""
        found: set[str] = set()
        todo = sorted(roots)
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo.extend(self.edges.get(name, ()))
        return found

    def _strong(self) -> dict[str, frozenset[str]]:
        """Circles of modules (strongly connected components of more than one)."""
        reach = {name: self.reachable(set(self.edges[name])) for name in self.edges}
        circles: dict[str, frozenset[str]] = {}
        for name, found in reach.items():
            circle = frozenset(other for other in found if name in reach.get(other, ()))
            if len(circle | {name}) > 1:
                circles[name] = circle | {name}
        return circles


def request_roots(document: dict[str, Any]) -> set[str]:
    """The components that request bodies of operations refer to."""
    roots: set[str] = set()
    for item in document.get("paths", {}).values():
        for verb, operation in item.items():
            if verb in shape.METHODS:
                body = tree.obj(tree.deref(document, operation.get("requestBody")))
                for media in tree.obj(body.get("content")).values():
                    name = tree.schema_name(tree.ref_of(tree.obj(media).get("schema")) or "")
                    if name is not None:
                        roots.add(name)
    return roots
