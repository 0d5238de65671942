"""Invented people: Chinese, romanised, English, mainland, South Asian and other names in the forms that messages use."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from random import Random

import faker.config
import jieba

DATA = Path(__file__).resolve().parents[2] / "src/sampan/understand/data"


def lines(name: str) -> list[str]:
    return [
        line for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]


def local(name: str) -> list[str]:
    path = Path(__file__).resolve().parent / "lists" / name
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


@cache
def entries(name: str) -> list[str]:
    """The entries of a list that has many on a line, between bars or blanks."""
    return [entry for line in local(name) for entry in (line.split("|") if "|" in line else line.split())]


SURNAMES = [line.split() for line in lines("surnames.txt")]
GIVEN = [line.split() for line in lines("given.txt") if len(line.split()) == 2]
ENGLISH = (
    "Alan Albert Alex Alice Alvin Amanda Amy Andrew Andy Angel Angela Anna Annie Anson Anthony Arthur Ashley Aubrey Barry Becky Ben Benny Bernard "
    "Betty Billy Bobby Bonnie Brandon Brenda Brian Calvin Candy Carina Carmen Carol Carrie Carson Catherine Cathy Cecilia Charles Charlie Charlotte "
    "Chelsea Cherry Cheryl Chloe Chris Christine Christy Cindy Clara Clarence Claudia Connie Crystal Cyrus Daisy Daniel Danny Daphne David Debbie Denise "
    "Dennis Derek Desmond Dickson Dominic Donald Doris Dorothy Dylan Eason Eddie Edith Edmond Edmund Edward Edwin Elaine Elsa Elvis Emily Emma Eric Erica "
    "Ernest Esther Eugene Eunice Eva Evelyn Fanny Felix Fiona Flora Florence Francis Frankie Fred Gabriel Gary Gigi Gilbert Gloria Gordon Grace Hailey "
    "Harry Hazel Heidi Helen Henry Herman Hilda Howard Ian Ida Irene Iris Isaac Isabella Ivan Ivy Jack Jackie Jacky Jacqueline James Jamie Janet Janice Jasmine "
    "Jason Jay Jennifer Jenny Jeremy Jerry Jessica Jessie Jim Jimmy Joan Joanna Joanne Joe John Johnny Johnson Jonathan Joseph Joyce Judy Julia Julie "
    "Justin Karen Karina Karl Kate Katherine Kathy Katie Katrina Kay Keith Kelly Kelvin Ken Kenneth Kenny Kevin Kitty Kyle Lancelot Larry Laura Lawrence "
    "Leo Leon Leslie Lewis Lilian Lily Linda Lisa Lok Louis Louisa Lucas Lucy Luke Maggie Mandy Marco Margaret Maria Marie Mario Mark Martha Martin "
    "Mary Matthew Max May Maxine Megan Melody Michael Michelle Mike Mimi Miranda Moses Nancy Natalie Nathan Neil Nelson Nicholas Nicole Nina Noah Nora Oscar "
    "Owen Pamela Pansy Patrick Paul Pauline Peggy Penny Peter Phoebe Philip Phyllis Polly Queenie Rachel Raymond Rebecca Regina Rex Ricky Rita Robert "
    "Robin Roger Ronald Rosalind Rose Roy Ruby Ryan Sally Sam Samantha Samson Samuel Sandra Sandy Sarah Scott Sean Selina Shirley Sharon Sheila Sidney Simon "
    "Sophia Sophie Stanley Stella Stephanie Stephen Steve Sunny Susan Sylvia Tammy Ted Terence Teresa Terry Theresa Thomas Tiffany Tim Timothy "
    "Tina Toby Tom Tommy Tony Tracy Trevor Tyler Vanessa Vera Verena Veronica Vicky Victor Vincent Vincy Virginia Vivian Wallace Walter Wendy "
    "Wilfred Will William Wilson Winky Winnie Wing Yoyo Yvonne Zoe Hinson Kaiser Jayden Aiden Anakin Sukie Suki Yuki Yuko Coco Momo Bosco Lemon Apple Cherie Angus Hugo Yan Ka"
).split()
ASIAN_FIRST = (
    "Muhammad Mohammad Ali Ahmed Imran Farhan Bilal Usman Ayesha Fatima Zainab Sana Gurpreet Harpreet Manjit Jaspreet Rajesh Amit Priya Anjali Deepak Sunita "
    "Ravi Sanjay Neha Pooja Vikram Arjun Devika Lakshmi Sita Ram Bishnu Suman Kiran Maya Dil Man Siti Nur Dewi Sri Wati Yuli Ani Ratna Indah Maria Rosario Jocelyn "
    "Marites Rowena Maricel Analyn Jhoanna Cherry Emeka Chidi Ngozi Amina Kwame Kofi Hiroshi Yuki Haruto Sakura Kenji Aiko Minjun Seoyeon Jiwoo Hyun Thuy Linh Anh "
    "Minh Nam Somchai Nattaya Elena Olga Ivan Dmitri Pierre Camille Luc Hans Greta Lars Ingrid Sofia Mateo Lucia Giulia Marco Ana Joao"
).split()
ASIAN_LAST = (
    "Khan Hussain Ahmed Malik Qureshi Sheikh Iqbal Butt Raza Singh Kaur Gill Sandhu Dhillon Sharma Patel Gupta Menon Nair Iyer Rao Reddy Kumar Gurung Rai Limbu Thapa "
    "Tamang Shrestha Rahmawati Wijaya Susanto Lestari Setiawan Handayani Santos Reyes Cruz Bautista dela-Cruz Garcia Mendoza Okafor Adeyemi Mensah Tanaka Sato Suzuki Yamamoto "
    "Kim Park Choi Nguyen Tran Pham Le Suwannarat Petrova Ivanov Dubois Laurent Muller Schmidt Hansen Rossi Ferrari Silva Fernandes D'Souza D'Almada Remedios"
).split()
TITLES_Z = "生 太 小姐 先生 女士 太太 Sir 醫生 老師 主任 經理 校長 律師 教授 博士 姑娘 師傅 伯 伯伯 婆婆 姨 叔 叔叔 嬸 師奶 生生 sir miss 總 董 局長 議員 法官 警長 護士 社工 秘書 會計 工 老闆 哥 姐 仔 少".split()
TITLE_WEIGHTS = [
    30,
    25,
    20,
    25,
    12,
    10,
    10,
    12,
    10,
    5,
    5,
    4,
    5,
    5,
    4,
    5,
    4,
    3,
    3,
    2,
    3,
    3,
    2,
    1,
    2,
    1,
    2,
    3,
    3,
    2,
    2,
    2,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    2,
    3,
    3,
    2,
    1,
]
PET = "明強輝偉雄華珍玲芳珊娟麗美儀敏慧怡欣晴軒俊傑文東南北中國平安樂康健豪威龍虎牛豬狗貓肥高細大B強堅銀金福祿壽財發貴榮光榮權標添勝全根炳坤達棠森蘭菊梅蓮英琴冰霞群有好喜妹女仔寶儀嫻婷瑩琪茵詩晴朗卓昇聰敬斌添祥林成何黃陳李劉"
TWIN = "美玲珊娜晶欣怡敏芳婷婷晴晴盈盈慧妮甜圓明樂寶貝雯瑩琪詩儀靜莉蓉蕾"
TRANSLIT = "阿艾安奥巴贝本比伯博布查达大戴丹德迪蒂杜多恩尔法菲费弗福盖格古哈海汉赫亨胡霍基吉加杰卡凯坎科克库拉莱兰朗劳雷里理丽利林琳隆卢鲁路伦罗洛马麦曼毛梅门蒙米密莫默姆穆纳奈南内尼娜努诺帕派佩皮珀普恰乔切琼丘若萨塞桑瑟沙莎舍史斯施司舒丝苏索塔泰坦汤特提廷图托瓦万威韦维温文沃乌西希锡夏肖谢辛休雅亚扬耶叶伊因英尤约泽詹朱兹佐"

PUBLIC_Z = (
    "梅艷芳 張國榮 李嘉誠 周潤發 劉德華 黎明 郭富城 張學友 梁朝偉 王家衛 陳奕迅 鄧紫棋 姜濤 李小龍 成龍 周星馳 金庸 倪匡 張愛玲 魯迅 蔡瀾 林鄭月娥 李家超 曾蔭權 董建華 梁振英 陳方安生 "
    "毛澤東 鄧小平 習近平 孫中山 蔣介石 蔡英文 馬英九 曹操 劉備 諸葛亮 孔子 李白 杜甫 蘇軾 王羲之 岳飛 林則徐 魯班 華佗 馬雲 馬化騰 任正非 雷軍 王菲 周杰倫 林憶蓮 容祖兒 楊千嬅 何韻詩 許冠傑 黃家駒 "
    "古天樂 劉青雲 黃子華 杜琪峯 徐克 李安 張藝謀 姚明 劉翔 李慧詩 何詩蓓 張家朗 謝安琪 林夕 黃霑 顧嘉煇 羅文 鄧麗君 特朗普 拜登 奧巴馬 牛頓 愛因斯坦 莎士比亞 貝多芬 莫札特 達文西 馬克思 列寧 達爾文"
).split()
PUBLIC_E = (
    "Marie Curie|Albert Einstein|Isaac Newton|Alan Turing|Ada Lovelace|William Shakespeare|Jane Austen|Charles Dickens|Bruce Lee|Jackie Chan|Chow Yun-fat|Tony Leung|"
    "Wong Kar-wai|Leslie Cheung|Anita Mui|Andy Lau|Eason Chan|Li Ka-shing|Carrie Lam|John Lee|Donald Tsang|Elon Musk|Bill Gates|Steve Jobs|Jeff Bezos|Mark Zuckerberg|"
    "Sam Altman|Barack Obama|Donald Trump|Joe Biden|Xi Jinping|Mao Zedong|Nelson Mandela|Winston Churchill|Napoleon Bonaparte|Leonardo da Vinci|Vincent van Gogh|Pablo Picasso|"
    "Wolfgang Amadeus Mozart|Ludwig van Beethoven|Taylor Swift|Beyoncé|Lionel Messi|Cristiano Ronaldo|Roger Federer|Serena Williams|Michael Jordan|Kobe Bryant|Stephen Hawking|"
    "Charles Darwin|Sigmund Freud|Karl Marx|Plato|Socrates|Aristotle|Confucius|J. K. Rowling|Stephen King|George Orwell|Haruki Murakami|Hayao Miyazaki|Krzysztof Kieślowski|"
    "Stanley Kubrick|Christopher Nolan|Quentin Tarantino|Greta Thunberg|Angela Merkel|Emmanuel Macron|Vladimir Putin|Volodymyr Zelensky|Linus Torvalds|Guido van Rossum|Grace Hopper"
).split("|")


@cache
def foreign() -> list[tuple[list[str], list[str]]]:
    """Given and family names of each country that Faker knows, Latin letters."""
    out = []
    for locale in faker.config.AVAILABLE_LOCALES:
        try:
            provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        except (ImportError, AttributeError):
            continue
        groups: tuple[list[str], list[str]] = ([], [])
        for field in sorted(dir(provider)):
            side = (
                0
                if field.startswith("first_names") or field == "first_romanized_names"
                else 1
                if field.startswith("last_names") or field == "last_romanized_names"
                else None
            )
            values = getattr(provider, field)
            if side is None or not isinstance(values, (tuple, list, dict)):
                continue
            groups[side].extend(
                v
                for v in (w[0] if isinstance(w, tuple) else w for w in values)
                if isinstance(v, str) and v[:1].isupper() and ord(max(v)) < 0x250
            )
        if len(groups[0]) > 20 and len(groups[1]) > 20:
            out.append((sorted(set(groups[0])), sorted(set(groups[1]))))
    return out


@cache
def transliterated() -> list[str]:
    path = Path(jieba.__file__).parent / "dict.txt"
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, tag = line.split()
        if tag == "nrt" and 2 <= len(word) <= 6 and sum(c in TRANSLIT for c in word) >= len(word) - 1:
            found.append(word)
    return found


def _ranked(random: Random, items: list[list[str]], power: float = 2.2) -> list[str]:
    return items[int(len(items) * random.random() ** power)]


def surname(random: Random) -> list[str]:
    return _ranked(random, SURNAMES) if random.random() < 0.85 else random.choice(SURNAMES)


def _given(random: Random) -> list[str]:
    return _ranked(random, GIVEN, 1.6)


RARE = "".join(chr(c) for c in range(0x4E00, 0x9FA0, 37))


def given(random: Random) -> str:
    roll = random.random()
    if roll < 0.13:
        return _given(random)[0]
    if roll < 0.16:
        return random.choice(TWIN) * 2
    second = _given(random)[0] if roll < 0.94 else random.choice(RARE)
    return _given(random)[0] + second


def chinese(random: Random) -> str:
    name = surname(random)[0]
    if random.random() < 0.02:
        name = surname(random)[0] + name
    return name + given(random)


def chinese_titled(random: Random) -> str:
    roll = random.random()
    if roll < 0.8:
        return surname(random)[0] + random.choices(TITLES_Z, TITLE_WEIGHTS)[0]
    if roll < 0.9:
        return random.choice(ENGLISH) + random.choice(["哥", "姐", "仔", "生", "sir", "老師", "姐姐", "哥哥"])
    return given(random)[-1] + random.choice(["哥", "姐", "叔", "姨", "嫂", "伯", "仔", "婆", "爺", "少"])


def _half_english(random: Random) -> str:
    """Chan生, Peter陳, Chan Sir, 陳Peter."""
    family, name = surname(random), random.choice(ENGLISH)
    return random.choice([
        f"{family[1]}{random.choice(['生', '太', '小姐', '師傅', '醫生', '老師'])}", f"{name}{family[0]}", f"{family[1]} {random.choice(['Sir', 'sir', 'SIR', '生', '太', '小姐'])}",
        f"{family[0]}{name}", f"{name} {family[0]}", f"{family[0]}{given(random)[-1]}{random.choice(['哥', '姐', '叔'])}",
    ])  # fmt: skip


def nickname(random: Random) -> str:
    roll = random.random()
    if roll < 0.05:
        return _half_english(random)
    roll = random.random()
    if roll < 0.5:
        return "阿" + (random.choice(PET) if random.random() < 0.7 else given(random)[-1])
    if roll < 0.6:
        return "阿" + random.choice(ENGLISH)
    if roll < 0.72:
        return random.choice(TWIN) * 2
    if roll < 0.82:
        return random.choice(PET) + random.choice(["仔", "哥", "姐", "妹", "B", "叔", "女"])
    if roll < 0.9:
        return random.choice(["肥", "大", "細", "老", "小", "高佬", "豬", "矮"]) + (
            random.choice(PET) if random.random() < 0.6 else surname(random)[0]
        )
    if roll < 0.93:
        return "老" + surname(random)[0]
    return given(random)


def syllables(random: Random) -> str:
    first, second = _given(random)[1], _given(random)[1]
    roll = random.random()
    if roll < 0.12:
        return first
    if roll < 0.75:
        return f"{first} {second}"
    if roll < 0.9:
        return f"{first}-{second if random.random() < 0.3 else second.lower()}"
    return first + second.lower()


def latin_surname(random: Random) -> str:
    spelled = surname(random)[1:]
    return spelled[0] if random.random() < 0.75 else random.choice(spelled)


PINYIN = "wei fang na min jing li qiang lei jun yang yong yan jie juan tao ming chao xiu xia ping gang gui ying hua yu xin zi han yi chen hao ran bo wen xuan ting jia rui meng xue fei long peng kai zhi jian guo hong bin lin shan dan lu qian".split()


def pinyin(random: Random) -> str:
    family = random.choice([n[-1] if len(n) < 3 else n[2] for n in SURNAMES if len(n) > 2])
    name = "".join(random.choice(PINYIN) for _ in range(1 if random.random() < 0.3 else 2)).capitalize()
    return f"{family} {name}" if random.random() < 0.6 else f"{name} {family}"


def romanised(random: Random) -> str:
    family, name = latin_surname(random), syllables(random)
    roll = random.random()
    if roll < 0.4:
        return f"{family} {name}"
    if roll < 0.52:
        return f"{family.upper()} {name}"
    if roll < 0.57:
        return f"{family.upper()}, {name}"
    if roll < 0.62:
        return f"{family}, {name}"
    if roll < 0.68:
        return f"{name} {family}"
    english = random.choice(ENGLISH)
    if roll < 0.80:
        return f"{english} {family} {name}"
    if roll < 0.88:
        return f"{family} {name} {english}"
    if roll < 0.94:
        return f"{family.upper()} {name.upper()}"
    return f"{family} {name}, {english}"


def western(random: Random) -> str:
    first, last = random.choice(foreign())
    given_name, family = random.choice(first), random.choice(last)
    roll = random.random()
    if roll < 0.7:
        return f"{given_name} {family}"
    if roll < 0.8:
        return f"{given_name} {random.choice('ABCDEFGHJKLMNPRSTVW')}{random.choice(['.', ''])} {family}"
    if roll < 0.86:
        return f"{given_name[0]}. {family}"
    if roll < 0.9:
        return f"{family}, {given_name}"
    if roll < 0.94:
        return f"{given_name} {random.choice(first)} {family}"
    return f"{given_name} {family}-{random.choice(last)}" if " " not in family else f"{given_name} {family}"


def english_full(random: Random) -> str:
    roll = random.random()
    if roll < 0.42:
        return romanised(random)
    if roll < 0.62:
        return f"{random.choice(ENGLISH)} {latin_surname(random)}"
    if roll < 0.70:
        return f"{random.choice(ASIAN_FIRST)} {random.choice(ASIAN_LAST).replace('-', ' ')}"
    if roll < 0.75:
        return pinyin(random)
    if roll < 0.78:
        return random.choice(PUBLIC_E)
    return western(random)


def first_name(random: Random) -> str:
    roll = random.random()
    if roll < 0.5:
        return random.choice(ENGLISH)
    if roll < 0.62:
        return random.choice(ASIAN_FIRST)
    if roll < 0.72:
        return f"Ah {_given(random)[1]}"
    if roll < 0.8:
        return syllables(random)
    return random.choice(random.choice(foreign())[0])


def last_name(random: Random) -> str:
    roll = random.random()
    return (
        latin_surname(random)
        if roll < 0.6
        else random.choice(ASIAN_LAST)
        if roll < 0.7
        else random.choice(random.choice(foreign())[1])
    )


def transliteration(random: Random) -> str:
    if random.random() < 0.5:
        name = random.choice(transliterated())
    else:
        name = "".join(random.choice(TRANSLIT) for _ in range(random.choice([2, 3, 3, 4, 4])))
    if random.random() < 0.35:
        name += random.choice("·．・") + "".join(random.choice(TRANSLIT) for _ in range(random.choice([2, 3, 3, 4])))
    return name


def noisy(random: Random, name: str) -> str:
    """How people really type Latin names."""
    roll = random.random()
    if roll < 0.07:
        return name.lower()
    if roll < 0.12:
        return name.upper()
    return name
