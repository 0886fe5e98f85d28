"""English words for symbols and abbreviations."""

from wyoming_servers.tts.text.rules import table, words

UNITS = table("""
    °C ℃ = degree Celsius | degrees Celsius
    °F ℉ = degree Fahrenheit | degrees Fahrenheit
    ° = degree
    % = percent | percent
    km/h kph = kilometer per hour | kilometers per hour
    mph = mile per hour | miles per hour
    m/s = meter per second | meters per second
    km = kilometer
    m = meter
    cm = centimeter
    mm = millimeter
    mi = mile
    ft = foot | feet
    in. = inch | inches
    m² m2 = square meter
    m³ = cubic meter
    kg = kilogram
    g = gram
    mg = milligram
    lb lbs = pound
    oz = ounce
    l L = liter
    ml = milliliter
    tbsp = tablespoon
    tsp = teaspoon
    s sec = second
    ms = millisecond
    min = minute
    h hr hrs = hour
    W = watt
    kW = kilowatt
    kWh = kilowatt hour
    Wh = watt hour
    V = volt
    mA = milliamp
    Hz = hertz | hertz
    kHz = kilohertz | kilohertz
    MHz = megahertz | megahertz
    GHz = gigahertz | gigahertz
    KB = kilobyte
    MB = megabyte
    GB = gigabyte
    TB = terabyte
    Mbps Mbit/s = megabit per second | megabits per second
    hPa = hectopascal
    bar = bar
    psi = p s i | p s i
    dB = decibel
    lx = lux | lux
    lm = lumen
    K = kelvin | kelvin
    ppm = part per million | parts per million
    rpm = revolution per minute | revolutions per minute
""")
"""Singular, and the plural where it is not the singular with an s."""

MONEY = {
    "$": ("dollar", "cent"), "€": ("euro", "cent"), "£": ("pound", "penny"), "₽": ("ruble", "kopeck"),
    "¥": ("yen", ""), "USD": ("dollar", "cent"), "EUR": ("euro", "cent"),
}  # fmt: skip
SCALES = {
    "k": "thousand",
    "K": "thousand",
    "M": "million",
    "million": "million",
    "billion": "billion",
    "bn": "billion",
}
SHORT = {
    r"e\.\s?g\.,?": "for example,",
    r"i\.\s?e\.,?": "that is,",
    r"etc\.": "et cetera",
    r"vs\.?": "versus",
    r"approx\.": "approximately",
    r"Dr\.": "Doctor",
    r"Mr\.": "Mister",
    r"Mrs\.": "Missus",
    r"Ms\.": "Miss",
    r"Prof\.": "Professor",
    r"St\.(?=\s+[A-Z])": "Saint",
    r"No\.(?=\s?\d)": "number",
    r"#(?=\d)": "number ",
    r"Jr\.": "Junior",
    r"Sr\.": "Senior",
    r"Inc\.": "Incorporated",
    r"Ltd\.": "Limited",
    r"Ave\.": "Avenue",
    r"Rd\.": "Road",
    r"Blvd\.": "Boulevard",
    r"Apt\.": "apartment",
    r"Fig\.(?=\s?\d)": "figure",
    r"Vol\.(?=\s?\d)": "volume",
    r"pp\.(?=\s?\d)": "pages",
    r"p\.(?=\s?\d)": "page",
    r"w/o": "without",
    r"w/": "with ",
    r"temp\.": "temperature",
    r"min\.(?=\s+[a-z])": "minimum",
    r"max\.": "maximum",
    r"dept\.": "department",
    r"est\.": "established",
}
RULERS = frozenset(
    words("""
        Alexander Benedict Catherine Charles Edward Elizabeth Francis Frederick George Henry Ivan James John Louis Mary
        Napoleon Nicholas Otto Paul Peter Philip Pius Richard Victoria Wilhelm William
    """)
)
"""Names behind which a Roman numeral is an ordinal."""

ENDING = frozenset({"et cetera", "Junior", "Senior", "Incorporated", "Limited", "Avenue", "Road", "Boulevard"})
"""What may end a sentence with its stop."""

MONTHS = words("January February March April May June July August September October November December")
MONTH_SHORT = {month[:3]: month for month in MONTHS} | {"Sept": "September"}
MONTH = rf"(?P<month>{'|'.join(MONTHS)}|(?:{'|'.join(MONTH_SHORT)})\.?)"
PARTS = {2: ("half", "halves"), 4: ("quarter", "quarters")}
