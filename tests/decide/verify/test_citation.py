"""Whether quotations stand in what was given."""

import pytest

from sampan.decide.verify.citation import citation_found

CONTEXT = (
    "The lease ends on 30 June 2027 unless both sides agree in writing. The tenant pays for water and light.\n"
    "租客須於每月首日或之前繳付租金，逾期七日可被徵收附加費。" + "Other clauses follow. " * 30
)


@pytest.mark.parametrize(
    "answer,share",
    [
        ("It says “The lease ends on 30 June 2027”.", 1.0),
        ('It says "the lease  ends on 30 june 2027."', 1.0),
        ("合約寫明「租客須於每月首日或之前繳付租金」。", 1.0),
        ("合約寫明「租客須於每週首日或之前繳付租金」。", 0.0),
        ('It says "The lease ends on 30 June 2028."', 0.0),
        ("> The tenant pays for water and light.\n\nand “the landlord pays for the roof”", 0.5),
        ("It ends in 2027.", None),
        ('"Yes"', None),
        ('```\nprint("nothing of the sort at all")\n```', None),
    ],
)
def test_quotations(answer, share):
    assert citation_found(CONTEXT, answer) == share


def test_without_a_context_nothing_is_quoted():
    assert citation_found("short", "It says “The lease ends on 30 June 2027”.") is None
