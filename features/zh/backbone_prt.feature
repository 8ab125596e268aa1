# language: zh-TW
@circular.backbone_prt
功能: 交易系統經升級後的骨幹網絡運作正常
  網絡分三個階段更新固件。每個階段之後，交易所參與者登入 OTP-C 並完成一天的工作；中華通交易所參與者只登入 OTP-CSC。

  @system.forms @clause.register
  場景: 參與者已登記
    那麼參與者已在限期前登記

  @role.EP @system.otp @clause.login @clause.daily-operations
  場景: 交易所參與者在 OTP-C 完成一天的交易
    假設已查找時段所屬中心的 OTP-C 閘道
    當參與者登入 OTP-C 閘道
    那麼 OTP-C 表示連線時段有效
    當參與者輸入一個買賣盤，修改後取消
    那麼每項要求均獲確認，該買賣盤不再留於買賣盤簿
    當參與者進行交易
    那麼成交於交易及抄送連線均有回報
    當參與者登出 OTP-C 閘道
    那麼 OTP-C 的連線時段已由雙方關閉

  # 日常運作理解為包括市場數據：升級亦涉及其網絡。
  @role.EP @system.omd @clause.daily-operations
  場景: 交易所參與者收到市場數據
    假設參與者在兩條線路收聽其 OMD-C 頻道
    那麼每個頻道均在時限內於兩條線路收到
    而且已定義的證券數目與各市場所公布的相同
    當收到時段的市場數據
    那麼兩條線路合計沒有缺失訊息
    而且重傳要求獲得回應

  @role.CCEP @system.otp @clause.login-only
  場景: 中華通交易所參與者只登入 OTP-CSC
    假設已查找時段所屬中心的 OTP-CSC 閘道
    當參與者登入 OTP-CSC 閘道
    那麼 OTP-CSC 表示連線時段有效
    當 OTP-CSC 的連線時段維持 1 次心跳
    那麼 OTP-CSC 的雙方均已收到對方的心跳
    當參與者登出 OTP-CSC 閘道
    那麼 OTP-CSC 的連線時段已由雙方關閉
    而且除連線時段本身的訊息外沒有送出任何訊息
