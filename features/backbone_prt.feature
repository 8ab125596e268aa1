Feature: Trading systems work over the upgraded backbone network
  In three phases the network gets its new firmware. After each, an Exchange Participant logs in to OTP-C and goes
  through a day's work; a China Connect Exchange Participant logs in to OTP-CSC, and stops there.

  @system.forms @clause.register
  Scenario: The participant is registered
    Then the participant's registration was made before its deadline

  @role.EP @system.otp @clause.login @clause.daily-operations
  Scenario: An Exchange Participant goes through a day's trading in OTP-C
    Given the OTP-C gateway of the session's site is looked up
    When the participant logs in to OTP-C
    Then OTP-C says that the session is active
    When the participant enters an order, amends it and cancels it
    Then each request is confirmed, and the order is no longer in the book
    When the participant trades
    Then the execution is reported on the trading and the drop-copy session
    When the participant logs out of OTP-C
    Then the OTP-C session is closed on both sides

  # Daily operations are taken to have market data in them: the upgrade is of its network, too.
  @role.EP @system.omd @clause.daily-operations
  Scenario: An Exchange Participant receives market data
    Given the participant listens to its OMD-C channels on both lines
    Then every channel is heard on both lines in time
    And as many securities are defined as each market announces
    When market data of the session arrives
    Then no message is missing from the two lines together
    And a retransmission request is answered

  @role.CCEP @system.otp @clause.login-only
  Scenario: A China Connect Exchange Participant logs in to OTP-CSC only
    Given the OTP-CSC gateway of the session's site is looked up
    When the participant logs in to OTP-CSC
    Then OTP-CSC says that the session is active
    When the OTP-CSC session is kept for 1 heartbeat
    Then each side of OTP-CSC has heard the other's heartbeat
    When the participant logs out of OTP-CSC
    Then the OTP-CSC session is closed on both sides
    And nothing but session messages was sent
