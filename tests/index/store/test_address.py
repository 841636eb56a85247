import pytest

from corpus.errors import NotesError
from index.keeping.milvus.address import address_of
from index.keeping.milvus.client import holds_sparse


@pytest.mark.parametrize(
    ("text", "uri", "host", "collection"),
    [
        ("milvus://127.0.0.1:19530/notes", "http://127.0.0.1:19530", "127.0.0.1:19530", "notes"),
        ("milvus://db.home/a_1", "http://db.home:19530", "db.home:19530", "a_1"),
        ("milvus://[::1]:7/n", "http://[::1]:7", "[::1]:7", "n"),
        ("milvus+https://db.home:443/notes", "https://db.home:443", "db.home:443", "notes"),
        ("milvus-lite:///a b/笔记.db/notes", "/a b/笔记.db", "/a b/笔记.db", "notes"),
    ],
)
def test_addresses_are_read(text: str, uri: str, host: str, collection: str) -> None:
    address = address_of(text)
    assert address is not None
    assert (address.uri, address.host, address.collection) == (uri, host, collection)


@pytest.mark.parametrize("text", ["", "faiss"])
def test_faiss_has_no_address(text: str) -> None:
    assert address_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("redis://h/n", "milvus://h:19530", "milvus://h/", "milvus://h/a-b", "milvus://h/1a"),
        *("milvus-lite://file.db/n", "milvus-lite:///a/file/n", "http://h:19530/n"),
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(NotesError):
        address_of(text)


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(NotesError, match=r"//…@h/n names no store") as told:
        address_of("milvus://me:secret@h/n")
    assert "secret" not in told.value.message
    assert "NOTES_STORE_TOKEN" in told.value.hint


def test_only_servers_are_told_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTES_STORE_TOKEN", "me:secret")
    server, file = address_of("milvus://h/n"), address_of("milvus-lite:///f.db/n")
    assert server is not None
    assert file is not None
    assert (server.token, file.token) == ("me:secret", "")


def test_versions_with_sparse_vectors() -> None:
    known = ("2.3.5", "2.4.0", "2.10", "3.0", "lite 3.2.2", "1.1")
    assert [holds_sparse(version) for version in known] == [False, True, True, True, True, False]
