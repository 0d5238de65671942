"""What reading a file gave."""

from sampan.contract.files import FileText


def test_what_a_reader_sees_in_its_order():
    assert FileText("PDF", ("Author: Ann", "two\n", " one"), shown=(2, 1)).said == "one\n\ntwo"
    assert FileText("PDF", ("Author: Ann",)).said == ""
