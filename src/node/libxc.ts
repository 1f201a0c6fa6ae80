/**
 * Functionals of libxc (S. Lehtola, C. Steigemann, M. J. T. Oliveira, M. A. L. Marques, SoftwareX 7, 1 (2018),
 * doi:10.1016/j.softx.2017.11.002) through a foreign function interface, when both are there. They go by libxc's
 * names, alone or summed: `gga_x_b88+gga_c_p86`. libxc is loaded when a functional that is not built in is asked for.
 */
import { createRequire } from "node:module";
import { BrineError } from "../errors.js";
import type { Functional, FunctionalProvider } from "../functional/functional.js";
import { EMPTY } from "../functional/xc-term.js";

/** What the dynamic linker may know it as, newest first: Linux, macOS (Homebrew), Windows. */
const NAMES = [
  "libxc.so.15",
  "libxc.so.12",
  "libxc.so.9",
  "libxc.so",
  "/opt/homebrew/opt/libxc/lib/libxc.dylib",
  "/usr/local/opt/libxc/lib/libxc.dylib",
  "libxc.dll",
];

/** Major versions whose functions have the arguments and whose flags the meaning that is assumed here. */
const VERSIONS = [5, 6, 7];

// Constants of xc.h.
const FAMILIES: Readonly<Record<number, Functional["family"]>> = {
  1: "lda",
  2: "gga",
  4: "mgga",
  32: "gga",
  64: "mgga",
  128: "lda",
};
/** HYB_GGA, HYB_MGGA and HYB_LDA: the fraction of exact exchange of the others may not be asked for. */
const HYBRID_FAMILIES = 32 | 64 | 128;
const KINETIC = 3;
const ENERGY_AND_POTENTIAL = 1 | 2;
const THREE_DIMENSIONS = 128;
const RANGE_SEPARATED = 256 | 512 | 2048 | 4096;
const VV10 = 1024;
const LAPLACIAN = 32768;

type Native = (...values: readonly unknown[]) => unknown;

interface Libxc {
  readonly file: string;
  readonly version: string;
  readonly numberOf: Native;
  readonly allocate: Native;
  readonly initialise: Native;
  readonly infoOf: Native;
  readonly kindOf: Native;
  readonly familyOf: Native;
  readonly flagsOf: Native;
  readonly exactExchangeOf: Native;
  readonly lda: Native;
  readonly gga: Native;
  readonly mgga: Native;
}

/** A functional of libxc, set up for closed and for open shells. */
interface LibxcTerm {
  readonly family: Functional["family"];
  readonly exactExchange: number;
  readonly closed: unknown;
  readonly open: unknown;
}

/** Functionals of libxc by name, for `useMachine`. Loads nothing before the first name. */
export function libxcFunctionals(): FunctionalProvider {
  const found = new Map<string, Functional>();
  return (name) => {
    const known = found.get(name);
    if (known) return known;
    const made = libxcFunctional(name);
    if (typeof made !== "string") found.set(name, made);
    return made;
  };
}

/** A libxc that brine finds. */
export interface LibxcVersion {
  /** Such as `7.0.0`. */
  readonly version: string;
  /** The shared library. */
  readonly file: string;
}

/** The version and file of the libxc that brine finds; undefined when there is none. */
export function libxcVersion(): LibxcVersion | undefined {
  const library = libxc();
  return typeof library === "string" ? undefined : { version: library.version, file: library.file };
}

/**
 * The functional that libxc makes of a name or of names joined by `+`, in lower case, with or without `xc_`; or why
 * there is none. Throws `unsupported` for one that needs more than ρ, |∇ρ|², τ and a fraction of exact exchange.
 */
function libxcFunctional(name: string): Functional | string {
  const library = libxc();
  if (typeof library === "string") return library;
  const names = name.split("+").map((one) => one.trim().replace(/^xc_/, ""));
  const numbers = names.map((one) => library.numberOf(one) as number);
  const unknown = names.find((_, k) => numbers[k] < 0);
  if (unknown !== undefined) return `libxc ${library.version} has no functional "${unknown}"`;
  return functionalOf(
    library,
    names.join("+"),
    names.map((one, k) => setUp(library, one, numbers[k])),
  );
}

let loaded: Libxc | string | undefined;

/** The library, or why there is none. */
function libxc(): Libxc | string {
  loaded ??= load();
  return loaded;
}

function load(): Libxc | string {
  let koffi: (typeof import("koffi"))["default"];
  try {
    koffi = createRequire(import.meta.url)("koffi") as typeof koffi;
  } catch {
    return "the package koffi, which reaches libxc, is not installed";
  }
  let reason = "libxc was not found";
  for (const file of NAMES) {
    try {
      const library = koffi.load(file);
      const declare = (name: string, result: string, ...parameters: string[]): Native =>
        library.func(name, result, parameters);
      const pointers = (count: number): string[] => Array.from({ length: count }, () => "void *");
      const version = String(declare("xc_version_string", "str")());
      if (!VERSIONS.includes(Number.parseInt(version, 10))) {
        reason = `${file} is libxc ${version}, and brine knows versions ${VERSIONS.join(", ")}`;
        continue;
      }
      return {
        file,
        version,
        numberOf: declare("xc_functional_get_number", "int", "str"),
        allocate: declare("xc_func_alloc", "void *"),
        initialise: declare("xc_func_init", "int", "void *", "int", "int"),
        infoOf: declare("xc_func_get_info", "void *", "void *"),
        kindOf: declare("xc_func_info_get_kind", "int", "void *"),
        familyOf: declare("xc_func_info_get_family", "int", "void *"),
        flagsOf: declare("xc_func_info_get_flags", "int", "void *"),
        exactExchangeOf: declare("xc_hyb_exx_coef", "double", "void *"),
        // The functional, the number of points, what goes in (ρ, σ, ∇²ρ, τ), what comes out.
        lda: declare("xc_lda_exc_vxc", "void", "void *", "size_t", ...pointers(3)),
        gga: declare("xc_gga_exc_vxc", "void", "void *", "size_t", ...pointers(5)),
        mgga: declare("xc_mgga_exc_vxc", "void", "void *", "size_t", ...pointers(9)),
      };
    } catch {
      continue;
    }
  }
  return reason;
}

/** Handles live as long as the thread, as functionals do. */
function setUp(library: Libxc, name: string, number: number): LibxcTerm {
  const [closed, open] = [1, 2].map((spins) => {
    const handle = library.allocate();
    if (library.initialise(handle, number, spins) !== 0)
      throw new BrineError("unsupported", `libxc ${library.version} could not set up the functional ${name}`);
    return handle;
  });
  const info = library.infoOf(closed);
  const family = library.familyOf(info) as number;
  const flags = library.flagsOf(info) as number;
  const obstacle = obstacleTo(FAMILIES[family], library.kindOf(info) as number, flags);
  if (obstacle)
    throw new BrineError("unsupported", `the functional ${name} of libxc ${obstacle}; choose another functional`);
  const exactExchange = family & HYBRID_FAMILIES ? (library.exactExchangeOf(closed) as number) : 0;
  return { family: FAMILIES[family], exactExchange, closed, open };
}

/** Why brine cannot use such a functional. */
function obstacleTo(family: Functional["family"] | undefined, kind: number, flags: number): string | undefined {
  if (kind === KINETIC) return "is one of the kinetic energy, which brine takes from orbitals";
  if (!family) return "depends on more than density, gradient and kinetic-energy density";
  if (!(flags & THREE_DIMENSIONS)) return "is for one or two dimensions";
  if ((flags & ENERGY_AND_POTENTIAL) !== ENERGY_AND_POTENTIAL) return "does not give both energy and potential";
  if (flags & RANGE_SEPARATED) return "is a range-separated hybrid, which brine does not have";
  if (flags & VV10) return "has nonlocal VV10 correlation, which brine does not have";
  if (flags & LAPLACIAN) return "needs the Laplacian of the density, which brine does not have";
  return undefined;
}

function functionalOf(library: Libxc, name: string, terms: readonly LibxcTerm[]): Functional {
  const family = (["mgga", "gga"] as const).find((one) => terms.some((term) => term.family === one)) ?? "lda";
  const exactExchange = terms.reduce((sum, term) => sum + term.exactExchange, 0);
  const run = (handle: "closed" | "open", points: Points, out: Values): void => {
    if (family !== "lda" && !(points.sigma && out.vsigma))
      throw new BrineError("usage", `the functional ${name} needs |∇ρ|² and room for vsigma`);
    if (family === "mgga" && !(points.tau && out.vtau))
      throw new BrineError("usage", `the functional ${name} needs the kinetic-energy density and room for vtau`);
    for (const array of [out.exc, ...out.vrho, ...(out.vsigma ?? []), ...(out.vtau ?? [])]) array.fill(0);
    evaluate(
      library,
      terms.map((term) => [term.family, term[handle]]),
      points,
      out,
    );
  };
  return {
    name,
    family,
    ...(exactExchange === 0 ? {} : { exactExchange }),
    evaluate(rho, sigma, { exc, vrho, vsigma, vtau }, tau) {
      run(
        "closed",
        { rho: [rho], ...(sigma ? { sigma: [sigma] } : {}), ...(tau ? { tau: [tau] } : {}) },
        { exc, vrho: [vrho], ...(vsigma ? { vsigma: [vsigma] } : {}), ...(vtau ? { vtau: [vtau] } : {}) },
      );
    },
    evaluateSpin: (points, out) => run("open", points, out),
  };
}

/** One array of each quantity for closed shells, two or three for open ones. */
interface Points {
  readonly rho: readonly Float64Array[];
  readonly sigma?: readonly Float64Array[];
  readonly tau?: readonly Float64Array[];
}

interface Values {
  readonly exc: Float64Array;
  readonly vrho: readonly Float64Array[];
  readonly vsigma?: readonly Float64Array[];
  readonly vtau?: readonly Float64Array[];
}

/** Adds up the terms, [family, handle] each, at all points that are not empty. */
function evaluate(
  library: Libxc,
  terms: readonly (readonly [Functional["family"], unknown])[],
  points: Points,
  out: Values,
): void {
  const count = out.exc.length;
  const spins = points.rho.length;
  const zeros = (width: number): Float64Array => new Float64Array(width * count);
  const rho = interleaved(points.rho);
  const sigma = points.sigma && interleaved(points.sigma);
  const tau = points.tau && interleaved(points.tau);
  const full = Uint8Array.from(out.exc, (_, p) => Number(points.rho.reduce((sum, one) => sum + one[p], 0) >= EMPTY));
  for (const [family, handle] of terms) {
    const [exc, vrho, vsigma, vtau] = [zeros(1), zeros(spins), zeros(2 * spins - 1), zeros(spins)];
    if (family === "lda") library.lda(handle, count, rho, exc, vrho);
    else if (family === "gga") library.gga(handle, count, rho, sigma, exc, vrho, vsigma);
    else library.mgga(handle, count, rho, sigma, zeros(spins), tau, exc, vrho, vsigma, zeros(spins), vtau);
    addWhere(full, exc, [out.exc]);
    addWhere(full, vrho, out.vrho);
    if (family !== "lda") addWhere(full, vsigma, out.vsigma ?? []);
    if (family === "mgga") addWhere(full, vtau, out.vtau ?? []);
  }
}

/** libxc has what belongs to a point side by side. */
function interleaved(arrays: readonly Float64Array[]): Float64Array {
  if (arrays.length === 1) return arrays[0];
  const width = arrays.length;
  const all = new Float64Array(width * arrays[0].length);
  arrays.forEach((values, k) => {
    for (let p = 0; p < values.length; p++) all[p * width + k] = values[p];
  });
  return all;
}

function addWhere(full: Uint8Array, from: Float64Array, to: readonly Float64Array[]): void {
  const width = to.length;
  to.forEach((values, k) => {
    for (let p = 0; p < values.length; p++) if (full[p]) values[p] += from[p * width + k];
  });
}
