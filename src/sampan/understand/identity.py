"""Check digits and dates inside identity numbers, one function a country; each takes a number without separators.

Source: each issuer's publication, as Wikipedia and the OECD's TIN pages restate them (BFS, CPR-kontoret, Skatteetaten, DVV, DSP, RENAPO,
SII, DHA, IRD, ANSES, DVSV, GRAO, ČSSZ, ΗΔΙΚΑ, OIB, NEAK, Þjóðskrá, PMLP, MAI, DPS, BPS, NADRA, DRP).
"""

from collections.abc import Callable, Sequence

from sampan.understand.recognisers.credit_card import luhn

Check = Callable[[str], bool]


def weighed(digits: str, weights: Sequence[int]) -> int:
    """The sum of digits times their weights."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def dated(text: str, month: int, day: int) -> bool:
    """Whether the two digits from `month` and from `day` on can be those of a date."""
    return 1 <= int(text[month : month + 2]) <= 12 and 1 <= int(text[day : day + 2]) <= 31


def ean(text: str) -> bool:
    """Weights 1 3 (Switzerland: 756 and an EAN-13)."""
    return weighed(text, (1, 3) * 7) % 10 == 0


def denmark(text: str) -> bool:
    """CPR: a date; the check digit is no longer kept to."""
    return dated(text, 2, 0)


def norway(text: str) -> bool:
    """Fødselsnummer: two check digits; D-numbers count days from 41, H-numbers months."""
    first = -weighed(text, (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11
    second = -weighed(text, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return text[9:] == f"{first}{second}"


def finland(text: str) -> bool:
    """Henkilötunnus: a date, and a letter by the remainder of 31; the sign of the century may be among the separators."""
    digits = text[:6] + text[-4:-1]
    return digits.isdigit() and dated(digits, 2, 0) and "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(digits) % 31] == text[-1]


def ireland(text: str) -> bool:
    """PPS: weights 8 to 2; a second letter A to I counts nine times, an older W, T or X does not."""
    more = 9 * (ord(text[8]) - 64) if text[8:] in {"A", "B", "H", "I"} else 0
    return "WABCDEFGHIJKLMNOPQRSTUV"[(weighed(text[:7], range(8, 1, -1)) + more) % 23] == text[7]


def belgium(text: str) -> bool:
    """Rijksregisternummer: complement to 97, with a 2 before it from the year 2000 on."""
    return text[9:] in {f"{97 - int(each) % 97:02d}" for each in (text[:9], "2" + text[:9])}


def mexico(text: str) -> bool:
    """CURP: weights 18 to 2 over letters and digits. RFC: a date."""
    if not dated(text, 6, 8):
        return False
    total = sum("0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ".index(char) * (18 - at) for at, char in enumerate(text[:17]))
    return len(text) == 13 or text[17] == str(-total % 10)


def chile(text: str) -> bool:
    """RUT: weights 2 to 7 from the right; 10 is written K."""
    total = sum(int(digit) * (2 + at % 6) for at, digit in enumerate(reversed(text[:-1])))
    return text[-1] == "0K987654321"[total % 11]


def south_africa(text: str) -> bool:
    """A date, citizenship, and Luhn."""
    return dated(text, 2, 4) and text[10] in "012" and luhn(text)


def israel(text: str) -> bool:
    """Luhn over nine digits."""
    return luhn(text.zfill(9)) and int(text) > 0


def new_zealand(text: str) -> bool:
    """IRD: weights 3 2 7 6 5 4 3 2, where that gives ten 7 4 3 2 5 2 7 6."""
    body, check = text[:-1].zfill(8), int(text[-1])
    first = -weighed(body, (3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return check == (first if first < 10 else -weighed(body, (7, 4, 3, 2, 5, 2, 7, 6)) % 11) and int(text) > 10_000_000


def argentina(text: str) -> bool:
    """CUIT and CUIL: weights 5 4 3 2 7 to 2, where ten is written 9. A DNI has no check digit."""
    return len(text) < 11 or min(9, -weighed(text[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) == int(text[10])


def austria(text: str) -> bool:
    """Sozialversicherungsnummer: the fourth digit, weights 3 7 9 - 5 8 4 2 1 6."""
    return text[0] != "0" and weighed(text, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11 == int(text[3])


def bulgaria(text: str) -> bool:
    """EGN: a date whose month tells the century, weights 2 4 8 5 10 9 7 3 6."""
    month = int(text[2:4]) % 20
    return 1 <= month <= 12 and weighed(text, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == int(text[9])


def czechia(text: str) -> bool:
    """Rodné číslo, Slovakia's too: a date (women's months from 51); from 1954 on divisible by 11."""
    month = int(text[2:4]) % 50 % 20
    return (
        1 <= month <= 12 and 1 <= int(text[4:6]) <= 31 and (len(text) == 9 or int(text[:9]) % 11 % 10 == int(text[9]))
    )


def estonia(text: str) -> bool:
    """Isikukood, Lithuania's asmens kodas too: a date, weights 1 to 9, 1; where that gives ten 3 to 9, 1 to 3."""
    check = weighed(text, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if check == 10:
        check = weighed(text, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return dated(text, 3, 5) and check == int(text[10])


def greece(text: str) -> bool:
    """AMKA: a date and Luhn."""
    return dated(text, 2, 0) and luhn(text)


def hungary(text: str) -> bool:
    """TAJ: weights 3 7. Adóazonosító jel: weights 1 to 9."""
    if len(text) == 9:
        return weighed(text, (3, 7, 3, 7, 3, 7, 3, 7)) % 10 == int(text[8])
    return text[0] == "8" and weighed(text, range(1, 10)) % 11 == int(text[9])


def iceland(text: str) -> bool:
    """Kennitala: a date (companies' days from 41), weights 3 2 7 6 5 4 3 2 1."""
    return 1 <= int(text[2:4]) <= 12 and weighed(text, (3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def latvia(text: str) -> bool:
    """Personas kods: weights 10 5 8 4 2 1 6 3 7 9; those from 2017 on begin with 32 and hold nothing."""
    return text[:2] == "32" or (1 + weighed(text, (10, 5, 8, 4, 2, 1, 6, 3, 7, 9))) % 11 % 10 == int(text[10])


def romania(text: str) -> bool:
    """CNP: a date, weights 2 7 9 1 4 6 3 5 8 2 7 9."""
    rest = weighed(text, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return dated(text, 3, 5) and int(text[12]) == (1 if rest == 10 else rest)


def yugoslavia(text: str) -> bool:
    """EMŠO and JMBG of the states that were Yugoslavia: a date, weights 7 to 2 twice."""
    return dated(text, 2, 0) and -weighed(text, (7, 6, 5, 4, 3, 2) * 2) % 11 % 10 == int(text[12])


def ukraine(text: str) -> bool:
    """RNOKPP: weights -1 5 7 9 4 6 10 5 7."""
    return weighed(text, (-1, 5, 7, 9, 4, 6, 10, 5, 7)) % 11 % 10 == int(text[9])


def ecuador(text: str) -> bool:
    """Cédula: a province and Luhn."""
    return int(text[:2]) in {*range(1, 25), 30, 50} and luhn(text)


def vietnam(text: str) -> bool:
    """Căn cước công dân: a province up to 096; it has no check digit."""
    return text[0] == "0" and 1 <= int(text[:3]) <= 96


def sri_lanka(text: str) -> bool:
    """Year, then the day of the year (women's from 501); the check digit is not published."""
    day = int(text[2:5] if len(text) == 10 else text[4:7]) % 500
    return 1 <= day <= 366 and (len(text) == 10 or text[:2] in {"19", "20"})


def russia(text: str) -> bool:
    """SNILS: weights 9 to 1, modulo 101."""
    return weighed(text, range(9, 0, -1)) % 101 % 100 == int(text[9:])
