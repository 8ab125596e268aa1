@circular.backbone_prt
Feature: A day's trading goes through OTP-C from the logon to the books
  What an Exchange Participant does in a day, over either protocol of the gateway: each request is answered as the
  documents say, what was missed is recovered, and at the end both sides' books agree on every order.

  @role.EP @system.otp @clause.login @clause.daily-operations
  Scenario Outline: A day's trading over the <protocol> protocol
    Given the participant speaks <protocol> to the OTP-C gateway of the session's site
    When the participant logs in to OTP-C
    Then OTP-C says that the session is active
    When the participant asks OTP-C for its throttle and its entitlements
    Then OTP-C has told both
    When the participant enters a limit order
    Then OTP-C accepts the order
    When the order's quantity is amended down
    Then the order keeps its OrderID
    When the order's quantity is amended up
    Then the order has a new OrderID
    When the participant cancels the order
    Then the order is cancelled
    When two of the participant's orders cross
    Then both are traded in full
    When an order meets a part of its quantity
    Then it is filled in part, and the rest is in the book
    When the participant enters an odd lot
    Then OTP-C accepts the odd lot
    When the participant quotes both sides
    Then each side of the quote is an order of its own
    When the participant cancels all its orders
    Then the mass cancel is reported, and no order is left in the book
    When the participant enters an order that breaks a rule on purpose
    Then OTP-C rejects it with a documented code
    When the OTP-C session is kept for 2 heartbeats
    Then each side of OTP-C has heard the other's heartbeat
    When the connection is cut with reports under way
    And the participant reconnects as the documents prescribe
    Then every report that was missed is recovered once
    When the participant logs out of OTP-C
    Then the OTP-C session is closed on both sides
    And the books of both sides agree

    Examples:
      | protocol |
      | binary   |
      | FIX      |

  @role.EP @system.otp @clause.daily-operations
  Scenario Outline: Another session of the firm cancels an order over the <protocol> protocol
    Given the participant speaks <protocol> to the OTP-C gateway of the session's site
    When the participant logs in to OTP-C with two sessions of the firm
    And the second session cancels an order on behalf of the first
    Then both sessions are told of the cancel
    When the participant logs out of OTP-C
    Then the OTP-C session is closed on both sides
    And the books of both sides agree

    Examples:
      | protocol |
      | binary   |
      | FIX      |

  @role.EP @system.otp @clause.daily-operations
  Scenario Outline: Two sessions of the firm report a trade over the <protocol> protocol
    Given the participant speaks <protocol> to the OTP-C gateway of the session's site
    When the participant logs in to OTP-C with two sessions of the firm
    And the first session reports a trade with the second
    Then the trade waits for the second session's word
    When the second session confirms the trade
    Then both sessions are told that the trade stands
    When the participant logs out of OTP-C
    Then the OTP-C session is closed on both sides
    And the books of both sides agree

    Examples:
      | protocol |
      | binary   |
      | FIX      |
