"""The user guide, read beside the work without a network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QImage,
    QImageReader,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QDialog, QListWidget, QSplitter, QTextBrowser

from gui.background import Progress
from gui.panels.parts import TextButton, column, row
from twin.language import language, text

if TYPE_CHECKING:
    from gui.window import Window

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
PAGES = {"zh_CN": "zh.md", "en": "en.md"}
MARGIN_PX = 24
APART_PX = 8
"""Between two paragraphs; a chapter stands farther from the one before."""
WIDEST_PX = 960
"""A picture is not shown wider than this: it would be blurred, and its text stand far below."""
SAME_PX, REST_MS = 8, 120
"""The page is laid out anew for another width, not for a scroll bar that comes and goes, when that
has stood still for so long."""
_PICTURE = QTextDocument.ResourceType.ImageResource
_BROKEN_CHINESE = re.compile(r"(?<=[^\x00-\xff])\n(?=[^\x00-\xff])")
"""Lines end in the file where the editor's do; a space there would stand inside a sentence."""


class GuideWindow(QDialog):
    """The guide in the language of the window, its chapters listed at the left."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        room = self.screen().availableGeometry()
        self.resize(min(1120, room.width() - 48), min(800, room.height() - 48))
        layout = column(self, margin=16, gap=8)
        across = QSplitter(Qt.Orientation.Horizontal)
        across.setChildrenCollapsible(False)
        self.chapters = QListWidget()
        self.chapters.setMinimumWidth(176)
        self.page = GuidePage(window)
        across.addWidget(self.chapters)
        across.addWidget(self.page)
        across.setStretchFactor(1, 1)
        across.setSizes([208, 880])
        layout.addWidget(across, 1)
        last = row(gap=8)
        last.addStretch(1)
        last.addWidget(TextButton("dialog.close", self.close))
        layout.addLayout(last)
        self._places: list[QTextBlock] = []
        self.chapters.currentRowChanged.connect(self._go)
        self._read()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
            self._read()

    def _read(self) -> None:
        self.setWindowTitle(text("action.guide"))
        chosen = self.chapters.currentRow()
        self.page.read(GUIDE / PAGES[language()])
        self._places = self.page.headings(2)
        self.chapters.blockSignals(True)
        self.chapters.clear()
        self.chapters.addItems([block.text() for block in self._places])
        self.chapters.setCurrentRow(max(chosen, 0))
        self.chapters.blockSignals(False)
        if chosen > 0:
            QTimer.singleShot(0, self, lambda: self._go(self.chapters.currentRow()))

    def _go(self, chapter: int) -> None:
        if 0 <= chapter < len(self._places):
            self.page.go_to(self._places[chapter])


class GuidePage(QTextBrowser):
    """A page of Markdown; its pictures are as wide as there is room for.

    They are read and made small in the background; until then their places are empty.
    """

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._follow)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self._window = window
        self._wide = 0
        self._shown: Path | None = None
        self._pictures: dict[QUrl, QImage] = {}
        self._wanted: dict[QUrl, QSize] = {}
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._make_pictures)
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._follow_width)
        jobs = window.jobs
        self.destroyed.connect(lambda: jobs.cancel("guide"))

    def read(self, path: Path) -> None:
        """Show a page."""
        self._shown = path
        self._wide = self._room()
        self._wanted.clear()
        self.document().setBaseUrl(QUrl.fromLocalFile(str(path)))
        self.setMarkdown(_BROKEN_CHINESE.sub("", path.read_text(encoding="utf-8")))
        self.document().setDocumentMargin(MARGIN_PX)
        self._set_apart()

    def headings(self, level: int) -> list[QTextBlock]:
        """Return the headings of a level, in their order."""
        found, block = [], self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() == level:
                found.append(block)
            block = block.next()
        return found

    def go_to(self, block: QTextBlock) -> None:
        """Have a block stand at the top."""
        top = self.document().documentLayout().blockBoundingRect(block).top()
        self.verticalScrollBar().setValue(round(top) - MARGIN_PX // 2)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Return a picture as wide as there is room for, or its place; anything else as it is."""
        url = self.document().baseUrl().resolved(QUrl(name))
        whole = QImageReader(url.toLocalFile()).size() if kind == _PICTURE.value else QSize()
        if whole.isEmpty():
            return super().loadResource(kind, name)
        wide = min(self._wide, WIDEST_PX, whole.width())
        ratio = self.devicePixelRatioF()
        size = QSize(round(wide * ratio), round(wide * ratio * whole.height() / whole.width()))
        made = self._pictures.get(url)
        if made is not None and made.size() == size:
            return made
        self._wanted[url] = size
        self._soon.start()
        place = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        place.fill(Qt.GlobalColor.transparent)
        place.setDevicePixelRatio(ratio)
        return place

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Have the pictures follow the width."""
        super().resizeEvent(event)
        self._rest.start()

    def _follow_width(self) -> None:
        if self._shown is not None and abs(self._room() - self._wide) > SAME_PX:
            bar = self.verticalScrollBar()
            at = bar.value() / max(bar.maximum(), 1)
            self.read(self._shown)
            bar.setValue(round(at * bar.maximum()))

    def _make_pictures(self) -> None:
        wanted, ratio = dict(self._wanted), self.devicePixelRatioF()

        def work(progress: Progress) -> dict[QUrl, QImage]:
            made = {}
            for number, (url, size) in enumerate(wanted.items()):
                progress(number / len(wanted))
                picture = QImage(url.toLocalFile())
                made[url] = picture.scaled(size, mode=Qt.TransformationMode.SmoothTransformation)
                made[url].setDevicePixelRatio(ratio)
            return made

        self._window.jobs.start("guide", work, self._take_pictures, self._window.say_error)

    def _take_pictures(self, made: dict[QUrl, QImage]) -> None:
        for url, picture in made.items():
            if self._wanted.get(url) == picture.size():
                del self._wanted[url]
                self._pictures[url] = picture
                self.document().addResource(_PICTURE.value, url, picture)
        self.viewport().update()

    def _follow(self, link: QUrl) -> None:
        """Show another page here; whatever else in the system's browser."""
        path = Path(self.document().baseUrl().resolved(link).toLocalFile())
        if path.suffix == ".md" and path.is_file():
            self.read(path)
        else:
            QDesktopServices.openUrl(link)

    def _set_apart(self) -> None:
        block = self.document().begin()
        while block.isValid():
            heading = block.blockFormat().headingLevel()
            form = block.blockFormat()
            form.setTopMargin(2.0 * APART_PX * (heading == 2) + APART_PX * (heading > 2))
            in_table = QTextCursor(block).currentTable() is not None
            form.setBottomMargin(0.0 if in_table else APART_PX)
            QTextCursor(block).setBlockFormat(form)
            block = block.next()

    def _room(self) -> int:
        return max(self.viewport().width() - 2 * MARGIN_PX, 160)


def show_guide(window: Window) -> GuideWindow:
    """Show the guide beside the window, the one that is open where there is one."""
    shown = window.findChild(GuideWindow) or GuideWindow(window)
    shown.show()
    shown.raise_()
    shown.activateWindow()
    return shown
