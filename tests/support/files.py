"""Small files of every type, with a text of the test's choice inside."""

import base64
import io
import struct
import zipfile
import zlib
from xml.sax.saxutils import escape

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return target.getvalue()


def docx(text, **more):
    body = f"<w:document {_W}><w:body><w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p></w:body></w:document>"
    return zipped({"[Content_Types].xml": _TYPES, "word/document.xml": body, **more})


def pptx(text, **more):
    slide = f"<p {_A}><a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></p>"
    return zipped({"[Content_Types].xml": _TYPES, "ppt/slides/slide1.xml": slide, **more})


def xlsx(rows, **more):
    def cell(value):
        if isinstance(value, int):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'

    lines = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    sheet = f"<worksheet {_S}><sheetData>{lines}</sheetData></worksheet>"
    return zipped({"[Content_Types].xml": _TYPES, "xl/worksheets/sheet1.xml": sheet, **more})


def pdf(text="", *, picture=False, extra=b"", page=b"", catalog=b""):
    """A PDF of one page. text: Latin. extra: more objects, from number 7 on."""
    shown = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    content = f"BT /F1 12 Tf 72 700 Td ({shown}) Tj ET".encode("latin-1")
    resources = b"<< /Font << /F1 5 0 R >>"
    if picture:
        content += b" q 200 0 0 100 72 500 cm /I1 Do Q"
        resources += b" /XObject << /I1 6 0 R >>"
    pixels = b"\xff" * 60 * 40 * 3
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b">>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources " + resources + b" >> " + page
        + b">>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /XObject /Subtype /Image /Width 60 /Height 40 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Length %d >>"
        b"\nstream\n%s\nendstream" % (len(pixels), pixels),
    ]  # fmt: skip
    out, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    if extra:
        places.append(len(out))
        out += b"7 0 obj\n" + extra + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)


def eml(text, attachment=b"", name="a.pdf"):
    return b"\r\n".join(
        [
            b"From: Ann <ann@example.com>",
            b"To: Bob <bob@example.com>",
            b"Subject: hello",
            b"MIME-Version: 1.0",
            b'Content-Type: multipart/mixed; boundary="b"',
            b"",
            b"--b",
            b"Content-Type: text/plain; charset=utf-8",
            b"Content-Transfer-Encoding: base64",
            b"",
            _base64(text.encode()),
            *(
                [
                    b"--b",
                    b"Content-Type: application/octet-stream",
                    b'Content-Disposition: attachment; filename="' + name.encode() + b'"',
                    b"Content-Transfer-Encoding: base64",
                    b"",
                    _base64(attachment),
                ]
                if attachment
                else []
            ),
            b"--b--",
            b"",
        ]
    )


def _base64(data):
    return base64.encodebytes(data).strip()


def ics(text):
    line = f"DESCRIPTION:{text}"
    folded = "\r\n ".join(line[at : at + 20] for at in range(0, len(line), 20))
    return f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{folded}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode()


def html(text):
    return f"<!doctype html><html><body><p>{escape(text)}</p></body></html>".encode()


def csv(text):
    return f"crop,note\nwheat,{text}\n".encode()


def png(width=40, height=40):
    """A white picture, whatever its size: one row after the other compresses well."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packer = zlib.compressobj()
    row = b"\0" + b"\xff" * ((width + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def every(text):
    """name -> bytes: one file of each type that can be read without text recognition."""
    return {
        "a.pdf": pdf(text),
        "a.docx": docx(text),
        "a.pptx": pptx(text),
        "a.xlsx": xlsx([["crop", "note"], ["wheat", text]]),
        "a.html": html(text),
        "a.md": f"# Title\n\n{text}\n".encode(),
        "a.csv": csv(text),
        "a.ics": ics(text),
        "a.eml": eml(text),
        "a.zip": zipped({"inside/a.docx": docx(text), "b.txt": "hello"}),
        "a.txt": text.encode("utf-16"),
    }


MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "md": "text/markdown",
    "csv": "text/csv",
    "ics": "text/calendar",
    "eml": "message/rfc822",
    "zip": "application/zip",
    "txt": "text/plain",
    "png": "image/png",
}
