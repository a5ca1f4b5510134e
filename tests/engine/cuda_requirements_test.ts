/**
 * Checks that the index has the wheels of `setup --gpu` with the hashes in `cuda_requirements.txt`,
 * by their metadata alone. With `-- write` it writes the file for TensorFlow's release.
 */
import { fileURLToPath } from "node:url";
import { TENSORFLOW_VERSION } from "../../lib/engine/installed_library.ts";
import { CUDA_PLATFORMS } from "../../lib/engine/wheels.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { sampleOne } from "../sample.ts";

const file = new URL("../../lib/engine/cuda_requirements.txt", import.meta.url);
const allowed = granted("read", "write", "run", "env");
const canAsk = allowed && await succeeds("pip", "--version");

interface Report {
  install: {
    metadata: { name: string; version: string };
    download_info: { archive_info: { hashes: { sha256: string } } };
  }[];
}

async function succeeds(command: string, ...args: string[]): Promise<boolean> {
  const options = { args, stdout: "null", stderr: "null" } as const;
  return await new Deno.Command(command, options).output().then(
    ({ success }) => success,
    () => false,
  );
}

/** Lines `name==version --hash=sha256:…` of what pip would install. */
async function resolve(...args: string[]): Promise<string[]> {
  const target = await Deno.makeTempDir();
  try {
    const platforms = CUDA_PLATFORMS.flatMap((tag) => ["--platform", tag]);
    const report = `${target}/report.json`;
    const { success, stderr } = await new Deno.Command("pip", {
      args: ["install", "--dry-run", "--ignore-installed", "--quiet", "--only-binary=:all:"]
        .concat("--disable-pip-version-check", "--target", target, "--report", report)
        .concat("--python-version", "3.12", "--implementation", "cp", "--abi", "cp312")
        .concat(platforms, args),
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const { install }: Report = JSON.parse(await Deno.readTextFile(report));
    return install.map(({ metadata: { name, version }, download_info }) =>
      `${name.toLowerCase().replaceAll("_", "-")}==${version} ` +
      `--hash=sha256:${download_info.archive_info.hashes.sha256}`
    ).sort();
  } finally {
    await Deno.remove(target, { recursive: true });
  }
}

if (allowed && Deno.args.includes("write")) {
  const all = await resolve(`tensorflow[and-cuda]==${TENSORFLOW_VERSION}`);
  const pinned = all.filter((line) => /^(tensorflow=|nvidia-)/.test(line));
  const comment = (await Deno.readTextFile(file)).split("\n").filter((line) =>
    line.startsWith("#")
  );
  await Deno.writeTextFile(file, [...comment, ...pinned, ""].join("\n"));
  console.log(`${pinned.length} wheels in ${fileURLToPath(file)}`);
}

const lines = allowed
  ? (await Deno.readTextFile(file)).split("\n").filter((line) => line !== "" && line[0] !== "#")
  : [];

Deno.test({
  name: "cuda_requirements.txt pins TensorFlow's release and NVIDIA's libraries by hash, no others",
  ignore: !allowed,
  fn() {
    const pin = /^(tensorflow|nvidia-[a-z0-9-]+)==[0-9.]+ --hash=sha256:[0-9a-f]{64}$/;
    for (const line of lines) assert(pin.test(line), line);
    const names = lines.map((line) => line.split("==")[0]);
    assertEquals(names, [...new Set(names)].sort());
    assert(lines.some((line) => line.startsWith(`tensorflow==${TENSORFLOW_VERSION} `)));
    for (const needed of ["cublas", "cudnn", "cuda-runtime", "cuda-nvcc", "cusolver", "nccl"]) {
      assert(names.includes(`nvidia-${needed}-cu12`), needed);
    }
  },
});

for (const line of lines.length === 0 ? [] : sampleOne(lines, "wheels")) {
  const [wheel] = line.split(" ");
  Deno.test({
    name: `the index has the wheel ${wheel} of cuda_requirements.txt, with its hash`,
    ignore: !canAsk,
    fn: async () => assertEquals(await resolve("--no-deps", wheel), [line]),
  });
}
