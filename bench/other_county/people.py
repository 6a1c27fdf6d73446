"""The lives of a county's people, hamlet by hamlet: families of a few clans, from founder couples
born 1920 to 1950 on through marriages, births, divorces, moves and deaths to the last day."""

import heapq
from datetime import date
from math import exp, log

from . import names

LAST_DAY = date(2026, 1, 1).toordinal()
YEAR = 365.25
NEVER = LAST_DAY * 2

COUNTY = "341882"  # since 2019; before 341822, and 342523 until 1999: citizens keep their numbers
OLD_COUNTY = "341822"
HOME = ("安徽省", "宣城市", "广德市")
NEAR = {"341821": "安徽省郎溪县", "341881": "安徽省宁国市", "330523": "浙江省安吉县",
        "330522": "浙江省长兴县", "320481": "江苏省溧阳市", "320282": "江苏省宜兴市"}
FAR = {"511025": "四川省资中县", "522401": "贵州省毕节市", "532128": "云南省镇雄县",
       "413026": "河南省固始县", "421123": "湖北省罗田县", "340827": "安徽省望江县",
       "341522": "安徽省霍邱县", "342622": "安徽省庐江县", "412824": "河南省西平县",
       "511322": "四川省营山县", "510623": "四川省中江县", "430524": "湖南省隆回县",
       "362329": "江西省余干县", "370923": "山东省东平县", "620522": "甘肃省秦安县",
       "653125": "新疆莎车县", "513434": "四川省越西县", "642222": "宁夏海原县",
       "450921": "广西容县", "220122": "吉林省农安县"}
CITIES = {"310115": "上海市浦东新区", "330106": "浙江省杭州市西湖区", "320505": "江苏省苏州市虎丘区",
          "330282": "浙江省慈溪市", "441900": "广东省东莞市", "440306": "广东省深圳市宝安区",
          "320111": "江苏省南京市浦口区", "330782": "浙江省义乌市", "340104": "安徽省合肥市蜀山区"}
STEMS = "清溪 石桥 柳林 东湖 新河 双塘 竹园 马鞍 白云 龙泉 茶亭 枫树 梅岭 长冲 杨滩 卢村 誓节 月湾 南冲 桃山".split()
VILLAGE_STEMS = """大塘 花桥 阳岱 横岗 独树 梨山 赵冲 高湖 七里 庙西 红星 长安 三友 福星 板桥 甘溪 箭穿 流洞
天平 花鼓 施村 茆林 朱湾 双河 石鼓 五合 粮长 月克 港口 耿村""".split()


class Village:
    def __init__(self, number):
        """Five villages a township."""
        town, own = divmod(number, 5)
        kind, first = ("街道", 1) if town < 2 else ("镇", 100) if town < 9 else ("乡", 200)
        self.number, self.town = number, town
        self.suffix = f"{first + town:03d}{200 + own:03d}"
        again = town // len(STEMS)
        self.town_name = STEMS[town % len(STEMS)] + ("" if not again else str(again + 1)) + kind
        self.name = VILLAGE_STEMS[number * 7 % len(VILLAGE_STEMS)] + "村"
        self.hamlets = 0

    def code(self, county=COUNTY):
        return county + self.suffix


class Home:
    """Where a person lives or is registered, from a day on."""
    __slots__ = ("since", "village", "group", "house", "street", "area", "place")

    def __init__(self, since, village=None, group=0, house=0, street="", area=COUNTY, place=""):
        self.since, self.village, self.group, self.house = since, village, group, house
        self.street, self.area, self.place = street, area, place

    def address(self):
        if not self.village:
            return self.place + self.street
        if self.street:
            return self.village.town_name + self.street
        return f"{self.village.town_name}{self.village.name}{self.group}组{self.house}号"


class Person:
    __slots__ = ("number", "sex", "birth", "death", "names", "father", "mother", "unions",
                 "children", "registered", "lives", "local", "id", "old_id", "id_since",
                 "old_birth", "phones", "nation", "household", "twin", "marks", "migrant_since")

    def __init__(self, number, sex, birth):
        self.number, self.sex, self.birth = number, sex, birth
        self.death, self.names = NEVER, []
        self.father = self.mother = self.twin = None
        self.unions, self.children, self.registered, self.lives = [], [], [], []
        self.local, self.id, self.old_id, self.id_since, self.old_birth = True, "", "", 0, 0
        self.phones, self.nation, self.household = [], "汉", ""
        self.marks, self.migrant_since = set(), 0

    def year(self):
        return date.fromordinal(self.birth).year

    def age(self, day):
        return (day - self.birth) / YEAR

    def alive(self, day):
        return self.birth <= day < self.death

    def name(self, day=LAST_DAY):
        found = self.names[0][1]
        for since, name in self.names:
            if since <= day:
                found = name
        return found

    def union(self, day):
        """The marriage on that day, or None."""
        for union in self.unions:
            if union.start <= day < union.end and union.of(self).alive(day):
                return union
        return None


class Union:
    __slots__ = ("husband", "wife", "start", "end", "children")

    def __init__(self, husband, wife, start):
        self.husband, self.wife, self.start, self.end = husband, wife, start, NEVER
        self.children = []

    def of(self, person):
        return self.wife if person is self.husband else self.husband


def latest(history, day):
    found = history[0]
    for item in history:
        if item.since <= day:
            found = item
    return found


class Numbers:
    """ID numbers by GB 11643-1999; each area and birth date counts its own sequence."""
    WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

    def __init__(self):
        self.taken = set()

    @classmethod
    def check(cls, first17):
        return "10X98765432"[sum(w * int(c) for w, c in zip(cls.WEIGHTS, first17)) % 11]

    def issue(self, rng, area, birth, sex):
        day = date.fromordinal(birth).strftime("%Y%m%d")
        while True:
            # a police station hands out a small range; the low numbers go first
            sequence = int(rng.random() ** 1.7 * 497) * 2 + 1 + (sex == "2")
            key = f"{area}{day}{sequence:03d}"
            if key not in self.taken:
                self.taken.add(key)
                return key + self.check(key)


class County:
    def __init__(self, rng, life):
        self.rng, self.life = rng, life
        self.people, self.unions, self.villages = [], [], []
        self.numbers = Numbers()
        self.brides, self.divorced = {}, {"1": [], "2": []}
        self.n_recordable = 0

    def chance(self, what):
        return self.rng.random() < self.life[what]

    # ---- persons ----

    def person(self, sex, birth, home=None, area=None):
        p = Person(len(self.people), sex, int(birth))
        self.people.append(p)
        self.set_death(p)
        p.local = home is not None
        p.registered.append(home or Home(0, area=area[0], place=area[1]))
        p.lives.append(p.registered[0])
        self.set_number(p, area[0] if area else None)
        self.n_recordable += p.death > date(2003, 1, 1).toordinal()
        return p

    def set_death(self, p):
        rng = self.rng
        if rng.random() < 0.035:
            age = rng.random() * 55
        else:
            age = min(105, max(18, rng.gauss(75 if p.sex == "1" else 80, 10)))
        day = p.birth + int(age * YEAR)
        p.death = day if day < LAST_DAY else NEVER

    def set_number(self, p, area):
        year = p.year()
        area = area or ("342523" if year < 2000 else OLD_COUNTY if year < 2019 else COUNTY)
        p.id = self.numbers.issue(self.rng, area, p.birth, p.sex)
        if year < 1990 and self.chance("number_changed"):
            # corrected between 1999 and 2013: the old one had another birth date, or was another's
            p.old_birth = p.birth
            if self.rng.random() < 0.6:
                p.old_birth += self.rng.choice((-365, 365, -30, 31, 10, -20, 200))
            p.old_id = self.numbers.issue(self.rng, area, p.old_birth, p.sex)
            p.id_since = date(1999, 10, 1).toordinal() + int(self.rng.random() * 13 * YEAR)

    def outsider(self, sex, birth, near=0.5):
        areas = NEAR if self.rng.random() < near else FAR
        code = self.rng.choice(list(areas))
        p = self.person(sex, birth, area=(code, areas[code]))
        p.lives = [Home(0, area=code, place=areas[code], street=self.street())]
        if code in ("653125", "513434") and self.rng.random() < 0.7:
            p.names = [(0, names.dotted(self.rng, sex))]
            p.nation = "维吾尔" if code == "653125" else "彝"
        else:
            p.names = [(0, names.surname(self.rng) + names.given(self.rng, sex, p.year()))]
            p.nation = "汉"
        self.set_change_of_name(p)
        return p

    def street(self):
        rng = self.rng
        return (f"{rng.choice('人民 建设 解放 团结 和平 迎春 中山 团山'.split())}路{rng.randrange(1, 300)}号"
                f"{rng.choice('阳光 锦绣 桃源 凤凰 天河 金桂'.split())}小区{rng.randrange(1, 40)}幢"
                f"{rng.randrange(1, 18)}0{rng.randrange(1, 5)}室")

    def set_change_of_name(self, p):
        if not self.chance("name_changed"):
            return
        day = p.birth + int(self.rng.random() * 40 * YEAR)
        if not date(1980, 1, 1).toordinal() < day < min(p.death, LAST_DAY):
            return
        family, own = names.split(p.names[0][1])
        if self.rng.random() < 0.15:
            family = names.surname(self.rng)
        else:
            own = names.given(self.rng, p.sex, p.year())
        p.names.append((day, family + own))

    def name_child(self, p, generation_char, not_first):
        rng, father, mother = self.rng, p.father, p.mother
        family = names.split(father.name(p.birth))[0]
        if "·" in father.names[0][1]:
            p.names = [(0, names.dotted(rng, p.sex))]
            p.nation = father.nation
            return
        if not_first and p.year() >= 2014 and "·" not in mother.names[0][1] and \
                self.chance("mothers_surname"):
            family = names.split(mother.name(p.birth))[0]
            p.marks.add("case_mothers_surname")
        siblings = father.children + mother.children
        taken = {names.split(c.names[0][1])[1] for c in siblings if c.names}
        own = self.given_name(p, father, generation_char)
        while own in taken:
            own = names.given(rng, p.sex, p.year())
        p.names = [(0, family + own)]
        self.set_change_of_name(p)

    def given_name(self, p, father, generation_char):
        rng = self.rng
        if p.twin:
            return self.twin_name(names.split(p.twin.names[0][1])[1], p)
        if self.chance("like_father") and p.sex == "1":
            return names.given(rng, p.sex, p.year(), names.split(father.names[0][1])[1][0])
        if generation_char and p.year() < 1990 and rng.random() < (0.75 if p.sex == "1" else 0.2):
            return names.given(rng, p.sex, p.year(), generation_char)
        return names.given(rng, p.sex, p.year())

    def twin_name(self, other, p):
        """子轩 and 子涵: one character apart, or of one kind."""
        new = names.given(self.rng, p.sex, p.year())
        if len(other) == 2 and self.rng.random() < 0.7:
            new = other[0] + new[-1] if self.rng.random() < 0.7 else new[0] + other[1]
        return new

    # ---- families ----

    def hamlet(self):
        rng = self.rng
        if not self.villages or self.villages[-1].hamlets == 10:
            self.villages.append(Village(len(self.villages)))
        village = self.villages[-1]
        village.hamlets += 1
        clans = [(names.surname(rng), self.generation_chars()) for _ in range(rng.randrange(1, 4))]
        queue, start = [], len(self.people)
        for house in range(1, 10):
            clan = rng.choice(clans) if rng.random() < 0.65 else (names.surname(rng), {})
            self.founders(Home(0, village, village.hamlets, house), clan, queue)
        while queue:
            _, _, p, clan = heapq.heappop(queue)
            if p.sex == "1":
                self.marry(p, clan, queue)
            else:
                self.brides.setdefault(p.year(), []).append(p)
        self.same_names(self.people[start:])

    def generation_chars(self):
        """The character that the men of one generation of a clan share (字辈)."""
        if self.rng.random() > 0.5:
            return {}
        chars = self.rng.sample("德永正世家国文明志光兴振云宗传继承绍祖大启", 6)
        return {i: char for i, char in enumerate(chars)}

    def founders(self, home, clan, queue):
        rng = self.rng
        birth = date(1920, 1, 1).toordinal() + int(rng.random() * 30 * YEAR)
        p = self.person("1", birth, home)
        p.names = [(0, clan[0] + names.given(rng, "1", p.year(), clan[1].get(0)))]
        heapq.heappush(queue, (p.birth, p.number, p, (clan, 0)))

    def marry(self, groom, clan, queue):
        rng = self.rng
        if not self.chance("man_marries"):
            return
        age = 20.5 + abs(rng.gauss(0, 2.5)) + max(0, groom.year() - 1965) * 0.09
        day = groom.birth + int(age * YEAR) + rng.randrange(200)
        if day >= min(LAST_DAY, groom.death):
            return
        self.union(groom, self.find_bride(groom, day), day, clan, queue)

    def find_bride(self, groom, day):
        rng = self.rng
        if rng.random() < self.life["local_bride"]:
            for _ in range(6):
                pool = self.brides.get(groom.year() + int(rng.gauss(1.5, 2)), ())
                if not pool:
                    continue
                # the last ones live nearest
                i = len(pool) - 1 - int(rng.random() ** 2.5 * len(pool))
                bride = pool[i]
                if bride.age(day) >= 18 and bride.alive(day) and not self.kin(groom, bride):
                    pool[i] = pool[-1]
                    pool.pop()
                    return bride
        birth = groom.birth + int(rng.gauss(1.5, 2) * YEAR)
        bride = self.outsider("2", min(birth, day - int(18 * YEAR)), near=0.65)
        bride.death = max(bride.death, day + 1000)
        return bride

    @staticmethod
    def kin(a, b):
        return (a.father is not None and a.father is b.father) or \
            (a.names[0][1][0] == b.names[0][1][0] and
             a.registered[0].village is b.registered[0].village)

    def union(self, husband, wife, day, clan, queue, children=None):
        rng = self.rng
        union = Union(husband, wife, day)
        self.unions.append(union)
        husband.unions.append(union)
        wife.unions.append(union)
        # a wife lives with the husband; her registration follows most times, some years later
        home = latest(husband.lives, day)
        self.add(wife.lives, Home(day, home.village, home.group, home.house, home.street, home.area,
                                  home.place))
        home = latest(husband.registered, day)
        if rng.random() < self.life["registration_follows"] and home.village:
            since = day + rng.randrange(30, 1500)
            if since < LAST_DAY:
                self.add(wife.registered, Home(since, home.village, home.group, home.house))
                wife.local = True
        if day > date(1985, 1, 1).toordinal() and self.chance("divorce"):
            union.end = day + int(-log(1 - rng.random()) * 9 * YEAR) + 200
        self.bear(union, clan, queue, children)
        self.after(union, clan, queue)

    @staticmethod
    def add(history, home):
        history.append(home)
        history.sort(key=lambda h: h.since)

    def n_children(self, wife):
        year = wife.year()
        mean = 4.3 if year < 1940 else 3.4 if year < 1950 else 2.5 if year < 1960 else \
            1.9 if year < 1970 else 1.55 if year < 1995 else 1.3
        n, left = 0, exp(-mean)
        u = self.rng.random() - left
        while u > 0 and n < 8:
            n += 1
            left *= mean / n
            u -= left
        return max(n, self.rng.random() < 0.85)

    def bear(self, union, clan, queue, children):
        rng, wife, husband = self.rng, union.wife, union.husband
        n = self.n_children(wife) if children is None else children
        day = union.start + rng.randrange(200, 1000)
        end = min(union.end + 200, wife.death, husband.death + 240, LAST_DAY, wife.birth + 16200)
        while n > 0 and day < end:
            twins = self.chance("twins")
            child = self.child(union, day, clan, queue, None)
            if twins:
                self.child(union, day, clan, queue, child)
            n -= 1 + twins
            day += rng.randrange(420, 1900)

    def child(self, union, day, clan, queue, twin):
        rng = self.rng
        sex = twin.sex if twin and rng.random() < 0.6 else "1" if rng.random() < 0.52 else "2"
        home = latest(union.husband.registered, day)
        if not home.village:
            home = latest(union.wife.registered, day)
        p = self.person(sex, day, home) if home.village else \
            self.person(sex, day, area=(home.area, home.place))
        live = latest(union.husband.lives, day)
        p.lives = [live]
        p.father, p.mother, p.twin = union.husband, union.wife, twin
        if twin:
            twin.twin = p
            twin.marks.add("case_twin")
            p.marks.add("case_twin")
        depth = clan[1] + 1
        self.name_child(p, clan[0][1].get(depth), bool(union.children))
        union.children.append(p)
        for parent in (union.husband, union.wife):
            parent.children.append(p)
        heapq.heappush(queue, (p.birth, p.number, p, (clan[0], depth)))
        return p

    def after(self, union, clan, queue):
        """What follows a divorce or a death: another marriage."""
        rng = self.rng
        end = min(union.end, union.husband.death, union.wife.death)
        if end >= LAST_DAY:
            return
        divorced = end == union.end
        for p in (union.wife, union.husband):
            if p.death <= end + 300 or p.age(end) > 58:
                continue
            day = end + int((0.7 + rng.random() * 6) * YEAR)
            if day >= min(LAST_DAY, p.death) or not self.chance(
                    "divorced_remarries" if divorced else "widowed_remarries"):
                continue
            if p.sex == "2":
                self.divorced["2"].append((day, p))
            else:
                self.union(p, self.find_divorced(p, day), day, clan, queue,
                           int(rng.random() < 0.35))

    def find_divorced(self, man, day):
        pool = self.divorced["2"]
        for i in range(len(pool) - 1, max(-1, len(pool) - 60), -1):
            free, woman = pool[i]
            if free <= day and woman.alive(day) and abs(woman.birth - man.birth) < 9 * YEAR \
                    and all(u.of(woman) is not man for u in woman.unions):
                pool.pop(i)
                return woman
        woman = self.outsider("2", man.birth + int(self.rng.gauss(2, 3) * YEAR), near=0.7)
        woman.death = max(woman.death, day + 1000)
        return woman

    def same_names(self, people):
        """A few are given the name of a neighbour of their age."""
        by_key = {}
        for p in people:
            if not p.local or len(p.names) > 1 or "·" in p.names[0][1]:
                continue
            key = p.sex, names.split(p.names[0][1])[0], p.year() // 4
            other = by_key.setdefault(key, p)
            brothers = p.father.children if p.father else ()
            if other is not p and self.chance("same_name") and \
                    all(c.names[0][1] != other.names[0][1] for c in brothers):
                p.names = list(other.names)

    # ---- where people go ----

    def settle(self):
        """Daughters who marry out, moves, work elsewhere, people from elsewhere, telephones."""
        for year in sorted(self.brides):
            for p in self.brides[year]:
                self.marry_out(p)
        for p in list(self.people):
            if p.local and p.alive(LAST_DAY):
                self.move(p)
        for _ in range(int(self.n_recordable * self.life["migrants_in"])):
            self.arrive()
        for p in self.people:
            self.set_phones(p)
        self.households()
        self.mark()

    def marry_out(self, p):
        rng = self.rng
        day = p.birth + int((20.5 + abs(rng.gauss(0, 2.5)) + max(0, p.year() - 1965) * 0.09) * YEAR)
        if day >= min(LAST_DAY, p.death) or rng.random() > 0.93:
            return
        husband = self.outsider("1", p.birth - int(rng.gauss(1.5, 2) * YEAR), near=0.6)
        husband.death = max(husband.death, day + 1000)
        union = Union(husband, p, day)
        self.unions.append(union)
        husband.unions.append(union)
        p.unions.append(union)
        home = husband.lives[0]
        self.add(p.lives, Home(day, None, area=home.area, place=home.place, street=home.street))
        if rng.random() < self.life["registration_follows"]:
            self.add(p.registered, Home(day + rng.randrange(30, 1500), None, area=home.area,
                                        place=home.place))

    def move(self, p):
        rng, age = self.rng, p.age(LAST_DAY)
        home = latest(p.lives, LAST_DAY)
        if not home.village:
            return
        working = 17 < age < 58
        u = rng.random()
        since = LAST_DAY - int(rng.random() ** 1.5 * 15 * YEAR)
        since = max(since, p.birth + int(17 * YEAR))
        if working and u < self.life["works_elsewhere"]:
            code = rng.choice(list(CITIES))
            self.add(p.lives, Home(since, None, area=code, place=CITIES[code],
                                   street=self.street()))
            p.migrant_since = since
        elif working and u < self.life["works_elsewhere"] + self.life["moves_inside"]:
            self.move_inside(p, since)

    def move_inside(self, p, since):
        rng = self.rng
        village = self.villages[rng.randrange(min(len(self.villages), 10))]
        home = Home(since, village, street=self.street())
        self.add(p.lives, home)
        p.migrant_since = since
        follow = rng.random() < 0.25
        if follow:
            self.add(p.registered, Home(since + 100, village, street=home.street))
        for child in p.children:
            if child.age(LAST_DAY) < 17 and rng.random() < 0.8:
                self.add(child.lives, Home(max(since, child.birth), village, street=home.street))
                child.migrant_since = max(since, child.birth)
                if follow:
                    self.add(child.registered, Home(max(since + 100, child.birth), village,
                                                    street=home.street))

    def arrive(self):
        rng = self.rng
        sex = "1" if rng.random() < 0.56 else "2"
        p = self.outsider(sex, LAST_DAY - int((18 + rng.random() ** 1.3 * 40) * YEAR), near=0.35)
        p.death = NEVER
        since = max(LAST_DAY - int(rng.random() ** 1.5 * 12 * YEAR), p.birth + int(16 * YEAR))
        village = self.villages[rng.randrange(min(len(self.villages), 15))]
        p.lives.append(Home(since, village, street=self.street()))
        p.migrant_since = since

    # ---- telephones, households, marks ----

    def set_phones(self, p):
        rng = self.rng
        day = max(p.birth + int(14 * YEAR), date(2000, 1, 1).toordinal())
        day += int(rng.random() * 5 * YEAR)
        if p.age(LAST_DAY) > 78 and rng.random() < 0.55:
            return  # uses a child's
        while day < min(p.death, LAST_DAY):
            p.phones.append((day, "1" + rng.choice("35789") + f"{rng.randrange(10 ** 9):09d}"))
            day += int(-log(1 - rng.random()) * 10 * YEAR) + 100

    def phone(self, p, day):
        found = ""
        for since, number in p.phones:
            if since <= day:
                found = number
        if found:
            return found
        near = [x for x in (p.mother, p.father) if x and x.alive(day)] + \
               [c for c in p.children if c.alive(day)]
        for other in near:
            for since, number in other.phones:
                if since <= day:
                    return number
        return ""

    def households(self):
        """The police register's households (户号), as of the last day."""
        serial = 0
        for p in self.people:
            if not p.local or p.household:
                continue
            if p.sex == "2" and p.unions and p.unions[-1].husband.local:
                continue
            if p.age(min(LAST_DAY, p.death)) < 25 and p.father is not None and p.father.local \
                    and not p.unions:
                continue
            serial += 1
            p.household = f"{100000000 + serial * 7 + self.rng.randrange(7):09d}"
        for p in self.people:
            if p.local and not p.household:
                self.join(p)
        for p in self.people:
            if p.local and p.household and p.age(LAST_DAY) > 60 and self.rng.random() < 0.5:
                sons = [c for c in p.children if c.sex == "1" and c.local and c.alive(LAST_DAY)]
                if p.sex == "1" and sons:
                    old, p.household = p.household, sons[-1].household
                    for union in p.unions:
                        if union.wife.household == old:
                            union.wife.household = p.household

    def join(self, p):
        if p.sex == "2" and p.unions and p.unions[-1].husband.household:
            p.household = p.unions[-1].husband.household
        elif p.father and p.father.household and not p.unions:
            p.household = p.father.household
        elif p.mother and p.mother.household:
            p.household = p.mother.household
        else:
            p.household = f"{700000000 + p.number:09d}"

    def mark(self):
        """Circumstances that make a person hard to tell from another, or from an earlier self."""
        by_name = {}
        for p in self.people:
            if len(p.names) > 1:
                p.marks.add("case_name_changed")
            if len(p.unions) > 1:
                p.marks.add("case_remarried")
            if p.old_id:
                p.marks.add("case_number_changed")
            if p.father and self.near(p.names[0][1], p.father.names[0][1]):
                p.marks.add("case_like_parent")
                p.father.marks.add("case_like_parent")
            village = p.lives[-1].village or p.registered[-1].village
            if village:
                key = p.names[-1][1], p.sex, village.suffix
                by_name.setdefault(key, []).append(p)
        for group in by_name.values():
            group.sort(key=lambda p: p.birth)
            for a, b in zip(group, group[1:]):
                if b.birth - a.birth < 4 * YEAR:
                    a.marks.add("case_same_name_neighbour")
                    b.marks.add("case_same_name_neighbour")

    @staticmethod
    def near(a, b):
        """One character apart; of two characters, the surname alone says nothing."""
        return a == b or len(a) == len(b) > 2 and sum(x != y for x, y in zip(a, b)) == 1


def make(rng, life, n_persons):
    county = County(rng, life)
    # daughters who marry out bring husbands from outside; 91 in 100 of all stand in some file
    appear = 0.912
    while appear * (county.n_recordable * (1 + life["migrants_in"]) +
                    sum(map(len, county.brides.values())) * 0.45) < n_persons:
        county.hamlet()
    county.settle()
    return county
