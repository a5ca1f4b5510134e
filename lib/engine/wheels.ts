import type { PinnedWheel } from "../packages/mod.ts";
import { TENSORFLOW_VERSION as version } from "./installed_library.ts";

/** The wheel that pip downloads. */
interface Wheel extends PinnedWheel {
  /** SHA-256 of the libraries in it. */
  files: Readonly<Record<string, string>>;
}

const WHEELS: Readonly<Record<string, Wheel>> = {
  "linux-x86_64": {
    package: "tensorflow-cpu",
    version,
    platform: "manylinux_2_27_x86_64",
    sha256: "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb",
    megabytes: 274,
    files: {
      "tensorflow/libtensorflow_cc.so.2":
        "6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e",
      "tensorflow/libtensorflow_framework.so.2":
        "f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b",
    },
  },
  "linux-aarch64": {
    package: "tensorflow",
    version,
    platform: "manylinux_2_27_aarch64",
    sha256: "b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552",
    megabytes: 280,
    files: {
      "tensorflow/libtensorflow_cc.so.2":
        "5f7de6ba6478ed7b83767a6e661e3e6e6931b05c64db14ba98250e52316a007c",
      "tensorflow/libtensorflow_framework.so.2":
        "deade33b9ab90ff468fd1d1f8f6079bec5a3a507cf2d13c3218aa8beec28aeb3",
    },
  },
  "darwin-aarch64": {
    package: "tensorflow",
    version,
    platform: "macosx_12_0_arm64",
    sha256: "56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712",
    megabytes: 250,
    files: {
      "tensorflow/libtensorflow_cc.2.dylib":
        "e003ba85c57343137691f436beed1b13fe93e9dbe54acdbcc285fe2d8090f6c5",
      "tensorflow/libtensorflow_framework.2.dylib":
        "34f4b7baabc727dbd85e67741df3f4ce4f07e21b7ab57b9f818a3701d99b1287",
    },
  },
};

/**
 * The platform tags of the CUDA build and of all that it needs. pip takes a wheel of an older system
 * only where that system's tag is named, too.
 */
export const CUDA_PLATFORMS: readonly string[] = [
  ...["2_28", "2_27", "2_24", "2_17", "2_12", "2_5"].map((glibc) => `manylinux_${glibc}_x86_64`),
  ...["2014", "2010", "1"].map((year) => `manylinux${year}_x86_64`),
];

/** What the CUDA build needs, for messages. */
export const CUDA_DRIVER = "it needs a driver for CUDA 12 or later";

/** This system, as {@linkcode WHEELS} names it; with musl instead of glibc it has no entry. */
const SYSTEM = `${Deno.build.os}-${Deno.build.arch}` +
  (Deno.build.target.includes("musl") ? " with musl" : "");

/** The wheel for this system; undefined if TensorFlow publishes none. */
export function wheelHere(): Wheel | undefined {
  return WHEELS[SYSTEM];
}

/** The libraries of the CPU build for this system, with their digests. */
export function knownFiles(): Readonly<Record<string, string>> {
  return wheelHere()?.files ?? {};
}

/** Why there is nothing to download for this system; undefined if there is. */
export function setupProblem(gpu: boolean): string | undefined {
  if (gpu && SYSTEM !== "linux-x86_64") {
    return `TensorFlow publishes no CUDA build for ${SYSTEM}`;
  }
  if (wheelHere() !== undefined) return undefined;
  return `TensorFlow publishes no library for ${SYSTEM}: set SHOWTELL_ENGINE=wasm` +
    (Deno.build.os === "windows" ? ", or work in WSL2" : "");
}
