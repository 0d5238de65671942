"""Forms drawn as pictures, with identity numbers and telephones in them: how many does Sampan find, and how many pictures stay at home?

    apt-get install fonts-noto-cjk fonts-arphic-uming fonts-arphic-ukai fonts-wqy-zenhei
    .venv/bin/python bench/ocr/run.py [--forms 6]

Each form has five values: three HKIDs and two telephones, in Chinese, English or both. It is drawn with every font that is installed, and then shown as
people send it: a screenshot, small, on a grey ground, as a bad JPEG, turned a little, blurred like a photograph. Fixed seed. A value counts as found
when Sampan finds exactly it, digits and letters, as that kind; a picture is safe when everything was found, or when it stays at home because
something in it could not be made out or at least one value was found (one finding keeps the whole picture).
"""

import argparse
import io
import random
import time
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from sampan.understand import Detector
from sampan.understand.files import Unreadable, read_bytes

FONTS = {
    "Noto Sans HK": ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 4),
    "Noto Serif HK": ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 4),
    "AR PL UMing (明體)": ("/usr/share/fonts/truetype/arphic/uming.ttc", 0),
    "AR PL UKai (楷體)": ("/usr/share/fonts/truetype/arphic/ukai.ttc", 0),
    "WenQuanYi Zen Hei": ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
}
LABELS = [
    ("申請表格", "身份證號碼：{}", "配偶身份證：{}", "子女身份證：{}", "手提電話：{}", "住宅電話：{}"),
    ("Application form", "HKID No.: {}", "Spouse's HKID: {}", "Child's HKID: {}", "Mobile: {}", "Tel (home): {}"),
    (
        "登記 Registration",
        "香港身份證 HKID {}",
        "身份證 ID card no. {}",
        "身份證 (child): {}",
        "電話 Tel: {}",
        "聯絡電話 Contact no.: {}",
    ),
]
SIZE = 26


def hkid(rng):
    letter, digits = rng.choice("ABCDEFGHKMPRSVYZ"), [rng.randrange(10) for _ in range(6)]
    total = 36 * 9 + (ord(letter) - 55) * 8 + sum(d * w for d, w in zip(digits, range(7, 1, -1), strict=True))
    return f"{letter}{''.join(map(str, digits))}({'0123456789A'[-total % 11]})"


def phone(rng, first):
    return f"{rng.choice(first)}{rng.randrange(1000):03d} {rng.randrange(10000):04d}"


def form(rng, number):
    """The lines of one form, and what is planted: (kind, value)."""
    title, *labels = LABELS[number % len(LABELS)]
    planted = [("HKID", hkid(rng)) for _ in range(3)] + [("PHONE", phone(rng, "569")), ("PHONE", phone(rng, "2"))]
    return [title, *(label.format(value) for label, (_, value) in zip(labels, planted, strict=True))], planted


def drawn(lines, font, ground="white", size=SIZE):
    image = Image.new("RGB", (int(size * 26), int(size * 2.2 * (len(lines) + 1))), ground)
    pen, face = ImageDraw.Draw(image), ImageFont.truetype(font[0], size, index=font[1])
    for row, text in enumerate(lines):
        pen.text((size, size * (0.8 + 2.2 * row)), text, font=face, fill="black")
    return image


def jpeg(image, quality):
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality)
    return target.getvalue()


def png(image):
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


SHOWN = {
    "screenshot": lambda lines, font: png(drawn(lines, font)),
    "small letters (13 px)": lambda lines, font: png(drawn(lines, font, size=13)),
    "on grey": lambda lines, font: png(drawn(lines, font, ground="#b8b8b8")),
    "JPEG of quality 25": lambda lines, font: jpeg(drawn(lines, font), 25),
    "turned by 3°": lambda lines, font: png(drawn(lines, font).rotate(3, Image.Resampling.BICUBIC, expand=True, fillcolor="white")),
    "photograph: blurred, turned, JPEG": lambda lines, font: jpeg(
        drawn(lines, font, ground="#d8d4c8").filter(ImageFilter.GaussianBlur(1.2)).rotate(-2, Image.Resampling.BICUBIC, expand=True, fillcolor="#888"), 50
    ),
}  # fmt: skip


def plain(text):
    return "".join(sign for sign in text if sign.isalnum())


def looked_at(detector, data, planted):
    """(values found, everything is safe, why it was not read)."""
    try:
        texts = read_bytes(data)
    except Unreadable as reason:
        return 0, True, str(reason)
    found = {(each.kind.value, plain(each.text)) for text in texts for each in detector.detect(text)}
    hit = sum((kind, plain(value)) in found for kind, value in planted)
    return hit, bool(found), ""


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--forms", type=int, default=6)
    given = options.parse_args()
    detector = Detector.patterns()
    fonts = {name: font for name, font in FONTS.items() if Path(font[0]).exists()}
    print("fonts:", ", ".join(fonts) or "none", "; absent:", ", ".join(FONTS.keys() - fonts.keys()) or "none")
    print(
        "| shown | pictures | values found | not read (stay home) | stay home in the end | seconds a picture |\n|---|--:|--:|--:|--:|--:|"
    )
    rows = {}
    for shown, draw in SHOWN.items():
        for font in fonts.values():
            rng = random.Random(7)
            for number in range(given.forms):
                lines, planted = form(rng, number)
                data, began = draw(lines, font), time.perf_counter()
                hit, safe, why = looked_at(detector, data, planted)
                rows.setdefault(shown, []).append((hit, len(planted), bool(why), safe, time.perf_counter() - began))
        told(shown, rows[shown])
    told("all", [row for each in rows.values() for row in each])


def told(name, rows):
    total = sum(row[1] for row in rows)
    hit, unread, safe = sum(row[0] for row in rows), sum(row[2] for row in rows), sum(row[3] for row in rows)
    seconds = sum(row[4] for row in rows) / len(rows)
    print(
        f"| {name} | {len(rows)} | {hit} of {total} ({hit / total:.2f}) | {unread} | {safe} | {seconds:.1f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
