"""What a feature file means under a run: the sessions its scenarios are run in."""

from __future__ import annotations

import pytest

from pytest_hkexprt import participant, shipped
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Run, Site, Target
from pytest_hkexprt.plan import FAILOVER, LAST, STABILISATION, plan, runs_in

FEATURE = shipped.features_folder() / "rap.feature"


def run(*sites: Site) -> Run:
    return Run(sites=sites or tuple(Site), target=Target.SIMULATOR, participant=participant.generated())


def test_a_feature_is_run_in_the_sessions_at_the_sites_asked_for():
    assert [session.name for session in plan(run(Site.SECONDARY), FEATURE).sessions] == ["Session 1"]


def test_the_stabilisation_period_is_one_window_of_whole_days_at_the_primary_site():
    (period,) = plan(run(), FEATURE, [STABILISATION]).sessions
    assert (period.site, f"{period.starts:%Y-%m-%d %H:%M}", f"{period.ends:%Y-%m-%d %H:%M}", period.systems) == (
        Site.PRIMARY,
        "2023-04-17 00:00",
        "2023-04-28 23:59",
        ("rap",),
    )


def test_the_stabilisation_period_at_the_secondary_site_is_refused():
    with pytest.raises(UsageFault, match="there are: Stabilisation period at primary"):
        plan(run(Site.SECONDARY), FEATURE, [STABILISATION])


def test_what_belongs_to_the_last_session_is_not_run_in_an_earlier_one():
    planned = plan(run(), FEATURE)
    assert [runs_in([LAST], session, planned.circular) for session in planned.sessions] == [False, True]


def test_asked_for_alone_an_earlier_session_is_still_not_the_last():
    planned = plan(run(Site.SECONDARY), FEATURE)
    assert not runs_in([LAST], planned.sessions[0], planned.circular)


def test_what_belongs_to_a_failover_is_run_in_the_sessions_it_leads_to():
    planned = plan(run(), FEATURE.with_name("ccass_upgrade.feature"))
    ran = [session.name for session in planned.sessions if runs_in([FAILOVER], session, planned.circular)]
    assert ran == ["PS failover"]


def test_a_session_that_ends_at_the_secondary_site_is_one_a_failover_leads_to():
    planned = plan(run(), FEATURE.with_name("backbone_ps2.feature"))
    assert runs_in([FAILOVER], planned.sessions[0], planned.circular)


@pytest.mark.parametrize(("fixture", "circular"), [("rap", "rap"), ("ccass", "ccass_upgrade")])
def test_an_ordinary_test_runs_in_a_session_of_the_systems_whose_fixtures_it_uses(pytester, fixture, circular):
    pytester.makepyfile(f"""
        def test_it(hkex_circular, request):
            assert "{fixture}_settings" in request.fixturenames
            print("circular", hkex_circular.stem)
    """)
    pytester.makeconftest(f"""
        import pytest
        @pytest.fixture(autouse=True)
        def used({fixture}_settings): pass
    """)
    pytester.runpytest("--site=secondary", "-s").stdout.fnmatch_lines([f"*circular {circular}*"])
