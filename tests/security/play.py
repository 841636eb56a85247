"""Which tricks there are, and how one is played."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module

from tests.security.outcome import MissingError, Outcome
from tests.security.sites import Sites
from tests.security.told import leaks

Trick = Callable[[Sites], Outcome]

_MODULES = (
    "files",
    "routes",
    "events",
    "components",
    "sign_in",
    "limits",
    "origins",
    "oddities",
    "private_notes",
    "tools",
    "hostile",
    "machine",
    "outgoing",
)


@dataclass(frozen=True, slots=True)
class Played:
    """A trick, called `name`, with what came of it after so many `requests`."""

    name: str
    about: str
    outcome: Outcome
    requests: int
    seconds: float

    def line(self) -> str:
        """Return a line of the table, and one for each hole."""
        told = (
            f"{self.outcome.verdict:8} {self.about:86} {self.outcome.tried} → {self.outcome.came}"
        )
        said = (*self.outcome.holes, *self.outcome.known, self.outcome.missing)
        more = [f"         {one}" for one in said if one]
        return "\n".join((f"{told} ({self.seconds:.1f} s)", *more))


def every_trick(slow: bool) -> Iterator[Trick]:
    """Yield the tricks; those that take long only if `slow`."""
    for name in _MODULES:
        module = import_module(f"tests.security.{name}")
        yield from getattr(module, "TRICKS", ())
        if slow:
            yield from getattr(module, "SLOW", ())


def play(trick: Trick, sites: Sites) -> Played:
    """Play a trick, then see whether strangers were told what they must not know."""
    strangers = (sites.public, sites.locked)
    for site in strangers:
        site.heard.clear()
    began = time.monotonic()
    try:
        outcome = trick(sites)
    except MissingError as error:
        outcome = Outcome("", "", missing=str(error))
    except Exception as error:  # noqa: BLE001 - what could not be played proves nothing; the others go on
        outcome = Outcome(
            "", "", (f"it could not be played: {type(error).__name__} {error}"[:900],)
        )
    heard = [one for site in strangers for one in site.heard]
    told = tuple(dict.fromkeys(leaks(heard)))[:10]
    outcome = replace(outcome, holes=(*outcome.holes, *told, *_dead(sites)))
    about = (trick.__doc__ or "").split("\n")[0]
    return Played(trick.__name__, about, outcome, len(heard), time.monotonic() - began)


def _dead(sites: Sites) -> Iterator[str]:
    """Name the servers that do not answer any more."""
    for name in ("public", "locked", "own"):
        site = getattr(sites, name)
        try:
            status = site.visitor().ask("GET", "/favicon.ico", seconds=10).status
        except OSError as error:
            status = str(error)
        if status != 200:
            yield f"afterwards the {name} server does not answer: {status}"
