"""CloudWatch's metric math, of what the alarms use: its value for one period.

"Using metric math" and "Using IF expressions", Amazon CloudWatch user guide. An expression is read
as Python's, whose syntax is the same for operators and calls.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Final

Value = float | None
"""What a metric or an expression has for a period; None if it has no value."""

_OPERATORS: Final[Mapping[type[ast.AST], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def value_of(expression: str, metrics: Mapping[str, Value]) -> Value:
    """Return the value of an expression on metrics by their ids.

    Raises:
        AssertionError: it uses what is not known here.
    """
    return _value(ast.parse(expression, mode="eval").body, metrics)


def _value(node: ast.expr, metrics: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return metrics[name]
        case ast.BinOp(left=left, op=sign, right=right):
            return _applied(sign, left, right, metrics)
        case ast.Compare(left=left, ops=[sign], comparators=[right]):
            return _applied(sign, left, right, metrics)
        case ast.Call(func=ast.Name(id="FILL"), args=[metric, filling]):
            value = _value(metric, metrics)
            return _value(filling, metrics) if value is None else value
        case ast.Call(func=ast.Name(id="IF"), args=[condition, then, otherwise]):
            return _chosen(condition, then, otherwise, metrics)
    raise AssertionError(f"not known of metric math: {ast.unparse(node)}")


def _applied(sign: ast.AST, left: ast.expr, right: ast.expr, metrics: Mapping[str, Value]) -> Value:
    """Return what an operator makes of two values; none without both, or by zero."""
    first, second = _value(left, metrics), _value(right, metrics)
    if first is None or second is None or (isinstance(sign, ast.Div) and not second):
        return None
    return float(_OPERATORS[type(sign)](first, second))


def _chosen(
    condition: ast.expr, then: ast.expr, otherwise: ast.expr, metrics: Mapping[str, Value]
) -> Value:
    """Return what IF chooses; a missing value is 0 unless the branch for true is a constant."""
    decided = _value(condition, metrics)
    if decided is None:
        return None
    chosen = _value(then if decided else otherwise, metrics)
    is_filled = chosen is None and not isinstance(then, ast.Constant)
    return 0.0 if is_filled else chosen
