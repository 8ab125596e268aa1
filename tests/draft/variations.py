"""Circulars nobody issued: other layouts, wordings, orders and gaps, each with the facts it holds, counted by hand."""

# ruff: noqa: E501  a line of a text is a line of its source

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variation:
    """A text and the facts in it."""

    name: str
    text: str
    facts: dict[str, str]


HEAD = """\
編號 Ref. No.:\tAB/CD/EFG/001/2031
日期 Date:\t03/02/2031

測試結算有限公司
A TEST CLEARING HOUSE LIMITED
(A wholly-owned subsidiary of nobody)

## 通告 CIRCULAR

"""
HEAD_FACTS = {"reference": "AB/CD/EFG/001/2031", "dated": "2031-02-03", "issuer": "A Test Clearing House Limited"}

STEPS = """\
- Log in to the SFTP with your key
- Check that the number of files is as before
- Download TP001 from the folder
- Log off
"""
STEP_FACTS = {f"clause {name}": "tested" for name in ("login", "count", "download", "logout")}

TAB_TABLE = Variation(
    "tab table, two sites, HTML steps",
    HEAD
    + """\
Subject: **New software for RAP**
Enquiry: Hotline 0000 0000

Clearing Participants (“CPs”) may look at the new software in two sessions.

Date\tTime\tSites
8 March 2031 (Saturday)\t14:00 – 15:00\tSecondary Data Centre (Session 1)
\t16:00 – 17:00\tPrimary Data Centre (Session 2)

CPs register in Client Connect on or before 5 p.m., Monday, 3 March 2031.

There will be a stabilization period from 10 March 2031 to 21 March 2031.

<b>Secondary Data Centre (Session 1)</b>\t\t
<p>a) CPs should check these IP addresses of the secondary data centre: 10.9.2.1 port 10022 10.9.2.2 port 10022</p>\t\t
<b>14:00</b>\t<b>15:00</b>\t<ul><li>Login to SFTP</li><li>Check the number of files</li><li>Log out</li></ul>
<b>Primary Data Centre (Session 2)</b>\t\t
<p>a) CPs should check the following IP addresses for the primary data centre: 10.9.1.1 port 10022</p>\t\t
16:00\t17:00\t<ul><li>Login to SFTP</li><li>Check the number of files</li><li>Log out</li></ul>
""",
    HEAD_FACTS
    | {
        "roles": "CP",
        "subject": "New software for RAP",
        "session 1 time": "2031-03-08 14:00-15:00",
        "session 1 site": "secondary",
        "session 1 systems": "rap",
        "session 1 name": "Session 1",
        "session 2 time": "2031-03-08 16:00-17:00",
        "session 2 site": "primary",
        "session 2 systems": "rap",
        "session 2 name": "Session 2",
        "registration deadline": "2031-03-03 17:00",
        "registration channel": "Client Connect",
        "stabilisation": "2031-03-10 2031-03-21",
        "addresses rap primary": "10.9.1.1:10022",
        "addresses rap secondary": "10.9.2.1:10022 10.9.2.2:10022",
        "clause register": "tested",
        "clause addresses": "tested",
        "clause login": "tested",
        "clause count": "tested",
        "clause logout": "tested",
    },
)

PIPE_TABLE = Variation(
    "pipe table, am and pm, DR site",
    """\
Ref. No.: XY/12/2031
Date: 10 June 2031

THE OTHER EXCHANGE LIMITED

Subject: Recovery drill of the Report Retrieval Solution

| Session | Date | Time | Site |
|---------|------|------|------|
| Session A | Saturday, 5 July 2031 | 9:30 a.m. - 11:00 a.m. | DR site |
| Session B | Saturday, 12 July 2031 | 2:30 - 4:00 p.m. | Production site |

Clearing Participants must sign up via ECP no later than 27 June 2031 (Friday).

Addresses at the DR site: 10.7.7.7:2222
Addresses at the production site: 10.7.6.6:2222

"""
    + STEPS,
    STEP_FACTS
    | {
        "reference": "XY/12/2031",
        "dated": "2031-06-10",
        "issuer": "The Other Exchange Limited",
        "roles": "CP",
        "subject": "Recovery drill of the Report Retrieval Solution",
        "session 1 time": "2031-07-05 09:30-11:00",
        "session 1 site": "secondary",
        "session 1 systems": "rap",
        "session 1 name": "Session A",
        "session 2 time": "2031-07-12 14:30-16:00",
        "session 2 site": "primary",
        "session 2 systems": "rap",
        "session 2 name": "Session B",
        "registration deadline": "2031-06-27",
        "registration channel": "ECP",
        "addresses rap secondary": "10.7.7.7:2222",
        "addresses rap primary": "10.7.6.6:2222",
        "clause register": "tested",
    },
)

PROSE = Variation(
    "no table: one session told in a sentence, wrapped",
    HEAD
    + """\
Subject: Connectivity to the Report Retrieval Solution

A voluntary connectivity session for Clearing Participants will be held at
the backup data centre on Saturday, 17 May 2031 from 10 a.m. to
12 noon. Clearing Participants who join register through Client Connect
by 17:00 on 9 May 2031.

The report server at the backup data centre is 10.8.8.8, port 10022.

"""
    + STEPS,
    HEAD_FACTS
    | STEP_FACTS
    | {
        "roles": "CP",
        "subject": "Connectivity to the Report Retrieval Solution",
        "session 1 time": "2031-05-17 10:00-12:00",
        "session 1 site": "secondary",
        "session 1 systems": "rap",
        "session 1 name": "connectivity session",
        "registration deadline": "2031-05-09 17:00",
        "registration channel": "Client Connect",
        "addresses rap secondary": "10.8.8.8:10022",
        "clause register": "tested",
    },
)

LABELS = Variation(
    "date, time and site on lines of their own",
    HEAD
    + """\
Subject: Market rehearsal for OTP-C and OMD-C

Exchange Participants take part in one market rehearsal.

Date: Sunday, 6 April 2031
Time: 0900 - 1310 hrs
Site: Disaster Recovery

What to do:
1. Logon to OTP-C and enter test orders
2. Receive OMD-C data
3. Clean up afterwards

Please complete the Rehearsal Feedback Form and e-mail it to tests@example.com by 8 April 2031.
""",
    HEAD_FACTS
    | {
        "roles": "EP",
        "subject": "Market rehearsal for OTP-C and OMD-C",
        "session 1 time": "2031-04-06 09:00-13:10",
        "session 1 site": "secondary",
        "session 1 systems": "otp omd",
        "session 1 name": "Market rehearsal",
        "form Rehearsal Feedback Form": "after 2031-04-08 tests@example.com",
        "clause rehearsal-feedback-form": "untested",
        "clause logon-otp-c": "tested",
        "clause receive-omd-c": "tested",
        "clause clean-up-afterwards": "tested",
    },
)

LAYOUT = Variation(
    "columns of spaces, as pdftotext -layout writes them; month first",
    """\
      Circular No.: TST/9/31                      Date: March 4, 2031

      EXAMPLE CLEARING COMPANY

      Subject: Upgrade of CCMS

      Date                      Time                     Objectives
      March 22, 2031            12:00 to 13:00           Logon to CCMS at the primary site
      March 29, 2031            15:00 to 17:00           Logon to CCMS at the secondary site

      CPs should register via Client Connect before March 18, 2031.
""",
    {
        "reference": "TST/9/31",
        "dated": "2031-03-04",
        "issuer": "Example Clearing Company",
        "roles": "CP",
        "subject": "Upgrade of CCMS",
        "session 1 time": "2031-03-22 12:00-13:00",
        "session 1 site": "primary",
        "session 1 systems": "ccass",
        "session 1 name": "Session 1",
        "session 2 time": "2031-03-29 15:00-17:00",
        "session 2 site": "secondary",
        "session 2 systems": "ccass",
        "session 2 name": "Session 2",
        "registration deadline": "2031-03-18",
        "registration channel": "Client Connect",
        "clause register": "tested",
        "clause logon-ccms-primary": "tested",
    },
)

TWO_SITES_IN_A_CELL = Variation(
    "two windows and two sites in one cell, a condition on the first",
    HEAD
    + """\
Subject: Practice Session and Post-Release Test for CCASS

Date\tTime\tObjectives
1 March 2031\t11:00-12:00 Primary Site  14:00-16:00 Backup Site\tPractice Session (“PS”) <ul><li>Enquire CCASS</li></ul>
8 Mar 2031 (Subject to result of PS)\t11:00-12:00 Primary Site\tPost-release Test (“PRT”) <ul><li>Enquire CCASS</li></ul>

CPs who join are required to register through “Event” under Client Connect on or before 26 February 2031.
""",
    HEAD_FACTS
    | {
        "roles": "CP",
        "subject": "Practice Session and Post-Release Test for CCASS",
        "session 1 time": "2031-03-01 11:00-12:00",
        "session 1 site": "primary",
        "session 1 systems": "ccass",
        "session 1 name": "Practice Session (PS)",
        "session 2 time": "2031-03-01 14:00-16:00",
        "session 2 site": "secondary",
        "session 2 systems": "ccass",
        "session 2 name": "Practice Session (PS), secondary",
        "session 3 time": "2031-03-08 11:00-12:00",
        "session 3 site": "primary",
        "session 3 systems": "ccass",
        "session 3 name": "Post-release Test (PRT)",
        "registration deadline": "2031-02-26",
        "registration channel": "Client Connect",
        "clause register": "tested",
        "clause enquire-ccass": "tested",
    },
)

FAILOVER = Variation(
    "a failover without times, forms before and after",
    """\
NOTICE TO SUBSCRIBERS

Ref. No.: HH/31/77
Date: 2031-10-01

EXAMPLE HOSTING SERVICES LIMITED

Subject: Third Practice Session for the backbone network

An optional Practice Session (PS3) will be arranged on 11 October 2031 (Saturday) for HSN Subscribers.

PS3 simulates the system failover of OTP-C and OMD-C from the primary site to the backup site.

Please complete the “Form for Taking Part” (Appendix A – Intention Form) and return it to the Service Desk on or before 9 Oct 2031.

After completion of PS3, please complete Appendix B (Result Form) and send it to desk@example.com not later than 6 p.m. on 14 Oct 2031.
""",
    {
        "reference": "HH/31/77",
        "dated": "2031-10-01",
        "issuer": "Example Hosting Services Limited",
        "roles": "HSN",
        "subject": "Third Practice Session for the backbone network",
        "session 1 time": "2031-10-11",
        "session 1 site": "primary > secondary",
        "session 1 systems": "otp omd",
        "session 1 name": "PS3",
        "form Intention Form": "before 2031-10-09 the Service Desk",
        "form Result Form": "after 2031-10-14 18:00 desk@example.com",
        "clause intention-form": "tested",
        "clause result-form": "untested",
    },
)

ROLES = Variation(
    "phases whose objectives differ by role",
    HEAD
    + """\
Subject: Firmware of the backbone network

PRT\tDate & Time\tFocus
PRT1\t04 January 2031 09:00 to 12:10\t<u>Renew the first network components at the Primary Site:</u> EPs: <ul><li>Login to OTP-C</li></ul> CCEPs: <ul><li>Login to OTP-CSC only</li></ul>
PRT2\t11 January 2031 09:00 to 12:10\t<u>Renew the other network components at the Backup Site:</u> EPs: <ul><li>Login to OTP-C</li></ul> CCEPs: <ul><li>Login to OTP-CSC only</li></ul>

Complete the registration form (Attachment 1) and return it to the Exchange on or before 30 December 2030 (Monday).
""",
    HEAD_FACTS
    | {
        "roles": "EP CCEP",
        "subject": "Firmware of the backbone network",
        "session 1 time": "2031-01-04 09:00-12:10",
        "session 1 site": "primary",
        "session 1 systems": "otp",
        "session 1 name": "PRT1",
        "session 2 time": "2031-01-11 09:00-12:10",
        "session 2 site": "secondary",
        "session 2 systems": "otp",
        "session 2 name": "PRT2",
        "registration deadline": "2030-12-30",
        "registration channel": "registration form (Attachment 1), returned to the Exchange",
        "clause register": "tested",
        "clause login-otp-c": "tested",
        "clause login-otp-csc": "tested",
    },
)

GAPS = Variation(
    "hardly anything: no reference, no date, no site, no deadline",
    """\
Some Clearing House Limited

Subject: A test of RAP

A connectivity test will be arranged on 21 June 2031.
""",
    {
        "issuer": "Some Clearing House Limited",
        "subject": "A test of RAP",
        "session 1 time": "2031-06-21",
        "session 1 site": "",
        "session 1 systems": "rap",
        "session 1 name": "connectivity test",
    },
)

DAYS_AFTER = Variation(
    "what belongs to the days after, and a fallback; numbered with letters",
    HEAD
    + """\
Subject: RAP on new machines

Date\tTime\tSite
Saturday 14 June 2031\t20:30 – 22:30\tPDC

During the observation period from 16 June 2031 to 27 June 2031 CPs are reminded:
(a) CPs should download and back up their reports every day; and
(b) CPs should not change their SSH keys

After the test CPs should keep using the primary addresses.

If a fallback is needed, the services are suspended.

The primary site answers at 10.6.6.6 → port 10022.
""",
    HEAD_FACTS
    | {
        "roles": "CP",
        "subject": "RAP on new machines",
        "session 1 time": "2031-06-14 20:30-22:30",
        "session 1 site": "primary",
        "session 1 systems": "rap",
        "session 1 name": "Session 1",
        "stabilisation": "2031-06-16 2031-06-27",
        "addresses rap primary": "10.6.6.6:10022",
        "clause backup": "untested",
        "clause keys": "untested",
        "clause keep-primary": "untested",
        "clause fallback": "untested",
    },
)

OTHER_ORDER = Variation(
    "the registration first, the head last, a rundown inside the window",
    """\
Registration closes at 6:00 pm on 2 September 2031: CPs register in Client Connect by 6:00 pm on 2 September 2031.

Subject: Report Retrieval Solution, relocation

Our Ref.: ZZ/4/2031
Date: 18 August 2031

Connectivity Test (“CT”) at the SDC:

Date\tTime\tStep
6 September 2031\t09:00 - 12:00\tSDC
\t09:00 - 09:30\tLogin to SFTP
\t09:30 - 12:00\tDownload reports TP001 and TP002

SDC: 10.5.5.5:10022 and 10.5.5.6:10022

THE RELOCATED CLEARING HOUSE LIMITED
""",
    {
        "reference": "ZZ/4/2031",
        "dated": "2031-08-18",
        "issuer": "The Relocated Clearing House Limited",
        "roles": "CP",
        "subject": "Report Retrieval Solution, relocation",
        "session 1 time": "2031-09-06 09:00-12:00",
        "session 1 site": "secondary",
        "session 1 systems": "rap",
        "session 1 name": "Connectivity Test (CT)",
        "registration deadline": "2031-09-02 18:00",
        "registration channel": "Client Connect",
        "addresses rap secondary": "10.5.5.5:10022 10.5.5.6:10022",
        "clause register": "tested",
        "clause login": "tested",
        "clause download": "tested",
    },
)

SEVERAL_SYSTEMS = Variation(
    "two systems in one session, a web address",
    HEAD
    + """\
Subject: Relocation of the Secondary Data Centre

Clearing Participants (“CPs”) verify CCMS and RAP.

Date\tTime\tObjectives
Saturday, 9 August 2031\t20:30 – 22:30\tSecondary Data Centre <u>CCMS</u> <ul><li>Logon to CCMS via https://ccms.example.com</li></ul> <u>RAP</u> <ul><li>Logon RAP at 10.4.4.4 port 10022 and check the availability of reports</li></ul>

CPs provide their contact details through “Event” under Client Connect on or before 7 August 2031.
""",
    HEAD_FACTS
    | {
        "roles": "CP",
        "subject": "Relocation of the Secondary Data Centre",
        "session 1 time": "2031-08-09 20:30-22:30",
        "session 1 site": "secondary",
        "session 1 systems": "rap ccass",
        "session 1 name": "Session 1",
        "registration deadline": "2031-08-07",
        "registration channel": "Client Connect",
        "addresses ccass secondary": "ccms.example.com:443",
        "addresses rap secondary": "10.4.4.4:10022",
        "clause register": "tested",
        "clause logon-ccms-https": "tested",
        "clause login": "tested",
    },
)

TWELVE_HOURS = Variation(
    "two dates in one row, times with dots, contingency site",
    """\
Reference: QQ/77/31
Issued on 5 January 2031

THE UNSEEN EXCHANGE LIMITED

Re: Readiness of OCG-C

Dates | Hours | Where
18 January 2031 and 25 January 2031 | 10.00 am to 1.30 pm | contingency site

Exchange Participants enrol via Client Connect until 13 January 2031, 12 noon.

* Logon to OCG-C
* Submit one order
""",
    {
        "reference": "QQ/77/31",
        "dated": "2031-01-05",
        "issuer": "The Unseen Exchange Limited",
        "roles": "EP",
        "subject": "Readiness of OCG-C",
        "session 1 time": "2031-01-18 10:00-13:30",
        "session 1 site": "secondary",
        "session 1 systems": "otp",
        "session 1 name": "Session 1",
        "session 2 time": "2031-01-25 10:00-13:30",
        "session 2 site": "secondary",
        "session 2 systems": "otp",
        "session 2 name": "Session 2",
        "registration deadline": "2031-01-13 12:00",
        "registration channel": "Client Connect",
        "clause register": "tested",
        "clause logon-ocg-c": "tested",
        "clause submit-order": "tested",
    },
)

SHARED_YEAR = Variation(
    "the year told once, sites swapped in prose, deadline in the next sentence",
    """\
Ref: UN/1/2031
1 April 2031

NOBODY CLEARING LIMITED

Subject: Report Retrieval Solution: failover test

The failover test runs in two parts on 3 May 2031: 09:00 to 10:30 at the disaster recovery site, and
11:00 to 12:30 at the primary site. Clearing Participants must register with the Service Desk. The deadline is
28 April 2031, 17:30.

Primary: 10.3.3.1:10022. Disaster recovery: 10.3.3.2:10022.
""",
    {
        "reference": "UN/1/2031",
        "dated": "2031-04-01",
        "issuer": "Nobody Clearing Limited",
        "roles": "CP",
        "subject": "Report Retrieval Solution: failover test",
        "session 1 time": "2031-05-03 09:00-10:30",
        "session 1 site": "secondary",
        "session 1 systems": "rap",
        "session 1 name": "failover test",
        "session 2 time": "2031-05-03 11:00-12:30",
        "session 2 site": "primary",
        "session 2 systems": "rap",
        "session 2 name": "failover test, primary",
        "registration deadline": "2031-04-28 17:30",
        "registration channel": "the Service Desk",
        "addresses rap primary": "10.3.3.1:10022",
        "addresses rap secondary": "10.3.3.2:10022",
        "clause register": "tested",
    },
)

FORM_TABLE = Variation(
    "forms and milestones in a table, an overnight window",
    """\
Ref. No.: FT/2/2031
Date: 2 May 2031

FORMS EXCHANGE LIMITED

Subject: Market rehearsal of OMD-C

Milestone\tDate\tReturned to
Participation Form\t9 May 2031\tmd@example.com
Market Rehearsal, secondary site\t17 May 2031 22:00 - 02:00\t
Readiness Declaration Form\t20 May 2031\tmd@example.com
""",
    {
        "reference": "FT/2/2031",
        "dated": "2031-05-02",
        "issuer": "Forms Exchange Limited",
        "subject": "Market rehearsal of OMD-C",
        "session 1 time": "2031-05-17 22:00-02:00",
        "session 1 site": "secondary",
        "session 1 systems": "omd",
        "session 1 name": "Market Rehearsal",
        "form Participation Form": "before 2031-05-09 md@example.com",
        "form Readiness Declaration Form": "after 2031-05-20 md@example.com",
        "clause participation-form": "tested",
        "clause readiness-declaration-form": "untested",
    },
)

UNSEEN = (TWELVE_HOURS, SHARED_YEAR, FORM_TABLE)
"""Written when the drafter could do all the others; docs/drafting.md says how it did on them the first time."""
VARIATIONS = (
    TAB_TABLE,
    PIPE_TABLE,
    PROSE,
    LABELS,
    LAYOUT,
    TWO_SITES_IN_A_CELL,
    FAILOVER,
    ROLES,
    GAPS,
    DAYS_AFTER,
    OTHER_ORDER,
    SEVERAL_SYSTEMS,
)
