"""Which quantity a column of a table that has no mapping holds, in which unit and by which method."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import islice, pairwise

from mesonet.domain import limits
from mesonet.domain.instant import DAY, duration
from mesonet.domain.mapping import MISSING_TOKENS, ProposedColumn
from mesonet.domain.parameter import STANDARD_NAMES, Parameter, parse, usual
from mesonet.domain.units import UnknownUnit, allowed_for, converter, dimension_of
from mesonet.domain.units import parse as parse_unit
from mesonet.formats import degrees
from mesonet.formats.compass import BEARINGS, letters_of
from mesonet.formats.tables.proposed_columns import (
    CALMS,
    FIRST,
    LONGEST,
    OF_AN_AREA,
    PERHAPS,
    SHOWN,
    TIMES,
    Column,
    Told,
    in_letters,
    is_sentinel,
    is_word_for_none,
    number_in,
    plainly,
    sentinels,
)
from mesonet.record import replace
from mesonet.regex import regex

LOWEST_AT_SEA = 940.0  # hPa: what never reaches it is no pressure at mean sea level
_LOW_AT_SEA = 965.0  # hPa: a column that never has more at mean sea level is of a storm's eye, or of a mountain
_STRONG = 0.9  # from this confidence on a name says it, whatever its unit
_BESIDE_A_UNIT = 0.82  # and below this says nothing without one
_MAY_BE = 0.75  # and here it is asked even so: a vehicle has a speed too, and `AT` may be an apparent temperature

# What a column is called: the first that fits holds, so the special stand before the general. Text is compared without accents,
# in small letters, words parted by single blanks: English, German, French, Spanish, Portuguese, Dutch; Japanese as it is.
LEFT_ALONE = regex(
    r"\b(qc|qf|flag|flags|quality|sq|q|std|st(?:d|andard)? ?dev\w*|std ?er\w*|sd\d*|sigma|variance|uncert\w*|num ?pts|source"
    r"|battery|bat|batt|volt|voltage|vdc|panel|ptemp|logger|board"
    r"|cr\d+x?"
    r"|in (?:temp|hum)\w*|indoor|inside|innen\w*|interieure?s?|interior|box|intern[ao]|binnen\w*|inne\w*|inomhus\w*|indend\w*"
    r"|sisa\w*|wewn\w*|vnitrni|uvnitr|\w*prob|probability|precip ?cover"
    r"|next|predicted|simulated|fcst|internal|case|enclosure|housing|cpu|device|inv\d*|inverter|mod|module|cell|refcell"
    r"|record|frequency|recnum|recnbr|rn|rssi|signal|unnamed|trend|tendency|change|normal|forecast"
    r"|count|anomaly|climo|depar|departure|offset|latitude|longitude|lat|lon|lng|elevation(?! correct)|altitude"
    r"|(?<!snow )(?<!precipitation )height|weather|wetter|code|(?:precip\w*|rain|cloud) type)\b"
    r"|室内"
    # rooms and waters, and what is no air
    r"|\b(greenhouse|pool|attic|basement|cellar|kitchen|bed ?room|bath ?room|living ?room|garage|(?<!met )office|fridge|freezer"
    r"|heater|gewachshaus|keller|dachboden|kuche|schlafzimmer|wohnzimmer|kuhlschrank|serre|grenier|cuisine|chambre|salon|piscine|cave"
    r"|invernadero|sotano|cocina|dormitorio|piscina|cucina|cantina|soggiorno|kelder|zolder|keuken|slaapkamer|woonkamer"
    r"|boiler|(?<!under )grass|globe|pavement|asphalt|sky|ir|object(?= temp)|sonic (?:\w+ )?temp\w*|temp\w* sonic"
    r"|subsurface)\b|^sensor temp|\bid$"
)
_QUANTITIES: tuple[tuple[str, float, str], ...] = (
    (
        "",
        0.0,
        r"\b(direct|diffuse|diffus\w*|net|netto|par|reflected|accumulat(ed|ion)|since|period)\b|precipitable|clear ?sky"
        r"|\btemp\w* (?:water|wasser|river|lake|stream|pond|pool|tank|ground|road|leaf)\b|\bsoil ?humid"
        r"|\b(?:virtual|potential|equivalent(?= (?:potential )?temp)|brightness|gradient|error|uncertainty|difference)\b"
        r"|\b(?:tilt(?:ed)?|inclined)\b"
        r"|\bgeneigt|set ?point|sollwert|consigne|\btemp\w* set\b(?! \d)|\bwind\w* dir\w* to\b"
        r"|\btemp\w* (?:de l |del |dell |d |da )?(?:eau|agua|acqua|wody|vody)\b|(?:vatten|vand|vann)temp|температур\w* воды"
        r"|\bleaf|\bblatt|foliar|mouillage|(?:strassen?|fahrbahn|belags?|vej|vag|vei)temp|nawierzchni|vozovk|carretera|chaussee"
        r"|(?:snow|ice) ?(?:surface ?)?temp|schneetemp|sn[oø]temp|temp\w* (?:de (?:la )?)?neige"
        r"|umidita (?:del |di )?(?:terreno|suolo)|wilgotnosc (?:gleby|gruntu)|влажност\w* почв|vlhkost pudy|土壤湿度|土壤水分"
        r"|humidite du sol|(?:mark|jord)fuk?[gk]t|toprak nem|bodemvocht"
        r"|\b(?:vlag[ae]|vlaznost\w*|umezeal\w*) (?:u |in |la |din )?(?:tla|tlu|zemlj\w*|sol\w*)\b"
        r"|الترب|خاک|मिट्टी|मृदा|ดิน|\btanah\b|\budongo\b|קרקע|[гґ]рунт|земљишт|talaj"
        r"|\b(?:ال)?(?:ماء|مياه)\b|\bsuhu (?:air|laut)\b|อุณหภูมิน"
        r"|محسوس|\bterasa\b|رطوبة (?:ال)?مطلق|سطح|permukaan|nhiet đo (?:đat|nuoc)"
        r"|\b(?:rh|humid\w*|moist\w*) soil\b|mixing ratio|depression|\bspread\b"
        r"|\b(?:abs(?:olut\w*)?\.?|speci\w*|spezifi\w*) (?:humid|(?:luft)?feucht|hum\b)"
        r"|\b(?:humid|humed|umid)\w* (?:abs|esp|spec)"
        r""
        r"|\brh ?t ?(?:max|min)\b|\brh ?(?:max|min) t\b"
        r"|\b[uvw] wind|\bwind [uvw]\b|\b(?:head|cross|tail) ?wind|\brelative? wind|\bwind component"
        r"|wind ?force|windstarke|beaufort|\bbft\b"
        r"|zonal|meridional",
    ),
    (
        "dew_point_temperature",
        0.95,
        r"dew ?p|taupunkt|이슬점|point de rosee|\brosee\b|rocio|orvalho|dauwpunt|露点|露點|точк\w* росы"
        r"|rugiada|punkt rosy|rosny bod|d[au]gg?punkt|kastepiste|ci[gy] noktas|σημειο δροσου|harmatpont"
        r"|точк\w* роси|тачк\w* росе|titik embun|ندى|شبنم|ओसांक|จุดน",
    ),
    ("dew_point_temperature", 0.85, r"\b(dwpf|dwpc|dewp|tdew|td|dp|d2m)\b"),
    (
        "wet_bulb_temperature",
        0.95,
        r"wet ?bulb|feuchttemperatur|bulbo (um|hum)|thermometre mouille|natte ?bol|湿球|\btwet\b"
        r"|bola basah|حرارة (?:ال)?(?:رطبة|مبلل)|ตุ้มเปียก",
    ),
    # of what is also short for humidity, in its unit
    ("wet_bulb_temperature", _BESIDE_A_UNIT, r"^(?:t ?hum|(?:t|temp) ?(?:humed[ao]|umid[ao]|humide|mouillee?))$"),
    (
        "sea_surface_temperature",
        0.95,
        r"\b(?:sst|wtmp)\b|sea (?:surf|temp)|water ?temp|wassertemp|temperatura del agua|temperatura da agua|水温",
    ),
    (
        "soil_temperature",
        0.95,
        r"(soil|boden|sol|suelo|solo|bodem|toprak)\w* ?temp|\b(?:mark|jord)(?:ens)? ?temp"
        r"|\btemp\w*\.? (?:du |del |do |de |della )?(?:sol|suelo|solo|terreno)\b|temperatura (?:gleby|gruntu)|teplota pudy"
        r"|температур\w* почв|土壤温度|toprak s[iı]cakl|maan lampotila|地中温度|地温|지면온도|지중온도"
        r"|^t (?:sol|suelo|solo)\b|\bsoil (?:\w+ )?temp|\btemp\w* (?:\d+ ?cm )?soil\b",
    ),
    (
        "volume_fraction_of_condensed_water_in_soil",
        0.9,
        r"soil ?(moist|water)|bodenfeuchte|\bvwc\b|humedad del suelo|umidade do solo",
    ),
    ("", 0.0, r"wind ?(run|samp\w*|tx)\b|\w time$"),
    ("", 0.0, r"humidex|feels|apparent|gefuhlt|ressenti|sensacion|sensacao|wind ?chill|heat ?index|体感"),
    ("surface_temperature", 0.9, r"surface temp|road temp|ground temp|oberflachentemp|地表温度|地面温度"),
    ("wind_gust_from_direction", 0.95, r"gust\w* ?(dir|azimuth|drct)"),
    (
        "wind_speed_of_gust",
        0.95,
        r"(?<!au)gust|\bboen?\b|windboe|spitzenboe|windspitze|spitzenwind|rafale|rafaga|racha|rajada|windstoot|最大瞬間"
        r"|\braffic|порыв|\bporyw|\bnaraz vetru|阵风|陣風|极大风速|vindkast|vindst[øo]d|vindst[øo]t|byvind|vindby"
        r"|puuska|windvlaag|ριπ"
        r"|порив|szellokes|hamlesi|\bgeng ?wind|순간풍속|돌풍",
    ),
    ("wind_speed_of_gust", 0.85, r"\b(raj|gst|wgst|wpgt|wndgst|peak wind)\b"),
    (
        "wind_from_direction",
        0.95,
        r"wind\w* ?(dir|from|azimuth|bearing|deg(?:ree)?s?\b)|windricht|風向|风向|풍향"
        r"|\b(?:direc\w*|dir\.?) (du |del |do |de |des )?v(iento|ento|ent)"
        r"|направлени\w* ветра|\bv(ento|iento|ent) direc|direzion\w* (del )?vento|kierunek wiatru|smer vetru|rumo d\w vento"
        r"|vindretning|vindriktning|tuulen suunta|διευθυνση (του )?ανεμου|ruzgar yon|szelirany"
        r"|напрям\w* вітру|directia vantului|arah angin|huong gio|smj?er vj?etra|\bvitr smer"
        r"|اتجاه (?:ال)?رياح|جهت باد|(?:हवा|पवन|वायु) (?:की )?दिशा|ทิศทางลม|mwelekeo wa upepo|כיוון ה?רוח|посока на вят"
        r"|смер ветра|tuule suund|veja virz|vejo krypt|vindatt",
    ),
    ("wind_from_direction", 0.85, r"\b(wdir|wd|wd\d+m|drct|dd|wnddir|dir ?\d+ ?m)\b|wdir"),
    (
        "wind_speed",
        0.95,
        r"wind ?(sp|vel)|windgeschw|vitesse (du |de |des )?vent|windsnelh|風速|风速|풍속|скорост\w* ветра"
        r"|velocida\w* (del |do |de )?v(iento|ento)|\bv(ento|iento) veloc|velocita (del )?vento|predkosc wiatru"
        r"|rychlost vetr[au]"
        r"|vindhast|middelvind|medelvind|tuulen nopeus|ταχυτητα (του )?ανεμου|ruzgar h[iı]z|szelsebesseg"
        r"|швидк\w* вітру|viteza vantului|vindstyrk|kecepatan angin|toc đo gio|brzina v[ij]*etra|hitrost vetra"
        r"|سرعة (?:ال)?رياح|سرعت باد|(?:हवा|पवन|वायु) (?:की )?(?:गति|वेग)|ความเร็วลม|kelajuan angin|kasi ya upepo|מהירות ה?רוח"
        r"|скорост на вят|брзина ветра|tuule kiirus|veja atr|vejo greit|vindhraði|የነፋስ ፍጥነት",
    ),
    ("wind_speed", 0.85, r"\b(wspd|sknt|wspeed|ws|ws\d+m|spd ?\d+ ?m|ff|wind|viento|vento|vent)\b|wspd"),
    ("", 0.0, r"\b(?:new|fresh) ?snow (?:swe|water)"),
    ("lwe_thickness_of_surface_snow_amount", 0.95, r"snow ?water (?:equiv|cont)|\b(?:swe|wteq|snow wc)\b"),
    ("thickness_of_snowfall_amount", 0.95, r"snow ?fall|\b(?:new|fresh) ?snow|neuschnee|neige fraiche|降雪"),
    (
        "surface_snow_thickness",
        0.95,
        r"snow ?(depth|height)|\bsnwd\b|schneehohe|epaisseur de neige|hauteur de neige|sneeuwhoogte|積雪|积雪|雪深|적설"
        r"|lumen ?syv|snodjup|sn[øo]dyb|snedyb|vyska snehu|snehova pokryvka|pokryw\w* sniez|wysokosc sniegu|высота снеж"
        r"|(?:espesor|altura|profundidad) de (?:la )?nieve|altura d[ae] neve|altezza (?:della |del )?neve|neve al suolo",
    ),
    (
        "lwe_precipitation_rate",
        0.9,
        r"(rain|precip\w*)\.? ?(rate|intens)|regenrate|(?:regen|niederschlags|regn|nedb[oø]rs)intens|niederschlagsrate"
        r"|(?:降水|降雨)[強强]度|интенсивност\w* осадк|intens\w* de (pluie|lluvia|chuva)",
    ),
    (
        "precipitation_amount",
        0.95,
        r"precip|niederschl|\brain|\bregen|pluie|lluvia|chuva|neerslag|降水|雨量|강수량|강우량|осадк|pioggia|\bopad|\bsrazk"
        r"|\buhrn sr"
        r"|nedb[øo]r|nederb[øo]rd|\bsade|βροχ|υετ|yag[iı]s|csapadek|опади|curah hujan|luong mua|padavin|oborin"
        r"|падавин|валеж|zrazk"
        r"|مطر|امطار|هطول|بارش|باران|वर्षा|बारिश|বৃষ্টি|ฝน|\bhujan\b|\bmvua\b|ዝናብ|גשם|משקעים|nokris|krituli|urkoma",
    ),
    ("precipitation_amount", 0.85, r"\b(prcp|prec|ppt|hpcp|rr|p01[im]|p01)\b"),
    (
        "duration_of_sunshine",
        0.95,
        r"sunshine|sonnenschein|zonneschijn|日照|일조|slunecni svit|uslonecznienie"
        r"|solskin|auringonpaiste|soleggiamento|stralucir|brillo solar|heliofania|h(?:oras|eures) de so(?:l|leil)\b",
    ),
    # the sun's hours in Romance languages; in English its energy, which the unit tells
    ("duration_of_sunshine", 0.85, r"insola(?:tion|cao|cion)"),
    ("surface_downwelling_shortwave_flux_in_air", 0.85, r"insola(?:tion|cao|cion)"),
    ("ultraviolet_index", 0.89, r"\buvi\b|\buv ?index\b|ultra ?violet (radiation )?index"),
    ("", 0.0, r"\buv\b|longwave|infrared|infrarot"),
    (
        "surface_downwelling_shortwave_flux_in_air",
        0.95,
        r"solar ?(rad|irr)|globalstrahl|global (horiz|rad|irr)|rayonnement global",
    ),
    (
        "surface_downwelling_shortwave_flux_in_air",
        0.9,
        r"radia\w* (solar|global)|\brad\.? sol|globale straling|日射|일사|\bghi\b|\bsrad\b|\bradn\b|global psp"
        r"|radiazion\w* (solar|global)|солнечн\w* радиац"
        r"|promieniowani|(?:globalni|slunecni) zareni|сонячн\w* радіац"
        r"|太阳辐射|总辐射|so(?:lar|nnen)(?:ein)?strahlung|globalstr[åa]l"
        r"|ηλιακη ακτινοβολια|sateily|gunes radyas",
    ),
    (
        "surface_downwelling_shortwave_flux_in_air",
        0.85,  # nothing but how it was worked out, or its unit, beside it: `solar` begins names of its angles, and of panels
        r"^(?:(?:avg|mean|max|min|hi|high|solar and uvi) )?solar(?: (?:avg|ave|average|mean|max|min|hi|high|\d+|w|wm2|w m2))*$",
    ),
    ("visibility_in_air", 0.95, r"visib|sichtweite|\bsicht\b|zicht\b|視程|能见度|видимость|widzialnosc|\bsiktdjup|nakyvyys"),
    ("visibility_in_air", 0.85, r"\b(vsby|vis)\b"),
    (
        "cloud_area_fraction",
        0.9,
        r"cloud ?cover|bewolkung|nebulosi|nubosi|bewolking|雲量|云量|운량|pilvien maara|pilvisyys|molnmangd|skyd[aeæ]kke"
        r"|zachmurz|oblacnost|облачност|nuvolosi",
    ),
    ("altimeter_setting", 0.95, r"altimeter|\baltim?\b|\bqnh\b"),
    (
        "air_pressure_at_mean_sea_level",
        0.95,
        r"\bp?mslp?\b|\bslp\b|\bqff\b|sea ?level|nivel (medio )?(del|do) mar|(?:niveau|pression) (?:de (?:la )?)?mer\b"
        r"|\bslm\b|luftdruck nn\b|press\w* (?:redui|reduc|reduz|ridott)|reduzierter (?:luft)?druck"
        r"|해면기압|meeres|zeeniveau"
        r"|海面|海平面"
        r"|livello del mare"
        r"|уровн\w* моря|poziom\w* morza|hladin\w* more|havs?niva|havoverfla|merenpin|σταθμη\w* (τησ )?θαλασσασ|deniz sev"
        r"|tengerszint",
    ),
    ("", 0.0, r"vapou?r ?pressure|dampfdruck|vpd"),
    (
        "air_pressure_at_mean_sea_level",
        0.85,
        r"\brel(ative)?\.? (press|baro|druck|luftdruck)|relativer luftdruck|(?:pressure|druck) rel(?:ative|\b)",
    ),
    (
        "air_pressure",
        0.9,
        r"\babs(olute)?\.? (press|baro|druck|luftdruck)|absoluter luftdruck|(?:pressure|druck) abs(?:olute|\b)",
    ),
    (
        "air_pressure",
        0.95,
        r"station ?press|\bqfe\b|press\w* (at )?station|nivel da estacao|nivel de la estacion|luftdruck auf station|現地"
        r"|현지기압"
        r"|本站|poziomie stacji|tlak na stanici|уровне станции",
    ),
    (
        "pressure",
        0.9,
        r"press|presion|druck|baro|\bpres\b|luchtdruk|気圧|기압|气压|氣壓|давлени|cisnieni|\btlak\b|\bbp\b|^bar$|lufttryc?k|ilmanpaine|πιεση"
        r"|bas[iı]nc|legnyomas|\bтиск\b|\bpresiune|\btekanan\b|ap suat"
        r"|налягане|притис|\bpritis[ak]|ضغط|فشار|वायुदाब|ความกดอากาศ|shinikizo|לחץ|ohurohk|spiediens|slegis",
    ),
    (
        "relative_humidity",
        0.95,
        r"humid|humed|feucht|umidade|vochtig|湿度|습도|溼度|濕度|влажност|umidita|wilgotn|vlhkost"
        r"|fuktighet|fugtighed|kosteus|υγρασια|\bnem\b|paratartalom|вологіст|kelembab|kelembap|đo am|\bwilg\b"
        r"|umezeal|\bvlag[ae]\b|vlaznost"
        r"|humitat|رطوب|आर्द्रता|नमी|আর্দ্রতা|ความชื้น|unyevu|እርጥበት|\bלחות|ohuniisk|\bmitrums|dregme",
    ),
    ("relative_humidity", 0.85, r"\b(relh|rh\d?|rh2m|rhum|hr|ur|hum)\b"),
    (
        "air_temperature",
        0.95,
        r"air ?temp|lufttemp|dry ?bulb|bulbo seco|temp\w* (de l )?air|temp\w* d[eo] aire?|luchttemp|気温|气温|氣溫|기온"
        r"|температур\w* воздуха|teplota vzduchu|temperatura powietrza|ilman lampotila|θερμοκρασια αερα|hava s[iı]cakl"
        r"|\b(?:aussen|buiten|ute|udend|ulko)\w*temp|legho|lampotila",
    ),
    (
        "air_temperature",
        0.9,
        r"\btemp(erature|eratur|eratura|eratuur|erat)?\b|temperatur|temperatuur|температур|温度|溫度|\bteplota\b|θερμοκρασια"
        r"|s[iı]cakl[iı]k|homerseklet|\bsuhu\b|nhiet đo|온도"
        r"|حرارة|\bدما|तापमान|तापक्रम|তাপমাত্রা|อุณหภูมิ|\b(?:hali)?joto\b|ሙቀት|טמפרטור|\b(?:loft)?hiti\b",
    ),
    (
        "air_temperature",
        0.85,
        r"\b(t air|tmpf|tmpc|t2m"
        r"|tdry|tdb|dbt|t out|atmp|tave|tavg|tmean|tmed(?:ia)?|tmoy|tmin|tmax|tobs|tx|tn"
        r"|maxt|mint|meant|ta\d?|tair|air ?t|air ?t[cf]|temp[fc]|t ?\d+ ?m)\b",
    ),
    ("air_temperature", _BESIDE_A_UNIT, r"^(?:t|temp) ?(?:sec|sec[ao]|seche)$"),  # of the dry bulb
    # short for several things, so that a unit has to say which
    (
        "air_temperature",
        _BESIDE_A_UNIT,
        r"\btmp\b|^(?:(?:max|min|avg|mean|povp|sr)\.? )?(?:\d+(?:\.\d+)? ?m )?t(?: (?:avg|ave|mean|max|min|\d+ ?m))*$"
        r"|^(?:celsius|fahrenheit)$",
    ),
    ("volume_fraction_of_condensed_water_in_soil", _BESIDE_A_UNIT, r"^wc\b"),  # of Campbell's CS616 and CS650
    ("wind_speed", _BESIDE_A_UNIT, r"^(max\.? )?wv$|^vw\d?$"),
    ("wind_from_direction", _BESIDE_A_UNIT, r"^dw\d?$"),  # MeteoIO's names
    ("surface_downwelling_shortwave_flux_in_air", _BESIDE_A_UNIT, r"^iswr\d?$"),
    ("pressure", _BESIDE_A_UNIT, r"^p\b"),
    ("air_temperature", _MAY_BE, r"\b(at|lt)\b"),
    ("dew_point_temperature", _BESIDE_A_UNIT, r"\bdew\b"),
    ("relative_humidity", _BESIDE_A_UNIT, r"\b(rf|hmd|hd|umi)\b|^u$"),
    ("precipitation_amount", _BESIDE_A_UNIT, r"\b(rnf|ns|rf)\b"),
    ("wind_speed_of_gust", _BESIDE_A_UNIT, r"\b(wng|wg max)\b"),
    ("wind_speed", _BESIDE_A_UNIT, r"\b(wns|wg)\b"),
    ("wind_speed", _MAY_BE, r"^speed$"),
    ("wind_from_direction", _BESIDE_A_UNIT, r"\b(wnd|wr)\b"),
    ("wind_from_direction", _MAY_BE, r"^dir(ection)?( true)?$"),
    ("wind_from_direction", _BESIDE_A_UNIT, r"^(wind|vent|vento|viento|vind|vitr|veter)$"),
    (
        "surface_downwelling_shortwave_flux_in_air",
        _BESIDE_A_UNIT,
        r"^(rs|rg|radia(?:tion|cion|cao|zione)|rayonnement|strahlung)$",
    ),
    ("air_temperature", _MAY_BE, r"^(high|low|max|min|maximum|minimum)$"),
    ("surface_downwelling_shortwave_flux_in_air", _BESIDE_A_UNIT, r"\bsrd\b"),
)
_MATCHING = tuple((name, confidence, regex(pattern)) for name, confidence, pattern in _QUANTITIES)
METHODS = (
    (
        "maximum",
        regex(
            r"\b(max|maximum|maxima|maximal\w*|maks\w*|massim[ao]|hochst\w*|hoyeste|hogsta|hi(?= \w)|high|highest"
            r"|tmax|maxt|tx|mx|wspdx"
            r"|suurin|ylin|макс\w*|μεγιστ\w*"
            r"|najvi\w*|najvec\w*|legmagasabb|tertinggi)\b"
            r"|عظم|قصوى|حداکثر|अधिकतम|সর্বোচ্চ|สูงสุด|cao nhat|найви|највиш|מקסימ|ከፍተኛ"
            r"|最高|最大(?!瞬間)|최고|최대(?!순간)"
        ),
    ),
    (
        "minimum",
        regex(
            r"\b((?<!\d )(?:min|mn)|minimum|minima|minimal\w*|minimi|minim[ao]|tiefst\w*|laveste|lagsta|low|lowest"
            r"|tmin|mint|tn|pienin|alin"
            r"|миним\w*|ελαχιστ\w*"
            r"|najni\w*|legalacsonyabb|terendah)\b"
            r"|صغر|دنيا|حداقل|न्यूनतम|সর্বনিম্ন|ต่ําสุด|thap nhat|мінім|найни|најниж|מינימ|ዝቅተኛ"
            r"|最低|最小|최저|최소"
        ),
    ),
    (
        "mean",
        regex(
            r"\b(avg|ave|av|wspdv|meant|med|moy|prom|mean(?! sea)|average|mittel|mittlere|moyen|moyenne|media"
            r"|medio(?! d[eo]l? mar)|promedio"
            r"|gemiddeld\w*|povp\w*|tavg|tmed(?:ia)?|tmoy"
            r"|tmean|tave|arith|keskiarvo|middel|gjennomsnitt\w*|medel\w*|sredni\w*|prumer\w*|средн\w*|ortalama|atlag|μεσ[ηο]\w*"
            r"|rata rata|wastani|trung binh|srednj\w*|prosj?e[ck]\w*|просеч\w*|середн\w*|medie)\b"
            r"|متوسط|معدل|میانگین|औसत|গড়|เฉลี่ย|ממוצע|አማካይ|平均|평균"
        ),
    ),
    ("sum", regex(r"\b(sum|total|tot|summe|somme|suma|soma|totaal)\b|合計")),
)
_SUMS = ("precipitation_amount", "thickness_of_snowfall_amount", "duration_of_sunshine")
_AS_THEY_ARE = ("surface_snow_thickness", "lwe_thickness_of_surface_snow_amount")  # measured once, whatever the interval
_STATED = regex(
    r"(?<![\d.,])(\d{1,3})[ -]?(?:(min(?:ute)?n?s?|mn|h(?:rs?|ours?|eures?|oras?)?|std|t)(?![^\W\d_])|(分钟|分間?|小时|時間))"
)
_HOURLY = regex(
    r"\b(hourly|stundlich\w*|horai?r[ei]\w*|horari[ao]|orari[ao]|last hour|per hour|hour(?= rain| precip)"
    r"|(?<=rain )h(?:ou)?r|(?<=pluie )heure|(?<=lluvia )hora|(?<=chuva )hora|(?<=regen )stunde)\b|小时"
)
_DAILY = regex(
    r"\b(daily|day|today|since|tages\w*|quotidien\w*|diari[ao]|hourly total|event|storm|month\w*|year\w*"
    r"|heute|seit|depuis|desde|sinds|sedan|siden|dobow\w*|denni\w*|суточн\w*|сутки|daglig\w*|dagn\w*|dygn\w*|gunluk"
    r"|tag|monat|jahr|woche|jour|mois|annee|dia|hoy|giorn\w*|oggi|mese|dag|vandaag|maand|jaar"
    r"|ytd|annual|season\w*|week\w*|acum\b|daysum\w*|accum\b(?! (?:one|\d))"
    r"|acumulad[ao]|cumul\w*|kumul\w*)\b|日(?=降|雨|照|累)|当日|今日|本日|^일 ?(?=강수|평균|최)"
)
_COUNTED = regex(
    r"^total (rain|precip)|(rain\w*|precip\w*) total$|niederschl\S* abs|abs\S* niederschl"
    r"|(?:rain\w*|precip\w*)(?: amount| quantity)? abs"
)
_LEVEL = regex(r"(?:^|[\s@_(]|\b(?:w[sd]|spd|dir))(\d+(?:\.\d+)?)\s?(cm|m|ft)\b")
_INCHES = regex(r"(?:^|[\s@(-])(\d{1,3}(?:\.\d+)?) ?(?:in|inch|inches|\")(?![^\W_])")  # depths in the soil
_INCH = 0.0254
_METRES = {"cm": 0.01, "m": 1.0, "ft": 0.3048}
_SUFFIXES = {
    "temperature": {"f": "degF", "degf": "degF", "c": "Cel", "degc": "Cel", "k": "K", "celsius": "Cel", "fahrenheit": "degF"},
    "pressure": {"hpa": "hPa", "mb": "mbar", "mbar": "mbar", "kpa": "kPa", "pa": "Pa", "inhg": "inHg", "mmhg": "mmHg"},
    "speed": {
        "ms": "m/s",
        "mps": "m/s",
        "mph": "mph",
        "kn": "kt",
        "kt": "kt",
        "kts": "kt",
        "knots": "kt",
        "kmh": "km/h",
        "kph": "km/h",
    },
    "depth": {"mm": "mm", "in": "in", "cm": "cm", "inch": "in", "inches": "in"},
    "fraction": {"pct": "%", "percent": "%"},
    "irradiance": {"kwm2": "kW/m2", "wm2": "W/m2", "w": "W/m2"},
    "length": {"km": "km", "mi": "mi", "miles": "mi", "ft": "ft"},
    "angle": {"deg": "deg", "grad": "deg", "rad": "rad"},
}
# The whole name says it: these are IEM's, whose units are fixed (https://mesonet.agron.iastate.edu, ASOS download)
_FIXED = {"tmpf": "degF", "dwpf": "degF", "tmpc": "Cel", "dwpc": "Cel", "sknt": "kt", "drct": "deg", "p01i": "in", "p01m": "mm"}
_FIXED |= {"gust drct": "deg", "gust sknt": "kt", "alti": "inHg", "vsby": "mi", "relh": "%"}
_MEANS_OF_DAYS = ("wspd", "pres", "wdir")  # Meteostat's days have means of these


# Quantities -----------------------------------------------------------------------------------------------------------


TENTHS = "0.1 "
type Meant = tuple[str, str] | tuple[str, str, str]  # standard name, unit, and a number that means less than the least


def has_decimals(column: Column) -> bool:
    return column.numeric and not all(map(float.is_integer, column.numbers))


def documented(column: Column, told: Told, meant: Meant, who: str, *, converted: bool) -> ProposedColumn:
    """A column of a header that its publisher explains; `converted` where one in tenths has decimals, so that whoever kept the
    file has changed them all."""
    name, unit, *traces = meant
    if not column.numeric:
        return ProposedColumn(column=column.name, confidence=0.0, reason="")
    if converted and unit.startswith(TENTHS):
        asked = f"the header is that of {who}, in {unit}, but there are decimals: is it {name} in {unit.removeprefix(TENTHS)}?"
        return ProposedColumn(column=column.name, confidence=0.5, reason=asked)
    if told.interval == DAY and column.plain in _MEANS_OF_DAYS:
        parameter: Parameter | None = usual(name, "mean", duration(DAY))
        asked = ""
    else:
        parameter, asked = _parameter(replace(column, unit=unit) if _ENERGY.match(unit) else column, name, told)
    if parameter is None:
        return ProposedColumn(column=column.name, confidence=0.5, reason=asked, unit=unit)
    reason = f"the header is that of {who}, in {unit}"
    trace = next((each for each in traces if float(each) in column.numbers), "")
    reason += f"; {trace} is less than the least, and taken as 0" if trace else ""
    return ProposedColumn(column=column.name, confidence=0.9, reason=reason, parameter=parameter.id, unit=unit, trace=trace)


def unit_by_humidity(columns: Sequence[Column], decimal: str = ".") -> str | None:
    """The unit of temperature in which the columns of temperature, dew point and humidity say the same; None where there are
    not three such columns, or where they agree in neither."""
    found: dict[str, list[Column]] = {}
    for column in columns:
        if column.numeric and column.unit is None and not LEFT_ALONE.search(column.plain):
            found.setdefault(quantity(column.plain)[0], []).append(column)
    names = ("air_temperature", "dew_point_temperature", "relative_humidity")
    if any(len(found.get(name, ())) != 1 for name in names):
        return None
    rows = zip(*(found[name][0].texts for name in names), strict=False)
    numbers = [
        (t, d, u)
        for row in islice(rows, TIMES)
        for t, d, u in [[number_in(text, decimal) for text in row]]
        if t is not None and d is not None and u is not None
    ]
    return degrees.by_humidity(numbers, least=FIRST)


def whole_rain(columns: Sequence[Column]) -> bool:
    """Whether rain of an untold unit is in whole numbers, of mm or of tenths of them; 0.00 and a trace are of inches."""
    rain = [each for each in columns if each.numeric and not each.unit and quantity(each.plain)[0] == "precipitation_amount"]
    return any(not any("." in text or "," in text or text.strip() == "T" for text in each.texts) for each in rain)


def of_one_unit(columns: Sequence[Column]) -> Iterator[Column]:
    """Columns with the numbers of those beside them that are in the same unit: the maximum, the minimum and the mean of one
    quantity, where no name tells its own."""
    found: dict[str, dict[str, list[Column]]] = {}
    for column in columns:
        if column.numeric and column.unit is None and not LEFT_ALONE.search(column.plain):
            name = quantity(column.plain)[0]
            if name and not _suffix(column.plain, name) and column.plain not in _FIXED:
                found.setdefault(name, {}).setdefault(method_of(column.plain), []).append(column)
    together = [
        [column for (column,) in methods.values()]
        for methods in found.values()
        if len(methods) > 1 and all(len(each) == 1 for each in methods.values())
    ]
    beside = {column.at: group for group in together for column in group}
    for column in columns:
        numbers = [number for each in beside.get(column.at, ()) for number in each.numbers if not is_sentinel(number)]
        yield replace(column, beside=numbers) if numbers else column


def with_directions(columns: Sequence[Column]) -> Iterator[Column]:
    """Columns of which one that is called a direction, and no more, is that of the wind whose speed is beside it, unless
    another is."""
    called = [each for each in columns if each.plain.removesuffix(" deg").rstrip(".") in _DIRECTIONS]
    others = {quantity(each.plain, each.unit)[0] for each in columns if called and each.numeric and each not in called}
    blows = "wind_speed" in others and "wind_from_direction" not in others
    for column in columns:
        yield replace(column, plain=f"wind dir {column.plain}") if blows and column in called else column


_DIRECTIONS = frozenset(
    (
        *("dir", "direction", "direccion", "direcao", "direzione", "direktion", "richtung", "richting", "riktning", "retning"),
        *("suunta", "kierunek", "smer", "smjer", "yon", "irany", "directia", "направление", "напрямок", "посока", "смер"),
    )
)


def proposed(column: Column, told: Told) -> ProposedColumn:
    nothing = ProposedColumn(column=column.name, confidence=0.0, reason="")
    asked = partial(replace, nothing, confidence=0.5)
    if not column.numeric and (letters := _points_of_several_languages(column)):
        return asked(reason=letters)
    if not column.numeric or len(column.name) > LONGEST or LEFT_ALONE.search(column.plain):
        return nothing
    if (column.unit and column.unit.strip() == "") or not column.plain:
        return nothing
    name, confidence, reason = quantity(column.plain, column.unit)
    if not name or (confidence <= _BESIDE_A_UNIT and not column.unit and not _suffix(column.plain, name)):
        return nothing
    column = replace(column, numbers=[number for number in column.numbers if not is_sentinel(number)] or column.numbers)
    if name == "precipitation_amount" and told.interval == DAY and (fell := _A_DAY.fullmatch(column.unit or "")):
        column = replace(column, unit=fell[1])
    elif name == "precipitation_amount" and _is_rate(column.unit):
        name = "rainfall_rate" if "rain" in column.plain else "lwe_precipitation_rate"
    either, weak = name == "pressure", confidence <= _MAY_BE
    name = "air_pressure" if either else name
    unit, sure, why = _unit(column, name, told)
    if not unit:
        return asked(reason=why)
    parameter, question = _parameter(column, name, told)
    if parameter is None:
        return asked(reason=question, unit=unit)
    known = limits.of(parameter).possible
    plausible = _plausible(parameter, unit)
    numbers = [number for number in column.numbers if number not in PERHAPS or plausible(number)] or column.numbers
    low, high = sorted(map(converter(unit, name), (min(numbers), max(numbers))))
    if known and not (known[0] <= low and high <= known[1]):
        question = f"{min(column.numbers):g} to {max(column.numbers):g} {unit} cannot all be {name}: is it another unit?"
        return asked(reason=question, parameter=parameter.id, unit=unit)
    if name == "air_pressure_at_mean_sea_level" and high < _LOW_AT_SEA:
        return asked(reason=f"never above {high:g} hPa: is it the pressure at the station (air_pressure)?", unit=unit)
    if either and high >= LOWEST_AT_SEA:
        question = "is it the pressure at the station (air_pressure) or at mean sea level (air_pressure_at_mean_sea_level)?"
        return asked(reason=question, unit=unit)
    return ProposedColumn(
        column=column.name,
        confidence=min(confidence, sure),
        reason=f"{reason}; {why}"
        + (f"; {column.compass} are north, east, south and west" if column.compass else "")
        + ("; too low for mean sea level" if either else "")
        + (": is it?" if weak else ""),
        parameter=parameter.id,
        unit=unit,
        compass=column.compass,
    )


def _points_of_several_languages(column: Column) -> str:
    """What to ask of directions in letters that are of others in another language, or are mixed, "" where there are none."""
    if quantity(column.plain)[0] != "wind_from_direction":
        return ""
    given = {text.strip().upper() for text in column.texts}.difference((*MISSING_TOKENS, *CALMS))
    others = given.difference(BEARINGS)
    languages = letters_of(given, column.plain) or letters_of(others, column.plain) if others else []
    if not languages:
        return ""
    points = ", ".join(sorted(others)[:4])
    return f"{points}: in which letters are north, east, south and west written, as `compass`: {' or '.join(languages)}?"


def _plausible(parameter: Parameter, unit: str) -> Callable[[float], bool]:
    """Whether a number in this unit may be of this parameter."""
    told, convert = limits.of(parameter), converter(unit, parameter.standard_name)
    known = told.plausible or told.possible
    return lambda number: known is None or known[0] <= convert(number) <= known[1]


def may_be(number: float, found: ProposedColumn) -> bool:
    """Whether a number may be a value of what a column was found to be."""
    if not found.parameter or found.unit is None:
        return True
    return _plausible(parse(found.parameter), found.unit)(number)


def absent(column: Column, found: ProposedColumn, decimal: str) -> Iterator[tuple[str, int]]:
    """Texts of a column that stand for missing values of what it was found to be; and how often each comes where it may be a
    value all the same, 0 where it may not."""
    yield from ((text, 0) for text in {text.strip() for text in column.texts} if is_word_for_none(text))
    for text in sentinels(column, decimal, lambda number: may_be(number, found)):
        number = number_in(text, decimal)
        may = number is not None and may_be(number, found)
        yield text, max(sum(each.strip() == text for each in column.texts), 1) if may else 0
    if found.unit == "deg" and in_letters(column):
        yield from ((text, 0) for text in {text.strip() for text in column.texts} if text.upper() in CALMS)


def _is_rate(unit: str | None) -> bool:
    """Whether it is a depth per time."""
    try:
        return unit is not None and converter(unit, "rainfall_rate").unit == "mm/h"
    except UnknownUnit:
        return False


def quantity_of(name: str) -> tuple[str, float]:
    """The standard name that a name means, "" where none is known, and how sure it is; `pressure` where it may be either."""
    return quantity(plainly(name))[:2]


def method_of(name: str) -> str:
    """The method that words of a name say, "" where they say none."""
    return next((method for method, pattern in METHODS if pattern.search(plainly(name))), "")


@lru_cache(1_000)
def quantity(plain: str, unit: str | None = None) -> tuple[str, float, str]:
    """What a name says; a weak word for what a known unit cannot be of says nothing."""
    plain = _OF_MEMBERS.sub(" ", plain)
    for name, confidence, pattern in _MATCHING:
        if match := pattern.search(plain):
            rate = name == "precipitation_amount" and _is_rate(unit)
            if name and confidence < _STRONG and unit and not rate and _is_of_another(unit, name):
                continue
            return name, confidence, f"{match[0].strip()!r} is {name.replace('_', ' ')}"
    return "", 0.0, ""


def _is_of_another(unit: str, name: str) -> bool:
    try:
        parse_unit(unit)
    except UnknownUnit:
        return False
    try:
        converter(unit, name)
    except UnknownUnit:
        return True
    return False


def _unit(column: Column, name: str, told: Told) -> tuple[str | None, float, str]:
    """The unit, how sure it is, and why; or None and the question."""
    if (energy := _power(column.unit, told)) and dimension_of(name) == "irradiance":
        return energy, 0.95, f"in {column.unit}, over {duration(told.interval or 0)}"
    if column.unit in _SHARES and dimension_of(name) == "fraction" and max(column.numbers) <= _MOST_OF_A_SHARE:
        return "1", 0.95, "as a share of 1"
    if column.unit and not (column.unit in _INCHES_OF_MERCURY and dimension_of(name) == "pressure"):
        for spelling in (column.unit, column.unit.rpartition(",")[2].strip()):
            try:
                converter(spelling, name)
            except UnknownUnit:
                continue
            return spelling, 0.95, f"in {spelling}"
        return None, 0.0, f"is {column.unit[:SHOWN]!r} its unit? It is none of {name}'s: {', '.join(_usual(name)[:8])}"
    if column.plain == "alti" and len(column.numbers) > 2 and len({*column.numbers}) == 1:
        return None, 0.0, "is it the altimeter setting, or the station's altitude?"
    if column.plain in _FIXED:
        return _FIXED[column.plain], 0.9, f"which is in {_FIXED[column.plain]}"
    dimension = dimension_of(name) or ""
    if suffix := _suffix(column.plain, name):
        return suffix[0], 0.9, f"and ends in {suffix[1]!r}"
    low, high = min(column.numbers), max(column.numbers)
    fits = _fitting(name, dimension, [*column.numbers, *column.beside], told)
    if dimension == "temperature" and told.by_humidity in fits:
        return told.by_humidity, 0.85, f"in {told.by_humidity}, in which temperature, dew point and humidity agree"
    if len(fits) == 1:
        return fits[0], 0.85, f"{low:g} to {high:g} can only be {fits[0]}"
    units = fits or _USUAL.get(dimension) or _usual(name)[:6]
    return None, 0.0, f"{name}, {low:g} to {high:g}: in which unit? {', '.join(units)} are possible"


def _power(unit: str | None, told: Told) -> str | None:
    """The unit of a flux of which rows have what fell in an hour or a day on an area."""
    fell = OF_AN_AREA.fullmatch(unit.strip()) if unit else None
    return _POWERS.get((fell[1].lower(), fell[2], told.interval)) if fell and told.interval else None


def _usual(name: str) -> list[str]:
    """The units of a quantity; eighths are of the sky alone."""
    return [unit for unit in allowed_for(name) if unit != "[okta]" or name == "cloud_area_fraction"]


def _suffix(plain: str, name: str) -> tuple[str, str] | None:
    """The unit of a quantity in which its name ends, and that end; None where it ends in none."""
    dimension = dimension_of("air_pressure" if name == "pressure" else name) or ""
    _, *words = plain.split()
    if len(words) > 1 and words[-1] in _PROCESSES:  # WS_ms_Avg
        words.pop()
    known = _SUFFIXES.get(dimension, {})
    least = plain.endswith("min")  # which is no inch
    glued = next((end for end in known if len(end) > 1 and plain.endswith(end) and not least), "")  # windspeedmph
    stem = plain.removesuffix(glued).rpartition(" ")[2]
    if glued and len(stem) >= _A_WORD and quantity(stem)[0] in (name, "pressure"):
        return known[glued], glued
    two = "".join(words[-2:])  # wind_avg_m_s
    end = two if len(words) > 1 and two in _OF_TWO else "".join(words[-1:])
    return (known[end], end) if end in known else None


_PROCESSES = ("avg", "ave", "mean", "max", "min", "tot", "smp")
_INCHES_OF_MERCURY = ("in", "inch", "inches")  # as consoles and services of America write
_A_WORD = 4  # letters
_OF_TWO = ("ms", "kmh", "wm2", "inhg", "mmhg")  # suffixes that are parted in names which have an underscore for each sign
_AN_HOUR = DAY // 24
_POWERS = {
    **{("mj", "m", DAY): "MJ/m2/d", ("kj", "m", DAY): "0.001 MJ/m2/d", ("j", "cm", DAY): "J/cm2/d"},
    **{("mj", "m", _AN_HOUR): "1000 kJ/m2/h", ("kj", "m", _AN_HOUR): "kJ/m2/h", ("j", "m", _AN_HOUR): "J/m2/h"},
    **{("j", "cm", _AN_HOUR): "J/cm2/h"},
}
_SHARES = frozenset(
    ("-", "–", "[-]", "0-1", "0..1", "ratio", "frac")
)  # units of what is 1 at most, beside those that are known
_MOST_OF_A_SHARE = 1.1  # a sensor's 105 % may be one
_OF_MEMBERS = regex(r"(?<=\w)\.(?=[^\W\d])")  # wind.deg
_ENERGY = regex(r"(?i)^(?:\d[\d.]* ?)?(?:[kM]?J|Ly|langley|k?Wh)\b")  # of a day, where it is of an area
_A_DAY = regex(r"(mm|cm|in(?:ch(?:es)?)?) ?(?:(?:/|per|\.) ?d(?:ay)?|d(?:ay)?-1)")  # an amount, of rows of days
_A_YEAR_NEARLY = 300 * DAY
_STANDING = 8  # numbers above nought that hardly fall: as many as a night has hours
_TENTHS = 10  # of the sky: a column of cloud that has no more is hardly of %
_COLDEST = -60
_USUAL = {
    "speed": ["m/s", "kt", "mph", "km/h"],
    "depth": ["mm", "in"],
    "rate": ["mm/h", "in/h"],
    "length": ["m", "km", "mi"],
    "temperature": ["Cel", "degF", "K", "tenths of degC"],
}


def _fitting(name: str, dimension: str, numbers: Sequence[float], told: Told) -> list[str]:
    """Units in which the values can be what they are said to be; [] where that can never be told from values."""
    low, high = min(numbers), max(numbers)
    match dimension:
        case "temperature":
            found = [
                unit
                for unit, least, most in (("Cel", _COLDEST, 55), ("degF", -76, 131), ("K", 200, 330))
                if least <= low and high <= most
            ]
            # where no day in most of a year was above 10 degF, nobody lives, nor does a station for long
            if found == ["Cel", "degF"] and told.span >= _A_YEAR_NEARLY and 10 < high <= 50:
                return ["Cel"]
            # a summer's 215 and 230 may be 21.5 and 23 Cel, a winter's 64 and -12 (GHCN) 6.4 and -1.2
            tenths = found == ["K"] or (found == ["degF"] and (told.whole_rain or low < _COLDEST))
            if tenths and all(map(float.is_integer, numbers)):
                return [*found, "tenths of degC"]
            return found
        case "fraction":
            eighths = name == "cloud_area_fraction" and high <= _TENTHS
            return ["%"] if 1.5 < high <= 115 and low >= -3 and not eighths else []
        case "angle":
            return ["deg"] if 36 < high <= 360 and low >= 0 else []
        case "pressure":
            spans = (("hPa", 830, 1100), ("kPa", 50, 110), ("Pa", 50_000, 110_000), ("inHg", 20, 32.5))
            return [unit for unit, least, most in spans if least <= high <= most and low >= least * 0.6]
        case "irradiance":
            return ["W/m2"] if high > 150 else []
    return ["1"] if name == "ultraviolet_index" and high <= 20 else []


def _parameter(column: Column, name: str, told: Told) -> tuple[Parameter | None, str]:
    """What exactly the column is; or None and a question."""
    usual = STANDARD_NAMES[name][1]
    level = _level(column, name, usual)
    stated = _stated(column.plain)
    over = stated or (told.interval if told.monthly or not _is_a_month(told.interval) else None)
    if not stated and over and over < DAY and _is_rare(column.texts):
        over = None
    if name in _SUMS and not stated and _HOURLY.search(column.plain) and told.interval and told.interval != _AN_HOUR:
        return None, "is it the sum of the last hour, or since the hour began?"
    methods = [method for method, pattern in METHODS if pattern.search(column.plain)]
    if methods[:2] == ["maximum", "minimum"]:
        return None, "is it the maximum or the minimum?"
    method = next(iter(methods), None)
    daily = told.interval is not None and told.interval >= DAY
    if method and _DAILY.search(column.plain) and not daily:
        return None, f"is it the {method} since the row before, or since midnight or another moment?"
    if name in _AS_THEY_ARE:
        return Parameter(standard_name=name, level=level), ""
    if name in _SUMS:
        if name == "precipitation_amount" and column.plain in ("p01i", "p01m", "p01"):
            return Parameter(standard_name=name, level=level, method="sum", duration="PT1H"), ""
        if over is None:
            return None, f"{name} over which time?"
        counted = _DAILY.search(column.plain) or _COUNTED.search(column.plain)
        if (counted and not daily) or _counts_up(column.numbers):
            return None, f"is it the {name} since the row before, or since midnight or another moment?"
        return Parameter(standard_name=name, level=level, method="sum", duration=period(over)), ""
    if name.endswith("from_direction") and method in ("maximum", "minimum"):
        return None, "" if _DAILY.search(column.plain) else f"the direction of the {method} of the wind speed, or of what?"
    if method in ("maximum", "minimum", "mean", "sum"):
        if over is None or method == "sum":
            return None, f"a {method} over which time?"
        return Parameter(standard_name=name, level=level, method=method, duration=period(over)), ""
    if over and (daily or stated) and name == "wind_speed_of_gust":
        return Parameter(standard_name=name, level=level, method="maximum", duration=period(over)), ""
    if stated:
        return None, f"is it the mean, the maximum or the minimum over {duration(stated)}, or the value at the time?"
    if (
        told.interval
        and column.unit
        and "flux" in name
        and (_power(column.unit, told) or (daily and _ENERGY.match(column.unit)))
    ):
        return Parameter(standard_name=name, level=level, method="mean", duration=duration(told.interval)), ""
    if daily:
        time = "month" if told.monthly else "day"
        return None, f"one {name} a {time}: is it the mean of the {time}, or the value of an hour?"
    return Parameter(standard_name=name, level=level), ""


def _is_rare(texts: Sequence[str]) -> bool:
    """Whether most rows lack it, as those between the mornings on which a gauge is read: their interval is not its own."""
    return 0 < 2 * sum(text.strip() not in MISSING_TOKENS for text in texts) < len(texts)


def _is_a_month(interval: int | None) -> bool:
    return interval is not None and 28 * DAY <= interval <= 31 * DAY


def period(over: int) -> str:
    """A duration as ISO 8601; steps of 28 to 31 days are taken for one only where they are months (`Told.monthly`)."""
    return "P1M" if _is_a_month(over) else duration(over)


def _stated(plain: str) -> int | None:
    """Over which time a name says that it is, in milliseconds: `Rain 3h`, `2-minute mean`."""
    match = _STATED.search(plain)
    if not match or int(match[1]) == 0:
        return None
    return int(match[1]) * (_AN_HOUR // 60 if (match[2] or match[3])[0] in "m分" else _AN_HOUR)


def _counts_up(numbers: Sequence[float]) -> bool:
    """A counter, which grows and is hardly ever set back."""
    steps = [b - a for a, b in pairwise(numbers) if b != a]
    falls = sum(step < 0 for step in steps)
    rises = [step for step in steps if step > 0]
    stands = (
        len(numbers) >= _STANDING and falls <= 1 and bool(rises) and min(numbers) > max(rises)
    )  # far above what it grows by
    return stands or (len(steps) >= 5 and falls <= len(steps) // 10)


def _level(column: Column, name: str, usual: float) -> float:
    named = column.name.replace("_", " ").lower()
    soil = name.startswith("soil") or "_in_soil" in name
    if soil and (deep := _INCHES.search(named)):
        return -round(float(deep[1]) * _INCH, 4)
    match = _LEVEL.search(named if not column.unit else column.plain)
    if not match:
        return usual
    metres = round(float(match[1]) * _METRES[match[2]], 4)
    return -metres if soil else metres
