"""A fast YAML 1.2 reader: libyaml's parser with the core schema, in which NO and 12:30 are texts; keys are unique."""

import re
from collections.abc import Hashable, Sequence
from typing import Any, ClassVar

import yaml

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 50


class _Loader(_Base):  # type: ignore[misc]  # libyaml's loader if PyYAML was built with it
    """A loader that resolves plain scalars by the core schema of YAML 1.2 (section 10.3), and days."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return a mapping; raise ConstructorError if a key is repeated."""
        seen: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"line {seen[key.value]} already has the key {key.value!r}", key.start_mark
                )
            seen[key.value] = line
        found: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return found


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", [*"~nN", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
     list("-+.0123456789")),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", list("0123456789")),
):  # fmt: skip
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), _first)


_Loader.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))  # 010 is ten, not eight


def load(text: str) -> object:
    """Return the data in a YAML text.

    Raises:
        yaml.YAMLError: The text is not valid YAML, repeats a key, or is nested too deeply.
        ValueError: A day does not exist.
    """
    depth = 0
    for event in yaml.parse(text, _Base):  # before loading, which calls itself for each level
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise yaml.YAMLError("it is nested too deeply")
    return yaml.load(text, _Loader)  # noqa: S506  # _Loader is a safe loader


def line_of(text: str, loc: Sequence[object]) -> int | None:
    """Return the number of the line on which a value begins.

    Args:
        text: A YAML text.
        loc: The keys and indexes that lead to the value.

    Returns:
        The line number, from 1; None if it cannot be determined.
    """
    try:
        node = yaml.compose(text, _Loader)
    except yaml.YAMLError:
        return None
    line: int | None = None
    for part in loc:
        found = _child(node, part)
        if found is None:
            break
        line, node = found
    return line


def _child(node: yaml.Node | None, part: object) -> tuple[int, yaml.Node] | None:
    """Return the line and the node of a node's value for a key or an index."""
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        child = node.value[part]
        return child.start_mark.line + 1, child
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return key.start_mark.line + 1, value
    return None
