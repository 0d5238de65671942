from sampan.cli.asking import summary


def test_a_receipt_in_one_line(receipt):
    assert summary(receipt) == "▲ cloud · masked · HKID ×1, PHONE ×1 · complete · rcp_01"


def test_nothing_left(receipt):
    local = {**receipt, "crossings": [], "policy": {"chosen": ["local-small", "clear"]}}
    assert summary(local) == "● local-small · complete · rcp_01"


def test_refused_before_a_choice():
    assert summary({"id": "rcp_2", "end": "refused", "policy": {}}) == "● - · refused · rcp_2"
