"""Lines of a text file, none of which fills the memory: a line of 200 MB is no line of a table."""

from io import TextIOWrapper

from portal.imports.parsing.file_sniffer import UnreadableFile

MAX_LINE_LENGTH = 2_000_000  # characters, over as many lines as its cells take


class LimitedLines:
    """For csv.reader, which takes whatever it is given until a row is over; `begin_row` says that one is."""

    def __init__(self, text: TextIOWrapper) -> None:
        self.text, self.taken, self.number = text, 0, 0

    def __iter__(self) -> "LimitedLines":
        return self

    def __next__(self) -> str:
        line = self.text.readline(MAX_LINE_LENGTH)
        if not line:
            raise StopIteration
        self.number += 1
        self.taken += len(line)
        if self.taken >= MAX_LINE_LENGTH:
            raise UnreadableFile(
                "Line %(line)s does not end within two million characters. Either this is no table, or a quotation "
                "mark that opens before it never closes. Put it right and upload the file again.",
                line=self.number,
            )
        return line

    def begin_row(self) -> None:
        self.taken = 0
