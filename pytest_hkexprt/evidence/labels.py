"""The words of the renderings in the reader's language.

English is the language of the source and the key; a table gives Traditional Chinese as it is written in Hong Kong.
What the circular, the feature, a system or a person said is never translated: it is evidence. Neither are the tool's
own messages about a failure, so that one can search for them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

ENGLISH, CHINESE = "", "zh-Hant"
LANGUAGES = {"en": ENGLISH, CHINESE.lower(): CHINESE}
"""What ``--lang`` takes, in lower case, and how a journal names it."""

ZH = {
    # outcomes and bases
    "passed": "通過", "failed": "失敗", "error": "錯誤", "skipped": "略過", "omitted": "不適用", "not run": "未執行",
    "unfinished": "未完成", "observed": "實測", "declared": "聲明", "simulated": "模擬", "met": "符合",
    "not met": "不符合", "expected": "預期", "came": "實得",
    # header
    "A rehearsal. No system of the exchange was contacted.": "此為演練，並未連接交易所的任何系統。",
    "Circular": "通告", "Acceptance run": "驗收測試", "Session": "時段", "Rehearsed clock": "演練時鐘",
    "Session's clock": "時段時鐘", "within the window": "在指定時段內", "OUTSIDE THE WINDOW": "在指定時段以外",
    "True clock": "實際時鐘", "Hong Kong time": "香港時間", "Participant": "參與者",
    "made up for this rehearsal": "為演練而設", "Roles": "角色", "Line": "線路", "not said": "未註明",
    "Drills switched on": "已啟用的故障演習",
    "faults of the simulator, meant to be caught": "模擬器的故障，應被測試發現",
    "Notices": "注意事項", "primary": "主要", "secondary": "後備", "{site} site": "{site}站點",
    "primary to secondary": "主要至後備", "secondary to primary": "後備至主要",
    "Other tests of this run": "本次執行的其他測試",
    "Dates, verdicts and labels are in the report's language. The words of the circular, the feature, the systems and"
    " of failures are evidence and stand as they were.":
        "日期、判定及標籤以本報告的語言顯示；通告、功能檔、系統及失敗訊息的文字屬於證據，按原文照錄。",
    # tables
    "Endpoints": "連接端點", "Dialled": "實際連接", "Address of the circular": "通告所載地址",
    "Host key or certificate seen": "所見主機密鑰或證書", "not dialled": "未連接", "from the": "來自",
    "not of this session's site": "不屬本時段的站點", "the circular publishes none": "通告沒有公布",
    "none": "無", "Clauses of": "通告條款", "Outcome": "結果",
    "What the circular asks": "通告要求", "Scenario": "場景", "Basis": "依據",
    "no scenario of this run": "本次執行沒有相關場景", "of": "共", "Verdict": "判定", "Check": "檢查",
    "Expected": "預期",
    "Came": "實得", "Next:": "下一步：", "File": "檔案", "Size": "大小", "Modified": "修改時間",
    "content not kept: confidential": "內容保密，不予保存",
    "the picture shown above": "與上文圖片相同",
    "not shown: the file is not beside the journal": "未能顯示：檔案不在記錄旁",
    "NOT SHOWN: the file is not what the journal says was kept": "不予顯示：檔案與記錄所載的不符",
    "not shown: too large for this page": "未有顯示：檔案太大",
    "not shown: it is no plain picture": "不予顯示：並非單純圖片",
    "{number} more exchanges, in evidence.jsonl": "尚有 {number} 次交換，見 evidence.jsonl",
    "expected and came": "預期與實得均為", "true": "實際", "Before the first step": "首個步驟之前",
    "After the last step": "最後步驟之後", "Evidence": "證據", "When the run was cut short": "執行中斷之時",
    "{number} more characters, in evidence.jsonl": "尚有 {number} 個字元，見 evidence.jsonl",
    "Background": "背景", "Rule": "規則", "Examples, line": "例子行號",
    "attempt": "第幾次嘗試", "no check": "沒有檢查",
    # finding
    "Search": "搜尋", "all": "全部", "Clause": "條款", "System": "系統", "Order": "排序", "as run": "執行次序",
    "worst first": "最差先列", "slowest first": "最慢先列", "by name": "按名稱", "fold what passed": "摺疊已通過的步驟",
    "ran": "執行於", "Feature": "功能", "No scenario of this session ran.": "本時段沒有場景被執行。",
    "Nothing ran: the journal holds no session and no scenario.": "沒有執行：記錄中沒有時段，亦沒有場景。",
    # pictures
    "When it ran, Hong Kong time": "執行時間（香港時間）", "window": "指定時段", "Earlier runs": "過往執行",
    "Outcomes of these scenarios in earlier runs, the oldest first": "這些場景在過往執行的結果，由舊至新",
    "this run": "本次", "Changed since the last run": "與上次執行比較的改變",
    "Nothing changed since the last run": "與上次執行比較沒有改變", "and more:": "另有：",
    "No longer run:": "不再執行：",
    "Runs with drills switched on are among them.": "當中包括啟用故障演習的執行。", "new": "新增",
    # footer
    "How this was made": "報告資料", "Run": "執行編號", "Started": "開始", "Ended": "結束", "exit status": "結束狀態",
    "not written: the run was cut short": "沒有記錄：執行被中斷",
    "records of evidence.jsonl": "項記錄（evidence.jsonl）",
    "Signature": "簽署", "signs manifest.json, beside this file": "簽署同一資料夾內的 manifest.json",
    "unsigned": "未經數碼簽署",
    "Revision of the suite": "測試套件版本", "Platform": "平台", "Versions": "版本", "Signatures": "簽署欄",
    "Name": "姓名",
    "Position": "職位", "Date": "日期",
    # the result form
    "Result of the practice session": "測試結果回覆表", "Company": "公司", "Contact": "聯絡人", "Telephone": "電話",
    "E-mail": "電郵", "Reference": "檔號", "Subject": "主題", "Issuer": "發出者", "Systems": "系統",
    "Window": "指定時段",
    "Result": "結果", "Remarks": "備註", "Report by": "回覆期限", "through": "途徑", "left": "尚餘", "late by": "逾期",
    "Registration by": "登記期限", "counted from the end of the run": "由執行結束時起計",
    "The circular names no deadline for a report.": "通告沒有訂明回覆期限。", "please fill in": "請填寫",
    "This form holds generic fields: those of the circular's own form are not public. Where the circular asks for its"
    " form, copy the answers into that one.":
        "本表只載一般欄目；通告本身的表格欄目並未公開。如通告要求使用其表格，請將答案抄錄至該表格。",
    "A REHEARSAL AGAINST THE SIMULATOR: NOT AN ANSWER TO THE CIRCULAR": "模擬器演練：不可作為對通告的回覆",
    "on behalf of the participant": "代表參與者",
    "registration": "登記", "day": "日", "hour": "小時", "minute": "分鐘",
    # units
    "ms": "毫秒", "s": "秒", "min": "分", "byte": "位元組", "bytes": "位元組",
    # the verdict
    "scenario": "場景", "test": "測試", "check": "檢查", "circular": "通告", "session": "時段", "exchange": "交換",
    "Passed: {what}, {checks}{rest}": "通過：{what}，{checks}{rest}",
    "Failed: {what}{both}{unmet}": "失敗：{what}{both}{unmet}",
    "Error: {what}{both}{unmet}": "錯誤：{what}{both}{unmet}",
    "{some} of {all}": "{all}中的 {some} 個", ", {number} with an error": "，{number} 個有錯誤",
    ", {number} of {checks} not met": "，{checks}中的 {number} 項不符合",
    "Interrupted: of {what}, {parts}{unmet}": "中斷：{what}之中，{parts}{unmet}", "none begun": "沒有開始",
    "{number} {outcome}": "{number} 個{outcome}", "; {others}": "；{others}", ", ": "、",
    "Nothing ran{why}: no scenario, no check": "沒有執行{why}：沒有場景，亦沒有檢查",
    "Not passed: {why}; of {what}, {parts}": "未通過：{why}；{what}之中，{parts}",
    "Nothing was proven: {parts} of {what}": "沒有證明任何事：{what}之中，{parts}",
    "Nothing was checked: {what} ended without a check": "沒有檢查：{what}結束而沒有任何檢查",
    " (SIMULATOR: a rehearsal)": "（SIMULATOR：演練）",
    "another test of the run failed": "本次執行的另一測試失敗", "it was interrupted": "執行被中斷",
    "pytest met an internal error": "pytest 發生內部錯誤", "pytest was called in a wrong way": "pytest 的使用方式有誤",
    "no test was selected": "沒有選取測試",
    # several participants
    "Participants and clauses": "參與者與條款",
    # a merged run
    "run": "次執行", "machine": "部機器", "record": "記錄", "Merged from {runs}": "合併自 {runs}",
    "of {machines}, on {machine}, {moment}": "涉及 {machines}，於 {machine} 合併，{moment}",
    "Each run's records are as its own machine wrote and sealed them; no machine vouches for another's.":
        "每次執行的記錄均按其機器所寫所封原樣保留；任何機器均不為另一部機器作證。",
    "The runs it was merged from": "合併所用的各次執行", "Machine": "機器",
    "Last digest of its journal": "其記錄的末項摘要", "vouched for by": "作證者：", "signed with": "簽署所用密鑰：",
    # the terminal
    "circular: {circular}, {subject}": "通告：{circular}，{subject}", " ({reference})": "（{reference}）",
    "session: {name}, {site}, {window}{more}": "時段：{name}，{site}，{window}{more}", ", {more}": "，{more}",
    "{starts} to {ends}": "{starts} 至 {ends}", "{date}, no time of day given": "{date}，沒有訂明時間",
    "target: SIMULATOR, a rehearsal; clock: put to {moment}; true time {now}":
        "對象：SIMULATOR（演練）；時鐘：調至 {moment}；實際時間 {now}",
    "target: SIMULATOR, a rehearsal; clock: put to the start of each session; true time {now}":
        "對象：SIMULATOR（演練）；時鐘：調至各時段開始之時；實際時間 {now}",
    "target: LIVE; clock: true, {now} Hong Kong": "對象：LIVE（真實系統）；時鐘：實際時間，香港 {now}",
    "drill: {drills}": "故障演習：{drills}", "participant: {name}{more}": "參與者：{name}{more}",
    "line {line}": "線路 {line}",
    "evidence": "證據", "evidence incomplete": "證據不完整",
    "{name}: {verdict}": "{name}：{verdict}", "omitted: {scenarios}: {why}": "不適用：{scenarios}：{why}",
    "report: {path}": "報告：{path}", "attach: {path} ({signed})": "附件：{path}（{signed}）",
    "signed with {key}": "簽署所用密鑰 {key}", "not signed": "未經數碼簽署",
    "Nothing ran, so nothing is proved: no scenario was selected; there is no report.":
        "沒有執行，故沒有證明任何事：沒有選取場景，亦沒有報告。",
    "Look at -k, -m and the line given; --collect-only lists the scenarios there are.":
        "請檢視 -k、-m 及所給行號；--collect-only 可列出現有場景。",
    "Nothing ran, so nothing is proved: no feature was named.": "沒有執行，故沒有證明任何事：沒有指定功能檔。",
    "Name one, such as features/rap.feature; hkexprt_features = true in the ini finds those in folders.":
        "請指定功能檔，例如 features/rap.feature；在 ini 設定 hkexprt_features = true 可收集資料夾內的功能檔。",
    # forms before the sessions
    "Return by": "回覆期限", "sent, as the ledger declares": "已遞交（據登記冊聲明）",
    "The deadline is over.": "期限已過。",
    "Sessions": "時段", "Takes part": "參加", "yes": "是", "no": "否",
    "the circular gives no time of day": "通告沒有訂明時間",
}  # fmt: skip
"""English to Traditional Chinese."""
MEASURES = {"scenario": "個場景", "test": "個測試", "check": "項檢查", "circular": "份通告", "session": "個時段"}
MEASURES |= {"exchange": "次交換", "run": "次執行", "machine": "部機器", "record": "項記錄"}
MEASURES |= {"day": "日", "hour": "小時", "minute": "分鐘"}
"""What is counted, after its number, in Chinese."""


@functools.cache
def translator(lang: str) -> Callable[[str], str]:
    """Return what gives a label in a language; a text the table has not stays as it is."""
    return (lambda text: ZH.get(text, text)) if lang == CHINESE else str


@functools.cache
def counter(lang: str) -> Callable[[int, str], str]:
    """Return what counts things in a language: ``1 scenario``, ``2 scenarios``, ``1,000 scenarios``."""
    if lang == CHINESE:
        return lambda number, noun: f"{number:,} {MEASURES[noun]}"
    return lambda number, noun: f"{number:,} {noun}{'' if number == 1 else 's'}"
