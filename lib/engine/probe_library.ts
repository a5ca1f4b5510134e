/** Loads one TensorFlow library and prints what it is: `{"version":…,"devices":[…]}`. */
import { load } from "./engine.ts";

const [path, framework] = Deno.args;
const { TF_Version: version, devices } = load({ origin: "doctor", path, framework });
console.log(JSON.stringify({ version, devices }));
Deno.exit(0);
