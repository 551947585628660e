"""Regular expressions that are compiled when they are first used: a file meets few of those of all formats."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as regex
else:

    class regex:
        def __init__(self, text: str | bytes, flags: int = 0) -> None:
            self.pattern, self._flags = text, flags

        def __getattr__(self, name: str) -> Any:
            from re import compile  # a plain table meets none, and this takes 2 ms

            value = getattr(compile(self.pattern, self._flags), name)
            setattr(self, name, value)  # found there from now on
            return value


__all__ = ["regex"]
