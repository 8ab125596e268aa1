Feature: Reports can be retrieved after the upgrade
  After the software upgrade of the report retrieval solution, a Clearing Participant proves that it still reaches
  its reports at each site. The session brings the site, the date and the addresses: this text holds none of them.

  @clause.addresses @clause.login @clause.count @clause.download @clause.logout
  Scenario: A Clearing Participant retrieves its reports
    # @clause.addresses
    Given the SFTP connection points to the site's addresses
    # @clause.login
    When the participant logs in with its User ID and SSH key
    # @clause.count
    Then the number of files is unchanged from the last business date
    # @clause.download
    When the participant downloads TP001 and TP002
    # @clause.download
    Then each download matches the folder's listing
    # @clause.logout
    When the participant logs out
    # @clause.logout
    Then the connection is closed on both sides

  @clause.register
  Scenario: The participant is registered
    Then the participant's registration was made before its deadline

  @clause.count @session.last
  Scenario: Both data centres hold the same reports
    Then the folder of the last session holds what that of the session before held

  @clause.keep-primary @session.last
  Scenario: Production is left at the primary site
    Then the participant's own downloader is left with the primary addresses
