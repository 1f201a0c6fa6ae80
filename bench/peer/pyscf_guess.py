"""SCF of PySCF from several starting density matrices; one JSON line in, one out.

{"mol": arguments of gto.M, "xc", "auxbasis", "guesses": {name: file.npy or null for PySCF's own of that name}}
-> {name: [E of each cycle less the converged one, hartree]}

Grid level 3, defaults otherwise, one thread. All runs share integrals and grid; a cycle is a Fock diagonalisation.
"""
import json
import sys

import numpy
import pyscf
from pyscf import dft, gto, lib

lib.num_threads(1)
print(json.dumps({"program": "PySCF " + pyscf.__version__}), flush=True)
for line in sys.stdin:
    job = json.loads(line)
    mol = gto.M(**job["mol"], verbose=0)
    first = dft.RKS(mol, xc=job["xc"]).density_fit(auxbasis=job["auxbasis"])
    first.grids.build()
    histories = {}
    lowest = 0.0
    for name, path in job["guesses"].items():
        dm0 = first.get_init_guess(key=name) if path is None else numpy.load(path)
        mf = dft.RKS(mol, xc=job["xc"]).density_fit(auxbasis=job["auxbasis"])
        mf.grids, mf.with_df = first.grids, first.with_df
        mf.conv_tol = 1e-7
        energies = []
        mf.callback = lambda env: energies.append(env["e_tot"])
        lowest = min(lowest, mf.kernel(dm0))
        histories[name] = energies
    print(json.dumps({name: [e - lowest for e in energies] for name, energies in histories.items()}), flush=True)
