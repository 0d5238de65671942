"""Excel: values beside the headings of their columns."""

from sampan.understand.files.limits import Limits
from sampan.understand.files.reading import Reading
from sampan.understand.files.xlsx import read_xlsx
from tests.support import files

SHARED = "<sst><si><t>HKID</t></si><si><r><t>A12</t></r><r><t>3456(3)</t></r></si><si><t>left behind</t></si></sst>"


def texts(data):
    reading = Reading(Limits(), pictures=False)
    read_xlsx(data, reading)
    return reading.texts


def sheet(rows):
    return {
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData><oddFooter>foot</oddFooter></worksheet>"
    }


def test_values_and_headings():
    assert texts(files.xlsx([["姓名", "電話"], ["陳大文", 91234567]])) == ["姓名\t電話\n姓名: 陳大文\t電話: 91234567"]


def test_shared_texts_columns_and_footers():
    rows = '<row><c r="B1" t="s"><v>0</v></c></row><row><c r="B2" t="s"><v>1</v></c><c r="AA2"><v>9.1234567E7</v></c></row>'
    found = texts(files.zipped({"xl/sharedStrings.xml": SHARED, **sheet(rows)}))
    assert "HKID: A123456(3)\t91234567" in found[0]
    assert "foot" in found
    assert "left behind" in found[-1]


def test_formulas_that_hold_text():
    rows = '<row><c t="str"><f>CONCAT("A123456","(3)")</f><v>x</v></c><c><f>1+1</f><v>2</v></c></row>'
    assert texts(files.zipped(sheet(rows)))[0] == 'x =CONCAT("A123456","(3)")\t2'


def test_numbers_that_point_nowhere():
    rows = '<row><c t="s"><v>99</v></c><c><v>1E999</v></c><c><v>E</v></c></row>'
    assert texts(files.zipped(sheet(rows)))[0] == "99\t1E999\tE"
