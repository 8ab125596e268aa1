"""What a rehearsal's publisher sends can be captured, and read again as any capture is."""

from __future__ import annotations

from pytest_hkexprt.evidence.record import AttachmentRecord
from pytest_hkexprt.systems.omd.channels import Address
from pytest_hkexprt.systems.omd.frames import Writer
from pytest_hkexprt.systems.omd.replay import replay
from tests.projects import records
from tests.systems.omd.projects import channels_project
from tests.systems.omd.rehearsal import FULL_TICK, more


def test_a_replayed_capture_gives_the_publishers_picture(publish, receive, tmp_path):
    path = tmp_path / "sent.pcap"
    with Writer(path, Address("127.0.0.1", 9)) as writer:
        simulator = publish(capture=writer.write)
        client = receive(simulator)
        more(client, FULL_TICK, 100)
        settled = simulator.settle()
        simulator.stop()
    replayed = replay(path, simulator.feed.all_channels)
    found = {each.receiver.channel: each.receiver.picture for each in replayed.channels.values()}
    for number, picture in settled.pictures.items():
        assert found[number].differences(picture) == []


def test_a_rehearsal_keeps_its_capture_where_the_participant_asks_for_it(pytester):
    project = channels_project(pytester)
    participant = 'participant = "P"\nroles = ["EP"]\n[omd]\ncapture = true\n'
    project.path.joinpath("hkexprt.toml").write_text(participant, "utf-8")
    result = project.runpytest("features/omd_channels.feature", "-k", "defined and PRT1-1")
    result.assert_outcomes(passed=1)
    (kept,) = (each for each in records(project, AttachmentRecord) if each.name == "OMD-C.pcap")
    (stored,) = project.path.glob(f"reports/*/{kept.stored}")
    assert stored.read_bytes()[:4] == bytes.fromhex("4d3cb2a1")  # pcap with nanoseconds, little-endian
