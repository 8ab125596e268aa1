"""RAP: the folder a Clearing Participant retrieves its reports from, over SFTP."""
