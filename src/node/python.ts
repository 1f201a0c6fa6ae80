/** The Python interpreters that may have PySCF. */

/** The program that the environment variable BRINE_PYTHON names, else those on the path. */
export function pythonCandidates(): readonly string[] {
  const chosen = process.env["BRINE_PYTHON"];
  return chosen ? [chosen] : ["python3", "python"];
}
