export type { FusedOps } from "./fused_ops.ts";
