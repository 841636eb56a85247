"""The command line as outside programs use it: a real process, the bundled model."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.index import tiny_cross_encoder

MEMO = """| 序号 | 内容 | 来源 | 备注 | 类型 |
|:---:|:----|:---|:---|:---|
| 1 | HttpDNS 不走传统的 DNS 解析，直接用 HTTP 请求自建的服务器集群。 | 网络课 | | tip |
| 2 | http://www.example.org/birrell.pdf | 网络课 | rpc思想的诞生 | paper |
| 3 | rayon | crates.io | 并行计算库 | project |
| 4 | VXLAN 的头里包含的 VXLAN ID 为 24 位。 | 网络课 | | abbreviation |
"""


def notes(
    *arguments: str | Path | int, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistant", *map(str, arguments)]
    env = {**os.environ, "NOTES_CONFIG": "", **(environment or {})}
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False)


def json_of(*arguments: str | Path) -> Any:
    done = notes(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def memo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("vault") / "memo.md"
    file.write_text(MEMO, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def index(memo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    counts = json_of("index", memo, "--index", folder)
    assert counts.pop("seconds") > 0
    assert counts == {
        "files": 1,
        "notes": 4,
        "chunks": 4,
        "added": 1,
        "changed": 0,
        "removed": 0,
        "unchanged": 0,
        "skipped": [],
        "embedded": 4,
        "others": {},
    }
    return folder


def test_search_finds_a_paper_by_its_remark(index: Path) -> None:
    hit = json_of("search", "RPC 最早的论文", "--index", index)[0]
    assert (hit["rank"], hit["path"], hit["lines"]) == (1, "memo.md", [4, 4])
    assert hit["text"] == MEMO.split("\n")[3]
    assert hit["body"] == "http://www.example.org/birrell.pdf"
    assert hit["meta"]["remark"] == "rpc思想的诞生"
    assert set(hit["trace"]) == {"dense", "terms"}


def test_ask_answers_across_languages_and_cites_the_line(index: Path) -> None:
    answer = json_of("ask", "how many bits is a VXLAN identifier", "--index", index)
    assert answer["answered"] is True
    assert "24 位" in answer["answer"]
    assert answer["citations"][0]["lines"] == [6, 6]
    assert answer["citations"][0]["quote"] in MEMO
    assert answer["sources"][0]["lines"] == [6, 6]


def test_ask_says_what_is_not_there_and_still_exits_0(index: Path) -> None:
    answer = json_of("ask", "红烧肉怎么做", "--index", index)
    assert (answer["answered"], answer["citations"]) == (False, [])
    assert answer["confidence"] < 0.5


def test_people_get_text_and_messages_apart(index: Path) -> None:
    done = notes("ask", "并行计算用哪个库", "--index", index)
    assert "rayon" in done.stdout
    assert "memo.md:5" in done.stdout
    assert done.stderr == ""


def test_status_counts(index: Path) -> None:
    status = json_of("status", "--index", index)
    assert (status["files"], status["notes"], status["by_kind"]) == (1, 4, {"row": 4})
    assert status["by_language"] == {"zh": 4}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["index", "/no/such/folder"], 1, "There is no file or folder /no/such/folder"),
        (["search", "x", "--index", "/no/such/index"], 1, "There is no index in /no/such/index"),
        (["search", "x", "--mode", "magic"], 2, "magic"),
        (["search"], 2, "Missing argument"),
        (["nonsense"], 2, "No such command"),
        (["eval", "/no/such/folder"], 1, "corpus.jsonl cannot be read"),
        (["index", "/etc/hostname", "--model", "/no/such/model"], 1, "/no/such/model"),
    ],
)
def test_mistakes_are_told_and_exit(
    tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    chosen = {"NOTES_INDEX": str(tmp_path / "index"), "HF_HUB_OFFLINE": "1"}
    done = notes(*arguments, environment=chosen)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_folder_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = notes("index", tmp_path / "empty", "--index", tmp_path / "index")
    assert (done.returncode, done.stdout) == (0, "")
    assert "No notes were found" in done.stderr
    assert json_of("search", "x", "--index", tmp_path / "index") == []
    assert json_of("ask", "x", "--index", tmp_path / "index")["answered"] is False


def test_flags_beat_the_environment_and_that_the_file(index: Path, tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text(f'index = "{index}"\nk = 1\n'.replace("k = 1\n", ""), encoding="utf-8")
    from_file = {"NOTES_CONFIG": str(config)}
    assert notes("status", environment=from_file).returncode == 0
    missing = {**from_file, "NOTES_INDEX": str(tmp_path / "none")}
    assert notes("status", environment=missing).returncode == 1
    assert notes("status", "--index", index, environment=missing).returncode == 0


def test_heavy_libraries_are_not_imported(index: Path) -> None:
    code = (
        "import sys; from assistant.cli import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit as e: code = e.code\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'gradio'} & set(sys.modules)\n"
        "sys.exit(f'{code} {sorted(heavy)}' if code or heavy else 0)"
    )
    for arguments in (["--help"], ["search", "rpc", "--index", str(index)]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_cross_encoder.make(tmp_path_factory.mktemp("reranker"))


@pytest.fixture(scope="module")
def kettle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of a note that repeats the question, and of one that answers it."""
    vault, folder = tmp_path_factory.mktemp("kettle"), tmp_path_factory.mktemp("kettle-index")
    (vault / "bought.txt").write_text("水壶 怎么 清洗 这么 贵\n", encoding="utf-8")
    (vault / "descale.txt").write_text("Fill the kettle with citric acid .\n", encoding="utf-8")
    json_of("index", vault, "--index", folder)
    return folder


def test_a_reranker_changes_the_order_and_tells_it(kettle: Path, reranker: Path) -> None:
    asked = ("search", "水壶 怎么 清洗", "--index", kettle)
    assert [hit["path"] for hit in json_of(*asked)] == ["bought.txt", "descale.txt"]
    chosen = ("--reranker", reranker, "--reranker-seconds", "60")
    first, second = json_of(*asked, *chosen)
    assert (first["path"], second["path"]) == ("descale.txt", "bought.txt")
    assert first["trace"]["reranker"]["rank"] == 1
    assert first["score"] == round(first["trace"]["reranker"]["score"], 4) > 0.9
    assert second["trace"]["reranker"]["rank"] == 2
    answer = json_of("ask", *asked[1:], *chosen)
    assert [hit["path"] for hit in answer["sources"]] == ["descale.txt", "bought.txt"]


def test_a_reranker_without_time_leaves_the_results_and_says_so(
    kettle: Path, reranker: Path, tmp_path: Path
) -> None:
    config = tmp_path / "settings.toml"
    config.write_text(f"reranker = '{reranker}'\nreranker_seconds = 60\n", encoding="utf-8")
    chosen = {"NOTES_CONFIG": str(config), "NOTES_RERANKER_SECONDS": "0"}
    asked = ("search", "水壶 怎么 清洗", "--index", kettle, "--json")
    late = notes(*asked, environment=chosen)
    assert "The reranker did not finish within 0 s" in late.stderr
    assert json.loads(late.stdout) == json.loads(notes(*asked).stdout)


def test_a_reranker_that_is_not_there_is_named_and_none_is_none(kettle: Path) -> None:
    asked = ("search", "水壶", "--index", kettle)
    done = notes(*asked, environment={"NOTES_RERANKER": "/no/such/reranker"})
    assert (done.returncode, done.stdout) == (1, "")
    assert "/no/such/reranker cannot be loaded" in done.stderr
    assert "--reranker" in done.stderr
    without = notes(*asked, "--reranker", "", environment={"NOTES_RERANKER": "/no/such/reranker"})
    assert (without.returncode, without.stderr) == (0, "")


def test_a_taken_port_is_told_before_anything_is_indexed(memo: Path, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = notes("serve", memo, "--index", tmp_path / "index", "--port", port)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"Port {port} cannot be used" in done.stderr
    assert not (tmp_path / "index").exists()


def test_an_interrupt_exits_130(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    for number in range(3_000):
        (vault / f"{number}.md").write_text(f"# Note {number}\n\nSome words {number}.\n" * 3)
    command = [sys.executable, "-m", "assistant", "index", str(vault)]
    process = subprocess.Popen(
        [*command, "--index", str(tmp_path / "index")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    begun = tmp_path / "index" / "write.lock"
    until = time.monotonic() + 60
    while not begun.exists() and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
