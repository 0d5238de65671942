"""What the slots of a template are filled with: a person, a place, an address, a thing; `SLOTS` names them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import addresses
import eponyms
import fillers
import machine
import orgs
import people
import salad


def person_z(random: Random) -> str:
    roll = random.random()
    if roll < 0.46:
        return people.chinese(random)
    if roll < 0.70:
        return people.chinese_titled(random)
    if roll < 0.92:
        return people.nickname(random)
    return random.choice(people.PUBLIC_Z) if roll < 0.97 else people.given(random)


def full_z(random: Random) -> str:
    return random.choice(people.PUBLIC_Z) if random.random() < 0.04 else people.chinese(random)


def person_e(random: Random) -> str:
    return people.noisy(random, people.english_full(random) if random.random() < 0.6 else people.first_name(random))


def person_m(random: Random) -> str:
    roll = random.random()
    return (
        person_z(random)
        if roll < 0.6
        else people.noisy(random, people.first_name(random))
        if roll < 0.82
        else people.english_full(random)
    )


def place_z(random: Random) -> str:
    roll = random.random()
    if roll < 0.36:
        return random.choice(addresses.DISTRICTS)[0]
    if roll < 0.56:
        return random.choice(people.lines("places_zh.txt"))
    if roll < 0.78:
        return random.choice(COUNTRIES)
    return (
        random.choice(addresses.ESTATES)[0]
        if roll < 0.88
        else random.choice(addresses.STREETS)[0]
        if roll < 0.92
        else venue_z(random)
    )


def venue_z(random: Random) -> str:
    """A place to meet: no address, though it has a floor."""
    name = random.choice(VENUES) if random.random() < 0.7 else addresses.building_z(random)
    floor = random.choice(
        [
            "",
            "",
            f"{random.randint(1, 12)}樓",
            "地下",
            "L3",
            "大堂",
            "門口",
            "A出口",
            "平台",
            f"{random.randint(1, 9)}/F",
            "停車場",
        ]
    )
    return random.choice(["", random.choice(addresses.DISTRICTS)[0]]) + name + floor


VENUES = "朗豪坊 時代廣場 又一城 海港城 圓方 太古廣場 ifc IFC商場 K11 希慎廣場 MegaBox APM 新城市廣場 荃灣廣場 青衣城 屯門市廣場 形點 東薈城 國際金融中心 會展 紅館 亞博館 大會堂 中央圖書館 維園 公園 圖書館 體育館 泳池 街市 球場 酒店 商場 戲院 會所 禮堂 活動室 課室 飯堂 診所 急症室 辦公室 會議室".split()


COUNTRIES = "香港 中國 日本 韓國 台灣 台北 東京 大阪 首爾 曼谷 泰國 英國 倫敦 美國 紐約 加拿大 多倫多 溫哥華 澳洲 悉尼 墨爾本 法國 巴黎 德國 意大利 新加坡 馬來西亞 越南 深圳 廣州 北京 上海 澳門 珠海 東莞 福建 內地 大陸 歐洲 印度 菲律賓 印尼 俄羅斯 烏克蘭 西班牙 瑞士 荷蘭 杭州 成都 重慶 武漢 南京 沖繩 北海道 濟州 清邁 峇里 杜拜 埃及 巴西 阿根廷 墨西哥 南非 中東 非洲 美 日 英 法 俄 韓".split()
COUNTRIES_E = "Hong Kong|China|Japan|Tokyo|Osaka|Korea|Seoul|Taiwan|Taipei|Thailand|Bangkok|Singapore|Malaysia|London|England|UK|the UK|USA|the US|America|New York|California|Texas|Canada|Toronto|Vancouver|Australia|Sydney|Melbourne|Paris|France|Germany|Berlin|Italy|Rome|Shenzhen|Guangzhou|Beijing|Shanghai|Macau|Manila|India|Mumbai|Indonesia|Jakarta|Vietnam|Russia|Ukraine|Sudan|Nigeria|Kenya|South Africa|Brazil|Mexico|Spain|Portugal|Europe|Asia|Africa|Chicago|Boston|Florida|Ohio|Scotland|Ireland|Dublin|Wales".split(
    "|"
)


def place_e(random: Random) -> str:
    roll = random.random()
    if roll < 0.22:
        return random.choice(addresses.DISTRICTS)[1]
    if roll < 0.5:
        return random.choice(COUNTRIES_E)
    if roll < 0.84:
        return addresses.city(random)
    return (
        random.choice(addresses.ESTATES)[1]
        if roll < 0.92
        else random.choice(addresses.STREETS)[1]
        if roll < 0.95
        else addresses.building_e(random)
    )


def either(
    chinese: Callable[[Random], str], english: Callable[[Random], str], share: float = 0.6
) -> Callable[[Random], str]:
    return lambda random: (chinese if random.random() < share else english)(random)


def thing_z(random: Random) -> str:
    roll = random.random()
    if roll < 0.22:
        return random.choice(people.entries("brands_z.txt"))
    return random.choice(people.entries("things_z.txt")) if roll < 0.6 else salad.thing(random)


def thing_e(random: Random) -> str:
    roll = random.random()
    if roll < 0.3:
        return random.choice(people.entries("things_e.txt"))
    if roll < 0.55:
        return random.choice(people.entries("brands_e.txt")) if random.random() < 0.7 else eponyms.coined(random)
    return salad.thing_e(random) if roll < 0.92 else machine.line(random)


def entity_e(random: Random) -> tuple[str, str]:
    """A person, organisation or place for English words."""
    roll = random.random()
    if roll < 0.5:
        return person_e(random), "PERSON"
    return (orgs.english(random), "ORG") if roll < 0.75 else (place_e(random), "PLACE")


def _upper(random: Random) -> str:
    name = f"{people.latin_surname(random)}, {people.syllables(random)}"
    return name.upper() if random.random() < 0.5 else name.split(",")[0].upper() + name[len(name.split(",")[0]) :]


SLOTS: dict[str, tuple[Callable[[Random], str], str]] = {
    "pz": (full_z, "PERSON"), "tz": (people.chinese_titled, "PERSON"), "nz": (people.nickname, "PERSON"), "az": (person_z, "PERSON"),
    "mx": (person_m, "PERSON"), "tr": (people.transliteration, "PERSON"), "pub": (lambda r: r.choice(people.PUBLIC_Z), "PERSON"),
    "pube": (lambda r: r.choice(people.PUBLIC_E), "PERSON"), "pe": (lambda r: people.noisy(r, people.english_full(r)), "PERSON"),
    "fe": (lambda r: people.noisy(r, people.first_name(r)), "PERSON"), "le": (people.last_name, "PERSON"), "ae": (person_e, "PERSON"),
    "pm": (either(people.chinese, people.english_full, 0.5), "PERSON"), "pu": (_upper, "PERSON"),
    "Az": (addresses.chinese, "ADDRESS"), "Ae": (addresses.english, "ADDRESS"), "Am": (either(addresses.chinese, addresses.english), "ADDRESS"),
    "Oz": (orgs.chinese, "ORG"), "Oe": (orgs.english, "ORG"), "Om": (either(orgs.chinese, orgs.english), "ORG"),
    "Lz": (place_z, "PLACE"), "Le": (place_e, "PLACE"), "sz": (addresses.street_bare_z, "PLACE"), "se": (addresses.street_bare_e, "PLACE"),
    "xz": (thing_z, ""), "xe": (thing_e, ""), "time_z": (fillers.when_z, ""), "time_e": (fillers.when_e, ""),
    "phone": (fillers.phone, ""), "hkid": (fillers.hkid, ""), "date": (fillers.date, ""), "money": (fillers.money, ""), "email": (fillers.email, ""),
    "card": (fillers.card, ""), "bank": (fillers.bank, ""), "code": (fillers.code, ""), "net": (fillers.net, ""), "n": (fillers.number, ""),
}  # fmt: skip
