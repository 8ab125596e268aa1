# language: zh-TW
@circular.ccass_relocation
功能: 後備數據中心搬遷後可連接 CCMS 及 RAP
  在搬遷後的數據中心投產前的星期六晚上，結算參與者證明仍可連接 CCMS 及其報告。CCMS 當時未開放使用，應見到的正是如此說明的訊息。

  @system.forms @clause.register
  場景: 參與者已登記
    那麼參與者已在限期前登記

  @system.ccass @clause.ccms-logon @clause.ccms-message @clause.ccms-logout
  場景: 結算參與者登入 CCMS
    假設 CCMS 未開放使用
    而且 CCMS 終端指向通告所載的網址
    當參與者登入 CCMS
    那麼 CCMS 顯示「Function not available」
    當參與者登出 CCMS
    那麼 CCMS 的登入時段已關閉

  @system.rap @clause.rap-logon @clause.rap-reports
  場景: 結算參與者找到其正式報告
    假設 SFTP 連線指向時段所屬中心的地址
    當參與者以用戶編號及 SSH 密鑰登入
    那麼可見到正式的報告
    當參與者登出
    那麼雙方均已關閉連線
