@circular.rap @session.stabilisation
Feature: Reports are backed up and keys are kept in the stabilisation period
  In the days after the upgrade a Clearing Participant backs up its reports every business date and leaves its keys as
  they are. The circular brings the period. A rehearsal walks through its evenings; live, this is run once a day.

  @clause.backup
  Scenario: Every business date has its back-up
    When the participant backs up every report of each business date
    Then every business date of the period so far has a complete back-up

  @clause.backup
  Scenario: A day's second back-up transfers only what has changed
    Given the participant has backed up the reports of the day
    When the participant backs up the reports of the day again
    Then only what has changed was transferred, and the rest was proven by digest

  @clause.keys
  Scenario: The SSH key is not renewed
    Given the SFTP connection points to the site's addresses
    When the participant logs in with its User ID and SSH key
    Then the SSH key is the one in use before the period
    When the participant logs out
    Then the connection is closed on both sides
