"""Which templates does the source print? Read from the code itself, so that none can be forgotten."""

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "drivers"


def printed_templates() -> dict[str, str]:
    """Every template passed to ``sentence`` or ``say``, with the file it stands in."""
    found = {}
    for file in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(getattr(node.value, "value", None), str)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            for text in _templates(node, constants):
                if text.strip() and text != "{reason}":
                    found.setdefault(text, file.relative_to(SOURCE).as_posix())
    return found


def _templates(node: ast.AST, constants: dict[str, str]) -> list[str]:
    if not isinstance(node, ast.Call) or not node.args:
        return []
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name not in ("sentence", "say"):
        return []
    first = node.args[0]
    texts = []
    for choice in _choices(first):
        if isinstance(choice, ast.Constant) and isinstance(choice.value, str):
            texts.append(choice.value)
        elif isinstance(choice, ast.Name) and choice.id in constants:
            texts.append(constants[choice.id])
    return texts


def _choices(node: ast.AST) -> list[ast.AST]:
    """What an expression can be: both branches of a conditional one."""
    return [*_choices(node.body), *_choices(node.orelse)] if isinstance(node, ast.IfExp) else [node]
