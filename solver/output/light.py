# SPDX-License-Identifier: MIT
"""The light part of an XDMF series: which HDF5 file holds which field at which time.

One temporal collection whose grids each carry a full Topology, Geometry and all attributes:
the only form that ParaView's three XDMF readers all open as one dataset, also when the mesh
changes with time.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from solver.base.errors import InputError

SERIES = "fields.xdmf"
"""Name of the light file, inside the run folder."""
FOLDER = "fields"
"""Folder of the HDF5 files, inside the run folder."""
LENGTH_UNIT = "um"
"""Unit of the mesh coordinates in the files; field values are in SI."""
LAYER = "layer"
"""The one field that does not change with time: it is in the mesh file."""


@dataclass(frozen=True)
class Attribute:
    """A field as the series stores it."""

    name: str
    unit: str
    center: str = "Node"
    components: int = 1


@dataclass(frozen=True)
class Place:
    """Where an array is: rows of a dataset, in a file relative to the run folder."""

    file: str
    dataset: str
    rows: int
    first: int = 0


@dataclass(frozen=True)
class Entry:
    """What a series of any format says of one time.

    Attributes:
        time: Time [s].
        attributes: The fields, in order.
        points: Where the nodes are, (x, y, z) [um].
        triangles: Where their nodes are.
        places: Where every field is, by name.
    """

    time: float
    attributes: tuple[Attribute, ...]
    points: Place
    triangles: Place
    places: dict[str, Place]


@dataclass(frozen=True)
class MeshFile:
    """An HDF5 file with `points` (nodes x 3), `triangles` (cells x 3) and `layer` (cells)."""

    number: int
    nodes: int
    cells: int

    @property
    def path(self) -> str:
        """Path relative to the run folder."""
        return f"{FOLDER}/mesh_{self.number:04d}.h5"


@dataclass(frozen=True)
class Snapshot:
    """The fields at one time, on one mesh."""

    number: int
    time: float
    mesh: MeshFile
    attributes: tuple[Attribute, ...]

    @property
    def path(self) -> str:
        """Path of the HDF5 file with the fields, relative to the run folder."""
        return f"{FOLDER}/{self.number:06d}.h5"

    def entry(self) -> Entry:
        """What the snapshot is to a reader of any format."""
        mesh = self.mesh
        places = {}
        for a in self.attributes:
            rows = mesh.nodes if a.center == "Node" else mesh.cells
            places[a.name] = Place(mesh.path if a.name == LAYER else self.path, a.name, rows)
        return Entry(
            self.time,
            self.attributes,
            Place(mesh.path, "points", mesh.nodes),
            Place(mesh.path, "triangles", mesh.cells),
            places,
        )


def to_xml(snapshots: list[Snapshot]) -> bytes:
    """Return the text of `fields.xdmf`."""
    root = ET.Element("Xdmf", Version="3.0")
    domain = ET.SubElement(root, "Domain")
    series = ET.SubElement(
        domain, "Grid", Name="fields", GridType="Collection", CollectionType="Temporal"
    )
    for snapshot in snapshots:
        _add_grid(series, snapshot)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _add_grid(series: ET.Element, snapshot: Snapshot) -> None:
    mesh = snapshot.mesh
    grid = ET.SubElement(series, "Grid", Name="fields", GridType="Uniform")
    # repr: the time read back is the time written, to the last bit.
    ET.SubElement(grid, "Time", Value=repr(snapshot.time))
    topology = ET.SubElement(
        grid, "Topology", TopologyType="Triangle", NumberOfElements=str(mesh.cells)
    )
    _add_data(topology, (mesh.cells, 3), "Int", 4, f"{mesh.path}:/triangles")
    geometry = ET.SubElement(grid, "Geometry", GeometryType="XYZ")
    ET.SubElement(geometry, "Information", Name="unit", Value=LENGTH_UNIT)
    _add_data(geometry, (mesh.nodes, 3), "Float", 8, f"{mesh.path}:/points")
    for field in snapshot.attributes:
        kind = "Scalar" if field.components == 1 else "Vector"
        element = ET.SubElement(
            grid, "Attribute", Name=field.name, AttributeType=kind, Center=field.center
        )
        ET.SubElement(element, "Information", Name="unit", Value=field.unit)
        rows = mesh.nodes if field.center == "Node" else mesh.cells
        shape = (rows,) if field.components == 1 else (rows, field.components)
        file = mesh.path if field.name == LAYER else snapshot.path
        _add_data(element, shape, "Float", 4, f"{file}:/{field.name}")


def _add_data(parent: ET.Element, shape: tuple, kind: str, precision: int, place: str) -> None:
    item = ET.SubElement(
        parent,
        "DataItem",
        Dimensions=" ".join(map(str, shape)),
        NumberType=kind,
        Precision=str(precision),
        Format="HDF",
    )
    item.text = place


def read(path: Path) -> list[Snapshot]:
    """Read a series that `to_xml` wrote.

    Raises:
        InputError: The file is missing, cannot be read or is not such a series.
    """
    try:
        return parse(path.read_bytes())
    except FileNotFoundError:
        raise InputError(f"{path}: no such field series.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}.") from None
    except ValueError:
        raise InputError(f"{path}: not a field series that this program wrote.") from None


def parse(text: bytes) -> list[Snapshot]:
    """Return the snapshots in the text of `fields.xdmf`.

    Raises:
        ValueError: The text is not what `to_xml` writes.
    """
    try:
        root = ET.fromstring(text)
        series = root.find("./Domain/Grid[@Name='fields']")
        return [_snapshot(grid) for grid in series.findall("Grid")]
    except (ET.ParseError, AttributeError, TypeError, IndexError, StopIteration):
        raise ValueError("not a field series") from None


def _snapshot(grid: ET.Element) -> Snapshot:
    points = grid.find("Geometry/DataItem")
    mesh = MeshFile(
        number=_number(points),
        nodes=int(points.get("Dimensions").split()[0]),
        cells=int(grid.find("Topology").get("NumberOfElements")),
    )
    fields = {element.get("Name"): element for element in grid.findall("Attribute")}
    own = next(element for name, element in fields.items() if name != LAYER)
    return Snapshot(
        number=_number(own.find("DataItem")),
        time=float(grid.find("Time").get("Value")),
        mesh=mesh,
        attributes=tuple(_attribute(element) for element in fields.values()),
    )


def _attribute(element: ET.Element) -> Attribute:
    return Attribute(
        name=element.get("Name"),
        unit=element.find("Information").get("Value"),
        center=element.get("Center"),
        components=3 if element.get("AttributeType") == "Vector" else 1,
    )


def _number(item: ET.Element) -> int:
    file = item.text.partition(":")[0]
    return int(Path(file).stem.removeprefix("mesh_"))
