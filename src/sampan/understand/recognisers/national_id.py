"""Identity numbers of other countries, beside the country's own word for one. Where it has check digits, they must hold.

Source: each issuer's publication of its check digits (ICA Singapore, MOIS Korea, DOPA Thailand, UIDAI, NHS, Canada Revenue Agency,
Australian Taxation Office, Receita Federal, PESEL, INSEE, Agenzia delle Entrate, BZSt, Rijksdienst, Soumu-sho, and their kin);
those of more countries in `understand/identity.py`.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sampan.contract.labels import Finding, Kind
from sampan.understand import identity
from sampan.understand.identity import weighed
from sampan.understand.meanings import Names
from sampan.understand.named import Alone, Form, Named, number, pattern_of
from sampan.understand.patterns import At, Pattern, Trigger, finding
from sampan.understand.recognisers.credit_card import luhn

NAME, VERSION = "national_id", "1.1"

_PERMUTED = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"
)  # fmt: skip
_PRODUCT = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_ODD_DIGITS = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)
_ODD_LETTERS = (2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (*_ODD_DIGITS, *_ODD_DIGITS, *_ODD_LETTERS), strict=True))


def compact(written: str) -> str:
    """Without separators, in capital letters."""
    return re.sub(r"[^A-Z0-9]", "", written.upper())


def singapore(text: str) -> bool:
    """NRIC and FIN: weights 2 7 6 5 4 3 2, letters by series."""
    shift = {"S": 0, "T": 4, "F": 0, "G": 4, "M": 3}[text[0]]
    rest = (weighed(text[1:8], (2, 7, 6, 5, 4, 3, 2)) + shift) % 11
    if text[0] == "M":
        return text[8] == "KLJNPQRTUWX"[10 - rest]
    return text[8] == ("JZIHGFEDCBA" if text[0] in "ST" else "XWUTRQPNMLK")[rest]


def korea(text: str) -> bool:
    """Resident registration: weights 2 to 9, 2 to 5."""
    return str((11 - weighed(text, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10) == text[12]


def thailand(text: str) -> bool:
    """Citizen number: weights 13 to 2."""
    return str((11 - weighed(text, range(13, 1, -1)) % 11) % 10) == text[12]


def japan(text: str) -> bool:
    """My Number: weights 6 to 2, 7 to 2."""
    rest = weighed(text, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return str(0 if rest <= 1 else 11 - rest) == text[11]


def malaysia(text: str) -> bool:
    """MyKad begins with a date; it has no check digit."""
    return 1 <= int(text[2:4]) <= 12 and 1 <= int(text[4:6]) <= 31


def indonesia(text: str) -> bool:
    """NIK holds a date (women's days count from 41); it has no check digit."""
    return 1 <= int(text[6:8]) % 40 <= 31 and 1 <= int(text[8:10]) <= 12


def aadhaar(text: str) -> bool:
    """Verhoeff's dihedral check."""
    check = 0
    for at, digit in enumerate(reversed(text)):
        check = int(_PRODUCT[check][int(_PERMUTED[at % 8][int(digit)])])
    return check == 0 and text[0] not in "01"


def nhs(text: str) -> bool:
    """National Health Service: weights 10 to 2."""
    return str((11 - weighed(text, range(10, 1, -1)) % 11) % 11) == text[9]


def tax_file(text: str) -> bool:
    """Australian tax file number: weights 1 4 3 7 5 8 6 9 10."""
    return len(text) == 9 and weighed(text, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def brazil(text: str) -> bool:
    """CPF: two check digits."""
    first = -weighed(text, range(10, 1, -1)) % 11 % 10
    second = -weighed(text, range(11, 1, -1)) % 11 % 10
    return len(set(text)) > 1 and text[9:] == f"{first}{second}"


def poland(text: str) -> bool:
    """PESEL: weights 1 3 7 9."""
    return str(-weighed(text, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10) == text[10]


def spain(text: str) -> bool:
    """DNI and NIE: a letter by the remainder of 23."""
    digits = text[:-1].translate(str.maketrans("XYZ", "012"))
    return digits.isdigit() and "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == text[-1]


def france(text: str) -> bool:
    """NIR: complement to 97."""
    digits = text.replace("2A", "19").replace("2B", "18")
    return digits.isdigit() and 97 - int(digits[:13]) % 97 == int(digits[13:])


def italy(text: str) -> bool:
    """Codice fiscale: odd and even places have tables of their own."""
    odd = sum(_ODD[char] for char in text[:15:2])
    even = sum(int(char) if char.isdigit() else ord(char) - 65 for char in text[1:15:2])
    return chr(65 + (odd + even) % 26) == text[15]


def germany(text: str) -> bool:
    """Steuerliche Identifikationsnummer: ISO 7064 mod 11, 10."""
    product = 10
    for digit in text[:10]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return str((11 - product) % 10) == text[10]


def netherlands(text: str) -> bool:
    """BSN: weights 9 to 2, -1."""
    return weighed(text, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0 and text != "000000000"


def portugal(text: str) -> bool:
    """NIF: weights 9 to 2."""
    rest = weighed(text, range(9, 1, -1)) % 11
    return str(0 if rest < 2 else 11 - rest) == text[8]


def turkey(text: str) -> bool:
    """T.C. kimlik numarası: two check digits."""
    tenth = (7 * sum(map(int, text[:9:2])) - sum(map(int, text[1:8:2]))) % 10
    return text[0] != "0" and text[9:] == f"{tenth}{(sum(map(int, text[:9])) + tenth) % 10}"


def sweden(text: str) -> bool:
    """Personnummer: Luhn over the last ten digits."""
    return luhn(text[-10:])


_COUNTRIES: dict[str, tuple[Names, str, Callable[[str], bool]]] = {
    "SG": (Names("nric, fin, nric no, fin no"), r"[STFGM]\d{7}[A-Z]", singapore),
    "KR": (Names("resident registration number, rrn, jumin"), r"\d{6}-?[1-8]\d{6}", korea),
    "TH": (Names("thai id, thai national id, thai citizen id"), r"[1-8]-?\d{4}-?\d{5}-?\d{2}-?\d", thailand),
    "JP": (Names("my number, mynumber, individual number", "個人番号 個人編號"), r"\d{4}[ -]?\d{4}[ -]?\d{4}", japan),
    "MY": (Names("mykad, nric malaysia, malaysian ic, ic no, ic number"), r"\d{6}-?\d{2}-?\d{4}", malaysia),
    "ID": (Names("nik, ktp, nomor induk kependudukan"), r"[1-9]\d{15}", indonesia),
    "IN": (Names("aadhaar, aadhar, uidai"), r"[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}", aadhaar),
    "IN-PAN": (Names("pan, pan no, permanent account number"), r"[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]", lambda _: True),
    "GB": (Names("nhs, nhs no, nhs number"), r"\d{3}[ -]?\d{3}[ -]?\d{4}", nhs),
    "CA": (Names("sin, social insurance number, social insurance"), r"[1-9]\d{2}[ -]?\d{3}[ -]?\d{3}", luhn),
    "AU": (Names("tfn, tax file number"), r"\d{3}[ ]?\d{3}[ ]?\d{3}", tax_file),
    "BR": (Names("cpf"), r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}", brazil),
    "PL": (Names("pesel"), r"\d{11}", poland),
    "ES": (Names("dni, nie, nif"), r"(?:\d{8}|[XYZ]-?\d{7})-?[A-Z]", spain),
    "FR": (Names("nir, insee, securite sociale, numero de securite sociale"),
           r"[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}", france),
    "IT": (Names("codice fiscale"), r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]", italy),
    "DE": (Names("steuer id, steuerid, idnr, steueridentifikationsnummer, steuernummer"), r"[1-9]\d ?\d{3} ?\d{3} ?\d{3}", germany),
    "NL": (Names("bsn, burgerservicenummer"), r"\d{9}", netherlands),
    "PT": (Names("nif, contribuinte"), r"[1235689]\d{2} ?\d{3} ?\d{3}", portugal),
    "TR": (Names("tc kimlik, tckn, kimlik no"), r"\d{11}", turkey),
    "SE": (Names("personnummer"), r"(?:\d{2})?\d{6}[-+]?\d{4}", sweden),
    "DL": (Names("driver license, drivers license, driver's license, driving licence, driver licence, license number"),
           r"[A-Z]{0,3}\d{6,14}[A-Z]{0,2}|\d{4}-\d{2}-\d{4}|[A-Z]\d{3}(?:-\d{3,4}){2,4}", lambda text: sum(map(str.isdigit, text)) >= 6),
    # A word that has a letter with an accent is named from behind that letter on: `dselsnummer`, `tunnus`, `dula`.
    "CH": (Names("ahv, ahv nr, ahv nummer, avs, no avs, numero avs"), r"756\.?\d{4}\.?\d{4}\.?\d{2}", identity.ean),
    "DK": (Names("cpr, cpr nr, cpr nummer"), r"\d{6}-?\d{4}", identity.denmark),
    "NO": (Names("fodselsnummer, dselsnummer, personnummer, fnr"), r"\d{6} ?\d{5}", identity.norway),
    "FI": (Names("hetu, henkilotunnus, tunnus, personbeteckning"), r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]", identity.finland),
    "IE": (Names("pps, ppsn, pps no, pps number"), r"\d{7}[A-W][ABHWTX]?", identity.ireland),
    "BE": (Names("rijksregisternummer, registre national, national register number, niss, insz"),
           r"\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[. ]?\d{2}", identity.belgium),
    "MX": (Names("curp, rfc"), r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d|[A-Z]{4}-?\d{6}-?[A-Z0-9]{3}", identity.mexico),
    "CL": (Names("rut, rol unico"), r"\d{1,2}\.?\d{3}\.?\d{3}-[\dK]", identity.chile),
    "ZA": (Names("south african id, sa id, rsa id"), r"\d{6} ?\d{4} ?\d{2} ?\d", identity.south_africa),
    "IL": (Names("teudat zehut, israeli id, mispar zehut"), r"\d{7,8}-?\d", identity.israel),
    "NZ": (Names("nz ird, ird number, ird no"), r"\d{2,3}[- ]?\d{3}[- ]?\d{3}", identity.new_zealand),
    "AR": (Names("cuit, cuil, dni"), r"\d{2}-?\d{8}-?\d|\d{1,2}\.\d{3}\.\d{3}", identity.argentina),
    "AT": (Names("svnr, sv nummer, sozialversicherungsnummer"), r"\d{4} ?\d{6}", identity.austria),
    "BG": (Names("egn"), r"\d{10}", identity.bulgaria),
    "CZ": (Names("rodn, rodne cislo, birth number"), r"\d{6}/?\d{3,4}", identity.czechia),
    "EE": (Names("isikukood"), r"[1-8]\d{10}", identity.estonia),
    "LT": (Names("asmens kodas"), r"[1-8]\d{10}", identity.estonia),
    "LV": (Names("personas kods"), r"\d{6}-?\d{5}", identity.latvia),
    "GR": (Names("amka"), r"\d{11}", identity.greece),
    "HR": (Names("oib"), r"\d{11}", germany),
    "HU": (Names("taj sz, taj number, adoazonosito, azonos"), r"\d{3}[ -]?\d{3}[ -]?\d{3}|8\d{9}", identity.hungary),
    "IS": (Names("kennitala, kt"), r"\d{6}-?\d{4}", identity.iceland),
    "RO": (Names("cnp, cod numeric personal"), r"[1-9]\d{12}", identity.romania),
    "SI": (Names("emso, jmbg"), r"\d{13}", identity.yugoslavia),
    "UA": (Names("rnokpp, rntrc"), r"\d{10}", identity.ukraine),
    "RU": (Names("snils"), r"\d{3}-?\d{3}-?\d{3}[ -]?\d{2}", identity.russia),
    "PK": (Names("cnic, nicop"), r"[1-8]\d{4}-?\d{7}-?\d", lambda _: True),
    "LK": (Names("nic, sri lankan nic"), r"\d{9}[VX]|[12]\d{11}", identity.sri_lanka),
    "VN": (Names("cccd, can cuoc cong dan"), r"\d{12}", identity.vietnam),
    "EC": (Names("cedula, dula"), r"\d{9}-?\d", identity.ecuador),
    "CO": (Names("cedula de ciudadania, cedula de ciudadan, dula de ciudadan"), r"\d{1,3}(?:\.\d{3}){2,3}|\d{6,10}", lambda _: True),
    "PE": (Names("dni"), r"\d{8}", lambda _: True),
}  # fmt: skip


def _form(pattern: str, check: Callable[[str], bool]) -> Form:
    return Form(number(pattern, re.IGNORECASE), score=0.95, check=lambda written: check(compact(written)), reach=24)


class _Plain(NamedTuple):
    """A number whose form and check together need no word. trigger: what stands `back` characters behind its start."""

    pattern: re.Pattern[str]
    check: Callable[[str], bool]
    trigger: str
    back: int = 0


def _unmistakable(pattern: re.Pattern[str], check: Callable[[str], bool], back: int) -> At:
    def at(text: str, place: int) -> Finding | None:
        match = pattern.match(text, place - back) if place >= back else None
        if match is None or not check(compact(match.group())):
            return None
        return finding(text, match.span(), Kind.NATIONAL_ID, 1.0)

    return at


_FORMS = {
    "SG": _Plain(number(r"[STFGM]\d{7}[A-Z]"), singapore, "[STFGM][0-9]{7}[A-Z]"),
    "CH": _Plain(number(r"756\.\d{4}\.\d{4}\.\d{2}"), identity.ean, "756[.][0-9]{4}[.]"),
    "BE": _Plain(number(r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"), identity.belgium, "[.][0-9]{2}-[0-9]{3}[.]", 5),
    "MX": _Plain(number(r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d"), identity.mexico, "[0-9]{6}[HMX][A-Z]{2}", 4),
}


def _alone(countries: Iterable[str]) -> Alone | None:
    known = [_FORMS[each] for each in countries if each in _FORMS]
    tried = [_unmistakable(each.pattern, each.check, each.back) for each in known]

    def at(text: str, place: int) -> Finding | list[Finding] | None:
        return next((found for each in tried if (found := each(text, place))), None)

    triggers = [
        Trigger(each.trigger if each.back else f"[^A-Za-z0-9]{each.trigger}", 0 if each.back else 1) for each in known
    ]
    return Alone(triggers, at) if known else None


COUNTRIES = tuple(_COUNTRIES)


def recogniser(countries: Iterable[str]) -> Pattern:
    """Finds the numbers of these countries, at least one of `COUNTRIES`."""
    wanted = set(countries)
    chosen = [each for each in _COUNTRIES if each in wanted]
    named = [
        Named(Kind.NATIONAL_ID, names, _form(pattern, check))
        for names, pattern, check in (_COUNTRIES[each] for each in chosen)
    ]
    return pattern_of(NAME, VERSION, named, _alone(chosen))


RECOGNISER = recogniser(COUNTRIES)
