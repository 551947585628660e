"""What goes wrong on the way."""


class Failure(Exception):
    """What the user is told instead of a traceback: one line, then the tail of a log where that says more."""

    def __init__(self, line: str, *, tail: str = "") -> None:
        super().__init__(line)
        self.line = line
        self.tail = tail
