"""Which built-in recognisers are on."""

import pytest

from sampan.contract.errors import ConfigError
from sampan.contract.labels import Kind
from sampan.understand import Detector
from sampan.understand.recognisers import BUILT_IN, NATIONAL_IDS, built_in

TEXT = "NRIC S1234567D, CPF 529.982.247-25, SSN 536-22-1234, HKID A123456(3), 统一 11010519491231002X"


def found(*countries):
    return [each.text for each in Detector.patterns(national_ids=countries).detect(TEXT)]


def test_all_by_default():
    assert built_in() is BUILT_IN
    assert found("all") == ["S1234567D", "529.982.247-25", "536-22-1234", "A123456(3)", "11010519491231002X"]
    assert Detector.patterns(national_ids=NATIONAL_IDS).detect(TEXT) == Detector.patterns().detect(TEXT)


@pytest.mark.parametrize(
    ("countries", "there"),
    [
        ((), []),
        (("SG",), ["S1234567D"]),
        (("BR", "US"), ["529.982.247-25", "536-22-1234"]),
        (("FR",), []),
    ],
)
def test_only_those_that_are_named_and_ours_always(countries, there):
    assert found(*countries) == [*there, "A123456(3)", "11010519491231002X"]


def test_the_british_insurance_number_is_british():
    text = "NINO AB123456C"
    assert [each.kind for each in Detector.patterns(national_ids=["GB"]).detect(text)] == [Kind.SSN]
    assert Detector.patterns(national_ids=["SG"]).detect(text) == []


def test_a_country_that_nobody_knows():
    with pytest.raises(ConfigError, match="no identity numbers are known for XX"):
        built_in(["SG", "XX"])
