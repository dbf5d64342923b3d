"""Python names for what a spec names: the gateway's own words, in snake case."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

from codegen.problems import SpecError

# Attributes every model has already.
RESERVED = frozenset({"check", "decode", "from_wire", "to_wire", "unknown_members"})
# What an enum class cannot call a member.
ENUM_RESERVED = frozenset({"mro", "name", "value", "is_known"}) | frozenset(dir(str))


def snake(text: str) -> str:
    """``threeDSReqAuthData`` is ``three_ds_req_auth_data``, ``pay-easyInfo`` ``pay_easy_info``."""
    text = re.sub(r"[^0-9A-Za-z]+", "_", text).strip("_")
    text = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", text)
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    return re.sub(r"__+", "_", text).lower()


def upper(text: str) -> str:
    """A constant's name."""
    return snake(text).upper()


def identifier(text: str, reserved: Iterable[str] = ()) -> str:
    """A valid attribute or parameter name: keywords and reserved words get an underscore."""
    name = snake(text)
    if not name:
        raise SpecError(f"{text!r} gives no Python name", "rename it in the overlay")
    if name[0].isdigit():
        name = "n" + name
    if keyword.iskeyword(name) or name in reserved:
        name += "_"
    return name


def class_name(component: str) -> str:
    """A component's class name: the component's name, which must be one already."""
    name = re.sub(r"[^0-9A-Za-z]+", " ", component)
    name = "".join(word[:1].upper() + word[1:] for word in name.split())
    if not name.isidentifier() or keyword.iskeyword(name):
        raise SpecError(f"schema {component!r} gives no class name", "rename it in the overlay")
    return name


def enum_member(value: str) -> str:
    """An enum member's name from its value: ``sms-pin`` is ``SMS_PIN``, ``01`` is ``VALUE_01``."""
    name = re.sub(r"[^0-9A-Za-z]+", "_", value).strip("_")
    name = (name if name.isupper() or "_" in name else snake(name)).upper()
    if not name:
        raise SpecError(f"enum value {value!r} gives no name", "set x-enum-varnames")
    if name[0].isdigit():
        name = "VALUE_" + name
    return name + "_" if name.lower() in ENUM_RESERVED or name in ENUM_RESERVED else name


def method_name(operation_id: str, tag: str) -> str:
    """A method's name in its group: the operationId without the group's name in front."""
    rest = operation_id
    if operation_id.lower().startswith(tag.lower()):
        tail = operation_id[len(tag) :]
        if tail and (tail[0].isupper() or not tail[0].isalnum()):
            rest = tail
    return identifier(rest, reserved=("self",))


def unique(names: Iterable[tuple[str, str]], what: str) -> None:
    """Refuse two originals that give one Python name. ``names``: (original, Python name)."""
    seen: dict[str, str] = {}
    for original, name in names:
        if name in seen:
            raise SpecError(
                f"{what}: {seen[name]!r} and {original!r} both become {name!r}",
                "rename one of them in the overlay",
            )
        seen[name] = original
