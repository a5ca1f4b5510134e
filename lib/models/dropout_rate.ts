import { z } from "zod";

/** A part of numbers that dropout makes zero. */
export const dropoutRate = z.number().min(0).lt(1);
