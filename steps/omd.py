"""Phrases of market data: what a participant receives on both lines, what it misses, and how a failover is got over."""

# Fixtures are known by name here, as steps may not know a system's insides; so their types are not written.
# mypy: allow-untyped-defs, allow-untyped-calls

from pytest_bdd import given, parsers, then, when

CHINESE = {
    "線路 A ": "line A",
    "線路 B ": "line B",
    "兩條線路": "both lines",
    "另一線路": "the other line",
    "重傳": "retransmission",
    "更新": "a refresh",
}
"""What a Chinese feature says for the words that are looked at."""


@given(parsers.parse("the participant listens to its {feed} channels on both lines"))
@given(parsers.parse("參與者在兩條線路收聽其 {feed} 頻道"))
def participant_listens(omd_visit, feed):
    """Joins the groups of both lines of every channel of [omd], its refreshes, and the disaster recovery channel."""
    omd_visit.listen(feed)


@when("market data of the session arrives")
@when("收到時段的市場數據")
def market_data_arrives(omd_visit):
    omd_visit.arrive()


@then("every channel is heard on both lines in time")
@then("每個頻道均在時限內於兩條線路收到")
def every_channel_is_heard(omd_visit):
    """Data or heartbeats, on each line of each channel, within [omd] alive_within_s of the join."""
    omd_visit.check_alive()


@then("packets are as documented, and this machine dropped none")
@then("封包與文件相符，本機沒有丟失任何封包")
def packets_are_as_documented(omd_visit):
    """Sizes agree, sequences go on, messages are on their own channels; drops at the socket are the kernel's count."""
    omd_visit.check_packets()


@then("as many securities are defined as each market announces")
@then("已定義的證券數目與各市場所公布的相同")
def definitions_are_complete(omd_visit):
    omd_visit.check_definitions()


@then("no message is missing from the two lines together")
@then("兩條線路合計沒有缺失訊息")
def no_message_is_missing(omd_visit):
    omd_visit.check_nothing_missing()


@when(parsers.parse("the participant's receiver passes over packets of {lines}"))
@when(parsers.parse("參與者的接收程式略過{lines}的封包"), converters={"lines": CHINESE.__getitem__})
def receiver_passes_over(omd_visit, lines):
    """``line A``, ``line B`` or ``both lines``: a loss of the receiver's own making, with a live target too."""
    omd_visit.miss(lines)


@given("retransmission holds nothing any more")
@given("重傳服務已不再保留訊息")
def retransmission_holds_nothing(omd_visit):
    """As after its restart; only in a rehearsal can it be arranged."""
    omd_visit.forget()


@then(parsers.parse("what is missing is filled by {means}"))
@then(parsers.parse("缺失的訊息由{means}補回"), converters={"means": CHINESE.__getitem__})
def what_is_missing_is_filled(omd_visit, means):
    """``the other line``, ``retransmission`` or ``a refresh``."""
    omd_visit.check_filled(means)


@then("a retransmission request is answered")
@then("重傳要求獲得回應")
def retransmission_is_answered(omd_visit):
    omd_visit.ask_again()
    omd_visit.check_answered()


@when(parsers.re(r"(?P<feed>OMD-CC?) fails over to the backup site"))
@when(parsers.re(r"(?P<feed>OMD-CC?) 轉移至後備中心"))
def feed_fails_over(omd_visit, feed):
    """Begun by the simulator in a rehearsal; with a live target waited for, [omd] failover_within_s at most."""
    omd_visit.fail_over(feed)


@then("the disaster recovery channel says that the failover is under way, and then that it is done")
@then("災難復原頻道先表示轉移進行中，其後表示已完成")
def disaster_recovery_is_signalled(omd_visit):
    omd_visit.check_signalled()


@then("the real-time channels say no more meanwhile than the feed's rules let them")
@then("其間即時頻道的內容不超出該行情的規則")
def channels_are_silent_meanwhile(omd_visit):
    """OMD-C may send heartbeats during the interruption, OMD-CC sends nothing at all."""
    omd_visit.check_silent()


@then("the participant's books are cleared, and built again from the refresh")
@then("參與者的買賣盤簿已清除，並由更新重建")
def books_are_built_again(omd_visit):
    omd_visit.check_rebuilt()


@then("the outage is within the objective of five minutes")
@then("中斷時間在五分鐘的目標之內")
def outage_is_within_the_objective(omd_visit):
    """From the last packet before it to the last book that was built again."""
    omd_visit.check_outage()


@then("retransmission is served by the backup site")
@then("重傳由後備中心提供服務")
def retransmission_is_the_backups(omd_visit):
    omd_visit.check_served_by_backup()


@then("the participant's picture of the market is the publisher's")
@then("參與者所見的市場與發布者的相同")
def picture_is_the_publishers(omd_visit):
    """With a live target, whose publisher shows none, the picture is only compared with itself."""
    omd_visit.check_books()
