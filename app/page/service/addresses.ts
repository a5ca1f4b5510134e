/** Where shapes are drawn; a seed follows. The schemas' own constant would bring all of zod along. */
export const DRAWN = "/api/examples/drawn/";
