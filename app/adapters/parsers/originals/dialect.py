"""The names that the parts of a paragraph have in one kind of Office markup: Word's, or that of drawings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """The names that a paragraph's parts have, in Clark notation."""

    run: str
    properties: str
    text: str
    kept: frozenset[str]
    """Children of a paragraph that stay where they are: its own properties."""
    dropped: frozenset[str]
    """Traces of spelling and layout that another text makes wrong."""
    opening: frozenset[str]
    closing: frozenset[str]
    """Anchors without text: they go to the paragraph's beginning, or its end."""
    wrappers: frozenset[str]
    """What holds runs."""
    cuts: frozenset[str]
    """Tabs and breaks."""
    unsaid: frozenset[str]
    """Of a run's properties: those that no reader sees."""
    spelled: dict[str, str]
    """Elements that are characters."""
    usual: frozenset[str] = frozenset()
    """Of a run's properties, by name or as `name=value`: those that say no more than what goes without saying."""
    last: str | None = None
    """A child of the paragraph that must stay its last one."""
