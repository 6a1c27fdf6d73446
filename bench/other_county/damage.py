"""What a source makes of a person: the values as they were on the day, and then its errors."""

from bisect import bisect
from datetime import date
from itertools import accumulate

from . import names
from .lunar import lunar
from .people import LAST_DAY, latest

FIRST_18_DIGITS = date(1999, 10, 1).toordinal()
LUNAR_UNTIL = date(1990, 1, 1).toordinal()
SERIAL_ZERO = date(1899, 12, 30).toordinal()
ONE_OF = {  # at most one of these a mention
    "id": ("id_missing", "id_placeholder", "id_masked", "id_digit", "id_ocr", "id_transposed",
           "id_short", "id_excel", "id_relative"),
    "name": ("name_same_sound", "name_same_shape", "name_transposed", "name_short",
             "name_nickname", "name_surname", "name_traditional", "name_note"),
    "birth": ("birth_missing", "birth_digit", "birth_swapped", "birth_partial", "birth_year",
              "birth_serial"),
    "sex": ("sex_missing", "sex_wrong"),
    "phone": ("phone_missing", "phone_wrong"),
}
NO_ID = {"id_missing", "id_placeholder", "id_masked", "id_short", "id_excel"}
LIKE = {"0": "8O", "1": "7l", "2": "Z7", "3": "8", "5": "6S", "6": "58", "7": "1", "8": "3B0",
        "9": "4"}
NAME_ERROR = {"name_same_sound": names.same_sound, "name_same_shape": names.same_shape,
              "name_transposed": names.transposed, "name_short": names.short,
              "name_nickname": names.nickname, "name_surname": names.other_surname,
              "name_traditional": names.traditional, "name_note": names.note}


class Rates:
    """One column of the table: errors by kind, in parts of 1."""

    def __init__(self, rates):
        self.rate = rates
        self.sums = {group: list(accumulate(rates.get(kind, 0) for kind in kinds))
                     for group, kinds in ONE_OF.items()}

    def one_of(self, rng, group):
        u, sums = rng.random(), self.sums[group]
        return ONE_OF[group][bisect(sums, u)] if u < sums[-1] else None


def digit_changed(rng, text, like=False):
    places = [i for i, c in enumerate(text) if c in LIKE] if like else range(len(text))
    i = rng.choice(places)
    new = rng.choice([c for c in (LIKE[text[i]] if like else "0123456789") if c != text[i]])
    return text[:i] + new + text[i + 1:]


class Seen:
    """One mention of a person in a source, and the errors that it has."""

    def __init__(self, rng, rates, person, day):
        self.rng, self.rates, self.person, self.day = rng, rates, person, day
        self.errors = sorted(person.marks)

    def hit(self, kind):
        rate = self.rates.rate.get(kind, 0)
        return rate and self.rng.random() < rate

    # ---- names ----

    def name(self):
        full = self.person.name(self.day)
        if full != self.person.name():
            self.errors.append("name_before_change")
        changed, kind = damaged_name(self.rng, self.rates, full)
        if kind:
            self.errors.append(kind)
        return changed

    # ---- numbers ----

    def number(self, relative=None):
        """`relative`: whose number may stand there by mistake."""
        p = self.person
        text = p.old_id if p.old_id and self.day < p.id_since else p.id
        if text != p.id:
            self.errors.append("id_before_change")
        if p.birth < FIRST_18_DIGITS and self.hit("id_15"):
            self.errors.append("id_15")
            text = text[:6] + text[8:17]
        kind = self.rates.one_of(self.rng, "id")
        if not kind or (kind == "id_relative" and relative is None):
            return text
        self.errors.append(kind)
        if kind in NO_ID:
            self.errors.append("no_id")
        return self.wrong_number(kind, text, relative)

    def no_number(self):
        """The source has no column for it."""
        self.errors.append("no_id")
        return ""

    def masked_number(self):
        self.errors += ["id_masked", "no_id"]
        return self.wrong_number("id_masked", self.person.id, None)

    def wrong_number(self, kind, text, relative):
        rng = self.rng
        if kind == "id_missing":
            return rng.choice(("", "", "", "无", "不详"))
        if kind == "id_placeholder":
            born = date.fromordinal(self.person.birth).strftime("%Y%m%d")
            return rng.choice(("0" * 18, "000000" + born + "0000", text[:6] + born + "0000",
                               "1" * 18, "临时" + text[6:12], "待补"))
        if kind == "id_masked":
            return text[:6] + "*" * (len(text) - 10) + text[-4:]
        if kind == "id_digit":
            i = rng.randrange(len(text) - 1)
            return text[:i] + digit_changed(rng, text[i]) + text[i + 1:]
        if kind == "id_ocr":
            return digit_changed(rng, text, like=True)
        if kind == "id_transposed":
            places = [i for i in range(len(text) - 1) if text[i] != text[i + 1]]
            i = rng.choice(places)
            return text[:i] + text[i + 1] + text[i] + text[i + 2:]
        if kind == "id_short":
            i = rng.randrange(len(text))
            return text[:i] + text[i + 1:]
        if kind == "id_excel":  # a spreadsheet keeps fifteen digits of a number
            return text[:15] + "0" * (len(text) - 15) if rng.random() < 0.6 else \
                f"{text[0]}.{text[1:6]}E+{len(text) - 1}"
        return relative.id

    # ---- dates ----

    def birth(self, form):
        p = self.person
        day = p.old_birth if p.old_id and self.day < p.id_since else p.birth
        if p.birth < LUNAR_UNTIL and self.hit("birth_lunar"):
            found = lunar(day)
            if found:
                self.errors.append("birth_lunar")
                return form(*found)
        d = date.fromordinal(day)
        kind = self.rates.one_of(self.rng, "birth")
        if kind == "birth_swapped" and (d.day > 12 or d.day == d.month):
            kind = None
        if not kind:
            return form(d.year, d.month, d.day)
        self.errors.append(kind)
        return self.wrong_birth(kind, d, form)

    def wrong_birth(self, kind, d, form):
        rng = self.rng
        if kind == "birth_missing":
            return ""
        if kind == "birth_swapped":
            return form(d.year, d.day, d.month)
        if kind == "birth_partial":
            return rng.choice((f"{d.year}", f"{d.year}{d.month:02d}", f"{d.year}年{d.month}月",
                               f"{d.year}-{d.month:02d}"))
        if kind == "birth_year":  # counted from an age, by one reckoning or the other
            return form(d.year + rng.choice((-2, -1, -1, 1, 1)), d.month, min(d.day, 28))
        if kind == "birth_serial":
            return str(d.toordinal() - SERIAL_ZERO)
        while True:  # one digit of the date, such that it exists
            text = digit_changed(rng, d.strftime("%Y%m%d"))
            try:
                new = date(int(text[:4]), int(text[4:6]), int(text[6:]))
            except ValueError:
                continue
            if 1910 < new.year <= 2025:
                return form(new.year, new.month, new.day)

    # ---- the rest ----

    def sex(self, male, female, missing=""):
        kind = self.rates.one_of(self.rng, "sex")
        is_male = self.person.sex == "1"
        if kind:
            self.errors.append(kind)
            if kind == "sex_missing":
                return missing
            is_male = not is_male
        return male if is_male else female

    def phone(self, county):
        number = county.phone(self.person, self.day)
        kind = self.rates.one_of(self.rng, "phone")
        if not number or kind == "phone_missing":
            return ""
        if number != county.phone(self.person, LAST_DAY):
            self.errors.append("phone_before_change")
        if kind:
            self.errors.append(kind)
            return number[:3] + digit_changed(self.rng, number[3:])
        return number

    def home(self):
        """Where the person lives on the day."""
        home = latest(self.person.lives, self.day)
        if home is not latest(self.person.lives, LAST_DAY):
            self.errors.append("moved_since")
        return home


def damaged_name(rng, rates, full):
    """(the name as written, its error)."""
    kind = rates.one_of(rng, "name")
    changed = NAME_ERROR[kind](rng, full) if kind and "·" not in full else None
    if changed:
        return changed, kind
    rate = rates.rate
    if rate.get("name_rare") and rng.random() < rate["name_rare"]:
        changed = names.without_rare(rng, full)
        if changed:
            return changed, "name_rare"
    if len(full) == 2 and rng.random() < rate.get("name_blank", 0):
        return names.blank(rng, full), "name_blank"
    if "·" in full and rng.random() < rate.get("name_dot", 0):
        return full.replace("·", rng.choice(".•・． ")), "name_dot"
    return full, None


# ---- forms of dates ----

def compact(y, m, d):
    return f"{y}{m:02d}{d:02d}"


def dashed(y, m, d):
    return f"{y}-{m:02d}-{d:02d}"


def slashed(y, m, d):
    return f"{y}/{m}/{d}"


def dotted(y, m, d):
    return f"{y}.{m}.{d}"


def written(y, m, d):
    return f"{y}年{m}月{d}日"


def chooser(rng, *forms):
    """A form for this value; earlier ones are more frequent."""
    u = rng.random()
    return forms[min(len(forms) - 1, int(u * u * len(forms)))]


def on_day(form, ordinal):
    d = date.fromordinal(ordinal)
    return form(d.year, d.month, d.day)


def year_of(ordinal):
    return date.fromordinal(ordinal).year
