"""Counts what integrating the node took, and writes it into the README: ``python count_lines.py``.

Counted are lines with code on them: no blank lines, comments or docstrings.
"""

import ast
import io
import tokenize
from pathlib import Path

HERE = Path(__file__).parent
README = HERE / "README.md"
BEGIN, END = "<!-- counted -->\n", "<!-- end -->\n"
# What somebody wrote for the node; everything else is the editor's own.
FOR_THE_NODE = {
    "ports.py": "graphs, datasets, people and events behind the four ports",
    "node_kinds.py": "where things stand in this editor's nodes",
}
SINGLE_LINES = {
    "app.py": ("install", "the node's routes below `/tuning`"),
    "migrations/env.py": ("include_name", "the editor's Alembic leaves the node's tables alone"),
}
_QUIET = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def code_lines(source: str) -> set[int]:
    """Return the numbers of the lines that hold code."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _QUIET:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            lines.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def table() -> str:
    """Return the table of the README."""
    package = HERE / "example_host"
    sources = {str(path.relative_to(package)): path.read_text() for path in sorted(package.rglob("*.py"))}
    rows = []
    for name, meaning in FOR_THE_NODE.items():
        rows.append((name, len(code_lines(sources[name])), meaning))
    for name, (word, meaning) in SINGLE_LINES.items():
        text = sources[name].splitlines()
        rows.append((name, sum(word in text[number - 1] for number in code_lines(sources[name])), meaning))
    taken = sum(count for _, count, _ in rows)
    whole = sum(len(code_lines(source)) for source in sources.values())
    body = [f"| `{name}` | {count} | {meaning} |" for name, count, meaning in rows]
    head = ["| file | lines of code | for |", "|---|---:|---|"]
    tail = [f"| **all for the node** | **{taken}** | |", f"| the editor itself | {whole - taken} | |"]
    return "\n".join([*head, *body, *tail]) + "\n"


def written(page: str) -> str:
    """Return the page with the present table in it."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    README.write_text(written(README.read_text()))
