"""The rendered page made whole: art under it, tags, metadata, attachment, an empty signature field."""

import io
import zlib
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from . import art
from .metadata import Description, attach, describe
from .page import ComposedPage
from .tagging import add_structure, tag_content

FIELD = "IssuerSignature"
_PRINT_AND_LOCK = 132  # annotation flags


@cache
def _packed_background() -> tuple[bytes, tuple[float, float]]:
    """Drawn and compressed once in a process; every certificate lays the same bytes under its text."""
    operators, size = art.background()
    return zlib.compress(operators, 9), size


def finish(rendered: bytes, page: ComposedPage, *, description: Description, credential: bytes) -> bytes:
    """Everything but the signature; the same bytes for the same values. About 5 ms.

    TagError when the rendered page is not exactly the lines of `page`.
    """
    with pikepdf.open(io.BytesIO(rendered)) as pdf:
        if len(pdf.pages) != 1:
            raise ValueError(f"{len(pdf.pages)} pages where one belongs")
        sheet = pdf.pages[0]
        tagged = tag_content(sheet, page.lines)
        _lay_under(pdf, sheet, tagged.content)
        field = _signature_field(pdf, sheet, page.words.signature_label)
        add_structure(pdf, sheet, tagged, field=field, label=page.words.signature_label)
        describe(pdf, description)
        attach(pdf, credential, description=page.words.attachment, created=description.created)
        made = io.BytesIO()
        pdf.save(
            made,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=True,
            min_version="1.7",
            fix_metadata_version=False,
        )
    return made.getvalue()


def _lay_under(pdf: pikepdf.Pdf, sheet: pikepdf.Page, content: bytes) -> None:
    packed, (width, height) = _packed_background()
    form = pdf.make_stream(b"")
    form.write(packed, filter=Name.FlateDecode)
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox = Array([0, 0, round(width, 3), round(height, 3)])
    form.Resources = Dictionary()
    resources = sheet.obj.Resources
    if "/XObject" not in resources:
        resources.XObject = Dictionary()
    resources.XObject.Background = form
    under = b"/Artifact <</Type /Background>> BDC q /Background Do Q EMC\n"
    sheet.obj.Contents = Stream(pdf, under + content)
    for name in list(resources.Font.keys()):  # a standard font that was selected and draws nothing
        if "/FontDescriptor" not in resources.Font[name] and f"{name} ".encode() not in content:
            del resources.Font[name]


def _signature_field(pdf: pikepdf.Pdf, sheet: pikepdf.Page, label: str) -> pikepdf.Object:
    """Invisible, named and tagged, made before signing so that signing adds nothing but the signature."""
    appearance = pdf.make_stream(b"")
    appearance.Type, appearance.Subtype = Name.XObject, Name.Form
    appearance.BBox = Array([0, 0, 0, 0])
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(FIELD),
            TU=String(label),
            Rect=Array([0, 0, 0, 0]),
            F=_PRINT_AND_LOCK,
            P=sheet.obj,
            StructParent=1,
            AP=Dictionary(N=appearance),
        )
    )
    sheet.obj.Annots = Array([field])
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([field]), SigFlags=3))
    return field
