"""The one error that a user can act on."""


class NotesError(Exception):
    """Something the user can mend: `message` says what, `hint` the command or setting that helps."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
