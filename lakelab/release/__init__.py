"""From the instructor's notebooks to what students get: generating the release and linting its source."""

from lakelab.release.preprocessors import PREPROCESSORS

__all__ = ["PREPROCESSORS"]
