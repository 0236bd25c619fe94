"""The coverage report: what a council reads, and what an auditor follows to its sources.

One description of the report (:mod:`twin.report.sections`) is printed as PDF by Typst and as one
self-contained web page; both packages bring their own font, so that Chinese always renders.
"""

from twin.report.maps.plan import plan_svg
from twin.report.picture import plan_png
from twin.report.sections import SECTIONS
from twin.report.writing import SUFFIXES, write_report

__all__ = ["SECTIONS", "SUFFIXES", "plan_png", "plan_svg", "write_report"]
