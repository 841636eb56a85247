"""What the hosted demo has to have installed: the versions that are installed here, exactly.

The demo runs on Linux with Python 3.11, whatever this machine is.
"""

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName, canonicalize_name

from corpus.errors import NotesError

PYTHON = "3.11"
DIRECT = (
    *("argon2-cffi", "charset-normalizer", "faiss-cpu", "filelock", "gradio", "limits"),
    *("jsonschema", "markdown-it-py", "mcp", "nh3", "numpy", "onnxruntime", "opencc"),
    *("pathspec", "platformdirs", "pyyaml", "rich", "pystemmer", "tokenizers"),
    *("typer", "watchfiles"),
)
"""What the demo imports itself. The map is made ahead, so scikit-learn is not among them."""

_SPACE_EXTRAS = ("mcp", "oauth")
"""A Space installs `gradio[mcp,oauth]` together with these requirements."""

_LINUX: Mapping[str, str] = {
    "implementation_name": "cpython",
    "implementation_version": f"{PYTHON}.0",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_release": "",
    "platform_system": "Linux",
    "platform_version": "",
    "python_full_version": f"{PYTHON}.0",
    "python_version": PYTHON,
    "sys_platform": "linux",
}


def requirements(direct: Sequence[str] = DIRECT) -> tuple[str, ...]:
    """Return the lines of requirements.txt: `direct` and all that they need.

    A version that Gradio's extras refuse is not pinned but given as the range that they want, and
    so is what is not installed on this machine. Raises NotesError where a direct one is missing.
    """
    refused = dict(_refused())
    pinned: dict[NormalizedName, str] = {}
    left = [Requirement(name) for name in direct]
    done: set[tuple[str, frozenset[str]]] = set()
    while left:
        one = left.pop()
        name, extras = canonicalize_name(one.name), frozenset(one.extras)
        if (name, extras) in done:
            continue
        done.add((name, extras))
        try:
            found = distribution(name)
        except PackageNotFoundError as error:
            if one.name in direct:
                raise NotesError(
                    f"The package {one.name} is not installed; nothing was published.",
                    "Install the program again, as its README says.",
                ) from error
            pinned.setdefault(name, f"{name}{one.specifier}")
            continue
        if name in refused:  # and what this version of it needs is not what another one needs
            pinned[name] = f"{name}{refused[name]}"
            continue
        pinned[name] = f"{name}=={found.version.partition('+')[0]}"
        left += _needs(name, extras)
    return tuple(pinned[name] for name in sorted(pinned))


def gradio_version() -> str:
    """Return the version of Gradio that a Space is to install."""
    return distribution("gradio").version


def _needs(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    for line in distribution(name).requires or ():
        need = Requirement(line)
        if need.marker is None or any(
            need.marker.evaluate({**_LINUX, "extra": extra}) for extra in ("", *extras)
        ):
            yield need


def _refused() -> Iterator[tuple[NormalizedName, SpecifierSet]]:
    """Yield what a Space's Gradio does not take in the version that is installed here."""
    for need in _needs(canonicalize_name("gradio"), frozenset(_SPACE_EXTRAS)):
        name = canonicalize_name(need.name)
        try:
            installed = distribution(name).version
        except PackageNotFoundError:
            continue
        if not need.specifier.contains(installed, prereleases=True):
            yield name, need.specifier
