Feature: Trading and market data are found again when they fail over to the backup site
  A subscriber of the hosting network takes part over HSN. OTP-C, OTP-CSC, OMD-C and OMD-CC move from the primary to the
  backup site during the session, and what is connected over HSN follows them.

  @system.forms @clause.intention
  Scenario: The participant has said that it takes part
    Then the Intention Form was returned before its deadline

  @system.otp @system.omd @system.network @clause.connection
  Scenario: Trading and market data can be reached over HSN
    Given the participant declares its line
    When every address of the site is dialled over the line
    Then the addresses dialled from are of the line's own subnet
    And every address accepts connections

  @system.otp @clause.connection @clause.failover
  Scenario Outline: A session with <gateway> is found again at the backup site
    Given the participant is logged in to <gateway> at the primary site
    When <gateway> fails over to the backup site
    Then the participant's connection to the primary site is lost
    When the participant looks the <gateway> gateway up again and logs in
    Then <gateway> is served by the backup site
    And no message of the session is missing

    Examples:
      | gateway |
      | OTP-C   |
      | OTP-CSC |

  @system.omd @clause.connection @clause.failover
  Scenario Outline: <feed> goes on from the backup site
    Given the participant listens to its <feed> channels on both lines
    When <feed> fails over to the backup site
    Then the disaster recovery channel says that the failover is under way, and then that it is done
    And the real-time channels say no more meanwhile than the feed's rules let them
    And the participant's books are cleared, and built again from the refresh
    And the outage is within the objective of five minutes
    And retransmission is served by the backup site
    And the participant's picture of the market is the publisher's

    Examples:
      | feed   |
      | OMD-C  |
      | OMD-CC |
