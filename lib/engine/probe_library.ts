/** Loads one TensorFlow library and prints its version and devices: `{"version":…,"devices":[…]}`. */
import { loadLibrary } from "./tensorflow/load_library.ts";

const [path, framework] = Deno.args;
const { TF_Version: version, devices } = loadLibrary({ origin: "doctor", path, framework });
console.log(JSON.stringify({ version, devices }));
Deno.exit(0);
