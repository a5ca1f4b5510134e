import { dirname, join } from "node:path";
import { pythonFolders } from "../../lib/engine/python_folders.ts";
import { assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write", "env");
const NAMES = ["PATH", "HOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "PYENV_VERSION"];

/** Folders with packages that are found in a made tree, relative to it. */
async function found(
  files: string[],
  links: Record<string, string>,
  env: Record<string, string>,
): Promise<string[]> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  const before = NAMES.map((name) => [name, Deno.env.get(name)] as const);
  try {
    for (const file of files) {
      await Deno.mkdir(dirname(join(root, file)), { recursive: true });
      await Deno.writeTextFile(join(root, file), file.endsWith("/version") ? "3.12.1\n" : "");
    }
    for (const [link, to] of Object.entries(links)) {
      await Deno.mkdir(dirname(join(root, link)), { recursive: true });
      await Deno.symlink(join(root, to), join(root, link));
    }
    for (const name of NAMES) Deno.env.delete(name);
    for (const [name, value] of Object.entries(env)) {
      Deno.env.set(name, value.replaceAll("ROOT", root));
    }
    const isThere = (folder: string) => {
      try {
        return Deno.statSync(join(folder, "tensorflow")).isFile;
      } catch {
        return false;
      }
    };
    return pythonFolders().filter(isThere).map((folder) => folder.slice(root.length + 1));
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
    await Deno.remove(root, { recursive: true });
  }
}

const site = (prefix: string, version = "3.12") =>
  `${prefix}/lib/python${version}/site-packages/tensorflow`;

Deno.test({
  name: "pythonFolders() finds the packages of the python3 on PATH without running it",
  ignore,
  async fn() {
    const usual = {
      "usr/bin/python3": "usr/bin/python3.12",
      "venv/bin/python3": "usr/bin/python3.12",
    };
    const files = [
      "usr/bin/python3.12",
      site("usr"),
      site("usr", "3.11"),
      site("home/.local"),
      "usr/lib/python3/dist-packages/tensorflow",
      "venv/pyvenv.cfg",
      site("venv"),
      site("given"),
    ];
    const folders = (...paths: string[]) => paths.map((path) => dirname(path));
    const PATH = "ROOT/nothing:ROOT/usr/bin:ROOT/venv/bin";
    assertEquals(
      await found(files, usual, { PATH, HOME: "ROOT/home" }),
      folders(site("home/.local"), site("usr"), "usr/lib/python3/dist-packages/tensorflow"),
    );
    // A virtual environment that is only on PATH has its own packages alone.
    assertEquals(
      await found(files, usual, { PATH: "ROOT/venv/bin:ROOT/usr/bin", HOME: "ROOT/home" }),
      folders(site("venv")),
    );
    const active = { PATH, VIRTUAL_ENV: "ROOT/venv", PYTHONPATH: `ROOT/${dirname(site("given"))}` };
    assertEquals(await found(files, usual, active), folders(site("given"), site("venv")));
    assertEquals(await found(files, usual, { PATH: "ROOT/nothing" }), []);
  },
});

Deno.test({
  name: "pythonFolders() takes the version that pyenv chooses",
  ignore,
  async fn() {
    const at = (version: string) => `pyenv/versions/${version}`;
    const files = [
      "pyenv/shims/python3",
      "pyenv/version",
      `${at("3.12.1")}/bin/python3.12`,
      `${at("3.11.7")}/bin/python3.11`,
      site(at("3.12.1")),
      site(at("3.11.7"), "3.11"),
    ];
    const links = {
      [`${at("3.12.1")}/bin/python3`]: `${at("3.12.1")}/bin/python3.12`,
      [`${at("3.11.7")}/bin/python3`]: `${at("3.11.7")}/bin/python3.11`,
    };
    const PATH = "ROOT/pyenv/shims";
    assertEquals(await found(files, links, { PATH }), [dirname(site(at("3.12.1")))]);
    assertEquals(
      await found(files, links, { PATH, PYENV_VERSION: "3.11.7" }),
      [dirname(site(at("3.11.7"), "3.11"))],
    );
  },
});
