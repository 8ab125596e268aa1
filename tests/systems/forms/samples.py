"""What the tests of the forms share that is no fixture."""

from __future__ import annotations

import dataclasses
import datetime as dt

from pytest_hkexprt import circular as circulars
from pytest_hkexprt import shipped
from pytest_hkexprt.model import Form, FormWhen
from pytest_hkexprt.systems.forms.ledger import Entry

RAP = circulars.read(shipped.features_folder() / "rap.toml")
"""Its registration closes on 6 April 2023 at 18:00."""
INTENTION = Form("Intention form", "the service desk", dt.datetime(2023, 4, 14, 15, 59, tzinfo=dt.UTC), FormWhen.BEFORE)
WITH_FORM = dataclasses.replace(RAP, forms=(INTENTION,))


def entry(on: str, **changed: str) -> Entry:
    """Return a registration for the circular by "We", or what is changed of that."""
    facts = {"circular": RAP.reference, "participant": "We", "by": "A. Person", "entered": "2023-04-05T09:00:00+08:00"}
    return Entry(on=on, **(facts | changed))
