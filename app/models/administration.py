"""What an administrator looks at: settings in force, usage by day, kept evaluation runs. Frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

MASK = "**********"
"""Stands in the place of a secret that is set."""

RUN_FILE = "run.json"
"""Of an evaluation run that is whole, in its folder below `EVALUATIONS`."""
REPORT_FILE = "report.html"
RUN_FORMAT = 1
EVALUATIONS = "evaluations"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting in force; `value` and `default` are of JSON's kinds."""

    name: str
    value: Any
    default: Any
    changed: bool
    secret: bool


@dataclass(slots=True)
class UsageDay:
    """What happened on one day (UTC), counted from what is stored still."""

    day: date
    questions: int = 0
    answered: int = 0
    partial: int = 0
    not_found: int = 0
    rated_up: int = 0
    rated_down: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    versions: int = 0
    pages: int = 0
    bytes: int = 0
    translations: int = 0
    jobs_failed: int = 0


@dataclass(frozen=True, slots=True)
class CollectionUsage:
    """How much a collection holds."""

    name: str
    documents: int
    pages: int
    chunks: int
    bytes: int
    questions: int


@dataclass(frozen=True, slots=True)
class EvaluationRun:
    """A kept run without its cases. `overall`: figures by the name of their measure, {value, low, high, n, ...}."""

    id: str
    created_at: str
    version: str
    mode: str
    dataset: str
    cases: int
    seconds: float
    documents: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    overall: Mapping[str, Any] = field(default_factory=dict)
    has_report: bool = False
