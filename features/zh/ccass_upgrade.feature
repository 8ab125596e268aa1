# language: zh-TW
@circular.ccass_upgrade
功能: CCASS 及 CCMS 硬件升級後運作正常
  結算參與者證明可在升級後的主要數據中心使用 CCASS 及 CCMS、見到其生產數據並取得報告；轉移至後備數據中心後亦然。

  @system.forms @clause.register
  場景: 參與者已登記
    那麼參與者已在限期前登記

  @system.ccass @clause.connectivity @clause.failover
  場景大綱: <終端> 在時段所屬的中心回應
    假設 <終端> 終端指向時段所屬的中心
    當參與者登入 <終端>
    那麼 <終端> 已開放使用
    而且 <終端> 由時段所屬的中心提供服務
    當參與者登出 <終端>
    那麼 <終端> 的登入時段已關閉

    例子:
      | 終端  |
      | CCASS |
      | CCMS  |

  @system.ccass @clause.enquiry @clause.reports @clause.failover
  場景大綱: <終端> 內有生產數據及報告
    假設參與者已登入 <終端>
    當參與者在 <終端> 查詢其生產數據
    那麼 <終端> 的查詢顯示參與者本身於上一營業日的數據
    當參與者從 <終端> 取得一份報告
    那麼 <終端> 的報告完整

    例子:
      | 終端  |
      | CCASS |
      | CCMS  |

  @system.ccass @session.failover @clause.failover
  場景大綱: <終端> 在登入期間轉移
    假設參與者已在另一中心登入 <終端>
    而且參與者已在 <終端> 找到其生產數據及一份報告
    當 <終端> 在登入期間轉移至時段所屬的中心
    而且參與者再次登入 <終端>
    那麼 <終端> 由時段所屬的中心提供服務
    而且 <終端> 的數據及報告與轉移前所見相同

    例子:
      | 終端  |
      | CCASS |
      | CCMS  |
