import type { Arithmetic } from "../../nn/mod.ts";
import type { Operation } from "./operations.ts";

/** One operation of a plan. Slot 0 is the network's input. */
export interface Step extends Operation {
  inputs: number[];
  output: number;
  /** Number of dimensions of the output, the batch's included. */
  rank: number;
  /** Height × width of the output; 1 for a vector. */
  places: number;
  takes: Arithmetic;
  gives: Arithmetic;
}
