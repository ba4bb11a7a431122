"""Transcripts with planted identifiers, made from the sentences in tests/data/screen by a seeded draw.

Names are invented or common ones put together at random, phone numbers are of the ranges kept for fiction, addresses on
the internet of those kept for documentation.
"""

import random
import re
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "data" / "screen"
HALVES = ("tuned", "held-out")
REGISTERS = ("ordinary", "lower case")
SLOT = re.compile(r"\{([a-z]+)\}(?: \{([a-z]+)\})?")

DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

POOLS = {
    "tuned": {
        "given": "Sarah Tom Anna James Priya Mohammed Chloe Kevin Nadia Gareth Siobhan Luca Aisha Rebecca Wojciech "
        "Deborah Imran Carlos Hannah Stephen",
        "surname": "Hutchinson Patel O'Connor Kowalski Bennett Nguyen Thompson Okafor Ramirez Ellison Whitaker Schmidt",
        "amb": "Grace Mark Rose Will Joy Bill",
        "rare": "Xolani Thandeka Zbyszko Eluned",
        "place": "Leeds Chicago Nottingham Portland Cardiff Toronto Milton_Keynes Swindon Baltimore Hamburg Galway",
        "village": "Tredwick Little_Hadderby Skellmoor",
        "facility": "St_Mary's_Hospital Northfield_Primary_School Kingsmead_Clinic",
        "street": "42_Maple_Street 7_Oakfield_Road 118_Station_Road Flat_3,_12_Beech_Lane",
        "road": "Harrow_Road Elmwood_Avenue Victoria_Street Carlton_Drive",
    },
    "held-out": {
        "given": "Emily Jack Olivia Daniel Sunita Yusuf Megan Brian Leila Rhys Niamh Marco Fatima Jennifer Piotr "
        "Pamela Tariq Diego Laura Philip",
        "surname": "Fairclough Sharma O'Brien Nowak Henderson Tran Robinson Adeyemi Gonzalez Pemberton Lockwood Becker",
        "amb": "Hope Frank May Art Jack Faith",
        "rare": "Sipho Nomvula Przemek Angharad",
        "place": "Sheffield Boston Leicester Denver Swansea Vancouver Tunbridge_Wells Ipswich Cincinnati Cologne Cork",
        "village": "Ellerbrook Great_Fensham Corrimoor",
        "facility": "St_Thomas'_Hospital Westbury_High_School Fairview_Clinic",
        "street": "16_Willow_Avenue 203_Church_Lane 9_Kingsway_Terrace Flat_8,_31_Mill_Road",
        "road": "Camden_Road Linden_Drive Albert_Street Forest_Avenue",
    },
}  # fmt: skip


class Line(NamedTuple):
    """One utterance and what is planted in it; `start` and `end` are 0 where nothing is."""

    text: str
    category: str
    start: int = 0
    end: int = 0


def spoken_digits(value: str, rng: random.Random) -> str:
    """Digits one by one, as people say them: oh for zero, double for a pair."""
    words: list[str] = []
    oh = rng.choice(["oh", "zero"])
    place = 0
    while place < len(value):
        letter = value[place]
        if letter.isdigit():
            said = oh if letter == "0" else DIGITS[int(letter)]
            if value[place : place + 2] == letter * 2 and rng.random() < 0.5:
                words += ["double", said]
                place += 1
            else:
                words.append(said)
        elif letter.isalpha():
            words.append(letter.lower())
        place += 1
    return " ".join(words)


def spoken_number(number: int) -> str:
    if number < 20:
        return (DIGITS + TEENS)[number]
    if number < 100:
        return " ".join([TENS[number // 10 - 2], *([DIGITS[number % 10]] if number % 10 else [])])
    return f"a hundred and {spoken_number(number - 100)}"


def spoken_ordinal(number: int) -> str:
    if number <= 20:
        return ORDINALS[number - 1]
    return "thirtieth" if number == 30 else f"{TENS[number // 10 - 2]} {ORDINALS[number % 10 - 1]}"


def spoken_year(year: int) -> str:
    if year >= 2000:
        return "two thousand" + (f" and {spoken_number(year - 2000)}" if year > 2000 else "")
    return f"nineteen {spoken_number(year - 1900)}"


def ordinal(number: int) -> str:
    ending = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def street_said(value: str) -> str:
    return re.sub(r"\d+", lambda number: spoken_digits_or_number(int(number[0])), value.lower()).replace(",", "")


def spoken_digits_or_number(number: int) -> str:
    return spoken_number(number) if number < 100 else f"{DIGITS[number // 100]} {spoken_number(number % 100)}"


def value_of(slot: str, half: str, rng: random.Random) -> tuple[str, str]:
    """A value in its ordinary form and as it stands in a transcript in lower case."""
    if slot in POOLS[half]:
        value = rng.choice(POOLS[half][slot].split()).replace("_", " ")
        return value, street_said(value) if slot == "street" else value.lower()
    return MADE[slot](rng)


def digits(rng: random.Random, n: int) -> str:
    return "".join(str(rng.randrange(10)) for _ in range(n))


def both(value: str, rng: random.Random) -> tuple[str, str]:
    """Half of the numbers in a machine's transcript are digits, half are words."""
    return value, value.lower() if rng.random() < 0.5 else spoken_digits(value, rng)


def made_date(rng: random.Random, *, year: bool) -> tuple[str, str]:
    day, month = rng.randrange(1, 29), rng.choice(MONTHS)
    number = rng.randrange(1951, 2010)
    forms = [
        (f"{day} {month}", f"the {spoken_ordinal(day)} of {month}"),
        (f"{month} {ordinal(day)}", f"{month} {spoken_ordinal(day)}"),
        (f"the {ordinal(day)} of {month}", f"{month} the {spoken_ordinal(day)}"),
    ]
    plain, said = rng.choice(forms)
    if year:
        plain, said = (
            f"{plain}{', ' if plain[0] not in 't0123456789' else ' '}{number}",
            f"{said} {spoken_year(number)}",
        )
    return plain, said.lower()


def made_numeric_date(rng: random.Random) -> tuple[str, str]:
    day, month, year = rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(1951, 2010)
    value = rng.choice(
        [f"{day:02}/{month:02}/{year}", f"{day}.{month}.{year % 100:02}", f"{year}-{month:02}-{day:02}",
         f"{month}/{day}/{year % 100:02}"]
    )  # fmt: skip
    return value, rng.choice([value, f"the {spoken_ordinal(day)} of the {spoken_ordinal(month)} {spoken_year(year)}"])


def made_month_year(rng: random.Random) -> tuple[str, str]:
    month, year = rng.choice(MONTHS), rng.randrange(1951, 2010)
    return f"{month} {year}", f"{month} {spoken_year(year)}".lower()


def made_age(rng: random.Random) -> tuple[str, str]:
    age = rng.randrange(90, 105)
    return str(age), rng.choice([str(age), spoken_number(age)])


def made_phone(rng: random.Random) -> tuple[str, str]:
    three, two = f"{rng.randrange(1000):03}", f"{rng.randrange(100):02}"
    value = rng.choice(
        [f"07700 900{three}", f"020 7946 0{three}", f"0113 496 0{three}", f"+44 7700 900{three}",
         f"(212) 555-01{two}", f"415-555-01{two}", f"555-01{two}", f"312.555.01{two}"]
    )  # fmt: skip
    return both(value, rng)


def made_email(rng: random.Random) -> tuple[str, str]:
    name = rng.choice(["jane.doe", "t.hollis", "mad.badger", "sunny_lane"])
    host = rng.choice(["example.org", "mail.example.com", "example.net"])
    said = f"{name.replace('.', ' dot ').replace('_', ' underscore ')} at {host.replace('.', ' dot ')}"
    return f"{name}@{host}", said


def made_web(rng: random.Random) -> tuple[str, str]:
    return rng.choice(
        [
            ("www.example.org/lost-and-found", "www dot example dot org slash lost and found"),
            ("https://example.com/u/badger42", "example dot com slash badger"),
            ("forum.example.net", "forum dot example dot net"),
            ("http://www.example.com", "w w w dot example dot com"),
        ]
    )


def made_ip(rng: random.Random) -> tuple[str, str]:
    parts = rng.choice([(192, 0, 2), (198, 51, 100), (203, 0, 113)])
    value = ".".join(map(str, (*parts, rng.randrange(1, 255))))
    said = " dot ".join(spoken_digits(part, rng) for part in value.split("."))
    return rng.choice([(value, value), (value, said), ("2001:db8::8a2e:370:7334", "2001:db8::8a2e:370:7334")])


def made_nhs(rng: random.Random) -> tuple[str, str]:
    while True:
        stem = "999" + digits(rng, 6)
        check = (11 - sum(int(digit) * weight for digit, weight in zip(stem, range(10, 1, -1), strict=True)) % 11) % 11
        if check != 10:
            return both(f"{stem[:3]} {stem[3:6]} {stem[6:]}{check}", rng)


def one_of(*values: str):
    return lambda rng: both(rng.choice(values), rng)


def built(build):
    return lambda rng: both(build(rng), rng)


MADE = {
    "postcode": one_of("SW1A 1AA", "M1 1AE", "CF10 3NP", "EH1 1YZ", "K1A 0B1", "H0H 0H0", "LS2 9JT"),
    "zip": one_of("90210", "12345", "60601", "02108", "73301-0001"),
    "date": lambda rng: made_date(rng, year=True),
    "daymonth": lambda rng: made_date(rng, year=False),
    "numdate": made_numeric_date,
    "monthyear": made_month_year,
    "age": made_age,
    "phone": made_phone,
    "email": made_email,
    "web": made_web,
    "ip": made_ip,
    "ssn": built(lambda rng: f"987-65-43{rng.randrange(20, 30)}"),
    "nhs": made_nhs,
    "nino": one_of("QQ 12 34 56 C", "QQ123456A"),
    "mrn": built(
        lambda rng: rng.choice([digits(rng, 7), f"MRN{digits(rng, 6)}", f"H-{digits(rng, 5)}", f"A{digits(rng, 8)}"])
    ),
    "account": built(lambda rng: digits(rng, 8)),
    "sortcode": one_of("00-00-00", "12-34-56", "20-40-60"),
    "card": one_of("4111 1111 1111 1111", "5555 5555 5555 4444"),
    "policy": built(lambda rng: rng.choice([f"HX{digits(rng, 7)}", f"{digits(rng, 3)}-{digits(rng, 6)}"])),
    "iban": one_of("GB82 WEST 1234 5698 7654 32", "DE89 3704 0044 0532 0130 00"),
    "licence": built(
        lambda rng: rng.choice([f"D{digits(rng, 7)}", digits(rng, 9), f"{digits(rng, 2)}B{digits(rng, 4)}E"])
    ),
    "plate": one_of("AB12 CDE", "XY63 ZZZ", "QA07 XYZ"),
    "vin": one_of("1M8GDM9AXKP042788", "WVWZZZ1JZXW000001"),
    "serial": built(lambda rng: rng.choice([f"SN{digits(rng, 6)}", f"{digits(rng, 4)}-{digits(rng, 4)}"])),
    "imei": one_of("490154203237518", "35-209900-176148-1"),
    "mac": lambda rng: (lambda mac: (mac, mac.lower()))(f"00:00:5E:00:53:{digits(rng, 2)}"),
    "number": built(lambda rng: digits(rng, rng.choice([7, 9, 12]))),
}


def in_lower_case(text: str) -> str:
    """As a machine writes speech down: no capitals, no punctuation but in words and numbers."""
    return " ".join(re.sub(r"[.,!?](?=\s|$)", "", text.lower()).split())


def carriers(half: str) -> list[tuple[str, str]]:
    lines = (FOLDER / f"{half}.txt").read_text("utf-8").splitlines()
    return [tuple(line.split(" | ", 1)) for line in lines if not line.startswith("#")]


def lines(half: str, register: str, seed: int = 7) -> list[Line]:
    """Every sentence of a half once, in an order and with values drawn by the seed."""
    rng = random.Random(f"{half} {register} {seed}")
    made = []
    for category, carrier in carriers(half):
        match = SLOT.search(carrier.replace("{{", "\0\0"))
        if not match:
            text = carrier.replace("{{", "{").replace("}}", "}")
            planted = re.search(r"(?<=[a-z] )[A-Z][a-z]{5,}", text) if category == "capitalised" else None
            place = planted.span() if planted else (0, 0)
            made.append(Line(in_lower_case(text) if register == "lower case" else text, category, *place))
            continue
        before, after = carrier[: match.start()], carrier[match.end() :]
        values = [value_of(slot, half, rng) for slot in match.groups() if slot]
        value = " ".join(pair[register == "lower case"] for pair in values)
        if register == "lower case":
            before, after = in_lower_case(f"{before}\0{after}").split("\0")
        made.append(Line(f"{before}{value}{after}", category, len(before), len(before) + len(value)))
    rng.shuffle(made)
    return made


class Score(NamedTuple):
    """How many of the identifiers planted were found, and how many findings were none."""

    planted: int
    found: int
    as_category: int
    """Of those found, under the category they were planted as."""
    false: int


def score(find, half: str, register: str, seeds=(7, 8, 9, 10)) -> dict[str, Score]:
    """By category, of one half in one register; a finding counts that covers half of what was planted.

    `find` gives spans of a text. False findings are under the category that they were taken for.
    """
    counts: dict[str, list[int]] = {}
    for seed in seeds:
        for line in lines(half, register, seed):
            spans = find(line.text)
            hits = [span for span in spans if span.start < line.end and line.start < span.end]
            for span in spans:
                if span not in hits:
                    counts.setdefault(str(span.category), [0, 0, 0, 0])[3] += 1
            if line.end:
                covered = sum(min(span.end, line.end) - max(span.start, line.start) for span in hits)
                found = 2 * covered >= line.end - line.start
                row = counts.setdefault(line.category, [0, 0, 0, 0])
                row[0] += 1
                row[1] += found
                row[2] += found and any(span.category == line.category for span in hits)
    return {category: Score(*row) for category, row in counts.items()}
