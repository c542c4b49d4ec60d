#!/usr/bin/env bash
# VTK's reader of VTKHDF goes by SetStep only until a time is asked for: from then on the pipeline's
# request stands, and SetStep is ignored without a word: the step of that time comes back again.
# PyVista's HDFReader has no times at all, so that SetStep is what its users are left with.
# In VTK 9.3 and 9.4 (ParaView 5.12, 5.13) the data moreover carry the time of the step that was read
# before, which is what Annotate Time Filter writes into a picture; the values are right.
# Exit code 1 if one of these is no longer so. VTK 9.4.2 needs Python 3.12 or 3.13.
. "$(dirname "$0")/common.sh"
fresh vtk==9.7.2 pyvista==0.49.1 h5py==3.16.0 numpy
"$python" -m pip list --disable-pip-version-check | grep -E '^(vtk|pyvista|h5py) '
cat >file.py <<'TEXT'
import h5py
import numpy as np

TIMES = [0.0, 1.0, 2.0, 3.0]
COUNTS = {"NumberOfPoints": [3], "NumberOfCells": [1], "NumberOfConnectivityIds": [3]}
with h5py.File("steps.vtkhdf", "w") as file:  # one triangle; the field c is the time
    root = file.create_group("VTKHDF")
    root.attrs["Version"], root.attrs["Type"] = (2, 0), np.bytes_("UnstructuredGrid")
    root["Points"] = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]])
    root["Connectivity"], root["Offsets"] = np.arange(3), np.array([0, 3])
    root["Types"] = np.array([5], np.uint8)
    for name, values in COUNTS.items():
        root[name] = np.array(values)
    root["PointData/c"] = np.repeat(TIMES, 3)
    steps = root.create_group("Steps")
    steps.attrs["NSteps"] = len(TIMES)
    steps["Values"], steps["NumberOfParts"] = TIMES, np.ones(4, int)
    for name in ("PartOffsets", "PointOffsets"):
        steps[name] = np.zeros(4, int)
    for name in ("CellOffsets", "ConnectivityIdOffsets"):
        steps[name] = np.zeros((4, 1), int)
    steps["PointDataOffsets/c"] = 3 * np.arange(4)
TEXT
cat >steps.py <<'TEXT'
import pyvista
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline as Pipeline
from vtkmodules.vtkIOHDF import vtkHDFReader

reader = vtkHDFReader()
reader.SetFileName("steps.vtkhdf")
reader.UpdateInformation()


def step(number):
    reader.SetStep(number)
    reader.Update()
    return reader.GetOutputDataObject(0).GetPointData().GetArray("c").GetValue(0)


before = [step(number) for number in (2, 0, 3)]
reader.UpdateTimeStep(1.0)
after = [step(number) for number in (2, 0, 3)]
reader.GetOutputInformation(0).Remove(Pipeline.UPDATE_TIME_STEP())
free = [step(number) for number in (2, 0, 3)]
print("c at steps 2, 0, 3:", before)
print("after UpdateTimeStep(1.0):", after)
print("when that request is taken out:", free)
of_pyvista = pyvista.get_reader("steps.vtkhdf")
times = [name for name in ("time_values", "set_active_time_point") if hasattr(of_pyvista, name)]
print("PyVista's reader has of times:", times)
as_told = before == free == [2.0, 0.0, 3.0] and after == [1.0, 1.0, 1.0] and not times
raise SystemExit(0 if as_told else 1)
TEXT
cat >times.py <<'TEXT'
from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkIOHDF import vtkHDFReader

reader = vtkHDFReader()
reader.SetFileName("steps.vtkhdf")
asked, of_data, values = [0.0, 1.0, 3.0, 2.0], [], []
for time in asked:
    reader.UpdateTimeStep(time)
    grid = reader.GetOutputDataObject(0)
    of_data.append(grid.GetInformation().Get(vtkDataObject.DATA_TIME_STEP()))
    values.append(grid.GetPointData().GetArray("c").GetValue(0))
print("asked for", asked, "c", values, "time of the data", of_data)
raise SystemExit(0 if values == asked and of_data == [0.0, 0.0, 1.0, 3.0] else 1)
TEXT
"$python" file.py
"$python" steps.py
"$python" -m pip install -q --disable-pip-version-check vtk==9.4.2
"$python" -m pip list --disable-pip-version-check | grep -E '^vtk '
"$python" times.py
