"""What is going on, said to a person: a line for every step with the time that it took.

On a terminal the steps that are under way stand at the bottom and count their seconds; elsewhere a step is one line, written
when it ends.
"""

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_TICK = 0.1
_WIDTH = 76


class Step:
    """One thing under way. `note` is what its line says besides its name; it may change."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.note = ""
        self.started = time.monotonic()
        self.mark = " "

    def line(self, seconds: float) -> str:
        left = f"{self.mark} {self.name:<26} {self.note}".rstrip()
        return f"{left:<{_WIDTH - 8}} {seconds:5.1f} s"


class Progress:
    """Also a context manager: leaving it takes down the lines of what is not finished."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._live = self._out.isatty()
        self._steps: list[Step] = []
        self._drawn = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> "Progress":
        if self._live:
            self._ticker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with self._lock:
            self._erase()
            self._steps.clear()
            self._out.flush()

    def begin(self, name: str, note: str = "") -> Step:
        step = Step(name)
        step.note = note
        with self._lock:
            self._steps.append(step)
            self._redraw()
        return step

    def end(self, step: Step, note: str | None = None, *, failed: bool = False) -> None:
        with self._lock:
            if note is not None:
                step.note = note
            step.mark = "✗" if failed else "✓"
            self._steps.remove(step)
            self._erase()
            self._out.write(step.line(time.monotonic() - step.started) + "\n")
            self._redraw()
            self._out.flush()

    @contextmanager
    def step(self, name: str, note: str = "") -> Iterator[Step]:
        step = self.begin(name, note)
        try:
            yield step
        except Exception:
            self.end(step, "failed", failed=True)
            raise
        self.end(step)

    def _tick(self) -> None:
        while not self._over.wait(_TICK):
            with self._lock:
                if not self._over.is_set():
                    self._redraw()

    def _redraw(self) -> None:
        if not self._live:
            return
        self._erase()
        now = time.monotonic()
        width = max(shutil.get_terminal_size().columns, 20)
        for step in self._steps:
            line = step.line(now - step.started)
            if len(line) >= width:  # a line that wraps could not be taken back
                line = line[: width - 2] + "…"
            self._out.write(f"\x1b[2m{line}\x1b[0m\n")
        self._drawn = len(self._steps)
        self._out.flush()

    def _erase(self) -> None:
        if self._drawn:
            self._out.write(f"\x1b[{self._drawn}A\x1b[J")
            self._drawn = 0
