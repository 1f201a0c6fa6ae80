"""The engine of brine answered by PySCF: requests come on stdin, answers go to stdout, one JSON document a line.

Closed shells, and ground states and fits of open ones. Bases come by content, so that both engines use the same functions. Arrays are
{"shape": [...], "f64": base64 of little-endian doubles}. Functions are in brine's order outside (m = -l ... l, p as
y, z, x) and in PySCF's inside (p as x, y, z). Atomic units. The process ends when stdin does.
"""
import base64
import json
import os
import queue
import sys
import threading

# Only this file writes to stdout: what libraries print goes to stderr.
ANSWERS = os.fdopen(os.dup(1), "w", encoding="ascii")
os.dup2(2, 1)


def answer(document):
    ANSWERS.write(json.dumps(document, allow_nan=False) + "\n")
    ANSWERS.flush()


try:
    import pyscf
    import numpy as np
    import scipy.linalg
    from pyscf import df, dft, gto, lib
    from pyscf.data.elements import ELEMENTS
except ImportError as problem:
    answer({"error": {"tag": "unsupported", "message": f"{type(problem).__name__}: {problem}"}})
    sys.exit(1)

# brine's names of the functionals as PySCF's.
FUNCTIONALS = {
    "pbe": "pbe,pbe",
    "lda": "slater,pw",
    "svwn5": "slater,vwn5",
    "blyp": "b88,lyp",
    "b3lyp": "hyb_gga_xc_b3lyp",
    "b3lyp5": "hyb_gga_xc_b3lyp5",
    "pbe0": "hyb_gga_xc_pbeh",
    "hf": "hf",
    "r2scan": "mgga_x_r2scan,mgga_c_r2scan",
}
# Points of smaller density (e/bohr^3) are empty, as in brine's own functionals.
EMPTY = 1e-10
# Grid points and auxiliary functions treated at once.
POINTS = 2000
AUXILIARY = 200
Y00 = 0.5 / np.sqrt(np.pi)


class EngineError(Exception):
    """An error to be told as it is."""

    def __init__(self, tag, message):
        super().__init__(message)
        self.tag = tag


def pyscf_functional(name):
    """PySCF's name: from the table, or that of libxc, alone or summed."""
    parts = [part.strip().removeprefix("xc_").upper() for part in name.split("+")]
    if name not in FUNCTIONALS and not all(part in dft.libxc.XC_CODES for part in parts):
        raise EngineError("unsupported", f"the functional {name} has no counterpart in the PySCF engine; it has {', '.join(FUNCTIONALS)} and libxc's by their names")
    return FUNCTIONALS.get(name, "+".join(parts))


def packed(array):
    data = np.ascontiguousarray(array, dtype="<f8")
    return {"shape": list(data.shape), "f64": base64.b64encode(data.tobytes()).decode("ascii")}


def unpacked(document):
    return np.frombuffer(base64.b64decode(document["f64"]), dtype="<f8").reshape(document["shape"]).astype(float)


def pyscf_basis(shells_of_elements):
    """{"8": [{l, exponents, coefficients}]} as PySCF takes it. Both multiply normalised primitives."""
    return {
        ELEMENTS[int(z)]: [
            [shell["l"], *([e, c] for e, c in zip(shell["exponents"], shell["coefficients"]))] for shell in shells
        ]
        for z, shells in shells_of_elements.items()
    }


def brine_order(mol):
    """Where each function of brine's order is in PySCF's."""
    order = []
    for shell in range(mol.nbas):
        first, l = len(order), mol.bas_angular(shell)
        order += [first + 1, first + 2, first] if l == 1 else list(range(first, first + 2 * l + 1))
    return np.array(order)


def to_brine(mol, array):
    """Functions are rows."""
    return array[brine_order(mol)]


def to_pyscf(mol, array):
    """Functions are rows."""
    result = np.empty_like(array)
    result[brine_order(mol)] = array
    return result


def three_centre(mol, auxmol, integral):
    """Portions (slice of auxiliary functions, integrals [pairs, functions])."""
    location = auxmol.ao_loc_nr()
    first = 0
    while first < auxmol.nbas:
        last = first + 1
        while last < auxmol.nbas and location[last + 1] - location[first] <= AUXILIARY:
            last += 1
        shells = (0, mol.nbas, 0, mol.nbas, first, last)
        yield slice(location[first], location[last]), df.incore.aux_e2(mol, auxmol, integral, aosym="s2ij", shls_slice=shells)
        first = last


def packed_density(density):
    """Weights of the pairs i >= j of a symmetric matrix: off-diagonal elements count twice."""
    doubled = 2 * density
    doubled[np.diag_indices_from(doubled)] /= 2
    return lib.pack_tril(doubled)


def monopoles(auxmol):
    """Integrals of the functions over space; only s functions have one."""
    result = np.zeros(auxmol.nao)
    location = auxmol.ao_loc_nr()
    for shell in range(auxmol.nbas):
        if auxmol.bas_angular(shell) != 0:
            continue
        exponents = auxmol.bas_exp(shell)
        factors = auxmol.bas_ctr_coeff(shell)[:, 0] * gto.gto_norm(0, exponents)
        result[location[shell]] = Y00 * np.sum(factors * (np.pi / exponents) ** 1.5)
    return result


def with_electrons(factor, charges, electrons, coefficients):
    """The coefficients of the constrained minimum: c + M^-1 q (N - q c) / (q M^-1 q)."""
    direction = scipy.linalg.cho_solve(factor, charges)
    return coefficients + direction * (electrons - charges @ coefficients) / (charges @ direction)


class System:
    """All that calculations on one molecule share."""

    def __init__(self, level, structure):
        self.level = level
        self.mol = self.place(level["orbitals"], structure)
        self.coulomb_fit = self.place(level["coulombFit"], structure)
        self.overlap = self.mol.intor("int1e_ovlp")
        self.kinetic = self.mol.intor("int1e_kin")
        self.external = self.mol.intor("int1e_nuc")
        self.metric = self.coulomb_fit.intor("int2c2e")
        self.factor = scipy.linalg.cho_factor(self.metric, lower=True)
        self.functional = pyscf_functional(level["functional"])
        self.open_shell = structure["unpaired"] != 0
        method = dft.UKS if self.open_shell else dft.RKS
        self.solver = method(self.mol, xc=self.functional).density_fit(auxbasis=self.coulomb_fit.basis)
        self.solver.grids.level = level["grid"]
        self.solver.grids.build(with_non0tab=True)
        self.solver.conv_tol = level["tolerance"]
        self.solver.max_cycle = level["maxIterations"]

    @staticmethod
    def place(basis, structure):
        atoms = [[ELEMENTS[z], position] for z, position in zip(structure["species"], structure["positions"])]
        return gto.M(atom=atoms, basis=pyscf_basis(basis), unit="Bohr", charge=structure["charge"], spin=structure["unpaired"], cart=False, verbose=0)

    def blocks(self, mol, derivatives):
        """Portions (slice of points, values of the functions of `mol` on them)."""
        coordinates = self.solver.grids.coords
        for first in range(0, len(coordinates), POINTS):
            part = slice(first, min(first + POINTS, len(coordinates)))
            yield part, dft.numint.eval_ao(mol, coordinates[part], deriv=derivatives)

    def ks_energy(self, density):
        """Energy of a density matrix, in open shells one of each spin, and its components."""
        potential = self.solver.get_veff(self.mol, density)
        total = density.sum(axis=0) if self.open_shell else density
        components = {
            "kinetic": np.vdot(self.kinetic, total),
            "external": np.vdot(self.external, total),
            "hartree": potential.ecoul,
            "exchangeCorrelation": potential.exc,
            "nuclearRepulsion": self.mol.energy_nuc(),
        }
        components = {name: float(np.real(value)) for name, value in components.items()}
        return sum(components.values()), components

    def dipole(self, density):
        nuclear = self.mol.atom_charges() @ self.mol.atom_coords()
        with self.mol.with_common_orig((0, 0, 0)):
            return (nuclear - np.einsum("xij,ji->x", self.mol.intor("int1e_r"), density)).tolist()

    def ground_state(self, progress):
        cycles = []

        def each_cycle(state):
            cycles.append((state["e_tot"] - state["last_hf_e"], state["norm_gorb"]))
            progress(len(cycles), f"gradient {state['norm_gorb']:.0e}")

        self.solver.callback = each_cycle
        self.solver.kernel()
        if not self.solver.converged:
            change, gradient = cycles[-1]
            raise EngineError(
                "not-converged",
                f"the SCF did not converge in {len(cycles)} iterations (last energy change {change:.1e} hartree, gradient {gradient:.1e}); check the geometry and the charge, or allow more iterations",
            )
        density = np.asarray(self.solver.make_rdm1())
        energy, components = self.ks_energy(density)
        energies, orbitals = self.solver.mo_energy, self.solver.mo_coeff
        answer = {"energy": energy, "components": components, "iterations": len(cycles)}
        if not self.open_shell:
            return {**answer, **self.state(energies, orbitals, self.mol.nelectron // 2, density), "dipole": self.dipole(density)}
        alpha, beta = self.mol.nelec
        total, spin = density[0] + density[1], density[0] - density[1]
        other = self.state(energies[1], orbitals[1], beta, spin)
        other["spinDensityMatrix"] = other.pop("densityMatrix")
        other["spinSquared"] = float(self.solver.spin_square()[0])
        return {**answer, **self.state(energies[0], orbitals[0], alpha, total), "dipole": self.dipole(total), "openShell": other}

    def state(self, energies, orbitals, occupied, density):
        return {
            "orbitalEnergies": packed(energies),
            "orbitals": packed(to_brine(self.mol, orbitals)),
            "occupied": occupied,
            "densityMatrix": packed(to_brine(self.mol, to_brine(self.mol, density).T)),
        }

    def gradient(self, energies, orbitals):
        """Derivatives of the energy, with those of the fit and of the grid: what moves with the atoms."""
        solver = self.solver
        solver.mo_energy, solver.mo_coeff = energies, to_pyscf(self.mol, orbitals)
        solver.mo_occ = np.where(np.arange(len(energies)) < self.mol.nelectron // 2, 2.0, 0.0)
        solver.converged = True
        method = solver.nuc_grad_method()
        method.grid_response = True
        return packed(method.kernel())

    def fit(self, structure, density, electrons):
        density = to_pyscf(self.mol, to_pyscf(self.mol, density).T)
        pairs = packed_density(density)
        auxmol = self.place(self.level["auxiliary"], structure)
        coulomb = self.level["fitMetric"] == "coulomb"
        projections = self.projections(auxmol, "int3c2e" if coulomb else "int3c1e", pairs)
        factor = scipy.linalg.cho_factor(auxmol.intor("int2c2e" if coulomb else "int1e_ovlp"), lower=True)
        charges = monopoles(auxmol)
        free = scipy.linalg.cho_solve(factor, projections)
        fitted = with_electrons(factor, charges, electrons, free)
        expansion = scipy.linalg.cho_solve(self.factor, self.projections(self.coulomb_fit, "int3c2e", pairs))
        mixed = gto.intor_cross("int2c2e", self.coulomb_fit, auxmol)
        repulsion = 0.5 * (expansion @ self.metric @ expansion + fitted @ auxmol.intor("int2c2e") @ fitted) - expansion @ mixed @ fitted
        absolute = 0.0
        for (part, orbitals), (_, functions) in zip(self.blocks(self.mol, 0), self.blocks(auxmol, 0)):
            difference = dft.numint.eval_rho(self.mol, orbitals, density) - functions @ fitted
            absolute += self.solver.grids.weights[part] @ np.abs(difference)
        return {
            "coefficients": packed(to_brine(auxmol, fitted)),
            "electrons": float(charges @ free),
            "absoluteErrorPerElectron": float(absolute / electrons),
            "selfRepulsion": float(repulsion),
        }

    def projections(self, auxmol, integral, pairs):
        result = np.empty(auxmol.nao)
        for part, integrals in three_centre(self.mol, auxmol, integral):
            result[part] = pairs @ integrals
        return result

    def one_shot(self, structure, basis, coefficients, with_orbitals):
        """One diagonalisation of F = T + V_ne + J + V_xc of the density given."""
        auxmol = self.place(basis, structure)
        density = to_pyscf(auxmol, coefficients)
        expansion = density
        if auxmol.basis != self.coulomb_fit.basis:
            projections = gto.intor_cross("int2c2e", self.coulomb_fit, auxmol) @ density
            expansion = scipy.linalg.cho_solve(self.factor, projections)
            expansion = with_electrons(self.factor, monopoles(self.coulomb_fit), monopoles(auxmol) @ density, expansion)
        exchange, exchange_energy, potential_energy = self.exchange_correlation(auxmol, density)
        coulomb = sum(integrals @ expansion[part] for part, integrals in three_centre(self.mol, self.coulomb_fit, "int3c2e"))
        fock = self.kinetic + self.external + lib.unpack_tril(coulomb) + exchange
        energies, orbitals = self.solver.eig(fock, self.overlap)
        occupied = self.mol.nelectron // 2
        output = 2 * orbitals[:, :occupied] @ orbitals[:, :occupied].T
        energy, components = self.ks_energy(output)
        hartree = 0.5 * expansion @ self.metric @ expansion
        harris = 2 * energies[:occupied].sum() - hartree + exchange_energy - potential_energy + self.mol.energy_nuc()
        kept = {"orbitals": self.state(energies, orbitals, occupied, output)} if with_orbitals else {}
        return {
            **kept,
            "oneShot": energy,
            "components": components,
            "harrisFoulkes": float(harris),
            "dipole": self.dipole(output),
            "homo": float(energies[occupied - 1]),
            "lumo": float(energies[occupied]) if occupied < len(energies) else None,
        }

    def exchange_correlation(self, auxmol, coefficients):
        """V_xc of an expansion, E_xc and the integral of v_xc times the density."""
        numint = self.solver._numint
        kind = numint._xc_type(self.functional)
        if kind not in ("LDA", "GGA") or numint.libxc.is_hybrid_xc(self.functional):
            raise EngineError("unsupported", f"energies of one diagonalisation are there for LDA and GGA only, and {self.level['functional']} needs orbitals")
        gradients = kind == "GGA"
        matrix = np.zeros_like(self.overlap)
        energy = potential_energy = 0.0
        for (part, orbitals), (_, functions) in zip(self.blocks(self.mol, int(gradients)), self.blocks(auxmol, int(gradients))):
            rho = functions @ coefficients
            density = rho[0] if gradients else rho
            exc, vxc = numint.eval_xc_eff(self.functional, rho, deriv=1)[:2]
            filled = density > EMPTY
            weights = np.where(filled, self.solver.grids.weights[part], 0)
            vxc = np.where(filled, vxc, 0) * weights
            exc = np.where(filled, exc, 0)
            energy += weights * density @ exc
            potential_energy += np.vdot(vxc, rho)
            if gradients:
                vxc[0] /= 2
                half = orbitals[0].T @ np.einsum("xp,xpi->pi", vxc, orbitals)
            else:
                half = orbitals.T @ (0.5 * vxc[0][:, None] * orbitals)
            matrix += half + half.T
        return matrix, energy, potential_energy


class Engine:
    """Keeps the last system: SCF, fit and one-shot energy of one structure share it."""

    def __init__(self, level):
        self.level = level
        self.last = None

    def system(self, structure):
        if self.last is None or self.last[0] != structure:
            self.last = None
            self.last = (structure, System(self.level, structure))
        return self.last[1]

    def handle(self, request, progress):
        structure = request["structure"]
        system = self.system(structure)
        if request["method"] == "groundState":
            return system.ground_state(progress)
        if request["method"] == "fit":
            return system.fit(structure, unpacked(request["densityMatrix"]), request["electrons"])
        if request["method"] == "gradient":
            return system.gradient(unpacked(request["orbitalEnergies"]), unpacked(request["orbitals"]))
        if request["method"] == "oneShot":
            return system.one_shot(structure, request["basis"], unpacked(request["coefficients"]), request["orbitals"])
        raise EngineError("usage", f"unknown method {request['method']}")


def read_requests(requests):
    """In a thread of its own, so that the end of brine ends this process in the middle of its work."""
    for line in sys.stdin:
        requests.put(json.loads(line))
    os._exit(0)


def main():
    requests = queue.Queue()
    threading.Thread(target=read_requests, args=(requests,), daemon=True).start()
    answer({"version": pyscf.__version__})
    engine = None
    while True:
        request = requests.get()
        identity = request["id"]

        def progress(done, note):
            answer({"id": identity, "progress": {"stage": "SCF", "done": done, "note": note}})

        try:
            if request["method"] == "open":
                engine = Engine(request["level"])
                answer({"id": identity, "result": {}})
            else:
                answer({"id": identity, "result": engine.handle(request, progress)})
        except EngineError as problem:
            answer({"id": identity, "error": {"tag": problem.tag, "message": str(problem)}})
        except Exception as problem:
            answer({"id": identity, "error": {"tag": "input", "message": f"PySCF: {type(problem).__name__}: {problem}"}})


main()
