"""Spin-polarised reference points of functionals, from libxc through PySCF 2.14.

    python scripts/oracles/open_shell_functionals.py test/data/pyscf-open-shell/xc_points.json
"""
import json, sys
import numpy as np
from pyscf.dft import libxc
import pyscf

rng = np.random.default_rng(7)
n = 24
rho = 10 ** rng.uniform(-6, 2, n)
zeta = rng.uniform(-0.98, 0.98, n); zeta[0] = 0; zeta[1] = 0.999
ra, rb = rho * (1 + zeta) / 2, rho * (1 - zeta) / 2
def gradient(r):
    s = 10 ** rng.uniform(-2, 0.6, n)
    d = rng.normal(size=(n, 3)); d /= np.linalg.norm(d, axis=1)[:, None]
    return d * (2 * (3 * np.pi ** 2) ** (1 / 3) * (2*r) ** (4 / 3) * s)[:, None] / 2
ga, gb = gradient(ra), gradient(rb)
saa, sab, sbb = (ga * ga).sum(1), (ga * gb).sum(1), (gb * gb).sum(1)
def tau(r, s): return s / (8 * r) + 0.3 * (6 * np.pi ** 2) ** (2 / 3) * r ** (5 / 3) * 10 ** rng.uniform(-1.5, 0.8, n)
ta, tb = tau(ra, saa), tau(rb, sbb)
sig = lambda x: [float('%.12g' % v) for v in x]
ra, rb, ta, tb = map(lambda x: np.array(sig(x)), (ra, rb, ta, tb))
ga, gb = np.array([sig(r) for r in ga]), np.array([sig(r) for r in gb])
a = np.vstack([ra, ga.T, np.zeros(n), ta]); b = np.vstack([rb, gb.T, np.zeros(n), tb])
out = {'rho': [sig(ra), sig(rb)], 'sigma': [sig((ga*ga).sum(1)), sig((ga*gb).sum(1)), sig((gb*gb).sum(1))], 'tau': [sig(ta), sig(tb)], 'functionals': {}}
for name, code in {'lda': 'LDA,PW', 'svwn5': 'LDA,VWN', 'pbe': 'PBE,PBE', 'blyp': 'B88,LYP', 'b3lyp': 'B3LYP', 'b3lyp5':'B3LYP5','pbe0': 'PBE0', 'r2scan': 'MGGA_X_R2SCAN,MGGA_C_R2SCAN'}.items():
    kind = libxc.xc_type(code)
    k = {'LDA': 1, 'GGA': 4, 'MGGA': 6}[kind]
    arg = (a[0], b[0]) if kind == 'LDA' else (a[:k], b[:k])
    if kind == 'MGGA':  arg = (np.vstack([a[:4], a[5:6]]), np.vstack([b[:4], b[5:6]]))
    exc, vxc = libxc.eval_xc(code, arg, spin=1, deriv=1)[:2]
    f = {'exc': sig(exc), 'vrho': [sig(vxc[0][:, s]) for s in (0, 1)]}
    if kind != 'LDA': f['vsigma'] = [sig(vxc[1][:, s]) for s in (0, 1, 2)]
    if kind == 'MGGA': f['vtau'] = [sig(vxc[-1][:, s]) for s in (0, 1)]
    out['functionals'][name] = f
out['origin'] = f'PySCF {pyscf.__version__}'
json.dump(out, open(sys.argv[1], 'w'))
