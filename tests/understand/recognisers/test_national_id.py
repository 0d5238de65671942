"""Positives and negatives of `national_id`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.national_id import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("S1234567D", ["S1234567D"]),
    ("NRIC: S1234567D", ["S1234567D"]),
    ("G1234567X", ["G1234567X"]),
    ("Aadhaar 2341 2341 2346", ["2341 2341 2346"]),
    ("NHS number 943 476 5919", ["943 476 5919"]),
    ("SIN 046 454 286", []),
    ("SIN 130 692 544", ["130 692 544"]),
    ("CPF 529.982.247-25", ["529.982.247-25"]),
    ("PESEL 44051401359", ["44051401359"]),
    ("DNI 12345678Z", ["12345678Z"]),
    ("NIE X1234567L", ["X1234567L"]),
    ("codice fiscale RSSMRA85T10A562S", ["RSSMRA85T10A562S"]),
    ("Steuer-ID 86095742719", ["86095742719"]),
    ("BSN 111222333", ["111222333"]),
    ("TFN 876 543 210", ["876 543 210"]),
    ("TC kimlik 10000000146", ["10000000146"]),
    ("personnummer 811228-9874", ["811228-9874"]),
    ("NIF 501442600", ["501442600"]),
    ("PAN ABCPE1234F", ["ABCPE1234F"]),
    ("MyKad 900503-10-1234", ["900503-10-1234"]),
    ("RRN 900101-1234568", ["900101-1234568"]),
    ("Thai ID 1101700230708", ["1101700230708"]),
    ("My Number 123456789018", ["123456789018"]),
    ("NIK 3201014105900001", ["3201014105900001"]),
    ("NIR 2 55 08 14 168 025 38", ["2 55 08 14 168 025 38"]),
    ("S1234567A", []),
    ("CPF 529.982.247-24", []),
    ("111222333", []),
    ("sin 2 130692544x", []),
    ("DNI 12345678A", []),
    ("the fin 12 S123", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
