"""What the screen looks for: the Safe Harbor list, as far as text shows it."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """One kind of identifier.

    The kinds follow the Safe Harbor list of 45 CFR 164.514(b)(2), with national
    ones of the United Kingdom, Canada and Germany beside those of the United
    States. Biometric identifiers and photographs are on that list, but no text
    shows them.
    """

    NAME = "name"
    CAPITALISED = "capitalised"
    PLACE = "place"
    STREET = "street"
    POSTCODE = "postcode"
    DATE = "date"
    AGE = "age"
    PHONE = "phone"
    FAX = "fax"
    EMAIL = "email"
    WEB = "web"
    IP = "ip"
    NATIONAL_ID = "national-id"
    RECORD = "record"
    ACCOUNT = "account"
    LICENCE = "licence"
    VEHICLE = "vehicle"
    DEVICE = "device"
    NUMBER = "number"


DESCRIPTIONS = {
    Category.NAME: "names of people, in lower case too",
    Category.CAPITALISED: "unusual words with a capital inside a sentence",
    Category.PLACE: "places smaller than a state, and schools, hospitals and the like by name",
    Category.STREET: "streets, house numbers",
    Category.POSTCODE: "post codes",
    Category.DATE: "dates with a day or a month, spoken ones too; a year alone is none",
    Category.AGE: "ages over 89",
    Category.PHONE: "telephone numbers, spoken ones too",
    Category.FAX: "fax numbers",
    Category.EMAIL: "e-mail addresses, spoken ones too",
    Category.WEB: "web addresses and account handles",
    Category.IP: "IP addresses",
    Category.NATIONAL_ID: "numbers of social security, NHS, national insurance, tax",
    Category.RECORD: "numbers of medical records, patients, cases",
    Category.ACCOUNT: "numbers of accounts, cards, policies, memberships",
    Category.LICENCE: "numbers of licences, passports, registrations",
    Category.VEHICLE: "number plates, VINs",
    Category.DEVICE: "serial numbers, IMEIs, MAC addresses",
    Category.NUMBER: "other long numbers, and digits spelled out",
}
"""What each kind takes in, for help and tables."""
