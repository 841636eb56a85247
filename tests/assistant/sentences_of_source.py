"""What can the program say? Read from its source: all texts that errors and skips are made with.

An expression stands for the set of texts that it can be, with VALUE for what is not written in the
source. Followed are names within a function, constants, arguments to the places of a call, what a
function returns, both sides of an `if` or `or`.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

VALUE = "\0"

Function = ast.FunctionDef | ast.AsyncFunctionDef
Texts = frozenset[str]
_UNKNOWN: Texts = frozenset({VALUE})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

SAYING = {
    "Skip": {1: "reason"},
    "skip": {1: "reason"},
    "NotText": {0: "reason"},
    "Unread": {0: "reason"},
    "GarbledError": {0: "reason"},
    "Document": {3: "problem"},
    "FrontMatter": {4: "problem"},
}
"""Calls that say something besides those of errors: which argument, and its name."""
_OF_ERRORS = {0: "message", 1: "hint"}


@dataclass(slots=True)
class Module:
    """One file: its tree, what each node lies in, its functions (methods too) and imports."""

    name: str
    tree: ast.Module
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            self.parents.update(dict.fromkeys(ast.iter_child_nodes(node), node))
            if isinstance(node, _FUNCTIONS):
                self.functions[node.name] = node
            elif isinstance(node, ast.ImportFrom) and node.module:
                for name in node.names:
                    self.imported[name.asname or name.name] = (node.module, name.name)

    def around(self, node: ast.AST, *kinds: type[ast.AST]) -> ast.AST | None:
        """The nearest node of these kinds that a node lies in."""
        above = self.parents.get(node)
        while above is not None and not isinstance(above, kinds):
            above = self.parents.get(above)
        return above


class Source:
    """The modules of a program."""

    def __init__(self, root: Path, packages: tuple[str, ...]) -> None:
        files = [file for package in packages for file in sorted((root / package).rglob("*.py"))]
        names = {file: ".".join(file.relative_to(root).with_suffix("").parts) for file in files}
        self.modules = {
            names[file]: Module(names[file], ast.parse(file.read_text(encoding="utf-8")))
            for file in files
        }
        self.errors = self._errors()
        self.calls: dict[tuple[str, str], list[tuple[Module, ast.Call]]] = {}
        for module in self.modules.values():
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Call) and (called := self._called(module, node)):
                    self.calls.setdefault(called, []).append((module, node))

    def reached_from(self, name: str) -> set[str]:
        """The names of the modules that a module imports, directly or not, and its own."""
        reached, left = set(), [name]
        while left:
            one = left.pop()
            if one in self.modules and one not in reached:
                reached.add(one)
                for folder, what in self.modules[one].imported.values():
                    left += [folder, f"{folder}.{what}"]
        return reached

    def sentences(self, left_out: tuple[str, ...] = ()) -> dict[str, str]:
        """All that is said, and where; what is nothing but a value is left out."""
        said = {}
        for module in self.modules.values():
            if module.name.startswith(left_out):
                continue
            for node in ast.walk(module.tree):
                for argument in self._said_by(module, node):
                    place = f"{module.name}:{argument.lineno}"
                    said.update(dict.fromkeys(self.texts(module, argument), place))
        return {text: said[text] for text in said if any(map(str.isalpha, text))}

    def texts(self, module: Module, node: ast.AST, seen: tuple[ast.AST, ...] = ()) -> Texts:
        """What an expression can be."""
        if node in seen:
            return _UNKNOWN
        seen = (*seen, node)
        match node:
            case ast.Constant(value=str() as text):
                return frozenset({text})
            case ast.JoinedStr(values=parts):
                return self._joined(module, parts, seen)
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                return self.texts(module, value, seen)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined(module, [left, right], seen)
            case ast.IfExp(body=one, orelse=other):
                return self._any(module, [one, other], seen)
            case ast.BoolOp(op=ast.Or(), values=[*first, last]):
                return self._any(module, first, seen) - {""} | self.texts(module, last, seen)
            case ast.Name():
                return self._named(module, node, seen)
            case ast.Call():
                return self._returned(module, node, seen)
        return _UNKNOWN

    def _joined(self, module: Module, parts: list[ast.expr], seen: tuple[ast.AST, ...]) -> Texts:
        joined = map("".join, product(*(self.texts(module, one, seen) for one in parts)))
        return frozenset(re.sub(f"{VALUE}+", VALUE, text) for text in joined)

    def _named(self, module: Module, name: ast.Name, seen: tuple[ast.AST, ...]) -> Texts:
        """What a name can be: by assignments and loops around it, or by its function's calls."""
        function = module.around(name, *_FUNCTIONS)
        if isinstance(function, _FUNCTIONS):
            places = [argument.arg for argument in function.args.args]
            if name.id in places:
                return self._passed(module, function, name.id, seen)
        bound = [
            value
            for scope in (function, module.tree)
            if scope is not None
            for value in _bound(name.id, scope, module)
        ]
        return self._any(module, bound, seen)

    def _any(self, module: Module, nodes: Sequence[ast.AST], seen: tuple[ast.AST, ...]) -> Texts:
        found = [self.texts(module, node, seen) for node in nodes]
        return frozenset().union(*found) if found else _UNKNOWN

    def _passed(
        self, module: Module, function: Function, name: str, seen: tuple[ast.AST, ...]
    ) -> Texts:
        """What the calls of a function hand over as one of its arguments."""
        places = [argument.arg for argument in function.args.args]
        place = places.index(name) - (places[0] == "self")
        found = [
            self.texts(caller, argument, seen)
            for caller, call in self.calls.get((module.name, function.name), ())
            for argument in _arguments(call, {place: name})
        ]
        return frozenset().union(*found) if found else _UNKNOWN

    def _returned(self, module: Module, call: ast.Call, seen: tuple[ast.AST, ...]) -> Texts:
        """What a call of one of our functions, or of `next`, gives."""
        match call:
            case ast.Call(func=ast.Name(id="next"), args=[ast.GeneratorExp(elt=element), default]):
                return self._any(module, [element, default], seen)
        home, name = self._called(module, call) or ("", "")
        if home not in self.modules or name not in self.modules[home].functions:
            return _UNKNOWN
        inside = ast.walk(self.modules[home].functions[name])
        values = [one.value for one in inside if isinstance(one, ast.Return) and one.value]
        return self._any(self.modules[home], values, seen)

    def _called(self, module: Module, call: ast.Call) -> tuple[str, str] | None:
        """Module and name of the function that a call means, if it is one of ours."""
        match call.func:
            case ast.Name(id=name):
                return module.imported.get(name, (module.name, name))
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                return module.name, name
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in module.imported:
                return ".".join(module.imported[owner]), name
        return None

    def _errors(self) -> set[str]:
        """NotesError and all that is made of it."""
        errors = {"NotesError"}
        classes = [
            node
            for module in self.modules.values()
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ClassDef)
        ]
        while more := {one.name for one in classes if _bases(one) & errors} - errors:
            errors |= more
        return errors

    def _said_by(self, module: Module, node: ast.AST) -> Iterator[ast.expr]:
        """The arguments that a call says to the user."""
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in SAYING:
                yield from _arguments(node, SAYING[name])
            case ast.Call(func=ast.Name(id=name)) if name in self.errors:
                yield from _arguments(node, _OF_ERRORS)
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")))):
                inside = module.around(node, ast.ClassDef)
                if isinstance(inside, ast.ClassDef) and _bases(inside) & self.errors:
                    yield from _arguments(node, _OF_ERRORS)


def _arguments(call: ast.Call, wanted: dict[int, str]) -> Iterator[ast.expr]:
    for place, name in wanted.items():
        if place < len(call.args):
            yield call.args[place]
        yield from (one.value for one in call.keywords if one.arg == name)


def _bases(node: ast.ClassDef) -> set[str]:
    return {base.id for base in node.bases if isinstance(base, ast.Name)}


def _bound(name: str, scope: ast.AST, module: Module) -> Iterator[ast.AST]:
    """What a name is set to in a function, or in a module outside of functions."""
    for node in ast.walk(scope):
        if isinstance(scope, ast.Module) and module.around(node, *_FUNCTIONS):
            continue
        match node:
            case ast.Assign(targets=[target], value=value):
                yield from _parts_of(target, value, name)
            case ast.AnnAssign(target=ast.Name(id=one), value=ast.expr() as value) if one == name:
                yield value
            case ast.For() | ast.comprehension():
                for row in _rows(node.iter, module):
                    yield from _parts_of(node.target, row, name)


def _parts_of(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.AST]:
    """What `name` becomes where `value` is put into `target`."""
    match target, value:
        case ast.Name(id=one), _ if one == name:
            yield value
        case ast.Tuple(elts=targets), ast.Tuple(elts=values):
            for part, given in zip(targets, values, strict=False):
                yield from _parts_of(part, given, name)
        case ast.Tuple(elts=targets), _ if name in {getattr(one, "id", "") for one in targets}:
            yield target  # not known


def _rows(iterated: ast.expr, module: Module) -> list[ast.expr]:
    """What a loop goes over, where that is written in the source."""
    if isinstance(iterated, ast.Name):
        constants = _bound(iterated.id, module.tree, module)
        return next((list(one.elts) for one in constants if isinstance(one, ast.Tuple)), [])
    return list(iterated.elts) if isinstance(iterated, (ast.Tuple, ast.List)) else []
