"""What one page cannot carry is made into a file by the deployed stack, and fetched as a client does."""

import io
import time
import urllib.request

import pyarrow.parquet

from local.cloud import DIRECTLY
from tests.deployed import Deployed

PATIENCE_S = 120


def test_a_year_of_a_station_is_had_as_parquet(deployed: Deployed) -> None:
    path = "/collections/insitu-observations/locations/EWR?datetime=2013-01-01/2013-12-31&f=Parquet"
    deadline = time.monotonic() + PATIENCE_S
    while True:
        request = urllib.request.Request(deployed.catalogue.api_url + path)
        with DIRECTLY.open(request, timeout=120) as response:  # follows 303, to the export and from there to the file
            status, kind, body = response.status, response.headers["Content-Type"], response.read()
        if status == 200:
            break
        assert status == 202
        assert time.monotonic() < deadline
        time.sleep(int(response.headers["Retry-After"]))
    assert kind == "application/vnd.apache.parquet"
    found = pyarrow.parquet.read_table(io.BytesIO(body))
    plain = deployed.ask("/stations/EWR/observations", datetime="2013-01-01/2013-12-31", limit=10_000).json
    assert found["time"].cast("int64").to_pylist()[0] == 1_357_020_000_000
    assert found["air_temperature"].to_pylist() == plain["parameters"]["air_temperature"]["values"]
