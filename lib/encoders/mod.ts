export type { Encoder } from "./encoder.ts";
