"""Answers that nobody fetches are forgotten; those that are read are not."""

from asyncio import Queue as Messages
from types import SimpleNamespace

from assistant.app.unread import _forgotten


def test_what_nobody_reads_is_forgotten_at_the_second_look() -> None:
    unread, read, idle, at_work = (Messages[str]() for _ in range(4))
    for waiting in (unread, read, at_work):
        waiting.put_nowait("an answer")
        waiting.put_nowait("another")
    queue = SimpleNamespace(
        pending_messages_per_session={
            "unread": unread,
            "read": read,
            "idle": idle,
            "at work": at_work,
        },
        pending_event_ids_session={"unread": {"e"}, "read": {"f"}},
        event_ids_to_events={"g": SimpleNamespace(session_hash="at work")},
    )
    before = _forgotten(queue, {})
    assert set(queue.pending_messages_per_session) == {"unread", "read", "idle", "at work"}
    read.get_nowait()
    _forgotten(queue, before)
    assert set(queue.pending_messages_per_session) == {"read", "idle", "at work"}
    assert set(queue.pending_event_ids_session) == {"read"}
