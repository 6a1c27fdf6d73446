"""The files that departments keep of the county's people, with columns and habits of their own."""

import csv
import gzip
import io
import os
from datetime import date
from math import log

from . import names
from .damage import (Seen, chooser, compact, damaged_name, dashed, dotted, on_day, slashed, written,
                     year_of)
from .people import COUNTY, HOME, LAST_DAY, NEVER, OLD_COUNTY, YEAR, latest

SINCE = {what: date(*day).toordinal() for what, day in {
    "births": (2003, 1, 1), "deaths": (2008, 1, 1), "marriages": (1986, 1, 1),
    "immunisation": (2007, 1, 1), "cards": (2006, 1, 1), "marriages_on_line": (2004, 1, 1),
    "birth_numbers_asked": (2009, 1, 1), "city": (2019, 7, 1), "insurance": (2010, 1, 1),
    "struck_off": (2012, 1, 1)}.items()}


class File:
    """Rows of a CSV file, with the mentions of each: (role, Seen)."""

    def __init__(self, path, columns, encoding="utf-8"):
        self.path, self.columns, self.encoding, self.rows = path, columns, encoding, []

    def write(self, folder):
        text = io.StringIO()
        out = csv.writer(text, lineterminator="\n" if self.encoding == "utf-8" else "\r\n")
        out.writerow(self.columns)
        out.writerows(row for row, _, _ in self.rows)
        path = os.path.join(folder, self.path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        data = text.getvalue().encode(self.encoding)
        if path.endswith(".gz"):
            data = gzip.compress(data, 6, mtime=0)
        with open(path, "wb") as f:
            f.write(data)


class Source:
    def __init__(self, rng, county, rates, cover):
        self.rng, self.county, self.rates, self.cover = rng, county, rates, cover
        self.files = self.make_files()
        self.made = set()

    def see(self, person, day, rates=None):
        return Seen(self.rng, self.rates[rates or self.rates_of], person, day)

    def covered(self, what):
        return self.rng.random() < self.cover[what]

    def add(self, file, key, row, *mentions):
        file.rows.append((row, key, mentions))

    def serial(self, form):
        """A number that was not given before."""
        while True:
            key = form()
            if key not in self.made:
                self.made.add(key)
                return key

    def mostly_recent(self, person, since, years):
        """The day of the last change of a record."""
        day = LAST_DAY - int(-log(1 - self.rng.random()) * years * YEAR)
        return min(max(day, since, person.birth + 30), LAST_DAY, person.death - 1)


def full_address(rng, home, least=0):
    """With province and city, or without: as each clerk likes it."""
    if not home.village:
        return home.address()
    start = least + int(rng.random() * (4 - least))
    return "".join(HOME[start:]) + home.address()


def marital(p, day, words):
    single, first, again, widowed, divorced = words
    if p.union(day):
        return again if sum(u.start <= day for u in p.unions) > 1 else first
    past = [u for u in p.unions if u.start <= day]
    if not past:
        return single if p.age(day) >= 15 else ""
    return divorced if past[-1].end <= day else widowed


class Household(Source):
    code, rates_of = "huji", "police"
    yaml = """
    type: household
    csv: 户籍人口.csv
    key: [户号, 户内序号]
    record: {registered: 登记日期}
    mentions:
      self: {name: 姓名, former_name: 曾用名, sex: 性别, id_number: 公民身份号码, birth_date: 出生日期,
             ethnicity: 民族, relation: 与户主关系, marital_status: 婚姻状况, household: 户号,
             registered_address: 户籍地址, registered_division: 户籍地区划, status: 人员状态}"""

    def make_files(self):
        return [File("户籍人口.csv", "户号 户内序号 姓名 曾用名 性别 公民身份号码 出生日期 民族 与户主关系 "
                     "婚姻状况 户籍地址 户籍地区划 人员状态 登记日期".split())]

    def make(self):
        self.heads, self.count = {}, {}
        people = [p for p in self.county.people if p.local and p.household]
        for p in people:
            if p.alive(LAST_DAY):
                head = self.heads.get(p.household)
                if head is None or (p.sex == "1" and bool(p.unions), -p.birth) > \
                        (head.sex == "1" and bool(head.unions), -head.birth):
                    self.heads[p.household] = p
        for p in people:
            self.person(p)

    def person(self, p):
        home = latest(p.registered, LAST_DAY)
        if p.death < LAST_DAY:
            if p.death > SINCE["struck_off"] and self.covered("struck_off_kept"):
                active = self.rng.random() < self.cover["dead_not_struck_off"]
                self.row(p, p.household, home, "正常" if active else "死亡注销")
            return
        if not home.village:
            if self.covered("moved_out_kept"):
                self.row(p, p.household, p.registered[0], "迁出注销")
            return
        if LAST_DAY - p.birth < 120 and self.rng.random() < 0.4:
            return
        self.row(p, p.household, home, "正常")
        old = p.registered[0]
        moved = old is not home and old.village and home.since > SINCE["struck_off"]
        if moved and self.covered("moved_inside_kept"):
            father = p.father.household if p.father else ""
            self.row(p, father or "9" + p.household[1:], old, "迁出注销")
        elif self.covered("registered_twice"):
            self.row(p, f"{800000000 + p.number:09d}", home, "正常")

    def row(self, p, household, home, status):
        if not home.village:
            return
        rng = self.rng
        number = self.count[household] = self.count.get(household, 0) + 1
        seen = self.see(p, LAST_DAY)
        former = p.names[0][1] if len(p.names) > 1 and rng.random() < 0.7 else ""
        registered = min(LAST_DAY - 1, max(home.since, p.birth + rng.randrange(1, 200)))
        row = [household, f"{number:02d}", seen.name(), former, seen.sex("男", "女"), seen.number(),
               seen.birth(compact), p.nation + "族", self.relation(p, household),
               marital(p, LAST_DAY, ("未婚", "有配偶", "再婚", "丧偶", "离婚")),
               "".join(HOME) + home.address(), home.village.code(), status,
               on_day(compact, registered)]
        self.add(self.files[0], f"{household}|{number:02d}", row, ("self", seen))

    def relation(self, p, household):
        head = self.heads.get(household)
        if head is None or head is p:
            return "户主"
        union = head.union(LAST_DAY)
        if union and union.of(head) is p:
            return "妻" if p.sex == "2" else "夫"
        if p in (head.father, head.mother):
            return "父亲" if p.sex == "1" else "母亲"
        like = [c for c in head.children if c.sex == p.sex]
        if p in like:
            n = like.index(p)
            order = "长次三四五"[n] if n < 5 else ""
            return order + ("子" if p.sex == "1" else "女")
        if p.father in head.children or p.mother in head.children:
            return "孙子" if p.sex == "1" else "孙女"
        if any(u.of(p) in head.children for u in p.unions):
            return "儿媳" if p.sex == "2" else "女婿"
        return "其他"


class Marriage(Source):
    code = "hunyin"
    yaml = """
    type: marriage
    csv: 婚姻登记.csv
    encoding: gb18030
    key: [结婚证字号]
    record: {event_date: 登记日期}
    mentions:
      husband: {name: 男方姓名, id_number: 男方身份证件号, birth_date: 男方出生日期, ethnicity: 男方民族,
                registered_division: 男方户籍区划, registered_address: 男方户籍地, sex: '="1"'}
      wife:    {name: 女方姓名, id_number: 女方身份证件号, birth_date: 女方出生日期, ethnicity: 女方民族,
                registered_division: 女方户籍区划, registered_address: 女方户籍地, sex: '="2"'}"""

    def make_files(self):
        sides = [side + what for side in ("男方", "女方") for what in
                 ("姓名", "身份证件号", "出生日期", "民族", "户籍区划", "户籍地")]
        return [File("婚姻登记.csv", ["结婚证字号", "登记日期", "业务类型"] + sides, "gb18030")]

    def make(self):
        for union in self.county.unions:
            here = "marriage_here" if union.husband.local and union.wife.local else \
                "marriage_one_side" if union.husband.local or union.wife.local else None
            if not here or union.start < SINCE["marriages"] or not self.covered(here):
                continue
            year = year_of(union.start)
            if self.rng.random() < (0.4 if year < 1996 else 0.75 if year < 2004 else 0.98):
                self.row(union, union.start, "J", "结婚登记")
            again = union.start + int((2 + self.rng.random() * 25) * YEAR)
            if again < min(LAST_DAY, union.end, union.husband.death, union.wife.death) and \
                    again > SINCE["marriages_on_line"] and self.covered("reissued"):
                self.row(union, again, "BJ", "补领结婚证")

    def row(self, union, day, letters, kind):
        rng, year = self.rng, year_of(day)
        old = day < SINCE["marriages_on_line"]
        area = "342523" if year < 2000 else OLD_COUNTY if day < SINCE["city"] else COUNTY
        key = self.serial(lambda: f"广结字第{year}{rng.randrange(100000):05d}号" if old else
                          f"{letters}{area}-{year}-{rng.randrange(1000000):06d}")
        row = [key, on_day(dashed, day), kind]
        form = chooser(rng, dashed, written, dotted) if old else dashed
        mentions = []
        for role, p in (("husband", union.husband), ("wife", union.wife)):
            seen = self.see(p, day, "marr_old" if old else "marr")
            home = latest(p.registered, day)
            row += [seen.name(), seen.number(union.of(p)), seen.birth(form), p.nation + "族",
                    home.area if not home.village else area,
                    home.place if not home.village else full_address(rng, home, 1)]
            mentions.append((role, seen))
        self.add(self.files[0], key, row, *mentions)


class Birth(Source):
    code = "chusheng"
    yaml = """
    type: birth
    csv: 出生医学证明.csv
    key: [出生证编号]
    record: {event_date: 出生时间, registered: 签发日期}
    mentions:
      child:  {name: 新生儿姓名, sex: 新生儿性别, birth_date: 出生时间, address: 家庭住址}
      mother: {name: 母亲姓名, id_number: 母亲身份证号, phone: 联系电话, address: 家庭住址, sex: '="2"'}
      father: {name: 父亲姓名, id_number: 父亲身份证号, address: 家庭住址, sex: '="1"'}"""

    def make_files(self):
        return [File("出生医学证明.csv", "出生证编号 新生儿姓名 新生儿性别 出生时间 体重 母亲姓名 母亲身份证号 "
                     "父亲姓名 父亲身份证号 家庭住址 联系电话 签发日期".split())]

    def make(self):
        # twins get rows of their own, one after the other
        for p in self.county.people:
            if p.mother is None or p.birth < SINCE["births"] or p.birth >= LAST_DAY:
                continue
            here = latest(p.mother.lives, p.birth).village
            if p.twin and p.twin.number < p.number:
                if p.twin.number in self.made:
                    self.row(p)
            elif self.covered("born_here" if here else "born_here_lives_elsewhere"):
                self.made.add(p.number)
                self.row(p)

    def row(self, p):
        rng, day = self.rng, p.birth
        letter = "GHJKLMNPQRST"[(year_of(day) - 2003) // 2]
        key = self.serial(lambda: f"{letter}34{rng.randrange(10 ** 7):07d}")
        child = self.see(p, day, "child")
        mother = self.see(p.mother, day, self.parents(day))
        father = self.see(p.father, day, self.parents(day))
        form = chooser(rng, dashed, slashed)
        born = child.birth(form)
        if born and form is dashed:
            born += f" {rng.randrange(24):02d}:{rng.randrange(60):02d}"
        child.no_number()
        row = [key, newborn_name(child, self.cover), child.sex("男", "女"), born,
               str(round(rng.gauss(2500 if p.twin else 3300, 400), -1))[:4],
               mother.name(), mother.number(p.father), "", "",
               full_address(rng, mother.home()), mother.phone(self.county),
               on_day(dashed, min(LAST_DAY - 1, day + rng.randrange(1, 40)))]
        mentions = [("child", child), ("mother", mother)]
        if not self.covered("father_not_given"):
            row[7:9] = [father.name(), father.number(p.mother)]
            mentions.append(("father", father))
        self.add(self.files[0], key, row, *mentions)

    @staticmethod
    def parents(day):
        return "parent" if day >= SINCE["birth_numbers_asked"] else "par_old"


def newborn_name(seen, cover):
    """Many have no name yet, or not the one that they get."""
    rng, p = seen.rng, seen.person
    if rng.random() < cover["newborn_unnamed"]:
        seen.errors.append("name_not_yet")
        what = "子" if p.sex == "1" else "女"
        of_mother = p.mother.name(p.birth) + "之" + what
        return rng.choice(("", of_mother, of_mother, "未取名"))
    if rng.random() < cover["newborn_renamed"]:
        seen.errors.append("name_of_newborn")
        return names.split(p.names[0][1])[0] + names.given(rng, p.sex, p.year())
    return seen.name()


class Death(Source):
    code, rates_of = "siwang", "death"
    yaml = """
    type: death
    csv: 死亡登记.csv
    key: [编号]
    record: {event_date: 死亡日期}
    mentions:
      self: {name: 死者姓名, sex: 性别, id_number: 身份证号, birth_date: 出生日期, death_date: 死亡日期,
             address: 生前住址, residence_division: 区划代码}"""

    def make_files(self):
        return [File("死亡登记.csv", "编号 死者姓名 性别 身份证号 出生日期 死亡日期 生前住址 区划代码 "
                     "死亡地点".split())]

    def make(self):
        for p in self.county.people:
            if not SINCE["deaths"] <= p.death < LAST_DAY:
                continue
            home = latest(p.lives, p.death)
            if not home.village and not p.local:
                continue
            if not self.covered("death_reported" if home.village else "death_elsewhere"):
                continue
            rng = self.rng
            seen = self.see(p, p.death - 1)
            key = self.serial(lambda: f"D{year_of(p.death)}{rng.randrange(10 ** 6):06d}")
            relatives = p.children or [u.of(p) for u in p.unions] or [None]
            row = [key, seen.name(), seen.sex("男", "女", "未知"), seen.number(relatives[0]),
                   seen.birth(chooser(rng, dashed, compact, slashed, written)),
                   on_day(dashed, p.death), full_address(rng, home),
                   home.village.code()[:9] if home.village else home.area,
                   rng.choice(("家中", "家中", "医疗机构", "其他"))]
            self.add(self.files[0], key, row, ("self", seen))


class MigrantOut(Source):
    """Where a migrant is registered."""
    code, rates_of = "liuchu", "out"
    yaml = """
    type: migrant
    csv: 流出人口.csv
    encoding: gb18030
    key: [登记号]
    record: {event_date: 流出日期, registered: 登记日期}
    mentions:
      self: {name: 姓名, sex: 性别, id_number: 身份证号, birth_date: 出生年月, registered_division: 户籍地代码,
             registered_address: 户籍地址, residence_division: 流入地代码, address: 流入地址, phone: 联系电话,
             spouse_name: 配偶姓名}"""

    def make_files(self):
        return [File("流出人口.csv", "登记号 姓名 性别 身份证号 出生年月 户籍地代码 户籍地址 流入地代码 "
                     "流入地址 流出日期 联系电话 配偶姓名 登记日期".split(), "gb18030")]

    def make(self):
        for p in self.county.people:
            if p.local and p.migrant_since and p.alive(LAST_DAY) and self.covered("migrant_out"):
                self.row(p)

    def row(self, p):
        rng = self.rng
        day = self.mostly_recent(p, p.migrant_since + 10, 2.5)
        seen = self.see(p, day)
        key = self.serial(lambda: f"LC{rng.randrange(10 ** 8):08d}")
        registered, home = latest(p.registered, p.migrant_since), seen.home()
        if not registered.village:
            return
        union = p.union(day)
        spouse = damaged_name(rng, seen.rates, union.of(p).name(day))[0] if union else ""
        row = [key, seen.name(), seen.sex("1", "2", "0"), seen.number(union and union.of(p)),
               seen.birth(chooser(rng, dashed, slashed, compact)),
               registered.village.code(OLD_COUNTY if day < SINCE["city"] else COUNTY),
               full_address(rng, registered, 2),
               home.village.code()[:9] if home.village else home.area, home.address(),
               on_day(dashed, p.migrant_since), seen.phone(self.county), spouse,
               on_day(dashed, day)]
        self.add(self.files[0], key, row, ("self", seen))


class MigrantIn(Source):
    """Where a migrant lives: this county's own, and what other places send back."""
    code, rates_of = "liuru", "in"
    yaml = """
    type: migrant
    csv: migrants_in.csv
    key: [reg_no]
    record: {event_date: arrived, registered: reg_date}
    mentions:
      self: {name: full_name, sex: gender, id_number: id_card, birth_date: dob,
             registered_division: origin_code, registered_address: origin_address,
             residence_division: residence_code, address: residence_address, phone: mobile}"""

    def make_files(self):
        return [File("migrants_in.csv", "reg_no full_name gender dob id_card origin_code "
                     "origin_address residence_code residence_address mobile arrived "
                     "reg_date".split())]

    def make(self):
        for p in self.county.people:
            if not p.alive(LAST_DAY):
                continue
            home, registered = latest(p.lives, LAST_DAY), latest(p.registered, LAST_DAY)
            if not p.migrant_since:
                if home.village and not registered.village and self.covered("wife_as_migrant"):
                    self.row(p, home, registered, home.since)
                continue
            what = "migrant_sent_back" if not home.village else \
                "migrant_inside" if registered.village else "migrant_in"
            if self.covered(what):
                self.row(p, home, registered, p.migrant_since)

    def row(self, p, home, registered, since):
        rng = self.rng
        day = self.mostly_recent(p, since + 5, 2.5)
        seen = self.see(p, day)
        key = self.serial(lambda: f"R{rng.randrange(10 ** 9):09d}")
        row = [key, seen.name(), seen.sex("M", "F"), seen.birth(dashed), seen.number(),
               registered.area, registered.place or "".join(HOME) + registered.address(),
               home.village.code() if home.village else home.area, home.address(),
               seen.phone(self.county), on_day(dashed, since), on_day(dashed, day)]
        self.add(self.files[0], key, row, ("self", seen))


class Cards(Source):
    """The village's own cards, a file a township."""
    code, rates_of = "kapian", "card"
    yaml = """
    type: resident
    csv: 村卡/*.csv
    encoding: auto
    key: [卡片编号]
    record: {updated: 更新日期}
    mentions:
      self: {name: 姓名, sex: 性别, birth_date: 出生年月日, id_number: 身份证号, ethnicity: 民族,
             marital_status: 婚姻状况, spouse_name: 配偶姓名, father_name: 父亲姓名, mother_name: 母亲姓名,
             phone: 联系电话, residence_division: 村居代码, address: 现居住地址, household: 户口簿号,
             status: 人员状态}"""
    columns = ("卡片编号 户编码 户口簿号 姓名 性别 出生年月日 身份证号 民族 婚姻状况 配偶姓名 父亲姓名 母亲姓名 "
               "联系电话 村居代码 现居住地址 人员状态 更新日期").split()

    def make_files(self):
        towns = sorted({village.town for village in self.county.villages})
        return [File(f"村卡/{town + 1:02d}.csv", self.columns, ("utf-8", "gb18030")[town % 2])
                for town in towns]

    def make(self):
        for p in self.county.people:
            home, registered = latest(p.lives, LAST_DAY), latest(p.registered, LAST_DAY)
            if p.death < LAST_DAY:
                place = registered if registered.village else home
                if p.death > SINCE["struck_off"] and place.village and self.covered("dead_on_card"):
                    self.row(p, place)
                continue
            if registered.village and self.covered("card_registered"):
                self.row(p, registered)
                if home.village and home.village is not registered.village and \
                        self.covered("card_second"):
                    self.row(p, home)
            elif home.village and self.covered("card_migrant" if p.migrant_since else "card_wife"):
                self.row(p, home)

    def row(self, p, place):
        rng, village = self.rng, place.village
        day = self.mostly_recent(p, SINCE["cards"], 5)
        seen = self.see(p, day)
        key = self.serial(lambda: f"{village.suffix}{rng.randrange(10 ** 6):06d}")
        masked = village.number % self.cover["masked_every"] == 2
        union, child = p.union(day), p.age(day) < 18 and p.mother is not None
        rates = seen.rates
        other = [damaged_name(rng, rates, x.name(day))[0] if x else "" for x in
                 (union and union.of(p), p.father if child else None, p.mother if child else None)]
        old_code = day < SINCE["city"] and rng.random() < self.cover["old_code_kept"]
        if old_code:
            seen.errors.append("place_old_code")
        book = p.household if p.household and rng.random() < 0.75 else ""
        serial = int(p.household or p.number) % 10000
        group = f"{place.group or rng.randrange(1, 9):02d}{serial:04d}"
        status = "正常" if p.death == NEVER else rng.choice(("正常", "死亡"))
        relative = p.mother if child else union and union.of(p)
        row = [key, village.code() + group, book, seen.name(), seen.sex("男", "女"),
               seen.birth(chooser(rng, written, slashed, compact, dotted)),
               seen.masked_number() if masked else seen.number(relative),
               p.nation + rng.choice(("族", "")),
               marital(p, day, ("未婚", "初婚", "再婚", "丧偶", "离异")),
               *other, seen.phone(self.county), village.code(OLD_COUNTY if old_code else COUNTY),
               full_address(rng, place, 2), status, on_day(dashed, day)]
        self.add(self.files[village.town], key, row, ("self", seen))


class Immunisation(Source):
    code, rates_of = "vaccine", "immun"
    yaml = """
    type: person
    csv: immunisation.csv
    key: [card_no]
    record: {updated: updated}
    mentions:
      self: {name: child_name, sex: sex, birth_date: dob, id_number: id_no,
             mother_name: mother, father_name: father, phone: contact_phone,
             residence_division: area, address: address}"""

    def make_files(self):
        return [File("immunisation.csv", "card_no child_name sex dob id_no mother father "
                     "contact_phone area address updated".split())]

    def make(self):
        for p in self.county.people:
            if p.mother is None or not SINCE["immunisation"] < p.birth < LAST_DAY - 60:
                continue
            home = latest(p.lives, p.birth + 60)
            if home.village and self.covered("immunised"):
                self.row(p, home)

    def row(self, p, home):
        rng = self.rng
        day = min(LAST_DAY - 1, p.birth + rng.choice((10, 40, 200, 700, 2000)))
        seen = self.see(p, day)
        key = self.serial(lambda: f"3418{rng.randrange(10 ** 8):08d}")
        name = newborn_name(seen, self.cover) if day < p.birth + 60 else seen.name()
        parents = [damaged_name(rng, seen.rates, x.name(day))[0] for x in (p.mother, p.father)]
        if rng.random() < 0.3:
            parents[1] = ""
        row = [key, name, seen.sex("1", "2"), seen.birth(chooser(rng, dashed, slashed)),
               seen.number(p.mother), *parents, seen.phone(self.county),
               home.village.code(OLD_COUNTY if day < SINCE["city"] else COUNTY)[:9],
               full_address(rng, home, 3), on_day(dashed, day)]
        self.add(self.files[0], key, row, ("self", seen))


class Insurance(Source):
    code, rates_of = "yibao", "insur"
    yaml = """
    type: person
    csv: 医保参保.csv.gz
    key: [参保编号]
    record: {registered: 参保日期}
    mentions:
      self: {name: 参保人姓名, id_number: 证件号码, sex: 性别, residence_division: 参保地代码, phone: 手机号码}"""

    def make_files(self):
        return [File("医保参保.csv.gz", "参保编号 参保人姓名 证件号码 性别 参保地代码 手机号码 参保日期".split())]

    def make(self):
        for p in self.county.people:
            if not p.alive(LAST_DAY) or p.age(LAST_DAY) < 0.5:
                continue
            home = latest(p.registered, LAST_DAY)
            home = home if home.village else latest(p.lives, LAST_DAY)
            if home.village and self.covered("insured"):
                self.row(p, home)

    def row(self, p, home):
        rng = self.rng
        day = self.mostly_recent(p, SINCE["insurance"], 3)
        seen = self.see(p, day)
        key = self.serial(lambda: f"3418{rng.randrange(10 ** 10):010d}")
        row = [key, seen.name(), seen.number(p.mother or None), seen.sex("1", "2"),
               home.village.code()[:9], seen.phone(self.county), on_day(compact, day)]
        self.add(self.files[0], key, row, ("self", seen))


ALL = (Household, Marriage, Birth, Death, MigrantOut, MigrantIn, Cards, Immunisation, Insurance)
