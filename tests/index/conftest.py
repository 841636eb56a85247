from collections.abc import Callable
from pathlib import Path

import pytest

from index.keeping.store import Store
from index.keeping.update import Update, update
from tests.bag_of_terms import BagOfTerms

FILES = {
    "net/dns.md": "# DNS\n\n传统 DNS 有解析延迟。\n\n## Cache\n\nA cache of names.\n",
    "memo.md": (
        "| 内容 | 来源 | 备注 | 类型 |\n|--|--|--|--|\n"
        "| rayon | crates.io | 并行计算库 | project |\n"
        "| http://a.org/birrell.pdf | 网络课 | rpc思想的诞生 | paper |\n"
        "| mem::transmute | rust-lang | 类型转换 | tip |\n"
    ),
    "home.txt": "Descale the kettle with citric acid.\n",
}

Write = Callable[..., Path]


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    for path, text in FILES.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "index")


@pytest.fixture
def updated(store: Store, vault: Path, embedder: BagOfTerms) -> Update:
    return update(store, [vault], embedder)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A second vault, of one note."""
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "b.md").write_text("beta\n")
    return folder
