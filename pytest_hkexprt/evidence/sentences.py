"""Our own sentences in a journal, told again in the report's language.

A journal holds what the tool noted in English, once, so that two journals can be compared and searched. A report in
Chinese knows the sentences by their shape and says them in Chinese; what it does not know, a system's own words or
those of a failure, it leaves as they are.
"""

from __future__ import annotations

import functools
import re

from pytest_hkexprt.evidence.labels import CHINESE

MOMENTS = re.compile(r"(?<=\d\d:\d\d )to(?= \d)")
"""The word of a span of time, within a sentence."""
LONGEST = 2_000
"""Characters of a text that may be one of these sentences; nobody's patience is tried by a longer one."""
ZH = {
    "{address} was not to be had; the simulator listens at {other}": "未能使用 {address}；模擬器改用 {other}",
    "{address} was not to be had; the rehearsal dials from 127.0.0.1": "未能使用 {address}；演練改由 127.0.0.1 連出",
    "baseline visit: the clock is put to {moment}, the primary site is visited":
        "基準存取：時鐘調至 {moment}，連接主要站點",
    "the downloader's configuration, not judged in a rehearsal: {found}": "下載程式的設定（演練中不作判定）：{found}",
    "{date}: no back-up: {why}": "{date}：沒有備份：{why}",
    "{date}: {number} reports backed up, {proven} proven by their digests":
        "{date}：已備份 {number} 份報告，另以摘要核實 {proven} 份",
    "{moment} Hong Kong time is outside the window of {session}, {window}":
        "香港時間 {moment} 在 {session} 的指定時段 {window} 以外",
    "the circular gives {session} a date and no time of day; this rehearsal's {time} is our own choice; --at makes"
    " another": "通告只訂明 {session} 的日期而沒有時間；本演練的 {time} 為自行選定，可用 --at 更改",
    "{session} is subject to the result of {others}, which did not pass":
        "{session} 以 {others} 的結果為條件，而後者未通過",
    "{session} is subject to the result of {others}, which is not known here: nothing of it failed in this run, and not"
    " all of it passed": "{session} 以 {others} 的結果為條件，而此處未知其結果：本次沒有失敗，亦未全部通過",
    "{address} was not to be had; the rehearsal's groups are {first} and so on":
        "未能使用 {address}；演練的組播組改為 {first} 起",
    "{name}: {sites}; the browser reaches them through {relay}, which stands for the name and leads where it leads":
        "{name}：{sites}；瀏覽器經 {relay} 連接，該處代替此名稱並通往其所指之處",
    "{terminal} is taken to be closed for business, as the circular says": "按通告所述，{terminal} 視為暫停服務",
    "{terminal}: the failover is waited for, {seconds} s at most": "{terminal}：等候切換，最多 {seconds} 秒",
    "{page}: a second window was opened and closed: {url}": "{page}：開啟了第二個視窗並已關閉：{url}",
    "{page}: the page asked {question} ({kind}); answered {answer}":
        "{page}：頁面詢問 {question}（{kind}）；回答 {answer}",
    "{feed}: the circular publishes no group; all are the guides' of 2017 and 2018, none the participant's own":
        "{feed}：通告沒有公布組播組；全部採用交易所 2017 及 2018 年指引所載，參與者並無更改",
    "{feed}: the circular publishes no group; those of channels {channels} are the participant's, any other the guides'"
    " of 2018": "{feed}：通告沒有公布組播組；頻道 {channels} 採用參與者所設，其餘採用 2018 年指引所載",
    "{where}: no order rests at the failover: {expected}: {came}":
        "{where}：切換時沒有留存的買賣盤：{expected}：{came}",
    "{system}: {name} is in our client's place": "{system}：以 {name} 代替本工具的用戶端",
    "for {roles}, and {who} is {own}": "適用於 {roles}，而 {who} 是 {own}",
    "what it needs is not installed: {command}": "所需程式尚未安裝：{command}",
    "The journal ends, or goes on elsewhere, before this scenario did.": "記錄在此場景完成之前終止或轉往別處。",
    "stopped from the keyboard": "由鍵盤中止",
    "registration for {session}": "{session} 的登記",
}  # fmt: skip
"""English to Traditional Chinese."""


def told(text: str, lang: str) -> str:
    """Return a sentence of ours in a language; any other text as it is."""
    if lang != CHINESE or len(text) > LONGEST:
        return text
    for shape, chinese in _shapes():
        if found := shape.fullmatch(text):
            return chinese.format(**{name: MOMENTS.sub("至", each) for name, each in found.groupdict().items()})
    return text


@functools.cache
def _shapes() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what recognises each sentence, and its Chinese."""
    return tuple((_shape(english), chinese) for english, chinese in ZH.items())


def _shape(english: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", english)
    return re.compile("".join(f"(?P<{part}>.+?)" if odd % 2 else re.escape(part) for odd, part in enumerate(parts)))
