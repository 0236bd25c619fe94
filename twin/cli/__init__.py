"""The command line: one module per verb, texts from the catalogues, one line for a refusal.

A verb's module is light to load. What its work needs (frames, networks, the report) it imports
when it runs, so that ``--help`` answers at once and Ctrl+C is obeyed while libraries load.
"""

from twin.cli.main import HEADLESS_VERBS, end, main
from twin.cli.verb import Console, Refused, Status, Verb

__all__ = ["HEADLESS_VERBS", "Console", "Refused", "Status", "Verb", "end", "main"]
