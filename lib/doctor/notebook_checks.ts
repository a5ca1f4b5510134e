import { ask } from "./ask.ts";
import type { Check } from "./check.ts";

/** Checks for JupyterLab, nbconvert and Deno's kernel. */
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
    check("JupyterLab", jupyter, "opens the notebooks", "pip install jupyterlab"),
    check("nbconvert", convert, "runs `deno task notebooks`", "pip install nbconvert"),
    check(
      "Deno kernel",
      hasKernel ? "installed in Jupyter" : undefined,
      jupyter === undefined && convert === undefined
        ? "install Jupyter first"
        : "not installed in Jupyter",
      "deno jupyter --install",
    ),
  ];
}
