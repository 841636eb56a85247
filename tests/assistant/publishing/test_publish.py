"""What goes out, and what does not."""

import getpass
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.assistant import Assistant
from assistant.indexing import update_index
from assistant.publishing.choice import Choice
from assistant.publishing.data import write_data
from assistant.publishing.publish import publish
from assistant.publishing.published import Published, Why
from corpus.errors import NotesError
from corpus.note import Lines
from index.keeping.store import Store
from index.keeping.vaults import all_vaults
from index.mapping.layout import Layout
from tests.assistant.publishing import vault as canary
from tests.assistant.publishing.vault import (
    CANARIES,
    PUBLIC,
    A,
    D,
    G,
    H,
    I,
    J,
    K,
    L,
    O,
    P,
    filled,
    leaks,
)

PRIVATE = [word for word in CANARIES if word not in PUBLIC]
CHOICE = Choice(exclude=("drafts/", "tag:family"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return canary.make(tmp_path_factory.mktemp("zqhomezq"))


@pytest.fixture(scope="module")
def index(made: tuple[Path, Path]) -> Path:
    return made[1]


@pytest.fixture(scope="module")
def out(made: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "space"
    publish(made[1], folder, CHOICE, title="My: notes <b>")
    return folder


def kept(published: Published) -> set[tuple[str, Why, Lines | None]]:
    return {(one.path, one.why, one.lines) for one in published.private}


def data_of(index: Path, folder: Path, *only: str, exclude: tuple[str, ...] = ()) -> Published:
    return write_data(index, folder / "data", Choice(only, exclude), maps=False)


def written(folder: Path) -> set[str]:
    notes = folder / "data" / "notes" / "vault"
    return {file.relative_to(notes).as_posix() for file in notes.rglob("*") if file.is_file()}


# nothing private


def test_nothing_private_is_in_any_file_or_name(out: Path, made: tuple[Path, Path]) -> None:
    assert leaks(out, PRIVATE) == set()
    assert {word for _, word in leaks(out, [D, P])} == {D, P}  # so it does look


def test_nothing_says_where_and_by_whom_it_was_made(out: Path, made: tuple[Path, Path]) -> None:
    places = [*map(str, made), "zqhomezq", str(Path.home()), tempfile.gettempdir()]
    assert leaks(out, places) == set()
    data = out / "data"
    people = [f"{getpass.getuser()}{sign}" for sign in "/@:"]
    assert leaks(data, [*people, f"{os.uname().nodename}:", "writer.json", "publishing-"]) == set()


def test_what_is_published_is_found_and_what_is_not_is_not(out: Path) -> None:
    assistant = Assistant(out / "data" / "index")
    answer = assistant.ask("怎么清洗水壶")
    assert [one.path for one in answer.citations] == ["home/kettle.md"]
    assert answer.sources[0].freshness.value == "current"
    assert assistant.search("serde").hits[0].note.path == "memo.md"
    for word in PRIVATE:
        said = {hit.note.text for hit in assistant.search(word).hits}
        assert not any(word in text for text in said)
    status = assistant.status()
    assert status.skipped == ()
    assert Path(status.vaults["vault"]) == out / "data" / "notes" / "vault"


def test_what_stays_is_told_with_its_reason(made: tuple[Path, Path], tmp_path: Path) -> None:
    told = publish(made[1], tmp_path / "out", CHOICE, dry_run=True)
    assert not (tmp_path / "out").exists()
    assert kept(told) == {
        ("diary.md", Why.MARKED, None),
        (f"tagged {I}.md", Why.MARKED, None),
        (f"{J}/notes.md", Why.IGNORED, None),
        ("drafts/one.md", Why.EXCLUDED, None),
        ("memo.md", Why.MARKED, Lines(6, 6)),
        ("memo.md", Why.MARKED, Lines(8, 8)),
        ("people.md", Why.EXCLUDED, Lines(1, 5)),
    }
    assert (told.is_written, told.files, told.hidden, told.others) == (
        False,
        5,
        4,
        {"": 1, ".png": 1},
    )
    assert [(one.path, one.line, one.private) for one in told.mentions] == [
        ("net/dns.md", 3, "diary.md")
    ]


def test_a_file_is_cut_to_what_may_be_seen(out: Path) -> None:
    notes = out / "data" / "notes" / "vault"
    assert (notes / "people.md").read_text() == filled("# People\n\n## Ben\n\nBen runs {P}.\n")
    assert (notes / "net" / "tcp.md").read_text() == (
        "---\ntitle: TCP\nauthor: Li\n---\n# TCP\n\nTCP closes with FIN and ACK.\n\n\n\n"
    )
    assert (notes / "memo.md").read_text() == filled(
        "# Memo {D} is public here\n\n| 内容 | 备注 | 私密 |\n|--|--|--|\n"
        "| rayon | 并行计算库 | |\n| serde [1] | | 否 |\n\n[1]: http://serde.rs\n"
    )


def test_what_was_made_private_a_moment_ago_does_not_go_out(tmp_path: Path) -> None:
    vault, index = canary.make(tmp_path)
    (vault / "home" / "kettle.md").write_text("---\nprivate: true\n---\n水壶\n", encoding="utf-8")
    (vault / "new.md").write_text("Newly written.\n")
    data_of(index, tmp_path)
    assert "new.md" in written(tmp_path)
    assert leaks(tmp_path / "data", ["水壶"]) == set()


def test_a_vault_that_is_away_stops_all(tmp_path: Path) -> None:
    vault, index = canary.make(tmp_path)
    shutil.rmtree(vault)
    with pytest.raises(NotesError, match="are not there; nothing was published"):
        publish(index, tmp_path / "out")
    assert not (tmp_path / "out").exists()


# the index


def test_the_index_is_one_file_that_says_no_absolute_place(out: Path) -> None:
    folder = out / "data" / "index"
    names = {file.name for file in folder.iterdir()}
    maps = {"map-clusters.npz", "map-pca.npz", "map-tsne.npz"}
    assert names == {"notes.sqlite", "vectors.faiss", *maps}
    with sqlite3.connect(folder / "notes.sqlite") as db:
        assert db.execute("SELECT root FROM vaults").fetchall() == [("../notes/vault",)]
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert db.execute("PRAGMA freelist_count").fetchone() == (0,)
    db.close()


def test_it_may_be_moved_and_read_where_nobody_may_write(out: Path, tmp_path: Path) -> None:
    moved = tmp_path / "else" / "where"
    shutil.copytree(out, moved)
    code = (
        "import sys; from pathlib import Path; from assistant.assistant import Assistant;"
        "from index.mapping.layout import Layout;"
        "a = Assistant(Path(sys.argv[1])); a.map(Layout.TSNE); a.map(Layout.PCA);"
        "hit = a.search('serde').hits[0]; print(hit.file, hit.freshness.value);"
        "assert 'sklearn' not in sys.modules"
    )
    mount = f"mount --bind {moved} {moved} && mount -o remount,bind,ro {moved}"
    inner = f'{mount} && ! touch {moved}/x 2>/dev/null && exec "$@"'
    command = [*unshared("--mount"), "sh", "-c", inner, "sh", sys.executable, "-c", code]
    done = subprocess.run(
        [*command, str(moved / "data" / "index")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == [str(moved / "data/notes/vault/memo.md"), "current"]


def unshared(*namespaces: str) -> list[str]:
    """The command that runs another one in namespaces of its own."""
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = ["unshare", *as_root, *namespaces]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        missing = f"`{' '.join(command)}` is not allowed here"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return command


def test_nothing_is_embedded_again(index: Path, tmp_path: Path) -> None:
    assert data_of(index, tmp_path, "home/").embedded == 0


def test_a_damaged_vector_is_not_taken_over(index: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(index, damaged)
    with sqlite3.connect(damaged / "notes.sqlite") as db:
        db.execute("UPDATE vectors SET value = zeroblob(length(value))")
    db.close()
    assert data_of(damaged, tmp_path, "home/").embedded == 1
    assert Assistant(tmp_path / "data" / "index").ask("怎么清洗水壶").is_answered


def test_a_published_index_is_found_by_its_own_place(out: Path) -> None:
    with Store(out / "data" / "index").reading() as db:
        assert [one.root for one in all_vaults(db)] == [out / "data" / "notes" / "vault"]


def test_the_map_is_made_ahead(out: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in (out / "data" / "index").iterdir()}
    drawn, _ = Assistant(out / "data" / "index").map(Layout.TSNE)
    assert len(drawn.keys) == 7
    assert {file: file.stat().st_mtime_ns for file in before} == before


# choosing


def test_patterns_and_filters_choose(index: Path, tmp_path: Path) -> None:
    data_of(index, tmp_path, "net/", "tag:family", "lang:zh path:home/", exclude=("dns.md",))
    assert written(tmp_path) == {"net/tcp.md", "home/kettle.md", "people.md"}
    people = (tmp_path / "data/notes/vault/people.md").read_text()
    assert people == filled("# People\n\n## Ann\n\nAnn is tall. {O} #family\n")


def test_exclude_beats_only_and_private_beats_both(index: Path, tmp_path: Path) -> None:
    told = data_of(index, tmp_path, "*.md", exclude=("net/", "tag:family"))
    assert written(tmp_path) == {"memo.md", "home/kettle.md", "people.md", "drafts/one.md"}
    assert ("diary.md", Why.MARKED, None) in kept(told)


def test_a_tag_in_a_heading_excludes_what_is_under_it(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    text = "# A #work\n\nIntro.\n\n## B\n\nWages.\n\n# C\n\nText.\n"
    (tmp_path / "vault" / "a.md").write_text(text)
    update_index(tmp_path / "index", [tmp_path / "vault"])
    data_of(tmp_path / "index", tmp_path, exclude=("tag:work",))
    assert (tmp_path / "data/notes/vault/a.md").read_text() == "# C\n\nText.\n"


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (Choice(exclude=("drfats/",)), "--exclude drfats/ fits no note"),
        (Choice(exclude=("tag:famly",)), "--exclude tag:famly fits no note"),
        (Choice(exclude=("tga:family",)), "is neither a pattern of paths nor a filter"),
        (Choice(exclude=("",)), "is neither a pattern"),
        (Choice(exclude=("!net/",)), "names no files"),
        (Choice(only=("nothing/",)), "No note may be published"),
        (Choice(only=("diary.md",)), "No note may be published"),
    ],
)
def test_what_may_be_a_slip_stops_all(
    index: Path, tmp_path: Path, choice: Choice, message: str
) -> None:
    with pytest.raises(NotesError, match=message):
        publish(index, tmp_path / "out", choice)
    assert list(tmp_path.iterdir()) == []


def test_what_fits_nothing_is_told(index: Path, tmp_path: Path) -> None:
    choice = Choice(only=("net/", "nte/"), private_tags=("nobody",))
    told = publish(index, tmp_path / "out", choice, dry_run=True)
    assert told.warnings == ("--only nte/ fits no note.", "--private-tag nobody is on no note.")


def test_a_dry_run_tells_why_nothing_would_go_out(index: Path, tmp_path: Path) -> None:
    told = publish(index, tmp_path / "out", Choice(only=("diary.md",)), dry_run=True)
    assert (told.files, told.notes) == (0, 0)
    assert ("diary.md", Why.MARKED, None) in kept(told)


def test_a_private_tag_of_the_users_own_keeps(index: Path, tmp_path: Path) -> None:
    told = publish(index, tmp_path / "out", Choice(private_tags=("family",)), dry_run=True)
    assert ("people.md", Why.MARKED, None) in kept(told)


def test_links_are_not_followed(tmp_path: Path) -> None:
    vault, index = canary.make(tmp_path)
    (tmp_path / "elsewhere.md").write_text("zqlinked\n")
    (vault / "link.md").symlink_to(tmp_path / "elsewhere.md")
    (vault / "inner.md").symlink_to(vault / "diary.md")
    data_of(index, tmp_path)
    assert leaks(tmp_path / "data", ["zqlinked", "inner", G, H, K, L]) == {
        ("notes/vault/drafts/one.md", L),
        ("index/notes.sqlite", L),
        *(one for one in leaks(tmp_path / "data", [L]) if one[0].endswith(".npz")),
    }


def test_a_vault_of_one_file(tmp_path: Path) -> None:
    vault, _ = canary.make(tmp_path)
    update_index(tmp_path / "single", [vault / "home" / "kettle.md"])
    told = data_of(tmp_path / "single", tmp_path)
    assert (told.files, told.notes) == (1, 1)
    assert (tmp_path / "data/notes/kettle.md/kettle.md").is_file()
    hit = Assistant(tmp_path / "data" / "index").search("水壶").hits[0]
    assert (hit.file.is_file(), hit.freshness.value) == (True, "current")


# the command


def notes(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "assistant", "publish", *map(str, arguments)]
    env = {**os.environ, "NOTES_CONFIG": ""}
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False)


def test_the_command_says_what_goes_out_and_what_stays(index: Path, tmp_path: Path) -> None:
    asked = (tmp_path / "out", "--index", index, "--exclude", "drafts/", "--only", "*.md")
    told = notes(*asked, "--dry-run")
    assert told.returncode == 0, told.stderr
    assert "8 notes of 5 files" in told.stdout
    assert "Stays, marked private: front matter says “private: true” (1 note):" in told.stdout
    assert "Stays, excluded: drafts/ (1 note):\n  drafts/one.md\n" in told.stdout
    assert "net/dns.md:3 names diary.md, which stays." in told.stderr
    json_told: dict[str, Any] = json.loads(notes(*asked, "--dry-run", "--json").stdout)
    assert json_told["private"][0] == {
        "vault": "vault",
        "path": "diary.md",
        "why": "marked private",
        "reason": "front matter says “private: true”",
        "notes": 1,
        "lines": None,
    }
    assert not (tmp_path / "out").exists()


def test_a_slip_of_the_command_exits_1(index: Path, tmp_path: Path) -> None:
    done = notes(tmp_path / "out", "--index", index, "--exclude", "nothing/")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--exclude nothing/ fits no note; nothing was published." in done.stderr


def test_heavy_libraries_are_left_out_of_what_is_required(out: Path) -> None:
    lines = (out / "requirements.txt").read_text().splitlines()
    names = {re.split("[=<>]", line)[0] for line in lines}
    heavy = {"torch", "sentence-transformers", "transformers", "markitdown", "scikit-learn"}
    assert not names & heavy
    assert {"gradio", "faiss-cpu", "onnxruntime", "nh3"} <= names
    unpinned = {line for line in lines if "==" not in line}
    assert unpinned <= {"pydantic<=2.12.5,>=2.11.10"}  # as gradio[mcp] wants it


def test_the_title_cannot_break_out_of_its_place(out: Path) -> None:
    text = (out / "README.md").read_text(encoding="utf-8")
    front = yaml.safe_load(text.split("---\n")[1])
    assert (front["title"], front["sdk"], front["app_file"]) == (
        "My: notes <b>",
        "gradio",
        "app.py",
    )
    assert "# My: notes \\<b\\>" in text


def test_no_cache_test_or_sample_is_published(out: Path) -> None:
    names = {file.relative_to(out / "package").as_posix() for file in (out / "package").rglob("*")}
    assert not any("__pycache__" in name or "sample" in name for name in names)
    assert {"index/model/README.md", "index/model/model.onnx", "corpus/note.py"} <= names
    assert not any(name.startswith(("assistant/publishing", "index/distill")) for name in names)
    assert {A, O, K} & {word for _, word in leaks(out, [A, O, K])} == set()
