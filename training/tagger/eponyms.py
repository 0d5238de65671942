"""What carries a person's name, or looks like one, and is none: laws of nature, diseases, storms, streets, shops, brands, works, words with capitals."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import orgs
import people

Piece = tuple[str, str]
SCIENCE = "theorem lemma conjecture law laws principle effect paradox equation inequality distribution test coefficient index curve function transform method algorithm filter window process chain model number numbers constant sequence series matrix set group space field radius diagram plot scale unit estimator score bound trick machine reaction process rule ratio cycle optimiser momentum search sort hash tree code curve problem game triangle dilemma fallacy".split()
MEDICAL = "disease syndrome palsy fracture sign test score scale reflex tumour lymphoma disorder procedure catheter manoeuvre stain cells phenomenon contracture criteria".split()
STORM = "Hurricane|Typhoon|Tropical Storm|Storm|Cyclone|Severe Tropical Storm".split("|")
STATUTE = "Act|Report|Commission|Doctrine|Amendment|Inquiry|Review|Plan|Accord|Agreement|Protocol|Bill|Ordinance".split("|")
PLACE = "Road|Street|Avenue|Lane|Hall|Park|Square|Station|Stadium|Bridge|Museum|Library|Airport|Bay|Island|Falls|County|Heights|Peak|Hill|Terrace|Gardens|Point|Theatre|Beach|Reservoir|Tunnel|Pier|Ferry Pier|Market|Swimming Pool|Playground|Sports Ground|Country Park|House|Building|Centre|Wing".split(
    "|"
)
GOODS = "boots racquet guitar jeans watch sofa perfume chair lamp knife pens bag sneakers trainers mattress camera speakers headphones engine tractor cheese whisky sauce tea chocolate biscuits paint blender shirt coat sunglasses lipstick shampoo razor piano drum bicycle tyres drill pump printer fridge oven vacuum earbuds backpack tent wallet scarf socks helmet bat ball golf-clubs sweater cookware suitcase".split()
TECH = "server cluster pipeline container plugin API SDK framework database operator runner webhook build queue broker index node job dashboard alert config module package client driver parser compiler linter bot agent workflow registry image chart".split()
SHOP_E = "Bakery|Diner|Pizza|Pharmacy|Garage|Kitchen|Café|Deli|Nails|Bar & Grill|Hardware|Bookshop|Florist|Burgers|Steakhouse|Tavern|Barbers|Gelato|Coffee|Noodles|Department Store|Grocery|Auto Repair".split(
    "|"
)
NAMED_Z = "紀念館 故居 公園 街 道 路 橋 里 徑 碼頭 山 洞 廟 祠 廣場 運動場 體育館 泳池 圖書館 大廈 樓 堂 站".split()
PRIZE_Z = "獎 獎學金 盃 杯 定理 定律 效應 紀念金 講座教授席 交響樂 全集 傳 銅像 雕像 像 研究 式 體 派 主義".split()
SCIENCE_Z = "定律 定理 方程 方程式 公式 效應 分布 分佈 變換 算法 演算法 指數 系數 係數 曲線 函數 不等式 猜想 悖論 數 常數 三角 法則 檢驗 測試 模型 圖 鏈 過程 症 病 綜合症 氏病 量表 原則 原理 獎 主義 革命 號 隧道 山 灣 海峽 群島 大學 酒店 市 州".split()
FOOD_Z = "牛肉麵 雲吞麵 豬腳薑 餅 餅家 豆腐 豆花 糖水 醬油 豉油 涼茶 藥油 酒 茶 臘腸 燒鵝 蛋卷 燉蛋 湯圓 粉 米線 雞 蠔油 辣醬 鹹魚 牛雜".split()


def _name(random: Random) -> str:
    roll = random.random()
    return (
        random.choice(people.ENGLISH)
        if roll < 0.25
        else random.choice(random.choice(people.foreign())[1])
        if roll < 0.75
        else people.latin_surname(random)
        if roll < 0.85
        else random.choice(people.ASIAN_LAST)
    )


ONSETS = "b br c ch cl cr d dr f fl g gl gr h j k kl l m n p pl qu r s sk sl sp st t tr v w x y z".split()
RIMES = "a e i o u ai ea ee io oo y an en in on ar er or al el il am im ix ex".split()
ENDS = " n r x o a io ly fy eo ia ex is us um ent ant ora ify ly".split(" ")


def coined(random: Random) -> str:
    """A name as companies coin them: Zentro, Lumexa, Brixify."""
    word = "".join(random.choice(ONSETS) + random.choice(RIMES) for _ in range(random.choice([1, 2, 2]))) + random.choice(ENDS)
    word = word.capitalize()
    return word + random.choice(["", "", "", "", ".io", " Pro", "AI", " Plus", " Go", "Hub", "Pay", " 2"])


def english(random: Random) -> Piece:
    """A noun phrase and its label; mostly none."""
    roll = random.random()
    name = _name(random)
    if roll < 0.14:
        head = random.choice([f"{name}'s", f"the {name}", name, f"{name}-{_name(random)}", f"the {name}-{_name(random)}"])
        return f"{head} {random.choice(SCIENCE)}", ""
    if roll < 0.19:
        return f"{random.choice([name + chr(39) + 's', name])} {random.choice(MEDICAL)}", ""
    if roll < 0.23:
        return f"{random.choice(STORM)} {random.choice(people.ENGLISH)}", ""
    if roll < 0.26:
        return f"the {random.choice([name, f'{name}-{_name(random)}'])} {random.choice(STATUTE)}", ""
    if roll < 0.37:
        first = random.choice([name, name, f"{random.choice(people.ENGLISH)} {name}", f"St. {random.choice(people.ENGLISH)}", f"{random.choice(['Queen', 'King', 'Prince', 'Princess', 'Lord', 'Sir'])} {random.choice(people.ENGLISH)}"])
        return f"{first} {random.choice(PLACE)}", "PLACE"
    if roll < 0.45:
        return f"{random.choice([name, name, coined(random)])} {random.choice(GOODS)}", ""
    if roll < 0.51:
        return f"{random.choice([name, coined(random), random.choice(people.entries('brands_e.txt'))])} {random.choice(TECH)}", ""
    if roll < 0.57:
        return f"{name}'s {random.choice(SHOP_E)}", "ORG"
    if roll < 0.62:
        third = f"{name}, {_name(random)} & {_name(random)}"
        return random.choice([f"{name} & {_name(random)}", third, f"{name} Brothers", f"{name} and Sons", f"J.P. {name}", f"{name} {random.choice(orgs.TRADE_E)}"]), "ORG"
    if roll < 0.68:
        return coined(random), ""
    return random.choice(people.entries("brands_e.txt")), ""


def chinese(random: Random) -> Piece:
    """The same in Chinese."""
    roll = random.random()
    if roll < 0.12:
        return random.choice([people.chinese(random), random.choice(people.PUBLIC_Z), people.surname(random)[0] + "氏"]) + random.choice(NAMED_Z), "PLACE"
    if roll < 0.18:
        return random.choice([people.chinese(random), random.choice(people.PUBLIC_Z), people.transliteration(random)]) + random.choice(PRIZE_Z), "?"
    if roll < 0.27:
        return people.transliteration(random) + random.choice(SCIENCE_Z), "?" if random.random() < 0.3 else ""
    if roll < 0.36:
        return random.choice([people.surname(random)[0] + "記", people.surname(random)[0] + random.choice("家氏婆"), "老" + people.surname(random)[0], people.given(random)]) + random.choice(FOOD_Z), ""
    if roll < 0.42:
        return people.given(random) + random.choice(["牌", "號", "杯", "樓", "苑", "閣", "軒"]), "?"
    return random.choice(people.entries("brands_z.txt")), ""


FRAMES_E = (
    "Which is better, X or X?|X vs X for beginners|X and X are both on the list.|We switched from X to X last year.|How does X differ from X?|Explain X with an example.|I bought X in the sale.|Is X still open on Sundays?|X is out of stock, try X.|Turn left at X and walk past X.|"
    "The exam covers X, X and X.|Please restart X before deploying X.|X closes at nine.|My favourites are X, X and X.|Does X work with X?|Under X the deadline is 30 days.|X hit the coast in September.|Patients with X should rest.|a review of X|notes on X|# X|X (2nd edition)|- X\n- X\n- X|X: pros and cons|"
    "I can't tell X from X.|Can you recommend something like X?|The X was cancelled.|the best X under $500|Take the bus to X, then walk to X.|X is named after nobody in particular.|We had X and X for dinner.|add X, stir, serve with X|Install X, then run X.|X tickets sold out|Watch X before Friday.|Season 2 of X|the chapter on X|Buy X or sell X?|"
    "X opened a branch near X.|shares of X fell|prove X|apply X to this data|who sells X in Hong Kong|X, X, X|what is X used for?|Meet at X, exit C.|X is closed for repairs until May."
).split("|")  # fmt: skip
FRAMES_Z = (
    "X同X邊個好？|X點去？|X幾點開門？|買咗X未？|X好唔好食？|解釋下X|X賣晒|X與X有何分別？|請介紹X。|X位於市中心。|第三章講X同X|X的歷史|X在哪里？|X多少钱？|X和X哪个好？|推介X|去X要轉幾多次車？|X、X、X|關於X|X壞咗點整？|X係咩嚟？|我鍾意X多過X|X打折|用X代替X得唔得？|喺X等|X好多人|"
    "參觀X|X逢星期一休館|睇咗X未？|X|「X」|《X》讀後感|X要落幾多？|X下個月加價|證明X|試述X的應用。|X買一送一|X排隊排好耐|今日食X|由X行到X|X站|附近有冇X？|X是什么意思？|請用「X」造句。|X已更新|把X切碎，加入X。|X的做法|X適合新手嗎？"
).split("|")  # fmt: skip


def framed(random: Random) -> tuple[str, list[tuple[int, int, str]]]:
    """A sentence about such things."""
    make: Callable[[Random], Piece]
    kind = random.random()
    frames, make = (FRAMES_E, english) if kind < 0.6 else (FRAMES_Z, chinese)
    if kind > 0.9:
        make = lambda r: english(r) if r.random() < 0.6 else chinese(r)  # noqa: E731
    out, spans, size = [], [], 0
    for at, part in enumerate(random.choice(frames).split("X")):
        if at:
            value, label = make(random)
            if value.startswith("the ") and out and out[-1].rstrip().endswith(("the", "a")):
                value = value[4:]
            if label:
                begin = size + (4 if value.startswith("the ") else 0)
                spans.append((begin, size + len(value), label))
            out.append(value)
            size += len(value)
        out.append(part)
        size += len(part)
    return "".join(out), spans
