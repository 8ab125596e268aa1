Feature: CCASS and CCMS work after the upgrade of their hardware
  A Clearing Participant proves that it reaches CCASS and CCMS at the upgraded primary data centre, sees its production
  data and gets its reports; and that it does so at the secondary one when the site has failed over.

  @system.forms @clause.register
  Scenario: The participant is registered
    Then the participant's registration was made before its deadline

  @system.ccass @clause.connectivity @clause.failover
  Scenario Outline: <terminal> answers at the session's site
    Given the <terminal> terminal points to the session's site
    When the participant logs on to <terminal>
    Then <terminal> is open for business
    And <terminal> is served by the session's site
    When the participant logs out of <terminal>
    Then the <terminal> session is closed

    Examples:
      | terminal |
      | CCASS    |
      | CCMS     |

  @system.ccass @clause.enquiry @clause.reports @clause.failover
  Scenario Outline: Production data and reports are there in <terminal>
    Given the participant is logged on to <terminal>
    When the participant enquires about its production data in <terminal>
    Then the enquiry in <terminal> shows the participant's own data of the last business date
    When the participant fetches a report from <terminal>
    Then the report from <terminal> is complete

    Examples:
      | terminal |
      | CCASS    |
      | CCMS     |

  @system.ccass @session.failover @clause.failover
  Scenario Outline: <terminal> fails over in the middle of a session
    Given the participant is logged on to <terminal> at the other site
    And the participant has found its production data and a report in <terminal>
    When <terminal> fails over to the session's site in the middle of the session
    And the participant logs on to <terminal> again
    Then <terminal> is served by the session's site
    And data and report in <terminal> are those found before the failover

    Examples:
      | terminal |
      | CCASS    |
      | CCMS     |
