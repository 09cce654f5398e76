from tests import tiny


def test_tiny(curriculum, officer, keys):
    certificate = tiny.certify(curriculum, officer)
    assert certificate.award.person == officer


def test_harm(curriculum, officer):
    assert tiny.sit_exam(curriculum, officer, well=False).passed is False
