"""Circulars nobody issued, written when the drafter's rules stood, and left as they came out: what to expect of the next."""

# ruff: noqa: E501  a line of a text is a line of its source

from __future__ import annotations

from tests.draft.variations import Variation

LETTER = Variation(
    "a letter: dates in words of prose, role by role, a reply slip",
    """\
Our reference: LT/40/2031
12 February 2031

LETTER WRITING CLEARING COMPANY LIMITED

Dear Sirs,

Subject: Upgrade of CCMS - invitation to a connectivity test

We write to invite all Clearing Participants to a connectivity test of CCMS. The test takes place on Saturday 22 March 2031 between 2:00 p.m. and 4:30 p.m. at our secondary data centre.

Kindly complete the Reply Form and send it to ccms@example.com not later than Friday 7 March 2031.

During the test, Clearing Participants should:

a. log on to CCMS;
b. enquire the collateral balance; and
c. log off.

Yours faithfully,
Letter Writing Clearing Company Limited
""",
    {
        "reference": "LT/40/2031",
        "dated": "2031-02-12",
        "issuer": "Letter Writing Clearing Company Limited",
        "subject": "Upgrade of CCMS - invitation to a connectivity test",
        "roles": "CP",
        "session 1 time": "2031-03-22 14:00-16:30",
        "session 1 site": "secondary",
        "session 1 systems": "ccass",
        "session 1 name": "connectivity test",
        "form Reply Form": "before 2031-03-07 ccms@example.com",
        "clause reply-form": "tested",
        "clause log-ccms": "tested",
        "clause enquire-collateral-balance": "tested",
        "clause log-off": "tested",
    },
)

TIMES_FIRST = Variation(
    "time before date in the table, two systems a row, 'alternate' for secondary",
    """\
Circular Ref.: TB/3/31
Issued: 03 Mar 2031

TIMES BEFORE DATES LIMITED

Subject: Backbone switch: OTP-C and OMD-C connectivity sessions

Time | Date | Systems | Location
0900-1100 hrs | 05 Apr 2031 (Sat) | OTP-C, OMD-C | Primary site
1300-1500 hrs | 05 Apr 2031 (Sat) | OTP-C, OMD-C | Alternate site

EPs and CCEPs shall register through Client Connect by 28 Mar 2031 1200 hrs.

- Logon to OTP-C
- Join the OMD-C multicast channels
""",
    {
        "reference": "TB/3/31",
        "dated": "2031-03-03",
        "issuer": "Times Before Dates Limited",
        "subject": "Backbone switch: OTP-C and OMD-C connectivity sessions",
        "roles": "EP CCEP",
        "session 1 time": "2031-04-05 09:00-11:00",
        "session 1 site": "primary",
        "session 1 systems": "otp omd",
        "session 1 name": "Session 1",
        "session 2 time": "2031-04-05 13:00-15:00",
        "session 2 site": "secondary",
        "session 2 systems": "otp omd",
        "session 2 name": "Session 2",
        "registration deadline": "2031-03-28 12:00",
        "registration channel": "Client Connect",
        "clause register": "tested",
        "clause logon-otp-c": "tested",
        "clause join-omd-c": "tested",
    },
)

NESTED = Variation(
    "numbered sections, sites as sub-headings, a stabilisation with do and don't",
    """\
Ref. No.: NS/7/2031
Date: 21/07/2031

NESTED SECTIONS CLEARING HOUSE LIMITED

Subject: New SFTP software of RAP

1. Sessions

1.1 Session 1: 30 August 2031, 10:00 am to 11:00 am, DR data centre
1.2 Session 2: 30 August 2031, 2:00 pm to 3:00 pm, primary data centre

2. Registration

CPs who wish to take part register via Client Connect on or before 22 August 2031 (Friday) 6:00 pm.

3. Addresses

3.1 DR data centre: 10.2.2.1 port 10022
3.2 Primary data centre: 10.2.1.1 port 10022

4. Steps

4.1 Login to the SFTP
4.2 Check that the number of files equals that of the last business day
4.3 Download TP002

5. Stabilisation

The stabilisation period is from 1 September 2031 to 12 September 2031. CPs must not replace their SSH keys.
""",
    {
        "reference": "NS/7/2031",
        "dated": "2031-07-21",
        "issuer": "Nested Sections Clearing House Limited",
        "subject": "New SFTP software of RAP",
        "roles": "CP",
        "session 1 time": "2031-08-30 10:00-11:00",
        "session 1 site": "secondary",
        "session 1 systems": "rap",
        "session 1 name": "Session 1",
        "session 2 time": "2031-08-30 14:00-15:00",
        "session 2 site": "primary",
        "session 2 systems": "rap",
        "session 2 name": "Session 2",
        "registration deadline": "2031-08-22 18:00",
        "registration channel": "Client Connect",
        "addresses rap secondary": "10.2.2.1:10022",
        "addresses rap primary": "10.2.1.1:10022",
        "stabilisation": "2031-09-01 2031-09-12",
        "clause register": "tested",
        "clause login": "tested",
        "clause count": "tested",
        "clause download": "tested",
        "clause keys": "untested",
    },
)

FRESH = (LETTER, TIMES_FIRST, NESTED)
