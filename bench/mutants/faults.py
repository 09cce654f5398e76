"""List the small faults a module can have, and make the module with one of them.

Only bodies of functions are touched: what stands in classes is the schema, held by `makemigrations --check`.
Texts are left as they are: people read them, and the catalogues are checked.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One change to a tree: where it stands, in words, and the act that makes it."""

    line: int
    function: str
    words: str
    make: Callable[[], None]


def mutated(source: str, number: int) -> ast.Module:
    """Return the module's tree with its fault of this number."""
    tree = ast.parse(source)
    list(faults_of(tree))[number].make()
    return ast.fix_missing_locations(tree)


def faults_of(tree: ast.Module) -> Iterator[Fault]:
    """Yield every fault that fits, always in the same order."""
    for function in _outermost_functions(tree):
        for statement in function.body:
            for node in ast.walk(statement):
                for words, make in _faults_at(node):
                    yield Fault(getattr(node, "lineno", function.lineno), function.name, words, make)


def _outermost_functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield node
        else:
            yield from _outermost_functions(node)


def _faults_at(node: ast.AST) -> Iterator[tuple[str, Callable[[], None]]]:
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in SWAPPED:
            yield _swap(node, "ops", operator, [SWAPPED[type(operator)]()])
        case ast.BoolOp(op=operator) | ast.BinOp(op=operator) if type(operator) in SWAPPED:
            yield _swap(node, "op", operator, SWAPPED[type(operator)]())
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield f"condition turned round: {ast.unparse(test)}", lambda: _turn_round(node)
        case ast.Constant(value=bool() as value):
            yield f"{value} → {not value}", lambda: setattr(node, "value", not value)
        case ast.Constant(value=int() as value):
            yield f"{value} → {value + 1}", lambda: setattr(node, "value", value + 1)
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield (
                f"None returned for {ast.unparse(value)}",
                lambda: setattr(node, "value", ast.Constant(None)),
            )
        case ast.Expr(value=ast.Call() as call):
            yield f"left out: {ast.unparse(call)}", lambda: setattr(node, "value", ast.Constant(None))
        case ast.Call(keywords=keywords):
            for keyword in keywords:
                if keyword.arg:
                    yield _drop(node, keyword)


def _swap(node: ast.AST, field: str, old: ast.AST, new: Any) -> tuple[str, Callable[[], None]]:
    other = type(new[0] if isinstance(new, list) else new).__name__
    words = f"{type(old).__name__} → {other}: {ast.unparse(node)}"
    return words, lambda: setattr(node, field, new)


def _turn_round(node: Any) -> None:
    node.test = ast.UnaryOp(ast.Not(), node.test)


def _drop(call: ast.Call, keyword: ast.keyword) -> tuple[str, Callable[[], None]]:
    words = f"without {keyword.arg}: {ast.unparse(call)}"
    return words, lambda: call.keywords.remove(keyword)


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
