@circular.backbone_prt
Feature: Market data comes on both lines, and what is missed is got back
  Before anything depends on it, a participant proves channel by channel that both lines are alive, that what they bring
  is whole, and that each way of getting back what was missed works: the other line, retransmission, a refresh.

  @system.omd @clause.daily-operations
  Scenario Outline: The channels of <feed> are alive on both lines
    Given the participant listens to its <feed> channels on both lines
    Then every channel is heard on both lines in time
    When market data of the session arrives
    Then packets are as documented, and this machine dropped none
    And no message is missing from the two lines together

    Examples:
      | feed   |
      | OMD-C  |
      | OMD-CC |

  @system.omd @clause.daily-operations
  Scenario Outline: Every security of <feed> is defined
    Given the participant listens to its <feed> channels on both lines
    Then as many securities are defined as each market announces

    Examples:
      | feed   |
      | OMD-C  |
      | OMD-CC |

  @system.omd @clause.daily-operations
  Scenario: What one line loses comes on the other
    Given the participant listens to its OMD-C channels on both lines
    When the participant's receiver passes over packets of line A
    Then what is missing is filled by the other line

  @system.omd @clause.daily-operations
  Scenario: What both lines lose is sent again
    Given the participant listens to its OMD-C channels on both lines
    When the participant's receiver passes over packets of both lines
    Then what is missing is filled by retransmission
    And no message is missing from the two lines together

  @system.omd @clause.daily-operations
  Scenario: What cannot be sent again is made good by a refresh
    Given the participant listens to its OMD-C channels on both lines
    And retransmission holds nothing any more
    When the participant's receiver passes over packets of both lines
    Then what is missing is filled by a refresh
    And the participant's picture of the market is the publisher's
