"""Check digits of identity numbers: what is valid, and that a changed digit is seen where all digits count."""

import pytest

from sampan.understand import identity

VALID = [
    (identity.ean, "7569217076985"),
    (identity.norway, "15108695088"),
    (identity.belgium, "85073003328"),
    (identity.south_africa, "7503305044089"),
    (identity.israel, "39337423"),
    (identity.new_zealand, "49098576"),
    (identity.argentina, "20055361682"),
    (identity.austria, "1237010180"),
    (identity.bulgaria, "7523169263"),
    (identity.czechia, "7103192745"),
    (identity.estonia, "36805280109"),
    (identity.greece, "01013099997"),
    (identity.hungary, "111111110"),
    (identity.latvia, "16117519997"),
    (identity.romania, "1630615123457"),
    (identity.yugoslavia, "0101006500006"),
    (identity.ukraine, "1759013776"),
    (identity.ecuador, "1714307103"),
    (identity.russia, "11223344595"),
]


@pytest.mark.parametrize(("check", "number"), VALID)
def test_the_check_digit_holds_for_this_number_and_for_no_neighbour(check, number):
    assert check(number)
    place = 3 if check is identity.austria else len(number) - 1
    others = [f"{number[:place]}{digit}{number[place + 1 :]}" for digit in range(10) if str(digit) != number[place]]
    assert not any(map(check, others))


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (identity.denmark, "2110625629", "2113625629"),
        (identity.finland, "131052308T", "131052308U"),
        (identity.finland, "131052A308T", "131352A308T"),
        (identity.ireland, "6433435F", "6433435E"),
        (identity.ireland, "6433435OA", "6433435VH"),
        (identity.belgium, "17073003384", "17073003385"),
        (identity.mexico, "BOXW310820HNERXN09", "BOXW310820HNERXN08"),
        (identity.mexico, "GODE561231GR8", "GODE569931GR8"),
        (identity.chile, "125319092", "125319093"),
        (identity.czechia, "991231123", "994031123"),
        (identity.hungary, "8000000008", "7000000008"),
        (identity.iceland, "1201743399", "1201743389"),
        (identity.latvia, "32000000000", "31000000000"),
        (identity.vietnam, "001099012345", "099099012345"),
        (identity.sri_lanka, "853400937V", "859990937V"),
        (identity.sri_lanka, "199934000937", "189934000937"),
    ],
)
def test_other_rules(check, good, bad):
    assert check(good)
    assert not check(bad)
