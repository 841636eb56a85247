"""Write the graph of an exported model anew, its weights as they are.

`python -m index.distill.renew index/model`, after a change of `index.distill.graph`.
"""

import argparse
import json
from pathlib import Path

from index.distill.command import run
from index.distill.export import write_digests, write_graph


def renew(folder: Path) -> None:
    """Write graph and digests of `folder`."""
    write_graph(folder, json.loads((folder / "config.json").read_text(encoding="utf-8")))
    write_digests(folder)


def main() -> int:
    """Renew as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    return run(lambda: renew(given.folder))


if __name__ == "__main__":
    raise SystemExit(main())
