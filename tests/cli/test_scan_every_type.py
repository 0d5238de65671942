"""`sampan scan` on a folder with one file of each type: the number in each is found, in a picture of a Chinese form too."""

import io

import pytest

from sampan.understand.files.picture import is_installed
from tests.support import files

HKID = "A123456(3)"


def form():
    """A screenshot of a form in Chinese; None where there is nothing to draw it with."""
    from PIL import Image, ImageDraw, ImageFont

    try:
        font = ImageFont.truetype("NotoSansCJK-Regular.ttc", 26, index=4)
    except OSError:
        font = ImageFont.load_default(26)
    image = Image.new("RGB", (700, 240), "white")
    pen = ImageDraw.Draw(image)
    for line, text in enumerate(("申請表", f"身份證號碼 HKID: {HKID}", "Tel: 9123 4567")):
        pen.text((30, 20 + 70 * line), text, font=font, fill="black")
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "every"
    place.mkdir()
    made = files.every(f"the customer's HKID {HKID} is here")
    if is_installed():
        made["a.png"] = form()
    for name, data in made.items():
        (place / name).write_bytes(data)
    return place


def test_the_number_in_each_is_found(sampan, folder):
    result = sampan("scan", "--json", "--values", "--kind", "HKID", str(folder))
    found = {each["path"].rsplit("/", 1)[-1]: each["text"] for each in result.json["findings"]}
    assert found == {path.name: HKID for path in folder.iterdir()}
    assert {"a.pdf", "a.docx", "a.pptx", "a.xlsx", "a.html", "a.md", "a.csv", "a.ics", "a.eml", "a.zip"} <= set(found)
    assert ("a.png" in found) == is_installed()
    assert result.code == 1
