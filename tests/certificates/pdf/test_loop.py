import asyncio
from collections.abc import Callable

from certificates.pdf.verify import PdfVerdict, verify_pdf


def test_document_is_made_and_verified_inside_a_running_loop(make: Callable[[], bytes], ours):
    async def inside() -> PdfVerdict:
        return verify_pdf(make(), roots=ours[1]).verdict

    assert asyncio.run(inside()) is PdfVerdict.GENUINE
