"""Builds the word lists that the tagger's features read, from openly licensed sources. Run once; the output is committed.

Sources: jieba 0.42.1 dict.txt (MIT), names 0.3.0 (US Census 1990, public domain), Faker 40 (MIT: given names,
surnames and cities of many countries), wordninja 2.0 (MIT), OpenCC 1.4 (Apache-2.0: Traditional to Simplified),
PyCantonese 5.0's readings (rime-cantonese, CC BY 4.0: only to spell given names in government romanisation).
"""

from __future__ import annotations

import importlib
import re
import unicodedata
from collections import Counter
from pathlib import Path

import faker.config
import jieba
import names
import opencc
import pycantonese
import wordninja

OUT = Path(__file__).resolve().parents[2] / "src/sampan/understand/data"
HERE = Path(__file__).resolve().parent
HEAD = "# {}\n"

GIVEN = (
    "家欣嘉怡詠詩慧敏曉彤穎芯卓浩俊軒子晴梓樂天朗皓然柏希文迪偉倫志明國強建華永康志強麗華美玲淑芬秀英玉珍少芳惠珊佩儀婉"
    "嫻翠蘭鳳霞群好帶娣仔財發貴榮富昌盛隆興旺福壽祿德仁義禮智信忠孝廉恥勇毅堅剛健雄豪傑英才俊彥博學思哲睿聰穎慧靈"
    "琪瑤瑜瑾璇瑩琳珊珍珠玲琴瑟笙簫韻音律歌詠詩詞賦書畫墨硯紙筆蘭梅菊竹松柏桂荷蓮芙蓉茵芷若萱萍苓莉菁葵蕾薇蕙藍蘊蘅"
    "晨曦旭昇昊昕昭晉晏晧晴景暉暄曜朗朝望期楠楓榆槿樺橋權欽正武殷民江池沛沁泓泳洋洛浚海涵淇淳清渝湘湛溢源溥滔漢潔潤澄澤"
    "濤瀚炎炳烽煒煥煦熙燁燊爵犖獻玄珏珮理琛瑞璋環甫畋異疆皓盈益目真睦碧礎祐祖祥禎福秉秋科程穗空立竣端競筠節簡精約紀純紹"
    "統綺綽維綸緯緻縈績繡羨翊翔翹耀聖聲肇育能自至興舒良芝苑茂茜荃莊菲萃葆蓁蔚藝衍裕襄覺言諾謙證豐貞貝賢賦越達遙遜道遠邦"
    "郁采釗鈞銓銘鋒錦鎮鏗長開閔陞陶隆雅雋霆霖青靖靜頌頤順顥顯飛馨駿驊高鳴鴻鵬麒麟龍心悅怡恆恩悠惟惠愉愛慈憲懷成戈承拓振"
    "捷揚敏敬斌斯新方施日升卉千凡凱分初利力加勤勳化匡升卓南占卿厚原友可吉同君吳呈周品唯善喜嘉均坤城培基堃堯夏多大太如妍妙"
    "姍姿娉娜婕婷媚媛嫣嬋嬌孟季宇安宏宗定宜宣宥容富寧實寶封尚尹山岐岳峰峻崇崑嵐嶺巧平年幸庭廷延弘彩彬律得復微徽心念怜"
    "仲任伊伯佑佩依侃侑保信倩偲健備傲儒元允兆先光兒兵其冠冬凌刊永一二三丹主久之予事亞亦亨京亮人仙令以仰企妹弟嫦娟"
    "蓓蕊莹韵婧雯曼琬瓊璐喬伶俐璟珈琁芊芸苡茹荻莎蒨蔓薏蘋憶愷愛懿恬悅慷慕揮敖敦昀昱晞晟晙暐曙曈朋杏杰松林柔柱栢桐梧梨棋棠森"
    "楚業槐樑標橙檀欣歡歷毓毅水汶沂沅沐治泉波津洪浠淑淨淵淼渙湄溫滿漪漫灝灩為焯焱焜照燕爾牧特狄獅玟玥珩班琦瑄瑛璧瓏甄甯"
    "申略疏發皇盛直眉矜知碩祈秦稀穆章笑筱米粲素紫細結絢絲綠綿緣縵美羽耿肖胤腊臨舜航芬芳花芹荔菱華萬葉蒙蓉蕎薰虹蝶融衛裳"
)
ONSET = {"gw": "Kw", "kw": "Kw", "ng": "Ng", "b": "P", "p": "P", "m": "M", "f": "F", "d": "T", "t": "T", "n": "N", "l": "L",
         "g": "K", "k": "K", "h": "H", "w": "W", "z": "Ch", "c": "Ch", "s": "S", "j": "Y", "": ""}  # fmt: skip
RIME = {"aa": "a", "aai": "ai", "aau": "au", "aam": "am", "aan": "an", "aang": "ang", "aap": "ap", "aat": "at", "aak": "ak",
        "eoi": "ui", "eon": "un", "eot": "ut", "oe": "eu", "oeng": "eung", "oek": "euk", "oet": "eut", "yu": "u", "yun": "uen",
        "yut": "uet", "ou": "o", "i": "i", "iu": "iu", "ei": "ei"}  # fmt: skip


def romanise(reading: str) -> str:
    """Government spelling of one Jyutping syllable."""
    syllable = reading.rstrip("123456")
    match = re.match(r"(gw|kw|ng|[bpmfdtnlgkhwzcsj]?)(.*)", syllable)
    if match is None:
        return ""
    onset, rime = match.groups()
    if rime in {"m", "ng"} or not rime:
        return "Ng"
    spelled = RIME.get(rime, rime)
    if onset == "j" and rime.startswith("yu"):
        return "Yu" + ("e" + spelled[2:] if len(spelled) > 2 else "")
    if onset in {"z", "c", "s"} and rime == "i":
        return {"z": "Chi", "c": "Chi", "s": "Si"}[onset]
    if onset == "j" and rime == "i":
        return "Yi"
    head = "Sh" if onset == "s" and rime in {"ek", "ing", "aa"} else ONSET[onset]
    return (head + spelled).capitalize()


def write(name: str, head: str, lines: list[str]) -> None:
    (OUT / name).write_text(HEAD.format(head) + "".join(f"{line}\n" for line in lines), encoding="utf-8")


def folded() -> None:
    convert = opencc.OpenCC("t2s")
    pairs = []
    for code in range(0x3400, 0xA000):
        plain = convert.convert(chr(code))
        if len(plain) == 1 and plain != chr(code) and ord(plain) < 0x10000:
            pairs.append(chr(code) + plain)
    extra = "裏里 裡里 衞卫 為为 爲为 喺喺 着着 峯峰 羣群 鷄鸡 麪面 牀床 綫线 汙污 秘秘 栢柏 溫温 邨村 臺台 台台 匯汇 滙汇 鉢钵 啟启 啓启 說说 說说 戶户 戸户 產产 內内 錄录 鎭镇 眞真 靑青 黃黄 淸清 吳吴 呂吕 敎教 靑青 閒闲 爭争 尙尚 强强"
    seen = {pair[0] for pair in pairs}
    pairs += [
        pair for pair in dict.fromkeys(extra.split()) if pair[0] not in seen and pair[0] != pair[1] and pair[0] != "邨"
    ]
    write(
        "fold.txt",
        "A character and the one it is read as (Traditional and variants to Simplified). Source: OpenCC 1.4 (Apache-2.0), a few more by us.",
        pairs,
    )


def given() -> None:
    lines, syllables = [], Counter()
    chars = list(dict.fromkeys(GIVEN))
    for char in chars:
        readings = pycantonese.characters_to_jyutping(char)
        reading = readings[0][1] if readings and readings[0][1] else ""
        spelled = romanise(re.findall(r"[a-z]+[1-6]", reading)[0]) if reading else ""
        lines.append(f"{char} {spelled}".strip())
        if spelled:
            syllables[spelled] += 1
    write(
        "given.txt",
        "Characters of Hong Kong given names and their government romanisation. Compiled for this project; readings by rime-cantonese (CC BY 4.0).",
        lines,
    )


def chinese_words(fold: dict[int, str]) -> None:
    path = Path(jieba.__file__).parent / "dict.txt"
    words, places, organisations = {}, {}, {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, count, tag = line.split()
        if not re.fullmatch(r"[\u3400-\u9fff]{2,6}", word):
            continue
        if tag == "ns" and int(count) >= 3:
            places[word] = int(count)
        elif tag == "nt" and int(count) >= 3:
            organisations[word] = int(count)
        elif not tag.startswith("nr") and int(count) >= 30:
            words[word] = int(count)
    top = sorted(words, key=lambda w: -words[w])[:26000]
    write(
        "words_zh.txt",
        "Common Chinese words, Simplified. Source: jieba 0.42 dict.txt (MIT), names left out.",
        sorted(top),
    )
    write(
        "places_zh.txt",
        "Places, Simplified. Source: jieba 0.42 dict.txt (MIT), tag ns.",
        sorted(sorted(places, key=lambda w: -places[w])[:9000]),
    )
    write("orgs_zh.txt", "Organisations, Simplified. Source: jieba 0.42 dict.txt (MIT), tag nt.", sorted(organisations))


def plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).lower()


def english() -> None:
    root = Path(names.__file__).parent
    read = lambda name, top: [line.split()[0].lower() for line in (root / name).read_text().splitlines()[:top]]  # noqa: E731
    first, last, cities = Counter(), Counter(), Counter()
    first.update(read("dist.female.first", 1800) + read("dist.male.first", 1000))
    last.update(read("dist.all.last", 7000))
    for locale in faker.config.AVAILABLE_LOCALES:
        for kind, into in (("person", "names"), ("address", "cities")):
            try:
                provider = importlib.import_module(f"faker.providers.{kind}.{locale}").Provider
            except (ImportError, AttributeError):
                continue
            if into == "names":
                for field in dir(provider):
                    values = getattr(provider, field)
                    if (
                        field.startswith("first_names")
                        and "romanized" not in field
                        or field in {"first_romanized_names"}
                    ):
                        first.update(_latin(values))
                    elif field.startswith("last_names") or field == "last_romanized_names":
                        last.update(_latin(values))
            else:
                for field in (
                    "cities",
                    "city_names",
                    "states",
                    "countries",
                    "provinces",
                    "regions",
                    "counties",
                    "municipalities",
                ):
                    cities.update(_latin(getattr(provider, field, ())))
    common = [w for w in wordninja.DEFAULT_LANGUAGE_MODEL._wordcost if re.fullmatch(r"[a-z]{2,}", w)]  # noqa: SLF001
    rank = {w: i for i, w in enumerate(common)}
    words = [w for w in common[:24000] if w not in first and w not in last and w not in cities]
    words += [w for w in common[:2500] if w in first or w in last]
    write(
        "words_en.txt",
        "Common English words, names left out unless among the 2,500 commonest. Source: wordninja 2.0 (MIT).",
        sorted(set(words)),
    )
    write(
        "first_names.txt",
        "Given names in Latin letters. Source: US Census 1990 (public domain), Faker 40 (MIT).",
        sorted(first),
    )
    write(
        "last_names.txt",
        "Family names in Latin letters. Source: US Census 1990 (public domain), Faker 40 (MIT).",
        sorted(last),
    )
    write(
        "places_en.txt",
        "Cities, regions and countries. Source: Faker 40 (MIT).",
        sorted(w for w in cities if rank.get(w, 99999) > 1500),
    )


def _latin(values: object) -> list[str]:
    keys = list(values) if isinstance(values, (dict, list, tuple, set)) else []
    out = []
    for value in keys:
        if isinstance(value, tuple):
            value = value[0] if value and isinstance(value[0], str) else ""
        if isinstance(value, str):
            out += [w for w in re.findall(r"[a-z]{3,}", plain(value)) if re.fullmatch(r"[\x00-\u024f’' .-]+", value)]
    return out


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    folded()
    fold = {ord(line[0]): line[1] for line in (OUT / "fold.txt").read_text(encoding="utf-8").splitlines()[1:]}
    given()
    chinese_words(fold)
    english()


if __name__ == "__main__":
    main()
