"""Invented flats in real estates and streets, in the many ways addresses are written; other cities' addresses too."""

from __future__ import annotations

import importlib
from functools import cache
from random import Random

import faker.config
from people import lines

DISTRICTS = [line.split("|") for line in lines("districts.txt")]
ESTATES = [line.split("|") for line in lines("estates.txt")]
STREETS = [line.split("|") for line in lines("streets.txt")]
ENGLISH_OF = {d[0]: d[1] for d in DISTRICTS}
REGION = ["香港", "九龍", "新界", "九龙"]
BLOCK = "愛安保寶彩昌長翠大德東恩發豐富福高廣海浩和恒紅華家嘉建健錦景敬俊康樂利良麗龍隆美明寧培平瑞善仁盛順泰天田同偉慧興秀雅仰耀怡逸盈永祐玉悅雲澤喜祥欣賢"
BUILDING = "永新金東南中華廣恆寶福祥昌興隆國際海港環球太平洋維德萬年光明美麗皇后大同聯合利豐宏達騰龍富麗怡和置地"
MAINLAND = "北京市朝阳区建国路|上海市浦东新区世纪大道|广州市天河区天河路|深圳市南山区科技园南路|深圳市福田区深南大道|珠海市香洲区吉大路|东莞市南城区鸿福路|佛山市禅城区季华路|杭州市西湖区文三路|成都市武侯区人民南路|武汉市洪山区珞喻路|厦门市思明区湖滨南路|南京市鼓楼区中山路|重庆市渝中区解放碑|台北市信義區信義路五段|台北市大安區忠孝東路四段|新北市板橋區文化路一段|高雄市左營區博愛二路|台中市西屯區台灣大道三段|澳門高士德大馬路|澳門氹仔成都街|澳門新口岸宋玉生廣場".split(
    "|"
)
DIGITS = "一二三四五六七八九十"


def _number(random: Random, top: int = 400) -> str:
    return str(random.randint(1, top))


def _flat(random: Random) -> str:
    return random.choice(
        [
            random.choice("ABCDEFGH"),
            str(random.randint(1, 30)),
            f"{random.randint(1, 40)}{random.randint(1, 30):02d}",
            f"{random.randint(1, 35)}{random.choice('ABCDEF')}",
        ]
    )


def _floor_z(random: Random) -> str:
    number = random.randint(1, 48)
    roll = random.random()
    if roll < 0.7:
        return f"{number}樓"
    if roll < 0.8:
        return f"{number}/F"
    if roll < 0.9:
        tens = (
            ("" if number < 20 else DIGITS[number // 10 - 1])
            + ("十" if number > 9 else "")
            + (DIGITS[number % 10 - 1] if number % 10 else "")
        )
        return f"{tens}樓"
    return random.choice(["地下", "地庫", "1字樓", "閣樓", "高層", "G/F", "平台"])


def unit_z(random: Random) -> str:
    flat, roll = _flat(random), random.random()
    if roll < 0.55:
        return _floor_z(random) + flat + random.choice(["室", "室", "室", "", "號室", "單位", "號舖", "座"])
    if roll < 0.8:
        return f"{random.randint(1, 40)}{random.randint(1, 30):02d}室"
    if roll < 0.9:
        return f"{random.randint(2, 40)}{random.choice('ABCDEFGH')}{random.choice(['', '室'])}"
    return random.choice(
        [
            f"地下{random.randint(1, 60)}號舖",
            f"{flat}室{_floor_z(random)}",
            f"B{random.randint(1, 3)}層{random.randint(1, 99)}號車位",
            f"{random.randint(1, 12)}樓全層",
        ]
    )


def building_z(random: Random) -> str:
    name = random.choice(BUILDING) + random.choice(BUILDING)
    return name + random.choice(
        ["大廈", "中心", "廣場", "工業大廈", "商業大廈", "大樓", "閣", "居", "軒", "樓", "工業中心", "商場"]
    )


def block_z(random: Random) -> str:
    roll = random.random()
    if roll < 0.45:
        return f"{random.randint(1, 20)}座"
    if roll < 0.55:
        return f"{random.choice('ABCDEFGH')}座"
    if roll < 0.62:
        return f"第{random.choice([str(random.randint(1, 12)), random.choice(DIGITS)])}座"
    return random.choice(BLOCK) + random.choice(BLOCK) + random.choice(["樓", "樓", "閣", "軒", "苑"])


def _estate(random: Random) -> list[str]:
    if random.random() < 0.72:
        return random.choice(ESTATES)
    name = (
        random.choice(BLOCK)
        + random.choice(BLOCK)
        + random.choice(["邨", "苑", "花園", "新邨", "村", "灣", "半島", "豪園", "山莊", "臺", "庭園", "居"])
    )
    return [
        name,
        f"{random.choice(WORDS)} {random.choice(['Court', 'Estate', 'Garden', 'Villa', 'Terrace', 'Heights'])}",
        random.choice(DISTRICTS)[0],
    ]


WORDS = "Wing Fu Tai Kwong Hing Fung Yee Wah Lok Sun Kam Ming Tak Wai Man Yuet Po Shing Cheung Lung Golden Harbour Pacific Ocean Imperial Grand Royal Metro City Green Sunny Bright Silver Parkview Hillside Riverside".split()


def _prefix_z(random: Random, district: str) -> str:
    roll = random.random()
    if roll < 0.35:
        return district
    if roll < 0.65:
        return random.choice(REGION[:3]) + district
    return random.choice(REGION[:3]) if roll < 0.72 else ""


def chinese(random: Random) -> str:
    roll = random.random()
    if roll < 0.42:
        estate = _estate(random)
        parts = [_prefix_z(random, estate[2]), estate[0]]
        if random.random() < 0.8:
            parts.append(block_z(random))
        if random.random() < 0.85 or len(parts) == 2:
            parts.append(unit_z(random))
        return _joined_z(random, parts)
    if roll < 0.80:
        street = (
            random.choice(STREETS) if random.random() < 0.8 else [_street_z(random), "", random.choice(DISTRICTS)[0]]
        )
        number = _number(random) + random.choice(
            ["號", "號", "號", f"-{random.randint(401, 420)}號", "A號", "號", "号"]
        )
        parts = [_prefix_z(random, street[2]), street[0] + number]
        if random.random() < 0.5:
            parts.append(building_z(random))
        if random.random() < 0.8:
            parts.append(unit_z(random))
        return _joined_z(random, parts)
    if roll < 0.86:
        return block_z(random) + unit_z(random)
    if roll < 0.89:
        return village_z(random)
    if roll < 0.93:
        return _joined_z(random, [_prefix_z(random, random.choice(DISTRICTS)[0]), building_z(random), unit_z(random)])
    tail = f"{_number(random)}號" + random.choice(
        [
            "",
            f"{random.randint(1, 30)}栋{random.randint(1, 33)}0{random.randint(1, 8)}室",
            f"{random.randint(1, 30)}樓之{random.randint(1, 9)}",
            f"{random.randint(1, 30)}层",
            f"{random.randint(2, 20)}号楼{random.randint(1, 6)}单元{random.randint(101, 2808)}",
        ]
    )
    return random.choice(MAINLAND) + tail


VILLAGE = "水頭 上 下 新 大 老 田心 圍仔 白牛石上 沙江 屏山 廈 輞井 厦 坪輋 丙崗 蕉徑 大埔頭 南坑 碗窰 林 元墩下 西徑 北港 蠔涌 井欄樹 大坑口 排棉角 上花山 木橋頭 逢吉 錦慶 石湖塘 大江埔 橫台山 泰康 水尾 沙埔 高埔".split()


def village_z(random: Random) -> str:
    """A house or lot in the New Territories."""
    head = random.choice(["", "新界"]) + random.choice(
        "元朗 錦田 八鄉 屏山 廈村 大埔 林村 粉嶺 打鼓嶺 沙頭角 上水 西貢 沙田 屯門 荃灣 大嶼山 梅窩 南丫島 長洲 坪洲 流浮山".split()
    )
    house = f"{random.randint(1, 300)}{random.choice(['', '', 'A', 'B'])}號" + random.choice(
        ["", "", "地下", "1樓", "2樓", "3樓天台", "2/F"]
    )
    lot = f"{random.choice(['DD', 'D.D.', '丈量約份第'])}{random.randint(1, 130)}{random.choice(['', '約'])}{random.choice(['地段', ' Lot ', ' LOT '])}{random.randint(1, 2999)}號"
    return head + (random.choice(VILLAGE) + "村" + house if random.random() < 0.8 else lot)


def village_e(random: Random) -> str:
    name = f"{random.choice(WORDS)} {random.choice(WORDS)} {random.choice(['Tsuen', 'Village', 'Wai', 'San Tsuen'])}"
    head = random.choice(
        [
            f"House {random.randint(1, 200)}",
            f"No. {random.randint(1, 300)}{random.choice('AB')}",
            f"{random.randint(1, 300)}",
            f"G/F, {random.randint(1, 200)}",
            f"2/F, House {random.randint(1, 90)}",
        ]
    )
    if random.random() < 0.15:
        return f"Lot {random.randint(1, 2999)} in DD{random.randint(1, 130)}, {random.choice(DISTRICTS)[1]}"
    return (
        f"{head}{random.choice([',', ''])} {name}, {random.choice(['Sai Kung', 'Yuen Long', 'Tai Po', 'Fanling', 'Lantau', 'Sha Tin', 'Lamma Island', 'Tuen Mun'])}"
        + random.choice(["", ", N.T.", ", New Territories"])
    )


def _street_z(random: Random) -> str:
    return random.choice(BLOCK) + random.choice(BLOCK) + random.choice(["街", "道", "路", "里", "徑", "坊"])


def _joined_z(random: Random, parts: list[str]) -> str:
    parts = [p for p in parts if p]
    return (" " if random.random() < 0.06 else "").join(parts)


def unit_e(random: Random) -> str:
    flat, floor = _flat(random), random.randint(1, 48)
    roll = random.random()
    if roll < 0.25:
        return f"{random.choice(['Flat', 'Flat', 'Rm', 'Room', 'Unit'])} {flat}, {floor}/F"
    if roll < 0.45:
        return f"{random.choice(['Flat', 'Room', 'Unit', 'Rm', 'Suite', 'Shop', 'Apt'])} {flat}"
    if roll < 0.6:
        return f"{floor}/F"
    if roll < 0.7:
        return f"Flat {random.choice('ABCDEFGH')} {floor}/F"
    if roll < 0.8:
        return f"{floor}{random.choice('ABCDEFGH')}"
    return random.choice(
        [
            f"Flat {flat}, {floor}th Floor",
            "G/F",
            f"Shop {random.randint(1, 90)}, G/F",
            f"Room {floor}{random.randint(1, 20):02d}",
            f"{floor}th floor",
            f"FLAT {random.choice('ABCDEF')} {floor}/F",
        ]
    )


def block_e(random: Random) -> str:
    return random.choice(
        [
            f"Block {random.choice([str(random.randint(1, 20)), random.choice('ABCDEFGH')])}",
            f"Tower {random.randint(1, 12)}",
            f"Blk {random.randint(1, 20)}",
            f"{random.choice(WORDS)} {random.choice(WORDS)} House",
            f"{random.choice(WORDS)} {random.choice(WORDS)} Court",
            f"Phase {random.randint(1, 4)}, Tower {random.randint(1, 9)}",
        ]
    )


def building_e(random: Random) -> str:
    return f"{random.choice(WORDS)} {random.choice(WORDS)} {random.choice(['Building', 'Centre', 'Plaza', 'Mansion', 'House', 'Tower', 'Industrial Building', 'Commercial Building', 'Factory Building', 'Court'])}"


def english(random: Random) -> str:
    roll = random.random()
    if roll < 0.36:
        estate = _estate(random)
        parts = [unit_e(random)] + ([block_e(random)] if random.random() < 0.6 else []) + [estate[1]]
        if random.random() < 0.15 and len(parts) == 3:
            parts = [parts[0], f"{parts[2]} {parts[1]}"]
        district = estate[2]
    elif roll < 0.76:
        street = random.choice(STREETS)
        line = f"{_number(random)} {street[1]}"
        if random.random() < 0.1:
            line = "No. " + line
        parts = (
            ([unit_e(random)] if random.random() < 0.75 else [])
            + ([building_e(random)] if random.random() < 0.5 else [])
            + [line]
        )
        district = street[2]
    elif roll < 0.81:
        return ", ".join([unit_e(random), block_e(random)])
    elif roll < 0.85:
        return village_e(random)
    elif roll < 0.865:
        return f"{random.choice(['P.O. Box', 'PO Box', 'GPO Box'])} {random.randint(10, 99999)}, {random.choice(DISTRICTS)[1]}"
    else:
        return abroad(random)
    if random.random() < 0.8:
        parts.append(ENGLISH_OF.get(district, "Kowloon"))
    if random.random() < 0.3:
        parts.append(
            random.choice(["Hong Kong", "Kowloon", "N.T.", "New Territories", "HK", "KLN", "NT", "Hong Kong SAR"])
        )
    glue = random.choices([", ", ",\n", "\n", " "], [82, 8, 4, 6])[0]
    return glue.join(parts)


@cache
def _fakers() -> list[tuple[str, faker.Faker]]:
    """Those of Italy draw from a set, in another order each time."""
    known = [each for each in faker.config.AVAILABLE_LOCALES if not each.startswith("it_") and _has_latin(each)]
    return [(each, faker.Faker(each)) for each in known]


def _has_latin(locale: str) -> bool:
    try:
        importlib.import_module(f"faker.providers.address.{locale}")
    except ImportError:
        return False
    fake = faker.Faker(locale)
    fake.seed_instance(1)
    text = "".join(fake.address() for _ in range(5))
    return ord(max(text)) < 0x250


def abroad(random: Random) -> str:
    """An address in the manner of another country."""
    locale, fake = random.choice(_fakers())
    fake.seed_instance(random.randrange(1 << 30))
    roll = random.random()
    if roll < 0.35:
        text = fake.address()
    elif roll < 0.6:
        text = fake.street_address()
    elif roll < 0.9:
        text = f"{fake.street_address()}\n{random.choice([' Suite', ' Apt.'])} {random.randint(1, 999)}\n {fake.city()}{random.choice(['', f', {fake.country_code()}'])}\n {fake.country()} {fake.postcode()}"
    else:
        text = f"{random.randint(1, 99999)} {fake.street_name()} {random.choice(['', 'Apt. ' + str(random.randint(1, 999)), 'Suite ' + str(random.randint(1, 999))])}".strip()
    return text if random.random() < 0.5 else text.replace("\n", random.choice([", ", ", ", "\n    ", "\n ", " "]))


def company(random: Random) -> str:
    """A company's name in the manner of another country."""
    _, fake = random.choice(_fakers())
    fake.seed_instance(random.randrange(1 << 30))
    name: str = fake.company()
    return name


def city(random: Random) -> str:
    locale, fake = random.choice(_fakers())
    fake.seed_instance(random.randrange(1 << 30))
    roll = random.random()
    name = fake.city() if roll < 0.6 else fake.country() if roll < 0.9 else fake.country_code()
    return name.upper() if random.random() < 0.2 else name


def street_bare_z(random: Random) -> str:
    return random.choice(STREETS)[0]


def street_bare_e(random: Random) -> str:
    return random.choice(STREETS)[1]
