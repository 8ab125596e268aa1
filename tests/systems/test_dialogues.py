"""What is said with a vendor's program: the page has all of it, the schemas are the code's own, the examples true."""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec
import pytest

from pytest_hkexprt.systems.omd.dialogue_told import BookEvent, BooksTold
from pytest_hkexprt.systems.omd.seam import FeedHandler
from pytest_hkexprt.systems.otp.dialogue import HeardEvent, Say
from pytest_hkexprt.systems.otp.messages import Kind
from pytest_hkexprt.systems.otp.seam import OrderEntry
from pytest_hkexprt.systems.otp.words import ExecType
from pytest_hkexprt.systems.program_lines import Ready, head
from tests.systems.dialogues import DIALOGUES, DOCS, PAGE, fields, requests, written

SPEC = PAGE.read_text("utf-8").partition("## Two programs, whole")[0]
BLOCKS = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TEXT = BLOCKS.sub("", SPEC)
LINES = [
    line.encode()
    for language, block in BLOCKS.findall(SPEC)
    if language == "json"
    for line in re.sub(r"\n ", " ", block).splitlines()
]


@pytest.mark.parametrize("name", DIALOGUES)
def test_the_published_schema_is_the_codes_own(name):
    assert (DOCS / name).read_bytes() == written(name), "draw it again: python -m tests.systems.dialogues"


@pytest.mark.parametrize("name", DIALOGUES)
def test_the_page_has_every_verb_and_every_field(name):
    module, events = DIALOGUES[name]
    named = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", TEXT))))
    assert {*requests(module), *fields(module, events)} <= named


def test_the_page_has_every_kind_of_message():
    text = " ".join(TEXT.split()).replace("BE and Response", "BE and Throttle Entitlement Response")
    text = text.replace("CU and Report", "CU and Party Entitlement Report")
    assert [kind for kind in Kind if kind not in text] == []


def test_the_pages_lines_are_of_the_protocol():
    start, ready, say, heard, book, books = LINES
    assert msgspec.json.decode(start)["do"] == "start"  # cut short on the page
    assert msgspec.json.decode(bytes(head(ready).done), type=Ready).name == "Our Gateway"
    order = msgspec.json.decode(say, type=Say).message.message("CO99999901")
    assert (order.kind, order.amount("Price")) == (Kind.NEW_ORDER, Decimal("388.6"))
    report = msgspec.json.decode(heard, type=HeardEvent).message.message("CO99999901")
    assert (report.get("ExecType"), report.seq) == (ExecType.NEW, 12)
    assert msgspec.json.decode(book, type=BookEvent).message()["Price"] == Decimal("60.150")
    assert msgspec.json.decode(bytes(head(books).done), type=BooksTold).books[0].applied == 4711


@pytest.mark.parametrize(
    ("seam", "module", "ours"),
    [
        (OrderEntry, DIALOGUES["vendor-order-gateway.schema.json"][0], {"wait_for", "await_loss", "keep"}),
        (
            FeedHandler,
            DIALOGUES["vendor-feed-handler.schema.json"][0],
            {"wait_for", "answer", "snapshot", "pictures"},
        ),
    ],
)
def test_every_verb_of_the_seam_is_one_of_the_program_or_ours(seam, module, ours):
    verbs = {name for name, each in vars(seam).items() if callable(each) and not name.startswith("_")}
    assert verbs - ours <= {*requests(module)}
