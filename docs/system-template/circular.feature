Feature: NAME answers
  Say what a participant proves.

  @clause.answer
  Scenario: A participant is answered
    When the participant asks NAME for something
    Then NAME answers something
