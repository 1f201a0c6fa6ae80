"""Answers one JSON line per structure: {"symbols": [...], "bohr": [[x, y, z], ...]} -> {"energy", "cpu", "seconds", "cycles"}.

PBE/def2-SVP with RI-J in def2-universal-jfit, grid level 3, PySCF's defaults otherwise, one thread.
The times, of the processor and on the wall, are those of the whole calculation: integrals, grid and SCF.
"""
import json
import sys
import time

import pyscf
from pyscf import dft, gto, lib

lib.num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
print(json.dumps({"program": "PySCF " + pyscf.__version__, "threads": lib.num_threads()}), flush=True)
for line in sys.stdin:
    job = json.loads(line)
    start, cpu = time.perf_counter(), time.process_time()
    mol = gto.M(atom=list(zip(job["symbols"], job["bohr"])), unit="bohr", basis="def2-svp", verbose=0)
    mf = dft.RKS(mol, xc="pbe").density_fit(auxbasis="def2-universal-jfit")
    mf.conv_tol = 1e-9
    energy = mf.kernel()
    print(
        json.dumps(
            {
                "energy": energy,
                "cpu": time.process_time() - cpu,
                "seconds": time.perf_counter() - start,
                "cycles": mf.cycles,
                "converged": bool(mf.converged),
            }
        ),
        flush=True,
    )
