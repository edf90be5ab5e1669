"""From the instructor's notebooks to what students get: generating the release and linting its source."""
