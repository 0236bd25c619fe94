"""Writing a report to a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from layers.files.saving import replacing
from layers.problems import LayerError, Problem, Severity
from layers.project_file import Source
from twin.assessment.assess import Assessment
from twin.language import Language
from twin.language import language as current_language
from twin.model.edits import Edit
from twin.report.document import compose
from twin.report.html import html
from twin.report.material import Material
from twin.report.pdf import pdf

SUFFIXES = (".pdf", ".html")


def write_report(
    path: str | Path,
    assessment: Assessment,
    *,
    picture: bytes | None = None,
    picture_words: str = "",
    sources: Sequence[Source] = (),
    problems: Sequence[Problem] = (),
    settings: Mapping[str, Any] | None = None,
    scenario: str = "",
    base_assessment: Assessment | None = None,
    edits: Sequence[Edit] = (),
    language: Language | None = None,
    public: bool = False,
    date: datetime | None = None,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Write the coverage report of a district, old or new but never half.

    A pure function of what it is given: the same arguments give the same bytes. It may run in any
    process or thread; Typst holds the interpreter while it sets the pages.

    Parameters
    ----------
    path
        ``.pdf`` or ``.html`` by its suffix.
    assessment
        What is reported.
    picture
        PNG of the 3D view.
    picture_words
        What its colours mean, for its caption.
    sources, problems, settings
        Of the project, for the ledger of the data.
    scenario, base_assessment, edits
        The scenario's name ("" for the district as it is), the assessment of the district as it
        is, and what the scenario changes; with a base the report compares both.
    language
        Of the report; the language in use where None.
    public
        Leave out figures about fewer people than the smallest cell of the rules.
    date
        Date of the data; where None, the latest date at which a source was read.
    progress
        Is told the part done, 0 to 1; may raise to stop the work, and nothing is written then.

    Raises
    ------
    LayerError
        ``report_format`` for another suffix, or where the file cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        facts = {"file": path.name, "formats": ", ".join(SUFFIXES)}
        raise LayerError(Problem("report_format", Severity.ERROR, source=path.name, facts=facts))
    tell = progress or (lambda _done: None)
    material = Material(
        assessment=assessment,
        language=language or current_language(),
        scenario=scenario,
        picture=picture,
        picture_words=picture_words,
        sources=tuple(sources),
        problems=tuple(problems),
        settings=dict(settings or {}),
        base=base_assessment,
        edits=tuple(edits),
        public=public,
        date=date or _latest(sources),
    )
    document = compose(material, lambda done: tell(0.5 * done))
    tell(0.5)
    made = pdf(document, material.date) if suffix == ".pdf" else html(document)
    tell(0.95)
    with replacing(path) as draft:
        draft.write_bytes(made)
    tell(1.0)


def _latest(sources: Sequence[Source]) -> datetime | None:
    read = [source.read_at for source in sources if source.read_at]
    return datetime.fromisoformat(max(read)) if read else None
