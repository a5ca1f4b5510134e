import { loadConfig } from "../../lib/config/mod.ts";
import { checkEncoder } from "../../lib/stages/check_encoder.ts";
import { inTrainedArithmetic } from "../../lib/stages/trained_arithmetic.ts";
import { assertEquals, assertThrows } from "../assert.ts";

const [wide, narrow] = ["vgg16-fc2-0123456789abcdef", "vgg16-fc2-bfloat16-0123456789abcdef"];

Deno.test("inTrainedArithmetic() makes auto what the run's features were computed in, and nothing else", async () => {
  const found = async (arithmetic: string, encoderKey: string) => {
    const overrides = ["encoder.kind=vgg16", `encoder.arithmetic=${arithmetic}`];
    const { encoder } = await loadConfig({ overrides });
    const inTraining = inTrainedArithmetic(encoder, { encoderKey });
    assertEquals({ ...inTraining, arithmetic }, { ...encoder, arithmetic });
    return (inTraining as { arithmetic?: string }).arithmetic;
  };
  assertEquals(await found("auto", wide), "float32");
  assertEquals(await found("auto", narrow), "bfloat16");
  assertEquals(await found("auto", "file-0123456789abcdef"), "auto");
  assertEquals(await found("float32", narrow), "float32");
  assertEquals(await found("bfloat16", wide), "bfloat16");
});

Deno.test("checkEncoder() tells another arithmetic from other weights, and which to set", () => {
  const settings = { kind: "vgg16", weights: "imagenet" } as const;
  const check = (key: string, encoderKey: string) =>
    checkEncoder({ key }, settings, { encoderKey });
  check(narrow, narrow);
  assertThrows(() => check(wide, narrow), Error, "set --encoder.arithmetic=bfloat16");
  assertThrows(() => check(narrow, wide), Error, "set --encoder.arithmetic=float32");
  const other = narrow.replace("0123", "9999");
  assertThrows(() => check(other, wide), Error, "set --encoder.weights=");
});
