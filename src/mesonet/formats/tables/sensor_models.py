"""What names of columns that name a sensor's model mean: `HMP155_T`, `RH_HMP45C`, `WXT536_Ua`, `TE525_mm`.

A model tells what a letter beside it is of, since it measures nothing else; what it tells of itself (the temperature of a
barometer) is no weather. Sources: the makers' manuals, for WXT530 Vaisala's user guide M211840EN ("abbreviations": Dm Sm Ta Ua
Pa Ri). What is the average or extreme over a time that the transmitter is set to (Dn, Dx, Sn, Sx) or is counted up (Rc, Hc) is
no word here, so that it is not understood.
"""

from mesonet.regex import regex

_OF_ITSELF = dict.fromkeys(("t", "temp", "tc", "tdegc", "temperature", "body"), "internal temp")
_PROBE = {
    **dict.fromkeys(("t", "ta", "temp", "temperature", "airt", "tair"), "air temp"),
    **dict.fromkeys(("tc", "tdegc"), "air temp c"),
    **dict.fromkeys(("h", "u", "hum", "hr"), "humidity"),
    **dict.fromkeys(("td", "dp"), "dew point"),
}
_WIND = {
    **dict.fromkeys(("s", "speed"), "wind speed"),  # u is a component
    **dict.fromkeys(("d", "dir", "direction"), "wind direction"),
}
_BAROMETER = dict.fromkeys(("p", "pb", "bp", "pa", "baro", "press"), "pressure")
_SUN = dict.fromkeys(("sw", "sr", "slr", "rad", "solar", "irr", "ghi", "g"), "solar rad")
_SUN |= dict.fromkeys(("slrw", "w", "wm2", "w m2"), "solar rad wm2")
_SUN |= dict.fromkeys(("up", "out", "swup", "swout"), "reflected")
_SOIL = {**dict.fromkeys(("t", "temp", "temperature"), "soil temp"), "vwc": "soil moist"}
_TRANSMITTER = {
    **{"ta": "air temp", "ua": "humidity", "pa": "pressure", "dm": "wind direction", "sm": "wind speed", "ri": "rain rate"},
    **dict.fromkeys(("t", "temp"), "air temp"),
    **dict.fromkeys(("tp", "th"), "internal temp"),
}
# models, words beside them, and what a model says alone, or beside a unit; temperature and humidity, pressure too, everything,
# wind, rain, pressure, radiation, soil
_MODELS = tuple(
    (regex(rf"\b(?:{models})\b ?"), words, alone)
    for models, words, alone in (
        (
            r"hmp ?\d{2,3}[a-z]{0,2}|cs(?:215|500)[a-z]?|hc2a?s3[a-z]?|hygro ?vue ?(?:5|10)|ee(?:08|181)"
            r"|(?:sht\d\d|dht\d\d|am23\d\d)[a-z]?",
            _PROBE,
            "",
        ),
        (r"bme[26]80", _PROBE | _BAROMETER, ""),
        (r"wxt ?5[123]\d", _TRANSMITTER, ""),
        (
            r"(?:rmy|rm young|young) ?0[35]\d{3}[a-z]{0,2}|0(?:510[368]|300[12])[a-z]{0,2}|wind ?sonic ?\d?|034b|014a|024a",
            _WIND,
            "",
        ),
        (r"te525(?:mm|ws|wb)?|tr525(?:mm|i)?|arg100|522(?:02|03)|crs451", {"tips": "count"}, "rain"),
        (r"ptb ?\d{3}[a-z]?|cs10[056]|bmp(?:085|180|[23]\d\d)|61302[a-z]?", _BAROMETER | _OF_ITSELF, "pressure"),
        (r"cmp ?\d{1,2}|cm(?:3|6|11|21)b?|cs3[02][01]|li ?200[a-z]{0,2}|sp ?lite ?2?", _SUN | _OF_ITSELF, "solar rad"),
        (r"cnr ?[1-4]|si ?111|sr50(?:a|at)?", _OF_ITSELF, ""),
        (r"cs6(?:16|5[05])", _SOIL, ""),
    )
)
_ANY = regex("|".join(pattern.pattern for pattern, _, _ in _MODELS))
_NO_WORD = regex(r"[\d.]+(?: ?c?m)?|k?pa|hpa|mm|in|mbar|mb|inhg|w|wm2|w m2|avg|mean|max|min|tot|total|sum|smp|std|mv")


def spelled(plain: str) -> str:
    """A name in small letters without a model of a sensor, and with the words that have a meaning beside that."""
    if not _ANY.search(plain):
        return plain
    for pattern, words, alone in _MODELS:
        if pattern.search(plain):
            left = pattern.sub("", plain).split()
            told = [words.get(word, word) for word in left]
            if alone and told == left and all(map(_NO_WORD.fullmatch, left)) and "mv" not in left:
                told = [alone, *left]
            return " ".join(told) or plain
    return plain
