"""Positives and negatives of `crypto_wallet`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.crypto_wallet import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"]),
    ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", ["bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"]),
    ("錢包3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy。", ["3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"]),
    ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"]),
    ("eth wallet 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", ["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"]),
    ("BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ", ["BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ"]),
    ("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", ["TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"]),
    ("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", []),
    ("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", []),
    ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", []),
    ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdr", []),
    ("0x0000000000000000000000000000000000000000", []),
    ("wallet 0x0000000000000000000000000000000000000000", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
