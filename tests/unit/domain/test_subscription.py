"""What a subscription wants to hear of, as we see it and as SNS does; and which addresses may be called."""

import hmac
from typing import Any

import pytest

from mesonet.domain.file import FileChange
from mesonet.domain.notification import Whereabouts, attributes, notification
from mesonet.domain.subscription import Channel, Filter, Subscription
from mesonet.domain.webhook import endpoint_fault, is_public, signature
from tests.builders import file_entry
from tests.unit.domain.test_notification import CASES


def fits(wanted: Filter, case: str = "new") -> bool:
    entry, change, where = CASES[case]
    message = notification(entry, change, where, base_url="https://x", centre_id="xx-test")
    return wanted.fits(message, attributes(entry, change, where))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(), True),
        (Filter(kinds=("FileCatalogued",)), True),
        (Filter(kinds=("FileDeleted",)), False),
        (Filter(formats=("csv", "ghcn_daily")), True),
        (Filter(formats=("csv",)), False),
        (Filter(stations=("0-840-0-KEWR",)), True),
        (Filter(stations=("JFK",)), False),
        (Filter(standard_names=("air_temperature",)), True),
        (Filter(standard_names=("wind_speed",)), False),
        (Filter(countries=("USA",)), True),
        (Filter(countries=("CHE",)), False),
        (Filter(bbox=(-75, 40, -73, 41)), True),
        (Filter(bbox=(-74.1, 40, -73, 41)), False),
        (Filter(bbox=(170, 40, -74, 41)), True),
        (Filter(bbox=(-75, 40, -73, 41), stations=("JFK",)), False),
    ],
)
def test_all_that_is_given_has_to_fit(wanted: Filter, expected: bool) -> None:
    assert fits(wanted) is expected
    assert sns_fits(wanted.policy(), attributes(*CASES["new"])) >= expected, "SNS may send more, and never less"


def sns_fits(policy: dict[str, list[str]], given: dict[str, Any]) -> bool:
    """As SNS reads a policy of exact values: of each property one, of an attribute that is a list any."""
    return all(
        not set(values).isdisjoint(given[name] if isinstance(given.get(name), list) else [given.get(name)])
        for name, values in policy.items()
    )


@pytest.mark.parametrize("bbox", [(-75, 40, -73, 41), (-180, -90, 180, 90), (170, -20, -170, 20), (8, 47, 9, 48), (0, 0, 0, 0)])
def test_a_box_of_any_size_has_cells_enough_for_sns_and_not_too_many(bbox: tuple[float, float, float, float]) -> None:
    cells = Filter(bbox=bbox).policy().get("cells")
    assert cells is None or 2 <= len(cells) <= 30
    assert Filter(bbox=bbox).is_too_wide is False


def test_what_lies_in_the_box_lies_in_one_of_its_cells() -> None:
    for latitude in range(-89, 90, 4):
        for longitude in range(-179, 180, 7):
            where = Whereabouts(positions=[(latitude, longitude)])
            for size in (0.01, 0.5, 3, 20):
                box = (longitude - size, latitude - size / 2, longitude + size, latitude + size / 2)
                if box[0] >= -180 and box[2] <= 180 and box[1] >= -90 and box[3] <= 90:
                    given = attributes(file_entry(), FileChange.CATALOGUED, where)
                    assert sns_fits(Filter(bbox=box).policy(), given), (latitude, longitude, size)


def test_a_filter_that_sns_does_not_take_is_known_beforehand() -> None:
    assert Filter(stations=tuple(map(str, range(50))), standard_names=("a", "b", "c", "d")).is_too_wide
    one = ("FileCatalogued",)
    assert not Filter(stations=tuple(map(str, range(50))), standard_names=("a", "b", "c"), kinds=one).is_too_wide


def test_the_same_wish_has_the_same_identifier() -> None:
    def made(**changes: Any) -> str:
        given: dict[str, Any] = {"operator_id": "op-1", "channel": Channel.WEBHOOK, "endpoint": "https://example.org/"}
        return Subscription(**given | changes).id

    assert made() == made(secret="x", created_at=5) != made(filter=Filter(kinds=("FileDeleted",)))
    assert made() != made(operator_id="op-2")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),  # the cloud's metadata
        ("fd00:ec2::254", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b::5db8:d70e", True),
        ("64:ff9b:1::a00:1", False),
        ("::127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("2002:a00:1::", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("240.0.0.1", False),
    ],
)
def test_only_public_addresses_may_be_called(address: str, expected: bool) -> None:
    assert is_public(address) is expected


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("https://example.org/hook?x=1", True),
        ("https://example.org:8443/hook", True),
        ("http://example.org/", False),
        ("https://user:secret@example.org/", False),
        ("https://example.org:22/", False),
        ("https://127.0.0.1/", False),
        ("https://[::1]/", False),
        ("https://[::ffff:10.0.0.1]/", False),
        ("https://0.0.0.0/", False),
        *((f"https://{each}/", False) for each in ("2130706433", "0177.0.0.1", "0x7f.1", "127.1", "0", "0xA9FEA9FE")),
        ("https://1572395042/", True),  # 93.184.216.34
        ("https://169.254.169.254/latest/meta-data", False),
        ("https:///nowhere", False),
        ("https://example.org/#part", False),
        ("https://example.org/a b", False),
        ("https://example.org:port/", False),
        ("file:///etc/passwd", False),
        ("https://example.org/" + "x" * 2000, False),
    ],
)
def test_an_address_says_by_itself_whether_it_can_be_a_webhook(address: str, taken: bool) -> None:
    assert (endpoint_fault(address) is None) is taken


def test_a_signature_is_of_the_time_and_the_body() -> None:
    body = b'{"a":1}'
    assert signature("key", 1767225600, body) == "sha256=" + hmac.new(b"key", b'1767225600.{"a":1}', "sha256").hexdigest()
    assert (
        len({signature("key", 1, b"x"), signature("key", 2, b"x"), signature("key", 1, b"y"), signature("yek", 1, b"x")}) == 4
    )


@pytest.mark.parametrize(("kind", "expected"), [(kind, not kind.endswith(("Reread", "Backfilled"))) for kind in FileChange])
def test_who_names_no_kind_hears_of_news_only(kind: FileChange, expected: bool) -> None:
    message: dict[str, Any] = {"kind": kind.value, "file": {}}
    assert Filter().fits(message, {}) is expected
    assert (kind.value in Filter().policy()["kind"]) is expected
    assert Filter(kinds=(kind.value,)).fits(message, {})
