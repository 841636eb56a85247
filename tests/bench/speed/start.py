"""Seconds until commands answer, each in a process of its own.

    python -m tests.bench.speed.start INDEX

The median of `ROUNDS`; the files are in the system's cache, as after the first use of a day.
Prints one line of JSON.
"""

import json
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROUNDS = 7
NOTES = Path(sys.executable).with_name("notes")


def main() -> None:
    index = sys.argv[1]
    told = {
        "notes --help": timed(["--help"]),
        "notes search": timed(["search", "数据库 索引", "--index", index, "--json"]),
        "notes ask": timed(["ask", "数据库索引有什么用？", "--index", index, "--json"]),
        "notes serve, page": statistics.median(served(index) for _ in range(3)),
    }
    print(json.dumps(told))


def timed(arguments: list[str]) -> float:
    times = []
    for _ in range(ROUNDS + 1):
        begin = time.perf_counter()
        subprocess.run([NOTES, *arguments], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:])


def served(index: str) -> float:
    """Return the seconds until Gradio's page itself is given, not the one that waits for it."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    begin = time.perf_counter()
    process = subprocess.Popen(
        [NOTES, "serve", "--index", index, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.perf_counter() - begin < 60:
            try:
                url = f"http://127.0.0.1:{port}/config"
                with urllib.request.urlopen(url, timeout=5) as answer:
                    if answer.status == 200 and b"components" in answer.read():
                        return time.perf_counter() - begin
            except (OSError, urllib.error.URLError):
                pass
            time.sleep(0.02)
        raise SystemExit("notes serve was not ready within a minute")
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()
