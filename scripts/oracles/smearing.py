"""Free energies E - TS with Fermi occupations by PySCF 2.14.

    python scripts/oracles/smearing.py > test/data/pyscf-scf/smearing.json

PBE/def2-SVP, J by def2-universal-jfit, grid level 5, kT = 0.01 hartree; both spins have their own chemical potential.
Geometries in bohr.
"""

import json

from pyscf import dft, gto, scf

CASES = {
    "N2": ([("N", (0, 0, 0)), ("N", (0, 0, 4.7))], 0),
    "H2": ([("H", (0, 0, 0)), ("H", (0, 0, 37.8))], 0),
    "O": ([("O", (0, 0, 0))], 0),
    "B": ([("B", (0, 0, 0))], 1),
}
result = {}
for name, (atoms, unpaired) in CASES.items():
    mol = gto.M(atom=atoms, unit="bohr", basis="def2-svp", spin=unpaired, verbose=0)
    mf = (dft.UKS if unpaired else dft.RKS)(mol, xc="PBE").density_fit(auxbasis="def2-universal-jfit")
    mf.grids.level = 5
    mf.conv_tol = 1e-10
    mf = scf.addons.smearing_(mf, sigma=0.01, method="fermi", fix_spin=True)
    mf.kernel()
    assert mf.converged
    result[name] = {
        "species": [int(z) for z in mol.atom_charges()],
        "positions": [[float(x) for x in r] for _, r in atoms],
        "unpaired": unpaired,
        "freeEnergy": round(float(mf.e_free), 9),
        "energy": round(float(mf.e_tot), 9),
    }
print(json.dumps(result, indent=1))
