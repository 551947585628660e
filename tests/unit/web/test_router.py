"""The router: which route a request reaches, and what HTTP makes of the answer."""

import gzip
import json
import logging
from base64 import b64decode, b64encode
from collections.abc import Sequence
from email.utils import formatdate, parsedate_to_datetime
from typing import Any

import pytest

from mesonet.domain.fragment import Fragment
from mesonet.errors import NotFound, NotTheSame, Unavailable
from mesonet.telemetry import logger
from mesonet.web.media import CSV, JSON, dumps
from mesonet.web.request import Request
from mesonet.web.response import Response, Sightings, finished, permitted, see_other
from mesonet.web.router import Router
from mesonet.web.stitching import Stitched
from tests.effort import within
from tests.unit.web.requests import event

MOMENT = 1_356_998_400_000  # 2013-01-01
app = Router()


@app.get("/stations", query=("bbox", "f"))
def stations(request: Request) -> Response:
    kind = request.chosen({"json": JSON, "csv": CSV})
    return Response(body=kind, media_type={"json": JSON, "csv": CSV}[kind])


@app.get("/stations/{station}", query=())
def station(request: Request, station: str) -> Response:
    return Response(body=dumps({"station": station, "links": [request.here("self")]}), modified=MOMENT)


@app.get("/stations/{station}/latest", query=("parameter-name",))
def latest(request: Request, station: str) -> Response:
    return Response(body=dumps({"latest": station, "asked": dict(request.query)}))


@app.get("/stations/{station}/linked", query=("coords",), elsewhere=("POST",))
def linked(request: Request, station: str) -> Response:
    links = [request.here("self", request.query)]
    return Response(body=dumps(links), links=links)


@app.post("/stations/{station}/latest")
def post(request: Request, station: str) -> Response:
    return Response(status=201, body=dumps(request.json()), cache="no-store")


written: list[str] = []


@app.get("/written", head=False)
@app.post("/written")
@app.put("/written")
@app.delete("/written")
def write(request: Request) -> Response:
    written.append(request.method)
    return Response(body="done", modified=MOMENT)


@app.get("/documents/{document}")
def show(request: Request, document: str) -> Response:
    return Response(body="x" * 2000)


@app.delete("/documents/{document}")
def remove(request: Request, document: str) -> Response:
    if document == "gone":
        raise NotFound("it is gone")
    permitted(request.headers, document="x" * 2000 if document == "known" else None, there=document != "none")
    written.append(request.method)
    return Response(status=204)


@app.get("/large", query=("size",))
def large(request: Request) -> Response:
    return Response(body='"' * int(request.query["size"]))


@app.get("/gone")
def gone(request: Request) -> Response:
    raise NotFound("it is gone")


@app.get("/later")
def later(request: Request) -> Response:
    raise Unavailable("not now")


@app.get("/elsewhere")
def elsewhere(request: Request) -> Response:
    return see_other("https://example.org/export")


@app.get("/nothing")
def nothing(request: Request) -> Response:
    return Response(status=204)


@app.get("/broken")
def broken(request: Request) -> Response:
    raise ZeroDivisionError


def ask(path: str, **given: Any) -> dict[str, Any]:
    return app.handle(event(path, **given))


def said(answer: dict[str, Any]) -> Any:
    return json.loads(answer["body"])


@pytest.mark.parametrize(
    ("path", "identifier"),
    [
        ("/stations/EWR", "EWR"),
        ("/stations/EWR/", "EWR"),
        ("//stations/EWR", "EWR"),
        ("/stations/a%2Fb", "a/b"),
        ("/stations/a/b", "a/b"),  # a gateway that decodes
        ("/stations/a%3Fb%23c%22%5C", 'a?b#c"\\'),
        ("/stations/Z%C3%BCrich%20%E2%9B%88", "Zürich ⛈"),
        ("/stations/100%25", "100%"),
        ("/stations/a+b", "a+b"),
        ("/stations/{station}", "{station}"),
    ],
)
def test_an_identifier_may_have_any_character(path: str, identifier: str) -> None:
    assert said(ask(path))["station"] == identifier


@app.get("/from/{start},{end}/hours")
def hours(request: Request, start: str, end: str) -> Response:
    return Response(body=dumps([start, end]))


def test_a_part_may_have_several_names() -> None:
    assert said(ask("/from/1,2/hours")) == ["1", "2"]
    assert [ask(path)["statusCode"] for path in ("/from/1/hours", "/from/1,/hours")] == [404] * 2


def test_the_longest_route_is_the_right_one() -> None:
    assert said(ask("/stations/latest/latest"))["latest"] == "latest"
    assert said(ask("/stations/a/b/latest"))["latest"] == "a/b"


def test_a_repeated_parameter_is_a_list() -> None:
    answer = ask("/stations/EWR/latest?parameter-name=a&parameter-name=b%2Cc")
    assert said(answer)["asked"] == {"parameter-name": "a,b,c"}


def test_an_unknown_parameter_is_named() -> None:
    answer = ask("/stations?colour=blue")
    assert answer["statusCode"] == 400
    assert (said(answer)["parameter"], said(answer)["allowed"]) == ("colour", ["bbox", "f"])


def test_what_is_not_there_is_a_problem_and_an_exception_of_ogc() -> None:
    for path in ("/nowhere", "/gone"):
        answer = ask(path)
        problem = said(answer)
        assert answer["headers"]["Content-Type"] == "application/problem+json"
        assert (answer["statusCode"], problem["status"], problem["code"]) == (404, 404, "not-found")
        assert problem["detail"] == problem["description"]
        assert problem["correlation_id"] == answer["headers"]["X-Correlation-Id"] == "c6af9ac6"
        assert answer["headers"]["Cache-Control"] == "no-store"


def test_not_now_says_when() -> None:
    answer = ask("/later")
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "2")


def test_a_method_that_is_not_there_is_refused_with_those_that_are() -> None:
    answer = ask("/stations/EWR/latest", method="DELETE")
    assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert ask("/stations", method="POST")["headers"]["Allow"] == "GET, HEAD, OPTIONS"


def test_options_tells_the_methods_and_lets_browsers_send_them() -> None:
    answer = ask("/stations/EWR/latest", method="OPTIONS")
    assert (answer["statusCode"], answer["body"]) == (204, "")
    assert answer["headers"]["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS, POST"
    assert answer["headers"]["Access-Control-Allow-Origin"] == "*"
    taken = answer["headers"]["Access-Control-Allow-Headers"].split(", ")
    assert {"*", "Authorization", "If-None-Match"} <= set(taken)
    shown = ask("/stations")["headers"]["Access-Control-Expose-Headers"].split(", ")
    assert {"*", "Content-Disposition", "ETag", "Link", "WWW-Authenticate"} <= set(shown)


def test_options_tells_of_methods_that_another_function_answers() -> None:
    assert ask("/stations/EWR/linked", method="OPTIONS")["headers"]["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_head_is_get_without_a_body() -> None:
    for headers in ({}, {"Accept": "*/*", "Accept-Encoding": "gzip"}):
        get = ask("/large?size=5000", headers=headers)
        head = ask("/large?size=5000", method="HEAD", headers=headers)
        assert head == {**get, "body": "", "isBase64Encoded": False}


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, JSON),
        (" , ,", JSON),
        ("*/*", JSON),
        ("text/csv", CSV),
        ("text/*", CSV),
        ("text/html, text/csv;q=0.5", CSV),
        ("application/json;q=0.1, text/csv;q=0.2", CSV),
        ("text/csv;q=0, */*;q=0.1", JSON),
        ("TEXT/CSV", CSV),
    ],
)
def test_accept_chooses_the_representation(accept: str | None, kind: str) -> None:
    answer = ask("/stations", headers={"accept": accept} if accept else {})
    assert answer["headers"]["Content-Type"] == kind
    assert "Accept" in answer["headers"]["Vary"]


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "application/json;q=x", "text/csv;q=nan"])
def test_what_cannot_be_had_is_not_acceptable(accept: str) -> None:
    answer = ask("/stations", headers={"Accept": accept})
    assert answer["statusCode"] == 406
    assert said(answer)["allowed"] == ["application/json", "text/csv"]


@pytest.mark.parametrize(("f", "kind"), [("csv", CSV), ("CSV", CSV), ("text/csv", CSV), ("application/json", JSON)])
def test_f_goes_before_accept(f: str, kind: str) -> None:
    answer = ask(f"/stations?f={f}", headers={"Accept": "image/png"})
    assert answer["headers"]["Content-Type"] == kind


def test_an_f_that_is_not_there_is_a_bad_request() -> None:
    assert (ask("/stations?f=xml")["statusCode"], said(ask("/stations?f=xml"))["parameter"]) == (400, "f")


def test_what_the_client_has_is_not_sent_again() -> None:
    for headers in ({}, {"Accept": "*/*", "Accept-Encoding": "gzip"}):
        first = ask("/large?size=5000", headers=headers)
        tag = first["headers"]["ETag"]
        for known in (tag, f'"other", W/{tag}', f'W/{tag},"other"', "*"):
            again = ask("/large?size=5000", headers={**headers, "if-none-match": known})
            assert (again["statusCode"], again["body"]) == (304, "")
            assert again["headers"]["ETag"] == tag
            assert again["headers"]["Content-Type"] == JSON  # or the gateway gives it one of its own, whatever it is
        for other in ('"*"', '*, "other"', '""', tag[:-2] + '"', tag.strip('"')):
            assert ask("/large?size=5000", headers={**headers, "If-None-Match": other})["statusCode"] == 200
        assert ask("/large?size=5001", headers={**headers, "If-None-Match": tag})["statusCode"] == 200


@pytest.mark.parametrize("name", ["If-Match", "If-Unmodified-Since"])
def test_what_is_not_what_the_client_takes_it_for_is_not_sent(name: str) -> None:
    tag = ask("/stations/EWR")["headers"]["ETag"]
    good, bad = {
        "If-Match": ((tag, f'"other", {tag}', "*"), ('"other"', f"W/{tag}", "")),
        "If-Unmodified-Since": (
            ("Mon, 31 Dec 2012 23:59:01 GMT", "Wed, 02 Jan 2013 00:00:00 GMT", "yesterday"),
            ("Mon, 31 Dec 2012 23:59:00 GMT",),
        ),
    }[name]
    assert {ask("/stations/EWR", headers={name: each})["statusCode"] for each in good} == {200}
    for each in bad:
        answer = ask("/stations/EWR", headers={name: each, "If-None-Match": tag})
        assert (answer["statusCode"], said(answer)["code"]) == (412, "not-the-same")
    assert (
        ask("/stations/EWR", headers={"If-Match": tag, "If-Unmodified-Since": "Mon, 31 Dec 2012 23:59:00 GMT"})["statusCode"]
        == 200
    )
    assert ask("/gone", headers={"If-Match": '"other"'})["statusCode"] == 404


def test_since_when_a_process_knows_an_answer_does_not_say_that_it_is_another() -> None:
    answer = ask("/stations", headers={"If-Unmodified-Since": "Tue, 01 Jan 2013 00:00:00 GMT"})
    assert (answer["statusCode"], "Last-Modified" in answer["headers"]) == (200, True)


@pytest.mark.parametrize("body", ["one", "two", "three"])
def test_no_date_that_an_answer_had_says_that_it_is_another(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither that of another process, nor that which it was given before its files were long there."""
    clock = [1_800_000_000.5]
    monkeypatch.setattr("mesonet.web.response.time.time", lambda: clock[0])
    same = Response(body=body, modified=1_800_000_000_000)

    def answer(sightings: Sightings, **asked: str) -> dict[str, Any]:
        given = {name.replace("_", "-"): value for name, value in asked.items()}
        return finished(same, given, head=False, headers={}, since=lambda mark: sightings.since("/word", mark))

    date = answer(Sightings())["headers"]["Last-Modified"]
    for clock[0] in (1_800_000_000.5, 1_800_000_061.0, 1_800_000_300.0):
        assert answer(Sightings(), if_unmodified_since=date)["statusCode"] == 200


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "asked",
    [
        {"If-None-Match": "*"},
        {"If-Match": "*"},
        {"If-Modified-Since": "Tue, 01 Jan 2013 00:00:00 GMT"},
        {"If-Unmodified-Since": "Mon, 31 Dec 2012 23:59:59 GMT"},
    ],
)
def test_what_is_said_of_something_done_is_no_copy_of_anything(method: str, asked: dict[str, str]) -> None:
    answer = ask("/written", method=method, headers=asked)
    assert (answer["statusCode"], answer["body"]) == (200, "done")
    assert not {"ETag", "Last-Modified"} & answer["headers"].keys()


@pytest.mark.parametrize("name", ["If-Match", "If-None-Match"])
@pytest.mark.parametrize("path", ["/documents/known", "/documents/unknown", "/documents/none"])
def test_nothing_is_done_to_what_the_client_takes_for_something_else(path: str, name: str) -> None:
    """RFC 9110, 13.1.1 and 13.1.2. Where nobody knows what is there, the condition is not known to hold."""
    tag = ask("/documents/known")["headers"]["ETag"]
    packed = ask("/documents/known", headers={"Accept": "*/*", "Accept-Encoding": "gzip"})["headers"]["ETag"]
    assert packed != tag
    all_of_them = (tag, packed, f'"other", {tag}', " * ", '"other"', 'W/"other", "another"', f"W/{tag}")
    done: dict[tuple[str, str], Sequence[str]] = {
        ("If-Match", "known"): all_of_them[:4],
        ("If-Match", "unknown"): (" * ",),
        ("If-Match", "none"): (" * ",),
        ("If-None-Match", "known"): all_of_them[4:6],
        ("If-None-Match", "unknown"): (),
        ("If-None-Match", "none"): all_of_them,
    }
    for given in all_of_them:
        written.clear()
        answer = ask(path, method="DELETE", headers={name: given})
        expected = (204, ["DELETE"]) if given in done[name, path.rpartition("/")[2]] else (412, [])
        assert (answer["statusCode"], written) == expected, given


def test_what_would_be_refused_anyway_is_refused_for_its_own_reason() -> None:
    """RFC 9110, 13.2.1."""
    assert ask("/documents/gone", method="DELETE", headers={"If-Match": '"one"'})["statusCode"] == 404


def test_what_the_client_has_in_another_encoding_is_sent_in_this_one() -> None:
    packed, plain = {"Accept": "*/*", "Accept-Encoding": "gzip"}, {"Accept": "*/*"}
    for had, asked in ((packed, plain), (plain, packed)):
        tag = ask("/large?size=5000", headers=had)["headers"]["ETag"]
        assert ask("/large?size=5000", headers={**asked, "If-None-Match": tag})["statusCode"] == 200
        assert ask("/large?size=5000", headers={**had, "If-None-Match": tag})["statusCode"] == 304


@pytest.mark.parametrize(
    ("later", "headers", "status"),
    [
        (0, {}, 304),
        (-1, {}, 200),
        (1, {}, 200),
        (0, {"If-None-Match": '"other"'}, 200),
        (0, {"If-Modified-Since": "yesterday"}, 200),
        (0, {"If-Modified-Since": "Tue, 01 Jan 99999999999 00:00:00 GMT"}, 200),
    ],
)
def test_a_date_tells_too_unless_there_is_an_etag(later: int, headers: dict[str, str], status: int) -> None:
    given = ask("/stations/EWR")["headers"]["Last-Modified"]
    assert given.startswith("Tue, 01 Jan 2013 00:00:")
    named = formatdate(parsedate_to_datetime(given).timestamp() + later, usegmt=True)
    answer = ask("/stations/EWR", headers={"If-Modified-Since": named, **headers})
    assert (answer["statusCode"], answer["headers"]["Last-Modified"]) == (status, given)


def test_answers_of_the_same_files_have_other_dates_where_they_say_something_else() -> None:
    """A file that came before the newest may be loaded after it, or be withdrawn. All processes say the same."""

    def date(body: str) -> str:
        answer = finished(Response(body=body, modified=1_357_000_000_200), {}, head=False, headers={}, since=None)
        return str(answer["headers"]["Last-Modified"])

    dates = [date(str(number)) for number in range(100)]
    assert dates == [date(str(number)) for number in range(100)]
    assert len(set(dates)) > 30
    seconds = [parsedate_to_datetime(each).timestamp() for each in dates]
    assert 1_357_000_001 <= min(seconds) <= max(seconds) <= 1_357_000_060


def test_two_processes_have_two_dates_for_two_answers_of_one_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mesonet.web.response.time.time", lambda: 1_800_000_000.5)
    answers = [finished(Response(body=str(number)), {}, head=False, headers={}) for number in range(100)]
    dates = {Sightings().since("/word", answer["headers"]["ETag"]) for answer in answers}
    assert len(dates) > 30
    assert 1_800_000_000 - 60 < min(dates) <= max(dates) <= 1_800_000_000


@pytest.mark.parametrize("seconds", [0, 951_782_400, 1_356_998_400, 1_795_705_712, 253_402_300_740])
def test_dates_are_written_as_http_has_them(seconds: int) -> None:
    answer = finished(Response(modified=seconds * 1000), {}, head=False, headers={})
    assert answer["headers"]["Last-Modified"] in {formatdate(seconds + more, usegmt=True) for more in range(60)}


def test_an_answer_is_compressed_for_who_takes_it() -> None:
    plain = ask("/large?size=5000", headers={"Accept": "*/*"})
    assert "Content-Encoding" not in plain["headers"]
    for taken in ("br;q=1.0, gzip;q=0.8", "*", "x-gzip", "gzip;q=0.5"):  # 8.4.1.3
        packed = ask("/large?size=5000", headers={"Accept": "*/*", "Accept-Encoding": taken})
        assert (packed["headers"]["Content-Encoding"], packed["isBase64Encoded"]) == ("gzip", True)
    assert gzip.decompress(b64decode(packed["body"])).decode() == plain["body"]
    assert "Accept-Encoding" in packed["headers"]["Vary"]
    assert packed["headers"]["ETag"] != plain["headers"]["ETag"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "*/*", "Accept-Encoding": "gzip;q=0"},
        {"Accept": "*/*", "Accept-Encoding": "GZIP;q=0, *"},  # what is named is not of what else there may be
        {"Accept": "*/*", "Accept-Encoding": "X-Gzip;q=0, *"},
        {"Accept": "*/*", "Accept-Encoding": "identity"},
        {"Accept": "*/*", "Accept-Encoding": "gzip;q=0.5, identity"},
        {"Accept-Encoding": "gzip"},  # the gateway would pass base64 on
        *({"Accept": typeless, "Accept-Encoding": "gzip"} for typeless in ("", ";q=1", ", */*")),  # as it would here
    ],
)
def test_nobody_gets_gzip_who_does_not_take_it(headers: dict[str, str]) -> None:
    assert "Content-Encoding" not in ask("/large?size=5000", headers=headers)["headers"]


def test_a_small_answer_is_not_compressed() -> None:
    assert "Content-Encoding" not in ask("/stations", headers={"Accept": "*/*", "Accept-Encoding": "gzip"})["headers"]


def test_an_answer_of_more_than_lambda_carries_is_a_clear_refusal() -> None:
    answer = ask("/large?size=3000000")  # each quote is escaped: 6 MB
    assert (answer["statusCode"], said(answer)["code"]) == (400, "answer-too-large")
    packed = ask("/large?size=3000000", headers={"Accept": "*/*", "Accept-Encoding": "gzip"})
    assert packed["statusCode"] == 200


def test_an_answer_may_be_elsewhere_or_nothing() -> None:
    answer = ask("/elsewhere")
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, "https://example.org/export")
    assert (ask("/nothing")["statusCode"], ask("/nothing")["body"]) == (204, "")
    assert "Content-Type" not in ask("/nothing")["headers"]


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ('{"a": [1, null]}', 201, ""),
        ("", 400, "not JSON"),
        ('{"a": 1,}', 400, "line 1, column 8"),
        ('{"a": 1, "a": 2}', 400, "'a' stands twice"),
        ('{"a": NaN}', 400, "NaN is no number"),
        ('{"a": -Infinity}', 400, "-Infinity is no number"),
        ("[" * 30 + "]" * 30, 400, "deeper than 20"),
        ("[" * 100_000, 400, "deeper than 20"),
        ("9" * 5_000, 400, "number"),
        ('"' + "x" * 1_000_001 + '"', 413, "1,000,000 are taken"),
    ],
)
def test_a_body_is_read_strictly(body: str, status: int, detail: str) -> None:
    for encoded in (False, True):
        given = b64encode(body.encode()).decode() if encoded else body
        headers = {"Content-Type": "application/json; charset=utf-8"}
        answer = ask("/stations/EWR/latest", method="POST", headers=headers, body=given, encoded=encoded)
        assert answer["statusCode"] == status
        if detail:
            assert detail in said(answer)["detail"]


def test_the_name_that_stands_twice_among_many_is_found_soon() -> None:
    body = "{" + ",".join(f'"{at}":0' for at in range(60_000)) + ',"59999":1}'
    headers = {"Content-Type": JSON}
    answer = within(5, lambda: ask("/stations/EWR/latest", method="POST", headers=headers, body=body))
    assert "'59999' stands twice" in said(answer)["detail"]


def posted(body: bytes, coding: str) -> dict[str, Any]:
    headers = {"Content-Type": JSON, "Content-Encoding": coding}
    return ask("/stations/EWR/latest", method="POST", headers=headers, body=b64encode(body).decode(), encoded=True)


def test_a_body_may_be_packed() -> None:
    assert said(posted(gzip.compress(b'{"a": 1}'), "GZIP")) == {"a": 1}
    assert said(posted(gzip.compress(b'{"a"') + gzip.compress(b": 1}"), "x-gzip")) == {"a": 1}
    for coding in ("identity", ""):
        assert said(posted(b'{"a": 1}', coding)) == {"a": 1}


@pytest.mark.parametrize(
    ("body", "coding", "status", "detail"),
    [
        (gzip.compress(b"1", mtime=0)[:-1], "gzip", 400, "ends before its end"),
        (gzip.compress(b"1", mtime=0) + b"{} and more", "gzip", 400, "cannot be unpacked"),
        (b'{"a": 1}', "gzip", 400, "cannot be unpacked"),
        (gzip.compress(b" " * 1_000_001, mtime=0), "gzip", 413, "1,000,000"),
        (gzip.compress(b" " * 600_000, mtime=0) * 2, "gzip", 413, "1,000,000"),
        (b"1", "br", 415, "packed as br"),
        (gzip.compress(b"1", mtime=0), "gzip, gzip", 415, "packed as gzip, gzip"),
    ],
)
def test_a_packed_body_is_unpacked_whole_and_within_bounds_or_refused(
    body: bytes, coding: str, status: int, detail: str
) -> None:
    answer = posted(body, coding)
    assert (answer["statusCode"], detail in said(answer)["detail"]) == (status, True)
    assert answer["headers"].get("Accept-Encoding") == ("gzip" if status == 415 else None)


def test_a_body_that_is_not_utf8_is_refused() -> None:
    body = b64encode(b'"\xff"').decode()
    answer = ask("/stations/E/latest", method="POST", headers={"Content-Type": JSON}, body=body, encoded=True)
    assert (answer["statusCode"], "UTF-8" in said(answer)["detail"]) == (400, True)


@pytest.mark.parametrize("kind", [None, "text/plain"])
def test_a_body_of_another_kind_is_refused_with_the_kinds_that_are_taken(kind: str | None) -> None:
    answer = ask("/stations/EWR/latest", method="POST", headers={"Content-Type": kind} if kind else {}, body="{}")
    assert (answer["statusCode"], answer["headers"]["Accept"]) == (415, "application/json")


@pytest.mark.parametrize("name", ["x" * 1_001, "%C3%BC" * 501])
def test_a_name_that_no_key_has_room_for_is_of_nothing_that_there_is(name: str) -> None:
    """DynamoDB refuses to look for a key of more than 2,048 bytes."""
    answer = ask(f"/stations/{name}")
    assert answer["statusCode"] == 404
    assert "1,000 bytes" in json.loads(answer["body"])["detail"]
    assert ask(f"/stations/{'x' * 1_000}")["statusCode"] == 200


def test_links_that_are_too_long_for_a_header_stand_in_the_body_only() -> None:
    answer = ask(f"/stations/x/linked?coords={'x' * 5000}")
    assert "Link" not in answer["headers"]
    assert len(said(answer)[0]["href"]) > 5000
    assert ask("/stations/x/linked")["headers"]["Link"] == '<https://api.example.org/v1/stations/x/linked>; rel="self"'


def test_links_lead_to_the_address_that_the_client_uses() -> None:
    link = said(ask("/stations/a%2Fb"))["links"][0]
    assert link == {"rel": "self", "href": "https://api.example.org/v1/stations/a%2Fb"}
    behind = Router(public_url="https://weather.example/api/")
    behind.get("/stations/{station}")(station)
    assert said(behind.handle(event("/stations/x")))["links"][0]["href"] == "https://weather.example/api/stations/x"


@pytest.mark.parametrize(
    ("decoded", "encoded"),
    [
        ("Zürich", "Z%C3%BCrich"),
        ("東京", "%E6%9D%B1%E4%BA%AC"),
        ("a b", "a%20b"),
        ("100%", "100%25"),
        ("a%2Fb", "a%2Fb"),
        ("a+b,c", "a+b,c"),
    ],
)
def test_links_are_addresses_where_the_gateway_has_decoded_the_path(decoded: str, encoded: str) -> None:
    """RFC 3986, 2.1: an address has no other letters; a header has none that are not of Latin 1."""
    answer = ask(f"/stations/{decoded}/linked")
    assert answer["headers"]["Link"] == f'<https://api.example.org/v1/stations/{encoded}/linked>; rel="self"'
    assert said(ask(f"/stations/{decoded}", method="POST"))["instance"] == f"/stations/{encoded}"


def test_the_unexpected_is_logged_with_the_correlation_id_and_stays_uncaught(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="mesonet"), pytest.raises(ZeroDivisionError):
        ask("/broken")
    (line,) = caplog.records
    assert (line.message, line.exc_info is not None) == ("request failed unexpectedly", True)
    assert vars(line)["fields"]["correlation_id"] == "c6af9ac6"


def test_what_is_logged_between_requests_has_no_correlation_id() -> None:
    for path in ("/stations", "/nowhere"):
        ask(path)
        assert "correlation_id" not in logger.keys
    with pytest.raises(ZeroDivisionError):
        ask("/broken")
    assert "correlation_id" not in logger.keys


def test_every_read_has_a_date_since_when_the_answer_is_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1_800_000_000.5]
    monkeypatch.setattr("mesonet.web.response.time.time", lambda: clock[0])
    said_here = ["first"]
    own = Router()

    @own.get("/word")
    def word(request: Request) -> Response:
        return Response(body=said_here[0])

    def answer(since: str | None = None) -> dict[str, Any]:
        return own.handle(event("/word", headers={"If-Modified-Since": since} if since else {}))

    first = answer()["headers"]["Last-Modified"]
    assert -60 < parsedate_to_datetime(first).timestamp() - 1_800_000_000 <= 0
    clock[0] += 100
    assert answer()["headers"]["Last-Modified"] == first
    assert answer(first)["statusCode"] == 304
    said_here[0] = "second"
    assert answer(first)["statusCode"] == 200
    second = answer()["headers"]["Last-Modified"]
    assert -60 < parsedate_to_datetime(second).timestamp() - 1_800_000_100 <= 0
    said_here[0] = "first"
    answer()  # within the same second
    clock[0] += 1
    assert answer(second)["statusCode"] == 200
    assert answer(first)["statusCode"] == 200  # it has been another one since


def test_no_date_that_counts_is_that_of_two_answers_of_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """However fast they follow each other, and also where the first comes again."""
    clock = [1_800_000_000.0]
    monkeypatch.setattr("mesonet.web.response.time.time", lambda: clock[0])
    sightings = Sightings()
    given: dict[int, set[int]] = {}
    for at in range(600):
        clock[0] += 0.3
        date = sightings.since("/word", f'"{at // 2 % 7:08x}"')
        assert date <= clock[0]
        given.setdefault(date, set()).add(at // 2)
        if date < int(clock[0]):  # it counts
            assert given[date] == {at // 2}


def dated(date: int, response: Response, **asked: str) -> int:
    """The status of an answer that has this date."""
    given = {name.replace("_", "-"): value for name, value in asked.items()}
    return int(finished(response, given, head=False, headers={}, since=lambda _: date)["statusCode"])


def test_a_date_whose_second_is_not_over_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """In it the answer may have been another (RFC 9110, 8.8.2.2)."""
    monkeypatch.setattr("mesonet.web.response.time.time", lambda: 1_800_000_000.9)
    for date, status in ((1_800_000_000, 200), (1_799_999_999, 304)):
        assert dated(date, Response(body="word"), if_modified_since=formatdate(date, usegmt=True)) == status


def test_what_files_came_with_that_changed_nothing_is_no_other_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mesonet.web.response.time.time", lambda: 1_800_000_100.0)
    date, response = 1_800_000_000, Response(body="word", modified=1_800_000_090_000)
    assert dated(date, response, if_unmodified_since=formatdate(date, usegmt=True)) == 200
    with pytest.raises(NotTheSame):
        dated(date, response, if_unmodified_since=formatdate(date - 1, usegmt=True))


def test_an_answer_has_one_date_in_whatever_encoding() -> None:
    own, packed = Router(), {"Accept": "*/*", "Accept-Encoding": "gzip"}

    @own.get("/word")
    def word(request: Request) -> Response:
        return Response(body="word" * 500)

    answers = [own.handle(event("/word", headers=headers)) for headers in ({}, packed, {}, packed)]
    assert len({answer["headers"]["Last-Modified"] for answer in answers}) == 1
    assert len({answer["headers"]["ETag"] for answer in answers}) == 2


@pytest.mark.parametrize("asked_at", [1_800_000_000.3, 1_800_000_003.9])
def test_what_changed_twice_in_one_second_is_told_apart_by_its_date(asked_at: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 9110, 8.8.2.2: both changes have the same second, and the first was answered before the second was there."""
    clock = [asked_at]
    monkeypatch.setattr("mesonet.web.response.time.time", lambda: clock[0])
    said_here = [("first", 1_800_000_000_200)]
    own = Router()

    @own.get("/word")
    def word(request: Request) -> Response:
        body, modified = said_here[0]
        return Response(body=body, modified=modified)

    def answer(since: str | None = None) -> dict[str, Any]:
        return own.handle(event("/word", headers={"If-Modified-Since": since} if since else {}))

    first = answer()["headers"]["Last-Modified"]
    said_here[0] = ("second", 1_800_000_000_800)
    for clock[0] in (1_800_000_003.95, 1_800_000_005.0, 1_800_000_120.7):  # a file of that second may still be under way
        assert answer(first)["statusCode"] == 200
    clock[0] = 1_800_000_120.9
    settled = answer()["headers"]["Last-Modified"]
    assert (settled != first, answer(settled)["statusCode"]) == (True, 304)
    assert 1 <= parsedate_to_datetime(settled).timestamp() - 1_800_000_000 <= 60


def test_dates_of_answers_are_remembered_for_some_questions_only() -> None:
    sightings = Sightings(most=2)
    for question in ("a", "b", "a", "c"):
        sightings.since(question, '"12345678"')
    assert list(sightings._seen) == ["a", "c"]


LAID: Stitched = ['{"time":[', Fragment.sealed(Fragment(",".join(map(str, range(1000)))).kept), "]}"]


def laid_together(headers: dict[str, str], method: str = "GET") -> dict[str, Any]:
    stitching = Router()
    stitching.get("/laid")(lambda request: Response(body=LAID))
    return stitching.handle(event("/laid", headers=headers, method=method))


def test_a_body_in_parts_goes_out_as_gzip_or_as_text() -> None:
    gzipped, plain = laid_together({"Accept": "*/*", "Accept-Encoding": "gzip"}), laid_together({"Accept": "*/*"})
    assert gzipped["headers"]["Content-Encoding"] == "gzip"
    assert gzip.decompress(b64decode(gzipped["body"])).decode() == plain["body"]
    assert json.loads(plain["body"]) == {"time": list(range(1000))}
    assert "Content-Encoding" not in plain["headers"]
    assert not plain["isBase64Encoded"]


def test_a_body_in_parts_has_a_mark_by_which_it_is_known_again() -> None:
    gzipped, plain = laid_together({"Accept": "*/*", "Accept-Encoding": "gzip"}), laid_together({"Accept": "*/*"})
    assert gzipped["headers"]["ETag"] == plain["headers"]["ETag"][:-1] + '-gzip"'
    for encoding, answer in (("gzip", gzipped), ("identity", plain)):
        mark = answer["headers"]["ETag"]
        again = laid_together({"Accept": "*/*", "Accept-Encoding": encoding, "If-None-Match": mark})
        assert (again["statusCode"], again["body"]) == (304, "")


def test_head_of_a_body_in_parts_has_the_same_headers_and_no_body() -> None:
    headers = {"Accept": "*/*", "Accept-Encoding": "gzip", "X-Correlation-Id": "one"}
    head, get = laid_together(headers, "HEAD"), laid_together(headers)
    assert (head["statusCode"], head["body"]) == (200, "")
    assert head["headers"] == get["headers"] | {"X-Correlation-Id": head["headers"]["X-Correlation-Id"]}


def test_a_path_that_is_asked_for_again_means_the_same_until_there_is_another_route() -> None:
    routes = Router()

    @routes.get("/stations/{station}")
    def one(request: Request, station: str) -> Response:
        return Response(body=station)

    for _ in range(2):
        assert routes.handle(event("/stations/a%20b"))["body"] == "a b"
        assert routes.handle(event("/stations/a%20b", method="POST"))["statusCode"] == 405
        assert routes.handle(event("/stations/a%20b", method="HEAD"))["statusCode"] == 200
        assert routes.handle(event("/stations/" + "a" * 1_001))["statusCode"] == 404

    @routes.post("/stations/{station}")
    def other(request: Request, station: str) -> Response:
        return Response(status=201)

    assert routes.handle(event("/stations/a%20b", method="POST"))["statusCode"] == 201


def test_an_answer_that_is_given_again_is_compressed_once() -> None:
    answer = Response(body="x" * 2_000)
    asked = {"accept": "*/*", "accept-encoding": "gzip"}
    first, again = (finished(answer, asked, head=False, headers={"X-Correlation-Id": name}) for name in "ab")
    assert first["body"] is again["body"]
    assert (first["headers"]["X-Correlation-Id"], again["headers"]["X-Correlation-Id"]) == ("a", "b")
    assert first["headers"]["ETag"] == again["headers"]["ETag"]
    assert finished(answer, {}, head=False, headers={})["body"] == answer.body
