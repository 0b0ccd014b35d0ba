"""Documents, good and bad, made here so that nothing malicious lies in the repository."""

from __future__ import annotations

import io
import zipfile

from tests.runtime.documents.making import OLE, SECRET, W, docx, pdf, relation, run, smuggled, stream, xlsx, zipped


def _lying_zip() -> bytes:
    """Return a document whose sizes are told smaller than they are."""
    made = bytearray(docx(run("x"), word_big__xml=b"<a>" + b"\0" * 40_000_000 + b"</a>"))
    return bytes(made)


def _path(name: str) -> bytes:
    return docx(run("x")) if not name else zipped({**_plain(), name: b"x"})


def _plain() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx(run("x")))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _encrypted_zip() -> bytes:
    made = bytearray(docx(run("x")))
    at = made.rindex(b"PK\x01\x02")
    made[at + 8] |= 1
    return bytes(made)


_STYLED = (
    '<fonts><font><sz val="11"/></font><font><sz val="11"/><color rgb="FFFFFFFF"/></font></fonts>'
    '<fills><fill><patternFill patternType="none"/></fill></fills>'
    '<cellXfs><xf fontId="0" fillId="0"/><xf fontId="1" fillId="0"/></cellXfs>'
)
_CELL = '<row r="1"><c r="A1" s="{style}" t="inlineStr"><is><t>{text}</t></is></c></row>'

BAD: dict[str, tuple[str, bytes, str]] = {
    # name: kind, content, reason
    "empty": ("txt", b"", "size"),
    "a program called a text": ("txt", b"MZ\x90\x00\x03", "wrong_type"),
    "a picture called a PDF": ("pdf", b"\x89PNG\r\n\x1a\n", "wrong_type"),
    "a text called a PDF": ("pdf", b"hello", "wrong_type"),
    "a PDF called a text": ("txt", pdf(), "wrong_type"),
    "a ZIP called a document": ("docx", zipped({"a.txt": "x"}), "wrong_type"),
    "a workbook called a document": ("docx", xlsx(), "wrong_type"),
    "a text called HTML": ("html", b"hello", "wrong_type"),
    "rich text called a text": ("txt", b"{\\rtf1 hello}", "wrong_type"),
    "text in UTF-16": ("txt", "hello".encode("utf-16"), "wrong_type"),
    "a script": ("txt", b"#!/bin/sh\nrm -rf /\n", "wrong_type"),
    "an old document": ("docx", OLE + b"\0" * 600, "wrong_type"),
    "an encrypted document": ("docx", OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "encrypted"),
    "an encrypted part": ("docx", _encrypted_zip(), "encrypted"),
    "an encrypted PDF": ("pdf", pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 9 0 R"), "encrypted"),
    "tags": ("txt", f"Leave is 28 days.{smuggled(SECRET)}".encode(), "hidden_text"),
    "bits without width": ("md", "Leave\u200b\u200c\u200b\u200c is 28 days".encode(), "hidden_text"),
    "turned round": ("txt", "Pay \u202e1174\u202c now".encode(), "hidden_text"),
    "selectors in a row": ("txt", ("a" + "\ufe01\ufe02" * 9).encode(), "hidden_text"),
    "a comment in Markdown": ("md", f"# Leave\n<!-- {SECRET} -->\n".encode(), "hidden_text"),
    "a comment as a link": ("md", f'# Leave\n[//]: # "{SECRET}"\n'.encode(), "hidden_text"),
    "a program in Markdown": ("md", b"# Leave\n<script>alert(1)</script>", "active_content"),
    "a program in HTML": ("html", b"<p>x</p><script>1</script>", "active_content"),
    "a program on a picture": ("html", b"<p>x</p><img src=x onerror=alert(1)>", "active_content"),
    "a link that runs": ("html", b"<p><a href='java\nscript:alert(1)'>x</a></p>", "active_content"),
    "HTML that leads away": ("html", b"<html><meta http-equiv=refresh content='0;url=//e'><p>x", "active_content"),
    "a style from elsewhere": ("html", b"<html><link rel=stylesheet href=//e/x.css><p>x", "outside_content"),
    "not displayed": ("html", f"<p>x</p><div style='display: none'><b>{SECRET}</b></div>".encode(), "hidden_text"),
    "hidden by attribute": ("html", f"<p>x</p><p hidden>{SECRET}</p>".encode(), "hidden_text"),
    "tiny": ("html", f"<p>x<span style='font-size:1px'>{SECRET}</span></p>".encode(), "hidden_text"),
    "transparent": ("html", f"<p style='opacity:0'>{SECRET}</p>".encode(), "hidden_text"),
    "white": ("html", f"<body><p style='color:#fefefe'>{SECRET}</p>".encode(), "hidden_text"),
    "white by a rule": (
        "html",
        f"<html><style>.a, b {{ color: white }}</style><p class='a'>{SECRET}</p>".encode(),
        "hidden_text",
    ),
    "outside of the page": (
        "html",
        f"<p style='position:absolute; left:-9999px'>{SECRET}</p>".encode(),
        "hidden_text",
    ),
    "in a template": ("html", f"<p>x</p><template>{SECRET}</template>".encode(), "hidden_text"),
    "tags as references": (
        "html",
        ("<p>x" + "".join(f"&#{0xE0000 + ord(c)};" for c in SECRET)).encode(),
        "hidden_text",
    ),
    "macros": ("docx", docx(run("x"), word_vbaProject__bin=b"macro"), "macro"),
    "macros by another name": ("docx", docx(run("x"), word_x__bin=OLE + b"\0V\0B\0A\0"), "macro"),
    "macros by their type": (
        "docx",
        zipped({**_plain(), "[Content_Types].xml": b'<Types><Default ContentType="a.macroEnabled.main+xml"/></Types>'}),
        "macro",
    ),
    "an embedded object": ("docx", docx(run("x"), word_embeddings_a__bin=b"x"), "embedded_file"),
    "a program as a picture": ("docx", docx(run("x"), word_media_a__png=b"MZ\x90"), "embedded_file"),
    "a template from elsewhere": (
        "docx",
        docx(run("x"), word__rels_settings__xml__rels=relation("attachedTemplate", "http://e/x.dotm")),
        "outside_content",
    ),
    "a picture from elsewhere": (
        "docx",
        docx(run("x"), word__rels_document__xml__rels=relation("image", "http://e/x.png")),
        "outside_content",
    ),
    "a field that runs": (
        "docx",
        docx("<w:p><w:r><w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText></w:r></w:p>"),
        "active_content",
    ),
    "entities": (
        "docx",
        zipped({**_plain(), "word/document.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
        "active_content",
    ),
    "broken XML": ("docx", zipped({**_plain(), "word/document.xml": b"<a><b></a>"}), "damaged"),
    "hidden words": ("docx", docx(run(SECRET, "<w:vanish/>")), "hidden_text"),
    "white words": ("docx", docx(run(SECRET, '<w:color w:val="FFFFFF"/>')), "hidden_text"),
    "tiny words": ("docx", docx(run(SECRET, '<w:sz w:val="2"/>')), "hidden_text"),
    "words hidden by a style": (
        "docx",
        docx(
            run(SECRET, '<w:rStyle w:val="Sub"/>'),
            word_styles__xml=f'<w:styles xmlns:w="{W}"><w:style w:styleId="Top"><w:rPr><w:vanish/></w:rPr></w:style>'
            '<w:style w:styleId="Sub"><w:basedOn w:val="Top"/></w:style></w:styles>',
        ),
        "hidden_text",
    ),
    "tags in a document": ("docx", docx(run("x" + smuggled(SECRET))), "hidden_text"),
    "a part that unpacks": ("docx", _lying_zip(), "bomb"),
    "many parts": ("docx", zipped({**_plain(), **{f"word/{at}.txt": b"x" for at in range(2_100)}}), "bomb"),
    "a part that climbs": ("docx", _path("../../etc/passwd"), "path"),
    "a part from the root": ("docx", _path("/etc/passwd"), "path"),
    "a part of Windows": ("docx", _path("word\\..\\x"), "path"),
    "one name twice": ("docx", _path("WORD/document.xml"), "path"),
    "something after the end": ("docx", docx(run("x")) + b"<script>", "damaged"),
    "a hidden sheet": ("xlsx", xlsx(sheets='<sheet name="A"/><sheet name="B" state="veryHidden"/>'), "hidden_text"),
    "a hidden row": ("xlsx", xlsx('<row r="1" hidden="1"><c r="A1"><v>1</v></c></row>'), "hidden_text"),
    "a hidden column": ("xlsx", xlsx(before='<cols><col min="1" max="1" hidden="1"/></cols>'), "hidden_text"),
    "white cells": ("xlsx", xlsx(_CELL.format(style=1, text=SECRET), styles=_STYLED), "hidden_text"),
    "a formula that runs": ("xlsx", xlsx("<row><c><f>cmd|' /C calc'!A0</f></c></row>"), "active_content"),
    "links to other workbooks": ("xlsx", xlsx(**{"xl/externalLinks/externalLink1.xml": "<a/>"}), "embedded_file"),
    "JavaScript": ("pdf", pdf("", "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"), "active_content"),
    "JavaScript spelt in hex": ("pdf", pdf("", "<< /S /Java#53cript /J#53 (x) >>"), "active_content"),
    "JavaScript in a packed object": (
        "pdf",
        pdf("", stream(b"7 0 << /S /JavaScript /JS (x) >>", "/Type /ObjStm")),
        "active_content",
    ),
    "JavaScript as a stream of text": (
        "pdf",
        pdf("", b"(\nstream\n<< /S /JavaScript >>\nendstream\n)"),
        "active_content",
    ),
    "a launch": ("pdf", pdf("", "<< /S /Launch /F (cmd.exe) >>"), "active_content"),
    "an action on opening a page": ("pdf", pdf("", "<< /AA << /O 5 0 R >> >>"), "active_content"),
    "an embedded file": ("pdf", pdf("", "<< /Type /Filespec /EF << /F 6 0 R >> >>"), "embedded_file"),
    "invisible text": ("pdf", pdf(f"BT /F1 12 Tf 3 Tr ({SECRET}) Tj ET"), "hidden_text"),
    "tiny text": ("pdf", pdf(f"BT /F1 0.5 Tf ({SECRET}) Tj ET"), "hidden_text"),
    "text made tiny": ("pdf", pdf(f"q 0.01 0 0 0.01 0 0 cm BT /F1 12 Tf ({SECRET}) Tj ET Q"), "hidden_text"),
    "white text": ("pdf", pdf(f"BT 1 1 1 rg /F1 12 Tf [({SECRET})] TJ ET"), "hidden_text"),
    "invisible text in a form": (
        "pdf",
        pdf("", stream(f"BT 3 Tr ({SECRET}) Tj ET".encode(), "/Subtype /Form")),
        "hidden_text",
    ),
    "invisible text that says to be a picture": (
        "pdf",
        pdf("", stream(f"BT 3 Tr ({SECRET}) Tj ET".encode(), "/Subtype /Image")),
        "hidden_text",
    ),
    "a stream that unpacks": ("pdf", pdf(b"\0" * 30_000_000), "bomb"),
    "a stream packed otherwise": ("pdf", pdf("", b"<< /Filter /LZWDecode >>\nstream\nabc\nendstream"), "unreadable"),
    "a PDF that is cut off": ("pdf", pdf()[:-40], "damaged"),
    "a stream that is damaged": ("pdf", pdf("", b"<< /Filter /FlateDecode >>\nstream\nabc\nendstream"), "damaged"),
}

GOOD: dict[str, tuple[str, bytes]] = {
    "text": ("txt", "Urlaub für Łukasz: 28 days \U0001f600\r\n".encode()),
    "Persian and a family": (
        "txt",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \U0001f468\u200d\U0001f469\u200d\U0001f467 ❤\ufe0f".encode(),
    ),
    "with a byte order mark": ("txt", "\ufeffLeave is 28 days.".encode()),
    "a table": ("csv", b"name,days\nAda,28\n"),
    "Markdown with code": (
        "md",
        b"# Leave\n```html\n<script>x</script>\n<!-- shown, and so not hidden -->\n```\n<br>\n<!-- toc -->",
    ),
    "HTML": (
        "html",
        b"<!doctype html><html><head><title>Leave of the people who work here</title><style>th { color: white; "
        b"background: #004 } .a { font-size: 11px }</style></head><body><table><tr><th>Days of leave of a year</th>"
        b"</tr></table><p class=a>28 <a href='https://example.com'>days</a></p></body></html>",
    ),
    "a document": (
        "docx",
        docx(
            run("Leave is 28 days.", '<w:sz w:val="22"/>')
            + '<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:fill="003366"/></w:tcPr>'
            + run("Heading in white on blue", '<w:color w:val="FFFFFF"/>')
            + "</w:tc></w:tr></w:tbl>"
            + run("", "<w:vanish/>"),
            word__rels_document__xml__rels=relation("hyperlink", "https://example.com"),
            word_media_a__png=b"\x89PNG\r\n\x1a\n",
        ),
    ),
    "a workbook": ("xlsx", xlsx(_CELL.format(style=0, text="28 days"), styles=_STYLED)),
    "a PDF": ("pdf", pdf()),
    "a PDF with white on blue": (
        "pdf",
        pdf("0 0 0.5 rg 0 0 600 100 re f BT 1 1 1 rg /F1 12 Tf 72 50 Td (Heading in white) Tj ET"),
    ),
    "a PDF with a link": ("pdf", pdf("BT 0 g /F1 12 Tf (x) Tj ET", "<< /S /URI /URI (https://example.com) >>")),
    "a PDF in a scaled font": ("pdf", pdf("BT /F1 1 Tf 12 0 0 12 72 700 Tm (Leave is 28 days.) Tj ET")),
}
