"""The client: what a client file says, checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from drivers.client.change import Change
from drivers.client.checks import client_problems
from drivers.client.choice import Choice
from drivers.client.contracts import Contracts
from drivers.client.employees import Employees
from drivers.client.fields import Section, Text
from drivers.client.folders import safe_folder
from drivers.client.lines import Key, key_lines
from drivers.client.paths import Paths
from drivers.client.plan import Budget, Plan
from drivers.client.problems import Problem, config_error, validation_problems
from drivers.client.providers import Providers
from drivers.client.quality import Quality
from drivers.client.sections import Drivers, Loyalty, Satisfaction
from drivers.client.source import SurveyFile, Weighting
from drivers.client.sourcing import Sourcing
from drivers.client.value import Value
from drivers.errors import ConfigError


class Client(Section):
    """One client file, checked; see docs/client-file.md for every key.

    Made by `load_client`. Two things of it are not in the file: `path`, where the file is, and the line numbers
    that `error` puts in its text.
    """

    client: Text = Field(title="text", description="Name of the client, as printed in the report.")
    language: Literal["nl", "en"] = Field(
        "en",
        title='"nl" or "en"',
        description="Language of the report. Default: English, which most readers share.",
    )
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = Field(
        "EUR",
        title="three capitals (ISO 4217)",
        description="Currency of every amount, here and in the survey. Default: the euro.",
    )
    minimum_base: int = Field(
        30,
        ge=10,
        title="a whole number of 10 or more",
        description="Fewest respondents with an answer on satisfaction for which a report is made. Default: below "
        "some 30 a mean is too uncertain to act on.",
    )
    seed: int = Field(
        1,
        ge=0,
        title="a whole number of 0 or more",
        description="Start of the random draws; the same seed gives the same report. Default: any number does.",
    )
    draws: int = Field(
        1000,
        ge=100,
        le=100_000,
        title="a whole number from 100 to 100000",
        description="Resamples of respondents behind every interval. Default: enough for a 95% interval.",
    )
    confidence: float = Field(
        0.95,
        ge=0.5,
        lt=1,
        title="a number from 0.5 to below 1",
        description="Chance with which intervals are to cover the truth. Default: the custom of the field.",
    )
    survey: SurveyFile = Field(title="a table [survey]", description="Where the answers are.")
    satisfaction: Satisfaction = Field(title="a table [satisfaction]", description="The outcome to explain.")
    drivers: Drivers = Field(title="a table [drivers]", description="The measured aspects.")
    weighting: Weighting = Field(
        Weighting.model_validate({}),
        title="a table [weighting]",
        description="How weights are made. Default: as in the survey.",
    )
    quality: Quality = Field(
        Quality.model_validate({}),
        title="a table [quality]",
        description="Which answers are not to be trusted. Default: all count.",
    )
    paths: Paths | None = Field(
        None, title="a table [paths]", description="Which aspects work through others. Default: not analysed."
    )
    loyalty: Loyalty | None = Field(
        None, title="a table [loyalty]", description="Whether customers stay. Default: not analysed."
    )
    value: Value | None = Field(
        None, title="a table [value]", description="What a customer is worth. Default: no euros are shown."
    )
    plan: dict[Text, Plan] = Field(
        default_factory=dict,
        title="a table [plan.<driver>] for each driver",
        description="What improving a driver costs. Default: no plan.",
    )
    budget: Budget | None = Field(
        None, title="a table [budget]", description="What there is to spend on the plans. Default: no split is sought."
    )
    change: Change | None = Field(
        None, title="a table [change]", description="Waves compared. Default: each wave is reported by itself."
    )
    sourcing: Sourcing | None = Field(
        None, title="a table [sourcing]", description="Contacts onshore and offshore. Default: not compared."
    )
    employees: Employees | None = Field(
        None, title="a table [employees]", description="A survey of employees. Default: employees are not analysed."
    )

    choice: Choice | None = Field(
        None,
        title="a table [choice]",
        description="Whether client organisations stay, switch or take the work back. Default: not analysed.",
    )
    contracts: Contracts | None = Field(
        None,
        title="a table [contracts]",
        description="Whether satisfaction differs between kinds of contract. Default: not analysed.",
    )
    providers: Providers | None = Field(
        None,
        title="a table [providers]",
        description="What client organisations say of their providers. Default: not analysed.",
    )

    _path: Path = PrivateAttr(Path("client.toml"))
    _lines: Mapping[Key, int] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if problems := client_problems(self):
            raise PydanticCustomError("inconsistent", "the keys contradict each other", {"problems": problems})
        return self

    @property
    def path(self) -> Path:
        """Where the client file is, as it was asked for; ``client.toml`` for a client that came from no file."""
        return self._path

    @property
    def survey_path(self) -> Path:
        """Where the survey is: a relative path starts at the folder of the client file."""
        return self._path.parent / self.survey.file

    @property
    def history_path(self) -> Path | None:
        """Where the history of customers is; None where the client file names none."""
        return self._path.parent / self.value.history if self.value and self.value.history else None

    @property
    def data_paths(self) -> tuple[Path, ...]:
        """Every file with data that this client file names, the survey first."""
        teams = self.employees.teams if self.employees else None
        others = [section.file for section in (self.employees, teams, self.providers) if section]
        history = self.history_path
        return (self.survey_path, *((history,) if history else ()), *(self._path.parent / file for file in others))

    @property
    def slug(self) -> str:
        """Folder name for this client: a-z, 0-9 and hyphens, safe on every system and never empty."""
        return safe_folder(self.client, "client")

    @property
    def driver_names(self) -> tuple[str, ...]:
        """Columns of the drivers, in the order of the file."""
        return tuple(name for name, item in self.drivers.items.items() if item.role == "driver")

    @property
    def control_names(self) -> tuple[str, ...]:
        """Columns of the controls, in the order of the file."""
        return tuple(name for name, item in self.drivers.items.items() if item.role == "control")

    @property
    def leaving_column(self) -> str | None:
        """Column that says who left or who stayed; None where the client file names none."""
        return (self.loyalty.left or self.loyalty.stayed) if self.loyalty else None

    def error(self, *problems: Problem) -> ConfigError:
        """One error that lists these problems of the client file, with their keys and lines."""
        return config_error(str(self._path), problems, self._lines)


def load_client(path: str | Path) -> Client:
    """What does this client file say?

    Parameters
    ----------
    path
        A client.toml. Relative paths in it start at its folder.

    Returns
    -------
    Client
        Checked and frozen.

    Raises
    ------
    ConfigError
        When the file is missing, a folder, not UTF-8 or not TOML; or when keys are unknown, missing, of a wrong
        type or contradict each other. Contradictions are looked for once every key alone is right.
    """
    file = Path(path)
    text = _text(file)
    lines = key_lines(text)
    try:
        client = Client.model_validate(_document(text, file))
    except ValidationError as error:
        raise config_error(str(file), validation_problems(error, Client), lines) from None
    client._path, client._lines = file, lines
    return client


def find_client(path: str | Path) -> Path:
    """Where is this client file, seen from here or from a folder above?

    A notebook runs in its own folder in JupyterLab and in the project's with papermill; this finds
    ``data/client.toml`` from both. The path itself is tried first, then the same path from each parent folder.

    Raises
    ------
    ConfigError
        When it is in none of them.
    """
    wanted, here = Path(path), Path.cwd()
    for folder in ("", *("../" * up for up in range(1, len(here.parents) + 1))):
        if (folder / wanted).is_file():
            return folder / wanted
    raise ConfigError(f"{wanted} is neither in {here.name}/ nor in a folder above it. Check the path.")


def _text(file: Path) -> str:
    if file.is_dir():
        raise ConfigError(f"{file} is a folder; expected a client file. Name the client.toml in it.")
    if file.exists() and not file.is_file():
        raise ConfigError(f"{file} is a pipe or a device; expected a client file on disk. Check the path.")
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(f"{file} does not exist; expected a client file. Check the path.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is not UTF-8 text (byte {error.start + 1}). Save the file as UTF-8.") from error
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}. Check the path and your rights.") from error


def _document(text: str, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file} is not valid TOML: {error}. Correct that line, or the one before it.") from error
