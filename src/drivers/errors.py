"""Every error and warning that the suite raises on purpose.

::

    DriversError                 exit code
    ├── ConfigError                  2      the client file or the command is wrong
    ├── SurveyError                  3      the survey's data cannot be used as it is
    ├── EstimationError              3      the data cannot support the analysis asked for
    └── ReportError                  4      the engine failed: kernel, disk, time limit
        └── EngineError              4      ... by no fault of the input, so that another try may succeed

    DriversWarning
    ├── SmallBaseWarning                    fewer answers than a board should rely on
    ├── CollinearityWarning                 drivers that cannot be told apart
    ├── SeparationWarning                   a logit without finite estimates
    └── DataWarning                         something about the survey that a person must know

Each message says what is wrong with the value, what was expected, and what to do.
"""

from __future__ import annotations

from drivers.wording import Sentence, sentence


class DriversError(Exception):
    """Anything the suite refuses; ``exit_code`` is what the command line ends with.

    Its one argument is the text, or a ``drivers.wording.Sentence`` where a report may have to print it translated.
    """

    exit_code = 4


class ConfigError(DriversError):
    """The client file or the command is wrong: the user can repair it."""

    exit_code = 2


class SurveyError(DriversError):
    """The survey's data cannot be used as it is."""

    exit_code = 3


class EstimationError(DriversError):
    """The data cannot support the analysis asked for."""

    exit_code = 3

    @property
    def reason(self) -> Sentence:
        """What a report prints in the place of the result."""
        reason = self.args[0]
        return reason if isinstance(reason, Sentence) else sentence("{reason}", reason=reason)


class ReportError(DriversError):
    """The engine failed: kernel, disk or time limit."""

    exit_code = 4


class EngineError(ReportError):
    """The kernel or its process failed by no fault of the input, so that another try may succeed."""


class DriversWarning(UserWarning):
    """Anything a reader of the result must know."""


class SmallBaseWarning(DriversWarning):
    """Fewer answers than a board should rely on."""


class CollinearityWarning(DriversWarning):
    """Drivers that the data cannot tell apart."""


class SeparationWarning(DriversWarning):
    """A logit whose estimates are not finite."""


class DataWarning(DriversWarning):
    """Something about the survey's data that a person must know."""
