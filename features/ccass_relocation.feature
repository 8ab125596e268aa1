Feature: CCMS and RAP can be reached after the relocation of the secondary data centre
  On the Saturday evening before the relocated data centre goes into production, a Clearing Participant proves that it
  still reaches CCMS and its reports. CCMS is not open for business: the message that says so is what should be seen.

  @system.forms @clause.register
  Scenario: The participant is registered
    Then the participant's registration was made before its deadline

  @system.ccass @clause.ccms-logon @clause.ccms-message @clause.ccms-logout
  Scenario: A Clearing Participant logs on to CCMS
    Given CCMS is closed for business
    And the CCMS terminal points to the address of the circular
    When the participant logs on to CCMS
    Then CCMS says "Function not available"
    When the participant logs out of CCMS
    Then the CCMS session is closed

  @system.rap @clause.rap-logon @clause.rap-reports
  Scenario: A Clearing Participant finds its production reports
    Given the SFTP connection points to the site's addresses
    When the participant logs in with its User ID and SSH key
    Then production reports are available
    When the participant logs out
    Then the connection is closed on both sides
