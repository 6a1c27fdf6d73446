"""Names of Han people and of a few others, by generation and sex. Written down by hand for this
program: common surnames with rough shares, and characters in the order in which each generation
likes them. Nothing here is a list of real persons."""

from bisect import bisect
from itertools import accumulate

SURNAMES = {  # persons in a thousand, about; a county is made of clans, see people.py
    **dict.fromkeys("王李张", 66), **dict.fromkeys("刘陈", 47), **dict.fromkeys("杨黄", 28),
    **dict.fromkeys("赵吴周", 20), **dict.fromkeys("徐孙马朱胡", 13),
    **dict.fromkeys("郭何林高罗", 10), **dict.fromkeys("郑梁谢宋唐许", 7),
    **dict.fromkeys("韩冯邓曹彭曾肖田董潘袁", 5), **dict.fromkeys("蔡蒋余于杜叶程魏苏吕丁", 4),
    **dict.fromkeys("任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛", 3),
    **dict.fromkeys("闫段雷钱汤易常武赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛", 2),
    **dict.fromkeys("毛柳祝纪童凌关詹涂曲左齐万史龙贺顾郝尚伍向查甘单仇覃戴蓝阮", 1),
    **dict.fromkeys(("欧阳", "上官", "诸葛", "司马", "皇甫"), 0.6),
}

# [sex][generation]: first of two characters, second of two, alone
GENERATIONS = (1950, 1970, 1985, 2000)
GIVEN = {
    "1": (
        ("德福长金家国玉永明正文世守有仁义先庆连光学志兴士振云宗万广天继开朝大炳少",
         "才贵财富发荣生林山海云堂明仁根元清祥喜和银法友余田成保礼顺祖华民", "福贵林山根义"),
        ("建国志卫红永学文军爱新社跃和光正世明家长春大根金小德庆广继少松水祥",
         "国军华平民生明强林荣东新海根才良发春祥峰兵忠革社友余安来宝贵胜保", "军平明强华兵"),
        ("志建国文小海永春红晓学立卫俊宏祥庆新世明家振长成少光",
         "军强勇华平明伟东峰辉林刚斌兵波荣涛祥生国海春飞龙杰", "伟勇军强刚平斌辉波涛峰林兵华杰明亮飞进俊松"),
        ("文志晓海建俊小家明永少世成嘉国振立学宇",
         "杰强伟飞鹏龙浩辉超宇峰凯明亮军涛斌健华文阳磊洋林", "磊超鹏浩杰凯伟涛俊宇飞亮鑫斌强帅健龙阳洋博旭峰辉"),
        ("子梓浩宇俊天嘉文雨晨思铭奕泽一皓家佳明睿博轩",
         "轩涵宇豪杰睿泽然博浩辰阳晨琪恒航熙铭宸瑞逸翔源", "睿轩博宇浩晨涵航帆")),
    "2": (
        ("秀桂玉兰凤菊翠金素月春巧小水银彩腊荷莲先正大文",
         "英兰珍芳香花莲娥珠云秀梅凤红琴美华贞女玉清仙枝妹", "英兰珍凤莲"),
        ("秀玉桂春爱小建红美金凤翠冬月腊文素云丽巧国水荷",
         "英兰芳珍红香华萍琴梅花莲玲云珠娥凤霞平美芬娟", "英芳梅萍玲霞"),
        ("小丽红春晓海玉秀美爱冬文燕雪金艳建志月",
         "红芳霞梅萍琴丽燕华玲英艳娟敏云平琼莲香", "芳丽敏静红艳霞萍娟燕玲琴英梅莉勤洁"),
        ("晓丽小婷雪海文佳慧玉梦春晶思雅倩",
         "婷娟丽霞玲燕琴静萍敏芳艳倩慧雯娜洁云莉琳", "婷静丽倩敏娟雪燕玲洁慧娜丹莉艳莹琳芳萍"),
        ("雨梓欣诗思佳子语一梦雅可紫嘉怡若晨奕",
         "涵萱怡欣琪彤瑶妍曦宁晴雯悦晗琳菲诺萌", "欣悦怡彤瑶萱")),
}
ALONE = {"1": (0.08, 0.14, 0.36, 0.38, 0.12), "2": (0.06, 0.12, 0.34, 0.38, 0.10)}

RARE = {"玥": "yue", "喆": "zhe", "珺": "jun", "昇": "sheng", "堃": "kun", "翀": "chong",
        "赟": "yun", "彧": "yu", "頔": "di", "玹": "xuan", "晞": "xi", "旻": "min", "婳": "hua",
        "瑄": "xuan", "琰": "yan", "璟": "jing", "煊": "xuan", "祎": "yi", "犇": "ben",
        "垚": "yao", "骉": "biao", "龑": "yan", "嬅": "hua", "㛃": "jie", "䶮": "yan",
        "淏": "hao", "烜": "xuan", "甡": "shen", "劼": "jie", "翃": "hong"}
RARE_SHARE = (0.004, 0.004, 0.006, 0.015, 0.045)  # of given names, by generation

# names of a few families from elsewhere, with parts of their own
DOTTED = {"1": ("买买提", "艾力", "吐尔逊", "阿不都", "玉素甫", "扎西", "木呷", "拉吉"),
          "2": ("阿依古丽", "古丽娜尔", "热孜万", "帕提古丽", "阿米娜", "卓玛", "阿呷", "伍呷")}
DOTTED_LAST = ("艾合买提", "吐尔逊", "买买提", "热合曼", "卡德尔", "吉克", "阿苏", "沙马")

SAME_SOUND = """伟卫维炜玮 军君钧均 红宏洪鸿虹弘 英瑛莹颖樱 平萍苹屏 芳方 华桦 志智治致 明鸣铭名
丽莉利立力 霞侠夏 燕艳彦雁 玲铃灵凌 兰岚蓝 珍贞真桢 敏民闽 静晶景敬婧 波博 涛滔 辉晖徽 杰洁捷
飞菲非 勇永咏 建健剑 秀绣 梅美媚 荣容蓉融 福富夫 贵桂 金今津 玉钰育裕 生升声胜 林琳霖麟 峰锋丰枫
佳嘉家加 欣鑫新心馨 宇雨羽语 子紫梓 涵晗寒 怡宜依一 轩宣萱 晨辰臣宸 浩昊皓豪 诗思斯 婷亭庭廷
雪学 倩茜 琴芹勤 文闻雯 东冬 成诚城程 龙隆 义毅艺奕 长常昌 清青庆 云芸 香祥湘 凤风丰 根跟 全泉权
兴星幸 才财材 旺望 顺舜 连莲联 仁人 忠中钟 树书淑 素苏 巧俏 月悦越 田甜 瑶遥 琪奇其 睿瑞 泽则
小晓 世士仕 水税 爱艾 大达 少绍 社设 春纯 松嵩 斌彬宾 刚钢 超朝 鹏朋 凯恺 磊雷 强墙 洋阳扬 亮良
慧惠会 雅亚 梦孟 娜那 倩欠 妍言研 彤童 曦希熙 宁凝 菲飞 航杭 铭明 恒衡 逸易 翔祥""".split()
SURNAME_SOUND = {"徐": "许", "许": "徐", "江": "姜", "姜": "江", "余": "于", "于": "余",
                 "俞": "余", "王": "汪", "汪": "王", "吴": "武", "武": "吴", "刘": "柳",
                 "肖": "萧", "付": "傅", "闫": "阎", "戴": "代", "邱": "丘", "章": "张",
                 "张": "章", "程": "陈", "陈": "程", "蓝": "兰", "兰": "蓝", "芦": "卢",
                 "卢": "芦", "石": "时", "周": "邹", "邹": "周", "黄": "王", "何": "贺"}
SHAPE = dict(pair for group in """玲铃 明朋 永水 芳芬 红江 莉利 玉王 金全 义叉 士土 英莫 秀季 春舂
凤风 桂佳 贵责 财材 根恨 荣莱 学字 军车 伟传 俊峻 浩洁 萱董 涵函 怡治 琪棋 瑶摇 轩杆 晗晴 彤丹 妍研
昊吴 琳淋 霞露 平乎 生主 云去 天夫 大太 文丈 正止 先光 家冢 志忐 建健 华毕 林材 兰三 梅海 婷停 娟捐
敏海 静睁 强张 勇男 杰点 超起 宇字 博傅 子了 雨两 思恩 欣砍 诗待 晨晟 泽译 梓锌 海梅 小少 新析 国固
德得 福富 长张 庆床 连莲 珍诊 香查 花茶 珠株 琴芩 清请 荷苛 丽两 燕蒸 雪雷""".split()
             for pair in (group, group[::-1]))
TRADITIONAL = dict(zip(
    "国华兰凤贵荣张陈刘杨赵吴马孙罗郑谢韩冯许邓蒋叶苏卢钟谭陆顾万钱汤龙强军学庆义财发云红丽静宝东"
    "长胜兴树银爱莲连宁飞杰涛伟辉贞锋铃齐贤",
    "國華蘭鳳貴榮張陳劉楊趙吳馬孫羅鄭謝韓馮許鄧蔣葉蘇盧鐘譚陸顧萬錢湯龍強軍學慶義財發雲紅麗靜寶東"
    "長勝興樹銀愛蓮連寧飛傑濤偉輝貞鋒鈴齊賢"))
CHILD_NAMES = ("大毛", "二毛", "小毛", "毛毛", "宝宝", "小宝", "二宝", "妞妞", "丫丫", "豆豆", "老三",
               "老四", "二丫", "大妹", "三妹", "狗子", "石头", "冬瓜")


class Chooser:
    """One of `items` by weight; by falling rank where no weights are given."""

    def __init__(self, items, weights=None):
        self.items = list(items)
        weights = weights or [(i + 1) ** -0.6 for i in range(len(self.items))]
        self.sums = list(accumulate(weights))

    def __call__(self, rng):
        return self.items[bisect(self.sums, rng.random() * self.sums[-1])]


surname = Chooser(SURNAMES, list(SURNAMES.values()))
_given = {sex: [tuple(Chooser(chars) for chars in row) for row in rows]
          for sex, rows in GIVEN.items()}
_rare = Chooser(RARE)
_same_sound = {}
for _group in SAME_SOUND:
    for _char in _group:
        _same_sound.setdefault(_char, _group)


def generation(year):
    return bisect(GENERATIONS, year)


def given(rng, sex, year, keep=None):
    """`keep`: the character that brothers or a father and his son have in common."""
    g = generation(year)
    first, second, alone = _given[sex][g]
    if keep:
        other = second(rng)
        return keep + other if other != keep else keep + "生"
    if rng.random() < RARE_SHARE[g]:
        rare = _rare(rng)
        return rare if rng.random() < 0.5 else first(rng) + rare
    if rng.random() < ALONE[sex][g]:
        return alone(rng)
    one, two = first(rng), second(rng)
    while g < 4 and one == two and rng.random() < 0.9:
        two = second(rng)
    return one + two


def split(full):
    n = 2 if full[:2] in SURNAMES else 1
    return full[:n], full[n:]


def dotted(rng, sex):
    return rng.choice(DOTTED[sex]) + "·" + rng.choice(DOTTED_LAST)


def _replace(rng, text, table):
    places = [i for i, char in enumerate(text) if char in table]
    if not places:
        return None
    i = rng.choice(places)
    options = [char for char in table[text[i]] if char != text[i]]
    return text[:i] + rng.choice(options) + text[i + 1:]


def same_sound(rng, full):
    family, own = split(full)
    changed = _replace(rng, own, _same_sound)
    return changed and family + changed


def other_surname(rng, full):
    return SURNAME_SOUND[full[0]] + full[1:] if full[0] in SURNAME_SOUND else None


def same_shape(rng, full):
    family, own = split(full)
    changed = _replace(rng, own, SHAPE)
    return changed and family + changed


def transposed(rng, full):
    family, own = split(full)
    return family + own[::-1] if len(own) == 2 and own[0] != own[1] else None


def short(rng, full):
    family, own = split(full)
    return family + own[rng.random() < 0.6] if len(own) == 2 else None


def nickname(rng, full):
    family, own = split(full)
    kind = rng.random()
    if kind < 0.35:
        return family + "小" + own[-1]
    if kind < 0.55:
        return family + own[-1] * 2
    if kind < 0.7:
        return "阿" + own[-1]
    return (family if rng.random() < 0.6 else "") + rng.choice(CHILD_NAMES)


def traditional(rng, full):
    changed = "".join(TRADITIONAL.get(char, char) for char in full)
    return changed if changed != full else None


def blank(rng, full):
    return full[0] + rng.choice((" ", "  ", "　")) + full[1:] if len(full) == 2 else None


def note(rng, full):
    return full + rng.choice(("(户主)", "（已故）", "(外出)", "（大）", "1"))


def without_rare(rng, full):
    """What becomes of a character that a program cannot write."""
    for i, char in enumerate(full):
        if char in RARE:
            put = rng.choice((RARE[char], RARE[char].upper(), "?", "□", "*", " ", ""))
            return full[:i] + put + full[i + 1:]
    return None
