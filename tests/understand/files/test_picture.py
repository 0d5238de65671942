"""Text in pictures. Where the extra `ocr` is not installed, pictures are not read."""

import importlib.util
import io

import pytest

from sampan.understand.files import picture
from sampan.understand.files.limits import Limits
from sampan.understand.files.reader import Files
from sampan.understand.files.reading import CannotRead
from tests.support import files

ocr = pytest.mark.skipif(not picture.is_installed(), reason="the extra `ocr` is not installed")


MIDDLE, EDGE = ((10, 10), (50, 30)), ((0, 10), (50, 30))


class Found:
    def __init__(self, txts, scores, boxes=(MIDDLE, MIDDLE)):
        self.txts, self.scores, self.boxes = txts, scores, boxes if txts else None


def recogniser(found):
    made = picture.Recogniser()
    made._engine = lambda pixels: found
    return made


def test_is_installed(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "rapidocr" else object())
    assert not picture.is_installed()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    assert picture.is_installed()


@pytest.fixture
def opened(monkeypatch):
    views = [picture.View(b"", 100, 100, cut=False, counts=True)]
    monkeypatch.setattr(picture, "_opened", lambda data, limits: (views, ["from the camera"]))
    return views


def test_lines_and_properties(opened):
    assert recogniser(Found(("a", "b"), (0.9, 0.8))).read(b"", Limits()).texts == ["a\nb", "from the camera"]
    assert recogniser(Found(None, None)).read(b"", Limits()).texts == ["from the camera"]


def test_a_line_that_nobody_can_make_out(opened):
    with pytest.raises(CannotRead, match="could not be made out") as caught:
        recogniser(Found(("a", "b"), (0.9, 0.3))).read(b"", Limits())
    assert (caught.value.texts, caught.value.shown) == (["a\nb", "from the camera"], [0])


def test_lines_that_the_edge_of_a_view_cuts(opened):
    opened[:] = [picture.View(b"", 100, 100, cut=True, counts=True)]
    unclear = recogniser(Found(("a", "b"), (0.9, 0.3), (MIDDLE, EDGE)))
    assert unclear.read(b"", Limits()).texts[0] == "a\nb"
    with pytest.raises(CannotRead):
        recogniser(Found(("a", "b"), (0.3, 0.9), (MIDDLE, EDGE))).read(b"", Limits())
    opened[:] = [picture.View(b"", 100, 100, cut=False, counts=False)]
    assert recogniser(Found(("a", "b"), (0.3, 0.9))).read(b"", Limits()).texts[0] == "a\nb"


@ocr
def test_large_pictures_are_seen_piece_by_piece():
    from PIL import Image

    def sizes(width, height):
        return [(view.width, view.height) for view in picture._views(Image.new("RGB", (width, height)))]

    assert sizes(2000, 1000) == [(2000, 1000)]
    assert sizes(2001, 1000) == [(2001, 1000), (2000, 1000), (401, 1000)]
    assert len(sizes(4000, 3000)) == 1 + 3 * 2


@ocr
def test_a_transparent_picture_is_looked_at_on_white_and_on_black():
    from PIL import Image

    def grounds(mode, colour):
        target = io.BytesIO()
        Image.new(mode, (20, 20), colour).save(target, "PNG")
        return [view.pixels[-1] for view in picture._opened(target.getvalue(), Limits())[0]]

    assert grounds("RGBA", (255, 255, 255, 0)) == [255, 0]
    assert grounds("RGB", (9, 9, 9)) == [9]


def drawn(text, size=24):
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (600, 80), "white")
    ImageDraw.Draw(image).text((20, 20), text, font=ImageFont.load_default(size), fill="black")
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


@ocr
@pytest.mark.slow
def test_a_real_one():
    reader = Files(ocr=True)
    try:
        found = reader.read(drawn("HKID A123456(3)"), "a.png")
        assert (found.kind, found.reason) == ("PNG picture", "")
        assert "A123456(3)" in found.texts[0]
        assert reader.read(files.png(20_000, 5_000), "a.png").reason == "it has more than 16 megapixels"
        assert reader.read(files.png()[:-30], "a.png").reason == "it is damaged"
    finally:
        reader.close()


@ocr
def test_pictures_with_several_pages():
    from PIL import Image

    target = io.BytesIO()
    one = Image.new("RGB", (20, 20), "red")
    one.save(target, "GIF", save_all=True, append_images=[Image.new("RGB", (20, 20), "blue")])
    with pytest.raises(CannotRead, match="animated"):
        picture._opened(target.getvalue(), Limits())


@ocr
def test_properties_are_read():
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    target, info = io.BytesIO(), PngInfo()
    info.add_text("Comment", "A123456(3)")
    Image.new("LA", (5, 5)).save(target, "PNG", pnginfo=info)
    assert "A123456(3)" in picture._opened(target.getvalue(), Limits())[1]
