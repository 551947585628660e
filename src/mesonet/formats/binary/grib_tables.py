"""What numbers in GRIB mean: parameters, levels, processes, and where templates have what they tell.

Source: WMO-No. 306, Manual on Codes, I.2, FM 92 GRIB: tables 2 to 5 of edition 1; 4.2 to 4.10 and templates 4.x of
edition 2. ECMWF's table 128 and NCEP's local use of edition 2 beside them.
"""

# name, unit. Table 2 of WMO (versions 1 to 3), and table 128 of ECMWF
WMO = {
    1: ("pressure", "Pa"), 2: ("pressure reduced to mean sea level", "Pa"), 7: ("geopotential height", "m"),
    11: ("temperature", "K"), 12: ("virtual temperature", "K"), 13: ("potential temperature", "K"),
    15: ("maximum temperature", "K"), 16: ("minimum temperature", "K"), 17: ("dew-point temperature", "K"),
    20: ("visibility", "m"), 31: ("wind direction", "deg"), 32: ("wind speed", "m/s"), 33: ("u-component of wind", "m/s"),
    34: ("v-component of wind", "m/s"), 39: ("vertical velocity", "Pa/s"), 51: ("specific humidity", "kg/kg"),
    52: ("relative humidity", "%"), 54: ("precipitable water", "kg/m2"), 59: ("precipitation rate", "kg/m2/s"),
    61: ("total precipitation", "kg/m2"), 62: ("large-scale precipitation", "kg/m2"), 63: ("convective precipitation", "kg/m2"),
    65: ("water equivalent of snow depth", "kg/m2"), 66: ("snow depth", "m"), 71: ("total cloud cover", "%"),
    73: ("low cloud cover", "%"), 74: ("medium cloud cover", "%"), 75: ("high cloud cover", "%"), 85: ("soil temperature", "K"),
    100: ("significant height of combined wind waves and swell", "m"),
}  # fmt: skip
ECMWF = {
    34: ("sea surface temperature", "K"), 129: ("geopotential", "m2/s2"), 130: ("temperature", "K"),
    131: ("u-component of wind", "m/s"), 132: ("v-component of wind", "m/s"), 133: ("specific humidity", "kg/kg"),
    134: ("surface pressure", "Pa"), 135: ("vertical velocity", "Pa/s"), 139: ("soil temperature, level 1", "K"),
    141: ("snow depth as water", "m"), 142: ("large-scale precipitation", "m"), 143: ("convective precipitation", "m"),
    144: ("snowfall as water", "m"), 151: ("pressure reduced to mean sea level", "Pa"), 156: ("geopotential height", "m"),
    157: ("relative humidity", "%"), 164: ("total cloud cover", "1"), 165: ("10 metre u-component of wind", "m/s"),
    166: ("10 metre v-component of wind", "m/s"), 167: ("2 metre temperature", "K"),
    168: ("2 metre dew-point temperature", "K"), 169: ("downward short-wave radiation at the surface", "J/m2"),
    175: ("downward long-wave radiation at the surface", "J/m2"), 182: ("evaporation as water", "m"),
    186: ("low cloud cover", "1"), 187: ("medium cloud cover", "1"), 188: ("high cloud cover", "1"),
    189: ("sunshine duration", "s"), 228: ("total precipitation", "m"), 235: ("skin temperature", "K"),
}  # fmt: skip
# edition 2: discipline, category, number (tables 4.2)
PARAMETERS = {
    (0, 0, 0): ("temperature", "K"), (0, 0, 1): ("virtual temperature", "K"), (0, 0, 2): ("potential temperature", "K"),
    (0, 0, 4): ("maximum temperature", "K"), (0, 0, 5): ("minimum temperature", "K"),
    (0, 0, 6): ("dew-point temperature", "K"), (0, 0, 7): ("dew-point depression", "K"),
    (0, 0, 9): ("temperature anomaly", "K"), (0, 0, 10): ("latent heat net flux", "W/m2"),
    (0, 0, 11): ("sensible heat net flux", "W/m2"), (0, 0, 12): ("heat index", "K"), (0, 0, 13): ("wind chill factor", "K"),
    (0, 0, 17): ("skin temperature", "K"), (0, 0, 21): ("apparent temperature", "K"),
    (0, 0, 27): ("wet-bulb temperature", "K"), (0, 1, 0): ("specific humidity", "kg/kg"),
    (0, 1, 1): ("relative humidity", "%"), (0, 1, 3): ("precipitable water", "kg/m2"),
    (0, 1, 7): ("precipitation rate", "kg/m2/s"), (0, 1, 8): ("total precipitation", "kg/m2"),
    (0, 1, 9): ("large-scale precipitation", "kg/m2"), (0, 1, 10): ("convective precipitation", "kg/m2"),
    (0, 1, 11): ("snow depth", "m"), (0, 1, 13): ("water equivalent of snow depth", "kg/m2"),
    (0, 1, 29): ("total snowfall", "m"), (0, 1, 42): ("snow cover", "%"), (0, 1, 49): ("total water precipitation", "kg/m2"),
    (0, 1, 52): ("total precipitation rate", "kg/m2/s"), (0, 1, 60): ("snow depth water equivalent", "kg/m2"),
    (0, 2, 0): ("wind direction", "deg"), (0, 2, 1): ("wind speed", "m/s"), (0, 2, 2): ("u-component of wind", "m/s"),
    (0, 2, 3): ("v-component of wind", "m/s"), (0, 2, 8): ("vertical velocity", "Pa/s"),
    (0, 2, 22): ("wind speed (gust)", "m/s"), (0, 3, 0): ("pressure", "Pa"),
    (0, 3, 1): ("pressure reduced to mean sea level", "Pa"), (0, 3, 4): ("geopotential", "m2/s2"),
    (0, 3, 5): ("geopotential height", "m"), (0, 3, 18): ("planetary boundary layer height", "m"),
    (0, 4, 3): ("global radiation flux", "W/m2"), (0, 4, 7): ("downward short-wave radiation flux", "W/m2"),
    (0, 4, 192): ("downward short-wave radiation flux", "W/m2"), (0, 5, 3): ("downward long-wave radiation flux", "W/m2"),
    (0, 5, 192): ("downward long-wave radiation flux", "W/m2"), (0, 6, 1): ("total cloud cover", "%"),
    (0, 6, 3): ("low cloud cover", "%"), (0, 6, 4): ("medium cloud cover", "%"), (0, 6, 5): ("high cloud cover", "%"),
    (0, 7, 6): ("convective available potential energy", "J/kg"), (0, 7, 7): ("convective inhibition", "J/kg"),
    (0, 19, 0): ("visibility", "m"), (2, 0, 2): ("soil temperature", "K"), (2, 3, 18): ("soil temperature", "K"),
    (10, 0, 3): ("significant height of combined wind waves and swell", "m"), (10, 3, 0): ("water temperature", "K"),
}  # fmt: skip
OWN = 192  # from there on disciplines, categories and numbers are a centre's own
NCEP = (7, 8, 9, 59)  # centres that use NCEP's

# levels: a text, and what makes of the number what stands in it
_SURFACES = {
    1: "surface", 2: "cloud base", 3: "cloud top", 4: "0 °C isotherm", 5: "adiabatic condensation level", 6: "maximum wind",
    7: "tropopause", 8: "top of the atmosphere", 9: "sea bottom",
}  # fmt: skip
_HPA, _ALTITUDE, _HEIGHT, _DEPTH = "{} hPa", "{} m above mean sea level", "{} m above ground", "{} m below ground"
_SIGMA, _HYBRID, _ETA, _ISOTHERM = "sigma {}", "hybrid level {}", "eta {}", "isotherm of {} K"
_VORTICITY = "potential vorticity of {} PVU"
_THETA, _ABOVE, _SEA = "potential temperature of {} K", "{} hPa less than at the ground", "{} m below sea level"
LEVELS = {
    **{kind: (text, 1.0) for kind, text in _SURFACES.items()}, 10: ("entire atmosphere", 1.0), 200: ("entire atmosphere", 1.0),
    20: (_ISOTHERM, 1.0), 100: (_HPA, 0.01), 101: ("mean sea level", 1.0), 102: (_ALTITUDE, 1.0), 103: (_HEIGHT, 1.0),
    104: (_SIGMA, 1.0), 105: (_HYBRID, 1.0), 106: (_DEPTH, 1.0), 107: (_THETA, 1.0), 108: (_ABOVE, 0.01),
    109: (_VORTICITY, 1e6), 111: (_ETA, 1.0), 118: ("hybrid height level {}", 1.0),
    119: ("hybrid pressure level {}", 1.0), 150: ("generalized height level {}", 1.0), 151: ("soil level {}", 1.0),
    160: (_SEA, 1.0),
}  # fmt: skip
LEVELS_1 = {
    **{kind: (text, 1.0) for kind, text in _SURFACES.items()}, 200: ("entire atmosphere", 1.0), 20: (_ISOTHERM, 0.01),
    100: (_HPA, 1.0), 102: ("mean sea level", 1.0), 103: (_ALTITUDE, 1.0), 105: (_HEIGHT, 1.0), 107: (_SIGMA, 1e-4),
    109: (_HYBRID, 1.0), 111: (_DEPTH, 0.01), 113: (_THETA, 1.0), 115: (_ABOVE, 1.0), 119: (_ETA, 1e-4), 125: (_HEIGHT, 0.01),
    117: (_VORTICITY, 1e-3), 160: (_SEA, 1.0), 210: (_HPA, 0.01),
}  # fmt: skip
# of edition 1, from one number to another of one octet each: what stands in the text for 0, and for each one more
LAYERS_1 = {
    101: (_HPA, 0.0, 10.0), 104: (_ALTITUDE, 0.0, 100.0), 106: (_HEIGHT, 0.0, 100.0), 108: (_SIGMA, 0.0, 0.01),
    110: (_HYBRID, 0.0, 1.0), 112: (_DEPTH, 0.0, 0.01), 114: (_THETA, 475.0, -1.0), 116: (_ABOVE, 0.0, 1.0),
    120: (_ETA, 0.0, 0.01), 121: (_HPA, 1100.0, -1.0), 128: (_SIGMA, 1.1, -0.001),
}  # fmt: skip

# processes: table 4.10, and 5 of edition 1
PROCESSES = {
    0: "average", 1: "accumulation", 2: "maximum", 3: "minimum", 4: "difference", 5: "root mean square",
    6: "standard deviation", 7: "covariance", 8: "difference", 9: "ratio", 10: "standardized anomaly", 11: "sum",
}  # fmt: skip
OF_ANOTHER_UNIT = (7, 9, 10)
ACCUMULATED = {"W/m2": "J/m2", "kg/m2/s": "kg/m2"}  # what sums of rates are in
AVERAGES_1 = {
    **dict.fromkeys((3, 6, 7, 51, 113, 115, 117, 123), "average"), **dict.fromkeys((4, 114, 116, 124), "accumulation"),
    5: "difference", 118: "variance", **dict.fromkeys((119, 125), "standard deviation"),
}  # fmt: skip

MINUTES = {0: 1, 1: 60, 2: 1440, 10: 180, 11: 360, 12: 720}  # table 4.4; 4 of edition 1
MINUTES_OF = {1: MINUTES | {13: 15, 14: 30, 254: 1 / 60}, 2: MINUTES | {13: 1 / 60}}
MONTHS = {3: 1, 4: 12, 5: 120, 6: 360, 7: 1200}


def _at(*places: tuple[int, tuple[int, ...]]) -> dict[int, int]:
    return {template: place for place, templates in places for template in templates}


# where the unit of the time ahead stands in a template of section 4, counted from the first octet, which is 0; the time ahead
# and both surfaces follow it. Others have no time ahead: a time of their own, or none.
UNIT = _at(
    (17, (*range(16), 32, 33, 34, 51, 60, 61, 86, 87, 91, 105, 106, 107, 112, *range(117, 124), 128, 129, 130, 131, 132, 134)),
    (17, (136, 137, 138, 143, *range(146, 152), 154, 155, 204, 205, 206, 1000, 1001, 1002, 1100, 1101)),
    (19, (40, 41, 42, 43, 152, 153, 166, 167, 177, 178, 188, 189)),
    (20, (76, 77, 78, 79, 170, 171, 181, 182, 192, 193)),
    (21, (53, 54)),
    (22, (70, 71, 72, 73, 89, 90, 133, 135, *range(199, 203))),
    (23, (55, 56, 59, 62, 63)),
    (25, (99, 100, 101, 102, 141, 142)),
    (26, (57, 58, 67, 68)),
    (28, (103, 104, *range(108, 112), 139, 140, 144, 145, *range(160, 166))),
    (30, (44, 45, 46, 47, 50, 85, 168, 174, 179, 185, 190, 196)),
    (31, (82, 83, 84, 173, 184, 195, *range(224, 229))),
    (41, (48, 49, *range(113, 117), 156, 157, 169, 175, 180, 186, 191, 197)),
    (42, (80, 81, *range(124, 128), 158, 159, 172, 176, 183, 187, 194, 198)),
)
# so many octets behind it is the end of the statistical period
PERIOD_END = _at(
    (5, (1001,)),
    (9, (34,)),
    (15, (206,)),
    (17, (8, 42, 46, 62, 67, 72, 78, 82, 105, 106, 107, 110, 112, 114, 123, 126, 144, 147, 156, 158)),
    (18, (10, 91)),
    (19, (12,)),
    (20, (11, 43, 47, 63, 68, 73, 79, 83, 84, 85, 111, 127)),
    (21, (87, 90, 134, 135, 165, 178, 182, *range(184, 188))),
    (22, (151, 161, 167, 171, 173, 174, 175, 176, 200)),
    (26, (116, 118, 145, 149, 157, 159)),
    (27, (61,)),
    (29, (138,)),
    (30, (9,)),
    (33, (153, 155)),
    (35, (120, 122, 163, 189, 193, *range(195, 199), 202)),
    (47, (14,)),
    (51, (13,)),
)
# templates with a list: where it is counted, and how many octets each of it has
LISTS = {
    34: (22, 11), 53: (12, 2), 54: (12, 2), **dict.fromkeys((57, 58, 67, 68), (19, 5)), 91: (34, 12),
    **dict.fromkeys((113, 114, 115, 116), (16, 1)), 206: (22, 19),
}  # fmt: skip
WITHOUT_SURFACES = (32, 33, 34, 99, 100, 101, 102, 141, 142, 143, 204, 205, 206, 1000, 1001, 1002)
PROBABILITIES = (5, 9, 112, 119, 120, 121, 122, 123, 131, 136, 162, 163, *range(188, 199), 201, 202, 228)
AS_REFERRED = (20, 30, 31, 35)  # templates of radar and satellites: observed at the time of section 1
