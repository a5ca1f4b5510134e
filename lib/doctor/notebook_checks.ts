import { ask } from "./ask.ts";
import type { Check } from "./check.ts";

/** JupyterLab, nbconvert, and whether Jupyter knows Deno's kernel. */
export async function notebookChecks(): Promise<Check[]> {
  const jupyter = await ask("jupyter", "lab", "--version");
  const convert = await ask("jupyter", "nbconvert", "--version");
  const kernels = await ask("jupyter", "kernelspec", "list", "--json");
  const hasKernel = kernels !== undefined &&
    Object.hasOwn(JSON.parse(kernels).kernelspecs ?? {}, "deno");
  const check = (
    what: string,
    found: string | undefined,
    missing: string,
    fix: string,
  ): Check => ({
    what,
    state: found === undefined ? "missing" : "found",
    detail: found ?? missing,
    fix: found === undefined ? fix : undefined,
    needed: false,
  });
  return [
    check("JupyterLab", jupyter, "to read the notebooks in", "pip install jupyterlab"),
    check("nbconvert", convert, "runs `deno task notebooks`", "pip install nbconvert"),
    check(
      "Deno kernel",
      hasKernel ? "known to Jupyter" : undefined,
      jupyter === undefined && convert === undefined ? "Jupyter first" : "unknown to Jupyter",
      "deno jupyter --install",
    ),
  ];
}
