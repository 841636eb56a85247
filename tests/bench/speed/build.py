"""Where the time of a build goes: reading and cutting, embedding, storing.

    python -m tests.bench.speed.build SHARED WORK

"Share without embedding" is that of the seconds by the clock in which nothing was embedded.
Prints one line of JSON.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from corpus.progress import Progress
from index.embedding.models import load_embedder
from index.keeping.store import Store
from index.keeping.update import update
from tests.bench.speed.corpus import unpacked


def main() -> None:
    shared, work = map(Path, sys.argv[1:])
    roots = [unpacked(shared, work, name) for name in ("javaguide-zh", "til-zh-en")]
    embedder = load_embedder()
    seconds: dict[str, float] = {}
    last = [time.perf_counter(), "read"]

    def watch(progress: Progress) -> None:
        now = time.perf_counter()
        seconds[progress.step] = seconds.get(progress.step, 0.0) + now - float(last[0])
        last[:] = [now, progress.step]

    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        told = update(Store(Path(folder)), roots, embedder, on_progress=watch)
        whole = time.perf_counter() - begin
    seconds["after"] = begin + whole - float(last[0])
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "chunks": told.chunks,
                "seconds": whole,
                "chunks/s": told.chunks / whole,
                **{f"seconds of {step}": spent for step, spent in seconds.items()},
                "share without embedding": 1 - seconds["embed"] / whole,
                "CPU seconds": used.ru_utime + used.ru_stime,
            }
        )
    )


if __name__ == "__main__":
    main()
