# language: zh-TW
@circular.backbone_ps2
功能: 交易及市場數據轉移至後備中心後可重新連接
  設備託管網絡的用戶經 HSN 參與。期間 OTP-C、OTP-CSC、OMD-C 及 OMD-CC 由主要中心轉移至後備中心，經 HSN 連接的系統隨之轉移。

  @system.forms @clause.intention
  場景: 參與者已表示參與
    那麼 Intention Form 已在限期前交回

  @system.otp @system.omd @system.network @clause.connection
  場景: 經 HSN 可連接交易及市場數據
    假設參與者聲明其線路
    當經該線路連接時段所屬中心的每個地址
    那麼連出的地址屬該線路的子網
    而且每個地址均接受連線

  @system.otp @clause.connection @clause.failover
  場景大綱: <閘道> 的連線時段在後備中心重新建立
    假設參與者已在主要中心登入 <閘道> 閘道
    當 <閘道> 轉移至後備中心
    那麼參與者與主要中心的連線中斷
    當參與者再次查找 <閘道> 閘道並登入
    那麼 <閘道> 由後備中心提供服務
    而且連線時段沒有缺失任何訊息

    例子:
      | 閘道    |
      | OTP-C   |
      | OTP-CSC |

  @system.omd @clause.connection @clause.failover
  場景大綱: <行情> 由後備中心繼續
    假設參與者在兩條線路收聽其 <行情> 頻道
    當 <行情> 轉移至後備中心
    那麼災難復原頻道先表示轉移進行中，其後表示已完成
    而且其間即時頻道的內容不超出該行情的規則
    而且參與者的買賣盤簿已清除，並由更新重建
    而且中斷時間在五分鐘的目標之內
    而且重傳由後備中心提供服務
    而且參與者所見的市場與發布者的相同

    例子:
      | 行情   |
      | OMD-C  |
      | OMD-CC |
