"""Answers that nobody fetches do not stay."""

import asyncio

from gradio.queueing import Queue

_LOOK = 20.0
"""Seconds between two looks: what is as it was at the last one, nobody has read."""


async def forget_unread(queue: Queue) -> None:
    """Forget, until cancelled, what was asked for over the API and not fetched within 40 seconds."""
    before: dict[str, int] = {}
    while True:
        await asyncio.sleep(_LOOK)
        before = _forgotten(queue, before)


def _forgotten(queue: Queue, before: dict[str, int]) -> dict[str, int]:
    """Return how many messages wait for each session, after those of before have gone.

    What is still being answered stays: the queue writes to it.
    """
    at_work = {event.session_hash for event in queue.event_ids_to_events.values()}
    waiting = {
        session: messages.qsize()
        for session, messages in queue.pending_messages_per_session.items()
        if messages.qsize() and session not in at_work
    }
    for session, count in waiting.items():
        if before.get(session) == count:
            queue.pending_messages_per_session.pop(session, None)
            queue.pending_event_ids_session.pop(session, None)
    return waiting
