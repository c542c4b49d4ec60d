"""Tables as spreadsheets and people write them: the same numbers, or one sentence."""

import numpy as np
import pytest

from solver.base.errors import InputError
from solver.measured import table

RIGHT = np.array([[253.15, 0.154], [298.15, 0.565]])
"""T [K] and sigma [S/m]."""

WRITTEN = {
    "commas": "T [degC], sigma [S/cm]\n-20, 0.00154\n25, 0.00565\n",
    "semicolons": "T [degC];sigma [S/cm]\n-20;0.00154\n25;0.00565\n",
    "decimal commas": "T [degC];sigma [S/cm]\n-20;0,00154\n25;0,00565\n",
    "quoted": '"T [degC]","sigma [S/cm]"\n"-20","0,00154"\n"25","0,00565"\n',
    "tabs": "T [degC]\tsigma [S/cm]\n-20\t1,54e-3\n25\t5,65E-3\n",
    "blanks": "T [degC]   sigma [S cm-1]\n-20  0.00154\n 25  0.00565\n",
    "round brackets": "T (°C), sigma (mS/cm)\n-20, 1.54\n25, 5.65\n",
    "slashes": "T/°C; sigma/mS·cm-1\n-20; 1.54\n25; 5.65\n",
    "raised": "T / K; sigma / mS cm⁻¹\n253.15; 1.54\n298.15; 5.65\n",
    "comments, empty cells": "# mine\n\nT [degC], sigma [S/m], \n-20, 0.154,\n\n25, .565,\n",
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_same_table(text, encoding, tmp_path):
    path = tmp_path / "data.csv"
    path.write_bytes(text.replace("⁻¹", "-1").replace("\n", "\r\n").encode(encoding))
    found = table.read(path)
    values = [found.column("T", "K"), found.column("sigma", "S/m")]
    np.testing.assert_allclose(np.transpose(values), RIGHT, rtol=1e-12)


def test_raised_powers_are_read(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text(WRITTEN["raised"])
    np.testing.assert_allclose(table.read(path).column("sigma", "S/m"), RIGHT[:, 1], rtol=1e-12)


def test_it_says_what_it_saw(tmp_path):
    path = tmp_path / "data.csv"
    path.write_bytes(WRITTEN["decimal commas"].encode("utf-8-sig"))
    assert table.read(path).seen == (
        f"{path}: 2 rows of T [degC], sigma [S/cm]; separated by semicolons, decimal commas, UTF-8 "
        "with a byte order mark"
    )


REFUSED = {
    "decimal commas between commas": (
        "T [degC], sigma [S/cm]\n-20,0,00154\n", ["row 1", "3 cells", "2 headings", "semicolons"],
    ),
    "both marks": ("T [K]; sigma [S/m]\n300,5; 0.1\n", ["decimal commas ('300,5')", "('0.1')"]),
    "thousands": ("T [K]; sigma [S/m]\n300; 1.234,5\n", ["thousands"]),
    "no unit": ("T, sigma [S/m]\n25, 0.1\n30, 0.2\n", ["'T' has no unit", "degC", "K"]),
    "no unit, other": ("T [K], sigma\n300, 0.1\n", ["'sigma' has no unit", "S/m"]),
    "coulomb": ("T [C], sigma [S/m]\n25, 0.1\n", ["charge", "degC"]),
    "25 K": ("T [K], sigma [S/m]\n25, 0.1\n", ["row 1", "25 K", "degC?"]),
    "3000 degC": ("T [degC], sigma [S/m]\n3000, 0.1\n", ["3273.15 K", "in K?"]),
    "twice": ("T [K], sigma [S/m], sigma [S/cm]\n300, 1, 1\n", ["2 columns 'sigma'"]),
    "other name": ("T [K], Sigma [S/m]\n300, 1\n", ["sigma [S/m]", "'Sigma [S/m]'"]),
    "no headings": ("300, 1\n310, 2\n", ["'300, 1'", "headings"]),
    "no number": ("T [K], sigma [S/m]\n300, nan\n", ["row 1", "'nan'", "number in S/m"]),
    "empty": ("# nothing\n", ["headings"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_told_is_asked(text, words, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        found = table.read(path)
        found.column("T", "K")
        found.column("sigma", "S/m")
    message = str(caught.value)
    assert all(word in message for word in words), message
    assert len(message.splitlines()) == 1


def test_no_text_is_refused(tmp_path):
    path = tmp_path / "data.xlsx"
    path.write_bytes(b"PK\x03\x04\x00\x00\x00")
    with pytest.raises(InputError, match="not a text file"):
        table.read(path)
    with pytest.raises(InputError, match="no such file"):
        table.read(tmp_path / "none.csv")
