"""Does a shared demo hold 200 people at once? Answer times, errors, memory at start and end.

python -m tests.bench.load VAULT WORK LOCUST [USERS [SECONDS]]

VAULT is published into WORK, once, and started as a visitor's server would start it. LOCUST is an
interpreter that has locust; it and the server share this machine. Questions: those that are known
to have answers, and titles of the notes, each asked once or twice in a run.
"""

import json
import os
import random
import resource
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

USERS, SECONDS = 200, 300
P95 = 1000
"""Milliseconds that 95 of 100 answers may take."""

_HERE = Path(__file__).parent


def main() -> None:
    vault, work = map(Path, sys.argv[1:3])
    locust = sys.argv[3]
    users = int(sys.argv[4]) if len(sys.argv) > 4 else USERS
    seconds = int(sys.argv[5]) if len(sys.argv) > 5 else SECONDS
    work.mkdir(parents=True, exist_ok=True)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    demo = published(vault, work)
    questions = work / "questions.json"
    questions.write_text(json.dumps(questions_of(demo), ensure_ascii=False), encoding="utf-8")
    with served(demo, work / "serve.log") as (url, pid):
        sizes: list[list[float]] = []
        watching = threading.Event()
        watcher = threading.Thread(target=watch, args=(pid, sizes, watching))
        watcher.start()
        ran = subprocess.run(
            [locust, str(_HERE / "load_users.py"), url, str(questions), str(users), str(seconds)],
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        watching.set()
        watcher.join()
        cpu = cpu_seconds(pid)
    told = json.loads(ran.stdout.splitlines()[-1])
    totals = [sum(size) for size in sizes]
    third = len(sizes) // 3
    told |= {
        "memory_mb": {"first": totals[0], "after_a_third": totals[third], "end": totals[-1], "most": max(totals)},
        "each_process_mb": {"first": sizes[0], "after_a_third": sizes[third], "end": sizes[-1]},
        "server_cpu_seconds": round(cpu),
        "cores": len(os.sched_getaffinity(0)),
    }  # fmt: skip
    show(told)
    failed = sum(row["failures"] for row in told["actions"].values())
    slow = [name for name, row in told["actions"].items() if row["p95"] > P95]
    sys.exit(bool(failed or slow))


def published(vault: Path, work: Path) -> Path:
    notes = Path(sys.executable).with_name("notes")
    index, demo = work / f"{vault.name}.index", work / f"{vault.name}.demo"
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run([notes, "index", vault, "--index", index], **quiet)
    subprocess.run([notes, "publish", demo, "--index", index], **quiet)
    return demo


def questions_of(demo: Path) -> list[str]:
    """Return questions in a random order, the same each time."""
    import sqlite3

    rows = (_HERE / "note_answers.jsonl").read_text(encoding="utf-8").splitlines()
    known = [json.loads(row)["question"] for row in rows]
    with sqlite3.connect(f"file:{demo}/data/index/notes.sqlite?mode=ro", uri=True) as db:
        titles = [row[0] for row in db.execute("SELECT DISTINCT title FROM notes WHERE length(title) > 5")]  # fmt: skip
    db.close()
    chance = random.Random(7)
    asked = known + chance.sample(sorted(titles), min(len(titles), 2500))
    chance.shuffle(asked)
    return asked


@contextmanager
def served(demo: Path, log: Path) -> Iterator[tuple[str, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "NOTES_PORT": str(port)}
    with log.open("wb") as out:
        app = subprocess.Popen([sys.executable, demo / "app.py"], env=environment, stdout=out, stderr=out)  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}/"
        deadline = time.monotonic() + 120
        while True:
            try:
                with urllib.request.urlopen(url, timeout=5):
                    break
            except OSError:
                if time.monotonic() > deadline or app.poll() is not None:
                    sys.exit(f"the demo did not start: {log.read_text()}")
                time.sleep(0.1)
        yield url, app.pid
    finally:
        app.terminate()
        app.wait(30)


def watch(pid: int, sizes: list[list[float]], done: threading.Event) -> None:
    """Write down the memory of the server and of its processes, in MB, every two seconds."""
    while not done.wait(2):
        sizes.append([memory_mb(one) for one in processes(pid)])


def processes(pid: int) -> list[int]:
    """Return a process and all that it started."""
    children: list[str] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # threads come and go
            children += (thread / "children").read_text().split()
    return [pid, *(one for child in set(children) for one in processes(int(child)))]


def memory_mb(pid: int) -> float:
    """What two processes share counts half for each of them."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return round(int(told.split("Pss:")[1].split()[0]) / 1024)


def cpu_seconds(pid: int) -> float:
    ticks = 0
    for one in processes(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def show(told: dict) -> None:
    print(f"{told['users']} users for {told['seconds']} s on {told['cores']} cores; milliseconds")
    print(f"{'action':<18}{'times':>8}{'errors':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'most':>8}")
    for name, row in told["actions"].items():
        cells = (row[key] for key in ("requests", "failures", "p50", "p95", "p99", "most"))
        print(f"{name:<18}" + "".join(f"{round(cell or 0):>8}" for cell in cells))
    memory = told["memory_mb"]
    print(f"memory, MB: {memory['first']:.0f} at first, {memory['after_a_third']:.0f} after a third, {memory['end']:.0f} at the end, {memory['most']:.0f} at most")  # fmt: skip
    for when, each in told["each_process_mb"].items():
        print(f"  {when.replace('_', ' ')}, the one that listens and those that answer: {each}")
    for error in told["errors"]:
        print(error)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
