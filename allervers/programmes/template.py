"""The file to fill in: headings alone in CSV; in XLSX a second sheet tells what each column may say."""

import io

import xlsxwriter

from allervers.programmes import wording
from allervers.programmes.columns import COLUMNS

# A byte-order mark, so that spreadsheets read accents right.
_MARK = "\ufeff"


def csv_bytes() -> bytes:
    return (_MARK + ";".join(column.heading for column in COLUMNS) + "\r\n").encode()


def xlsx_bytes() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        strong = book.add_format({"bold": True})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        lines, told = book.add_worksheet("lignes"), book.add_worksheet("colonnes")
        lines.freeze_panes(1, 0)
        for number, column in enumerate(COLUMNS):
            lines.write(0, number, column.heading, strong)
            lines.set_column(number, number, 16, day if column.name in {"on", "seen_on"} else None)
        for number, title in enumerate(("colonne", "à écrire", "exemple", "obligatoire")):
            told.write(0, number, title, strong)
        for number, column in enumerate(COLUMNS, 1):
            told.write_row(
                number,
                0,
                [column.heading, str(wording.COLUMNS[column.name]), column.example, "oui" if column.required else ""],
            )
        told.set_column(0, 0, 18)
        told.set_column(1, 1, 70)
    return file.getvalue()
