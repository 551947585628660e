"""A file dropped on the page, followed until its values can be asked for."""

import io
import re
import zipfile
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.deployed import Deployed

ROWS = """ITE00100554,18240101,TMAX,25,,,E,
ITE00100554,18240102,TMAX,warm,,,E,
ITE00100554,18240103,TMAX,31,,,E,
"""
TABLE = "Station,Timestamp,AirTemp_C,WindSpd_ms\n" + "".join(
    f"Oak,2026-01-01 {hour:02}:00,{hour / 2},{hour}\n" for hour in range(24)
)


@pytest.fixture
def files(visit: Open, deployed: Deployed) -> Page:
    # an entry that is not there yet is asked for until it is
    return visit(f"/files#key={deployed.said['OperatorKey']}", expected="404")


def drop(page: Page, name: str, body: str | bytes, *, folder: str = "uploads") -> Any:
    buffer = body.encode() if isinstance(body, str) else body
    page.get_by_label("Files to upload").set_input_files({"name": name, "mimeType": "text/csv", "buffer": buffer})
    return page.locator("li.upload").filter(has_text=f"{folder}/{name}")


def test_an_upload_is_followed_from_received_to_loaded(files: Page, deployed: Deployed) -> None:
    upload = drop(files, "page-1824.csv", ROWS)
    expect(upload).to_contain_text("Loaded 2 values", timeout=60_000)
    expect(upload).to_contain_text("In part")
    expect(upload).to_contain_text("ghcn-daily-by-year")
    reject = upload.get_by_role("region", name="Rejects").get_by_role("row").nth(1)
    expect(reject).to_contain_text("2")
    expect(reject).to_contain_text("warm")
    said = deployed.ask("/stations/ITE00100554/observations", datetime="1824-01-01/1824-01-03").json
    assert said["parameters"]["air_temperature:2:maximum:P1D"]["values"] == [2.5, None, 3.1]
    upload.get_by_role("link", name="Open the entry").click()
    expect(files.get_by_role("heading", level=1)).to_have_text("uploads/page-1824.csv")


def test_the_key_in_the_link_does_not_stay_in_the_address(files: Page) -> None:
    expect(files.get_by_label("Operator key")).to_have_value(re.compile("^mk_"))
    assert "mk_" not in files.url


def test_a_table_without_a_mapping_gets_one_proposed(files: Page) -> None:
    upload = drop(files, "page-oak.csv", TABLE)
    expect(upload).to_contain_text("Needs a mapping", timeout=60_000)
    proposal = upload.get_by_label("Proposed mapping")
    expect(proposal.get_by_role("row").filter(has_text="AirTemp_C")).to_contain_text("air_temperature")
    expect(proposal.get_by_role("link", name="Download it")).to_be_visible()


def test_a_proposed_mapping_is_put_beside_the_file_which_then_is_loaded(files: Page) -> None:
    files.get_by_label("Folder in the archive").fill("page-lime")
    upload = drop(files, "lime.csv", TABLE.replace("Oak", "ITE00100554").replace("2026", "1830"), folder="page-lime")
    upload.get_by_role("button", name="Use this mapping").click()
    expect(upload).to_contain_text("Loaded 48 values", timeout=60_000)
    other = drop(files, "lime-2.csv", TABLE.replace("Timestamp,AirTemp_C", "Time,Temp_C"), folder="page-lime")
    other.get_by_role("button", name="Use this mapping").click()
    expect(other.get_by_role("alert")).to_contain_text("page-lime/lime.mapping.json is there already")


def test_uploads_go_on_while_another_view_is_looked_at(files: Page) -> None:
    drop(files, "page-1826.csv", ROWS.replace("1824", "1826"))
    files.get_by_role("link", name="Health").click()
    expect(files.get_by_role("heading", name="Arrivals by the hour")).to_be_visible()
    files.get_by_role("link", name="Files").first.click()
    expect(files.locator("li.upload")).to_contain_text("Loaded 2 values", timeout=60_000)


def test_a_connection_that_is_lost_on_the_way_is_said_and_tried_again(visit: Open, deployed: Deployed) -> None:
    page = visit(f"/files#key={deployed.said['OperatorKey']}", expected="Failed to load resource")
    archive = re.compile(rf"^{re.escape(deployed.endpoint)}/[^/]*archive[^/]*/?$")
    page.route(archive, lambda route: route.abort("internetdisconnected"))
    upload = drop(page, "page-1827.csv", ROWS.replace("1824", "1827"))
    expect(upload.get_by_role("alert")).to_contain_text("The archive cannot be reached")
    page.unroute(archive)
    upload.get_by_role("button", name="Try again").click()
    expect(upload).to_contain_text("Loaded 2 values", timeout=60_000)


def test_an_archive_leads_to_the_files_in_it(files: Page) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("page-inside-1825.csv", ROWS.replace("1824", "1825"))
    upload = drop(files, "page-packed.zip", packed.getvalue())
    expect(upload).to_contain_text("1 file in this archive", timeout=60_000)
    upload.get_by_text("1 file in this archive").click()
    upload.get_by_role("link", name="page-inside-1825.csv").click()
    files.get_by_role("table").get_by_role("link", name=re.compile("page-inside-1825.csv")).click()
    expect(files.get_by_text("In the archive", exact=True)).to_be_visible()
    expect(files.locator(".facts")).to_contain_text("uploads/page-packed.zip")


def test_without_a_key_the_page_says_what_is_missing(visit: Open) -> None:
    page = visit("/files")
    upload = drop(page, "no-key.csv", ROWS)
    expect(upload.get_by_role("alert")).to_contain_text("An operator key is needed")


def test_a_wrong_key_is_refused(visit: Open) -> None:
    page = visit("/files#key=mk_nobodys", expected="401")
    upload = drop(page, "wrong-key.csv", ROWS)
    expect(upload.get_by_role("alert")).to_contain_text("this is no operator's key")
