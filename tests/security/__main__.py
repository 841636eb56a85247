"""Play every trick, print what came of each and a line of JSON; exit 1 where anything is open."""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from tests.security.play import Played, every_trick, play
from tests.security.sites import sites


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="names of tricks; all without")
    parser.add_argument("--quick", action="store_true", help="leave out the slow ones")
    asked = parser.parse_args()
    began = time.monotonic()
    played: list[Played] = []
    with tempfile.TemporaryDirectory(prefix="notes-security-") as folder, sites(Path(folder)) as found:  # fmt: skip
        print(f"{'verdict':8} {'trick':86} tried → came back", flush=True)
        for trick in every_trick(slow=not asked.quick):
            if not asked.only or trick.__name__ in asked.only:
                played.append(play(trick, found))
                print(played[-1].line(), flush=True)
    told = {
        "tricks": len(played),
        "refused": sum(one.outcome.verdict == "refused" for one in played),
        "open": [f"{one.name}: {hole}" for one in played for hole in one.outcome.holes],
        "known": sorted({said for one in played for said in one.outcome.known}),
        "missing": {one.name: one.outcome.missing for one in played if one.outcome.missing},
        "requests": sum(one.requests for one in played),
        "seconds": round(time.monotonic() - began, 1),
    }
    print(json.dumps(told, ensure_ascii=False))
    return 1 if told["open"] else 0


sys.exit(main())
