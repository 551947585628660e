import pytest

from mesonet.domain.search import asked_words, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Zürich_2013.csv", ["zurich", "2013", "csv"]),
        ("Łódź Tromsø Ærøskøbing Đakovo", ["lodz", "tromso", "aeroskobing", "dakovo"]),
        ("Þingvellir Œuvre Straße Iğdır", ["thingvellir", "oeuvre", "strasse", "igdir"]),
        ("東京 気温.csv", ["東京", "気温", "csv"]),
        ("a/b1-c", ["b1"]),
    ],
)
def test_words_are_as_somebody_types_them_who_has_no_key_for_a_letter(text: str, found: list[str]) -> None:
    assert words(text) == found
    assert words(text.upper()) == found


def test_stars_are_prefixes_and_quotes_are_nothing() -> None:
    assert asked_words('"Newark Liberty" 2013-07 ful*') == (("newark", "liberty", "2013", "07"), ("ful",))
