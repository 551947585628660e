"""What WeeWX calls its quantities, in its archive and in the packets that it sends, and the units of its three systems.

Source: WeeWX, "Reference: units" and "archive types".
"""

# units of US, METRIC and METRICWX
SYSTEMS = {"1": 0, "16": 1, "17": 2}
_TEMPERATURE = ("[degF]", "Cel", "Cel")
_PRESSURE = ("[in_i'Hg]", "hPa", "hPa")
_SPEED = ("[mi_i]/h", "km/h", "m/s")
_RAIN = ("[in_i]", "cm", "mm")
_RATE = ("[in_i]/h", "10 mm/h", "mm/h")
_SAME = ("%",) * 3
ELEMENTS = {
    "outTemp": ("air_temperature", _TEMPERATURE, "mean"),
    "outHumidity": ("relative_humidity", _SAME, "mean"),
    "dewpoint": ("dew_point_temperature", _TEMPERATURE, "mean"),
    "barometer": ("air_pressure_at_mean_sea_level", _PRESSURE, "mean"),
    "pressure": ("air_pressure", _PRESSURE, "mean"),
    "altimeter": ("altimeter_setting", _PRESSURE, "mean"),
    "windSpeed": ("wind_speed", _SPEED, "mean"),
    "windDir": ("wind_from_direction", ("deg",) * 3, "mean"),
    "windGust": ("wind_speed_of_gust", _SPEED, "maximum"),
    "windGustDir": ("wind_gust_from_direction", ("deg",) * 3, "maximum"),
    "rain": ("precipitation_amount", _RAIN, "sum"),
    "rainRate": ("rainfall_rate", _RATE, "mean"),
    "radiation": ("surface_downwelling_shortwave_flux_in_air", ("W/m2",) * 3, "mean"),
    "UV": ("ultraviolet_index", ("1",) * 3, "mean"),
    "windchill": ("wind_chill_of_air_temperature", _TEMPERATURE, "mean"),
    "heatindex": ("heat_index_of_air_temperature", _TEMPERATURE, "mean"),
}
