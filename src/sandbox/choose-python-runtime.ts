import { findImports } from './python/find-imports.ts';
import { findGaps } from './python/find-gaps.ts';
import { siteOfModule } from './python/python-modules.ts';
import { tokenizePython } from './python/tokenize-python.ts';

/** Which interpreter runs a piece of Python, with the reasons in words that follow "it". */
export type PythonChoice =
  | { readonly runtime: 'micropython'; readonly modules: readonly string[] }
  /** MicroPython does not suffice. */
  | { readonly runtime: 'pyodide'; readonly modules: readonly string[]; readonly reasons: readonly string[] }
  /** It cannot run in a page. */
  | {
      readonly runtime: 'unsupported';
      readonly modules: readonly string[];
      readonly reasons: readonly string[];
    };

/**
 * Chooses the interpreter of a code step by what its source imports and how it is written.
 *
 * MicroPython is taken only where it gives what CPython gives; what it lacks, and what it does otherwise, goes to Pyodide.
 */
export function choosePythonRuntime(source: string): PythonChoice {
  const tokens = tokenizePython(source);
  if (tokens === null)
    return { runtime: 'pyodide', modules: [], reasons: ['is written in a way that only CPython reads'] };
  const imports = findImports(tokens);
  const modules = [...new Set(imports.map(({ module }) => module))].sort();
  const sites = modules.map((module) => ({ module, site: siteOfModule(module) }));
  const refused = sites.flatMap(({ module, site }) => {
    if (site === 'network') return [`talks to a network (module ${module})`];
    if (site === 'host') return [`needs the operating system (module ${module})`];
    return site === 'package' ? [`needs the package ${module.split('.', 1).join()}`] : [];
  });
  if (refused.length > 0) return { runtime: 'unsupported', modules, reasons: refused };
  const reasons = [
    ...sites.flatMap(({ module, site }) => (site === 'pyodide' ? [`imports ${module}`] : [])),
    ...findGaps(tokens, imports),
  ];
  return reasons.length === 0
    ? { runtime: 'micropython', modules }
    : { runtime: 'pyodide', modules, reasons: [...new Set(reasons)] };
}
