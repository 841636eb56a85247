"""Start a published app and ask it, in one process tree that can be shut off from any network.

Run as a program: `offline_visit.py APP PYTHON PORT QUESTION...` prints a JSON list of answers, then
what a request elsewhere came to.
"""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any


def main(app: str, python: str, port: str, questions: list[str]) -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    environment = {**os.environ, "NOTES_PORT": port}
    with subprocess.Popen(
        [python, app], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as served:
        try:
            url = f"http://127.0.0.1:{port}/"
            wait(url, served)
            answers = [call(url, "ask", [question]) for question in questions]
            told = {"answers": answers, "page": page(url), "outside": outside()}
            print(json.dumps(told, ensure_ascii=False))
        finally:
            served.terminate()
            served.wait(30)


def wait(url: str, served: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and served.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    served.terminate()
    said = served.stderr.read().decode(errors="replace") if served.stderr else ""
    sys.exit(f"the published app did not answer:\n{said}")


def page(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return str(answer.read().decode())


def call(url: str, name: str, data: list[Any]) -> Any:
    """Call a function of the app over HTTP, as any program may."""
    request = urllib.request.Request(
        f"{url}gradio_api/call/{name}",
        json.dumps({"data": data}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        event = json.load(answer)["event_id"]
    with urllib.request.urlopen(f"{url}gradio_api/call/{name}/{event}", timeout=60) as answer:
        lines = answer.read().decode().splitlines()
    return json.loads(next(line for line in lines if line.startswith("data:"))[5:])[0]


def outside() -> str:
    try:
        urllib.request.urlopen("http://1.1.1.1/", timeout=3).close()
    except OSError as error:
        return f"refused: {error}"
    return "reached"


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
