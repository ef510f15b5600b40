"""Changes one cell of a CSV table in LibreOffice Calc, without a window, and saves it as CSV the way Calc does.

change_cell.py FILE ROW_ID HEADING VALUE       needs soffice and python3-uno
"""
import os
import subprocess
import sys
import tempfile
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

CSV = "44,34,76,1"  # commas, double quotes, UTF-8, from the first line on


def option(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def connect(pipe, office):
    resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    for _ in range(600):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if office.poll() is not None:
                sys.exit("soffice ended")
            time.sleep(0.1)
    sys.exit("soffice does not answer")


def change(sheet, row_id, heading, value):
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    columns, rows = cursor.RangeAddress.EndColumn + 1, cursor.RangeAddress.EndRow + 1
    column = next(i for i in range(columns) if sheet.getCellByPosition(i, 0).String == heading)
    row = next(i for i in range(rows) if sheet.getCellByPosition(0, i).String == row_id)
    sheet.getCellByPosition(column, row).setFormula(value)  # as if typed


def main():
    path, row_id, heading, value = sys.argv[1:5]
    url = uno.systemPathToFileUrl(os.path.abspath(path))
    with tempfile.TemporaryDirectory() as profile:
        pipe = f"throughline{os.getpid()}"
        office = subprocess.Popen(
            ["soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{profile}",
             f"--accept=pipe,name={pipe};urp;"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        context = connect(pipe, office)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        filter_name = option("FilterName", "Text - txt - csv (StarCalc)")
        book = desktop.loadComponentFromURL(
            url, "_blank", 0, (option("Hidden", True), filter_name, option("FilterOptions", CSV)))
        change(book.Sheets.getByIndex(0), row_id, heading, value)
        book.storeToURL(url, (filter_name, option("FilterOptions", CSV + ",,0,false,true,false")))
        book.close(True)
        try:
            desktop.terminate()
        except Exception:  # the connection ends with the office
            pass
        office.wait(60)


main()
