"""`EventsEnabled` switches every trigger that there is, and the runbook says of each what becomes of its place."""

from pathlib import Path

from tests import template

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbooks" / "events.md"
ON, CONDITIONS = "EventsAreOn", ("EventsAreOn", "IndexIsFed")


def triggers() -> dict[str, list[dict[str, object]]]:
    """By function; requests of the API are none."""
    found: dict[str, list[dict[str, object]]] = {}
    for name, function in template.functions().items():
        for event in function["Properties"].get("Events", {}).values():
            if event["Type"] not in ("Api", "HttpApi"):
                found.setdefault(name, []).append(event["Properties"])
    return found


def test_every_trigger_is_switched_by_the_one_parameter() -> None:
    assert len(triggers()) > 5
    for name, events in triggers().items():
        for each in events:
            condition, on, off = (each.get("Enabled") or each.get("State"))["Fn::If"]  # type: ignore[index]
            assert condition in CONDITIONS, name
            assert (on, off) in ((True, False), ("ENABLED", "DISABLED")), name
    assert template.source()["Conditions"]["IndexIsFed"] == {"Fn::And": [{"Condition": ON}, {"Condition": "UsesOpenSearch"}]}


def test_the_runbook_says_of_every_trigger_what_becomes_of_it() -> None:
    rows = [line for line in RUNBOOK.read_text().splitlines() if line.startswith("|")]
    unsaid = {name.removesuffix("Function") for name in triggers()} - {
        word for row in rows for word in row.split("|")[1].replace("→", " ").split()
    }
    assert unsaid == set()
