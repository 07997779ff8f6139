"""Workbooks that nobody should open: small, and larger than a computer once they are unpacked."""

import io
import struct
import zipfile
from collections.abc import Iterable

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
BOOK = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
    'ContentType="application/xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{BOOK}" xmlns:r="{OFFICE}"><sheets><sheet name="People" sheetId="1" '
    'r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
    f'Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}
SHEET = "xl/worksheets/sheet1.xml"


def cell(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


HEADER = row(1, cell("A1", "Email"), cell("B1", "Company"))
ADA = row(2, cell("A2", "ada@wabtec.example"), cell("B2", "Wabtec"))


def book(
    *rows: str, dimension: str = "A1:B2", before: str = HEAD, more: Iterable[tuple[str, str]] = ()
) -> bytes:
    with zipfile.ZipFile(made := io.BytesIO(), "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in PARTS.items():
            archive.writestr(name, HEAD + content)
        with archive.open(SHEET, "w") as sheet:
            sheet.write(
                f'{before}<worksheet xmlns="{BOOK}"><dimension ref="{dimension}"/><sheetData>'.encode()
            )
            for each in rows:
                sheet.write(each.encode())
            sheet.write(b"</sheetData></worksheet>")
        for name, content in more:
            archive.writestr(name, content)
    return made.getvalue()


def lying(content: bytes) -> bytes:
    """Its directory says that the sheet unpacks to 100 bytes."""
    at = content.rfind(SHEET.encode()) - 46
    return content[: at + 24] + struct.pack("<I", 100) + content[at + 28 :]


LAUGHS = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">{}]>'.format(
    "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
)


def locked() -> bytes:
    """What Excel writes when a workbook has a password: an OLE file with an encrypted package in it."""
    size, end, free, none = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    head = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    head += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0) + struct.pack("<I", free) * 108
    entries = [_entry("Root Entry", 5, child=1), _entry("EncryptedPackage", 2, start=2, size=4096)]
    chain = [none, end, *range(3, 10), end]
    table = struct.pack(f"<{len(chain)}I", *chain) + struct.pack("<I", free) * (128 - len(chain))
    return head + table + b"".join(entries) + bytes(2 * 128) + bytes(8 * size)


def _entry(name: str, kind: int, child: int = 0xFFFFFFFF, start: int = 0xFFFFFFFE, size: int = 0) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    none = 0xFFFFFFFF
    fixed = struct.pack("<HBBIII", len(raw), kind, 1, none, none, child) + bytes(16 + 4 + 16)
    return raw.ljust(64, b"\0") + fixed + struct.pack("<IQ", start, size)
