"""Metadata of the file: title, language, XMP, colour profile, the attached credential.

It claims no conformance to PDF/A or PDF/UA, though it is built for both: that has to be measured first.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import ImageCms

from certificates.credentials.facts import utc_text

PRODUCER = "Nişanə"
CREDENTIAL_NAME = "credential.json"
_PROFILE = "sRGB IEC61966-2.1"
_PROFILE_DATE = bytes.fromhex("07e800010001000000000000")  # 1 January 2024: same bytes on every day
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" \
xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdf:Keywords>{keywords}</pdf:Keywords><pdf:Producer>{producer}</pdf:Producer>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:CreateDate>{instant}</xmp:CreateDate><xmp:ModifyDate>{instant}</xmp:ModifyDate>
<xmp:MetadataDate>{instant}</xmp:MetadataDate>
<xmpMM:DocumentID>uuid:{document_id}</xmpMM:DocumentID>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True, kw_only=True)
class Description:
    """No name: what lists of files and search engines read stays free of it."""

    title: str
    author: str
    subject: str
    keywords: str
    language: str
    created: datetime


@cache
def _colour_profile() -> bytes:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = _PROFILE_DATE
    return bytes(profile)


def pdf_date(instant: datetime) -> String:
    return String(instant.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'"))


def describe(pdf: pikepdf.Pdf, description: Description) -> None:
    root, info = pdf.Root, pdf.docinfo
    for name in list(info.keys()):
        del info[name]
    info.Title, info.Author = String(description.title), String(description.author)
    info.Subject, info.Keywords = String(description.subject), String(description.keywords)
    info.Producer = info.Creator = String(PRODUCER)
    info.CreationDate = info.ModDate = pdf_date(description.created)
    packet = pdf.make_stream(_packet(description))
    packet.Type, packet.Subtype = Name.Metadata, Name.XML
    root.Metadata = packet
    root.Lang = String(description.language)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.PageMode = Name.UseNone
    if "/Outlines" in root:
        del root.Outlines
    profile = pdf.make_stream(_colour_profile())
    profile.N = 3
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(_PROFILE),
        Info=String(_PROFILE),
        DestOutputProfile=profile,
    )
    root.OutputIntents = Array([intent])


def _packet(description: Description) -> bytes:
    instant = utc_text(description.created)
    seed = f"{description.keywords} {instant} {description.language}"
    values = {
        "title": description.title,
        "author": description.author,
        "subject": description.subject,
        "keywords": description.keywords,
        "language": description.language,
        "producer": PRODUCER,
        "instant": instant,
        "document_id": str(uuid.uuid5(uuid.NAMESPACE_URL, seed)),
    }
    return _XMP.format(**{name: escape(value) for name, value in values.items()}).encode("utf-8")


def attach(pdf: pikepdf.Pdf, content: bytes, *, description: str, created: datetime) -> None:
    """The credential as an embedded file that belongs to the document as its data."""
    date = pdf_date(created)
    checksum = hashlib.md5(content, usedforsecurity=False).digest()  # what the format asks for
    embedded = pdf.make_stream(content)
    embedded.Type, embedded.Subtype = Name.EmbeddedFile, Name("/application/json")
    embedded.Params = Dictionary(
        Size=len(content), CheckSum=String(checksum), ModDate=date, CreationDate=date
    )
    file = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(CREDENTIAL_NAME),
            UF=String(CREDENTIAL_NAME),
            Desc=String(description),
            AFRelationship=Name.Data,
            EF=Dictionary(F=embedded, UF=embedded),
        )
    )
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String(CREDENTIAL_NAME), file])))
    pdf.Root.AF = Array([file])
