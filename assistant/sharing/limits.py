"""How much one client, and all of them together, may ask of a shared app."""

from dataclasses import dataclass

QUESTIONS = 30
"""Of one client in a minute."""


@dataclass(frozen=True, slots=True)
class Limits:
    """A minute holds so many `questions` and `requests` of one client, `all_requests` of all.

    `at_once` and `all_at_once` are open connections, a page holds three or four of them; `sign_ins`
    are tries to sign in, of one client in a minute; `longest` are bytes of what is sent.
    """

    questions: int = QUESTIONS
    requests: int = 8 * QUESTIONS
    all_requests: int = 6000
    at_once: int = 32
    all_at_once: int = 2000
    sign_ins: int = 10
    longest: int = 65_536

    @classmethod
    def of_questions(cls, questions: int) -> "Limits":
        """Return the limits for so many questions of one client in a minute."""
        return cls(questions=questions, requests=8 * questions)
