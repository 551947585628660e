"""Mesonet's function over SQLite, in the file in which FastAPI's rows are."""

import os
import sqlite3
from collections.abc import Iterator

import mesonet_served


class Texts:
    def __init__(self, file: str) -> None:
        self._database = sqlite3.connect(file, check_same_thread=False)

    def one(self, table: str, partition: str) -> str | None:
        one = f"SELECT item FROM {table} WHERE partition = ? AND sort = ''"
        found = self._database.execute(one, (partition,)).fetchone()
        return found[0] if found else None

    def between(self, table: str, partition: str, low: str, high: str, most: int) -> Iterator[str]:
        between = f"SELECT item FROM {table} WHERE partition = ? AND sort BETWEEN ? AND ? ORDER BY sort LIMIT ?"
        return (item for (item,) in self._database.execute(between, (partition, low, high, most)))


if __name__ == "__main__":
    mesonet_served.serve(Texts(os.environ["READINGS_FILE"]))
