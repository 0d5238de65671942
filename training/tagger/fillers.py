"""Numbers, dates, addresses on the net and other things that stand beside names and carry no label here."""

from __future__ import annotations

import string
from random import Random


def digits(random: Random, count: int) -> str:
    return "".join(random.choice(string.digits) for _ in range(count))


def token(random: Random, count: int) -> str:
    return "".join(random.choice(string.ascii_letters + string.digits) for _ in range(count))


def phone(random: Random) -> str:
    number = random.choice("2356789") + digits(random, 7)
    form = random.choice(
        ["{a}{b}", "{a} {b}", "{a} {b}", "{a}-{b}", "+852 {a} {b}", "+852{a}{b}", "(852) {a} {b}", "852-{a}{b}"]
    )
    if random.random() < 0.1:
        return "+86 1" + digits(random, 2) + " " + digits(random, 4) + " " + digits(random, 4)
    if random.random() < 0.08:
        return f"({digits(random, 3)}) {digits(random, 3)}-{digits(random, 4)}"
    return form.format(a=number[:4], b=number[4:])


def hkid(random: Random) -> str:
    letters, check = random.choice(string.ascii_uppercase), random.choice("0123456789A")
    number = digits(random, 6)
    return random.choice(
        [
            f"{letters}{number}({check})",
            f"{letters}{number}{check}",
            f"{letters}{number}（{check}）",
            f"{letters} {number} ({check})",
            f"{letters.lower()}{number}({check})",
        ]
    )


def date(random: Random) -> str:
    year, month, day = random.randint(1940, 2026), random.randint(1, 12), random.randint(1, 28)
    name = "January February March April May June July August September October November December".split()[month - 1]
    return random.choice(
        [
            f"{year}年{month}月{day}日",
            f"{month}月{day}號",
            f"{month}月{day}日",
            f"{day}/{month}/{year}",
            f"{day:02d}-{month:02d}-{year}",
            f"{year}-{month:02d}-{day:02d}",
            f"{day} {name} {year}",
            f"{name} {day}, {year}",
            f"{day} {name[:3]}",
            f"{day}/{month}",
            f"{year}.{month}.{day}",
            f"民國{random.randint(60, 115)}年{month}月",
            f"{name} {year}",
        ]
    )


def when_z(random: Random) -> str:
    return random.choice(
        "今日 聽日 尋日 琴日 下星期一 下個月 星期五 禮拜六 上晝 下晝 今晚 聽朝 前日 上個禮拜 昨日 明天 下周三 本月底 年初 暑假 復活節 八點半 中午 三點 六點九 5:30pm 9am 10點 夜晚 頭先 啱啱 已經 一陣 遲啲 放學後 收工後 而家".split()
    )


def when_e(random: Random) -> str:
    return random.choice(
        "today|tomorrow|yesterday|next Monday|on Friday|this weekend|last week|at 3pm|at 10:30|by noon|before Tuesday|in May|next month|tonight|this morning|later|by EOD|in Q3|after lunch|on the 5th|ASAP|next June".split(
            "|"
        )
    )


def money(random: Random) -> str:
    amount = random.choice([random.randint(10, 999), random.randint(1000, 900000)])
    return random.choice(
        [
            f"${amount}",
            f"HK${amount:,}",
            f"HKD {amount:,}.00",
            f"{amount}蚊",
            f"{amount}元",
            f"港幣{amount:,}元",
            f"USD {amount}",
            f"{random.randint(1, 90)}萬",
            f"${amount:,}.50",
        ]
    )


def email(random: Random) -> str:
    senders = "samho iris.y chan.tm kwong88 info hr admin peter.wong mary_lee hello support k.lau lty ah_keung wongsiuming jchan2001 noreply m.khan".split()
    return f"{random.choice(senders)}{random.choice(['', digits(random, 2)])}@{random.choice(['example.com', 'inbox.example', 'mail.example.hk', 'gmail.com', 'yahoo.com.hk', 'hkmail.example.hk', 'company.example'])}"


def card(random: Random) -> str:
    groups = [random.choice("345") + digits(random, 3)] + [digits(random, 4) for _ in range(3)]
    return random.choice(["", " ", "-"]).join(groups)


def bank(random: Random) -> str:
    return random.choice(
        [
            f"{digits(random, 3)}-{digits(random, 6)}-{digits(random, 3)}",
            f"{digits(random, 3)} {digits(random, 3)} {digits(random, 6)}",
            digits(random, 12),
            f"FPS ID {digits(random, 7)}",
            f"GB{digits(random, 2)} BARC {digits(random, 4)} {digits(random, 4)}",
        ]
    )


def code(random: Random) -> str:
    return random.choice(
        [
            f"{random.choice('ABCSTMHE')}{digits(random, 7)}",
            digits(random, 8),
            digits(random, 10),
            f"MRN-{digits(random, 8)}",
            f"INV-{digits(random, 6)}",
            f"#{digits(random, 5)}",
            f"SN{digits(random, 10)}",
            f"s{digits(random, 7)}",
            f"HN{digits(random, 8)}({digits(random, 1)})",
            f"{random.choice('ABXZ')}{digits(random, 2)}-{digits(random, 4)}",
            f"{digits(random, 8)}-000",
            f"{random.choice('KLGHXVSW')}{random.choice('ABCDEJL')} {digits(random, 4)}",
            digits(random, 6),
            f"JIRA-{digits(random, 4)}",
            f"PR-{digits(random, 3)}",
        ]
    )


def net(random: Random) -> str:
    return random.choice(
        [
            f"{random.randint(10, 220)}.{random.randint(0, 255)}.{random.randint(0, 255)}.{random.randint(1, 254)}",
            f"https://example.com/{token(random, 6)}",
            f"https://hooks.example.com/services/{token(random, 8)}/{token(random, 16)}",
            f"sk-{token(random, 24)}",
            f"ghp_{token(random, 30)}",
            f"v{random.randint(1, 12)}.{random.randint(0, 30)}.{random.randint(0, 9)}",
            "localhost:8080",
            f"{token(random, 12)}",
            "www.example.com.hk",
        ]
    )


def number(random: Random) -> str:
    return str(random.choice([random.randint(1, 12), random.randint(1, 99), random.randint(100, 5000)]))
