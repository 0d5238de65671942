"""The words that say what a number is, in English, 繁體中文 and written Cantonese, some 简体: one table for all kinds.

The same eight digits are a telephone, an Octopus card, a business registration or an order, as the nearest word says.
"""

import re
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from sampan.contract.labels import Kind
from sampan.understand.normalise import SEPARATOR


class Names:
    """Words for one kind. latin: separated by commas, a blank may be written `_`, `-` or not at all. chinese: by spaces."""

    __slots__ = ("chinese", "latin")

    def __init__(self, latin: str, chinese: str = "") -> None:
        self.latin = tuple(word.strip() for word in latin.split(",") if word.strip())
        self.chinese = tuple(chinese.split())


NAMES: dict[Kind, Names] = {
    Kind.PASSPORT: Names(
        "passport, bno, british national overseas, travel document, travel doc, pp no, pp #, pp#",
        "護照 护照 旅行證件 簽證身份書 簽證身分書",
    ),
    Kind.HOME_RETURN_PERMIT: Names(
        "home return permit, home visit permit, hrp, mainland travel permit, exit entry permit, eep",
        "回鄉證 回乡证 回鄉卡 通行證 通行证 台胞證 台胞证",
    ),
    Kind.MACAU_ID: Names(
        "macau id, macao id, macau identity card, macao identity card, macau resident identity card, macao resident identity card, bir",
        "澳門身份證 澳門身分證 澳门身份证 澳門居民身份證 澳門居民 澳門證",
    ),
    Kind.STUDENT_ID: Names(
        "student id, student no, student number, student card, student code, sid, matriculation no, matric no, matriculation number, "
        "pupil no, pupil id, learner id, admission no, candidate no, candidate number, university no, strn",
        "學號 学号 學生證 学生证 學生編號 學生號碼 學籍號 學籍編號 學生號 學生參考編號 考生編號 考生號碼",
    ),
    Kind.STAFF_ID: Names(
        "staff id, staff no, staff number, staff code, employee id, employee no, employee number, employee code, emp id, "
        "emp no, emp. no, emp. id, staff #, employee #, emp #, personnel no, personnel number, payroll no, payroll number, "
        "worker id, badge no, badge number, teacher id, operator id, driver id, agent code",
        "員工編號 員工號碼 員工號 員工證 職員編號 職員號碼 職員號 職員證 僱員編號 僱員號碼 僱員號 工號 工号 工作證 员工编号 教師編號 "
        "教師註冊編號 教師註冊 教員編號",
    ),
    Kind.OCTOPUS: Names("octopus", "八達通 八达通"),
    Kind.LICENSE_PLATE: Names(
        "license plate, licence plate, number plate, plate no, plate number, plate, registration mark, "
        "vehicle registration, vehicle reg, reg mark, car reg, vrm",
        "車牌 车牌 車號",
    ),
    Kind.BANK_ACCOUNT: Names(
        "account no, account number, acct no, acct, account, bank account, a/c, ac no, fps id, fps, autopay, beneficiary, payee, "
        "sort code, savings, current account",
        "戶口 户口 帳戶 賬戶 账户 帳號 賬號 账号 轉數快 转数快 過數 過咗數 入數 匯款 汇款 存入 轉賬 轉帳 转账 收款 入錢 匯入 入賬 "
        "銀行號碼 戶號",
    ),
    Kind.MEDICAL_RECORD: Names(
        "medical record, medical record no, medical record number, mrn, patient id, patient no, patient number, hospital no, "
        "hospital number, hospital id, hosp no, hosp. no, hn, umrn, patient #, episode no, episode, "
        "patient ref, patient record, opd no, a&e no, chart no, chart number, clinic no, case notes no",
        "病歷 病历 病人編號 病人號碼 病人號 住院號 住院編號 住院号 病案號 醫院編號 門診號 門診編號 覆診編號 "
        "診症編號 診症號碼 門診卡號碼 覆診卡號碼 病人檔案編號 患者編號 病人檔案",
    ),
    Kind.BUSINESS_REGISTRATION: Names(
        "business registration, business reg, b.r. no, b.r, b.r., br no, br number, brn, br, company no, company number, company registration, "
        "cr no, cr number, unique business identifier, ubi, registered no, ci no, certificate of incorporation",
        "商業登記 商业登记 商登 公司編號 公司註冊 公司注册 公司登記 登記證號碼 統一社會信用代碼",
    ),
    Kind.DATE_OF_BIRTH: Names(
        "date of birth, birth date, birthdate, birthday, dob, d.o.b, born, bday, b day, birth",
        "出生日期 出生年月日 出生 生日 生於 生于 出世 誕生 牛一 生辰",
    ),
    Kind.PHONE: Names(
        "phone, telephone, tel, mobile, cell, cellphone, whatsapp, fax, signal, wechat, contact no, contact number",
        "電話 电话 手機 手机 手提 傳真 聯絡號碼 聯絡 联络 致電",
    ),
    Kind.HKID: Names("hkid, id card, identity card, hk id", "身份證 身分證 身份证"),
    Kind.CREDIT_CARD: Names("credit card, debit card, visa, mastercard, amex", "信用卡 扣賬卡"),
    Kind.LOOKALIKE: Names(
        "order, order no, order number, order id, invoice, inv, reference, ref, ref no, tracking, tracking no, ticket, booking, "
        "booking no, booking ref, policy no, policy number, membership, member id, member no, sku, serial, serial no, model, "
        "part no, item no, batch, version, build, receipt, voucher, coupon, flight, isbn, transaction id, txn, quotation, "
        "tender, po no, job no, hotline, commit, port",
        "訂單 订单 單號 单号 發票 保單 會員 会员 會籍 快遞 快递 運單 型號 貨號 料號 序號 零件 批次 收據 票號 航班 積分 交易編號 "
        "參考編號 參考號 檔案編號 個案編號 報價 標書 版本 熱線",
    ),
}
"""LOOKALIKE stands for what is nobody's: orders, goods, tickets, memberships."""

_WEAK: dict[Kind, Names] = {
    Kind.STUDENT_ID: Names(
        "student, students, pupil, undergraduate, uid, university id", "學生 学生 同學 休學 退學 學籍 畢業"
    ),
    Kind.STAFF_ID: Names("staff, employee, colleague", "員工 職員 僱員 同事"),
    Kind.BANK_ACCOUNT: Names(
        "hsbc, hang seng, hangseng, bank of china, bochk, standard chartered, dbs, citibank, za bank, bank, transfer to, pay to",
        "匯豐 恒生 中銀 渣打 東亞 銀行",
    ),
    Kind.MEDICAL_RECORD: Names("patient, pt, admitted, clinic, hospital", "病人 患者 住院 覆診"),
    Kind.LICENSE_PLATE: Names(
        "vehicle, car, cars, taxi, van, lorry, truck, motorbike, motorcycle, minibus, parking, parked, carpark, tesla, toyota, "
        "honda, bmw, benz, mercedes, audi, lexus, nissan, mazda, porsche, byd, volvo",
        "架 車輛 車主 車位 車 泊 的士 小巴",
    ),
}
"""Words that go with a number of the kind, but name other things too: only a telling form counts beside them."""


def strong(kind: Kind) -> Names:
    """The words that name a number of this kind."""
    return NAMES[kind]


def weak(kind: Kind) -> Names:
    """Words beside which only a telling form counts."""
    return _WEAK[kind]


def spelled(word: str) -> list[str]:
    """How a Latin word is written: with a blank, a line, a hyphen, or nothing between its parts."""
    return sorted({word.replace(" ", between) for between in (" ", "_", "-", "")})


@cache
def _search() -> tuple[AhoCorasick, tuple[Kind, ...]]:
    kinds: dict[str, Kind] = {}
    for kind, names in NAMES.items():
        for word in (*(each for latin in names.latin for each in spelled(latin)), *names.chinese):
            kinds.setdefault(word, kind)
    return AhoCorasick(list(kinds), matchkind=MatchKind.LeftmostLongest), tuple(kinds.values())


_LETTER = re.compile(r"[A-Za-z]")


def said(window: str) -> list[tuple[int, int, Kind]]:
    """Words in `window` that name a kind, in order; a Latin word must be whole (`studentNo` holds two)."""
    lower = window.lower()
    if len(lower) != len(window):
        lower = window
    search, kinds = _search()
    found = search.find_matches_as_indexes(lower)
    return [(start, end, kinds[which]) for which, start, end in found if whole(window, start, end)]


def whole(text: str, start: int, end: int) -> bool:
    """Whether the word at `[start, end)` is not a part of a longer Latin word; a change of case begins a new one."""
    if not text[start].isascii():
        return True
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if before and _LETTER.match(before) and not (before.islower() and text[start].isupper()):
        return False
    return not (after and _LETTER.match(after)) or (after == "s") or (text[end - 1].islower() and after.isupper())


_SPENT = re.compile(r"[。！？；!?;]|\d{4}|\n\s*\n")
"""A word before it names something else: its own number stands between, or its sentence has ended."""


def nearest(text: str, place: int, back: int = 28) -> Kind | None:
    """What the last word before `place` says stands there; None when no word does."""
    window = text[max(0, place - back) : place]
    window = window[window.rfind(SEPARATOR) + 1 :]
    words = said(window)
    if not words or _SPENT.search(window, words[-1][1]):
        return None
    return words[-1][2]
