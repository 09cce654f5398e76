from people.permissions import holds


def test_grant_holds_in_its_unit(duty_officer, unit, agency, outsider):
    assert holds(duty_officer, "duty-officer", unit=unit)
    assert not holds(duty_officer, "duty-officer", agency=agency)
    assert not holds(outsider, "duty-officer", unit=unit)
