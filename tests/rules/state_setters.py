"""Finds where source sets the state of a row by itself, past `move` and `move_many`."""

import ast
import re
from dataclasses import dataclass

SETS_STATE = re.compile(r"\bSET\b(?:(?!\b(?:WHERE|FROM)\b).)*?\bstate\s*=", re.IGNORECASE | re.DOTALL)
INSERTS_STATE = re.compile(r"\bINSERT\s+INTO\s+\w+[^()]*\([^()]*\bstate\b", re.IGNORECASE)
WRITERS = frozenset(
    {"update", "insert", "move_many"}
)  # who imports one of them writes rows from dictionaries
KEYWORD_SETTERS = frozenset({"values", "update"})


@dataclass(frozen=True)
class StateSetters:
    """`models`: classes of rows with a lifecycle; `enums` and `values`: their states, by class and as stored."""

    models: frozenset[str]
    enums: frozenset[str]
    values: frozenset[str]

    def lines(self, tree: ast.Module) -> list[int]:
        """The lines that set a state. A row may be made with `state=LIFECYCLE.initial`, and with no other."""
        writes = bool(WRITERS & _imported(tree))
        found = (
            node
            for node in ast.walk(tree)
            if _by_attribute(node)
            or _by_sql(node)
            or self._by_keyword(node)
            or self._by_dictionary(node, writes)
        )
        return sorted({getattr(node, "lineno", 0) for node in found})

    def _by_keyword(self, node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        given = [each.value for each in node.keywords if each.arg == "state"]
        if _called(node.func) in self.models | {"dict"}:
            return any(not _is_initial(value) for value in given)
        return bool(given) and _called(node.func) in KEYWORD_SETTERS

    def _by_dictionary(self, node: ast.AST, writes: bool) -> bool:
        match node:
            case ast.Dict(keys=keys, values=values):
                given = [value for key, value in zip(keys, values, strict=True) if _is_state(key)]
            case ast.Assign(targets=[ast.Subscript(slice=key)], value=value):
                given = [value] if _is_state(key) else []
            case _:
                given = []
        return any(self._is_set(value, writes) for value in given)

    def _is_set(self, value: ast.expr, writes: bool) -> bool:
        """A dictionary may say a state for other ends: for a page, for an address."""
        named = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)} & self.enums
        said = isinstance(value, ast.Constant) and str(value.value).strip("'") in self.values
        return (writes or bool(named) or said) and not _is_initial(value)


def _by_attribute(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(attr="state", ctx=ast.Store() | ast.Del()):
            return True
        case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value="state"), *_]):
            return True
    return False


def _by_sql(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return bool(SETS_STATE.search(text) or INSERTS_STATE.search(text))
        case ast.JoinedStr(values=parts):
            return bool(SETS_STATE.search(_joined(parts)))
    return False


def _imported(tree: ast.Module) -> set[str]:
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return {alias.name for node in imports for alias in node.names}


def _called(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


def _is_state(key: ast.expr | None) -> bool:
    """The name, or the column."""
    return (isinstance(key, ast.Constant) and key.value == "state") or (
        isinstance(key, ast.Attribute) and key.attr == "state"
    )


def _is_initial(value: ast.expr) -> bool:
    return any(isinstance(each, ast.Attribute) and each.attr == "initial" for each in ast.walk(value))


def _joined(parts: list[ast.expr]) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "_" for part in parts)
