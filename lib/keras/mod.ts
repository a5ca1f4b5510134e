/**
 * The format of Keras' weight files: layouts, names of groups, order of layers. Browser-safe.
 *
 * @module
 */
export { archiveMembers } from "./archive_members.ts";
export { groupNames } from "./group_names.ts";
export type { Hdf5Groups } from "./hdf5_groups.ts";
export { kerasOrder } from "./keras_order.ts";
export {
  givenName,
  type KerasArray,
  namedArrays,
  numberedArrays,
  type WeightLayout,
  weightLayout,
} from "./weight_layout.ts";
