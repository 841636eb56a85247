"""The users of tests.bench.load, by locust; run by its own interpreter, which has locust.

python tests/bench/load_users.py URL QUESTIONS USERS SECONDS      prints JSON

A user opens the page, then asks, searches while typing, and reads a note, as the page's scripts do
it, with a pause for reading of 15 to 45 seconds after each. Every user has an address of its own in
127.0.0.0/8, so that the limits for one client count as they would in the world.
"""

import json
import random
import secrets
import sys
import time
from pathlib import Path
from typing import Any

import gevent
from locust import HttpUser, between, task
from locust.env import Environment
from requests.adapters import HTTPAdapter

WARM_UP = 30
"""Seconds in which the users come in; what is asked then is not counted."""

URL, QUESTIONS, USERS, SECONDS = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
QUESTION_LIST = json.loads(QUESTIONS.read_text(encoding="utf-8"))
_NEXT = iter(range(10**9))


class From(HTTPAdapter):
    """Connects from one address."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(pool_maxsize=8)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> Any:
        return super().init_poolmanager(*args, **kwargs, source_address=(self.address, 0))


class Visitor(HttpUser):
    host = URL.rstrip("/")
    wait_time = between(15, 45)

    def on_start(self) -> None:
        n = next(_NEXT)
        self.random = random.Random(n)
        adapter = From(f"127.1.{n // 250}.{n % 250 + 1}")
        self.client.mount("http://", adapter)
        self.client.headers["Accept-Language"] = self.random.choice(("zh-CN", "en"))
        self.session = secrets.token_hex(5)
        self.asked = QUESTION_LIST[n::USERS] or QUESTION_LIST
        self.at = 0
        self.open_page()

    def open_page(self) -> None:
        self.client.get("/", name="open page")
        config = self.client.get("/config", name="open page").json()
        named = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
        self.search_page, self.dialog = named["search-page"], named["note-dialog"]
        events = {
            (target[0], target[1]): event["id"]
            for event in config["dependencies"]
            for target in event["targets"]
        }
        self.ask_event = events[named["question"], "submit"]
        self.question = named["question"]
        load = next(event for (_, kind), event in events.items() if kind == "load")
        self.beat = gevent.spawn(self.hold)
        self.run_event(load, [], "open page: load")

    def hold(self) -> None:
        """Keep the page's connection open, as browsers do."""
        path = f"{URL.rstrip('/')}/gradio_api/heartbeat/{self.session}"
        with self.client.get(path, stream=True, name="heartbeat", catch_response=True) as beat:
            beat.success()
            for _ in beat.iter_content(64):
                pass

    def on_stop(self) -> None:
        self.beat.kill()

    def run_event(self, event: int, data: list[Any], name: str) -> Any:
        """Run an event of the page to its end; its whole time counts as `name`."""
        began = time.perf_counter()
        failure: Exception | None = None
        output: Any = None
        size = 0
        try:
            body = {"data": data, "fn_index": event, "session_hash": self.session, "trigger_id": None, "event_data": None}  # fmt: skip
            joined = self.client.post("/gradio_api/queue/join", json=body, name=f"{name} (join)")
            joined.raise_for_status()
            wanted = joined.json()["event_id"]
            path = f"/gradio_api/queue/data?session_hash={self.session}"
            with self.client.get(
                path, stream=True, name=f"{name} (stream)", catch_response=True
            ) as stream:
                stream.success()
                for line in stream.iter_lines():
                    size += len(line)
                    if not line.startswith(b"data:"):
                        continue
                    told = json.loads(line[5:])
                    if told.get("msg") == "process_completed" and told["event_id"] == wanted:
                        output = told["output"]
                        if not told["success"]:
                            raise RuntimeError(str(output)[:200])
                        break
            if output is None:
                raise RuntimeError("the stream ended before the answer")
        except Exception as error:  # noqa: BLE001 - every failure is counted
            failure = error
        self.environment.events.request.fire(
            request_type="EVENT",
            name=name,
            response_time=(time.perf_counter() - began) * 1000,
            response_length=size,
            exception=failure,
            context={},
        )
        return output

    def call(self, component: int, function: str, data: Any, name: str) -> Any:
        body = {"session_hash": self.session, "component_id": component, "fn_name": function, "data": data}  # fmt: skip
        with self.client.post(
            "/gradio_api/component_server", json=body, name=name, catch_response=True
        ) as told:
            if not told.ok:
                told.failure(f"{told.status_code} {told.text[:100]}")
                return None
            return told.json()

    def next_question(self) -> str:
        self.at += 1
        return str(self.asked[self.at % len(self.asked)])

    @task(4)
    def ask(self) -> None:
        self.run_event(self.ask_event, [self.next_question(), None], "ask")

    @task(3)
    def search(self) -> None:
        """Type two words, look at what they bring, and read the first note."""
        words = self.next_question()[:24]
        for end in (len(words) // 2, len(words)):
            form = {"query": [words[:end]], "order": ["best"], "mode": ["hybrid"], "count": ["10"]}
            self.call(self.search_page, "search", {**form, "lit": False, "facets": end < len(words)}, "search")  # fmt: skip
            gevent.sleep(0.3)
        found = self.call(self.search_page, "search", {**form, "lit": True, "facets": False}, "search: marks")  # fmt: skip
        places = found and _places(found["results"])
        if places:
            gevent.sleep(2)
            self.call(self.dialog, "read_note", places[0], "read note")


def _places(html: str) -> list[dict[str, Any]]:
    """Return what a click on a found note opens."""
    import re
    from html import unescape

    buttons = re.findall(r"<button[^>]*data-path=[^>]*>", html)
    return [
        {name: unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', button)}
        for button in buttons
    ]


def main() -> None:
    environment = Environment(user_classes=[Visitor])
    runner = environment.create_local_runner()
    runner.start(USERS, spawn_rate=USERS / WARM_UP)
    gevent.sleep(WARM_UP + 20)
    environment.stats.reset_all()
    began = time.time()
    gevent.sleep(SECONDS)
    taken = time.time() - began
    held = runner.user_count
    rows = {
        name: {
            "requests": entry.num_requests,
            "failures": entry.num_failures,
            "p50": entry.get_response_time_percentile(0.5),
            "p95": entry.get_response_time_percentile(0.95),
            "p99": entry.get_response_time_percentile(0.99),
            "most": round(entry.max_response_time),
        }
        for (name, _), entry in sorted(environment.stats.entries.items())
        if "(" not in name and name != "heartbeat" and entry.num_requests
    }
    errors = [f"{error.occurrences} × {error.name}: {error.error}" for error in environment.stats.errors.values()]  # fmt: skip
    runner.quit()
    print(json.dumps({"users": held, "seconds": round(taken), "actions": rows, "errors": errors}))


if __name__ == "__main__":
    main()
