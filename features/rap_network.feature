@circular.rap
Feature: The report servers can be reached over the participant's line
  Before a session, and in it, a Clearing Participant proves that every address of the session's site answers over its
  own line, at whatever speed, as what it should be. No login is made and no data is sent.

  @clause.addresses
  Scenario: Every address of the session's site answers over the line
    Given the participant declares its line
    When every address of the site is dialled over the line
    Then no name leads to the other site
    And the addresses dialled from are of the line's own subnet
    And every address accepts connections
    And each is answered by the service that should be there
    And every connect stands, its time and packet size recorded
