# language: zh-TW
@circular.rap
功能: 升級後可取得報告
  報告提取系統軟件升級後，結算參與者證明在每個數據中心仍可取得報告。中心、日期及地址由時段帶出，本文一概不載。

  @clause.addresses @clause.login @clause.count @clause.download @clause.logout
  場景: 結算參與者取得報告
    # @clause.addresses
    假設 SFTP 連線指向時段所屬中心的地址
    # @clause.login
    當參與者以用戶編號及 SSH 密鑰登入
    # @clause.count
    那麼檔案數目與上一營業日相同
    # @clause.download
    當參與者下載 TP001 及 TP002
    # @clause.download
    那麼每個下載的檔案與資料夾清單相符
    # @clause.logout
    當參與者登出
    # @clause.logout
    那麼雙方均已關閉連線

  @clause.register
  場景: 參與者已登記
    那麼參與者已在限期前登記

  @clause.count @session.last
  場景: 兩個數據中心的報告相同
    那麼最後時段的資料夾與前一時段所見相同

  @clause.keep-primary @session.last
  場景: 生產環境保留於主要中心
    那麼參與者自己的下載程式保留主要中心的地址
