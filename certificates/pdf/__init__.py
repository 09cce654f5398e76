"""From the facts of a certificate to one signed PDF page, and back: is this file one of ours, whole?

Pure: no database, no request, no clock. The steps of `document.make_pdf`:
wording and sizes (`page`) → xhtml2pdf under a strict policy (`render`) → art, tags, metadata and the
credential as attachment (`finish`) → certification signature (`signing`) → verified once more (`verify`).
"""
