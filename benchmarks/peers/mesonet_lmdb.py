"""Mesonet's function over LMDB: what DynamoDB keeps, texts in the order of their keys, and a reader sees what was written last
without asking the system for a lock."""

import os
from collections.abc import Iterator
from itertools import islice, takewhile

import lmdb
import mesonet_served


class Texts:
    def __init__(self, file: str) -> None:
        self._database = lmdb.open(file, subdir=False, readonly=True)

    def one(self, table: str, partition: str) -> bytes | None:
        with self._database.begin() as reading:
            found: bytes | None = reading.get(f"{table}\0{partition}\0".encode())
        return found

    def between(self, table: str, partition: str, low: str, high: str, most: int) -> Iterator[str]:
        first, last = (f"{table}\0{partition}\0{sort}".encode() for sort in (low, high))
        with self._database.begin() as reading, reading.cursor() as at:
            if at.set_range(first):
                for _, item in islice(takewhile(lambda found: found[0] <= last, at), most):
                    yield item.decode()


if __name__ == "__main__":
    mesonet_served.serve(Texts(os.environ["ITEMS_FILE"]))
