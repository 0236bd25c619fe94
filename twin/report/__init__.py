"""The coverage report: what a council reads, and what an auditor follows to its sources.

One description of the report (:mod:`twin.report.sections`) is printed as PDF by Typst and as one
self-contained web page; both packages bring their own font, so that Chinese always renders.

Nothing is loaded with the package itself: the window needs its lighter parts, and what sets type is
as large as a hundred megabytes.
"""
