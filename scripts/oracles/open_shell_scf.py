"""Unrestricted Kohn-Sham energies of small radicals and atoms by PySCF 2.14.

    python scripts/oracles/open_shell_scf.py > test/data/pyscf-open-shell/molecules.json

def2-SVP; J by def2-universal-jfit, J and K of hybrids by def2-universal-jkfit; grid level 5. Geometries in bohr.
The stability of each solution is followed, so that the numbers belong to minima.
"""
import json
import sys

from pyscf import dft, gto

MOLECULES = {
    "OH": ([("O", (0.1, 0.2, -0.1)), ("H", (0.9, 1.5, 0.8))], 1),
    "CH3": ([("C", (0, 0, 0)), ("H", (1.9, 0.6, 0.3)), ("H", (-1.4, 1.4, 0.1)), ("H", (-0.4, -2.0, 0.2))], 1),
    "NO2": ([("N", (0, 0, 0)), ("O", (1.9, 1.1, 0.5)), ("O", (-2.0, 1.0, -0.4))], 1),
    "O2": ([("O", (0, 0, 0)), ("O", (1.1, 1.6, 1.2))], 2),
    "Li": ([("Li", (0, 0, 0))], 1),
    "O": ([("O", (0, 0, 0))], 2),
    "H": ([("H", (0, 0, 0))], 1),
}
LEVELS = {
    "OH": ["LDA,PW", "PBE", "B3LYP", "PBE0", "R2SCAN", "BLYP"],
    "NO2": ["PBE"],
    "O2": ["PBE", "B3LYP"],
    "CH3": ["PBE", "PBE0", "R2SCAN"],
    "Li": ["PBE", "B3LYP"],
    "O": ["PBE"],
    "H": ["PBE", "R2SCAN"],
}
result = {}
for name, (atoms, unpaired) in MOLECULES.items():
    mol = gto.M(atom=atoms, unit="bohr", basis="def2-svp", spin=unpaired, verbose=0)
    entry = {"species": [int(z) for z in mol.atom_charges()], "positions": [[float(x) for x in r] for _, r in atoms], "unpaired": unpaired, "scf": {}}
    for xc in LEVELS[name]:
        hybrid = xc in ("B3LYP", "PBE0")
        mf = dft.UKS(mol, xc=xc).density_fit(auxbasis="def2-universal-jkfit" if hybrid else "def2-universal-jfit")
        mf.grids.level = 5
        mf.conv_tol = 1e-10
        mf.kernel()
        for _ in range(3):
            mo = mf.stability()[0]
            dm = mf.make_rdm1(mo, mf.mo_occ)
            before = mf.e_tot
            mf.kernel(dm)
            if mf.e_tot > before - 1e-8:
                break
        assert mf.converged
        s2, _ = mf.spin_square()
        entry["scf"]["lda" if xc == "LDA,PW" else xc.lower()] = {
            "energy": round(mf.e_tot, 9), "spinSquared": round(s2, 6),
            "dipole": [round(float(x), 6) for x in mf.dip_moment(unit="AU", verbose=0)],
            "homoAlpha": round(float(mf.mo_energy[0][mf.nelec[0] - 1]), 6), "homoBeta": round(float(mf.mo_energy[1][mf.nelec[1] - 1]), 6) if mf.nelec[1] else None,
        }
        print(name, xc, mf.e_tot, s2, file=sys.stderr, flush=True)
    result[name] = entry
print(json.dumps(result, indent=1))
