# Files as other programs write them, and what is in them. See README.md.
import json
import numpy as np
from ase import Atoms
from ase.io import write
from ase.build import molecule, bulk
from safetensors.numpy import save_file

rng = np.random.default_rng(1)
frames = []
water = molecule("H2O")
water.info = {"energy": -76.25, "name": "two words", "good": True, "count": 3, "charge": -1, "spin": 1, "dipole": np.array([0.0, 0.1, 0.2]), "odd key": 'a "quoted" word'}
water.arrays["forces"] = rng.normal(size=(3, 3)).round(6)
frames.append(water)
salt = bulk("NaCl", "rocksalt", a=5.64)
salt.pbc = [True, True, False]
frames.append(salt)
box = molecule("CH4", vacuum=4.0)
frames.append(box)
write("ase.extxyz", frames, format="extxyz")
write("ase-plain.xyz", [Atoms("OH", [[0, 0, 0], [0, 0, 0.97]])], format="xyz", comment="made by ASE")
expected = [
    {
        "species": atoms.numbers.tolist(),
        "positions": np.round(atoms.positions, 8).tolist(),
        "pbc": atoms.pbc.tolist(),
        "cell": atoms.cell.array.tolist(),
    }
    for atoms in frames
]
json.dump(expected, open("ase.json", "w"))

square = np.arange(6.0).reshape(2, 3) / 4
np.savez("numpy.npz", coefficients=square, energies=np.array([-1.5, -2.5]))
np.savez_compressed("numpy-types.npz", single=square.astype(np.float32), integers=np.array([-3, 2**40]), fortran=np.asfortranarray(square))
np.save("numpy.npy", np.array([1.0, 2.0]))
save_file({"u": np.arange(3, dtype=np.uint8), "f": square, "i": np.array([-1, 7], dtype=np.int32)}, "numpy.safetensors", metadata={"made": "by safetensors"})
